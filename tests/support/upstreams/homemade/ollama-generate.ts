/** Ollama's `/api/generate`. Source: Ollama, API reference, "Generate a completion". */
import * as c from "../../clients/client.ts";
import { CREATED, type Json, pieces, type Scenario } from "../vendor.ts";
import { BOTH, type Shape, transcript } from "./shape.ts";

const created_at = new Date(CREATED * 1000).toISOString();
const line = (value: Json) => Buffer.from(`${JSON.stringify(value)}\n`);

function last({ usage, finish }: Scenario): Json {
  return {
    done: true,
    done_reason: finish ?? "stop",
    context: [1, 2, 3],
    total_duration: 5_043_500_667,
    load_duration: 5_025_959,
    prompt_eval_count: usage.input,
    prompt_eval_duration: 325_953_000,
    eval_count: usage.output,
    eval_duration: 4_709_213_000,
  };
}

export const OLLAMA_GENERATE: Shape = {
  name: "ollama-generate",
  format: "ollama-generate",
  says: { thinking: true, signature: false, calls: false },
  tells: { parallelCalls: false, length: true, usage: { whole: BOTH, stream: BOTH } },
  asks: {
    text: (stream, num_predict) => ({
      model: "up",
      system: c.SYSTEM,
      prompt: `${transcript("\n", false)}Assistant:`,
      stream,
      options: { num_predict },
    }),
    settings: (stop) => ({ options: { temperature: 0.25, top_p: 0.75, num_predict: 3077, stop } }),
  },
  closingEvents: 1,
  path: /^\/api\/generate$/,
  isStream: (_, body) => body.stream !== false,
  streamType: "application/x-ndjson",
  whole: (scenario, model) => ({
    model,
    created_at,
    response: scenario.text ?? "",
    ...(scenario.thinking && { thinking: scenario.thinking.text }),
    ...last(scenario),
  }),
  stream: (scenario, model) => [
    ...pieces(scenario.thinking?.text ?? "").map((thinking) =>
      line({ model, created_at, response: "", thinking, done: false }),
    ),
    ...pieces(scenario.text ?? "").map((response) => line({ model, created_at, response, done: false })),
    line({ model, created_at, response: "", ...last(scenario) }),
  ],
  failure: (_, error) => ({ error }),
  failureEvent: (error) => line({ error }),
};
