import { Utf8, borrow, lengthOf, parseDecimal, same } from "../bytes/slice";
import { encodePercent } from "../bytes/percent";
import { Writer } from "../bytes/writer";
import { BufferType, MapType } from "../host/abi";
import { readWindow } from "../host/body";
import { calloutHeaders, httpCall } from "../host/callout";
import { getHeader } from "../host/headers";
import { Counters, Entry } from "./catalog";
import { Failure } from "./failure";
import { Ask, Poll } from "./poll";
import { ReplyReader } from "./reply";
import { Jitter, nextPoll, nextTry } from "./schedule";
import { Servers } from "./servers";
import { Settings } from "./settings";
import { ApplicationSink, RegistrySink } from "./sinks";
import { Snapshot } from "./snapshot";

/** Servers that are tried before a round is given up. */
const MAX_TRIES: i32 = 3;

/** Changes stay in a delta for three minutes: after a longer silence some may have been missed. */
const DELTA_GOOD_MS: i64 = 150000;

/** How long a server's refusal to give deltas (403, 404) is believed. */
const DELTA_REFUSED_MS: i64 = 3600000;

/** Largest reply that is read: 64 MiB are about 75,000 instances. */
const MAX_REPLY_BYTES: i32 = 64 << 20;

/** After twice the time-out and this much more, a call is taken for lost. Milliseconds. */
const LOST_MS: i64 = 1000;

const OK: i32 = 200;
const UNAUTHORIZED: i32 = 401;
const FORBIDDEN: i32 = 403;
const NOT_FOUND: i32 = 404;
const GATEWAY_TIMEOUT: i32 = 504;

/** Scratch of one callback; nothing in it outlives the callback. */
const reader: ReplyReader = new ReplyReader();
const path: Writer = new Writer();

/** Is told what Eureka answered. */
export abstract class NewsSink {
  /** Instances of a name, owned by the receiver from now on; `time` is when Eureka was asked (ms). */
  abstract onNews(entry: i32, snapshot: Snapshot, time: i64, now: i64): void;
  /** Eureka was asked at `time`, and nothing has changed for this name. */
  abstract onNoChange(entry: i32, time: i64, now: i64): void;
}

/**
 * Asks Eureka by callouts: when, which server, and what to do with what comes back. Only the worker that holds the
 * lease runs it.
 */
@final
export class Refresh {
  private servers: Servers;
  private jitter: Jitter;
  private polls: Poll[] = [];
  private application: ApplicationSink = new ApplicationSink();
  private registry: RegistrySink | null = null;
  /** Whether the registry sink knows every instance, so that a delta will do. */
  private isComplete: bool = false;
  private fullAt: i64 = 0;
  private deltaFrom: i64 = 0;

  constructor(
    private settings: Settings,
    private entries: Entry[],
    private news: NewsSink,
    private counters: Counters,
    readsRegistry: bool,
    seed: u64,
  ) {
    this.servers = new Servers(settings);
    this.jitter = new Jitter(seed);
    if (readsRegistry) {
      this.registry = new RegistrySink(entries);
      this.polls.push(new Poll(-1));
    } else {
      for (let i = 0; i < entries.length; i++) this.polls.push(new Poll(i));
    }
  }

  /** This worker asks from now on: it goes on where the one before stopped. */
  start(now: i64): void {
    this.isComplete = false;
    for (let i = 0; i < this.polls.length; i++) {
      const poll = this.polls[i];
      const answeredAt = this.answeredAt(poll.entry);
      poll.failures = 0;
      poll.dueAt =
        answeredAt == 0 ? now : nextPoll(answeredAt, this.settings.pollIntervalMs, this.jitter.next());
    }
  }

  /** Sends what is due. @param period milliseconds to the next tick: what falls due before it is sent now */
  tick(now: i64, period: i32): void {
    for (let i = 0; i < this.polls.length; i++) {
      const poll = this.polls[i];
      if (poll.token >= 0 && now - poll.sentAt > 2 * (this.settings.timeoutMs as i64) + LOST_MS) {
        // The host owes an answer or a failure to every call. If it forgot one, the poll must not stand still.
        this.fail(poll, Failure.Timeout, now);
      } else if (poll.token < 0 && poll.dueAt < now + period) {
        poll.tries = 0;
        this.send(poll, now);
      }
    }
  }

