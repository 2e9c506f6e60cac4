/**
 * Amazon Bedrock's Converse and ConverseStream. Sources: Amazon Bedrock API reference, "Converse" and
 * "ConverseStream"; Smithy, "Amazon Event Stream specification".
 */
import { encodeEvent, encodeFrame } from "../event-stream.ts";
import { type Json, pieces, type Scenario, type Vendor } from "./vendor.ts";

function stopReason({ calls, finish }: Scenario): string {
  return finish === "length" ? "max_tokens" : calls ? "tool_use" : "end_turn";
}

function tail({ usage: { input, output } }: Scenario): Json {
  return {
    usage: { inputTokens: input, outputTokens: output, totalTokens: input + output },
    metrics: { latencyMs: 1275 },
  };
}

function blocks({ thinking, text, calls }: Scenario): Json[] {
  return [
    ...(thinking ? [{ reasoningContent: { reasoningText: thinking } }] : []),
    ...(text === undefined ? [] : [{ text }]),
    ...(calls ?? []).map((call) => ({
      toolUse: { toolUseId: call.id, name: call.name, input: call.arguments },
    })),
  ];
}

const frame = (type: string, value: Json) => encodeEvent(type, JSON.stringify(value));

export const BEDROCK: Vendor = {
  format: "bedrock",
  says: { thinking: true, signature: true, calls: true },
  closingEvents: 2,
  model: "anthropic.claude-3-7-sonnet-20250219-v1:0",
  path: /^\/model\/[^/]+\/converse(-stream)?$/,
  isStream: (path) => path.endsWith("/converse-stream"),
  streamType: "application/vnd.amazon.eventstream",
  whole: (scenario) => ({
    output: { message: { role: "assistant", content: blocks(scenario) } },
    stopReason: stopReason(scenario),
    ...tail(scenario),
  }),
  stream: (scenario) => {
    const { thinking, text, calls } = scenario;
    const frames = [frame("messageStart", { role: "assistant" })];
    let contentBlockIndex = 0;
    const delta = (value: Json) => frame("contentBlockDelta", { contentBlockIndex, delta: value });
    const close = () => frames.push(frame("contentBlockStop", { contentBlockIndex: contentBlockIndex++ }));
    if (thinking) {
      for (const part of pieces(thinking.text)) frames.push(delta({ reasoningContent: { text: part } }));
      frames.push(delta({ reasoningContent: { signature: thinking.signature } }));
      close();
    }
    if (text !== undefined) {
      for (const part of pieces(text)) frames.push(delta({ text: part }));
      close();
    }
    for (const call of calls ?? []) {
      const start = { toolUse: { toolUseId: call.id, name: call.name } };
      frames.push(frame("contentBlockStart", { contentBlockIndex, start }));
      for (const input of pieces(JSON.stringify(call.arguments))) frames.push(delta({ toolUse: { input } }));
      close();
    }
    frames.push(frame("messageStop", { stopReason: stopReason(scenario) }));
    frames.push(frame("metadata", tail(scenario)));
    return frames;
  },
  failure: (_, message) => ({ message }),
  failureEvent: (message) =>
    encodeFrame(
      {
        ":exception-type": "modelStreamErrorException",
        ":content-type": "application/json",
        ":message-type": "exception",
      },
      JSON.stringify({ message }),
    ),
};
