/** What the tests of the JSON room call: bytes go in by address and length, results come out as numbers and slices. */
import { Slice, slice, toText } from "../../../assembly/bytes/slice";
import { Writer } from "../../../assembly/bytes/writer";
import { Document } from "../../../assembly/json/document";
import { JsonError, describeJsonError } from "../../../assembly/json/error";
import { MemberEdits } from "../../../assembly/json/members";
import { parseDecimal, parseInteger } from "../../../assembly/json/number";
import { Patches } from "../../../assembly/json/patch";
import { Scanner } from "../../../assembly/json/scanner";
import { SplitMode, Splitter } from "../../../assembly/json/split";
import { Flag } from "../../../assembly/json/tape";
import { bodyEquals, escape, quote, unescape } from "../../../assembly/json/text";
import { JsonWriter } from "../../../assembly/json/writer";

const scanner = new Scanner();
const document = new Document();
const patches = new Patches();
const edits = new MemberEdits(document, patches);
const out = new Writer();
const json = new JsonWriter(out);
let splitter = new Splitter(SplitMode.Values);

export function allocate(size: i32): usize {
  return heap.alloc(size);
}

export function release(pointer: usize): void {
  heap.free(pointer);
}

/** 64 KiB pages. Nothing here ever collects, so whatever was allocated on the managed heap stays. */
export function pages(): i32 {
  return memory.size();
}

/** The control of the tests that count pages: this does allocate. */
export function allocateManaged(): usize {
  return changetype<usize>(new ArrayBuffer(1));
}

export function errorText(error: i32): Slice {
  out.reset();
  out.ascii(describeJsonError(error as JsonError));
  return out.view();
}

// Scanner

export function scannerReset(recordDepth: i32, tokens: i32): void {
  scanner.recordDepth = recordDepth;
  scanner.tape.limit = tokens;
  scanner.reset();
}

export function scannerFeed(pointer: usize, length: i32): bool {
  return scanner.feed(slice(pointer, length));
}

export function scannerEnd(): bool {
  return scanner.end();
}

export function scannerDispose(): void {
  scanner.dispose();
}

export function scannerError(): i32 {
  return scanner.error;
}

export function scannerOffset(): i32 {
  return scanner.offset;
}

export function scannerComplete(): bool {
  return scanner.complete;
}

/** `scan` up to the next event; the number of bytes used. */
export function scannerScan(pointer: usize, length: i32, stopDepth: i32): i32 {
  scanner.stopDepth = stopDepth;
  const used = scanner.scan(pointer, pointer + length) as i32;
  scanner.stopDepth = -1;
  return used;
}

export function scannerEvent(): i32 {
  return scanner.event;
}

export function scannerEventDepth(): i32 {
  return scanner.eventDepth;
}

export function tapeCount(): i32 {
  return scanner.tape.count;
}

/** Start, end, next, kind, depth of a token, then its flags: key, escape, fraction, exponent. */
export function tapeField(index: i32, field: i32): i32 {
  const tape = scanner.tape;
  switch (field) {
    case 0:
      return tape.start(index);
    case 1:
      return tape.end(index);
    case 2:
      return tape.next(index);
    case 3:
      return tape.kind(index);
    case 4:
      return tape.depth(index);
    case 5:
      return tape.has(index, Flag.Key);
    case 6:
      return tape.has(index, Flag.Escape);
    case 7:
      return tape.has(index, Flag.Fraction);
    default:
      return tape.has(index, Flag.Exponent);
  }
}

/** A number that changes with every field of every token. */
export function tapeDigest(): i64 {
  let digest: i64 = 0;
  for (let index = 0; index < scanner.tape.count; index++) {
    for (let field = 0; field < 9; field++) digest = digest * 31 + tapeField(index, field);
  }
  return digest;
}

/** Whether the text is JSON, fed in two pieces that meet at `cut`. */
export function isJson(pointer: usize, length: i32, cut: i32): bool {
  scanner.reset();
  scanner.feed(slice(pointer, cut));
  scanner.feed(slice(pointer + cut, length - cut));
  return scanner.end();
}

