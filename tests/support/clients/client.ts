/** What a fake of a client has to know: it asks in its own protocol, and reads answers as strictly as one can. */

/** Parsed JSON. */
export type Json = Record<string, unknown>;

/** What is asked of every upstream. */
export type Feature =
  | "text"
  | "settings"
  | "tools"
  | "parallel tools"
  | "image"
  | "image by URL"
  | "tool result image"
  | "thinking"
  | "structured output";

export const FEATURES: Feature[] = [
  "text",
  "settings",
  "tools",
  "parallel tools",
  "image",
  "image by URL",
  "tool result image",
  "thinking",
  "structured output",
];

/** An answer, in no protocol's words. */
export interface Said {
  thinking: string;
  text: string;
  calls: { id: string; name: string; arguments: unknown }[];
  finish: "stop" | "length" | "calls";
  usage: { input: number; output: number };
}

/** A client. */
export interface Client {
  name: string;
  /** Format whose client side this is. */
  format: string;
  path(stream: boolean): string;
  /** `content-type` of a stream. */
  streamType: string;
  request(feature: Feature, stream: boolean): Json;
  /** A stream of an upstream of the same language, as that upstream would cut it for this client. */
  cut?(stream: Buffer): Buffer;
  /** Reads a whole answer. Throws where it is not what the protocol says. */
  whole(text: string): Said;
  /** Reads a complete stream. Throws where it is not what the protocol says, or reports a failure. */
  stream(text: string): Said;
  /** The message of an error body. Throws where it is none. */
  failure(text: string): string;
  /** The message of the error that a stream ends with. Throws where the stream looks complete. */
  streamFailure(text: string): string;
}

export const SYSTEM = 'Be brief, 简短, and never say "no".';
export const QUESTION = "What is the weather in Paris? 🙂\n\tSay \\ and /.";
export const EARLIER = "I was asked before.";
export const IMAGE =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";
export const IMAGE_URL = "https://example.com/cats/one.png";
export const BUDGET = 2048;
export const SETTINGS = { temperature: 0.25, topP: 0.75, maxTokens: 3077, stop: "THE-END" };

export const WEATHER = { city: "Paris", unit: "celsius" };
export const TIME = { zone: 'Europe/"Paris"' };
export const RESULTS = ["18 °C and sunny", "half past nine"];

/** A tool that every client declares in its own way. */
export const TOOLS = [
  {
    name: "get_weather",
    description: "The weather of a city",
    parameters: {
      type: "object",
      properties: { city: { type: "string" }, unit: { type: "string", enum: ["celsius", "kelvin"] } },
      required: ["city"],
    },
  },
  {
    name: "get_time",
    description: "The time of day",
    parameters: { type: "object", properties: { zone: { type: "string" } }, required: ["zone"] },
  },
];

/** A schema that every vendor with structured output takes as it is. */
export const SCHEMA = {
  type: "object",
  properties: { temperature_celsius: { type: "number" } },
  required: ["temperature_celsius"],
  additionalProperties: false,
};

/** The events of a stream of server-sent events: each `event: name` and `data` of one line. */
export function serverSentEvents(text: string): { name: string | undefined; data: string }[] {
  if (!text.endsWith("\n\n")) throw new Error(`the stream ends within an event: ${text.slice(-80)}`);
  return text
    .slice(0, -2)
    .split("\n\n")
    .filter((block) => !block.startsWith(":"))
    .map((block) => {
      const lines = block.split("\n");
      const data = lines.filter((line) => line.startsWith("data:"));
      const name = lines
        .find((line) => line.startsWith("event:"))
        ?.slice(6)
        .trim();
      if (data.length !== 1) throw new Error(`an event must have one line of data: ${block}`);
      return { name, data: data[0]!.slice(5).trim() };
    });
}

/** Fails unless the condition holds: a reader's way to insist on its protocol. */
export function insist(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Error(`the answer is not what the protocol says: ${what}`);
}

/** The value, which must be a text. */
export function textOf(value: unknown, what: string): string {
  insist(typeof value === "string", `${what} must be a text, not ${JSON.stringify(value)}`);
  return value;
}

/** The value, which must be a whole number of tokens. */
export function countOf(value: unknown, what: string): number {
  insist(
    Number.isInteger(value) && Number(value) >= 0,
    `${what} must be a count, not ${JSON.stringify(value)}`,
  );
  return Number(value);
}
