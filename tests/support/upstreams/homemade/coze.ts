/**
 * Coze's Chat v3. Source: Coze, "Chat V3" of the API reference. Without a stream one has to ask again and again, so
 * the declaration always asks for a stream. Messages of other types than "answer" are no text for the user.
 */
import * as c from "../../clients/client.ts";
import { CREATED, type Json, pieces, type Scenario } from "../vendor.ts";
import { BOTH, type Shape } from "./shape.ts";

const IDS = { conversation_id: "7381473525342978089", bot_id: "7379462189365198898" };
const CHAT = "7382159487131697202";

const named = (name: string, data: unknown) =>
  Buffer.from(`event:${name}\ndata:${typeof data === "string" ? data : JSON.stringify(data)}\n\n`);

const message = (type: string, fields: Json): Json => ({
  id: "7382159494123470858",
  ...IDS,
  chat_id: CHAT,
  role: "assistant",
  type,
  content: "",
  content_type: "text",
  ...fields,
});

function chat(status: string, fields: Json = {}): Json {
  return {
    id: CHAT,
    ...IDS,
    created_at: CREATED,
    last_error: { code: 0, msg: "" },
    status,
    usage: { token_count: 0, output_count: 0, input_count: 0 },
    section_id: IDS.conversation_id,
    ...fields,
  };
}

function stream({ thinking, text = "", usage }: Scenario): Buffer[] {
  return [
    named("conversation.chat.created", chat("created")),
    named("conversation.chat.in_progress", chat("in_progress")),
    ...pieces(thinking?.text ?? "").map((reasoning_content) =>
      named("conversation.message.delta", message("answer", { reasoning_content })),
    ),
    ...pieces(text).map((content) => named("conversation.message.delta", message("answer", { content }))),
    named("conversation.message.completed", message("answer", { content: text })),
    named(
      "conversation.message.completed",
      message("verbose", { content: '{"msg_type":"generate_answer_finish","data":"{}"}' }),
    ),
    named(
      "conversation.chat.completed",
      chat("completed", {
        completed_at: CREATED + 2,
        usage: {
          token_count: usage.input + usage.output,
          output_count: usage.output,
          input_count: usage.input,
        },
      }),
    ),
    named("done", '"[DONE]"'),
  ];
}

export const COZE: Shape = {
  name: "coze",
  builtIn: "coze",
  format: "coze",
  says: { thinking: true, signature: false, calls: false },
  tells: { parallelCalls: false, length: false, usage: { whole: BOTH, stream: BOTH } },
  asks: {
    text: () => ({
      bot_id: "up",
      user_id: "eureka-ai-proxy",
      stream: true,
      auto_save_history: false,
      additional_messages: [
        { role: "user", content: c.SYSTEM, content_type: "text" },
        { role: "user", content: "Hello", content_type: "text" },
        { role: "assistant", content: c.EARLIER, content_type: "text" },
        { role: "user", content: c.QUESTION, content_type: "text" },
      ],
    }),
    loses: ["temperature", "top_p", "max_tokens", "stop"],
    // A bot has its own.
    settings: () => ({ stream: true }),
  },
  closingEvents: 2,
  alwaysStreams: true,
  path: /^\/v3\/chat$/,
  isStream: (_, body) => body.stream === true,
  streamType: "text/event-stream",
  whole: () => ({ code: 0, msg: "", data: chat("in_progress") }),
  stream,
  failure: (_, msg) => ({ code: 4000, msg, detail: { logid: "20241210152726467C48D89D6DB2" } }),
  failureWithin200: (msg) => ({ code: 4015, msg, detail: { logid: "20241210152726467C48D89D6DB2" } }),
  failureEvent: (msg) =>
    named("conversation.chat.failed", chat("failed", { last_error: { code: 5000, msg } })),
};
