/** llama.cpp's `/completion`. Source: llama.cpp, "LLaMA.cpp HTTP Server", "POST /completion". */
import * as c from "../../clients/client.ts";
import { asksInBody, event, type Json, pieces, type Scenario } from "../vendor.ts";
import { BOTH, type Shape } from "./shape.ts";

function last({ usage, finish }: Scenario, content: string): Json {
  return {
    index: 0,
    content,
    tokens: [],
    id_slot: 0,
    stop: true,
    model: "model.gguf",
    tokens_predicted: usage.output,
    tokens_evaluated: usage.input,
    has_new_line: false,
    truncated: false,
    stop_type: finish === "length" ? "limit" : "eos",
    stopping_word: "",
    tokens_cached: usage.input + usage.output,
    timings: { prompt_ms: 30.5, predicted_ms: 410.25 },
  };
}

const failure = (code: number, message: string): Json => ({ error: { code, message, type: "server_error" } });

export const LLAMA_CPP: Shape = {
  name: "llama-cpp",
  format: "llama-cpp",
  says: { thinking: false, signature: false, calls: false },
  tells: { parallelCalls: false, length: true, usage: { whole: BOTH, stream: BOTH } },
  asks: {
    text: (stream, n_predict = -1) => ({
      prompt:
        `<|im_start|>system\n${c.SYSTEM}<|im_end|>\n<|im_start|>user\nHello<|im_end|>\n` +
        `<|im_start|>assistant\n${c.EARLIER}<|im_end|>\n<|im_start|>user\n${c.QUESTION}<|im_end|>\n` +
        "<|im_start|>assistant\n",
      stream,
      n_predict,
      cache_prompt: true,
    }),
    settings: (stop) => ({ n_predict: 3077, temperature: 0.25, top_p: 0.75, stop }),
  },
  closingEvents: 1,
  path: /^\/completion$/,
  isStream: asksInBody,
  streamType: "text/event-stream",
  whole: (scenario) => last(scenario, scenario.text ?? ""),
  stream: (scenario) => [
    ...pieces(scenario.text ?? "").map((content, index) =>
      event({
        index: 0,
        content,
        tokens: [7],
        stop: false,
        id_slot: -1,
        tokens_predicted: index + 1,
        tokens_evaluated: scenario.usage.input,
      }),
    ),
    event(last(scenario, "")),
  ],
  failure,
  failureEvent: (message) => event(failure(500, message)),
};
