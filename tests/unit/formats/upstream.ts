/**
 * What is tested alike for every format that only upstreams speak. Its fixtures lie in tests/fixtures/formats/<format>:
 *
 *     <case>.request.json    a request of an OpenAI client       -> <case>.request.out.json
 *     <case>.stream.json     records of a streamed answer        -> <case>.out.json
 *     <case>.answer.json     the same answer whole; must give the same message
 *     <case>.error.<status>.json   body of an error answer       -> <case>.error.<status>.out.json
 */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { encodeEvent } from "../../support/event-stream";
import { seededRandom } from "../../support/random";
import { type ConvertedAnswer, Converter, type Pair } from "./convert";
import { readAnswer, readStream } from "./message";
import { mutate } from "./mutate";

/** One record of a stream: the name of its event, where the framing has names, and its JSON. */
export interface StreamRecord {
  event?: string;
  data: unknown;
}

/** How a record is written in a framing. */
export type Encode = (record: StreamRecord) => Buffer;

export const ndjson: Encode = ({ data }) => Buffer.from(`${JSON.stringify(data)}\n`);
export const sse: Encode = ({ event, data }) =>
  Buffer.from(`${event === undefined ? "" : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`);
export const awsEventStream: Encode = ({ event, data }) => encodeEvent(event ?? "", JSON.stringify(data));

export interface UpstreamTests {
  format: string;
  /** Directory of the fixtures; default: the format. */
  directory?: string;
  /** Settings of the service. */
  settings?: Record<string, string>;
  encode: Encode;
  /**
   * How many records at the end of a stream may be missing without a failure: those after the finish reason. Infinite
   * where the format has no finish reasons.
   */
  optionalRecords?: number;
  /** Bytes at the end of a record that only end it. */
  terminator: number;
}

const FUZZ_ROUNDS = 400;

