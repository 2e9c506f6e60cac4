/** Harness: signatures over a request that is described piece by piece. */
import { SHA256_BYTES, Sha256 } from "../../../assembly/bytes/sha256";
import { Slice, Utf8, borrow, lengthOf, slice, subslice, toOwned } from "../../../assembly/bytes/slice";
import { Writer } from "../../../assembly/bytes/writer";
import { HeaderSink, Signable, Signer } from "../../../assembly/vendors/auth/signer";
import { SigV4 } from "../../../assembly/vendors/auth/sigv4";
import { Tc3 } from "../../../assembly/vendors/auth/tc3";

const request = new Signable();
const hash = new Writer();
const sha = new Sha256();
const answer = new Writer();
/** Owns what the request borrows. */
let texts: Utf8[] = [];

class Lines extends HeaderSink {
  set(name: string, value: Slice): bool {
    answer.ascii(name);
    answer.ascii(": ");
    answer.bytes(value);
    answer.byte(0x0a);
    return true;
  }
}

const lines = new Lines();

export function allocate(size: usize): usize {
  return heap.alloc(size);
}

export function release(pointer: usize): void {
  heap.free(pointer);
}

/** Adds a text to the list that the next call reads. */
export function give(pointer: usize, length: i32): void {
  texts.push(toOwned(slice(pointer, length)));
}

/** Begins a request: method, target and body were given. The body is hashed in pieces of this size. */
export function begin(time: f64, piece: i32): void {
  request.reset();
  request.method = borrow(texts[0]);
  request.target = borrow(texts[1]);
  const body = borrow(texts[2]);
  for (let at = 0; at < lengthOf(body); at += piece) sha.update(subslice(body, at, at + piece));
  hash.reset();
  sha.digest(hash);
  hash.hex(hash.view());
  request.bodyHash = hash.viewFrom(SHA256_BYTES);
  request.time = time as i64;
}

/** Forgets what was given so far; it stays alive as long as the request needs it. */
export function mark(): i32 {
  return texts.length;
}

/** Adds a header whose name and value were given at these places. */
export function header(name: i32): void {
  request.add(borrow(texts[name]), borrow(texts[name + 1]));
}

/** Signs with the credentials that were given from a place on: "sigv4" takes 5 texts, "tc3" 7. */
export function sign(scheme: i32, from: i32): Slice {
  answer.reset();
  const signer: Signer =
    scheme == 0
      ? new SigV4(texts[from], texts[from + 1], texts[from + 2], texts[from + 3], texts[from + 4])
      : new Tc3(
          texts[from],
          texts[from + 1],
          texts[from + 2],
          texts[from + 3],
          texts[from + 4],
          texts[from + 5],
          texts[from + 6],
        );
  if (!signer.sign(request, lines)) answer.reset();
  texts = [];
  return answer.view();
}
