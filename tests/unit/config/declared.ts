/** Declared formats that are right, and such that even the JSON Schema knows to be wrong. */

const request = { path: "/chat", body: { q: "$.last_user" } };
const response = { text: "$.text" };
const plain = { request, response };

export const DECLARED: object[] = [
  plain,
  { ...plain, "x-note": 1, _note: "free" },
  {
    request: {
      path: "/v1/{{ $.model }}?a=b",
      streamPath: "/v1/stream",
      method: "PUT",
      query: { key: "{{ $.token }}", user: "$.user" },
      headers: { "X-Id": "{{ $.id }}" },
      body: {
        messages: { $each: "$.messages", where: "@.role != 'system'", item: { r: "@.role", c: "@.text" } },
        prompt: { $text: "$.messages", roles: { user: "{{ @.text }}" }, separator: "\n", suffix: "bot:" },
        t: { $value: "$.temperature", default: 1, as: "number", min: 0, max: 2 },
        // biome-ignore lint/suspicious/noThenProperty: a word of declared formats
        s: { $if: "$.stream && $.system", then: "yes", else: [1, null, true] },
        c: { $const: { $ref: "#" } },
        "": "$$.x",
      },
    },
    response: {
      text: "$['the text'][0]",
      thinking: "$.thought",
      finish: "$.why",
      finishMap: { a: "stop", "*": "none" },
      usage: { input: "$.u.i", output: "$.u.o", total: "$.u.t", cached: "$.u.c", reasoning: "$.u.r" },
      id: "$.id",
      model: "$.model",
      created: "$.at",
      toolCalls: { each: "$.calls[*]", index: "@.i", id: "@.id", name: "@.name", arguments: "@.args" },
    },
    stream: {
      framing: "sse",
      mode: "cumulative",
      events: "message, delta",
      when: "$.type == 'delta'",
      end: { event: ["done"] },
      response: { text: "$.delta" },
    },
    errors: {
      when: "$.code != 0",
      events: ["error"],
      code: "$.code",
      message: "$.msg",
      statuses: { "1": 429, "*": 500 },
    },
    drop: ["tools", "n"],
  },
  { ...plain, stream: { framing: "ndjson", always: true, end: { data: "[DONE]" } } },
  { ...plain, stream: { framing: "concatenated", end: { body: true } } },
  { request, response: { choices: "$.c[*]", index: "@.i", text: "@.t" } },
  {
    embeddings: {
      request: { path: "/embed", body: { input: "$.input", d: "$.dimensions" } },
      response: { each: "$.data[*]", vector: "@.v", index: "@.i", tokens: "$.n" },
    },
  },
  {
    rerank: {
      request: { path: "/rank", body: ["$.query", "$.documents", "$.top_n"] },
      response: { each: "$.scores[*]" },
    },
  },
];

export const MISDECLARED: unknown[] = [
  {},
  { request },
  { response },
  { ...plain, reqest: request },
  { ...plain, request: { path: "/a" } },
  { ...plain, request: { body: {} } },
  { ...plain, request: { path: "a", body: {} } },
  { ...plain, request: { path: 1, body: {} } },
  { ...plain, request: { ...request, method: "GET" } },
  { ...plain, request: { ...request, headers: { "a b": "c" } } },
  { ...plain, request: { ...request, query: { a: 1 } } },
  { request, response: { text: "text" } },
  { request, response: { text: "" } },
  { request, response: { text: ["$.a"] } },
  { request, response: { ...response, finishMap: { a: "ended" } } },
  { request, response: { ...response, toolCalls: { each: "$.a" } } },
  { request, response: { ...response, usage: "$.usage" } },
  { ...plain, stream: { framing: "jsonl" } },
  { ...plain, stream: { mode: "diff" } },
  { ...plain, stream: { end: {} } },
  { ...plain, stream: { end: { data: "a", body: true } } },
  { ...plain, stream: { end: "[DONE]" } },
  { ...plain, errors: { statuses: { a: 200 } } },
  { ...plain, errors: { statuses: { a: "429" } } },
  { ...plain, errors: { when: 1 } },
  { ...plain, drop: ["tool"] },
  { ...plain, drop: "tools" },
  { embeddings: { request } },
  { rerank: { response: { each: "$.a" } } },
];
