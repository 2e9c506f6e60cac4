/**
 * iFlytek Spark's envelope of header, parameter and payload. Source: iFlytek Open Platform, "Spark Web API". The
 * frames of its socket are served over HTTP here, as bridges within companies do: JSON texts one after the other.
 */
import * as c from "../../clients/client.ts";
import { type Json, pieces, type Scenario } from "../vendor.ts";
import { BOTH, CONVERSATION, type Shape } from "./shape.ts";

const SID = "cha000b0003@dx18c8d2a6d8cb8f2532";
/** Of a frame: the first, one in the middle, the last. */
const FIRST = 0;
const MIDDLE = 1;
const LAST = 2;

function frame(status: number, seq: number, text: Json, usage?: Scenario["usage"]): Json {
  return {
    header: { code: 0, message: "Success", sid: SID, status },
    payload: {
      choices: { status, seq, text: [{ content: "", role: "assistant", index: 0, ...text }] },
      ...(usage && {
        usage: {
          text: {
            question_tokens: 4,
            prompt_tokens: usage.input,
            completion_tokens: usage.output,
            total_tokens: usage.input + usage.output,
          },
        },
      }),
    },
  };
}

function callOf({ calls }: Scenario): Json {
  const [call] = calls ?? [];
  if (!call) return {};
  const function_call = { name: call.name, arguments: JSON.stringify(call.arguments) };
  return { content_type: "text", function_call };
}

const failure = (message: string): Json => ({ header: { code: 10163, message, sid: SID, status: LAST } });

export const SPARK: Shape = {
  name: "spark",
  format: "spark",
  says: { thinking: true, signature: false, calls: true },
  tells: { parallelCalls: false, length: false, usage: { whole: BOTH, stream: BOTH } },
  asks: {
    text: (_, max_tokens) => ({
      header: { app_id: "app-1", uid: "eureka-ai-proxy" },
      parameter: { chat: { domain: "up", max_tokens } },
      payload: { message: { text: CONVERSATION } },
    }),
    loses: ["top_p", "stop"],
    settings: () => ({
      parameter: { chat: { domain: "up", temperature: 0.25, max_tokens: 3077 } },
    }),
    tools: () => ({
      payload: {
        message: { text: [{ role: "user", content: c.QUESTION }] },
        functions: { text: c.TOOLS },
      },
    }),
  },
  closingEvents: 1,
  path: /^\/v3\.5\/chat\?stream=(true|false)$/,
  isStream: (path) => path.endsWith("stream=true"),
  streamType: "application/json",
  whole: (scenario) =>
    frame(
      LAST,
      0,
      {
        content: scenario.text ?? "",
        ...(scenario.thinking && { reasoning_content: scenario.thinking.text }),
        ...callOf(scenario),
      },
      scenario.usage,
    ),
  stream: (scenario) => {
    const texts: Json[] = [
      ...pieces(scenario.thinking?.text ?? "").map((reasoning_content) => ({ reasoning_content })),
      ...pieces(scenario.text ?? "").map((content) => ({ content })),
      ...(scenario.calls ? [callOf(scenario)] : []),
    ];
    const frames = [
      ...texts.map((text, seq) => frame(seq === 0 ? FIRST : MIDDLE, seq, text)),
      frame(LAST, texts.length, {}, scenario.usage),
    ];
    return frames.map((value) => Buffer.from(JSON.stringify(value)));
  },
  failure: (_, message) => failure(message),
  failureWithin200: failure,
  failureEvent: (message) => Buffer.from(JSON.stringify(failure(message))),
};
