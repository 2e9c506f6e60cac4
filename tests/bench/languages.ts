/** The answers of the bench's model service, in the languages that upstreams speak. They say the same in each. */

/** Events of a streamed answer that carry text. */
export const CHUNKS = 200;

/** Text of each of them. */
export const TOKEN = "token ";

/** A text of so many bytes. */
export function prose(bytes: number): string {
  return "The quick brown fox jumps over the lazy dog. ".repeat(bytes / 45 + 1).slice(0, bytes);
}

/** An upstream's language. */
export interface Language {
  /** Format in the plugin's configuration. */
  format: string;
  /** Part of the path by which its requests are known. */
  path: string;
  whole: string;
  /** Media type of a stream; default: server-sent events. */
  streamType?: string;
  /** A stream: what comes before the text, one event of text, and what comes after it. */
  begin: string;
  token: string;
  end: string;
}

const ANSWER = prose(700);
const event = (data: object, name?: string) =>
  `${name ? `event: ${name}\n` : ""}data: ${JSON.stringify(data)}\n\n`;

const chunk = (delta: object, finish: string | null = null) =>
  event({
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    created: 1700000000,
    model: "model",
    choices: [{ index: 0, delta, finish_reason: finish }],
  });

/** Source: OpenAI API reference, "Create chat completion". */
const OPENAI: Language = {
  format: "openai",
  path: "/chat/completions",
  whole: JSON.stringify({
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1700000000,
    model: "model",
    choices: [{ index: 0, message: { role: "assistant", content: ANSWER }, finish_reason: "stop" }],
    usage: { prompt_tokens: 250, completion_tokens: 150, total_tokens: 400 },
  }),
  begin: "",
  token: chunk({ content: TOKEN }),
  end: `${chunk({}, "stop")}data: [DONE]\n\n`,
};

const message = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "model",
  stop_sequence: null,
};
const named = (data: { type: string; [member: string]: unknown }) => event(data, data.type);

/** Source: Anthropic API reference, "Create a Message" and "Streaming Messages". */
const ANTHROPIC: Language = {
  format: "anthropic",
  path: "/messages",
  whole: JSON.stringify({
    ...message,
    content: [{ type: "text", text: ANSWER }],
    stop_reason: "end_turn",
    usage: { input_tokens: 250, output_tokens: 150 },
  }),
  begin:
    named({
      type: "message_start",
      message: {
        ...message,
        content: [],
        stop_reason: null,
        usage: { input_tokens: 250, output_tokens: 1 },
      },
    }) + named({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }),
  token: named({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text: TOKEN } }),
  end:
    named({ type: "content_block_stop", index: 0 }) +
    named({
      type: "message_delta",
      delta: { stop_reason: "end_turn", stop_sequence: null },
      usage: { output_tokens: 150 },
    }) +
    named({ type: "message_stop" }),
};

const candidate = (text: string, finish?: string) => ({
  candidates: [
    { index: 0, content: { role: "model", parts: [{ text }] }, ...(finish && { finishReason: finish }) },
  ],
  usageMetadata: { promptTokenCount: 250, candidatesTokenCount: 150, totalTokenCount: 400 },
  modelVersion: "model",
  responseId: "r1",
});

/** Source: Gemini API reference, "Generating content". */
const GEMINI: Language = {
  format: "gemini",
  path: "/models/",
  whole: JSON.stringify(candidate(ANSWER, "STOP")),
  begin: "",
  token: event(candidate(TOKEN)),
  end: event(candidate("", "STOP")),
};

const line = (data: object) =>
  `${JSON.stringify({ model: "model", created_at: "2023-11-14T22:13:20Z", ...data })}\n`;
const counts = { done: true, done_reason: "stop", prompt_eval_count: 250, eval_count: 150 };

/** Source: Ollama, API reference, "Generate a chat message". */
const OLLAMA: Language = {
  format: "ollama",
  path: "/api/chat",
  streamType: "application/x-ndjson",
  whole: line({ message: { role: "assistant", content: ANSWER }, ...counts }),
  begin: "",
  token: line({ message: { role: "assistant", content: TOKEN }, done: false }),
  end: line({ message: { role: "assistant", content: "" }, ...counts }),
};

const output = (content: string, finish_reason: string) => ({
  output: { choices: [{ message: { role: "assistant", content }, finish_reason }] },
  usage: { input_tokens: 250, output_tokens: 150, total_tokens: 400 },
  request_id: "r1",
});

/** Source: Alibaba Cloud Model Studio, "DashScope API reference". */
const DASHSCOPE: Language = {
  format: "dashscope",
  path: "/aigc/text-generation/generation",
  whole: JSON.stringify(output(ANSWER, "stop")),
  begin: "",
  token: event(output(TOKEN, "null"), "result"),
  end: event(output("", "stop"), "result"),
};

export const LANGUAGES: Language[] = [ANTHROPIC, GEMINI, OPENAI, OLLAMA, DASHSCOPE];