/** The tests that every upstream format has in common. */
export function describeUpstream({
  format,
  directory: name = format,
  settings,
  encode,
  optionalRecords = 0,
  terminator,
}: UpstreamTests): void {
  const directory = fileURLToPath(new URL(`../../fixtures/formats/${name}/`, import.meta.url));
  const names = readdirSync(directory).filter((name) => !name.includes(".out."));
  const read = (name: string): string => readFileSync(directory + name, "utf8");
  const records = (name: string): StreamRecord[] => JSON.parse(read(name)) as StreamRecord[];
  const ending = (suffix: string): string[] => names.filter((name) => name.endsWith(suffix));
  const streams = ending(".stream.json");
  const wholes = ending(".answer.json");
  const requests = ending(".request.json");
  const errors = names.filter((name) => name.includes(".error."));
  const pair: Pair = {
    client: "openai",
    upstream: format,
    includeUsage: true,
    ...(settings && { settings }),
  };
  let converter: Converter;

  beforeAll(async () => {
    converter = await Converter.open();
  });

  function stream(bytes: Uint8Array[], whole = false): ConvertedAnswer {
    return converter.stream(pair, bytes, { whole });
  }

  describe(`${name}: requests`, () => {
    it.each(requests)("%s", async (name) => {
      const { status, path, text, dropped } = converter.request(pair, read(name));
      const body: unknown = JSON.parse(text);
      await expect(pretty({ status, path, dropped, body })).toMatchFileSnapshot(
        directory + name.replace(".json", ".out.json"),
      );
    });

    it("never traps on a damaged request, and writes JSON", () => {
      const random = seededRandom(20);
      for (let round = 0; round < FUZZ_ROUNDS; round++) {
        const source: unknown = JSON.parse(read(requests[round % requests.length] ?? ""));
        const { text } = converter.request(pair, JSON.stringify(mutate(source, random)));
        expect(() => JSON.parse(text)).not.toThrow();
      }
    });
  });

  describeSome(streams, `${name}: answers`, () => {
    it.each(streams)("%s", async (name) => {
      const bytes = records(name).map(encode);
      const answer = stream(bytes);
      const message = readStream(answer.text);
      await expect(pretty(message)).toMatchFileSnapshot(
        directory + name.replace(".stream.json", ".out.json"),
      );
      if (message.error === undefined) {
        // An upstream that streams unasked loses all token probabilities but the last: nothing collects them.
        const collected = readAnswer(stream(bytes, true).text);
        expect({ ...collected, logprobs: undefined }).toEqual({ ...message, logprobs: undefined });
      } else {
        expect(answer.failed).toBeGreaterThanOrEqual(400);
      }
    });

    it.each(wholes)("%s gives the same message as the stream", (name) => {
      const answer = converter.answer(pair, read(name));
      const streamed = stream(records(name.replace(".answer.", ".stream.")).map(encode));
      expect(readAnswer(answer.text)).toEqual(readStream(streamed.text));
    });

    it.each(streams)("%s, cut at every byte", (name) => {
      const bytes = Buffer.concat(records(name).map(encode));
      const { text } = stream([bytes]);
      for (let cut = 1; cut < bytes.length; cut++) {
        expect(stream([bytes.subarray(0, cut), bytes.subarray(cut)]).text, `cut at ${cut}`).toBe(text);
      }
      expect(stream(Array.from(bytes, (byte) => Uint8Array.of(byte))).text).toBe(text);
    });

    it.each(streams)("%s, broken off at every byte", (name) => {
      const list = records(name);
      const bytes = Buffer.concat(list.map(encode));
      const needed = Buffer.concat(
        list.slice(0, list.length - Math.min(optionalRecords, list.length)).map(encode),
      );
      for (let size = 0; size < bytes.length; size++) {
        const answer = stream([bytes.subarray(0, size)]);
        expect(answer.ended).toBe(true);
        const isComplete = answer.failed === 0;
        const failures = answer.text.split('"error":').length - 1;
        expect(failures, `broken off at ${size}: ${answer.text}`).toBe(isComplete ? 0 : 1);
        expect(answer.text.split("[DONE]").length - 1).toBe(isComplete ? 1 : 0);
        if (optionalRecords !== Number.POSITIVE_INFINITY && size < needed.length - terminator) {
          expect(isComplete, `broken off at ${size}: ${answer.text}`).toBe(false);
        }
      }
    });

    it("allocates nothing for a delta of text", () => {
      const bytes = records("text.stream.json").map(encode);
      const { pieces } = stream(bytes);
      const delta = pieces.findIndex((piece) => /"content":"[^"]/.test(piece));
      const { memory } = converter.exports;
      const sizeAfter = (count: number): number => {
        const many = Array.from({ length: count }, () => bytes[delta] ?? new Uint8Array());
        expect(stream([...bytes.slice(0, delta), ...many, ...bytes.slice(delta)]).failed).toBe(0);
        return memory.buffer.byteLength;
      };
      const before = sizeAfter(1000);
      expect(sizeAfter(100_000)).toBe(before);
    });

    it("never traps on damaged records, and always comes to one end", () => {
      const random = seededRandom(21);
      for (let round = 0; round < FUZZ_ROUNDS; round++) {
        const list = records(streams[round % streams.length] ?? "");
        const damaged = list.map((record) =>
          random() < 0.5 ? record : { ...record, data: mutate(record.data, random) },
        );
        const bytes = Buffer.concat(damaged.map(encode));
        if (random() < 0.3) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
        const answer = stream([bytes]);
        expect(answer.ended).toBe(true);
        expect(answer.text.split('"error":{"message"').length - 1).toBe(answer.failed === 0 ? 0 : 1);
      }
    });
  });

  describeSome(wholes.length > 0 ? wholes : errors, `${name}: whole answers`, () => {
    it.each(streams.length === 0 ? wholes : [])("%s, which is never streamed", async (name) => {
      const answer = converter.answer(pair, read(name));
      await expect(pretty(readAnswer(answer.text))).toMatchFileSnapshot(
        directory + name.replace(".answer.json", ".out.json"),
      );
    });

    it("never traps on a damaged whole answer", () => {
      const random = seededRandom(22);
      // A format without whole answers still gets errors in their place.
      const sources = wholes.length > 0 ? wholes : errors;
      for (let round = 0; round < FUZZ_ROUNDS; round++) {
        const source: unknown = JSON.parse(read(sources[round % sources.length] ?? ""));
        const answer = converter.answer(pair, JSON.stringify(mutate(source, random)));
        expect(answer.ended).toBe(true);
        expect(() => JSON.parse(answer.text)).not.toThrow();
      }
    });
  });

  describeSome(errors, `${name}: errors`, () => {
    it.each(errors)("%s", async (name) => {
      const status = Number(/\.error\.(\d+)\./.exec(name)?.[1]);
      const failure = converter.failure(pair, status, read(name));
      await expect(
        pretty({ status: failure.status, body: JSON.parse(failure.text) as unknown }),
      ).toMatchFileSnapshot(directory + name.replace(".json", ".out.json"));
    });

    it("never traps on a damaged error", () => {
      const random = seededRandom(23);
      for (let round = 0; round < FUZZ_ROUNDS / 4; round++) {
        const source: unknown = JSON.parse(read(errors[round % errors.length] ?? ""));
        const failure = converter.failure(pair, 500, JSON.stringify(mutate(source, random)));
        expect(() => JSON.parse(failure.text)).not.toThrow();
      }
    });
  });
}

/** A group of tests about files, if there are any. */
function describeSome(files: string[], title: string, tests: () => void): void {
  if (files.length > 0) describe(title, tests);
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
