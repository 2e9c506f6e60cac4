/**
 * Harness: a filter that does nothing but keep a registry. Its configuration is text lines:
 *   server CLUSTER PATH AUTHORITY [ZONE [USER PASSWORD]]
 *   zone ZONE | interval MS | timeout MS | grace MS | backoff MS | full MS | mode N
 *   application NAME [FALLBACK ...] | vip NAME | svip NAME
 * After each callback it logs what it knows as one JSON line.
 */
import {
  Slice,
  Utf8,
  borrow,
  equals,
  indexOfByte,
  lengthOf,
  parseDecimal,
  subslice,
  toOwned,
  toText,
} from "../../../assembly/bytes/slice";
import { describeFailure } from "../../../assembly/discovery/failure";
import { LookupKind } from "../../../assembly/discovery/lookup";
import { Registry } from "../../../assembly/discovery/registry";
import { ReadMode, Server, Settings, basicAuthorization } from "../../../assembly/discovery/settings";
import { statusName } from "../../../assembly/discovery/status";
import { ApplicationView, Selection } from "../../../assembly/discovery/view";
import { BufferType, LogLevel } from "../../../assembly/host/abi";
import { readBody } from "../../../assembly/host/body";
import { now, setTickPeriod } from "../../../assembly/host/clock";
import { log } from "../../../assembly/host/log";
import { allocateForHost, releaseInbox } from "../../../assembly/host/memory";

const registries: Map<i32, Registry> = new Map<i32, Registry>();
let views: ApplicationView[] = [];

export function proxy_abi_version_0_2_1(): void {}

export function proxy_on_memory_allocate(size: i32): usize {
  return allocateForHost(size);
}

export function proxy_on_context_create(id: i32, parent: i32): void {}

export function proxy_on_configure(id: i32, size: i32): i32 {
  const text = toOwned(readBody(BufferType.PluginConfiguration, 0, size));
  releaseInbox();
  const settings = new Settings();
  const registry = new Registry(settings, []);
  views = [];
  let rest = borrow(text);
  while (lengthOf(rest) > 0) {
    const end = indexOfByte(rest, 0x0a);
    const line = end < 0 ? rest : subslice(rest, 0, end);
    rest = end < 0 ? 0 : subslice(rest, end + 1, lengthOf(rest));
    configure(registry, settings, wordsOf(line));
  }
  registries.set(id, registry);
  setTickPeriod(registry.tickPeriodMs);
  return 1;
}

function wordsOf(line: Slice): Utf8[] {
  const words: Utf8[] = [];
  let rest = line;
  while (lengthOf(rest) > 0) {
    const end = indexOfByte(rest, 0x20);
    words.push(toOwned(end < 0 ? rest : subslice(rest, 0, end)));
    rest = end < 0 ? 0 : subslice(rest, end + 1, lengthOf(rest));
  }
  return words;
}

function configure(registry: Registry, settings: Settings, words: Utf8[]): void {
  if (words.length < 2) return;
  const name = borrow(words[0]);
  const number = parseDecimal(borrow(words[1]));
  if (equals(name, "server")) {
    const server = new Server();
    server.cluster = words[1];
    server.path = words[2];
    server.authority = words[3];
    if (words.length > 4) server.zone = words[4];
    if (words.length > 6) server.authorization = basicAuthorization(words[5], words[6]);
    settings.servers.push(server);
  } else if (equals(name, "zone")) settings.zone = words[1];
  else if (equals(name, "interval")) settings.pollIntervalMs = number;
  else if (equals(name, "timeout")) settings.timeoutMs = number;
  else if (equals(name, "grace")) settings.emptyGraceMs = number;
  else if (equals(name, "backoff")) settings.maxBackoffMs = number;
  else if (equals(name, "full")) settings.fullIntervalMs = number;
  else if (equals(name, "mode")) settings.mode = number as ReadMode;
  else {
    const isVip = equals(name, "vip");
    const kind = isVip
      ? LookupKind.Vip
      : equals(name, "svip")
        ? LookupKind.SecureVip
        : LookupKind.Application;
    views.push(registry.viewOf(kind, words[1], new Selection()));
    for (let i = 2; i < words.length; i++) registry.addFallback(kind, words[1], borrow(words[i]));
  }
}

export function proxy_on_tick(id: i32): void {
  if (!registries.has(id)) return;
  const registry = registries.get(id);
  registry.tick(now());
  releaseInbox();
  setTickPeriod(registry.tickPeriodMs);
  report(registry);
  __collect();
}

export function proxy_on_http_call_response(
  id: i32,
  token: i32,
  headers: i32,
  size: i32,
  trailers: i32,
): void {
  if (!registries.has(id)) return;
  const registry = registries.get(id);
  const isOwn = registry.onCallout(token, headers, size, now());
  releaseInbox();
  if (!isOwn) log(LogLevel.Error, "foreign callout");
  report(registry);
  __collect();
}

export function proxy_on_delete(id: i32): void {
  if (!registries.has(id)) return;
  registries.get(id).dispose();
  registries.delete(id);
}

/** Writes what the registry knows as one JSON line; the test reads the last one. */
function report(registry: Registry): void {
  let text = `{"asks":${registry.asks},"ready":${registry.ready},"revision":${registry.revision},"names":{`;
  for (let i = 0; i < registry.count; i++) {
    const entry = registry.entry(i);
    const snapshot = entry.snapshot;
    if (i > 0) text += ",";
    text += `"${toText(borrow(entry.lookup.name))}":{"at":${entry.answeredAt},"failure":"${describeFailure(entry.failure)}",`;
    text += `"known":${entry.isKnown},"answered":${entry.isAnswered},"instances":[`;
    if (snapshot !== null && snapshot.count <= 20) {
      for (let j = 0; j < snapshot.count; j++) {
        if (j > 0) text += ",";
        text += `"${toText(snapshot.id(j))} ${statusName(snapshot.status(j))}"`;
      }
    }
    text += `],"count":${snapshot === null ? -1 : snapshot.count},"endpoints":[`;
    const view = entry.views[entry.views.length - 1];
    for (let j = 0; j < min(view.count, 20); j++) {
      if (j > 0) text += ",";
      text += `"${toText(view.endpoint(j))}"`;
    }
    text += "]}";
  }
  const counters = registry.counters;
  text += `},"calls":${counters.calls},"full":${counters.fullCalls},"delta":${counters.deltaCalls},`;
  text += `"replies":${counters.replies},"adopted":${counters.adopted},"takeovers":${counters.takeovers},`;
  text += `"held":${counters.heldEmpty},"skipped":${counters.skipped},"failures":[`;
  for (let i = 0; i < counters.failures.length; i++) text += `${i > 0 ? "," : ""}${counters.failures[i]}`;
  log(LogLevel.Info, text + "]}");
}
