/** Apps of Dify. Source: Dify, "Send chat message" of the API reference of chat apps. */
import { CREATED, event, type Json, pieces, type Scenario, type Vendor } from "./vendor.ts";

const IDS = {
  task_id: "900bbd43-dc0b-4383-a372-aa6e6c414227",
  message_id: "663c5084-a254-4040-8ad3-51f2a3c1a77c",
  conversation_id: "45701982-8118-4bc5-8e9b-64562b4555f2",
};

function metadata({ usage: { input, output } }: Scenario): Json {
  return {
    usage: {
      prompt_tokens: input,
      completion_tokens: output,
      total_tokens: input + output,
      total_price: "0.0012890",
      currency: "USD",
      latency: 0.768,
    },
    retriever_resources: [],
  };
}

export const DIFY: Vendor = {
  format: "dify",
  says: { thinking: false, signature: false, calls: false },
  closingEvents: 1,
  path: /^\/v1\/chat-messages$/,
  isStream: (_, body) => body.response_mode === "streaming",
  streamType: "text/event-stream",
  whole: (scenario) => ({
    event: "message",
    ...IDS,
    id: IDS.message_id,
    mode: "chat",
    answer: scenario.text ?? "",
    metadata: metadata(scenario),
    created_at: CREATED,
  }),
  stream: (scenario) => [
    ...pieces(scenario.text ?? "").map((answer) =>
      event({ event: "message", ...IDS, answer, created_at: CREATED }),
    ),
    event({ event: "message_end", ...IDS, id: IDS.message_id, metadata: metadata(scenario) }),
  ],
  failure: (status, message) => ({ code: "invalid_param", message, status }),
  failureEvent: (message) =>
    event({ event: "error", ...IDS, status: 500, code: "completion_request_error", message }),
};
