import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { lend, readSlice } from "../../support/harness";
import { randomBytes, seededRandom } from "../../support/random";
import { type CodecExports, openCodecs } from "./codecs";

let exports: CodecExports;
beforeAll(async () => {
  exports = await openCodecs();
});
beforeEach(() => exports.carryDispose());

function append(bytes: Uint8Array): void {
  lend(exports, [bytes], exports.carryAppend);
}

function held(): Buffer {
  return Buffer.from(readSlice(exports, exports.carryView()));
}

describe("carry", () => {
  it("holds what was appended and not dropped, like a queue of bytes", () => {
    const random = seededRandom(5);
    let model = Buffer.alloc(0);
    for (let round = 0; round < 20_000; round++) {
      const choice = random();
      if (choice < 0.5) {
        const bytes = randomBytes(random, Math.floor(random() ** 4 * 5000));
        append(bytes);
        model = Buffer.concat([model, bytes]);
      } else if (choice < 0.99) {
        const count = Math.floor(random() ** 2 * 1500) - 10;
        exports.carryDrop(count);
        model = model.subarray(Math.max(0, count));
      } else if (choice < 0.995) {
        exports.carryClear();
        model = Buffer.alloc(0);
      } else {
        exports.carryDispose();
        model = Buffer.alloc(0);
      }
      expect(exports.carryLength()).toBe(model.length);
      if (!held().equals(model)) throw new Error(`round ${round}`);
    }
  });

  it("moves each byte a constant number of times, however it is used", () => {
    const total = 1 << 20;
    const byte = Uint8Array.of(1);
    for (const [backlog, step] of [
      [0, 1],
      [1000, 1],
      [1000, 7],
      [100_000, 1],
      [100_000, 1000],
      [total, 1],
    ] as const) {
      exports.carryDispose();
      append(new Uint8Array(backlog));
      const copied = exports.copied();
      const moved = exports.moved();
      const pieces = Math.floor(total / (4 * step));
      const piece = step === 1 ? byte : new Uint8Array(step);
      for (let count = 0; count < pieces; count++) {
        append(piece);
        if (backlog < total) exports.carryDrop(step);
      }
      expect(Number(exports.copied() - copied)).toBe(pieces * step);
      expect(Number(exports.moved() - moved)).toBeLessThanOrEqual(3 * (pieces * step + backlog));
    }
  });

  it("gives a large block back when it is emptied, and keeps a small one", () => {
    for (const [length, kept] of [
      [1000, true],
      [1 << 20, false],
    ] as const) {
      append(new Uint8Array(length));
      exports.carryDrop(length);
      expect(exports.carryLength()).toBe(0);
      expect(exports.carryView() !== 0n).toBe(kept);
    }
  });
});
