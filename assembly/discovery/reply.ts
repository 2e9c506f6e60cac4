import { Carry } from "../bytes/carry";
import { Slice, lengthOf, pointerOf, slice, subslice } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { Document } from "../json/document";
import { ScanEvent, Scanner } from "../json/scanner";
import { bodyEquals } from "../json/text";
import { Failure, failureOf } from "./failure";
import { Instance } from "./instance";

/** What a value of a reply is. What is not looked at is `Other`. */
const enum Role {
  Other,
  Root,
  Applications,
  /** An array of applications, or one. */
  ApplicationList,
  Application,
  /** An array of instances, or one. */
  InstanceList,
  Instance,
  HashCode,
}

/** Deepest place of an instance: {applications: {application: [{instance: [HERE]}]}}. */
const INSTANCE_DEPTH: i32 = 5;

/** Most bytes of one instance, or of a name; a real instance has about 900. */
const MAX_KEPT: i32 = 1 << 16;

/** Most values and names in one instance. */
const MAX_TOKENS: i32 = 4096;

const OPEN_BRACE: u8 = 0x7b;
const OPEN_BRACKET: u8 = 0x5b;
const QUOTE: u8 = 0x22;

/** Takes the instances of a reply, one after another. */
export abstract class InstanceSink {
  /** Uses an instance, which is valid only during the call. False: a limit is reached, the reply is given up. */
  abstract accept(instance: Instance): bool;
}

/**
 * Reads what Eureka answers to `/apps`, `/apps/delta` and `/apps/{APP}`, in pieces of any size, so that a registry of
 * any size is read with the memory of one instance. Where Eureka's versions write an object instead of an array of
 * one, both are taken. What was told to the sink counts only if `end` says that the reply was whole and right.
 */
@final
export class ReplyReader {
  /** Why the reply is no news. */
  failure: Failure = Failure.None;
  /** Instances that were told, and those that name no place to send a request to. */
  instances: i32 = 0;
  skipped: i32 = 0;

  private scanner: Scanner = new Scanner(-1);
  private document: Document = new Document();
  private instance: Instance = new Instance();
  private hash: Writer = new Writer();
  private sink: InstanceSink | null = null;
  /** Roles of the values that are open, by depth. */
  private roles: StaticArray<u8> = new StaticArray<u8>(INSTANCE_DEPTH + 1);
  /** What the value of the member is whose name was read last. */
  private member: Role = Role.Other;
  /** Whether there was a place where instances stand. */
  private isRightShape: bool = false;
  /** Whether a name, an instance or a hash code is open, and from where in the piece its bytes have to be kept. */
  private isKept: bool = false;
  private keptFrom: usize = 0;
  private carry: Carry = new Carry();

  constructor() {
    this.document.limit(MAX_TOKENS);
  }

  /** Begins a new reply. */
  begin(sink: InstanceSink): void {
    this.sink = sink;
    this.failure = Failure.None;
    this.instances = 0;
    this.skipped = 0;
    this.isRightShape = false;
    this.member = Role.Other;
    this.isKept = false;
    this.hash.reset();
    this.carry.clear();
    this.scanner.reset();
    this.scanner.stopDepth = INSTANCE_DEPTH;
  }

  /** The registry's hash code as the reply says it; empty where it says none. Borrowed until `begin`. */
  get hashCode(): Slice {
    return this.hash.view();
  }

  /** Reads the next piece. False: there is no news in this reply, and the rest need not be read. */
  feed(bytes: Slice): bool {
    const scanner = this.scanner;
    let at = pointerOf(bytes);
    const end = at + lengthOf(bytes);
    this.keptFrom = at;
    while (this.failure == Failure.None) {
      at += scanner.scan(at, end);
      if (scanner.event == ScanEvent.None) break;
      this.react(scanner.eventDepth, at);
    }
    if (this.failure == Failure.None) this.failure = failureOf(scanner.error);
    if (this.failure == Failure.None && this.isKept) this.carryOver(end);
    return this.failure == Failure.None;
  }

  /** Says that the reply is over. True: everything that was told counts. */
  end(): bool {
    if (this.failure == Failure.None && !this.scanner.end()) this.failure = failureOf(this.scanner.error);
    if (this.failure == Failure.None && !this.isRightShape) this.failure = Failure.Shape;
    this.sink = null;
    this.carry.clear();
    return this.failure == Failure.None;
  }

  /** Frees all memory. The reader must not be used any more. */
  dispose(): void {
    this.scanner.dispose();
    this.document.dispose();
    this.instance.dispose();
    this.hash.dispose();
    this.carry.dispose();
  }

