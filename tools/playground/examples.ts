/** What the page can begin with. tests/playground runs each of them. */

export interface Example {
  title: string;
  configuration: string;
  path: string;
  request: object;
  contentType: string;
  answer: string;
  /** The configuration is wrong on purpose. */
  isWrong?: boolean;
}

/** Events of a stream; each is its data, or a pair of its name and its data. */
function events(...list: (object | string | [name: string, data: object])[]): string {
  return list
    .map((event) => {
      if (typeof event === "string") return `data: ${event}\n\n`;
      if (Array.isArray(event)) return `event: ${event[0]}\ndata: ${JSON.stringify(event[1])}\n\n`;
      return `data: ${JSON.stringify(event)}\n\n`;
    })
    .join("");
}

function chunk(delta: object, finish: string | null = null): object {
  return {
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    created: 1767225600,
    model: "qwen-max",
    choices: [{ index: 0, delta, finish_reason: finish }],
  };
}

const QUESTION = [
  { role: "system", content: "Be brief." },
  { role: "user", content: "What is the capital of France? 🇫🇷" },
];

const EUREKA = `eureka:
  servers:
    - service: eureka-server.dns:8761
`;

const OPENAI_STREAM = events(
  chunk({ role: "assistant", content: "" }),
  chunk({ content: "The capital" }),
  chunk({ content: " is Paris. 🗼" }),
  chunk({}, "stop"),
  {
    ...chunk({}),
    choices: [],
    usage: { prompt_tokens: 19, completion_tokens: 7, total_tokens: 26 },
  },
  "[DONE]",
);

