/**
 * What a fake of a serving system has to know whose API no client speaks. Each is written from the public documentation
 * of a system that is in use; the plugin reaches it by a declared format, tests/fixtures/declared/NAME.yaml.
 */
import { EARLIER, QUESTION, SYSTEM } from "../../clients/client.ts";
import type { Json, Vendor } from "../vendor.ts";

export interface Shape extends Vendor {
  /** Of its declaration. */
  name: string;
  /** The built-in format for the same API, where there is one. */
  builtIn?: string;
  /** Answers with a stream, whatever was asked. */
  alwaysStreams?: boolean;
  /** How the events of a stream are put together; default: one behind the other. */
  join?(events: Buffer[]): Buffer;
  /** What must go upstream, in whole for a conversation, in part for the other questions. */
  asks: Asks;
  /** What of a scenario its answers can tell beyond `says`. */
  tells: {
    /** More than one call of a tool. */
    parallelCalls: boolean;
    /** That an answer was cut at the limit of tokens. */
    length: boolean;
    /** Tokens: of prompt and answer, whole and streamed. */
    usage: { whole: Counts; stream: Counts };
  };
}

/**
 * The bodies that a shape's documentation asks for. `maxTokens` is what the client said about it in the conversation;
 * `stop` is absent where the client's protocol has no such thing.
 */
export interface Asks {
  text(isStream: boolean, maxTokens?: number): Json;
  settings(stop?: string[]): Json;
  /** Settings that the API has no word for, and that are reported as lost; default: none. */
  loses?: string[];
  tools?(): Json;
  "parallel tools"?(): Json;
}

interface Counts {
  input: boolean;
  output: boolean;
}

export const BOTH: Counts = { input: true, output: true };
export const NEITHER: Counts = { input: false, output: false };

/** A stream in which each record repeats everything before it. */
export function growing(parts: string[]): string[] {
  return parts.map((_, index) => parts.slice(0, index + 1).join(""));
}

/** The conversation that every client asks about, in OpenAI's shape. */
export const CONVERSATION = [
  { role: "system", content: SYSTEM },
  { role: "user", content: "Hello" },
  { role: "assistant", content: EARLIER },
  { role: "user", content: QUESTION },
];

/** The same as plain lines, one speaker after the other. */
export function transcript(separator: string, hasSystem = true): string {
  const names: Record<string, string> = { system: "System", user: "User", assistant: "Assistant" };
  return CONVERSATION.filter(({ role }) => hasSystem || role !== "system")
    .map(({ role, content }) => `${names[role]}: ${content}${separator}`)
    .join("");
}
