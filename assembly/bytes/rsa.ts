import { DerReader, DerTag } from "./der";
import { MAX_LIMBS, Modulus, bytesOf, isSame, loadNumber, multiplyAdd, storeNumber } from "./modular";
import { decodePem } from "./pem";
import { SHA256_BYTES, Sha256 } from "./sha256";
import { EMPTY, Slice, Utf8, borrow, lengthOf, pointerOf, slice, toOwned } from "./slice";
import { Writer } from "./writer";

/** Bits of a modulus. Smaller ones are not safe; larger ones would take a worker too long. */
const LEAST_BITS: i32 = 1024;
const MOST_BITS: i32 = MAX_LIMBS * 32;

/** A public exponent has no more bytes: it is 65537 as a rule. */
const MAX_EXPONENT_BYTES: i32 = 8;

/** Object identifier 1.2.840.113549.1.1.1, rsaEncryption (RFC 8017 appendix A.1). */
const RSA_ENCRYPTION: usize = memory.data<u8>([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01]);
const RSA_ENCRYPTION_BYTES: i32 = 9;

/** DigestInfo of a SHA-256 digest up to the digest (RFC 8017 section 9.2, note 1). */
const DIGEST_INFO: usize = memory.data<u8>([
  0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04,
  0x20,
]);
const DIGEST_INFO_BYTES: i32 = 19;

const der: Writer = new Writer();
const hash = new Sha256();

/**
 * A private RSA key (RFC 8017). Its numbers are owned, big-endian, without leading zeros. Whether they belong together
 * is known only when it signs: each signature is checked before it is given out, since a wrong one would give the key
 * away.
 */
export class RsaKey {
  private modulus: Utf8 = EMPTY;
  private publicExponent: Utf8 = EMPTY;
  /** The two primes, the exponent for each, and the inverse of the second modulo the first. */
  private firstPrime: Utf8 = EMPTY;
  private secondPrime: Utf8 = EMPTY;
  private firstExponent: Utf8 = EMPTY;
  private secondExponent: Utf8 = EMPTY;
  private coefficient: Utf8 = EMPTY;
  /** What is wrong with the text that was read, as the end of a sentence about the key; "" where it is right. */
  problem: string = "";

  /** Reads a key in PEM: `PRIVATE KEY` (PKCS#8, RFC 5208) or `RSA PRIVATE KEY` (PKCS#1). See `problem`. */
  static parse(pem: Slice): RsaKey {
    const key = new RsaKey();
    der.reset();
    if (decodePem(der, pem, "PRIVATE KEY")) key.readPkcs8(der.view());
    else if (decodePem(der, pem, "RSA PRIVATE KEY")) key.readPkcs1(der.view());
    else key.problem = "is no PEM text with a block PRIVATE KEY or RSA PRIVATE KEY";
    memory.fill(pointerOf(der.view()), 0, der.length);
    der.dispose();
    return key;
  }

  /** Bytes of a signature. */
  get size(): i32 {
    return this.modulus.byteLength;
  }

  /**
   * Writes the signature RSASSA-PKCS1-v1_5 with SHA-256 (`RS256`) of a message, which may not lie in the writer. Takes
   * milliseconds, see docs/credentials.md.
   * @returns false where the key's numbers do not belong together; nothing is written then.
   */
  sign(writer: Writer, message: Slice): bool {
    if (this.problem.length > 0) return false;
    hash.reset();
    hash.update(message);
    const size = this.size;
    const target = writer.reserve(size);
    this.encode(target, size);
    if (!this.transform(target)) return false;
    writer.advance(size);
    return true;
  }

  /** EMSA-PKCS1-v1_5 (RFC 8017 section 9.2). */
  private encode(target: usize, size: i32): void {
    const info = size - SHA256_BYTES - DIGEST_INFO_BYTES;
    store<u8>(target, 0, 0);
    store<u8>(target, 1, 1);
    memory.fill(target + 2, 0xff, info - 3);
    store<u8>(target + info - 1, 0);
    memory.copy(target + info, DIGEST_INFO, DIGEST_INFO_BYTES);
    hash.finishAt(target + info + DIGEST_INFO_BYTES);
  }