export const EXAMPLES: Example[] = [
  {
    title: "OpenAI client, service that speaks OpenAI",
    configuration: `${EUREKA}services:
  - name: qwen
    application: QWEN-CHAT
    token: sk-of-the-service
    modelMapping:
      gpt-4o: qwen-max
      gpt-*: qwen-plus
      "*": qwen-turbo
`,
    path: "/v1/chat/completions",
    request: { model: "gpt-4o", stream: true, messages: QUESTION },
    contentType: "text/event-stream",
    answer: OPENAI_STREAM,
  },
  {
    title: "OpenAI client, service that speaks Anthropic, with a tool",
    configuration: `${EUREKA}services:
  - name: claude
    application: CLAUDE-CHAT
    format: anthropic
    modelMapping:
      "*": claude-sonnet-4-5
`,
    path: "/v1/chat/completions",
    request: {
      model: "gpt-4o",
      stream: true,
      seed: 7,
      messages: [{ role: "user", content: "How warm is it in Paris?" }],
      tools: [
        {
          type: "function",
          function: {
            name: "temperature",
            description: "Degrees Celsius in a city",
            parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
          },
        },
      ],
    },
    contentType: "text/event-stream",
    answer: events(
      [
        "message_start",
        {
          type: "message_start",
          message: {
            id: "msg_1",
            type: "message",
            role: "assistant",
            model: "claude-sonnet-4-5",
            content: [],
            stop_reason: null,
            stop_sequence: null,
            usage: { input_tokens: 340, output_tokens: 2 },
          },
        },
      ],
      [
        "content_block_start",
        { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
      ],
      [
        "content_block_delta",
        { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Let me look." } },
      ],
      ["content_block_stop", { type: "content_block_stop", index: 0 }],
      [
        "content_block_start",
        {
          type: "content_block_start",
          index: 1,
          content_block: { type: "tool_use", id: "toolu_1", name: "temperature", input: {} },
        },
      ],
      [
        "content_block_delta",
        {
          type: "content_block_delta",
          index: 1,
          delta: { type: "input_json_delta", partial_json: '{"city":' },
        },
      ],
      [
        "content_block_delta",
        {
          type: "content_block_delta",
          index: 1,
          delta: { type: "input_json_delta", partial_json: '"Paris"}' },
        },
      ],
      ["content_block_stop", { type: "content_block_stop", index: 1 }],
      [
        "message_delta",
        {
          type: "message_delta",
          delta: { stop_reason: "tool_use", stop_sequence: null },
          usage: { output_tokens: 58 },
        },
      ],
      ["message_stop", { type: "message_stop" }],
    ),
  },
  {
    title: "Anthropic client, service that speaks OpenAI",
    configuration: `${EUREKA}services:
  - name: qwen
    application: QWEN-CHAT
    modelMapping:
      claude-*: qwen-max
`,
    path: "/v1/messages",
    request: {
      model: "claude-sonnet-4-5",
      max_tokens: 200,
      stream: true,
      system: "Be brief.",
      messages: [{ role: "user", content: "What is the capital of France?" }],
    },
    contentType: "text/event-stream",
    answer: OPENAI_STREAM,
  },
  {
    title: "OpenAI client, service that speaks Gemini, not streamed",
    configuration: `${EUREKA}services:
  - name: gemma
    application: GEMMA-CHAT
    format: gemini
    modelMapping:
      "*": gemma-3-27b
`,
    path: "/v1/chat/completions",
    request: { model: "gpt-4o", temperature: 0.2, messages: QUESTION },
    contentType: "application/json",
    answer: JSON.stringify(
      {
        candidates: [
          {
            content: { role: "model", parts: [{ text: "The capital is Paris." }] },
            finishReason: "STOP",
            index: 0,
          },
        ],
        usageMetadata: { promptTokenCount: 17, candidatesTokenCount: 6, totalTokenCount: 23 },
        modelVersion: "gemma-3-27b",
        responseId: "r1",
      },
      null,
      2,
    ),
  },
  {
    title: "OpenAI client, service that speaks JSON of its own",
    configuration: `${EUREKA}services:
  - name: assistant
    application: HOME-MADE
    format:
      request:
        path: /api/v1/assistant/ask
        streamPath: /api/v1/assistant/ask-stream
        body:
          question: $.last_user
          systemPrompt: $.system
          options:
            temperature: {$value: $.temperature, default: 0.7, max: 1}
            maxTokens: $.max_tokens
      response:
        text: $.data.answer
        finish: $.data.stopReason
        finishMap: {COMPLETE: stop, MAX_TOKENS: length}
        usage: {input: $.data.tokens.in, output: $.data.tokens.out}
      stream:
        mode: cumulative # each event repeats the text so far
        end: {when: $.data.finished}
      errors:
        when: $.code != 200
        code: $.code
        message: $.msg
        statuses: {"42900": 429}
`,
    path: "/v1/chat/completions",
    request: { model: "assistant", stream: true, max_tokens: 100, messages: QUESTION },
    contentType: "text/event-stream",
    answer: events(
      { code: 200, msg: "success", data: { answer: "The capital", finished: false } },
      { code: 200, msg: "success", data: { answer: "The capital is Paris.", finished: false } },
      {
        code: 200,
        msg: "success",
        data: {
          answer: "The capital is Paris. 🗼",
          finished: true,
          stopReason: "COMPLETE",
          tokens: { in: 19, out: 7 },
        },
      },
    ),
  },
  {
    title: "WasmPlugin of Higress with two routes",
    configuration: `apiVersion: extensions.higress.io/v1alpha1
kind: WasmPlugin
metadata:
  name: eureka-ai-proxy
  namespace: higress-system
spec:
  url: oci://registry.example.com/plugins/eureka-ai-proxy:0.1.0
  defaultConfig:
    eureka:
      servers:
        - service: eureka-server.dns:8761
  matchRules:
    - ingress: [qwen]
      config:
        services:
          - application: QWEN-CHAT
            modelMapping: { "*": qwen-max }
    - ingress: [gemma]
      config:
        services:
          - application: GEMMA-CHAT
            modelMapping: { "*": gemma-3-27b }
`,
    path: "/v1/chat/completions",
    request: { model: "gpt-4o", stream: true, messages: QUESTION },
    contentType: "text/event-stream",
    answer: OPENAI_STREAM,
  },
  {
    title: "A configuration with mistakes",
    configuration: `${EUREKA}services:
  - name: qwen
    application: QWEN-CHAT
    format: opnai
    modelsMapping:
      "*": qwen-max
`,
    path: "/v1/chat/completions",
    request: { model: "gpt-4o", messages: QUESTION },
    contentType: "application/json",
    answer: "{}",
    isWrong: true,
  },
];
