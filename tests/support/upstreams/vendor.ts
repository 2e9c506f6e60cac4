/** What a fake of a vendor's API has to know. Each is written from the vendor's public documentation. */

/** Parsed JSON. */
export type Json = Record<string, unknown>;

/** One call of a tool in an answer. */
export interface Call {
  id: string;
  name: string;
  arguments: Json;
}

/** What a model says, in no vendor's words. */
export interface Scenario {
  thinking?: { text: string; signature: string };
  text?: string;
  calls?: Call[];
  usage: { input: number; output: number };
  /** Why the answer ends; default: it is complete. */
  finish?: "length";
}

/** An upstream in its own words. */
export interface Vendor {
  /** Format in the plugin's configuration. */
  format: string;
  /** What of a scenario the vendor's API has words for. */
  says: { thinking: boolean; signature: boolean; calls: boolean };
  /** The only way in which the API answers; default: as it is asked. */
  answers?: "whole" | "stream";
  /** How many events of a stream say that it is complete, counted from the first that does; 0 where it just ends. */
  closingEvents: number;
  /** A model of this vendor that can all of this; default: a name that says nothing. */
  model?: string;
  /** Settings of the service in the plugin's configuration. */
  settings?: Json;
  /** The path that a chat request must have, with its query. */
  path: RegExp;
  /** Whether a request asks for a stream. */
  isStream(path: string, body: Json, headers: Record<string, string>): boolean;
  /** `content-type` of a stream. */
  streamType: string;
  /** A whole answer. */
  whole(scenario: Scenario, model: string): unknown;
  /** The events of a streamed answer, each in the bytes that carry it. */
  stream(scenario: Scenario, model: string): Buffer[];
  /** The body of an error answer. */
  failure(status: number, message: string): Json;
  /** The event that reports an error within a stream. */
  failureEvent(message: string): Buffer;
  /** The body of an error that comes with status 200, where the API does that. */
  failureWithin200?(message: string): Json;
}

/** Time of every answer: seconds since 1970. */
export const CREATED = 1_700_000_000;

/** A text in pieces of a few characters, as models send them. */
export function pieces(text: string, size = 7): string[] {
  const characters = Array.from(text);
  const count = Math.ceil(characters.length / size);
  return Array.from({ length: count }, (_, index) =>
    characters.slice(index * size, (index + 1) * size).join(""),
  );
}

/** A server-sent event; `name` where the API names its events. */
export function event(data: unknown, name?: string): Buffer {
  return Buffer.from(`${name === undefined ? "" : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`);
}

/** Whether the body says `"stream": true`. */
export function asksInBody(_path: string, body: Json): boolean {
  return body.stream === true;
}
