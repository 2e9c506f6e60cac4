import { beforeAll, describe, expect, it } from "vitest";
import { lend, readSlice } from "../../support/harness";
import { randomBytes, seededRandom } from "../../support/random";
import { type CodecExports, openCodecs, written } from "./codecs";

let exports: CodecExports;
beforeAll(async () => {
  exports = await openCodecs();
});

function encode(bytes: Uint8Array | string, keepSlash = false): string {
  lend(exports, [bytes], (pointer, length) => exports.percentEncode(pointer, length, keepSlash ? 1 : 0));
  return written(exports).toString("latin1");
}

/** The bytes, or null where the text was refused. */
function decode(text: string, form = false): Buffer | null {
  const accepted = lend(exports, [text], (pointer, length) =>
    exports.percentDecode(pointer, length, form ? 1 : 0),
  );
  const bytes = written(exports);
  expect(bytes.subarray(0, 1).toString()).toBe("x");
  if (accepted === 0) expect(bytes).toHaveLength(1);
  return accepted === 0 ? null : bytes.subarray(1);
}

/** The slice, or null where it is absent. */
function read(slice: bigint): string | null {
  return slice === 0n ? null : Buffer.from(readSlice(exports, slice)).toString();
}

function find(query: string, name: string): string | null {
  return lend(exports, [query, name], (...places) =>
    read(exports.parameter(...(places as [number, number, number, number]))),
  );
}

function remove(query: string, name: string): string {
  lend(exports, [query, name], exports.removeParameter);
  return written(exports).toString();
}

describe("percent-encoding", () => {
  it("leaves the unreserved characters and nothing else", () => {
    for (let byte = 0; byte < 256; byte++) {
      const character = String.fromCharCode(byte);
      const expected = /[A-Za-z0-9._~-]/.test(character)
        ? character
        : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
      expect(encode(Uint8Array.of(byte))).toBe(expected);
    }
  });

  it("keeps the slash where asked", () => {
    expect(encode("a/b c", true)).toBe("a/b%20c");
    expect(encode("a/b c")).toBe("a%2Fb%20c");
  });

  it("encodes an ARN once, as Bedrock wants its model", () => {
    expect(encode("arn:aws:bedrock:eu-west-1:1:inference-profile/eu.model-v1:0")).toBe(
      "arn%3Aaws%3Abedrock%3Aeu-west-1%3A1%3Ainference-profile%2Feu.model-v1%3A0",
    );
  });

  it("is undone by decoding", () => {
    const bytes = Buffer.from(randomBytes(seededRandom(3), 2000));
    expect(decode(encode(bytes))).toEqual(bytes);
  });

  it.each([
    ["a%20b+c", false, "a b+c"],
    ["a%20b+c", true, "a b c"],
    ["%e4%BD%a0", false, "你"],
    ["%25", false, "%"],
    ["", false, ""],
  ])("decodes %j", (text, form, expected) => {
    expect(decode(text, form)?.toString()).toBe(expected);
  });

  it.each(["%", "%4", "ab%", "ab%4", "%4g", "%g4", "%%41", "% 41", "%-1"])("refuses %j", (text) => {
    expect(decode(text)).toBeNull();
  });
});

describe("what lies behind a text", () => {
  it("is not read as its last digit", () => {
    lend(exports, ["%41"], (pointer) => {
      expect(exports.percentDecode(pointer, 2, 0)).toBe(0);
      expect(exports.percentDecode(pointer, 3, 0)).toBe(1);
    });
  });
});

describe("request targets", () => {
  it.each([
    ["/v1/chat", "/v1/chat", null],
    ["/v1/chat?", "/v1/chat", ""],
    ["/v1/chat?a=1&b", "/v1/chat", "a=1&b"],
    ["/v1?a=?", "/v1", "a=?"],
    ["", "", null],
  ])("%j", (target, path, query) => {
    expect(lend(exports, [target], (pointer, length) => read(exports.path(pointer, length)))).toBe(path);
    expect(lend(exports, [target], (pointer, length) => read(exports.query(pointer, length)))).toBe(query);
  });
});

describe("parameters", () => {
  it.each([
    ["key=1", "key", "1"],
    ["a=0&key=1&key=2", "key", "1"],
    ["key", "key", ""],
    ["key&a", "key", ""],
    ["key=", "key", ""],
    ["key=a=b%20c", "key", "a=b%20c"],
    ["k%65y=1", "key", "1"],
    ["a+b=1", "a b", "1"],
    ["a%20b=1", "a b", "1"],
    ["%=1", "%", "1"],
    ["%4=1", "%4", "1"],
    ["", "key", null],
    ["&&", "key", null],
    ["xkey=1&keyx=1&ke=1&a=key", "key", null],
    ["Key=1", "key", null],
  ])("finds in %j %j", (query, name, expected) => {
    expect(find(query, name)).toBe(expected);
  });

  it.each([
    ["key=1", ""],
    ["key=1&a=2", "a=2"],
    ["a=2&key=1", "a=2"],
    ["a=2&key=1&b=%203", "a=2&b=%203"],
    ["key&a&k%65y=1&key=2", "a"],
    ["a=2", "a=2"],
    ["a&&b&", "a&&b&"],
    ["", ""],
  ])("removes from %j", (query, expected) => {
    expect(remove(query, "key")).toBe(expected);
    expect(find(remove(query, "key"), "key")).toBeNull();
  });

  it("appends, encoded", () => {
    lend(exports, ["/v1?"], exports.setWriter);
    lend(exports, ["api key", "a/b&c"], (...places) =>
      exports.addParameter(4, ...(places as [number, number, number, number])),
    );
    expect(written(exports).toString()).toBe("/v1?api%20key=a%2Fb%26c");
    lend(exports, ["x", ""], (...places) =>
      exports.addParameter(4, ...(places as [number, number, number, number])),
    );
    expect(written(exports).toString()).toBe("/v1?api%20key=a%2Fb%26c&x=");
  });
});
