/** iFlytek's Spark. Source: iFlytek open platform, "Spark HTTP API". Streams need not say why they end. */
import { OPENAI } from "./openai.ts";
import { event, type Json, type Scenario, type Vendor } from "./vendor.ts";

const ENVELOPE = { code: 0, message: "Success", sid: "cha000b0003@dx1905cd86d6bb86d552" };

/** Answers of Chat Completions in Spark's envelope, without what Spark does not say. */
function wrapped(answer: Json): Json {
  const { id: _, object: __, ...rest } = answer;
  return { ...ENVELOPE, ...rest };
}

function unwrap(bytes: Buffer): Json | undefined {
  const text = bytes.toString().slice("data: ".length);
  return text.startsWith("[") ? undefined : (JSON.parse(text) as Json);
}

export const SPARK: Vendor = {
  ...OPENAI,
  format: "spark",
  whole: (scenario: Scenario, model) => wrapped(OPENAI.whole(scenario, model) as Json),
  stream: (scenario, model) =>
    OPENAI.stream(scenario, model).map((bytes) => {
      const answer = unwrap(bytes);
      return answer === undefined ? bytes : event(wrapped(answer));
    }),
  failure: (_, message) => ({ error: { message, type: "api_error", param: null, code: "11200" } }),
  failureEvent: (message) => event({ code: 10110, message, sid: ENVELOPE.sid }),
};
