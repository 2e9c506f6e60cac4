/** MiniMax's ChatCompletion Pro. Source: MiniMax open platform, "ChatCompletion Pro". It counts tokens in sum only. */
import { CREATED, event, type Json, pieces, type Scenario, type Vendor } from "./vendor.ts";

const BASE = { created: CREATED, model: "abab6.5s-chat", id: "01f7f6a9e1d6e0b9d9d3a4e5c7a1b2c3" };
const DONE = { base_resp: { status_code: 0, status_msg: "" } };

function message(content: Json): Json {
  return { sender_type: "BOT", sender_name: "MM智能助理", ...content };
}

function calls(scenario: Scenario): Json[] {
  return (scenario.calls ?? []).map((call) =>
    message({ text: "", function_call: { name: call.name, arguments: JSON.stringify(call.arguments) } }),
  );
}

function end(scenario: Scenario, messages: Json[]): Json {
  const { input, output } = scenario.usage;
  return {
    ...BASE,
    reply: scenario.text ?? "",
    choices: [{ index: 0, messages, finish_reason: scenario.finish ?? "stop" }],
    usage: { total_tokens: input + output },
    input_sensitive: false,
    output_sensitive: false,
    ...DONE,
  };
}

const said = (scenario: Scenario) => (scenario.text === undefined ? [] : [message({ text: scenario.text })]);

export const MINIMAX: Vendor = {
  format: "minimax",
  says: { thinking: false, signature: false, calls: true },
  closingEvents: 1,
  settings: { settings: { groupId: "1234567890" } },
  path: /^\/v1\/text\/chatcompletion_pro\?GroupId=1234567890$/,
  isStream: (_, body) => body.stream === true,
  streamType: "text/event-stream",
  whole: (scenario) => end(scenario, [...said(scenario), ...calls(scenario)]),
  stream: (scenario) => {
    const delta = (content: Json) =>
      event({ ...BASE, choices: [{ index: 0, messages: [content], finish_reason: "" }] });
    return [
      ...pieces(scenario.text ?? "").map((text) => delta(message({ text }))),
      ...calls(scenario).map(delta),
      // The last one repeats the text.
      event(end(scenario, said(scenario))),
    ];
  },
  failure: (_, text) => ({ base_resp: { status_code: 1002, status_msg: text } }),
  failureEvent: (text) => event({ ...BASE, base_resp: { status_code: 1013, status_msg: text } }),
};
