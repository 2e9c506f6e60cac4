import { SHA256_BLOCK_BYTES, SHA256_BYTES, Sha256 } from "./sha256";
import { Slice, lengthOf, pointerOf, slice } from "./slice";
import { Writer } from "./writer";

const INNER_PAD: u8 = 0x36;
const OUTER_PAD: u8 = 0x5c;

/** The key, padded to a block. */
const KEY: usize = memory.data(64);

/** The digest of the inner hash. */
const INNER: usize = memory.data(32);

const hash = new Sha256();

/**
 * Writes the 32 bytes of HMAC-SHA256 (RFC 2104). Key and message may lie in the writer: both are read before
 * anything is written.
 */
export function hmacSha256(writer: Writer, key: Slice, message: Slice): void {
  loadKey(key);
  hash.reset();
  updateWithPad(INNER_PAD);
  hash.update(message);
  hash.finishAt(INNER);
  updateWithPad(OUTER_PAD);
  hash.update(slice(INNER, SHA256_BYTES));
  hash.digest(writer);
  memory.fill(KEY, 0, SHA256_BLOCK_BYTES);
}

/**
 * One step of a key that is derived in a chain (AWS SigV4, Tencent TC3): what the writer holds is the key,
 * and becomes the HMAC of the message under that key.
 */
export function deriveKey(key: Writer, message: Slice): void {
  const length = key.length;
  hmacSha256(key, key.view(), message);
  const derived = key.viewFrom(length);
  memory.copy(pointerOf(key.view()), pointerOf(derived), SHA256_BYTES);
  key.truncate(SHA256_BYTES);
}

/** A key longer than a block is replaced by its digest. */
function loadKey(key: Slice): void {
  memory.fill(KEY, 0, SHA256_BLOCK_BYTES);
  if (lengthOf(key) <= SHA256_BLOCK_BYTES) {
    memory.copy(KEY, pointerOf(key), lengthOf(key));
    return;
  }
  hash.reset();
  hash.update(key);
  hash.finishAt(KEY);
}

function updateWithPad(pad: u8): void {
  flipKey(pad);
  hash.update(slice(KEY, SHA256_BLOCK_BYTES));
  flipKey(pad);
}


@inline
function flipKey(pad: u8): void {
  for (let i: usize = 0; i < (SHA256_BLOCK_BYTES as usize); i++) store<u8>(KEY + i, load<u8>(KEY + i) ^ pad);
}
