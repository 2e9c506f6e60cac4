/**
 * What the grid of clients and upstreams cannot do, and why: the only list of it. The grid's test fails on a gap that
 * is not here, and on one that is here and no longer there; docs/formats.md shows it.
 */

/** A cell, or a row of cells, of the grid in which something does not go over. */
export interface Gap {
  /** Upstream format. */
  upstream: string;
  /** The client formats that it is about; default: all but the upstream's own. */
  clients?: string[];
  /** What does not go over. */
  features: string[];
  /** `refused`: 400; `dropped`: left out and reported; `unknown`: the upstream does not tell. */
  outcome: "refused" | "dropped" | "unknown";
  /** Public names of the parameters that the caller is told, those of them that the request has. */
  parameters?: string[];
  /** Why, for people. */
  reason: string;
}

/** In place of a feature: whatever the request asks for. */
export const EVERY_REQUEST = "every request";

export const GAPS: Gap[] = [
  {
    upstream: "responses",
    clients: ["openai", "anthropic", "gemini"],
    features: ["settings"],
    outcome: "dropped",
    parameters: ["stop"],
    reason: "Responses has no stop sequences",
  },
  {
    upstream: "ollama",
    features: ["image by URL"],
    outcome: "refused",
    parameters: ["image_url"],
    reason: "Ollama takes images as data only",
  },
  {
    upstream: "ollama",
    clients: ["anthropic", "gemini"],
    features: ["thinking"],
    outcome: "dropped",
    parameters: ["thinking_budget"],
    reason: "Ollama does not count the tokens of thinking: it is switched on, without a limit",
  },
  {
    upstream: "bedrock",
    features: ["image by URL"],
    outcome: "refused",
    parameters: ["media"],
    reason: "Converse takes images as data, or from S3",
  },
  {
    upstream: "dify",
    clients: ["anthropic"],
    features: [EVERY_REQUEST],
    outcome: "dropped",
    parameters: ["max_tokens"],
    reason: "sampling is set in the application; Messages always say `max_tokens`",
  },
  {
    upstream: "dify",
    features: ["settings"],
    outcome: "dropped",
    parameters: ["temperature", "top_p", "max_tokens", "stop"],
    reason: "sampling is set in the application",
  },
  {
    upstream: "dify",
    features: ["tools", "parallel tools", "tool result image"],
    outcome: "refused",
    parameters: ["tools"],
    reason: "an application has tools of its own",
  },
  {
    upstream: "dify",
    features: ["image"],
    outcome: "refused",
    parameters: ["image_data"],
    reason: "a message takes files by URL, or by the id of an upload",
  },
  {
    upstream: "dify",
    features: ["thinking"],
    outcome: "dropped",
    parameters: ["reasoning_effort", "thinking_budget"],
    reason: "thinking is set in the application",
  },
  {
    upstream: "dify",
    features: ["structured output"],
    outcome: "refused",
    parameters: ["json_schema"],
    reason: "structured output is set in the application",
  },
  {
    upstream: "dify",
    features: ["length as reason to finish"],
    outcome: "unknown",
    reason: "Dify does not say why an answer ends",
  },
  {
    upstream: "kserve",
    clients: ["openai", "anthropic", "gemini"],
    features: ["settings"],
    outcome: "refused",
    parameters: ["stop"],
    reason: "values of a generate request cannot be lists",
  },
  {
    upstream: "kserve",
    features: ["tools", "parallel tools", "tool result image"],
    outcome: "refused",
    parameters: ["tools"],
    reason: "a generate request is one text",
  },
  {
    upstream: "kserve",
    features: ["image"],
    outcome: "refused",
    parameters: ["image_data"],
    reason: "a generate request is one text",
  },
  {
    upstream: "kserve",
    features: ["image by URL"],
    outcome: "refused",
    parameters: ["image_url"],
    reason: "a generate request is one text",
  },
  {
    upstream: "kserve",
    features: ["thinking"],
    outcome: "dropped",
    parameters: ["reasoning_effort", "thinking_budget"],
    reason: "a generate request is one text",
  },
  {
    upstream: "kserve",
    features: ["structured output"],
    outcome: "refused",
    parameters: ["json_schema"],
    reason: "a generate request is one text",
  },
  {
    upstream: "kserve",
    features: ["usage", "length as reason to finish"],
    outcome: "unknown",
    reason: "an answer is nothing but text",
  },
  {
    upstream: "kserve",
    features: ["truncation"],
    outcome: "unknown",
    reason: "a stream has no end mark: one that is closed cleanly too early looks complete",
  },
];
