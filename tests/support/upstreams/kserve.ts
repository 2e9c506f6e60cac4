/**
 * The generate extension of Triton and KServe. Source: Triton Inference Server, "Generate Extension". It knows
 * neither usage nor reasons to finish, and a stream just ends.
 */
import { event, pieces, type Scenario, type Vendor } from "./vendor.ts";

const answer = (model: string, text: string) => ({
  model_name: model,
  model_version: "1",
  text_output: text,
});

export const KSERVE: Vendor = {
  format: "kserve",
  says: { thinking: false, signature: false, calls: false },
  closingEvents: 0,
  path: /^\/v2\/models\/[^/]+\/generate(_stream)?$/,
  isStream: (path) => path.endsWith("/generate_stream"),
  streamType: "text/event-stream",
  whole: (scenario: Scenario, model) => answer(model, scenario.text ?? ""),
  stream: (scenario, model) => pieces(scenario.text ?? "").map((text) => event(answer(model, text))),
  failure: (_, message) => ({ error: message }),
  failureEvent: (message) => event({ error: message }),
};