/** Adopts what the scanner read, as a text at `pointer`. */
export function documentAdopt(pointer: usize, length: i32): bool {
  return document.adopt(scanner, slice(pointer, length));
}

// Document

export function documentParse(pointer: usize, length: i32): bool {
  return document.parse(slice(pointer, length));
}

export function documentError(): i32 {
  return document.error;
}

export function documentErrorOffset(): i32 {
  return document.errorOffset;
}

export function documentReset(): void {
  document.reset();
}

export function root(): i32 {
  return document.root;
}

export function kind(node: i32): i32 {
  return document.kind(node);
}

export function raw(node: i32): Slice {
  return document.raw(node);
}

export function body(node: i32): Slice {
  return document.body(node);
}

export function start(node: i32): i32 {
  return document.start(node);
}

export function end(node: i32): i32 {
  return document.end(node);
}

export function hasEscape(node: i32): bool {
  return document.hasEscape(node);
}

export function find(object: i32, name: usize, length: i32): i32 {
  return document.find(object, toText(slice(name, length)));
}

export function path(node: i32, steps: usize, length: i32): i32 {
  return document.path(node, toText(slice(steps, length)));
}

export function isText(node: i32, text: usize, length: i32): bool {
  return document.isText(node, toText(slice(text, length)));
}

export function at(array: i32, index: i32): i32 {
  return document.at(array, index);
}

export function firstMember(object: i32): i32 {
  return document.firstMember(object);
}

export function nextMember(key: i32): i32 {
  return document.nextMember(key);
}

export function valueOf(key: i32): i32 {
  return document.valueOf(key);
}

export function firstElement(array: i32): i32 {
  return document.firstElement(array);
}

export function nextElement(element: i32): i32 {
  return document.nextElement(element);
}

export function count(node: i32): i32 {
  return document.count(node);
}

export function integer(node: i32, fallback: i64): i64 {
  return document.integer(node, fallback);
}

export function decimal(node: i32, fallback: f64): f64 {
  return document.decimal(node, fallback);
}

/** Object, array, string, number, true, false, null: one bit each, what the questions of that name answer. */
export function questions(node: i32): i32 {
  return (
    (document.isObject(node) ? 1 : 0) |
    (document.isArray(node) ? 2 : 0) |
    (document.isString(node) ? 4 : 0) |
    (document.isNumber(node) ? 8 : 0) |
    (document.isTrue(node) ? 16 : 0) |
    (document.isFalse(node) ? 32 : 0) |
    (document.isNull(node) ? 64 : 0)
  );
}

export function parseIntegerText(pointer: usize, length: i32, fallback: i64): i64 {
  return parseInteger(slice(pointer, length), fallback);
}

export function parseDecimalText(pointer: usize, length: i32, fallback: f64): f64 {
  return parseDecimal(slice(pointer, length), fallback);
}

// Text

export function escaped(pointer: usize, length: i32): Slice {
  out.reset();
  escape(out, slice(pointer, length));
  return out.view();
}

export function quoted(pointer: usize, length: i32): Slice {
  out.reset();
  quote(out, slice(pointer, length));
  return out.view();
}

export function unescaped(pointer: usize, length: i32): Slice {
  out.reset();
  unescape(out, slice(pointer, length));
  return out.view();
}

export function equalsBody(pointer: usize, length: i32, text: usize, textLength: i32): bool {
  return bodyEquals(slice(pointer, length), toText(slice(text, textLength)));
}

// Writer

export function writerReset(): void {
  out.reset();
  json.reset();
}

export function written(): Slice {
  return out.view();
}

