/** Bots of Coze. Source: Coze, OpenAPI, "Chat v3". The only answer is a stream. */
import { CREATED, event, type Json, pieces, type Vendor } from "./vendor.ts";

const IDS = { conversation_id: "738136585609548", bot_id: "7379462189365198898" };
const CHAT = { ...IDS, id: "7382159487131697202", created_at: CREATED };
const MESSAGE = { ...IDS, id: "7382159494123470858", chat_id: CHAT.id, role: "assistant" };

export const COZE: Vendor = {
  format: "coze",
  says: { thinking: true, signature: false, calls: false },
  answers: "stream",
  closingEvents: 2,
  path: /^\/v3\/chat$/,
  isStream: () => true,
  streamType: "text/event-stream",
  whole: () => ({ code: 0, msg: "", data: { ...CHAT, status: "in_progress" } }),
  stream: ({ text, thinking, usage: { input, output } }) => {
    const delta = (content: Json) =>
      event(
        { ...MESSAGE, type: "answer", content: "", content_type: "text", ...content },
        "conversation.message.delta",
      );
    const usage = { token_count: input + output, input_count: input, output_count: output };
    return [
      event({ ...CHAT, status: "created" }, "conversation.chat.created"),
      ...pieces(thinking?.text ?? "").map((reasoning_content) => delta({ reasoning_content })),
      ...pieces(text ?? "").map((content) => delta({ content })),
      event(
        { ...MESSAGE, type: "answer", content: text ?? "", content_type: "text" },
        "conversation.message.completed",
      ),
      event(
        { ...MESSAGE, type: "verbose", content: '{"msg_type":"generate_answer_finish"}' },
        "conversation.message.completed",
      ),
      event({ ...CHAT, status: "completed", usage }, "conversation.chat.completed"),
      Buffer.from("event: done\ndata: [DONE]\n\n"),
    ];
  },
  failure: (_, message) => ({ code: 4013, msg: message }),
  failureEvent: (message) =>
    event(
      { ...CHAT, status: "failed", last_error: { code: 5000, msg: message } },
      "conversation.chat.failed",
    ),
};
