import { Slice, borrow, lengthOf, subslice } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { UNKNOWN } from "../chat/usage";
import { now } from "../host/clock";
import { isHigress } from "../host/gateway";
import { setProperty } from "../host/property";
import { escape } from "../json/text";
import { Journal } from "./journal";
import { GOOD, outcomeName } from "./outcome";

/** Texts from outside are repeated up to this length. */
const MAX_TEXT: i32 = 256;

const value: Writer = new Writer();
/** All attributes as the members of one JSON object, as a part of a JSON string. */
const all: Writer = new Writer();
const json: Writer = new Writer();

/**
 * Sets what is known of the exchange as properties, which on plain Envoy are filter state (`wasm.NAME`). Names and
 * units are those of Higress's ai-statistics: durations in milliseconds, and `ai_log` has them all as JSON, escaped so
 * that it may stand in a text format between quotes. On Higress the traces get OpenTelemetry's names besides.
 */
export function setLogAttributes(journal: Journal): void {
  if (journal.isAttributed) return;
  journal.isAttributed = true;
  json.reset();
  const end = journal.endedAt > 0 ? journal.endedAt : now();
  const usage = journal.usage;
  const service = journal.service;
  const model = journal.modelName;
  if (service !== null) text("ai_service", borrow(service.name), "");
  if (lengthOf(model) > 0) text("model", subslice(model, 0, MAX_TEXT), "gen_ai.request.model");
  ascii("api", journal.call.api.name);
  ascii("response_type", journal.isStream ? "stream" : "normal");
  number("input_token", usage.input, "gen_ai.usage.input_tokens");
  number("output_token", usage.output, "gen_ai.usage.output_tokens");
  if (usage.isKnown) number("total_token", usage.sum, "");
  number("cached_tokens", usage.cachedInput, "gen_ai.usage.cache_read.input_tokens");
  number("reasoning_tokens", usage.reasoning, "gen_ai.usage.reasoning.output_tokens");
  if (journal.isStream) number("llm_first_token_duration", journal.firstMs, "");
  number("llm_service_duration", max<i64>(0, end - journal.startedAt), "");
  number("ai_attempts", journal.attempts, "");
  if (journal.outcome != GOOD) ascii("ai_error", outcomeName(journal.outcome));
  if (journal.losses.byteLength > 0) text("ai_dropped_params", borrow(journal.losses), "");
  json.byte(0x7d);
  all.reset();
  escape(all, json.view());
  setProperty("ai_log", all.view());
}

function number(name: string, count: i64, span: string): void {
  if (count == UNKNOWN) return;
  value.reset();
  value.number(count);
  text(name, value.view(), span);
}

function ascii(name: string, word: string): void {
  value.reset();
  value.ascii(word);
  text(name, value.view(), "");
}

/** @param span name of the span's attribute on Higress; "" for none */
function text(name: string, utf8: Slice, span: string): void {
  setProperty(name, utf8);
  if (span.length > 0 && isHigress()) setProperty(`trace_span_tag.${span}`, utf8);
  json.byte(json.length == 0 ? 0x7b : 0x2c);
  json.byte(0x22);
  json.ascii(name);
  json.ascii('":"');
  escape(json, utf8);
  json.byte(0x22);
}
