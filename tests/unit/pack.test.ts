/** What the build packs is what a VM unpacks. */

import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { packBlock, packData } from "../../tools/pack.ts";
import { compile, compileToFile, instantiate } from "../support/assembly.ts";

interface Unpacker {
  memory: WebAssembly.Memory;
  unpackPlane: (from: number, end: number, to: number) => void;
}

const FROM = 65_536;
const TO = 1_048_576;

let unpacker: Unpacker;
beforeAll(async () => {
  unpacker = await instantiate<Unpacker>(
    await compile("assembly/host/unpack.ts", { target: "harness", flags: ["-O3", "--initialMemory", "64"] }),
  );
});

/** Every second byte of what comes out. */
function unpacked(packed: Uint8Array, length: number): Uint8Array {
  const memory = new Uint8Array(unpacker.memory.buffer);
  memory.fill(0xee, TO, TO + 2 * length + 2);
  memory.set(packed, FROM);
  unpacker.unpackPlane(FROM, FROM + packed.length, TO);
  expect(memory[TO + 2 * length]).toBe(0xee);
  for (let index = 0; index < length; index++) expect(memory[TO + 2 * index + 1]).toBe(0xee);
  return Uint8Array.from({ length }, (_, index) => memory[TO + 2 * index] ?? 0);
}

describe("a plane", () => {
  it.each([
    ["nothing", ""],
    ["one byte", "a"],
    ["text without repetitions", "The quick brown fox"],
    ["one byte, very often", "a".repeat(5000)],
    ["a repetition that reaches into itself", "abcabcabcabcabcabcabcabcabc-"],
    ["a repetition at the very end", "services and services"],
  ])("of %s comes back", (_, text) => {
    const bytes = new TextEncoder().encode(text);
    expect(unpacked(packBlock(bytes), bytes.length)).toEqual(bytes);
  });

  it("of any bytes comes back", () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.constantFrom("model", "messages", "\0\0\0\0\0\0\0\0").map((text) => new TextEncoder().encode(text)),
      fc.nat({ max: 600 }).map((length) => new Uint8Array(length)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const bytes = new Uint8Array(Buffer.concat(pieces));
        expect(Buffer.compare(unpacked(packBlock(bytes), bytes.length), bytes)).toBe(0);
      }),
      { seed: 20261124, numRuns: 300 },
    );
  });

  it("of text that repeats itself is much shorter", () => {
    const bytes = new TextEncoder().encode("expected text, found a number; ".repeat(100));
    expect(packBlock(bytes).length).toBeLessThan(bytes.length / 20);
  });
});

it("a packed module has the memory of the unpacked one once it has started, and is shorter", async () => {
  const file = await compileToFile("tests/unit/pack.as.ts", { target: "harness" });
  const module = new Uint8Array(await readFile(file));
  const packed = packData(module);
  const memories = await Promise.all(
    [module, packed].map(async (bytes) => {
      const started = await instantiate<{ sum: () => number; dataEnd: () => number }>(
        new WebAssembly.Module(Buffer.from(bytes)),
      );
      const statics = Buffer.from(started.memory.buffer.slice(1024, started.dataEnd()));
      return { sum: started.sum(), statics };
    }),
  );
  expect(memories[0]?.sum).toBeGreaterThan(0);
  expect(memories[1]?.sum).toBe(memories[0]?.sum);
  expect(memories[1]?.statics.equals(memories[0]?.statics ?? Buffer.alloc(0))).toBe(true);
  expect(packed.length).toBeLessThan(module.length);
});

it("a module that is made in another way is refused", () => {
  const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  expect(() => packData(empty)).toThrow("no memory with static data");
});
