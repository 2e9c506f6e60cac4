/** What tests must know of each language: how a stream of it ends, and how its clients put an answer together. */
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { answering } from "./answering";
import { readGeminiStream, readGeminiWhole } from "./dialect-gemini";
import { readResponsesStream, readResponsesWhole } from "./dialect-responses";

/** An answer in no language: what every client must see alike, streamed or whole. */
export interface Message {
  text: string;
  thinking: string;
  refusal: string;
  calls: { id: string; name: string; arguments: unknown }[];
  finish: string;
  usage: unknown;
}

/** Ends of a stream as a client of this format sees them: answers that are complete, and failures. */
export const ENDS: Record<string, RegExp> = {
  openai: /^data: \[DONE\]$|^data: \{"error":/gm,
  anthropic: /^event: message_stop$|^event: error$/gm,
  gemini: /^data: .*"finishReason":.*$|^data: \{"error":/gm,
  responses: /^event: response\.(?:completed|incomplete|failed)$/gm,
};

/** What in an upstream's stream says that the answer is complete, by the format of the upstream. */
export const COMPLETES: Record<string, RegExp> = {
  openai: /"finish_reason":"(?!"|null")|\[DONE\]/,
  anthropic: /"stop_reason":"|"message_stop"/,
  gemini: /"finishReason":\s*"|"blockReason":\s*"/,
  responses: /"type":\s*"response\.(?:completed|incomplete)"/,
};

/** A whole answer as the client's own SDK gives it, from the bytes of a stream. */
export const READ_STREAM: Record<string, (stream: string) => Promise<Message>> = {
  openai: readOpenAiStream,
  anthropic: async (stream) => ofAnthropic(await anthropicMessage(stream)),
  gemini: readGeminiStream,
  responses: readResponsesStream,
};

/** The same from the bytes of a whole answer. */
export const READ_WHOLE: Record<string, (body: string) => Promise<Message>> = {
  openai: async (body) => {
    const client = new OpenAI({ apiKey: "key", fetch: answering(body, "application/json"), maxRetries: 0 });
    return ofOpenAi(
      (await client.chat.completions.create({ model: "m", messages: [] })) as unknown as OpenAiAnswer,
    );
  },
  anthropic: async (body) => {
    const client = new Anthropic({
      apiKey: "key",
      fetch: answering(body, "application/json"),
      maxRetries: 0,
    });
    return ofAnthropic(await client.messages.create({ model: "m", max_tokens: 1, messages: [] }));
  },
  gemini: readGeminiWhole,
  responses: readResponsesWhole,
};

/** The message that Anthropic's SDK makes of a stream. */
export async function anthropicMessage(stream: string): Promise<Anthropic.Message> {
  const client = new Anthropic({
    apiKey: "key",
    fetch: answering(stream, "text/event-stream"),
    maxRetries: 0,
  });
  return client.messages.stream({ model: "m", max_tokens: 1, messages: [] }).finalMessage();
}

/** The completion that OpenAI's SDK makes of a stream. */
export async function openAiCompletion(stream: string): Promise<OpenAI.ChatCompletion> {
  const client = new OpenAI({ apiKey: "key", fetch: answering(stream, "text/event-stream"), maxRetries: 0 });
  return client.chat.completions.stream({ model: "m", messages: [], stream: true }).finalChatCompletion();
}

interface OpenAiAnswer {
  choices: {
    message: {
      content?: string | null;
      refusal?: string | null;
      reasoning_content?: string;
      tool_calls?: { id: string; function: { name: string; arguments: string } }[];
    };
    finish_reason: string;
  }[];
  usage?: unknown;
}

/** The SDK's own stream class keeps only OpenAI's members, so reasoning is put together from the chunks. */
async function readOpenAiStream(stream: string): Promise<Message> {
  const client = new OpenAI({ apiKey: "key", fetch: answering(stream, "text/event-stream"), maxRetries: 0 });
  let thinking = "";
  for await (const chunk of await client.chat.completions.create({
    model: "m",
    messages: [],
    stream: true,
  })) {
    const delta = chunk.choices[0]?.delta as { reasoning_content?: string } | undefined;
    thinking += delta?.reasoning_content ?? "";
  }
  const completion = (await openAiCompletion(stream)) as unknown as OpenAiAnswer;
  return { ...ofOpenAi(completion), thinking };
}

function ofOpenAi(answer: OpenAiAnswer): Message {
  const choice = answer.choices[0];
  const message = choice?.message;
  return {
    text: message?.content ?? "",
    thinking: message?.reasoning_content ?? "",
    refusal: message?.refusal ?? "",
    calls: (message?.tool_calls ?? []).map((call) => ({
      id: call.id,
      name: call.function.name,
      arguments: JSON.parse(call.function.arguments),
    })),
    finish: choice?.finish_reason ?? "",
    usage: answer.usage ?? null,
  };
}

function ofAnthropic(message: Anthropic.Message): Message {
  const found: Message = {
    text: "",
    thinking: "",
    refusal: "",
    calls: [],
    finish: `${message.stop_reason} ${message.stop_sequence}`,
    usage: message.usage,
  };
  for (const block of message.content) {
    if (block.type === "text") found.text += block.text;
    if (block.type === "thinking") found.thinking += `${block.thinking}[${block.signature}]`;
    if (block.type === "redacted_thinking") found.thinking += `(${block.data})`;
    if (block.type === "tool_use") {
      found.calls.push({ id: block.id, name: block.name, arguments: block.input });
    }
  }
  return found;
}
