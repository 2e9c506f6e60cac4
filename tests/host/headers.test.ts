import fc from "fast-check";
import { expect, test } from "vitest";
import { MAX_PAIRS_BYTES, MAX_PAIRS_COUNT } from "./abi.ts";
import { HeaderMap, type Pair, parsePairs, serializePairs } from "./headers.ts";

test("names are the same in any case, values keep their order", () => {
  const map = new HeaderMap([
    ["X-A", "1"],
    ["b", "2"],
    ["x-a", "3"],
  ]);
  expect(map.pairs()).toEqual([
    ["x-a", "1"],
    ["b", "2"],
    ["x-a", "3"],
  ]);
  expect([map.get("x-A"), map.getAll("X-a"), map.size]).toEqual(["1", ["1", "3"], 3]);
  expect(map.byteSize).toBe("x-a1b2x-a3".length);
});

test("pseudo headers come first", () => {
  const map = new HeaderMap({ "x-a": "1", ":path": "/" }, "request");
  map.replace(":method", "GET");
  expect(map.pairs().map(([name]) => name)).toEqual([":path", ":method", "x-a"]);
});

test("host is the authority of a request only", () => {
  const request = new HeaderMap({ ":authority": "a" }, "request");
  request.replace("host", "b");
  expect(request.toObject()).toEqual({ ":authority": "b" });
  expect(new HeaderMap({ host: "b" }, "response").toObject()).toEqual({ host: "b" });
});

test("a copy is independent", () => {
  const map = new HeaderMap({ a: "1" }, "response");
  const copy = map.copy();
  copy.replace("a", "2");
  expect([map.get("a"), copy.get("a"), copy.kind]).toEqual(["1", "2", "response"]);
});

test("the wire form of pairs survives the way there and back", () => {
  const text = fc.string({ unit: "binary" });
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text), { maxLength: 20 }), (pairs) => {
      expect(parsePairs(serializePairs(pairs))).toEqual(pairs);
    }),
    { seed: 1 },
  );
});

test("a malformed list of pairs counts as empty", () => {
  const bytes = serializePairs([["name", "value"]]);
  for (let length = 0; length < bytes.length; length++)
    expect(parsePairs(bytes.subarray(0, length))).toEqual([]);
  expect(parsePairs(new Uint8Array([...bytes, 0]))).toEqual([]);
  const unterminated = bytes.slice();
  unterminated[bytes.length - 1] = 1;
  expect(parsePairs(unterminated)).toEqual([]);
});

test("too many pairs, or too many bytes of them, count as empty", () => {
  const pair: Pair = ["a", "b"];
  const most = Array.from({ length: MAX_PAIRS_COUNT }, () => pair);
  expect(parsePairs(serializePairs(most))).toHaveLength(MAX_PAIRS_COUNT);
  expect(parsePairs(serializePairs([...most, pair]))).toEqual([]);
  const longest = "b".repeat(MAX_PAIRS_BYTES - 4 - 8 - 3);
  expect(parsePairs(serializePairs([["a", longest]]))).toHaveLength(1);
  expect(parsePairs(serializePairs([["a", `${longest}b`]]))).toEqual([]);
});
