/** How Google's own SDK puts an answer together. */
import { type GenerateContentResponse, GoogleGenAI, type Part } from "@google/genai";
import { answering } from "./answering";
import type { Message } from "./dialects";

/** From the events of a stream. */
export async function readGeminiStream(stream: string): Promise<Message> {
  const responses: GenerateContentResponse[] = [];
  const events = await clientOf(stream, "text/event-stream").models.generateContentStream({
    model: "m",
    contents: "x",
  });
  for await (const response of events) responses.push(response);
  return ofGemini(responses);
}

/** From a whole answer. */
export async function readGeminiWhole(body: string): Promise<Message> {
  return ofGemini([
    await clientOf(body, "application/json").models.generateContent({ model: "m", contents: "x" }),
  ]);
}

function clientOf(body: string, type: string): GoogleGenAI {
  return new GoogleGenAI({ apiKey: "key", httpOptions: { fetch: answering(body, type) } });
}

function ofGemini(responses: GenerateContentResponse[]): Message {
  const found: Message = { text: "", thinking: "", refusal: "", calls: [], finish: "", usage: null };
  for (const response of responses) {
    const candidate = response.candidates?.find(({ index }) => (index ?? 0) === 0);
    for (const part of candidate?.content?.parts ?? []) take(part, found);
    for (const chunk of candidate?.groundingMetadata?.groundingChunks ?? []) found.refusal += chunk.web?.uri;
    found.finish = candidate?.finishReason ?? found.finish;
    found.usage = response.usageMetadata ?? found.usage;
  }
  return found;
}

function take(part: Part, found: Message): void {
  if (part.functionCall) {
    const { id = "", name = "", args } = part.functionCall;
    found.calls.push({ id: `${id}${part.thoughtSignature ?? ""}`, name, arguments: args });
  } else {
    if (part.thought) found.thinking += part.text ?? "";
    else found.text += part.text ?? "";
    if (part.thoughtSignature) found.thinking += `[${part.thoughtSignature}]`;
  }
  if (part.inlineData) found.text += `<${part.inlineData.mimeType} ${part.inlineData.data}>`;
}
