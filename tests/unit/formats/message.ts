/** What an OpenAI client makes of an answer, streamed or whole. */

export interface Message {
  model?: string;
  text: string;
  thinking: string;
  refusal?: string;
  /** Proofs of thinking, as they have to come back. */
  thinkingBlocks?: unknown[];
  calls: { id: string; name: string; arguments: string }[];
  annotations?: unknown[];
  logprobs?: unknown[];
  finish: string | null;
  usage?: unknown;
  error?: unknown;
}

interface Delta {
  content?: string | null;
  refusal?: string | null;
  reasoning_content?: string | null;
  thinking_blocks?: { thinking?: string }[];
  annotations?: unknown[];
  tool_calls?: { index?: number; id?: string; function?: { name?: string; arguments?: string } }[];
}

interface Chunk {
  model?: string;
  error?: unknown;
  usage?: unknown;
  choices?: {
    delta?: Delta;
    message?: Delta;
    finish_reason?: string | null;
    logprobs?: { content?: unknown[] } | null;
  }[];
}

/** The message in a whole answer. */
export function readAnswer(text: string): Message {
  return collect([JSON.parse(text) as Chunk]);
}

/** The message in a stream, or the error that came instead of one. */
export function readStream(text: string): Message {
  if (text.startsWith("{")) return readAnswer(text);
  const records = text
    .split("\n\n")
    .filter((event) => event.startsWith("data: ") && event !== "data: [DONE]")
    .map((event) => JSON.parse(event.slice(6)) as Chunk);
  return collect(records);
}

function collect(chunks: Chunk[]): Message {
  const message: Message = { text: "", thinking: "", calls: [], finish: null };
  const blocks: { thinking?: string }[] = [];
  const annotations: unknown[] = [];
  const logprobs: unknown[] = [];
  for (const chunk of chunks) {
    if (chunk.model !== undefined) message.model = chunk.model;
    if (chunk.error !== undefined) message.error = chunk.error;
    if (chunk.usage) message.usage = chunk.usage;
    const choice = chunk.choices?.[0];
    if (choice === undefined) continue;
    message.finish = choice.finish_reason ?? message.finish;
    logprobs.push(...(choice.logprobs?.content ?? []));
    const delta = choice.delta ?? choice.message ?? {};
    message.text += delta.content ?? "";
    message.thinking += delta.reasoning_content ?? "";
    if (delta.refusal) message.refusal = (message.refusal ?? "") + delta.refusal;
    blocks.push(...(delta.thinking_blocks ?? []));
    annotations.push(...(delta.annotations ?? []));
    for (const [position, call] of (delta.tool_calls ?? []).entries()) {
      const index = call.index ?? position;
      const known = message.calls[index] ?? { id: "", name: "", arguments: "" };
      message.calls[index] = known;
      known.id += call.id ?? "";
      known.name += call.function?.name ?? "";
      known.arguments += call.function?.arguments ?? "";
    }
  }
  // A stream tells a proof alone, a whole answer with the text that it proves.
  if (blocks.length > 0) message.thinkingBlocks = blocks.map((block) => ({ ...block, thinking: undefined }));
  if (annotations.length > 0) message.annotations = annotations;
  if (logprobs.length > 0) message.logprobs = logprobs;
  return JSON.parse(JSON.stringify(message)) as Message;
}
