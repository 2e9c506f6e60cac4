/**
 * A service as many a company has written it with Spring Boot: `{code, msg, data}` around everything, status 200
 * whatever happens, and a stream whose events repeat the text so far. Sources: Spring Framework reference,
 * "Server-Sent Events"; the response envelope that generators such as RuoYi's `AjaxResult` document.
 */
import * as c from "../../clients/client.ts";
import { event, type Json, pieces, type Scenario } from "../vendor.ts";
import { BOTH, growing, type Shape } from "./shape.ts";

const envelope = (data: Json): Json => ({ code: 200, msg: "success", data, traceId: "f2a1c0" });

function end({ usage, finish }: Scenario): Json {
  return {
    finished: true,
    stopReason: finish === "length" ? "MAX_TOKENS" : "COMPLETE",
    tokens: { in: usage.input, out: usage.output },
  };
}

const failure = (msg: string): Json => ({ code: 50012, msg, data: null, traceId: "f2a1c0" });

export const SPRING: Shape = {
  name: "spring",
  format: "spring",
  says: { thinking: true, signature: false, calls: false },
  tells: { parallelCalls: false, length: true, usage: { whole: BOTH, stream: BOTH } },
  asks: {
    text: (_, maxTokens) => ({
      question: c.QUESTION,
      systemPrompt: c.SYSTEM,
      history: [
        { speaker: "USER", text: "Hello" },
        { speaker: "BOT", text: c.EARLIER },
        { speaker: "USER", text: c.QUESTION },
      ],
      options: { temperature: 0.7, maxTokens },
    }),
    loses: ["stop"],
    settings: () => ({ options: { temperature: 0.25, topP: 0.75, maxTokens: 3077 } }),
  },
  closingEvents: 1,
  path: /^\/api\/v1\/assistant\/(ask|ask-stream)$/,
  isStream: (path) => path.endsWith("/ask-stream"),
  streamType: "text/event-stream;charset=UTF-8",
  whole: (scenario) =>
    envelope({
      answer: scenario.text ?? "",
      reasoning: scenario.thinking?.text ?? null,
      ...end(scenario),
    }),
  stream: (scenario) => {
    const reasoning = scenario.thinking?.text ?? "";
    const open = { finished: false, stopReason: null, tokens: null };
    return [
      ...growing(pieces(reasoning)).map((text) => event(envelope({ answer: "", reasoning: text, ...open }))),
      ...growing(pieces(scenario.text ?? "")).map((answer) =>
        event(envelope({ answer, reasoning, ...open })),
      ),
      event(envelope({ answer: scenario.text ?? "", reasoning, ...end(scenario) })),
    ];
  },
  failure: (_, msg) => failure(msg),
  failureWithin200: failure,
  failureEvent: (msg) => event(failure(msg)),
};
