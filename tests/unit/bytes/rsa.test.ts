import {
  createPrivateKey,
  createPublicKey,
  createSign,
  generateKeyPairSync,
  generatePrimeSync,
  type KeyObject,
  verify,
} from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { type HarnessExports, lend, openHarness, readSlice } from "../../support/harness";
import { randomBytes, seededRandom } from "../../support/random";

interface RsaExports extends HarnessExports {
  written(): bigint;
  read(pointer: number, length: number): bigint;
  sign(pointer: number, length: number): number;
  pem(pointer: number, length: number): number;
  der(pointer: number, length: number, tag: number): number;
  power(...parameters: number[]): number;
}

let exports: RsaExports;
beforeAll(async () => {
  exports = await openHarness<RsaExports>("tests/unit/bytes/rsa.as.ts");
});

const PEM = { type: "pkcs8", format: "pem" } as const;

function newKey(bits: number): KeyObject {
  return generateKeyPairSync("rsa", { modulusLength: bits }).privateKey;
}

/** Reads a key; what is wrong with it, "" where nothing is. */
function read(pem: string | Uint8Array): string {
  return Buffer.from(readSlice(exports, lend(exports, [pem], exports.read))).toString();
}

/** The signature by the key that was read last; undefined where it refused. */
function sign(message: string | Uint8Array): Buffer | undefined {
  const isSigned = lend(exports, [message], exports.sign) !== 0;
  return isSigned ? Buffer.from(readSlice(exports, exports.written())) : undefined;
}

function expected(key: KeyObject, message: string | Uint8Array): string {
  return createSign("RSA-SHA256").update(message).sign(key, "hex");
}

function toPem(label: string, der: Uint8Array): string {
  const lines = Buffer.from(der).toString("base64").replace(/.{64}/g, "$&\n");
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}

function bytesOf(number: bigint): Buffer {
  const hex = number.toString(16);
  return Buffer.from(hex.length % 2 === 1 ? `0${hex}` : hex, "hex");
}

function powerOf(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n % modulus;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

/** The inverse of `value` modulo `modulus`. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [left, right, one, zero] = [value % modulus, modulus, 1n, 0n];
  while (right !== 0n) {
    const quotient = left / right;
    [left, right] = [right, left - quotient * right];
    [one, zero] = [zero, one - quotient * zero];
  }
  return ((one % modulus) + modulus) % modulus;
}

/** A key of two primes that node would not choose. */
function keyOf(p: bigint, q: bigint, e: bigint): KeyObject {
  const d = inverse(e, (p - 1n) * (q - 1n));
  const numbers = { n: p * q, e, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) };
  const members = Object.entries(numbers).map(([name, value]) => [
    name,
    bytesOf(value).toString("base64url"),
  ]);
  return createPrivateKey({ key: { kty: "RSA", ...Object.fromEntries(members) }, format: "jwk" });
}

describe("powers modulo an odd number", () => {
  it("agree with BigInt for numbers of one word and of many", () => {
    const random = seededRandom(17);
    const number = (bytes: number) => BigInt(`0x${Buffer.from(randomBytes(random, bytes)).toString("hex")}`);
    for (let round = 0; round < 200; round++) {
      const limbs = 1 + (round % 9);
      const modulus = number(limbs * 4 - (round % 4)) | 1n;
      const base = number(limbs * 4);
      const exponent = number(1 + (round % 20));
      const inputs = [bytesOf(base), bytesOf(exponent), bytesOf(modulus)];
      const done = lend(exports, inputs, (...places) => exports.power(...places, limbs));
      const result = `0x${Buffer.from(readSlice(exports, exports.written())).toString("hex")}`;
      expect([done, BigInt(result)]).toEqual([1, powerOf(base, exponent, modulus)]);
    }
  });

  it("stay within their words at the edges", () => {
    const all = (limbs: number) => (1n << BigInt(32 * limbs)) - 1n;
    for (const [base, modulus] of [
      [all(2), all(2)],
      [all(2), 1n],
      [0n, all(2)],
      [all(2), 3n],
      [all(2) - 1n, all(2)],
    ] as const) {
      const inputs = [bytesOf(base), bytesOf(65537n), bytesOf(modulus)];
      lend(exports, inputs, (...places) => exports.power(...places, 2));
      const result = `0x${Buffer.from(readSlice(exports, exports.written())).toString("hex")}`;
      expect(BigInt(result)).toBe(powerOf(base, 65537n, modulus));
    }
  });
});

