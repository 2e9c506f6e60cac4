/** Cohere's Chat API v2. Sources: Cohere API reference, "Chat" (v2), and "Streaming". */
import { asksInBody, event, type Json, pieces, type Scenario, type Vendor } from "./vendor.ts";

const ID = "c14c80c3-18eb-4519-9460-6c92edd8cfb4";

function finishReason({ calls, finish }: Scenario): string {
  return finish === "length" ? "MAX_TOKENS" : calls ? "TOOL_CALL" : "COMPLETE";
}

function usage({ usage: { input, output } }: Scenario): Json {
  const tokens = { input_tokens: input, output_tokens: output };
  return { billed_units: tokens, tokens };
}

function content({ thinking, text }: Scenario): Json[] {
  return [
    ...(thinking ? [{ type: "thinking", thinking: thinking.text }] : []),
    ...(text === undefined ? [] : [{ type: "text", text }]),
  ];
}

const named = (data: Json) => event(data, String(data.type));

function message(type: string, index: number, value: Json): Json {
  return { type, index, delta: { message: value } };
}

export const COHERE: Vendor = {
  format: "cohere",
  says: { thinking: true, signature: false, calls: true },
  closingEvents: 1,
  path: /^\/v2\/chat$/,
  isStream: asksInBody,
  streamType: "text/event-stream",
  whole: (scenario) => ({
    id: ID,
    finish_reason: finishReason(scenario),
    message: {
      role: "assistant",
      content: content(scenario),
      ...(scenario.calls && {
        tool_calls: scenario.calls.map((call) => ({
          id: call.id,
          type: "function",
          function: { name: call.name, arguments: JSON.stringify(call.arguments) },
        })),
      }),
    },
    usage: usage(scenario),
  }),
  stream: (scenario) => {
    const start = { role: "assistant", content: [], tool_plan: "", tool_calls: [], citations: [] };
    const events: Json[] = [
      { id: ID, type: "message-start", delta: { message: start } },
      ...content(scenario).flatMap((block, index) => {
        const key = String(block.type);
        return [
          message("content-start", index, { content: { type: key, [key]: "" } }),
          ...pieces(String(block[key])).map((text) =>
            message("content-delta", index, { content: { [key]: text } }),
          ),
          { type: "content-end", index },
        ];
      }),
      ...(scenario.calls ?? []).flatMap((call, index) => [
        message("tool-call-start", index, {
          tool_calls: { id: call.id, type: "function", function: { name: call.name, arguments: "" } },
        }),
        ...pieces(JSON.stringify(call.arguments)).map((part) =>
          message("tool-call-delta", index, { tool_calls: { function: { arguments: part } } }),
        ),
        { type: "tool-call-end", index },
      ]),
      {
        id: ID,
        type: "message-end",
        delta: { finish_reason: finishReason(scenario), usage: usage(scenario) },
      },
    ];
    return events.map(named);
  },
  failure: (_, text) => ({ id: ID, message: text }),
  failureEvent: (text) =>
    named({ id: ID, type: "message-end", delta: { finish_reason: "ERROR", error: text } }),
};
