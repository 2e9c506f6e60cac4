/** A client of Responses. Source: OpenAI API reference, "Create a model response" and "Streaming events". */
import type OpenAI from "openai";
import * as c from "./client.ts";

type Body = Omit<OpenAI.Responses.ResponseCreateParams, "model" | "stream">;
type Item = OpenAI.Responses.ResponseOutputItem;

const USER = { role: "user" as const, content: c.QUESTION };
const tools = c.TOOLS.map((declared) => ({ type: "function" as const, strict: false, ...declared }));

const REQUESTS: Record<c.Feature, Body> = {
  text: {
    instructions: c.SYSTEM,
    input: [{ role: "user", content: "Hello" }, { role: "assistant", content: c.EARLIER }, USER],
  },
  settings: {
    input: [USER],
    temperature: c.SETTINGS.temperature,
    top_p: c.SETTINGS.topP,
    max_output_tokens: c.SETTINGS.maxTokens,
  },
  tools: { input: c.QUESTION, tools },
  "parallel tools": {
    input: [
      USER,
      ...[c.WEATHER, c.TIME].map((argument, index) => ({
        type: "function_call" as const,
        call_id: `call_${index}`,
        name: c.TOOLS[index]!.name,
        arguments: JSON.stringify(argument),
      })),
      ...c.RESULTS.map((output, index) => ({
        type: "function_call_output" as const,
        call_id: `call_${index}`,
        output,
      })),
    ],
    tools,
  },
  image: withImage(`data:image/png;base64,${c.IMAGE}`),
  "image by URL": withImage(c.IMAGE_URL),
  "tool result image": {
    input: [
      USER,
      {
        type: "function_call",
        call_id: "call_0",
        name: "get_weather",
        arguments: JSON.stringify(c.WEATHER),
      },
      {
        type: "function_call_output",
        call_id: "call_0",
        output: [
          { type: "input_text", text: c.RESULTS[0]! },
          { type: "input_image", image_url: `data:image/png;base64,${c.IMAGE}`, detail: "auto" },
        ],
      },
    ],
    tools,
  },
  thinking: { input: [USER], reasoning: { effort: "medium", summary: "auto" } },
  "structured output": {
    input: [USER],
    text: { format: { type: "json_schema", name: "weather", strict: true, schema: c.SCHEMA } },
  },
};

function withImage(image_url: string): Body {
  const content = [
    { type: "input_text" as const, text: c.QUESTION },
    { type: "input_image" as const, image_url, detail: "auto" as const },
  ];
  return { input: [{ role: "user", content }] };
}

function add(said: c.Said, item: Item): void {
  c.textOf(item.id, "id of an item");
  if (item.type === "reasoning") {
    said.thinking += item.summary.map(({ text }) => text).join("");
    said.thinking += (item.content ?? []).map(({ text }) => text).join("");
  } else if (item.type === "message") {
    c.insist(item.role === "assistant" && item.status !== "in_progress", "a message that is over");
    for (const part of item.content) {
      c.insist(part.type === "output_text" && Array.isArray(part.annotations), `part ${part.type}`);
      said.text += part.text;
    }
  } else {
    c.insist(item.type === "function_call", `item ${item.type}`);
    const { call_id, name } = item;
    said.calls.push({ id: call_id, name, arguments: JSON.parse(item.arguments) });
  }
}

function read(response: OpenAI.Responses.Response): c.Said {
  c.insist(response.object === "response", "object");
  c.textOf(response.id, "id");
  c.countOf(response.created_at, "created_at");
  const isCut = response.status === "incomplete";
  c.insist(isCut || response.status === "completed", `status ${response.status}`);
  if (isCut) c.insist(response.incomplete_details?.reason === "max_output_tokens", "incomplete_details");
  const said: c.Said = { thinking: "", text: "", calls: [], finish: "stop", usage: { input: 0, output: 0 } };
  for (const item of response.output) add(said, item);
  if (response.usage) {
    said.usage.input = c.countOf(response.usage.input_tokens, "input_tokens");
    said.usage.output = c.countOf(response.usage.output_tokens, "output_tokens");
  }
  said.finish = isCut ? "length" : said.calls.length > 0 ? "calls" : "stop";
  return said;
}

interface Event extends c.Json {
  type: string;
  output_index?: number;
}

function eventsOf(text: string): Event[] {
  return c.serverSentEvents(text).map(({ name, data }, index) => {
    const value = JSON.parse(data) as Event;
    c.insist(name === value.type, `event ${name} is named as its type`);
    c.insist(value.sequence_number === index, `sequence_number of event ${index}`);
    return value;
  });
}

/** What the deltas of each kind add up to must be what the item says in the end. */
const DELTAS: Record<string, string> = {
  "response.output_text.delta": "response.output_text.done",
  "response.function_call_arguments.delta": "response.function_call_arguments.done",
  "response.reasoning_summary_text.delta": "response.reasoning_summary_text.done",
  "response.reasoning_text.delta": "response.reasoning_text.done",
};

function stream(text: string): c.Said {
  const events = eventsOf(text);
  c.insist(events[0]?.type === "response.created", "response.created first");
  const last = events.at(-1)!;
  c.insist(last.type === "response.completed" || last.type === "response.incomplete", `end ${last.type}`);
  const items: Item[] = [];
  let open: number | undefined;
  let deltas = "";
  for (const item of events.slice(1, -1)) {
    if (item.type === "response.in_progress") continue;
    if (item.type === "response.output_item.added") {
      c.insist(open === undefined && item.output_index === items.length, "items one after the other");
      open = item.output_index;
      continue;
    }
    c.insist(item.output_index === open, `${item.type} belongs to the open item`);
    if (item.type in DELTAS) deltas += c.textOf(item.delta, "delta");
    if (Object.values(DELTAS).includes(item.type)) {
      c.insist(deltas === (item.text ?? item.arguments), `${item.type} repeats its deltas`);
      deltas = "";
    }
    if (item.type === "response.output_item.done") {
      items.push(item.item as Item);
      open = undefined;
    }
  }
  c.insist(open === undefined, "every item is closed");
  const response = last.response as OpenAI.Responses.Response;
  c.insist(JSON.stringify(response.output) === JSON.stringify(items), "the end repeats the items");
  return read(response);
}

function failure(text: string): string {
  const { error } = JSON.parse(text) as { error?: c.Json };
  c.insist(error, "error");
  return c.textOf(error.message, "message");
}

export const RESPONSES: c.Client = {
  name: "responses",
  format: "responses",
  path: () => "/v1/responses",
  streamType: "text/event-stream",
  request: (feature, isStream) => ({ model: "m", ...REQUESTS[feature], ...(isStream && { stream: true }) }),
  whole: (text) => read(JSON.parse(text)),
  stream,
  failure,
  streamFailure: (text) => {
    const last = JSON.parse(c.serverSentEvents(text).at(-1)?.data ?? "{}") as c.Json;
    c.insist(!text.includes("response.completed"), "no end before the failure");
    if (last.type === "error") return c.textOf(last.message, "message");
    c.insist(last.type === "response.failed", `end ${last.type}`);
    return failure(JSON.stringify(last.response));
  },
};
