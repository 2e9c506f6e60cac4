/** OpenAI's Chat Completions. Source: OpenAI API reference, "Create chat completion" and "Streaming". */
import type OpenAI from "openai";
import { asksInBody, CREATED, event, pieces, type Scenario, type Vendor } from "./vendor.ts";

type Chunk = OpenAI.ChatCompletionChunk;
type Choice = Chunk["choices"][number];
/** `reasoning_content`: DeepSeek API reference, "Reasoning model"; vLLM and SGLang have it as well. */
type Reasoning = { reasoning_content?: string };

const ID = "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT";

function finish({ calls, finish }: Scenario): "length" | "tool_calls" | "stop" {
  return finish ?? (calls ? "tool_calls" : "stop");
}

function usage({ usage: { input, output } }: Scenario): OpenAI.CompletionUsage {
  return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
}

function whole(scenario: Scenario, model: string): OpenAI.ChatCompletion {
  const message: OpenAI.ChatCompletionMessage & Reasoning = {
    role: "assistant",
    content: scenario.text ?? null,
    refusal: null,
    ...(scenario.thinking && { reasoning_content: scenario.thinking.text }),
    ...(scenario.calls && {
      tool_calls: scenario.calls.map((call) => ({
        id: call.id,
        type: "function" as const,
        function: { name: call.name, arguments: JSON.stringify(call.arguments) },
      })),
    }),
  };
  return {
    id: ID,
    object: "chat.completion",
    created: CREATED,
    model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: finish(scenario) }],
    usage: usage(scenario),
  };
}

function stream(scenario: Scenario, model: string): Buffer[] {
  const base = { id: ID, object: "chat.completion.chunk" as const, created: CREATED, model };
  const delta = (content: Choice["delta"] & Reasoning, reason: Choice["finish_reason"] = null): Chunk => ({
    ...base,
    choices: [{ index: 0, delta: content, logprobs: null, finish_reason: reason }],
  });
  const chunks: Chunk[] = [
    delta({ role: "assistant", content: "" }),
    ...pieces(scenario.thinking?.text ?? "").map((text) => delta({ reasoning_content: text })),
    ...pieces(scenario.text ?? "").map((text) => delta({ content: text })),
    ...(scenario.calls ?? []).flatMap((call, index) => [
      delta({
        tool_calls: [{ index, id: call.id, type: "function", function: { name: call.name, arguments: "" } }],
      }),
      ...pieces(JSON.stringify(call.arguments)).map((part) =>
        delta({ tool_calls: [{ index, function: { arguments: part } }] }),
      ),
    ]),
    delta({}, finish(scenario)),
    { ...base, choices: [], usage: usage(scenario) },
  ];
  return [...chunks.map((chunk) => event(chunk)), Buffer.from("data: [DONE]\n\n")];
}

const failure = (message: string) => ({
  error: { message, type: "server_error", param: null, code: null },
});

export const OPENAI: Vendor = {
  format: "openai",
  says: { thinking: true, signature: false, calls: true },
  closingEvents: 3,
  path: /^\/v1\/chat\/completions$/,
  isStream: asksInBody,
  streamType: "text/event-stream",
  whole,
  stream,
  failure: (_, message) => failure(message),
  failureEvent: (message) => event(failure(message)),
};
