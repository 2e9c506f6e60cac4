import { Slice, borrow, lengthOf, subslice } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { UNKNOWN } from "../chat/usage";
import { LogLevel } from "../host/abi";
import { isLogged, logBytes } from "../host/log";
import { escape } from "../json/text";
import { Journal } from "./journal";
import { GOOD, outcomeName } from "./outcome";

/** Texts from outside are repeated up to this length. */
const MAX_TEXT: i32 = 256;

const line: Writer = new Writer();

/**
 * Writes one line of JSON about an exchange into the host's log, at level info. It names no address of a client, no
 * credential and nothing of a body but the model. What is not known is left out.
 */
export function writeAccessLog(journal: Journal): void {
  if (!isLogged(LogLevel.Info)) return;
  const usage = journal.usage;
  const service = journal.service;
  line.reset();
  line.ascii('{"event":"ai_request","api":"');
  line.ascii(journal.call.api.name);
  line.ascii('","client":"');
  line.ascii(journal.call.api.client.name);
  line.byte(0x22);
  if (service !== null) text("service", borrow(service.name));
  if (lengthOf(journal.modelName) > 0) text("model", subslice(journal.modelName, 0, MAX_TEXT));
  number("status", journal.status);
  line.ascii(journal.isStream ? ',"stream":true' : ',"stream":false');
  number("duration_ms", journal.durationMs);
  number("first_byte_ms", journal.firstMs);
  number("input_tokens", usage.input);
  number("output_tokens", usage.output);
  number("cached_tokens", usage.cachedInput);
  number("reasoning_tokens", usage.reasoning);
  number("attempts", journal.attempts);
  if (journal.outcome != GOOD) {
    member("error");
    line.byte(0x22);
    line.ascii(outcomeName(journal.outcome));
    line.byte(0x22);
  }
  if (journal.code.byteLength > 0) {
    member("code");
    line.byte(0x22);
    line.bytes(subslice(borrow(journal.code), 0, MAX_TEXT));
    line.byte(0x22);
  }
  if (journal.losses.byteLength > 0) text("dropped_params", borrow(journal.losses));
  line.byte(0x7d);
  logBytes(LogLevel.Info, line.view());
}

function number(name: string, count: i64): void {
  if (count == UNKNOWN) return;
  member(name);
  line.number(count);
}

function text(name: string, utf8: Slice): void {
  member(name);
  line.byte(0x22);
  escape(line, utf8);
  line.byte(0x22);
}

function member(name: string): void {
  line.ascii(',"');
  line.ascii(name);
  line.ascii('":');
}