  /**
   * Replaces the message at `target` by its signature (RFC 8017 section 5.2.1, with the Chinese remainder theorem).
   * `half` words hold a prime, twice as many the modulus.
   */
  private transform(target: usize): bool {
    const half = limbsOf(max(this.firstPrime.byteLength, this.secondPrime.byteLength));
    const whole = half * 2;
    const part = bytesOf(half);
    const room = heap.alloc(part * 16);
    memory.fill(room, 0, part * 16);
    const message = room;
    const signature = room + part * 2;
    const modulus = room + part * 4;
    const square = room + part * 6;
    const first = room + part * 8;
    const second = room + part * 9;
    const firstPrime = room + part * 10;
    const secondPrime = room + part * 11;
    const coefficient = room + part * 12;
    const rest = room + part * 13;
    const checked = room + part * 14;
    const size = this.size;
    loadNumber(message, whole, slice(target, size));
    loadNumber(firstPrime, half, borrow(this.firstPrime));
    loadNumber(secondPrime, half, borrow(this.secondPrime));
    loadNumber(modulus, whole, borrow(this.modulus));
    const isRight = loadNumber(coefficient, half, borrow(this.coefficient));

    const modulo1 = new Modulus(firstPrime, half, square);
    powerOf(modulo1, first, message, half, rest, borrow(this.firstExponent));
    const modulo2 = new Modulus(secondPrime, half, square + part);
    powerOf(modulo2, second, message, half, rest, borrow(this.secondExponent));
    memory.copy(rest, second, part);
    modulo1.enter(rest);
    modulo1.leave(rest);
    modulo1.subtract(first, rest);
    modulo1.enter(coefficient);
    modulo1.multiply(first, first, coefficient);
    multiplyAdd(signature, first, secondPrime, second, half);

    const modulo = new Modulus(modulus, whole, square);
    memory.copy(checked, signature, part * 2);
    modulo.enter(checked);
    modulo.power(checked, borrow(this.publicExponent));
    modulo.leave(checked);
    const isSigned = isRight && isSame(checked, message, whole);
    if (isSigned) storeNumber(target, size, signature);
    memory.fill(room, 0, part * 16);
    heap.free(room);
    return isSigned;
  }

  private readPkcs8(bytes: Slice): void {
    const info = new DerReader(bytes);
    const reader = new DerReader(info.next(DerTag.Sequence));
    reader.integer();
    const algorithm = new DerReader(reader.next(DerTag.Sequence));
    const identifier = algorithm.next(DerTag.ObjectIdentifier);
    const key = reader.next(DerTag.OctetString);
    if (info.failed || reader.failed || algorithm.failed) {
      this.problem = "is no key in PKCS#8";
    } else if (
      lengthOf(identifier) != RSA_ENCRYPTION_BYTES ||
      memory.compare(pointerOf(identifier), RSA_ENCRYPTION, RSA_ENCRYPTION_BYTES) != 0
    ) {
      this.problem = "is no RSA key";
    } else {
      this.readPkcs1(key);
    }
  }

  private readPkcs1(bytes: Slice): void {
    const outer = new DerReader(bytes);
    const reader = new DerReader(outer.next(DerTag.Sequence));
    const version = reader.integer();
    this.modulus = toOwned(reader.integer());
    this.publicExponent = toOwned(reader.integer());
    reader.integer();
    this.firstPrime = toOwned(reader.integer());
    this.secondPrime = toOwned(reader.integer());
    this.firstExponent = toOwned(reader.integer());
    this.secondExponent = toOwned(reader.integer());
    this.coefficient = toOwned(reader.integer());
    const isRead = !outer.failed && !reader.failed;
    // Version 1 has more than two primes.
    this.problem = !isRead || lengthOf(version) > 0 ? "is no RSA key of two primes" : this.sizeProblem();
  }

  /** Everything that the arithmetic relies on is looked at here. */
  private sizeProblem(): string {
    const bits = bitsOf(this.modulus);
    if (bits < LEAST_BITS || bits > MOST_BITS) {
      return `has ${bits} bits; ${LEAST_BITS} to ${MOST_BITS} are possible`;
    }
    const longer = limbsOf(max(this.firstPrime.byteLength, this.secondPrime.byteLength));
    const isFit =
      isOdd(this.modulus) &&
      isOdd(this.firstPrime) &&
      isOdd(this.secondPrime) &&
      longer * 2 <= MAX_LIMBS &&
      limbsOf(this.modulus.byteLength) <= longer * 2 &&
      this.firstExponent.byteLength <= this.firstPrime.byteLength &&
      this.secondExponent.byteLength <= this.secondPrime.byteLength &&
      this.publicExponent.byteLength <= MAX_EXPONENT_BYTES;
    return isFit ? "" : "has numbers that do not belong together";
  }
}

/** target = message ^ exponent, reduced. @param message of twice as many words as the modulus; `rest` is scratch */
function powerOf(
  modulus: Modulus,
  target: usize,
  message: usize,
  limbs: i32,
  rest: usize,
  exponent: Slice,
): void {
  const size = bytesOf(limbs);
  // The message is high * 2^(32 limbs) + low: `enter` alone makes the first term.
  memory.copy(target, message + size, size);
  modulus.enter(target);
  memory.copy(rest, message, size);
  modulus.enter(rest);
  modulus.leave(rest);
  modulus.add(target, rest);
  modulus.enter(target);
  modulus.power(target, exponent);
  modulus.leave(target);
}

function limbsOf(bytes: i32): i32 {
  return (bytes + 3) >> 2;
}

function bitsOf(number: Utf8): i32 {
  const length = number.byteLength;
  return length == 0 ? 0 : length * 8 - (clz<u32>(load<u8>(changetype<usize>(number)) as u32) as i32) + 24;
}

function isOdd(number: Utf8): bool {
  const length = number.byteLength;
  return length > 0 && (load<u8>(changetype<usize>(number) + length - 1) & 1) == 1;
}
