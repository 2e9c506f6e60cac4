import {
  NONE,
  Slice,
  equals,
  equalsIgnoreCase,
  hash,
  lengthOf,
  parseDecimal,
  pointerOf,
  slice,
  subslice,
} from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { ABSENT, Document, Node } from "../json/document";
import { Kind } from "../json/tape";
import { unescape } from "../json/text";
import { isHost, isIp, isPrintable } from "./address";
import { foldedHash } from "./lookup";
import {
  ADDRESS_SIZE,
  ENTRY_BYTES,
  FLAGS,
  HOST_SIZE,
  ID_SIZE,
  KEY,
  METADATA_SIZE,
  PORT,
  PORT_ENABLED,
  RECORD_BYTES,
  SECURE_PORT,
  SECURE_PORT_ENABLED,
  STATUS,
  UP_SINCE,
  ZONE_SIZE,
} from "./snapshot";
import { Status, parseStatus } from "./status";

/** Most bytes of an id, address, host name or zone: a record keeps their sizes in one byte. */
const MAX_TEXT: i32 = 255;

/** Most bytes of one instance's metadata; entries that do not fit are left out. */
const MAX_METADATA: i32 = 16384;

const AT_SIGN: u8 = 0x40;
const COLON: u8 = 0x3a;
const OPEN_BRACKET: u8 = 0x5b;
const CLOSE_BRACKET: u8 = 0x5d;

/**
 * One instance as Eureka's JSON tells it, made ready to become a record of a snapshot. The object is scratch: `read`
 * fills it again and again, and every slice of it is valid until the next `read`.
 */
@final
export class Instance {
  /** Names as Eureka gives them; the VIPs comma-separated; NONE where they are missing. */
  application: Slice = NONE;
  vip: Slice = NONE;
  secureVip: Slice = NONE;
  /** Hash of the application's name in upper case. */
  applicationHash: u64 = 0;
  /** Identifies the instance in the whole registry. */
  key: u64 = 0;
  status: Status = Status.Unknown;
  /** A delta says that the instance is gone. */
  isDeleted: bool = false;

  /** The record, all but the place of its texts. */
  readonly record: usize = heap.alloc(RECORD_BYTES);
  private names: Writer = new Writer();
  private body: Writer = new Writer();

  /** The texts of the record in the order of a snapshot. */
  get texts(): Slice {
    return this.body.view();
  }

  /** Frees the memory. The instance must not be used any more. */
  dispose(): void {
    this.names.dispose();
    this.body.dispose();
    heap.free(this.record);
  }

  /**
   * Reads a JSON object. False where it names no place to send a request to, or is no object: such an instance is
   * skipped, and the rest of the reply counts.
   */
  read(document: Document, node: Node): bool {
    memory.fill(this.record, 0, RECORD_BYTES);
    this.body.reset();
    this.readNames(document, node);
    if (!this.readPlace(document, node)) return false;
    this.readZone(document, node);
    this.readMetadata(document, document.find(node, "metadata"));
    this.readPort(document, document.find(node, "port"), PORT, PORT_ENABLED);
    this.readPort(document, document.find(node, "securePort"), SECURE_PORT, SECURE_PORT_ENABLED);
    this.readState(document, node);
    return true;
  }

  /** Takes `host:port` (IPv6 in brackets) for an instance that is UP. False where it is something else. */
  readEndpoint(endpoint: Slice): bool {
    const colon = lastIndexOfByte(endpoint, COLON);
    const port = colon < 0 ? -1 : parseDecimal(subslice(endpoint, colon + 1, lengthOf(endpoint)));
    const host = withoutBrackets(subslice(endpoint, 0, colon));
    if (port < 1 || port > 65535 || lengthOf(endpoint) > MAX_TEXT || !isHost(host)) return false;
    memory.fill(this.record, 0, RECORD_BYTES);
    this.body.reset();
    this.body.bytes(endpoint);
    this.body.bytes(host);
    this.key = hash(endpoint);
    this.status = Status.Up;
    store<u64>(this.record, this.key, KEY);
    store<u8>(this.record, lengthOf(endpoint) as u8, ID_SIZE);
    store<u8>(this.record + (isIp(host) ? ADDRESS_SIZE : HOST_SIZE), lengthOf(host) as u8);
    store<u16>(this.record, port as u16, PORT);
    store<u8>(this.record, Status.Up as u8, STATUS);
    store<u8>(this.record, PORT_ENABLED, FLAGS);
    return true;
  }

