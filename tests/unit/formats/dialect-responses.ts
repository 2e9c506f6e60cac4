/** How OpenAI's own SDK puts a response together, and what holds for every stream of one. */
import OpenAI from "openai";
import type { Response, ResponseOutputItem, ResponseStreamEvent } from "openai/resources/responses/responses";
import { answering } from "./answering";
import type { Message } from "./dialects";

/** From the events of a stream; throws where they are not as OpenAI documents them. */
export async function readResponsesStream(stream: string): Promise<Message> {
  const client = new OpenAI({ apiKey: "key", fetch: answering(stream, "text/event-stream"), maxRetries: 0 });
  const events: ResponseStreamEvent[] = [];
  for await (const event of await client.responses.create({ model: "m", input: "x", stream: true })) {
    events.push(event);
  }
  checkEvents(events);
  const response = await client.responses.stream({ model: "m", input: "x" }).finalResponse();
  return ofResponse(response as unknown as Response);
}

/** From a whole answer. */
export async function readResponsesWhole(body: string): Promise<Message> {
  const client = new OpenAI({ apiKey: "key", fetch: answering(body, "application/json"), maxRetries: 0 });
  return ofResponse(await client.responses.create({ model: "m", input: "x" }));
}

/** Numbers without gaps; ids that stay; every delta repeated in its `done`, every item in the last response. */
export function checkEvents(events: ResponseStreamEvent[]): void {
  const items: ResponseOutputItem[] = [];
  const ids: string[] = [];
  const texts = new Map<string, string>();
  let response: Response | undefined;
  for (const [number, event] of events.entries()) {
    same(event.sequence_number, number, "sequence_number");
    if ("item_id" in event && "output_index" in event)
      same(event.item_id, ids[event.output_index], "item_id");
    if ("response" in event) response = event.response;
    switch (event.type) {
      case "response.output_item.added":
        same(event.output_index, ids.length, "output_index");
        ids.push(event.item.id ?? "");
        break;
      case "response.output_item.done":
        same(event.item.id, ids[event.output_index], "item.id");
        items[event.output_index] = event.item;
        break;
      case "response.output_text.delta":
      case "response.refusal.delta":
      case "response.function_call_arguments.delta":
      case "response.custom_tool_call_input.delta":
      case "response.reasoning_summary_text.delta":
        texts.set(event.item_id, (texts.get(event.item_id) ?? "") + event.delta);
        break;
      case "response.output_text.done":
      case "response.reasoning_summary_text.done":
        same(event.text, texts.get(event.item_id) ?? "", event.type);
        break;
      case "response.refusal.done":
        same(event.refusal, texts.get(event.item_id) ?? "", event.type);
        break;
      case "response.function_call_arguments.done":
        same(event.arguments, texts.get(event.item_id) ?? "", event.type);
        break;
      case "response.custom_tool_call_input.done":
        same(event.input, texts.get(event.item_id) ?? "", event.type);
        break;
    }
  }
  same(events[0]?.type, "response.created", "first event");
  same(events[1]?.type, "response.in_progress", "second event");
  same(JSON.stringify(response?.output), JSON.stringify(items), "items of the last response");
}

function same(found: unknown, wanted: unknown, what: string): void {
  if (found !== wanted) throw new Error(`${what} is ${String(found)}, not ${String(wanted)}`);
}

function ofResponse(response: Response): Message {
  const reason = response.incomplete_details?.reason ?? "";
  const found: Message = {
    text: "",
    thinking: "",
    refusal: "",
    calls: [],
    finish: `${response.status} ${reason}`,
    usage: response.usage,
  };
  for (const item of response.output) take(item, found);
  return found;
}

function take(item: ResponseOutputItem, found: Message): void {
  switch (item.type) {
    case "message":
      for (const part of item.content) {
        if (part.type === "refusal") found.refusal += part.refusal;
        else found.text += part.text + part.annotations.map((source) => JSON.stringify(source)).join("");
      }
      break;
    case "reasoning":
      found.thinking += item.summary.map(({ text }) => text).join("");
      if (item.encrypted_content) found.thinking += `[${item.encrypted_content}]`;
      break;
    case "function_call":
      found.calls.push({ id: item.call_id, name: item.name, arguments: JSON.parse(item.arguments) });
      break;
    case "custom_tool_call":
      found.calls.push({ id: item.call_id, name: item.name, arguments: item.input });
      break;
    case "image_generation_call":
      found.text += `<${item.result}>`;
      break;
  }
}
