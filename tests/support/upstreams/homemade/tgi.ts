/**
 * Text Generation Inference's `/generate` and `/generate_stream`. Source: Hugging Face, "Text Generation Inference",
 * "HTTP API Reference". A prompt goes in; a stream's last event repeats the whole text beside a special token.
 */
import * as c from "../../clients/client.ts";
import { event, type Json, pieces, type Scenario } from "../vendor.ts";
import { BOTH, type Shape } from "./shape.ts";

const finishReason = ({ finish }: Scenario) => finish ?? "eos_token";

const token = (text: string, special = false): Json => ({ id: 1, text, logprob: -0.25, special });

export const TGI: Shape = {
  name: "tgi",
  format: "tgi",
  says: { thinking: false, signature: false, calls: false },
  tells: {
    parallelCalls: false,
    length: true,
    usage: { whole: { input: false, output: true }, stream: BOTH },
  },
  asks: {
    text: (_, maxTokens = 1024) => ({
      inputs:
        `<|system|>\n${c.SYSTEM}</s>\n<|user|>\nHello</s>\n<|assistant|>\n${c.EARLIER}</s>\n` +
        `<|user|>\n${c.QUESTION}</s>\n<|assistant|>\n`,
      parameters: { max_new_tokens: maxTokens, details: true },
    }),
    settings: (stop) => ({
      parameters: { max_new_tokens: 3077, temperature: 0.25, top_p: 0.75, stop, details: true },
    }),
  },
  closingEvents: 1,
  path: /^\/generate(_stream)?$/,
  isStream: (path) => path === "/generate_stream",
  streamType: "text/event-stream",
  whole: (scenario) => ({
    generated_text: scenario.text ?? "",
    details: {
      finish_reason: finishReason(scenario),
      generated_tokens: scenario.usage.output,
      seed: null,
      prefill: [],
      tokens: [token(scenario.text ?? "")],
    },
  }),
  stream: (scenario) => {
    const texts = pieces(scenario.text ?? "").map((text) => token(text));
    // At the limit the last token is text; else it is the special one that ends a sequence.
    const tokens = scenario.finish === "length" ? texts : [...texts, token("</s>", true)];
    const details = {
      finish_reason: finishReason(scenario),
      generated_tokens: scenario.usage.output,
      input_length: scenario.usage.input,
      seed: null,
    };
    return tokens.map((value, index) => {
      const isLast = index === tokens.length - 1;
      return event({
        index: index + 1,
        token: value,
        generated_text: isLast ? (scenario.text ?? "") : null,
        details: isLast ? details : null,
      });
    });
  },
  failure: (_, message) => ({ error: message, error_type: "generation" }),
  failureEvent: (message) => event({ error: message, error_type: "generation" }),
};
