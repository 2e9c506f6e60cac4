/**
 * `npx tsx tests/bench/declared.ts`: what a declared format costs beside a built-in one of the same shape. Both write the
 * same requests and read the same streams, here in Node's Wasm engine; what is compared is a ratio, so the machine does
 * not matter. The best of many short rounds is taken.
 */
import { type HarnessExports, openHarness, place, readSlice } from "../support/harness";

interface BenchExports extends HarnessExports {
  collect(): void;
  useBuiltIn(pointer: number, length: number): number;
  useDeclared(pointer: number, length: number): number;
  request(pointer: number, length: number): bigint;
  answer(pointer: number, length: number): bigint;
}

const ROUNDS = 60;
const ROUND_MS = 8;

const options = (names: Record<string, string>) =>
  Object.fromEntries(Object.entries(names).map(([name, source]) => [name, `$.${source}`]));

const turns = { $each: "$.messages", item: { role: "@.role", content: "@.text" } };

/** Shapes that are built in, and how they are declared. */
const SHAPES = {
  ollama: {
    declared: {
      request: {
        path: "/chat",
        body: {
          model: "$.model",
          messages: turns,
          stream: "$.stream",
          options: {
            ...options({
              num_predict: "max_tokens",
              temperature: "temperature",
              top_p: "top_p",
              top_k: "top_k",
              min_p: "min_p",
              seed: "seed",
              frequency_penalty: "frequency_penalty",
              presence_penalty: "presence_penalty",
              repeat_penalty: "repetition_penalty",
              stop: "stop",
            }),
          },
        },
      },
      response: {
        model: "$.model",
        text: "$.message.content",
        thinking: "$.message.thinking",
        finish: "$.done_reason",
        usage: { input: "$.prompt_eval_count", output: "$.eval_count" },
      },
      stream: { framing: "ndjson", end: { when: "$.done" } },
      errors: { when: "$.error", message: "$.error" },
    },
    record: (text: string, isLast: boolean) =>
      `${JSON.stringify({
        model: "model",
        created_at: "2024-05-01T12:00:00.123456Z",
        message: { role: "assistant", content: text },
        done: isLast,
        ...(isLast && { done_reason: "stop", prompt_eval_count: 10, eval_count: 20 }),
      })}\n`,
  },
  dashscope: {
    declared: {
      request: {
        path: "/generation",
        body: {
          model: "$.model",
          input: { messages: turns },
          parameters: {
            result_format: "message",
            // biome-ignore lint/suspicious/noThenProperty: a word of declared formats
            incremental_output: { $if: "$.stream", then: true },
            ...options({
              temperature: "temperature",
              top_p: "top_p",
              top_k: "top_k",
              repetition_penalty: "repetition_penalty",
              presence_penalty: "presence_penalty",
              max_tokens: "max_tokens",
              seed: "seed",
              n: "n",
              stop: "stop",
            }),
          },
        },
      },
      response: {
        id: "$.request_id",
        choices: "$.output.choices[*]",
        index: "@.index",
        text: "@.message.content",
        thinking: "@.message.reasoning_content",
        finish: "@.finish_reason",
        finishMap: { null: "none", stop: "stop", length: "length", tool_calls: "tool_calls" },
        toolCalls: {
          each: "@.message.tool_calls[*]",
          index: "@.index",
          id: "@.id",
          name: "@.function.name",
          arguments: "@.function.arguments",
        },
        usage: {
          input: "$.usage.input_tokens",
          output: "$.usage.output_tokens",
          total: "$.usage.total_tokens",
        },
      },
      stream: { framing: "sse" },
      errors: { when: "$.code && !$.output", code: "$.code", message: "$.message" },
    },
    record: (text: string, isLast: boolean) =>
      `id:1\nevent:result\n:HTTP_STATUS/200\ndata:${JSON.stringify({
        output: {
          choices: [
            { message: { content: text, role: "assistant" }, finish_reason: isLast ? "stop" : "null" },
          ],
        },
        usage: { total_tokens: 30, output_tokens: 20, input_tokens: 10 },
        request_id: "6b7ab1b4-8b4f-9b1a-8b1f-1b1b1b1b1b1b",
      })}\n\n`,
  },
};

const request = (count: number, text: string) =>
  JSON.stringify({
    model: "gpt-4o",
    temperature: 0.7,
    top_p: 0.9,
    max_tokens: 512,
    stream: true,
    messages: [
      { role: "system", content: "You are a helpful assistant." },
      ...Array.from({ length: count }, (_, i) => ({
        role: i % 2 === 0 ? "user" : "assistant",
        content: text,
      })),
    ],
  });

const SENTENCE = "The quick brown fox jumps over the lazy dog, 然后说“你好”。 ";
const REQUESTS = {
  "a short request": request(1, SENTENCE),
  "a long conversation": request(40, SENTENCE.repeat(8)),
};

const exports = await openHarness<BenchExports>("tests/bench/declared.as.ts");
const put = (text: string) => {
  const bytes = Buffer.from(text);
  return [place(exports, bytes), bytes.length] as const;
};

/** Microseconds of one call, at best. */
function cost(call: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    let calls = 0;
    const start = performance.now();
    let now = start;
    for (; now - start < ROUND_MS; now = performance.now()) {
      for (let i = 0; i < 16; i++, calls++) call();
      exports.collect();
    }
    best = Math.min(best, ((now - start) / calls) * 1000);
  }
  return best;
}

/** What a call gives, without what is made of names and times. */
const shown = (slice: bigint) => Buffer.from(readSlice(exports, slice)).toString();

console.log(
  `${"microseconds".padEnd(44)}${"built in".padStart(10)}${"declared".padStart(10)}${"ratio".padStart(8)}`,
);
let worst = 0;
for (const [name, { declared, record }] of Object.entries(SHAPES)) {
  const stream = `${Array.from({ length: 50 }, () => record("Hello wor", false)).join("")}${record("ld", true)}`;
  const works: [string, string, (place: readonly [number, number]) => bigint][] = [
    ...Object.entries(REQUESTS).map(
      ([what, text]) =>
        [what, text, (at: readonly [number, number]) => exports.request(...at)] as [
          string,
          string,
          (place: readonly [number, number]) => bigint,
        ],
    ),
    ["a stream of 51 records", stream, (at) => exports.answer(...at)],
  ];
  for (const [what, text, work] of works) {
    const at = put(text);
    exports.useBuiltIn(...put(name));
    const expected = shown(work(at));
    const builtIn = cost(() => work(at));
    const mistakes = exports.useDeclared(...put(JSON.stringify(declared)));
    if (mistakes !== 0) throw new Error(`the declaration of ${name} has ${mistakes} mistakes`);
    const got = shown(work(at));
    if (what.includes("stream") ? textIn(got) !== textIn(expected) : got !== expected)
      console.log(`not the same:\n${expected.slice(0, 600)}\n${got.slice(0, 600)}`);
    const own = cost(() => work(at));
    worst = Math.max(worst, own / builtIn);
    const row = [builtIn, own].map((value) => value.toFixed(2).padStart(10)).join("");
    console.log(`${`${name}: ${what}`.padEnd(44)}${row}${(own / builtIn).toFixed(2).padStart(8)}`);
  }
}
console.log(`worst ratio: ${worst.toFixed(2)}`);

/** The text of a stream of Chat Completions. */
function textIn(stream: string): string {
  return [...stream.matchAll(/"content":"((?:[^"\\]|\\.)*)"/g)].map((match) => match[1]).join("");
}
