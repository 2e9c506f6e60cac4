/** Harness: private keys, and the arithmetic below them. */
import { DerReader, DerTag } from "../../../assembly/bytes/der";
import { Modulus, bytesOf, loadNumber, storeNumber } from "../../../assembly/bytes/modular";
import { decodePem } from "../../../assembly/bytes/pem";
import { RsaKey } from "../../../assembly/bytes/rsa";
import { Slice, Utf8, borrow, slice, utf8 } from "../../../assembly/bytes/slice";
import { Writer } from "../../../assembly/bytes/writer";

const writer = new Writer();
let key: RsaKey = new RsaKey();
let problem: Utf8 = new ArrayBuffer(0);

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

/** Reads a key; what is wrong with it. */
export function read(pointer: usize, length: i32): Slice {
  key = RsaKey.parse(slice(pointer, length));
  problem = utf8(key.problem);
  return borrow(problem);
}

/** Signs with the key that was read last. */
export function sign(pointer: usize, length: i32): bool {
  writer.reset();
  return key.sign(writer, slice(pointer, length));
}

export function pem(pointer: usize, length: i32): bool {
  writer.reset();
  return decodePem(writer, slice(pointer, length), "PRIVATE KEY");
}

/** Reads values of any tag in turn until one fails; the number of those that did not. */
export function der(pointer: usize, length: i32, tag: i32): i32 {
  const reader = new DerReader(slice(pointer, length));
  let count = 0;
  while (count < 1000) {
    reader.next(tag as DerTag);
    if (reader.failed) break;
    count++;
  }
  return count;
}

/** base ^ exponent modulo an odd number, all big-endian; as many bytes as `limbs` words have. */
export function power(
  base: usize,
  baseLength: i32,
  exponent: usize,
  exponentLength: i32,
  modulus: usize,
  modulusLength: i32,
  limbs: i32,
): bool {
  const size = bytesOf(limbs);
  const room = heap.alloc(size * 3);
  const isRead =
    loadNumber(room, limbs, slice(base, baseLength)) &&
    loadNumber(room + size, limbs, slice(modulus, modulusLength));
  writer.reset();
  if (isRead) {
    const modulo = new Modulus(room + size, limbs, room + size * 2);
    modulo.enter(room);
    modulo.power(room, slice(exponent, exponentLength));
    modulo.leave(room);
    storeNumber(writer.reserve(size as i32), size as i32, room);
    writer.advance(size as i32);
  }
  heap.free(room);
  return isRead;
}