  /** Something at this depth began with the byte in front of `at`, or ended there. */
  private react(depth: i32, at: usize): void {
    switch (this.scanner.event) {
      case ScanEvent.KeyStart:
        this.keepFrom(at - 1);
        break;
      case ScanEvent.KeyEnd:
        this.member = memberRole(this.roleAt(depth - 1), withoutQuotes(this.takeKept(at)));
        break;
      case ScanEvent.ValueStart:
        this.open(depth, at - 1);
        break;
      default:
        this.close(this.roleAt(depth), at);
        this.scanner.stopDepth = INSTANCE_DEPTH;
    }
  }

  private open(depth: i32, at: usize): void {
    const parent = this.roleAt(depth - 1);
    const byte = load<u8>(at);
    let role = this.member;
    this.member = Role.Other;
    if (depth == 0) role = Role.Root;
    else if (parent == Role.ApplicationList) role = Role.Application;
    else if (parent == Role.InstanceList) role = Role.Instance;

    if (role == Role.ApplicationList && byte == OPEN_BRACE) role = Role.Application;
    if (role == Role.InstanceList && byte == OPEN_BRACE) role = Role.Instance;
    if (!canBegin(role, byte)) {
      this.failure = Failure.Shape;
      return;
    }
    unchecked((this.roles[depth] = role as u8));
    if (role == Role.Applications || role == Role.InstanceList || role == Role.Instance)
      this.isRightShape = true;
    if (role == Role.Instance || role == Role.HashCode) this.keepFrom(at);
    // What is inside of these is looked at as a whole, or not at all.
    if (role == Role.Instance || role == Role.HashCode || role == Role.Other) this.scanner.stopDepth = depth;
  }

  private close(role: Role, at: usize): void {
    if (role == Role.HashCode) {
      this.hash.reset();
      this.hash.bytes(withoutQuotes(this.takeKept(at)));
    } else if (role == Role.Instance) {
      this.tell(this.takeKept(at));
    }
  }

  private tell(json: Slice): void {
    const sink = this.sink;
    const document = this.document;
    if (sink === null || this.failure != Failure.None) return;
    if (!document.parse(json) || !this.instance.read(document, document.root)) {
      this.skipped++;
      return;
    }
    this.instances++;
    if (!sink.accept(this.instance)) this.failure = Failure.TooLarge;
  }


  @inline
  private roleAt(depth: i32): Role {
    return depth < 0 || depth > INSTANCE_DEPTH ? Role.Other : (unchecked(this.roles[depth]) as Role);
  }


  @inline
  private keepFrom(at: usize): void {
    this.carry.clear();
    this.isKept = true;
    this.keptFrom = at;
  }

  /** The bytes from the last `keepFrom` up to `at`, borrowed until the next one. */
  private takeKept(at: usize): Slice {
    this.isKept = false;
    let whole = slice(this.keptFrom, (at - this.keptFrom) as i32);
    if (this.carry.length > 0) {
      this.carry.append(whole);
      whole = this.carry.view();
    }
    if (lengthOf(whole) > MAX_KEPT) this.failure = Failure.TooLarge;
    return whole;
  }

  private carryOver(end: usize): void {
    this.carry.append(slice(this.keptFrom, (end - this.keptFrom) as i32));
    if (this.carry.length > MAX_KEPT) this.failure = Failure.TooLarge;
  }
}

/** What the value of a member is that has this name in an object of this role. */
function memberRole(parent: Role, name: Slice): Role {
  switch (parent) {
    case Role.Root:
      if (bodyEquals(name, "application")) return Role.Application;
      return bodyEquals(name, "applications") ? Role.Applications : Role.Other;
    case Role.Applications:
      if (bodyEquals(name, "application")) return Role.ApplicationList;
      return bodyEquals(name, "apps__hashcode") ? Role.HashCode : Role.Other;
    case Role.Application:
      return bodyEquals(name, "instance") ? Role.InstanceList : Role.Other;
    default:
      return Role.Other;
  }
}

/** Whether a value of this role begins with this byte. */
function canBegin(role: Role, byte: u8): bool {
  switch (role) {
    case Role.Other:
      return true;
    case Role.HashCode:
      return byte == QUOTE;
    case Role.ApplicationList:
    case Role.InstanceList:
      return byte == OPEN_BRACKET;
    default:
      return byte == OPEN_BRACE;
  }
}


@inline
function withoutQuotes(text: Slice): Slice {
  return subslice(text, 1, lengthOf(text) - 1);
}
