/** Home-made services: what is declared of each, what it must get, and what it answers. */
export interface DeclaredShape {
  format: object;
  /** The body that the service gets. */
  body: (stream: boolean, maxTokens?: number) => unknown;
  answer: unknown;
  stream: string;
  type: string;
}

const TEXT = 'hello "x" 中文';
const sse = (...records: object[]) => records.map((record) => `data: ${JSON.stringify(record)}\n\n`).join("");

/** One prompt, TGI's `generate` and `generate_stream`. */
export const GENERATE: DeclaredShape = {
  format: {
    request: {
      path: "/generate",
      streamPath: "/generate_stream",
      body: {
        inputs: {
          $text: "$.messages",
          roles: {
            system: "{{ @.text }}\n",
            user: "<|user|>{{ @.text }}",
            assistant: "<|bot|>{{ @.text }}",
          },
          suffix: "<|bot|>",
        },
        parameters: {
          details: true,
          temperature: "$.temperature",
          max_new_tokens: "$.max_tokens",
          top_p: { $value: "$.top_p", max: 0.99 },
          seed: "$.seed",
        },
      },
    },
    response: {
      text: "$.generated_text",
      finish: "$.details.finish_reason",
      usage: { output: "$.details.generated_tokens" },
    },
    stream: {
      when: "$.token",
      response: { text: "$.token.text" },
    },
    errors: { when: "$.error", message: "$.error" },
  },
  body: (_stream, maxTokens) => ({
    inputs: 'Be brief.\n<|user|>Say "hi" 中文<|bot|>',
    parameters: { details: true, temperature: 0.5, ...(maxTokens && { max_new_tokens: maxTokens }) },
  }),
  answer: { generated_text: TEXT, details: { finish_reason: "eos_token", generated_tokens: 5 } },
  stream: sse(
    { token: { id: 1, text: 'hello "x', special: false }, generated_text: null, details: null },
    {
      token: { id: 2, text: '" 中文', special: false },
      generated_text: TEXT,
      details: { finish_reason: "eos_token", generated_tokens: 5 },
    },
  ),
  type: "text/event-stream",
};

/** `{code, msg, data}`, as many services written with Spring Boot answer. */
export const ENVELOPE: DeclaredShape = {
  format: {
    request: {
      path: "/chat",
      body: {
        question: "$.last_user",
        prompt: "$.system",
        options: { t: { $value: "$.temperature", default: 1 }, model: "$.model" },
        stream: "$.stream",
      },
    },
    response: { text: "$.data.answer", usage: { input: "$.data.usage.in", output: "$.data.usage.out" } },
    stream: { end: { when: "$.data.last == true" } },
    errors: { when: "$.code != 0", code: "$.code", message: "$.msg", statuses: { "1001": 429 } },
  },
  body: (stream) => ({
    question: 'Say "hi" 中文',
    prompt: "Be brief.",
    options: { t: 0.5, model: "up" },
    stream,
  }),
  answer: { code: 0, msg: "ok", data: { answer: TEXT, usage: { in: 3, out: 4 } } },
  stream: sse(
    { code: 0, data: { answer: 'hello "', last: false } },
    { code: 0, data: { answer: 'x" 中文', last: false } },
    { code: 0, data: { answer: "", last: true, usage: { in: 3, out: 4 } } },
  ),
  type: "text/event-stream",
};

/** Cumulative texts, one a line. */
export const LINES: DeclaredShape = {
  format: {
    request: {
      path: "/v1/say",
      body: {
        turns: {
          $each: "$.messages",
          where: "@.role != 'system'",
          item: {
            who: { $value: "@.role", map: { user: "human", "*": "bot" } },
            says: "@.text",
          },
        },
        // biome-ignore lint/suspicious/noThenProperty: a word of declared formats
        rules: { $if: "$.system", then: ["{{ $.system }}!"] },
        live: { $value: "$.stream", as: "integer" },
      },
    },
    response: { text: "$.out" },
    stream: { framing: "ndjson", mode: "cumulative", end: { when: "$.done" } },
  },
  body: (stream) => ({
    turns: [{ who: "human", says: 'Say "hi" 中文' }],
    rules: ["Be brief.!"],
    live: stream ? 1 : 0,
  }),
  answer: { out: TEXT },
  stream: ["hello", 'hello "x" ', TEXT, TEXT]
    .map((out, index) => `${JSON.stringify({ out, done: index === 3 })}\n`)
    .join(""),
  type: "application/x-ndjson",
};

/** Choices in a JSON array that comes over time. */
const CHOICES: DeclaredShape = {
  format: {
    request: {
      path: "/models/{{ $.model }}/chat",
      body: { messages: "$.messages", temperature: "$.temperature", stream: "$.stream" },
    },
    response: {
      choices: "$.results[*]",
      text: "@.parts[?@.kind == 'text'].value",
      finish: "@.why",
      finishMap: { DONE: "stop", "*": "none" },
      id: "$.id",
    },
    stream: { framing: "json-array" },
  },
  body: (stream) => ({
    messages: [
      { role: "system", content: "Be brief." },
      { role: "user", content: 'Say "hi" 中文' },
    ],
    temperature: 0.5,
    stream,
  }),
  answer: {
    id: 17,
    results: [
      {
        parts: [
          { kind: "text", value: 'hello "x" ' },
          { kind: "image", value: "?" },
          { kind: "text", value: "中文" },
        ],
        why: "DONE",
      },
    ],
  },
  stream: JSON.stringify([
    { id: 17, results: [{ parts: [{ kind: "text", value: 'hello "x" ' }], why: "" }] },
    { id: 17, results: [{ parts: [{ kind: "text", value: "中文" }], why: "GOING" }] },
    { id: 17, results: [{ parts: [], why: "DONE" }] },
  ]),
  type: "application/json",
};

export const SHAPES: Record<string, DeclaredShape> = {
  "a prompt (TGI)": GENERATE,
  "an envelope": ENVELOPE,
  "cumulative lines": LINES,
  "choices in an array": CHOICES,
};
