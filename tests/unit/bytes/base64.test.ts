import { beforeAll, describe, expect, it } from "vitest";
import { lend } from "../../support/harness";
import { randomBytes, seededRandom } from "../../support/random";
import { type CodecExports, openCodecs, written } from "./codecs";

let exports: CodecExports;
beforeAll(async () => {
  exports = await openCodecs();
});

const STANDARD = 0;
const URL_SAFE = 1;

function encode(bytes: Uint8Array, alphabet: number, padded: boolean): string {
  lend(exports, [bytes], (pointer, length) =>
    exports.base64Encode(pointer, length, alphabet, padded ? 1 : 0),
  );
  return written(exports).toString("latin1");
}

/** The bytes, or null where the text was refused. */
function decode(text: string, alphabet = STANDARD): Buffer | null {
  const accepted = lend(exports, [text], (pointer, length) =>
    exports.base64Decode(pointer, length, alphabet),
  );
  if (accepted === 0) expect(written(exports)).toHaveLength(0);
  return accepted === 0 ? null : written(exports);
}

describe("base64", () => {
  it.each([
    ["", ""],
    ["f", "Zg=="],
    ["fo", "Zm8="],
    ["foo", "Zm9v"],
    ["foob", "Zm9vYg=="],
    ["fooba", "Zm9vYmE="],
    ["foobar", "Zm9vYmFy"],
  ])("RFC 4648 section 10: %j", (text, expected) => {
    expect(encode(Buffer.from(text), STANDARD, true)).toBe(expected);
    expect(encode(Buffer.from(text), STANDARD, false)).toBe(expected.replace(/=+$/, ""));
    expect(decode(expected)?.toString()).toBe(text);
  });

  it("agrees with node on bytes of every length, in both alphabets, padded and not", () => {
    const random = seededRandom(64);
    for (let length = 0; length < 400; length++) {
      const bytes = Buffer.from(randomBytes(random, length));
      const standard = bytes.toString("base64");
      const url = bytes.toString("base64url");
      const paddedUrl = standard.replaceAll("+", "-").replaceAll("/", "_");
      expect(encode(bytes, STANDARD, true)).toBe(standard);
      expect(encode(bytes, STANDARD, false)).toBe(standard.replace(/=+$/, ""));
      expect(encode(bytes, URL_SAFE, true)).toBe(paddedUrl);
      expect(encode(bytes, URL_SAFE, false)).toBe(url);
      expect(decode(standard)).toEqual(bytes);
      expect(decode(standard.replace(/=+$/, ""))).toEqual(bytes);
      expect(decode(paddedUrl, URL_SAFE)).toEqual(bytes);
      expect(decode(url, URL_SAFE)).toEqual(bytes);
    }
  });

  it("accepts of all short texts just those that encode something", () => {
    const characters = ["A", "Q", "B", "/", "+", "=", "-", "_", " ", "\n", "\x00", "\xff"];
    const texts = [""];
    for (let i = 0; i < texts.length && (texts[i] ?? "").length < 4; i++) {
      for (const character of characters) texts.push(texts[i] + character);
    }
    let accepted = 0;
    for (const text of texts) {
      for (const alphabet of [STANDARD, URL_SAFE]) {
        const bytes = Buffer.from(text, "latin1");
        const ours = lend(exports, [bytes], (pointer, length) =>
          exports.base64Decode(pointer, length, alphabet),
        );
        const node = bytes.toString("latin1") === text ? Buffer.from(text, "base64") : Buffer.alloc(0);
        const padded = node.toString("base64");
        const canonical = alphabet === STANDARD ? padded : padded.replaceAll("+", "-").replaceAll("/", "_");
        const valid = text === canonical || text === canonical.replace(/=+$/, "");
        if ((ours !== 0) !== valid) throw new Error(`${JSON.stringify(text)} in alphabet ${alphabet}`);
        if (valid) accepted++;
      }
    }
    expect(accepted).toBeGreaterThan(1000);
  });

  it("refuses one wrong byte anywhere", () => {
    const text = Buffer.from(randomBytes(seededRandom(1), 60)).toString("base64");
    for (let index = 0; index < text.length; index++) {
      for (const wrong of ["=", "-", "_", " ", "\n", "\x00", "~", "\x7f"]) {
        expect(decode(text.slice(0, index) + wrong + text.slice(index + 1))).toBeNull();
      }
    }
  });
});
