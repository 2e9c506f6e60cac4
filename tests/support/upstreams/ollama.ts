/** Ollama's own chat API. Source: Ollama, API reference, "Generate a chat message". */
import { CREATED, type Json, pieces, type Scenario, type Vendor } from "./vendor.ts";

const TIME = new Date(CREATED * 1000).toISOString();

const line = (value: Json) => Buffer.from(`${JSON.stringify(value)}\n`);

function callsOf({ calls }: Scenario): Json[] {
  return (calls ?? []).map((call) => ({ function: { name: call.name, arguments: call.arguments } }));
}

function last({ usage, finish }: Scenario): Json {
  return {
    done: true,
    done_reason: finish ?? "stop",
    total_duration: 5_191_566_416,
    load_duration: 2_154_458,
    prompt_eval_count: usage.input,
    prompt_eval_duration: 383_809_000,
    eval_count: usage.output,
    eval_duration: 4_799_921_000,
  };
}

export const OLLAMA: Vendor = {
  format: "ollama",
  says: { thinking: true, signature: false, calls: true },
  closingEvents: 1,
  path: /^\/api\/chat$/,
  isStream: (_, body) => body.stream !== false,
  streamType: "application/x-ndjson",
  whole: (scenario, model) => ({
    model,
    created_at: TIME,
    message: {
      role: "assistant",
      content: scenario.text ?? "",
      ...(scenario.thinking && { thinking: scenario.thinking.text }),
      ...(scenario.calls && { tool_calls: callsOf(scenario) }),
    },
    ...last(scenario),
  }),
  stream: (scenario, model) => {
    const part = (message: Json) =>
      line({
        model,
        created_at: TIME,
        message: { role: "assistant", content: "", ...message },
        done: false,
      });
    return [
      ...pieces(scenario.thinking?.text ?? "").map((thinking) => part({ thinking })),
      ...pieces(scenario.text ?? "").map((content) => part({ content })),
      ...callsOf(scenario).map((call) => part({ tool_calls: [call] })),
      line({ model, created_at: TIME, message: { role: "assistant", content: "" }, ...last(scenario) }),
    ];
  },
  failure: (_, message) => ({ error: message }),
  failureEvent: (message) => line({ error: message }),
};