describe("RS256", () => {
  it.each([1024, 1032, 1536, 2048, 3072, 4096])("agrees with node for a key of %i bits", (bits) => {
    const key = newKey(bits);
    const message = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhIn0";
    for (const pem of [key.export(PEM), key.export({ type: "pkcs1", format: "pem" })]) {
      expect(read(pem.toString())).toBe("");
      expect(sign(message)?.toString("hex"), pem.toString()).toBe(expected(key, message));
    }
  });

  it("agrees with node for messages of any length", () => {
    const key = newKey(1024);
    read(key.export(PEM).toString());
    for (let length = 0; length < 140; length += 3) {
      const message = randomBytes(seededRandom(length), length);
      expect(sign(message)?.toString("hex")).toBe(expected(key, message));
    }
  });

  it("takes primes of different lengths, the first one longer or shorter, and another exponent", () => {
    const [long, short] = [
      generatePrimeSync(544, { bigint: true }),
      generatePrimeSync(512, { bigint: true }),
    ];
    for (const [p, q] of [
      [long, short],
      [short, long],
    ] as const) {
      for (const e of [3n, 17n, 65537n]) {
        if ((p - 1n) % e === 0n || (q - 1n) % e === 0n) continue;
        const key = keyOf(p, q, e);
        expect(read(key.export(PEM).toString())).toBe("");
        expect(sign("message")?.toString("hex")).toBe(expected(key, "message"));
      }
    }
  });

  it("reads a key whatever its line ends are", () => {
    const key = newKey(1024);
    const pem = key.export(PEM).toString();
    for (const text of [
      pem.replaceAll("\n", "\r\n"),
      pem.replaceAll("\n", " "),
      `\n\n# key\n${pem}`,
      pem.trim(),
    ]) {
      expect(read(text)).toBe("");
      expect(sign("a")?.toString("hex")).toBe(expected(key, "a"));
    }
  });

  it("says what is wrong with a key", () => {
    const elliptic = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
    const pem = newKey(1024).export(PEM).toString();
    expect(read("")).toBe("is no PEM text with a block PRIVATE KEY or RSA PRIVATE KEY");
    expect(read(pem.replace("-----END", "----END"))).toContain("is no PEM text");
    expect(read(pem.replaceAll("\n", "\\n"))).toContain("is no PEM text");
    expect(read(elliptic.export(PEM).toString())).toBe("is no RSA key");
    expect(read(newKey(512).export(PEM).toString())).toBe("has 512 bits; 1024 to 4096 are possible");
    expect(read(newKey(4104).export(PEM).toString())).toBe("has 4104 bits; 1024 to 4096 are possible");
    expect(read(toPem("PRIVATE KEY", Buffer.from("3003020100", "hex")))).toBe("is no key in PKCS#8");
    expect(read(toPem("RSA PRIVATE KEY", Buffer.from("3003020100", "hex")))).toBe(
      "is no RSA key of two primes",
    );
    expect(sign("a")).toBeUndefined();
  });

  it("survives a key that is cut anywhere, and one with any byte changed, and never signs wrongly", () => {
    const key = newKey(1024);
    const publicKey = createPublicKey(key);
    for (const type of ["pkcs8", "pkcs1"] as const) {
      const label = type === "pkcs8" ? "PRIVATE KEY" : "RSA PRIVATE KEY";
      const der = key.export({ type, format: "der" });
      for (let length = 0; length < der.length; length++) {
        expect(read(toPem(label, der.subarray(0, length)))).not.toBe("");
      }
      for (let index = 0; index < der.length; index++) {
        for (const change of [0x01, 0x80, 0xff]) {
          const bad = Buffer.from(der);
          bad[index] = (bad[index] ?? 0) ^ change;
          const problem = read(toPem(label, bad));
          const signature = sign("message");
          if (problem !== "") expect(signature).toBeUndefined();
          else if (signature !== undefined) {
            expect(verify("sha256", Buffer.from("message"), publicKey, signature), `byte ${index}`).toBe(
              true,
            );
          }
        }
      }
    }
  });

  it("refuses DER whose lengths lie", () => {
    for (const hex of [
      "02",
      "0201",
      "0280",
      "0281",
      "0282ffff",
      "0285ffffffffff",
      "0284ffffffff00",
      "0282",
    ]) {
      expect(
        lend(exports, [Buffer.from(hex, "hex")], (pointer, length) => exports.der(pointer, length, 2)),
      ).toBe(0);
    }
    expect(lend(exports, [Buffer.from("0201000200028101ff", "hex")], (p, n) => exports.der(p, n, 2))).toBe(3);
  });
});
