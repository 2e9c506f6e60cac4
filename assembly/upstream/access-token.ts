import { SHA256_BYTES, sha256 } from "../bytes/sha256";
import {
  EMPTY,
  NONE,
  Slice,
  Utf8,
  borrow,
  lengthOf,
  parseDecimal,
  pointerOf,
  slice,
  subslice,
  toOwned,
  toText,
} from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { TokenSource } from "../config/credentials";
import { BufferType, LogLevel, MapType } from "../host/abi";
import { readBody } from "../host/body";
import { calloutHeaders, httpCall } from "../host/callout";
import { getHeader } from "../host/headers";
import { log } from "../host/log";
import { getShared, setShared, sharedVersion } from "../host/shared";
import { Document } from "../json/document";

/** Milliseconds that Google's answer may take. */
const TIMEOUT_MS: i32 = 5000;

/** After this much more, a call is taken for lost, and another worker may ask. */
const LOST_MS: i64 = 1000;

/** A token is not used in its last moments: the request has to arrive as well. Milliseconds. */
const MARGIN_MS: i64 = 10000;

/** How long a token is good where Google does not say so. Seconds. */
const LIFETIME: i64 = 3600;
const MS_PER_SECOND: i64 = 1000;

/** Pause after the first failure; twice as long after each further one, up to the second number. Milliseconds. */
const PAUSE_MS: i64 = 1000;
const MAX_PAUSE_MS: i64 = 60000;
const MAX_DOUBLINGS: i32 = 6;

const MAX_REPLY_BYTES: i32 = 1 << 16;
const MAX_REASON_BYTES: i32 = 160;
const OK: i32 = 200;

/**
 * What all workers know, in the shared data under a hash of account, scope and cluster: i64 end of the token, i64 time
 * from which it is to be replaced, i64 time until which one worker asks and the others do not, i64 failures in a row;
 * then the header's value, or where there is none why.
 */
const REFRESH_AT: usize = 8;
const CLAIMED_UNTIL: usize = 16;
const FAILURES: usize = 24;
const TEXT: i32 = 32;

/** A version that no value has: the host then writes only where there is none yet. */
const ABSENT_VERSION: u32 = u32.MAX_VALUE;

const scratch: Writer = new Writer();
const record: Writer = new Writer();

/**
 * The access token of a Google service account: got by a callout, kept for all workers, and replaced before it ends.
 * Of all workers one asks. A request only reads.
 */
@final
export class AccessToken {
  /** Value of the header `authorization`; empty where there is no token. Secret. */
  value: Utf8 = EMPTY;
  /** Why there is none, printable ASCII without quotes and backslashes; "" where nobody knows yet. */
  reason: string = "";
  private readonly key: Utf8;
  private endsAt: i64 = 0;
  private refreshAt: i64 = 0;
  private failures: i64 = 0;
  private claimedUntil: i64 = 0;
  private version: u32 = 0;
  /** Token of the callout that is under way, or -1. */
  private call: i32 = -1;
  private sentAt: i64 = 0;

  constructor(readonly source: TokenSource) {
    this.key = keyOf(source);
    this.read();
  }

  /** Whether the token may be used. */
  isGood(now: i64): bool {
    return this.value.byteLength > 0 && this.endsAt - MARGIN_MS > now;
  }

  /** Whether it may be worth while to wait for a token. */
  get isHoped(): bool {
    return this.reason.length == 0;
  }

  /** Time passes: asks for a token where there is none, or a new one is due. */
  tick(now: i64): void {
    if (this.call >= 0) {
      if (now - this.sentAt > (TIMEOUT_MS as i64) + LOST_MS) this.fail("did not answer in time", now);
      return;
    }
    if (now < this.refreshAt) return;
    this.read();
    if (now < this.refreshAt || now < this.claimedUntil) return;
    if (this.claim(now + TIMEOUT_MS + LOST_MS)) this.ask(now);
  }

  /** A callout was answered; `headers` is 0 where it failed. False: it is not this one. */
  onCallout(token: i32, headers: i32, size: i32, now: i64): bool {
    if (this.call < 0 || token != this.call) return false;
    this.call = -1;
    if (headers == 0) this.fail("cannot be reached", now);
    else this.receive(parseDecimal(getHeader(MapType.CalloutHeaders, ":status")), size, now);
    return true;
  }

  private ask(now: i64): void {
    const account = this.source.account;
    scratch.reset();
    if (!account.writeRequest(scratch, this.source.scope, now)) {
      this.fail("was not asked, because the private key's numbers do not belong together", now);
      return;
    }
    calloutHeaders.reset();
    calloutHeaders.addText(":method", "POST");
    calloutHeaders.add(":path", borrow(account.path));
    calloutHeaders.add(":authority", borrow(account.host));
    calloutHeaders.addText("content-type", "application/x-www-form-urlencoded");
    calloutHeaders.addText("accept", "application/json");
    calloutHeaders.addText("accept-encoding", "identity");
    this.sentAt = now;
    this.call = httpCall(this.source.cluster, scratch.view(), TIMEOUT_MS);
    scratch.reset();
    if (this.call < 0) {
      this.fail("cannot be called: no usable cluster " + toText(borrow(this.source.cluster)), now);
    }
  }

