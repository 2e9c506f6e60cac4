import { Alphabet, encodeBase64 } from "../bytes/base64";
import { Utf8, borrow, hash, toOwned } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { EurekaServer, EurekaSettings } from "../config/model";
import { Lookup } from "./lookup";

/** How much of the registry is asked for. */
export enum ReadMode {
  /** By the number of names that are needed, see `readsWholeRegistry`. */
  Auto,
  /** `/apps/{APP}` for each application. */
  Applications,
  /** `/apps` once, then `/apps/delta`. */
  Registry,
}

/**
 * From this many applications on, the whole registry is read. One application costs one call of about 0.9 KB an
 * instance each time, whether something changed or not; the whole registry costs one small delta each time, but also
 * a full reply (0.9 KB for every instance of the company) at the start, now and then, and after each mismatch. With
 * few names the first is less work for everybody; with many, it is the number of calls that hurts Eureka.
 */
const REGISTRY_FROM: i32 = 16;

/** One Eureka server. Texts that may be absent are empty then. */
export class Server {
  /** Envoy's name of the cluster. */
  cluster: Utf8 = new ArrayBuffer(0);
  /** Path of the API, without "/" at its end: `/eureka`, `/eureka/v2`, or empty. */
  path: Utf8 = new ArrayBuffer(0);
  authority: Utf8 = new ArrayBuffer(0);
  /** Value of the `authorization` header, ready to be sent, see `basicAuthorization`. Secret. */
  authorization: Utf8 = new ArrayBuffer(0);
  /** Zone that the server stands in. */
  zone: Utf8 = new ArrayBuffer(0);
}

/** How Eureka is read. Times in milliseconds. */
export class Settings {
  /** In the order of preference. At least one, else nothing is asked. */
  servers: Server[] = [];
  pollIntervalMs: i32 = 30000;
  timeoutMs: i32 = 5000;
  /** Own zone; empty: none. */
  zone: Utf8 = new ArrayBuffer(0);
  mode: ReadMode = ReadMode.Auto;
  /** Longest time between two full replies: a delta cannot tell everything (two changes with one hash code). */
  fullIntervalMs: i32 = 600000;
  /** Longest wait after failures. */
  maxBackoffMs: i32 = 60000;
  /**
   * How long an application that had instances is not believed to have none. A Eureka server that comes back empty
   * knows its instances again after their next heartbeat (30 s by default); meanwhile the old ones are still good.
   */
  emptyGraceMs: i32 = 60000;
}

/** Value of an `authorization` header with user name and password (RFC 7617, UTF-8). */
export function basicAuthorization(user: Utf8, password: Utf8): Utf8 {
  const credentials = new Writer();
  credentials.owned(user);
  credentials.byte(0x3a);
  credentials.owned(password);
  const value = new Writer();
  value.ascii("Basic ");
  encodeBase64(value, credentials.view(), Alphabet.Standard, true);
  const owned = toOwned(value.view());
  credentials.dispose();
  value.dispose();
  return owned;
}

/** The settings as the configuration has them. */
export function settingsOf(eureka: EurekaSettings): Settings {
  const settings = new Settings();
  for (let i = 0; i < eureka.servers.length; i++) settings.servers.push(serverOf(eureka.servers[i]));
  settings.pollIntervalMs = eureka.pollIntervalMs;
  settings.timeoutMs = eureka.timeoutMs;
  settings.zone = eureka.zone;
  settings.mode = eureka.mode as ReadMode;
  settings.fullIntervalMs = eureka.fullIntervalMs;
  settings.maxBackoffMs = eureka.maxBackoffMs;
  settings.emptyGraceMs = eureka.emptyGraceMs;
  return settings;
}

function serverOf(configured: EurekaServer): Server {
  const server = new Server();
  server.cluster = configured.cluster;
  server.path = configured.path;
  server.authority = configured.authority;
  server.zone = configured.zone;
  if (configured.username.byteLength > 0) {
    server.authorization = basicAuthorization(configured.username, configured.password);
  }
  return server;
}

/** Whether one reply for everything is asked for instead of one for each name. A VIP can only be found that way. */
export function readsWholeRegistry(settings: Settings, lookups: Lookup[]): bool {
  for (let i = 0; i < lookups.length; i++) {
    if (!lookups[i].isApplication) return true;
  }
  if (settings.mode == ReadMode.Auto) return lookups.length >= REGISTRY_FROM;
  return settings.mode == ReadMode.Registry;
}

/** Hash of where the instances come from: equal for configurations whose snapshots may be exchanged. */
export function sourceHash(settings: Settings): u64 {
  let value: u64 = 0;
  for (let i = 0; i < settings.servers.length; i++) {
    const server = settings.servers[i];
    value = mix(value, hash(borrow(server.cluster)));
    value = mix(value, hash(borrow(server.path)));
    value = mix(value, hash(borrow(server.authority)));
    value = mix(value, hash(borrow(server.authorization)));
  }
  return value;
}

/** Hash of source, names and manner: equal for root contexts of which one can ask Eureka for all. */
export function taskHash(settings: Settings, lookups: Lookup[]): u64 {
  let value = sourceHash(settings);
  value = mix(value, settings.pollIntervalMs);
  value = mix(value, settings.timeoutMs);
  value = mix(value, settings.mode);
  value = mix(value, settings.fullIntervalMs);
  value = mix(value, settings.maxBackoffMs);
  value = mix(value, settings.emptyGraceMs);
  value = mix(value, hash(borrow(settings.zone)));
  for (let i = 0; i < lookups.length; i++) value = mix(value, lookups[i].key);
  return value;
}


@inline
function mix(value: u64, next: u64): u64 {
  return (rotl<u64>(value, 5) ^ next) * 0x9e3779b97f4a7c15;
}
