/** DashScope's own generation API. Source: Alibaba Cloud Model Studio, "DashScope API reference", "Qwen". */
import { type Json, pieces, type Scenario, type Vendor } from "./vendor.ts";

const REQUEST_ID = "902fee3b-f7f0-9a8c-96a1-6b4ea25af114";

function finishReason({ calls, finish }: Scenario): string {
  return finish ?? (calls ? "tool_calls" : "stop");
}

function answer(scenario: Scenario, message: Json, finish: string): Json {
  const { input, output } = scenario.usage;
  return {
    output: { choices: [{ message: { role: "assistant", ...message }, finish_reason: finish }] },
    usage: { input_tokens: input, output_tokens: output, total_tokens: input + output },
    request_id: REQUEST_ID,
  };
}

/** Events are numbered from 1, and tell the HTTP status in a comment. */
function named(index: number, name: string, status: number, data: Json): Buffer {
  return Buffer.from(
    `id:${index + 1}\nevent:${name}\n:HTTP_STATUS/${status}\ndata:${JSON.stringify(data)}\n\n`,
  );
}

export const DASHSCOPE: Vendor = {
  format: "dashscope",
  says: { thinking: true, signature: false, calls: true },
  closingEvents: 1,
  path: /^\/api\/v1\/services\/aigc\/(text|multimodal)-generation\/generation$/,
  isStream: (_path, _body, headers) => headers["x-dashscope-sse"] === "enable",
  streamType: "text/event-stream",
  whole: (scenario) => ({
    status_code: 200,
    code: "",
    message: "",
    ...answer(
      scenario,
      {
        content: scenario.text ?? "",
        ...(scenario.thinking && { reasoning_content: scenario.thinking.text }),
        ...(scenario.calls && {
          tool_calls: scenario.calls.map((call, index) => ({
            index,
            id: call.id,
            type: "function",
            function: { name: call.name, arguments: JSON.stringify(call.arguments) },
          })),
        }),
      },
      finishReason(scenario),
    ),
  }),
  stream: (scenario) => {
    const messages: Json[] = [
      ...pieces(scenario.thinking?.text ?? "").map((text) => ({ content: "", reasoning_content: text })),
      ...pieces(scenario.text ?? "").map((content) => ({ content, reasoning_content: "" })),
      ...(scenario.calls ?? []).flatMap((call, index) =>
        pieces(JSON.stringify(call.arguments)).map((part, position) => ({
          content: "",
          tool_calls: [
            {
              index,
              id: position === 0 ? call.id : "",
              type: "function",
              function: { ...(position === 0 && { name: call.name }), arguments: part },
            },
          ],
        })),
      ),
    ];
    return [
      ...messages.map((message, index) => named(index, "result", 200, answer(scenario, message, "null"))),
      named(messages.length, "result", 200, answer(scenario, { content: "" }, finishReason(scenario))),
    ];
  },
  failure: (_, message) => ({ code: "InvalidParameter", message, request_id: REQUEST_ID }),
  failureEvent: (message) =>
    named(99, "error", 500, { code: "InternalError", message, request_id: REQUEST_ID }),
};
