/**
 * Memory is counted, not timed. The harness never collects garbage, so an allocation of a single byte for each of
 * many documents would be seen as pages (64 KiB) that the module grows by.
 */
import { beforeAll, expect, test } from "vitest";
import { place } from "../../support/harness";
import { ELEMENTS, JsonRoom, named, VALUES } from "./room";

const TIMES = 20_000;
const TEXT = Buffer.from(
  JSON.stringify({
    model: "a model",
    messages: [{ role: "user", content: 'text with "escapes",\n你好 and 😀' }],
    numbers: [1, -2.5, 1e-7],
    r: [{ a: [[[]]] }, { b: {} }],
  }),
);

let json: JsonRoom;
let exports: JsonRoom["exports"];
let pointer = 0;
beforeAll(async () => {
  json = await JsonRoom.open();
  exports = json.exports;
  pointer = place(exports, TEXT);
});

/** Pages that the module grows by while `work` is done many times, once it has been done a few times. */
function growth(work: (round: number) => void): number {
  for (let round = 0; round < 10; round++) work(round);
  const before = exports.pages();
  for (let round = 0; round < TIMES; round++) work(round);
  return exports.pages() - before;
}

test("the way of counting sees one byte for each document", () => {
  expect(growth(() => exports.allocateManaged())).toBeGreaterThan(0);
});

test("scanning whole and in pieces, valid and invalid, allocates nothing", () => {
  expect(
    growth((round) => {
      const cut = round % TEXT.length;
      expect(exports.isJson(pointer, TEXT.length, cut)).toBe(1);
      exports.isJson(pointer, cut, cut >> 1);
    }),
  ).toBe(0);
});

test("parsing, asking, editing and applying allocates nothing for ever", () => {
  expect(
    growth(() => {
      exports.documentParse(pointer, TEXT.length);
      for (let node = 0; node < 8; node++) {
        exports.raw(node);
        exports.decimal(node, 0);
        exports.count(node);
      }
      exports.patchesClear();
      exports.editsOpen(exports.root());
      exports.editsClose();
      exports.patchesReplace(2, 7, pointer, 20);
      exports.patchesInsert(1, pointer, 20);
      exports.patchesApply(pointer, TEXT.length);
    }),
  ).toBe(0);
});

test("escaping, unescaping and writing chunks allocates nothing", () => {
  expect(
    growth(() => {
      exports.escaped(pointer, TEXT.length);
      exports.quoted(pointer, TEXT.length);
      exports.unescaped(pointer, TEXT.length);
      exports.writeChunks(pointer, 20, 1);
    }),
  ).toBe(0);
});

test.each([
  ["elements", ELEMENTS],
  ["values", VALUES],
  ["named", named("r")],
])("splitting by %s allocates nothing", (_name, mode) => {
  const name = Buffer.from(mode.name ?? "");
  const at = place(exports, name);
  exports.splitterNew(mode.mode, at, name.length, 1 << 20);
  expect(
    growth((round) => {
      exports.splitterReset();
      for (const [from, to] of [
        [0, round % TEXT.length],
        [round % TEXT.length, TEXT.length],
      ] as const) {
        exports.splitterFeed(pointer + from, to - from);
        while (exports.splitterNext() === 1) exports.splitterRecord();
      }
      exports.splitterEnd();
    }),
  ).toBe(0);
  exports.release(at);
});

test("what one large text took is there for the next one", () => {
  const large = Buffer.from(`[${"[1,2,3],".repeat(30_000)}"${"x".repeat(2_000_000)}"]`);
  const at = place(exports, large);
  const name = exports.allocate(1);
  const work = () => {
    exports.documentParse(at, large.length);
    exports.escaped(at, large.length);
    exports.splitterNew(0, name, 0, 1 << 24);
    for (const [from, to] of [
      [0, large.length - 10],
      [large.length - 10, large.length],
    ] as const) {
      exports.splitterFeed(at + from, to - from);
      while (exports.splitterNext() === 1) exports.splitterRecord();
    }
    exports.documentReset();
    exports.writerReset();
  };
  for (let round = 0; round < 3; round++) work();
  const before = exports.pages();
  for (let round = 0; round < 30; round++) work();
  expect(exports.pages()).toBe(before);
});

/** Megabytes that a fresh module still has to give, without growing, when `work` is done. */
async function freeAfter(
  work: (fresh: JsonRoom["exports"], at: number, length: number) => void,
): Promise<number> {
  const large = Buffer.from(`[${"1,".repeat(500_000)}1]`); // eight megabytes of tokens
  const { exports: fresh } = await JsonRoom.open();
  work(fresh, place(fresh, large), large.length);
  const pages = fresh.pages();
  let free = -1;
  for (; fresh.pages() === pages; free++) fresh.allocate(1 << 20);
  return free;
}

test("a reset gives the memory of a large text back, and so does the disposal of a scanner", async () => {
  const held = await freeAfter((fresh, at, length) => fresh.documentParse(at, length));
  const given = await freeAfter((fresh, at, length) => {
    fresh.documentParse(at, length);
    fresh.documentReset();
  });
  expect(given).toBeGreaterThanOrEqual(held + 7);

  const heldByScanner = await freeAfter((fresh, at, length) => fresh.isJson(at, length, 0));
  const givenByScanner = await freeAfter((fresh, at, length) => {
    fresh.isJson(at, length, 0);
    fresh.scannerDispose();
  });
  expect(givenByScanner).toBeGreaterThanOrEqual(heldByScanner + 7);
});