  /** Application and VIPs. They lie in one writer, so they are borrowed from it only when all are written. */
  private readNames(document: Document, node: Node): void {
    const names = this.names;
    names.reset();
    writeText(names, document, document.find(node, "app"));
    const application = names.length;
    writeText(names, document, document.find(node, "vipAddress"));
    const vip = names.length;
    writeText(names, document, document.find(node, "secureVipAddress"));
    const start = pointerOf(names.view());
    this.application = slice(start, application);
    this.vip = slice(start + application, vip - application);
    this.secureVip = slice(start + vip, names.length - vip);
    this.applicationHash = foldedHash(this.application);
  }

  /** Id, address and host name. An instance without `instanceId` is known by its host name, as in Eureka itself. */
  private readPlace(document: Document, node: Node): bool {
    const body = this.body;
    let id = this.text(document, document.find(node, "instanceId"));
    if (lengthOf(id) == 0 || !isPrintable(id)) {
      body.reset();
      id = this.text(document, document.find(node, "hostName"));
      if (!isHost(id)) {
        body.reset();
        id = this.text(document, document.find(node, "ipAddr"));
        if (!isIp(id)) body.reset();
      }
    }
    const idSize = body.length;
    if (idSize == 0) return false;
    this.key = hash(body.view(), this.applicationHash);

    const address = this.text(document, document.find(node, "ipAddr"));
    if (!isIp(address)) body.truncate(idSize);
    const addressSize = body.length - idSize;
    const hostName = this.text(document, document.find(node, "hostName"));
    if (!isHost(hostName)) body.truncate(idSize + addressSize);
    const hostSize = body.length - idSize - addressSize;

    store<u64>(this.record, this.key, KEY);
    store<u8>(this.record, idSize as u8, ID_SIZE);
    store<u8>(this.record, addressSize as u8, ADDRESS_SIZE);
    store<u8>(this.record, hostSize as u8, HOST_SIZE);
    return addressSize + hostSize > 0;
  }

  /** Spring Cloud puts the zone into the metadata; Amazon's data centre has an availability zone. */
  private readZone(document: Document, node: Node): void {
    let zone = this.text(document, document.path(node, "metadata.zone"));
    if (lengthOf(zone) == 0 || !isPrintable(zone)) {
      this.body.truncate(this.body.length - lengthOf(zone));
      zone = this.text(document, document.path(node, "dataCenterInfo.metadata.availability-zone"));
      if (!isPrintable(zone)) {
        this.body.truncate(this.body.length - lengthOf(zone));
        zone = NONE;
      }
    }
    store<u8>(this.record, lengthOf(zone) as u8, ZONE_SIZE);
  }

  /** `@class` and the like are notes of the server's serializer, not metadata. */
  private readMetadata(document: Document, metadata: Node): void {
    const body = this.body;
    const start = body.length;
    for (let key = document.firstMember(metadata); key != ABSENT; key = document.nextMember(key)) {
      const entry = body.length;
      body.reserve(ENTRY_BYTES);
      body.advance(ENTRY_BYTES);
      unescape(body, document.body(key));
      const keySize = body.length - entry - ENTRY_BYTES;
      const keyText = body.viewFrom(entry + ENTRY_BYTES);
      const isNote = keySize == 0 || load<u8>(pointerOf(keyText)) == AT_SIGN || equals(keyText, "class");
      const isValue = writeText(body, document, document.valueOf(key));
      if (isNote || !isValue || keySize > MAX_TEXT || body.length - start > MAX_METADATA) {
        body.truncate(entry);
        continue;
      }
      const at = pointerOf(body.viewFrom(entry));
      store<u8>(at, keySize as u8);
      store<u16>(at, (body.length - entry - ENTRY_BYTES - keySize) as u16, 1);
    }
    store<u16>(this.record, (body.length - start) as u16, METADATA_SIZE);
  }

