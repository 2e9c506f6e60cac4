/** Tencent's Hunyuan. Source: Tencent Cloud, Hunyuan, "ChatCompletions". */
import { CREATED, event, type Json, pieces, type Scenario, type Vendor } from "./vendor.ts";

const BASE = { Note: "made by AI", Id: "cadf5e0e-7c2f-4b2c-b7ad-a8f8b0b8f3c4", Created: CREATED };

function usage({ usage: { input, output } }: Scenario): Json {
  return { PromptTokens: input, CompletionTokens: output, TotalTokens: input + output };
}

function calls(scenario: Scenario): Json[] | undefined {
  return scenario.calls?.map((call, Index) => ({
    Id: call.id,
    Type: "function",
    Function: { Name: call.name, Arguments: JSON.stringify(call.arguments) },
    Index,
  }));
}

const reason = (scenario: Scenario) => (scenario.calls ? "tool_calls" : "stop");

export const HUNYUAN: Vendor = {
  format: "hunyuan",
  says: { thinking: true, signature: false, calls: true },
  closingEvents: 1,
  path: /^\/$/,
  isStream: (_, body) => body.Stream === true,
  streamType: "text/event-stream",
  whole: (scenario) => ({
    Response: {
      RequestId: "f5ddd1c4-5e5c-4d1c-9d2c-5f3c5a3c9a3a",
      ...BASE,
      Choices: [
        {
          Index: 0,
          FinishReason: reason(scenario),
          Message: {
            Role: "assistant",
            Content: scenario.text ?? "",
            ...(scenario.thinking && { ReasoningContent: scenario.thinking.text }),
            ...(scenario.calls && { ToolCalls: calls(scenario) }),
          },
        },
      ],
      Usage: usage(scenario),
    },
  }),
  stream: (scenario) => {
    const delta = (content: Json, FinishReason = "") =>
      event({
        ...BASE,
        Choices: [{ Index: 0, Delta: { Role: "assistant", ...content }, FinishReason }],
        Usage: usage(scenario),
      });
    return [
      ...pieces(scenario.thinking?.text ?? "").map((text) => delta({ Content: "", ReasoningContent: text })),
      ...pieces(scenario.text ?? "").map((text) => delta({ Content: text })),
      ...(calls(scenario) ?? []).map((call) => delta({ Content: "", ToolCalls: [call] })),
      delta({ Content: "" }, reason(scenario)),
    ];
  },
  failure: (_, message) => ({
    Response: { RequestId: "r", Error: { Code: "RequestLimitExceeded", Message: message } },
  }),
  failureEvent: (message) => event({ ...BASE, ErrorMsg: { Msg: message, Code: 4001 } }),
};