  /**
   * Takes the answer to a call: `headers` is its number of headers, 0 where there was no answer.
   * @returns false where the call was not one of these.
   */
  onCallout(token: i32, headers: i32, size: i32, now: i64): bool {
    const poll = this.pollOf(token);
    if (poll === null) return false;
    poll.token = -1;
    const failure = headers == 0 ? Failure.Unreachable : this.receive(poll, size, now);
    if (failure != Failure.None) this.fail(poll, failure, now);
    return true;
  }

  /** Whether a round without news has ended since the last news for the name, or since the start. */
  hasFailed(entry: i32): bool {
    const poll = this.registry === null ? this.polls[entry] : this.polls[0];
    return poll.failures > 0;
  }

  /** Frees the memory. */
  dispose(): void {
    this.application.dispose();
    const registry = this.registry;
    if (registry !== null) registry.dispose();
  }

  // ---- asking -----------------------------------------------------------------------------------------------

  private send(poll: Poll, now: i64): void {
    poll.sentAt = now;
    poll.server = this.servers.choose(now);
    if (poll.server < 0) {
      poll.dueAt = i64.MAX_VALUE;
      return;
    }
    poll.ask = this.askOf(poll, now);
    const server = this.servers.at(poll.server);
    this.writePath(poll, server.path);
    calloutHeaders.reset();
    calloutHeaders.addText(":method", "GET");
    calloutHeaders.add(":path", path.view());
    calloutHeaders.add(
      ":authority",
      borrow(server.authority.byteLength > 0 ? server.authority : server.cluster),
    );
    calloutHeaders.addText("accept", "application/json");
    calloutHeaders.addText("accept-encoding", "identity");
    if (server.authorization.byteLength > 0)
      calloutHeaders.add("authorization", borrow(server.authorization));
    this.counters.calls++;
    if (poll.ask == Ask.Full) this.counters.fullCalls++;
    if (poll.ask == Ask.Delta) this.counters.deltaCalls++;
    poll.token = httpCall(server.cluster, 0, this.settings.timeoutMs);
    if (poll.token < 0) this.fail(poll, Failure.Refused, now);
  }

  /** A delta is enough where the registry is known, the last answer fresh, and the last full one not too old. */
  private askOf(poll: Poll, now: i64): Ask {
    if (poll.entry >= 0) return Ask.Application;
    const isFresh = this.isComplete && now - poll.answeredAt < DELTA_GOOD_MS;
    const isFullRecent = now - this.fullAt < this.settings.fullIntervalMs;
    return isFresh && isFullRecent && now >= this.deltaFrom ? Ask.Delta : Ask.Full;
  }

  private writePath(poll: Poll, prefix: Utf8): void {
    path.reset();
    path.owned(prefix);
    path.ascii(poll.ask == Ask.Delta ? "/apps/delta" : "/apps");
    if (poll.ask != Ask.Application) return;
    path.byte(0x2f);
    encodePercent(path, borrow(this.entries[poll.entry].lookup.name));
  }

  // ---- answers ----------------------------------------------------------------------------------------------

  private receive(poll: Poll, size: i32, now: i64): Failure {
    const status = parseDecimal(getHeader(MapType.CalloutHeaders, ":status"));
    if (status == NOT_FOUND && poll.ask == Ask.Application) {
      this.application.begin(this.entries[poll.entry], 0);
      this.tellApplication(poll, now);
      return Failure.None;
    }
    if ((status == NOT_FOUND || status == FORBIDDEN) && poll.ask == Ask.Delta) {
      this.deltaFrom = now + DELTA_REFUSED_MS;
      this.send(poll, now);
      return Failure.None;
    }
    if (status != OK) return failureOfStatus(status);
    if (size > MAX_REPLY_BYTES) return Failure.TooLarge;
    return poll.entry >= 0 ? this.receiveApplication(poll, size, now) : this.receiveRegistry(poll, size, now);
  }

