/** Harness: the codecs of `bytes`, each over one input and one writer. */
import { decodeBase64, encodeBase64 } from "../../../assembly/bytes/base64";
import { Carry, copiedBytes, movedBytes } from "../../../assembly/bytes/carry";
import { crc32 } from "../../../assembly/bytes/crc32";
import { deriveKey, hmacSha256 } from "../../../assembly/bytes/hmac";
import {
  appendParameter,
  decodePercent,
  encodePercent,
  findParameter,
  pathOf,
  queryOf,
  writeWithoutParameter,
} from "../../../assembly/bytes/percent";
import { Sha256, sha256, sha256Hex } from "../../../assembly/bytes/sha256";
import { Slice, slice } from "../../../assembly/bytes/slice";
import { Writer } from "../../../assembly/bytes/writer";

const writer = new Writer();
const hash = new Sha256();
const carry = new Carry();

export function allocate(size: usize): usize {
  return heap.alloc(size);
}

export function release(pointer: usize): void {
  heap.free(pointer);
}

/** What the last call wrote. */
export function written(): Slice {
  return writer.view();
}

export function base64Encode(pointer: usize, length: i32, alphabet: i32, padded: bool): void {
  writer.reset();
  encodeBase64(writer, slice(pointer, length), alphabet, padded);
}

export function base64Decode(pointer: usize, length: i32, alphabet: i32): bool {
  writer.reset();
  return decodeBase64(writer, slice(pointer, length), alphabet);
}

export function checksum(pointer: usize, length: i32, previous: u32): u32 {
  return crc32(slice(pointer, length), previous);
}

export function hashUpdate(pointer: usize, length: i32): void {
  hash.update(slice(pointer, length));
}

export function hashDigest(): void {
  writer.reset();
  hash.digest(writer);
}

export function hashOnce(pointer: usize, length: i32): void {
  writer.reset();
  sha256(writer, slice(pointer, length));
}

export function hashHex(pointer: usize, length: i32): void {
  writer.reset();
  sha256Hex(writer, slice(pointer, length));
}

export function hmac(key: usize, keyLength: i32, pointer: usize, length: i32): void {
  writer.reset();
  hmacSha256(writer, slice(key, keyLength), slice(pointer, length));
}

export function derive(pointer: usize, length: i32): void {
  deriveKey(writer, slice(pointer, length));
}

export function setWriter(pointer: usize, length: i32): void {
  writer.reset();
  writer.bytes(slice(pointer, length));
}

export function percentEncode(pointer: usize, length: i32, keepSlash: bool): void {
  writer.reset();
  encodePercent(writer, slice(pointer, length), keepSlash);
}

/** Writes behind an `x`, so that a test sees what a refusal leaves. */
export function percentDecode(pointer: usize, length: i32, form: bool): bool {
  writer.reset();
  writer.ascii("x");
  return decodePercent(writer, slice(pointer, length), form);
}

export function path(pointer: usize, length: i32): Slice {
  return pathOf(slice(pointer, length));
}

export function query(pointer: usize, length: i32): Slice {
  return queryOf(slice(pointer, length));
}

export function parameter(pointer: usize, length: i32, name: usize, nameLength: i32): Slice {
  return findParameter(slice(pointer, length), slice(name, nameLength));
}

export function removeParameter(pointer: usize, length: i32, name: usize, nameLength: i32): void {
  writer.reset();
  writeWithoutParameter(writer, slice(pointer, length), slice(name, nameLength));
}

/** Adds to what the writer holds; the query begins at `start`. */
export function addParameter(start: i32, name: usize, nameLength: i32, value: usize, valueLength: i32): void {
  appendParameter(writer, start, slice(name, nameLength), slice(value, valueLength));
}

export function carryAppend(pointer: usize, length: i32): void {
  carry.append(slice(pointer, length));
}

export function carryDrop(count: i32): void {
  carry.drop(count);
}

export function carryClear(): void {
  carry.clear();
}

export function carryDispose(): void {
  carry.dispose();
}

export function carryView(): Slice {
  return carry.view();
}

export function carryLength(): i32 {
  return carry.length;
}

export function copied(): u64 {
  return copiedBytes;
}

export function moved(): u64 {
  return movedBytes;
}
