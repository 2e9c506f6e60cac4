/**
 * DashScope's generation API as it streams where nobody asks for increments: every event repeats the text so far.
 * Source: Alibaba Cloud Model Studio, "DashScope API reference", `incremental_output`.
 */
import { expect } from "vitest";
import * as c from "../../clients/client.ts";
import { DASHSCOPE as INCREMENTAL } from "../dashscope.ts";
import { type Json, pieces, type Scenario } from "../vendor.ts";
import { BOTH, CONVERSATION, growing, type Shape } from "./shape.ts";

const tells: Shape["tells"] = { parallelCalls: true, length: true, usage: { whole: BOTH, stream: BOTH } };

/** Either of two headers asks for a stream. */
const isStream: Shape["isStream"] = (path, body, headers) =>
  headers.accept === "text/event-stream" || INCREMENTAL.isStream(path, body, headers);

/** The parameters of a question about nothing but text, with those of the client. */
const parameters = (more: Json): Json => ({ result_format: "message", ...more });

const functions = c.TOOLS.map((declared) => ({ type: "function", function: declared }));

/** With `incremental_output`: each event has what is new. */
export const DASHSCOPE: Shape = {
  ...INCREMENTAL,
  isStream,
  name: "dashscope",
  builtIn: "dashscope",
  tells,
  asks: {
    text: (isStream, max_tokens) => ({
      model: "up",
      input: { messages: CONVERSATION },
      parameters: parameters({ incremental_output: isStream, max_tokens }),
    }),
    settings: (stop) => ({
      parameters: parameters({
        incremental_output: expect.any(Boolean),
        temperature: 0.25,
        top_p: 0.75,
        max_tokens: 3077,
        stop,
      }),
    }),
    tools: () => ({ parameters: expect.objectContaining({ tools: functions }) }),
    "parallel tools": () => ({
      input: {
        messages: [
          { role: "user", content: c.QUESTION },
          {
            role: "assistant",
            content: expect.toSatisfy((content: unknown) => !content),
            tool_calls: [c.WEATHER, c.TIME].map((given, index) => ({
              id: expect.any(String),
              type: "function",
              function: { name: c.TOOLS[index]?.name, arguments: JSON.stringify(given) },
            })),
          },
          ...c.RESULTS.map((content) => ({
            role: "tool",
            content,
            tool_call_id: expect.any(String),
          })),
        ],
      },
    }),
  },
};

export const DASHSCOPE_CUMULATIVE: Shape = {
  ...INCREMENTAL,
  isStream,
  name: "dashscope-cumulative",
  format: "dashscope-cumulative",
  says: { thinking: true, signature: false, calls: false },
  tells: { ...tells, parallelCalls: false },
  asks: {
    text: (_, max_tokens) => ({
      model: "up",
      input: { messages: CONVERSATION },
      parameters: parameters({ max_tokens }),
    }),
    settings: (stop) => ({
      parameters: parameters({ temperature: 0.25, top_p: 0.75, max_tokens: 3077, stop }),
    }),
  },
  stream: (scenario) => {
    const thinking = scenario.thinking?.text ?? "";
    const messages: Json[] = [
      ...growing(pieces(thinking)).map((reasoning_content) => ({ content: "", reasoning_content })),
      ...growing(pieces(scenario.text ?? "")).map((content) => ({ content, reasoning_content: thinking })),
    ];
    return [
      ...messages.map((message, index) => named(index, scenario, message, "null")),
      named(
        messages.length,
        scenario,
        { content: scenario.text ?? "", reasoning_content: thinking },
        scenario.finish ?? "stop",
      ),
    ];
  },
};

function named(index: number, { usage }: Scenario, message: Json, finish_reason: string): Buffer {
  const data = {
    output: { choices: [{ message: { role: "assistant", ...message }, finish_reason }] },
    usage: {
      input_tokens: usage.input,
      output_tokens: usage.output,
      total_tokens: usage.input + usage.output,
    },
    request_id: "902fee3b-f7f0-9a8c-96a1-6b4ea25af114",
  };
  return Buffer.from(`id:${index + 1}\nevent:result\n:HTTP_STATUS/200\ndata:${JSON.stringify(data)}\n\n`);
}