  private receive(status: i32, size: i32, now: i64): void {
    const document = new Document();
    const body = readBody(BufferType.CalloutBody, 0, min(size, MAX_REPLY_BYTES));
    const isJson = document.parse(body) && document.isObject(document.root);
    const token = isJson ? document.body(document.find(document.root, "access_token")) : NONE;
    if (status == OK && isHeaderValue(token)) {
      const lifetime = document.integer(document.find(document.root, "expires_in"), LIFETIME);
      this.accept(token, max<i64>(0, min(lifetime, 24 * LIFETIME)) * MS_PER_SECOND, now);
    } else if (isJson && status != OK) {
      const error = printable(document.body(document.find(document.root, "error")));
      const description = printable(document.body(document.find(document.root, "error_description")));
      this.fail(`answered ${status} ${error} ${description}`.trimEnd(), now);
    } else {
      this.fail(`answered ${status} without an access token`, now);
    }
    document.dispose();
  }

  private accept(token: Slice, lifetime: i64, now: i64): void {
    scratch.reset();
    scratch.ascii("Bearer ");
    scratch.bytes(token);
    this.value = toOwned(scratch.view());
    scratch.reset();
    this.reason = "";
    this.endsAt = now + lifetime;
    // A token that lives shorter than expected must not be asked for all the time.
    this.refreshAt = max(this.endsAt - (this.source.refreshAheadMs as i64), now + lifetime / 2);
    this.failures = 0;
    this.claimedUntil = 0;
    this.write();
  }

  /** The others neither ask until the pause is over. A token that is still good stays. */
  private fail(what: string, now: i64): void {
    this.call = -1;
    this.failures++;
    this.claimedUntil = now + min(PAUSE_MS << min<i64>(this.failures - 1, MAX_DOUBLINGS), MAX_PAUSE_MS);
    const message = printable(borrow(this.source.account.host)) + " " + what;
    if (!this.isGood(now)) {
      this.value = EMPTY;
      this.endsAt = 0;
      this.reason = message;
    }
    log(LogLevel.Warn, `eureka-ai-proxy: no access token: ${message}`);
    this.write();
  }

  private claim(until: i64): bool {
    this.claimedUntil = until;
    return this.write();
  }

  /** Takes over what the shared data has, where it has anything. */
  private read(): void {
    const value = getShared(borrow(this.key));
    this.version = sharedVersion == 0 ? ABSENT_VERSION : sharedVersion;
    if (lengthOf(value) < TEXT) return;
    const pointer = pointerOf(value);
    const text = subslice(value, TEXT, lengthOf(value));
    this.endsAt = load<i64>(pointer);
    this.refreshAt = load<i64>(pointer, REFRESH_AT);
    this.claimedUntil = load<i64>(pointer, CLAIMED_UNTIL);
    this.failures = load<i64>(pointer, FAILURES);
    this.value = this.endsAt > 0 ? toOwned(text) : EMPTY;
    this.reason = this.endsAt > 0 ? "" : printable(text);
  }

  /** False where another worker was faster. */
  private write(): bool {
    record.reset();
    const pointer = record.reserve(TEXT);
    store<i64>(pointer, this.endsAt);
    store<i64>(pointer, this.refreshAt, REFRESH_AT);
    store<i64>(pointer, this.claimedUntil, CLAIMED_UNTIL);
    store<i64>(pointer, this.failures, FAILURES);
    record.advance(TEXT);
    if (this.endsAt > 0) record.owned(this.value);
    else record.ascii(this.reason);
    const isWritten = setShared(borrow(this.key), record.view(), this.version);
    memory.fill(pointerOf(record.view()), 0, record.length);
    if (isWritten) this.read();
    return isWritten;
  }
}

/** Account, scope and cluster: what has another of these has another token. */
function keyOf(source: TokenSource): Utf8 {
  scratch.reset();
  scratch.owned(source.account.email);
  scratch.byte(0);
  scratch.owned(source.scope);
  scratch.byte(0);
  scratch.owned(source.cluster);
  record.reset();
  sha256(record, scratch.view());
  scratch.reset();
  scratch.ascii("eureka-ai-proxy.1.token.");
  scratch.hex(slice(pointerOf(record.view()), SHA256_BYTES / 2));
  return toOwned(scratch.view());
}

/** Visible ASCII without what JSON escapes. */
function isHeaderValue(text: Slice): bool {
  for (let i = 0; i < lengthOf(text); i++) {
    const byte = load<u8>(pointerOf(text) + i);
    if (byte <= 0x20 || byte >= 0x7f || byte == 0x22 || byte == 0x5c) return false;
  }
  return lengthOf(text) > 0;
}

/** What can stand in a message and in a log as it is, of the beginning of a text from outside. */
function printable(text: Slice): string {
  let clean = "";
  for (let i = 0; i < min(lengthOf(text), MAX_REASON_BYTES); i++) {
    const byte = load<u8>(pointerOf(text) + i);
    const isPlain = byte >= 0x20 && byte < 0x7f && byte != 0x22 && byte != 0x5c;
    clean += isPlain ? String.fromCharCode(byte) : "?";
  }
  return clean;
}
