import { createHash, createHmac } from "node:crypto";
import { crc32 } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { lend } from "../../support/harness";
import { randomBytes, seededRandom } from "../../support/random";
import { type CodecExports, openCodecs, written } from "./codecs";

let exports: CodecExports;
beforeAll(async () => {
  exports = await openCodecs();
});

function hashOf(pieces: Iterable<Uint8Array>): string {
  for (const piece of pieces) lend(exports, [piece], exports.hashUpdate);
  exports.hashDigest();
  return written(exports).toString("hex");
}

function hmacOf(key: Uint8Array, message: Uint8Array): string {
  lend(exports, [key, message], exports.hmac);
  return written(exports).toString("hex");
}

function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(" ", ""), "hex");
}

describe("SHA-256", () => {
  // The examples that NIST publishes for FIPS 180-4.
  it.each([
    ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    [
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    ],
    ["a".repeat(1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"],
  ])("FIPS 180-4: %.20j", (text, digest) => {
    expect(hashOf([Buffer.from(text)])).toBe(digest);
    lend(exports, [text], exports.hashOnce);
    expect(written(exports).toString("hex")).toBe(digest);
    lend(exports, [text], exports.hashHex);
    expect(written(exports).toString("latin1")).toBe(digest);
  });

  it("agrees with node on every length up to five blocks, cut in two anywhere", () => {
    const bytes = randomBytes(seededRandom(256), 320);
    for (let length = 0; length <= bytes.length; length++) {
      const message = bytes.subarray(0, length);
      const expected = createHash("sha256").update(message).digest("hex");
      for (let cut = 0; cut <= length; cut++) {
        const digest = hashOf([message.subarray(0, cut), message.subarray(cut)]);
        if (digest !== expected) throw new Error(`${length} bytes cut at ${cut}: ${digest}`);
      }
    }
  });

  it("agrees with node on random messages in random pieces", () => {
    const random = seededRandom(7);
    for (let round = 0; round < 2000; round++) {
      const node = createHash("sha256");
      const pieces = Array.from({ length: Math.floor(random() * 8) }, () =>
        randomBytes(random, Math.floor(random() * 150)),
      );
      for (const piece of pieces) node.update(piece);
      expect(hashOf(pieces)).toBe(node.digest("hex"));
    }
  });
});

describe("HMAC-SHA256", () => {
  // RFC 4231 sections 4.2 to 4.8, without 4.6, which is about cutting the result.
  const short = "4a656665";
  const larger = "This is a test using a larger than block-size key and a larger than block-size data. ";
  it.each([
    ["0b".repeat(20), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"],
    [
      short,
      "what do ya want for nothing?",
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ],
    [
      "aa".repeat(131),
      "Test Using Larger Than Block-Size Key - Hash Key First",
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ],
    [
      "aa".repeat(131),
      `${larger}The key needs to be hashed before being used by the HMAC algorithm.`,
      "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
    ],
  ])("RFC 4231: key %.12s", (key, message, expected) => {
    expect(hmacOf(hex(key), Buffer.from(message))).toBe(expected);
  });

  it("RFC 4231: messages of bytes", () => {
    expect(hmacOf(hex("aa".repeat(20)), hex("dd".repeat(50)))).toBe(
      "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
    );
    expect(hmacOf(hex("0102030405060708090a0b0c0d0e0f10111213141516171819"), hex("cd".repeat(50)))).toBe(
      "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
    );
  });

  it("agrees with node on keys and messages of any length", () => {
    const random = seededRandom(11);
    for (let length = 0; length < 200; length++) {
      const key = randomBytes(random, length);
      const message = randomBytes(random, Math.floor(random() * 300));
      expect(hmacOf(key, message)).toBe(createHmac("sha256", key).update(message).digest("hex"));
    }
  });

  // The example of a derived key in AWS's documentation of Signature Version 4.
  it("derives a signing key", () => {
    lend(exports, ["AWS4wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"], exports.setWriter);
    for (const step of ["20150830", "us-east-1", "iam", "aws4_request"])
      lend(exports, [step], exports.derive);
    expect(written(exports).toString("hex")).toBe(
      "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9",
    );
  });

  it("derives from keys shorter and longer than a digest", () => {
    for (const length of [0, 1, 31, 32, 33, 64, 65, 1000]) {
      const key = randomBytes(seededRandom(length), length);
      lend(exports, [key], exports.setWriter);
      lend(exports, ["message"], exports.derive);
      expect(written(exports).toString("hex")).toBe(
        createHmac("sha256", key).update("message").digest("hex"),
      );
    }
  });
});

describe("CRC-32", () => {
  it("gives the check value", () => {
    expect(
      lend(exports, ["123456789"], (pointer, length) => exports.checksum(pointer, length, 0)) >>> 0,
    ).toBe(0xcbf43926);
  });

  it("agrees with node on every length, cut anywhere", () => {
    const bytes = randomBytes(seededRandom(32), 100);
    for (let length = 0; length <= bytes.length; length++) {
      const expected = crc32(bytes.subarray(0, length));
      for (let cut = 0; cut <= length; cut++) {
        const front = lend(exports, [bytes.subarray(0, cut)], (p, n) => exports.checksum(p, n, 0));
        const both = lend(exports, [bytes.subarray(cut, length)], (p, n) => exports.checksum(p, n, front));
        if (both >>> 0 !== expected) throw new Error(`${length} bytes cut at ${cut}`);
      }
    }
  });
});