  /** `{"$": 8080, "@enabled": "true"}` with number or text, text or boolean; older servers send the bare port. */
  private readPort(document: Document, node: Node, field: usize, flag: u8): void {
    const isWrapped = document.isObject(node);
    const port = numberOf(document, isWrapped ? document.find(node, "$") : node);
    if (port < 1 || port > 65535) return;
    store<u16>(this.record + field, port as u16);
    const enabled = isWrapped ? document.find(node, "@enabled") : ABSENT;
    const isDisabled =
      document.isFalse(enabled) ||
      (document.isString(enabled) && !equalsIgnoreCase(document.body(enabled), "true"));
    if (!isDisabled) store<u8>(this.record, load<u8>(this.record, FLAGS) | flag, FLAGS);
  }

  /** `overriddenStatus` is not looked at: it can stay behind after it was lifted, and `status` has it already. */
  private readState(document: Document, node: Node): void {
    this.status = parseStatus(document.body(document.find(node, "status")));
    this.isDeleted = document.isText(document.find(node, "actionType"), "DELETED");
    const upSince = numberOf(document, document.path(node, "leaseInfo.serviceUpTimestamp")) / 1000;
    store<u8>(this.record, this.status as u8, STATUS);
    store<u32>(this.record, upSince > 0 && upSince < (u32.MAX_VALUE as i64) ? (upSince as u32) : 0, UP_SINCE);
  }

  /** Appends a value to the texts; longer than a record can say is as good as absent. */
  private text(document: Document, node: Node): Slice {
    const start = this.body.length;
    writeText(this.body, document, node);
    if (this.body.length - start > MAX_TEXT) this.body.truncate(start);
    return this.body.viewFrom(start);
  }
}

/** Writes a string decoded, a number or boolean as it is spelled; false for anything else. */
function writeText(writer: Writer, document: Document, node: Node): bool {
  switch (document.kind(node)) {
    case Kind.String:
      unescape(writer, document.body(node));
      return true;
    case Kind.Number:
    case Kind.True:
    case Kind.False:
      writer.bytes(document.raw(node));
      return true;
    default:
      return false;
  }
}

/** A whole number, or one written as text; 0 for anything else. */
function numberOf(document: Document, node: Node): i64 {
  if (document.isString(node)) return digits(document.body(node));
  return document.integer(node, 0);
}

/** Value of up to 18 decimal digits; 0 for anything else. */
function digits(text: Slice): i64 {
  const length = lengthOf(text);
  if (length > 18) return 0;
  if (length <= 9) return max(0, parseDecimal(text)) as i64;
  const pointer = pointerOf(text);
  const head = parseDecimal(slice(pointer, length - 9));
  const tail = parseDecimal(slice(pointer + length - 9, 9));
  return head < 0 || tail < 0 ? 0 : (head as i64) * 1000000000 + (tail as i64);
}

function lastIndexOfByte(text: Slice, value: u8): i32 {
  let at = lengthOf(text) - 1;
  while (at >= 0 && load<u8>(pointerOf(text) + at) != value) at--;
  return at;
}

/** The address in `[address]`; anything else as it is, but an IPv6 address without brackets is no host here. */
function withoutBrackets(host: Slice): Slice {
  const length = lengthOf(host);
  const pointer = pointerOf(host);
  if (length > 2 && load<u8>(pointer) == OPEN_BRACKET && load<u8>(pointer + length - 1) == CLOSE_BRACKET) {
    return subslice(host, 1, length - 1);
  }
  return lastIndexOfByte(host, COLON) < 0 ? host : NONE;
}
