/**
 * Cloudflare Workers AI's `run`. Source: Cloudflare, Workers AI, "Execute AI model" and "Function calling". The whole
 * answer stands in `result`, the events of a stream do not; calls have no ids, and arguments that are objects.
 */
import * as c from "../../clients/client.ts";
import { asksInBody, event, type Json, pieces, type Scenario } from "../vendor.ts";
import { BOTH, CONVERSATION, type Shape } from "./shape.ts";

function usage({ usage: { input, output } }: Scenario): Json {
  return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
}

const callsOf = ({ calls }: Scenario) =>
  (calls ?? []).map((call) => ({ name: call.name, arguments: call.arguments }));

const failure = (message: string): Json => ({
  result: {},
  success: false,
  errors: [{ code: 5006, message }],
  messages: [],
});

export const WORKERS_AI: Shape = {
  name: "workers-ai",
  format: "workers-ai",
  says: { thinking: false, signature: false, calls: true },
  tells: { parallelCalls: true, length: false, usage: { whole: BOTH, stream: BOTH } },
  asks: {
    text: (stream, max_tokens) => ({ messages: CONVERSATION, stream, max_tokens }),
    loses: ["stop"],
    settings: () => ({ temperature: 0.25, top_p: 0.75, max_tokens: 3077 }),
    tools: () => ({ tools: c.TOOLS }),
    "parallel tools": () => ({
      messages: [
        { role: "user", content: c.QUESTION },
        { role: "assistant", content: "" },
        ...c.RESULTS.map((content, index) => ({ role: "tool", content, name: c.TOOLS[index]?.name })),
      ],
    }),
  },
  closingEvents: 1,
  path: /^\/client\/v4\/accounts\/a1\/ai\/run\/[^/?]+$/,
  isStream: asksInBody,
  streamType: "text/event-stream",
  whole: (scenario) => ({
    result: {
      response: scenario.text ?? "",
      ...(scenario.calls && { tool_calls: callsOf(scenario) }),
      usage: usage(scenario),
    },
    success: true,
    errors: [],
    messages: [],
  }),
  stream: (scenario) => [
    ...pieces(scenario.text ?? "").map((response) => event({ response, p: "abdef" })),
    ...(scenario.calls ? [event({ response: "", tool_calls: callsOf(scenario) })] : []),
    event({ response: "", usage: usage(scenario) }),
    Buffer.from("data: [DONE]\n\n"),
  ],
  failure: (_, message) => failure(message),
  failureWithin200: failure,
  failureEvent: (message) => event(failure(message)),
};
