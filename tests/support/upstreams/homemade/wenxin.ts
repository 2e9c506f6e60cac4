/**
 * Baidu's ERNIE Bot API before Qianfan v2. Source: Baidu AI Cloud, Qianfan, "ERNIE-4.0-8K". The key is a query
 * parameter, the system text stands beside the messages, and errors come with status 200.
 */
import * as c from "../../clients/client.ts";
import { asksInBody, CREATED, event, type Json, pieces, type Scenario } from "../vendor.ts";
import { BOTH, CONVERSATION, type Shape } from "./shape.ts";

const ID = "as-bcmt5ct4iy";

function usage({ usage: { input, output } }: Scenario): Json {
  return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
}

function end(scenario: Scenario): Json {
  const [call] = scenario.calls ?? [];
  return {
    is_truncated: scenario.finish === "length",
    finish_reason: scenario.finish ?? (call ? "function_call" : "normal"),
    need_clear_history: false,
    ...(call && {
      function_call: { name: call.name, arguments: JSON.stringify(call.arguments), thoughts: "" },
    }),
    usage: usage(scenario),
  };
}

const failure = (error_msg: string): Json => ({ error_code: 336501, error_msg, id: ID });

export const WENXIN: Shape = {
  name: "wenxin",
  format: "wenxin",
  says: { thinking: false, signature: false, calls: true },
  tells: { parallelCalls: false, length: true, usage: { whole: BOTH, stream: BOTH } },
  asks: {
    text: (stream, max_output_tokens) => ({
      system: c.SYSTEM,
      messages: CONVERSATION.slice(1),
      stream,
      max_output_tokens,
    }),
    settings: (stop) => ({ temperature: 0.25, top_p: 0.75, max_output_tokens: 3077, stop }),
    tools: () => ({ functions: c.TOOLS }),
  },
  closingEvents: 1,
  path: /^\/rpc\/2\.0\/ai_custom\/v1\/wenxinworkshop\/chat\/up\?access_token=[^&]+$/,
  isStream: asksInBody,
  streamType: "text/event-stream",
  whole: (scenario) => ({
    id: ID,
    object: "chat.completion",
    created: CREATED,
    result: scenario.text ?? "",
    ...end(scenario),
  }),
  stream: (scenario) => {
    const base = { id: ID, object: "chat.completion", created: CREATED };
    const texts = pieces(scenario.text ?? "");
    return [
      ...texts.map((result, sentence_id) =>
        event({
          ...base,
          sentence_id,
          is_end: false,
          is_truncated: false,
          result,
          need_clear_history: false,
          usage: usage({ ...scenario, usage: { input: scenario.usage.input, output: 1 } }),
        }),
      ),
      event({ ...base, sentence_id: texts.length, is_end: true, result: "", ...end(scenario) }),
    ];
  },
  failure: (_, message) => failure(message),
  failureWithin200: failure,
  failureEvent: (message) => event(failure(message)),
};
