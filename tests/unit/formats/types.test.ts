/** What is written, and what the fixtures say that vendors write, against the types of the vendors' own SDKs. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";
import { GOLDEN } from "./fixtures";

/** Compiled as if it lay here, so that the SDKs are found. */
const VIRTUAL = fileURLToPath(new URL("./golden.virtual.ts", import.meta.url));

/**
 * The SDKs' types describe what the newest version of the API answers: members that may be null are always there, and
 * some are so new that most servers do not have them. Of sampling parameters Anthropic's SDK does not know any more,
 * since its newest models take none.
 */
const PRELUDE = `
import type Anthropic from "@anthropic-ai/sdk";
import type * as Google from "@google/genai";
import type OpenAI from "openai";
import type { ResponseStreamEvent } from "openai/resources/responses/responses";
type Nullable<T> = { [K in keyof T]-?: null extends T[K] ? K : undefined extends T[K] ? K : never }[keyof T];
type New = "caller" | "web_fetch_requests" | "cache_write_tokens";
type Loose<T> = T extends (infer Item)[] ? Loose<Item>[] : T extends object
  ? { [K in Exclude<keyof T, Nullable<T> | New>]: Loose<T[K]> }
    & { [K in Extract<keyof T, Nullable<T> | New>]?: Loose<T[K]> } : T;
type Sampling = { temperature?: number; top_p?: number; top_k?: number };
type AnthropicRequest = Anthropic.MessageCreateParams & Sampling;
type AnthropicAnswer = Loose<Anthropic.Message>;
type AnthropicEvent = Loose<Anthropic.RawMessageStreamEvent> | { type: "ping" };
type AnthropicError = Anthropic.ErrorResponse | { type: "error"; error: { type: string; message: string } };
type OpenAiRequest = OpenAI.ChatCompletionCreateParams;
type OpenAiAnswer = Loose<OpenAI.ChatCompletion>;
type OpenAiChunk = Loose<OpenAI.ChatCompletionChunk>;
// An earlier answer that is told again has no id and no status of its own, and the API takes it so.
type Told = { type: "message"; role: "assistant"; content: { type: string; text?: string; refusal?: string; annotations?: unknown[] }[] };
type ResponsesRequest = Omit<OpenAI.Responses.ResponseCreateParams, "input">
  & { input?: string | (OpenAI.Responses.ResponseInputItem | Told)[] };
type Response = Loose<Omit<OpenAI.Responses.Response, "output_text" | "user" | "usage" | "output">>
  & { output: (Loose<OpenAI.Responses.ResponseOutputItem> & Item)[] } & { store?: boolean; user?: string | null; usage?: Loose<OpenAI.Responses.ResponseUsage> | null };
// The API sends these members too; its types do not have them, or not for every item.
type Unlisted = { obfuscation?: string; error?: { type: string; code?: string | null; message: string; param?: string | null } };
type Item = { status?: string; output_format?: string; quality?: string; size?: string; background?: string; revised_prompt?: string };
type ResponsesEvent = FailureEvent | SpokenEvent;
type SpokenEvent = ResponseStreamEvent extends infer Event
  ? Event extends { response: unknown } ? Omit<Loose<Event>, "response"> & { response: Response }
    : Event extends { item: unknown } ? Omit<Loose<Event>, "item"> & { item: Loose<Event["item"]> & Item }
    : Loose<Event> & Unlisted
  : never;
type FailureEvent = { type: "error"; sequence_number: number } & Required<Pick<Unlisted, "error">>;
type Plain<T> = T extends string ? \`\${T}\` : T extends (infer Item)[] ? Plain<Item>[]
  : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;
type GeminiRequest = Plain<{
  contents: Google.Content[];
  systemInstruction?: Google.Content;
  tools?: Google.Tool[];
  toolConfig?: Google.ToolConfig;
  generationConfig?: Omit<Google.GenerationConfig, "responseJsonSchema"> & { responseJsonSchema?: unknown };
  safetySettings?: Google.SafetySetting[];
  cachedContent?: string;
  labels?: Record<string, string>;
}>;
type GeminiAnswer = Plain<{
  candidates?: Google.Candidate[];
  promptFeedback?: Google.GenerateContentResponsePromptFeedback;
  usageMetadata?: Google.GenerateContentResponseUsageMetadata;
  modelVersion?: string;
  responseId?: string;
}>;
`;

/** Members that open servers added to OpenAI's language; annotations they have in streams, too. */
const EXTENSIONS = new Set([
  "top_k",
  "min_p",
  "repetition_penalty",
  "reasoning_content",
  "thinking_blocks",
  "cache_creation_tokens",
  "stop_reason",
  "images",
  "annotations",
]);

/** Content parts that open servers added. */
function isExtension(item: unknown): boolean {
  const type = (item as { type?: unknown } | null)?.type;
  return type === "video_url" || type === "audio_url";
}

function withoutExtensions(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isExtension(item)).map(withoutExtensions);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !EXTENSIONS.has(name))
      .map(([name, member]) => [name, withoutExtensions(member)]),
  );
}