/** One call of the writer; `text` is what the call is about, `value` its number. */
export function write(call: i32, text: usize, length: i32, value: i64): void {
  const bytes = slice(text, length);
  switch (call) {
    case 0:
      json.object();
      return;
    case 1:
      json.endObject();
      return;
    case 2:
      json.array();
      return;
    case 3:
      json.endArray();
      return;
    case 4:
      json.key(toText(bytes));
      return;
    case 5:
      json.keyBody(bytes);
      return;
    case 6:
      json.string(toText(bytes));
      return;
    case 7:
      json.body(bytes);
      return;
    case 8:
      json.text(bytes);
      return;
    case 9:
      json.raw(bytes);
      return;
    case 10:
      json.constant(toText(bytes));
      return;
    case 11:
      json.number(value);
      return;
    case 12:
      json.bool(value != 0);
      return;
    case 13:
      json.null();
      return;
    default:
      escape(json.beginString(), bytes);
      json.endString();
  }
}

/** A chunk as a format would write it, `times` times: for the test that counts pages, and for the bench. */
export function writeChunks(pointer: usize, length: i32, times: i32): Slice {
  for (let i = 0; i < times; i++) {
    out.reset();
    json.reset();
    json.object();
    json.key("id").string("chatcmpl-1");
    json.key("created").number(1700000000);
    json.key("choices").array().object();
    json.key("index").number(0);
    json.key("delta").object().key("content").body(slice(pointer, length)).endObject();
    json.key("finish_reason").null();
    json.endObject().endArray();
    json.endObject();
  }
  return out.view();
}

// Patches

export function patchesClear(): void {
  patches.clear();
}

export function patchesReplace(from: i32, to: i32, pointer: usize, length: i32): bool {
  return patches.replace(from, to, slice(pointer, length));
}

export function patchesRemove(from: i32, to: i32): bool {
  return patches.remove(from, to);
}

export function patchesInsert(at: i32, pointer: usize, length: i32): bool {
  return patches.insert(at, slice(pointer, length));
}

export function patchesApply(pointer: usize, length: i32): Slice {
  out.reset();
  patches.apply(slice(pointer, length), out);
  return out.view();
}

export function patchesCount(): i32 {
  return patches.count;
}

export function patchesDelta(): i32 {
  return patches.delta;
}

export function patchesFailed(): bool {
  return patches.failed;
}

export function patchesStart(index: i32): i32 {
  return patches.start(index);
}

export function patchesEnd(index: i32): i32 {
  return patches.end(index);
}

export function patchesReplacement(index: i32): Slice {
  return patches.replacement(index);
}

// Members

export function editsOpen(object: i32): bool {
  return edits.open(object);
}

export function editsReplace(name: usize, length: i32, value: usize, valueLength: i32): bool {
  return edits.replace(toText(slice(name, length)), slice(value, valueLength));
}

export function editsSet(name: usize, length: i32, value: usize, valueLength: i32): void {
  edits.set(toText(slice(name, length)), slice(value, valueLength));
}

export function editsAdd(name: usize, length: i32, value: usize, valueLength: i32): void {
  edits.add(toText(slice(name, length))).raw(slice(value, valueLength));
}

export function editsRename(name: usize, length: i32, other: usize, otherLength: i32): bool {
  return edits.rename(toText(slice(name, length)), toText(slice(other, otherLength)));
}

export function editsRemove(name: usize, length: i32): bool {
  return edits.remove(toText(slice(name, length)));
}

export function editsClose(): bool {
  return edits.close();
}

// Splitter

export function splitterNew(mode: i32, name: usize, length: i32, limit: i32): void {
  splitter.dispose();
  splitter = new Splitter(mode as SplitMode, toText(slice(name, length)), limit);
}

export function splitterReset(): void {
  splitter.reset();
}

export function splitterFeed(pointer: usize, length: i32): bool {
  return splitter.feed(slice(pointer, length));
}

export function splitterNext(): bool {
  return splitter.next();
}

export function splitterRecord(): Slice {
  return splitter.record;
}

export function splitterEnd(): bool {
  return splitter.end();
}

export function splitterError(): i32 {
  return splitter.error;
}