  private receiveApplication(poll: Poll, size: i32, now: i64): Failure {
    this.application.begin(this.entries[poll.entry], size);
    reader.begin(this.application);
    if (!readBody(size)) {
      this.application.dispose();
      return reader.failure;
    }
    this.counters.skipped += reader.skipped;
    this.tellApplication(poll, now);
    return Failure.None;
  }

  private tellApplication(poll: Poll, now: i64): void {
    this.succeed(poll);
    this.news.onNews(poll.entry, this.application.finish(poll.sentAt), poll.sentAt, now);
  }

  private receiveRegistry(poll: Poll, size: i32, now: i64): Failure {
    const registry = this.registry;
    if (registry === null) return Failure.Shape;
    const isDelta = poll.ask == Ask.Delta;
    registry.begin(isDelta);
    reader.begin(registry);
    const isWhole = readBody(size);
    if (!isWhole || (isDelta && !same(registry.hashCode(), reader.hashCode))) {
      registry.abandon();
      this.isComplete = false;
      if (!isWhole) return reader.failure;
      // Not the server's fault: something was missed. The same server tells everything.
      this.counters.failures[Failure.HashCode] += 1;
      this.send(poll, now);
      return Failure.None;
    }
    this.counters.skipped += reader.skipped;
    this.isComplete = true;
    if (!isDelta) this.fullAt = poll.sentAt;
    this.succeed(poll);
    for (let i = 0; i < this.entries.length; i++) {
      const snapshot = registry.finish(i, poll.sentAt);
      if (snapshot !== null) this.news.onNews(i, snapshot, poll.sentAt, now);
      else this.news.onNoChange(i, poll.sentAt, now);
    }
    return Failure.None;
  }

  private succeed(poll: Poll): void {
    this.counters.replies++;
    poll.failures = 0;
    poll.tries = 0;
    poll.answeredAt = poll.sentAt;
    poll.dueAt = nextPoll(poll.sentAt, this.settings.pollIntervalMs, this.jitter.next());
    this.setFailure(poll, Failure.None);
  }

  /** No news: the next server is asked at once, and after the last one there is a pause. */
  private fail(poll: Poll, failure: Failure, now: i64): void {
    poll.token = -1;
    this.counters.failures[failure] += 1;
    this.setFailure(poll, failure);
    this.servers.fail(poll.server);
    if (++poll.tries < min(MAX_TRIES, this.servers.count)) {
      this.send(poll, now);
      return;
    }
    poll.tries = 0;
    poll.failures++;
    poll.dueAt = nextTry(now, poll.failures, this.settings.maxBackoffMs, this.jitter.next());
  }

  private setFailure(poll: Poll, failure: Failure): void {
    if (poll.entry >= 0) {
      this.entries[poll.entry].failure = failure;
      return;
    }
    for (let i = 0; i < this.entries.length; i++) this.entries[i].failure = failure;
  }

  private pollOf(token: i32): Poll | null {
    for (let i = 0; i < this.polls.length; i++) {
      if (this.polls[i].token == token) return this.polls[i];
    }
    return null;
  }

  /** When Eureka last answered for a name, or for the name it answered for least recently. */
  private answeredAt(entry: i32): i64 {
    if (entry >= 0) return this.entries[entry].answeredAt;
    let oldest: i64 = i64.MAX_VALUE;
    for (let i = 0; i < this.entries.length; i++) oldest = min(oldest, this.entries[i].answeredAt);
    return this.entries.length == 0 ? 0 : oldest;
  }
}

/** Feeds the reader the whole body, a window at a time. False: there is no news in it. */
function readBody(size: i32): bool {
  let at = 0;
  while (at < size) {
    const window = readWindow(BufferType.CalloutBody, at);
    const length = lengthOf(window);
    if (length == 0 || !reader.feed(window)) break;
    at += length;
  }
  return reader.end();
}

function failureOfStatus(status: i32): Failure {
  if (status == UNAUTHORIZED || status == FORBIDDEN) return Failure.Denied;
  return status == GATEWAY_TIMEOUT ? Failure.Timeout : Failure.Status;
}