interface Checked {
  file: string;
  type: string;
  value: unknown;
}

/** The data of each event of a stream. */
function events(text: string): unknown[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("data: {"))
    .map((line) => JSON.parse(line.slice("data: ".length)));
}

/** TypeScript ends lines where JSON does not. */
function literal(value: unknown): string {
  return JSON.stringify(value).replaceAll("\u2028", "\\u2028");
}

function isError(value: unknown): boolean {
  return typeof value === "object" && value !== null && "error" in value;
}

function checkedIn(directory: string, file: string): Checked[] {
  const text = readFileSync(join(GOLDEN, directory, file), "utf8");
  const name = `${directory}/${file}`;
  const openAi = (type: string, value: unknown): Checked => ({
    file: name,
    type,
    value: withoutExtensions(value),
  });
  if (file.endsWith(".request.to.anthropic.json") || file.endsWith(".request.to.openai.json")) {
    const { status, body } = JSON.parse(text);
    if (status !== undefined) return [];
    return [
      file.endsWith("anthropic.json")
        ? { file: name, type: "AnthropicRequest", value: body }
        : openAi("OpenAiRequest", body),
    ];
  }
  const other = /\.request\.to\.(gemini|vertex|responses)\.json$/.exec(file);
  if (other !== null) {
    const { status, body } = JSON.parse(text);
    const type = other[1] === "responses" ? "ResponsesRequest" : "GeminiRequest";
    return status !== undefined ? [] : [{ file: name, type, value: body }];
  }
  // An answer that failed.
  if (file.includes(".answer.") && text.startsWith('{\n  "status": ') && file.includes(".to.")) return [];
  if (file.endsWith(".answer.to.anthropic.json") || file === "anthropic.answer.json") {
    return [{ file: name, type: "AnthropicAnswer", value: JSON.parse(text) }];
  }
  if (file.endsWith(".answer.to.openai.json") || file === "openai.answer.json") {
    return [openAi("OpenAiAnswer", JSON.parse(text))];
  }
  if (file.endsWith(".answer.to.responses.json") || /^responses[a-z-]*\.answer\.json$/.test(file)) {
    return [{ file: name, type: "Response", value: JSON.parse(text) }];
  }
  if (file.endsWith(".answer.to.gemini.json") || /^gemini[a-z-]*\.answer\.json$/.test(file)) {
    return [{ file: name, type: "GeminiAnswer", value: JSON.parse(text) }];
  }
  if (text.startsWith("HTTP ") || directory === "quirks") return [];
  if (file.endsWith(".stream.to.anthropic.sse") || file === "anthropic.stream.sse") {
    return events(text).map((value) => ({
      file: name,
      type: isError(value) ? "AnthropicError" : "AnthropicEvent",
      value,
    }));
  }
  if (file.endsWith(".stream.to.responses.sse") || /^responses[a-z-]*\.stream\.sse$/.test(file)) {
    return events(text).map((value) => ({ file: name, type: "ResponsesEvent", value }));
  }
  if (file.endsWith(".stream.to.gemini.sse") || /^gemini[a-z-]*\.stream\.sse$/.test(file)) {
    return events(text).flatMap((value) =>
      isError(value) ? [] : [{ file: name, type: "GeminiAnswer", value }],
    );
  }
  if (file.endsWith(".stream.to.openai.sse")) {
    return events(text).flatMap((value) => (isError(value) ? [] : [openAi("OpenAiChunk", value)]));
  }
  return [];
}

test("requests, answers and events are what the SDKs' types say", { timeout: 120_000 }, () => {
  const all = readdirSync(GOLDEN).flatMap((directory) =>
    readdirSync(join(GOLDEN, directory)).flatMap((file) => checkedIn(directory, file)),
  );
  expect(all.length).toBeGreaterThan(300);
  const lines = all.map(
    ({ type, value }, index) => `export const value${index}: ${type} = ${literal(value)};`,
  );
  const source = `${PRELUDE}${lines.join("\n")}\n`;
  const firstLine = PRELUDE.split("\n").length - 1;

  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
    types: ["node"],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (name) => name === VIRTUAL || fileExists.call(host, name);
  host.readFile = (name) => (name === VIRTUAL ? source : readFile.call(host, name));
  host.getSourceFile = (name, target, ...rest) =>
    name === VIRTUAL
      ? ts.createSourceFile(name, source, target, true)
      : getSourceFile.call(host, name, target, ...rest);
  const program = ts.createProgram([VIRTUAL], options, host);
  const file = program.getSourceFile(VIRTUAL);
  const problems = ts.getPreEmitDiagnostics(program, file).map((diagnostic) => {
    const line = file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line ?? 0;
    const checked = all[line - firstLine];
    const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n").slice(0, 600);
    return `${checked?.file ?? "prelude"} is no ${checked?.type}: ${message}\n${JSON.stringify(checked?.value)?.slice(0, 400)}`;
  });
  expect(problems).toEqual([]);
});
