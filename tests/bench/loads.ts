/** What the gateways are made to do. */
import { CHUNKS, prose } from "./languages.ts";

/** One kind of work. */
export interface Load {
  name: string;
  requests: number;
  connections: number;
  body: string;
  /** Events of the answer that carry text; 0 where it comes whole. */
  chunks: number;
  /** The most that our cost over no filter may be of the peer's where formats are converted; as a fraction's divisor. */
  limit?: number;
}

function request(bytes: number, stream = false): string {
  return JSON.stringify({
    model: "gpt-4o",
    stream,
    temperature: 0.7,
    messages: Array.from({ length: Math.max(1, Math.round(bytes / 2000)) }, (_, index) => ({
      role: index % 2 ? "assistant" : "user",
      content: prose(Math.min(bytes, 2000) - 60),
    })),
  });
}

const SMALL: Load = {
  name: "1 KB request",
  requests: 4000,
  connections: 16,
  body: request(1000),
  chunks: 0,
  limit: 5,
};
const HISTORY: Load = {
  name: "100 KB request",
  requests: 600,
  connections: 8,
  body: request(100_000),
  chunks: 0,
  limit: 15,
};
const LARGE: Load = {
  name: "1 MB request",
  requests: 80,
  connections: 4,
  body: request(1_000_000),
  chunks: 0,
};
const STREAM: Load = {
  name: `stream of ${CHUNKS} chunks`,
  requests: 150,
  connections: 8,
  body: request(1000, true),
  chunks: CHUNKS,
  limit: 6,
};

/** A provider of the peer, and what it says about the same upstream. */
export interface Suite {
  name: string;
  /** Format of the upstream; the client always speaks OpenAI. */
  format: string;
  peer: object;
  loads: Load[];
}

/** A built-in conversion, and a declaration of the same format. */
export interface DeclaredSuite {
  name: string;
  /** The built-in format. */
  format: string;
  /** File of the declaration, from the checkout's root. */
  declaration: string;
  loads: Load[];
}

/** More of each than elsewhere: two conversions of the same differ by little. */
const DECLARED_LOADS: Load[] = [SMALL, { ...HISTORY, requests: 1200 }, { ...STREAM, requests: 600 }];

/** What a declared format may cost, over no filter, of what the built-in conversion costs. */
export const DECLARED_LIMIT = 1.5;

export const DECLARED_SUITES: DeclaredSuite[] = [
  {
    name: "Declared Ollama",
    format: "ollama",
    declaration: "tests/fixtures/declared/ollama-chat.yaml",
    loads: DECLARED_LOADS,
  },
  {
    name: "Declared DashScope",
    format: "dashscope",
    declaration: "tests/fixtures/declared/dashscope.yaml",
    loads: DECLARED_LOADS,
  },
];

export const SUITES: Suite[] = [
  {
    name: "OpenAI to OpenAI",
    format: "openai",
    peer: { type: "openai", openaiCustomUrl: "http://models/v1" },
    loads: [SMALL, HISTORY, LARGE, STREAM],
  },
  {
    name: "OpenAI to Anthropic",
    format: "anthropic",
    peer: { type: "claude" },
    loads: [SMALL, HISTORY, STREAM],
  },
  {
    name: "OpenAI to Gemini",
    format: "gemini",
    peer: { type: "gemini" },
    loads: [SMALL, HISTORY, STREAM],
  },
];
