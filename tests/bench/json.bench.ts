/**
 * `npx tsx tests/bench/json.bench.ts`: how fast the JSON room is under this Node, in megabytes of text a second (best
 * of many short rounds), with what the platform's own parser does with the same bytes beside it.
 */
import { place } from "../support/harness";
import { JsonRoom, named } from "../unit/json/room";

const ROUNDS = 40;
const ROUND_BYTES = 400_000;

const messages = (content: string, count = 800) =>
  JSON.stringify({ model: "m", messages: Array.from({ length: count }, () => ({ role: "user", content })) });
const objects = (count: number) =>
  Array.from({ length: count }, (_, id) => ({
    id,
    a: [1, 2, { b: null, c: true }],
    name: "some name",
    on: false,
  }));

const CHUNK =
  '{"id":"chatcmpl-123","object":"chat.completion.chunk","created":1694268190,"model":"gpt-4o-mini","choices":' +
  '[{"index":0,"delta":{"content":"Hello"},"logprobs":null,"finish_reason":null}]}';

const TEXTS: Record<string, string> = {
  "English text": messages("The quick brown fox jumps over the lazy dog, and then some more. ".repeat(20)),
  "Chinese text": messages("你好，世界。这是一个用于测试的中文句子，包含一些标点符号！".repeat(20)),
  "text with many escapes": messages('Line one\nand "another" line\n\n'.repeat(40)),
  "one small chunk": CHUNK,
  "structure, spaced": JSON.stringify(objects(3000), null, 2),
  "structure, dense": JSON.stringify(objects(6000)),
  "embeddings (numbers)": JSON.stringify(Array.from({ length: 20_000 }, (_, i) => Math.sin(i))),
};

const { exports } = await JsonRoom.open();

/** Megabytes a second of `work`, which goes through `bytes` of text. */
function speed(bytes: number, work: () => void): string {
  const times = Math.max(1, Math.round(ROUND_BYTES / bytes));
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    for (let i = 0; i < times; i++) work();
    best = Math.min(best, performance.now() - start);
  }
  return ((bytes * times) / best / 1000).toFixed(0).padStart(7);
}

const head = ["validate", "index", "platform", "escape", "unescape"]
  .map((title) => title.padStart(9))
  .join("");
console.log(`${"MB/s".padEnd(24)}${head}`);
for (const [name, text] of Object.entries(TEXTS)) {
  const bytes = Buffer.from(text);
  const pointer = place(exports, bytes);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const scan = () => exports.isJson(pointer, bytes.length, 0);
  exports.scannerReset(-1, 1 << 20);
  const validate = speed(bytes.length, scan);
  exports.scannerReset(1 << 30, 1 << 20);
  const index = speed(bytes.length, scan);
  const platform = speed(bytes.length, () => JSON.parse(decoder.decode(bytes)));
  const escaped = speed(bytes.length, () => exports.escaped(pointer, bytes.length));
  const unescaped = speed(bytes.length, () => exports.unescaped(pointer, bytes.length));
  console.log(
    `${name.padEnd(24)}${[validate, index, platform, escaped, unescaped].map((x) => `  ${x}`).join("")}`,
  );
  exports.release(pointer);
}

const registry = Buffer.from(
  JSON.stringify({ applications: { application: [{ name: "A", instance: objects(60_000) }] } }),
);
const registryAt = place(exports, registry);
const name = Buffer.from(named("instance").name ?? "");
exports.splitterNew(2, place(exports, name), name.length, 1 << 20);
const split = speed(registry.length, () => {
  exports.splitterReset();
  for (let at = 0; at < registry.length; at += 65536) {
    exports.splitterFeed(registryAt + at, Math.min(65536, registry.length - at));
    while (exports.splitterNext() === 1);
  }
});
console.log(
  `${"split a registry".padEnd(24)}  ${split}   (${(registry.length / 1e6).toFixed(1)} MB, windows of 64 KiB)`,
);

const content = place(exports, Buffer.from("a delta of thirty bytes, or so"));
const written = Number(exports.writeChunks(content, 30, 1) >> 32n);
console.log(
  `${"write chunks".padEnd(24)}  ${speed(written * 1000, () => exports.writeChunks(content, 30, 1000))}   (${written} bytes each)`,
);
