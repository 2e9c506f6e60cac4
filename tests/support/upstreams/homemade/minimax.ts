/**
 * MiniMax's ChatCompletion Pro. Source: MiniMax, "ChatCompletion Pro". Senders have types and names; errors come with
 * status 200 in `base_resp`; the last event of a stream repeats the whole text in `reply` and in its message.
 */
import * as c from "../../clients/client.ts";
import { asksInBody, CREATED, event, type Json, pieces, type Scenario } from "../vendor.ts";
import type { Shape } from "./shape.ts";

const BOT = { sender_type: "BOT", sender_name: "assistant" };

function said({ text = "", calls }: Scenario): Json {
  const [call] = calls ?? [];
  return {
    ...BOT,
    text,
    ...(call && { function_call: { name: call.name, arguments: JSON.stringify(call.arguments) } }),
  };
}

const base = (code: number, message: string) => ({ base_resp: { status_code: code, status_msg: message } });

function last(scenario: Scenario, model: string): Json {
  const { usage, finish } = scenario;
  return {
    created: CREATED,
    model,
    reply: scenario.text ?? "",
    choices: [{ finish_reason: finish ?? "stop", messages: [said(scenario)] }],
    usage: { total_tokens: usage.input + usage.output },
    input_sensitive: false,
    output_sensitive: false,
    id: "01a3ab7a1eaa0cd4af2e1f5d5e6b4b77",
    ...base(0, ""),
  };
}

export const MINIMAX: Shape = {
  name: "minimax",
  format: "minimax",
  says: { thinking: false, signature: false, calls: true },
  tells: {
    parallelCalls: false,
    length: true,
    // Only the sum is told.
    usage: { whole: { input: false, output: false }, stream: { input: false, output: false } },
  },
  asks: {
    text: (stream, tokens_to_generate) => ({
      model: "up",
      stream,
      tokens_to_generate,
      bot_setting: [{ bot_name: "assistant", content: c.SYSTEM }],
      reply_constraints: BOT,
      messages: [
        { sender_type: "USER", sender_name: "user", text: "Hello" },
        { ...BOT, text: c.EARLIER },
        { sender_type: "USER", sender_name: "user", text: c.QUESTION },
      ],
    }),
    loses: ["stop"],
    settings: () => ({
      tokens_to_generate: 3077,
      temperature: 0.25,
      top_p: 0.75,
      bot_setting: [{ bot_name: "assistant", content: "You are a helpful assistant." }],
    }),
    tools: () => ({ functions: c.TOOLS }),
  },
  closingEvents: 1,
  path: /^\/v1\/text\/chatcompletion_pro\?GroupId=g-1$/,
  isStream: asksInBody,
  streamType: "text/event-stream",
  whole: last,
  stream: (scenario, model) => [
    ...pieces(scenario.text ?? "").map((text) =>
      event({
        request_id: "01a3ab7a1eaa0cd4af2e1f5d5e6b4b77",
        created: CREATED,
        model,
        reply: "",
        choices: [{ messages: [{ ...BOT, text }] }],
        output_sensitive: false,
      }),
    ),
    event(last(scenario, model)),
  ],
  failure: (_, message) => base(1000, message),
  failureWithin200: (message) => ({ reply: "", choices: null, ...base(1002, message) }),
  failureEvent: (message) =>
    event({ created: 0, model: "", reply: "", choices: null, ...base(1013, message) }),
};
