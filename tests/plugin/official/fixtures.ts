/** Configurations of the official plugin, each with what becomes of requests: tests/fixtures/official/*.yaml. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseAllDocuments } from "yaml";

/** One request of a client, what has to go upstream, and what has to come back. */
export interface FixtureExchange {
  name?: string;
  request?: {
    method?: string;
    path?: string;
    headers?: Record<string, string>;
    body?: unknown;
    text?: string;
  };
  /** null: nothing goes upstream. Headers that are null must not be there. */
  upstream?: null | {
    path?: string;
    authority?: string;
    headers?: Record<string, string | null>;
    body?: unknown;
    text?: string;
  };
  answer?: { status?: number; type?: string; body?: unknown; text?: string };
  /** `chunks`: what a stream of OpenAI's comes to. */
  client?: {
    status?: number;
    type?: string;
    body?: unknown;
    text?: string;
    details?: string;
    chunks?: { content: string; finish: string };
  };
}

/** One configuration. Fields that begin with "x-" are for people and for YAML's anchors. */
export interface Fixture {
  name: string;
  /** Whole configuration, or `provider` alone. */
  config?: Record<string, unknown>;
  provider?: Record<string, unknown>;
  /** What the plugin says of it in its log. */
  notes?: string[];
  exchanges?: FixtureExchange[];
}

const folder = fileURLToPath(new URL("../../fixtures/official/", import.meta.url));

/** All fixtures of a file, each a document of its YAML. */
export function fixturesOf(file: string): Fixture[] {
  return parseAllDocuments(readFileSync(folder + file, "utf8"))
    .map((document) => document.toJS({ maxAliasCount: -1 }) as Fixture | null)
    .filter((fixture): fixture is Fixture => fixture !== null);
}

export const FILES: string[] = readdirSync(folder).filter((name) => name.endsWith(".yaml"));

/** The default request and answer: one turn in OpenAI's words. */
export const QUESTION = { model: "gpt-3", messages: [{ role: "user", content: "hi" }] };
export const ANSWER = {
  id: "1",
  object: "chat.completion",
  created: 1,
  model: "m",
  choices: [{ index: 0, message: { role: "assistant", content: "hello" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 },
};
