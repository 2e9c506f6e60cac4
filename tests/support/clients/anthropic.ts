/** A client of Anthropic's Messages. Source: Anthropic API reference, "Create a Message", "Streaming Messages". */
import type Anthropic from "@anthropic-ai/sdk";
import * as c from "./client.ts";

const USER = { role: "user" as const, content: c.QUESTION };
const tools = c.TOOLS.map(({ name, description, parameters }) => ({
  name,
  description,
  input_schema: parameters as Anthropic.Tool.InputSchema,
}));

type Body = Omit<Anthropic.MessageCreateParams, "model" | "stream" | "max_tokens">;

const REQUESTS: Record<c.Feature, Body & c.Json> = {
  text: {
    system: c.SYSTEM,
    messages: [{ role: "user", content: "Hello" }, { role: "assistant", content: c.EARLIER }, USER],
  },
  settings: {
    messages: [USER],
    temperature: c.SETTINGS.temperature,
    top_p: c.SETTINGS.topP,
    max_tokens: c.SETTINGS.maxTokens,
    stop_sequences: [c.SETTINGS.stop],
  },
  tools: { messages: [USER], tools },
  "parallel tools": {
    messages: [
      USER,
      {
        role: "assistant",
        content: [c.WEATHER, c.TIME].map((input, index) => ({
          type: "tool_use",
          id: `toolu_${index}`,
          name: c.TOOLS[index]!.name,
          input,
        })),
      },
      {
        role: "user",
        content: c.RESULTS.map((content, index) => ({
          type: "tool_result",
          tool_use_id: `toolu_${index}`,
          content,
        })),
      },
    ],
    tools,
  },
  image: withImage({ type: "base64", media_type: "image/png", data: c.IMAGE }),
  "image by URL": withImage({ type: "url", url: c.IMAGE_URL }),
  "tool result image": {
    messages: [
      USER,
      {
        role: "assistant",
        content: [{ type: "tool_use", id: "toolu_0", name: "get_weather", input: c.WEATHER }],
      },
      {
        role: "user",
        content: [
          {
            type: "tool_result",
            tool_use_id: "toolu_0",
            content: [
              { type: "text", text: c.RESULTS[0]! },
              { type: "image", source: { type: "base64", media_type: "image/png", data: c.IMAGE } },
            ],
          },
        ],
      },
    ],
    tools,
  },
  thinking: { messages: [USER], thinking: { type: "enabled", budget_tokens: c.BUDGET } },
  "structured output": {
    messages: [USER],
    output_config: { format: { type: "json_schema", schema: c.SCHEMA } },
  },
};

function withImage(source: Anthropic.ImageBlockParam["source"]): Body {
  const content = [
    { type: "text" as const, text: c.QUESTION },
    { type: "image" as const, source },
  ];
  return { messages: [{ role: "user", content }] };
}

const FINISHES: Record<string, c.Said["finish"]> = {
  end_turn: "stop",
  max_tokens: "length",
  tool_use: "calls",
};

function finishOf(reason: unknown): c.Said["finish"] {
  const finish = FINISHES[String(reason)];
  c.insist(finish, `stop_reason ${reason}`);
  return finish;
}

function add(said: c.Said, block: c.Json): void {
  if (block.type === "thinking") {
    c.textOf(block.signature, "signature");
    said.thinking += c.textOf(block.thinking, "thinking");
  } else if (block.type === "text") {
    said.text += c.textOf(block.text, "text");
  } else {
    c.insist(block.type === "tool_use", `block ${block.type}`);
    c.insist(typeof block.input === "object" && block.input !== null, "input is an object");
    const id = c.textOf(block.id, "id");
    said.calls.push({ id, name: c.textOf(block.name, "name"), arguments: block.input });
  }
}

function checkMessage(message: Anthropic.Message): void {
  c.insist(message.type === "message" && message.role === "assistant", "message");
  c.textOf(message.id, "id");
  c.textOf(message.model, "model");
}

function whole(text: string): c.Said {
  const message = JSON.parse(text) as Anthropic.Message;
  checkMessage(message);
  const said: c.Said = {
    thinking: "",
    text: "",
    calls: [],
    finish: finishOf(message.stop_reason),
    usage: {
      input: c.countOf(message.usage.input_tokens, "input_tokens"),
      output: c.countOf(message.usage.output_tokens, "output_tokens"),
    },
  };
  for (const block of message.content) add(said, block as unknown as c.Json);
  return said;
}

/** The deltas that a block of each type may get, and the member that each of them goes to. */
const DELTAS: Record<string, [block: string, member: string, from: string]> = {
  text_delta: ["text", "text", "text"],
  thinking_delta: ["thinking", "thinking", "thinking"],
  signature_delta: ["thinking", "signature", "signature"],
  input_json_delta: ["tool_use", "json", "partial_json"],
};

function stream(text: string): c.Said {
  const events = c.serverSentEvents(text).map(({ name, data }) => {
    const value = JSON.parse(data) as c.Json;
    c.insist(name === value.type, `event ${name} is named as its type`);
    return value;
  });
  const rest = events.filter(({ type }) => type !== "ping");
  c.insist(rest[0]?.type === "message_start", "message_start first");
  c.insist(rest.at(-1)?.type === "message_stop" && rest.at(-2)?.type === "message_delta", "the end");
  const { message } = rest[0] as unknown as { message: Anthropic.Message };
  checkMessage(message);
  c.insist(message.content.length === 0 && message.stop_reason === null, "an empty message");
  const last = rest.at(-2) as { delta: c.Json; usage: c.Json };
  const said: c.Said = {
    thinking: "",
    text: "",
    calls: [],
    finish: finishOf(last.delta.stop_reason),
    usage: {
      input: c.countOf(last.usage.input_tokens ?? message.usage.input_tokens, "input_tokens"),
      output: c.countOf(last.usage.output_tokens, "output_tokens"),
    },
  };
  let block: c.Json | undefined;
  let count = 0;
  for (const item of rest.slice(1, -2)) {
    if (item.type === "content_block_start") {
      c.insist(block === undefined && item.index === count, "one block at a time, counted from 0");
      block = { ...(item.content_block as c.Json), json: "" };
      continue;
    }
    c.insist(block && item.index === count, `${item.type} belongs to the open block`);
    if (item.type === "content_block_stop") {
      if (block.type === "tool_use") block.input = JSON.parse(String(block.json || "{}"));
      add(said, block);
      block = undefined;
      count++;
      continue;
    }
    c.insist(item.type === "content_block_delta", `event ${item.type}`);
    const delta = item.delta as c.Json;
    const [type, member, from] = DELTAS[String(delta.type)] ?? [];
    c.insist(member && from && type === block.type, `${delta.type} in a block of ${block.type}`);
    block[member] = `${block[member] ?? ""}${c.textOf(delta[from], from)}`;
  }
  c.insist(block === undefined, "every block is closed");
  return said;
}

function failure(text: string): string {
  const body = JSON.parse(text) as { type?: string; error?: c.Json };
  c.insist(body.type === "error" && body.error, "error");
  c.textOf(body.error.type, "type of the error");
  return c.textOf(body.error.message, "message of the error");
}

export const ANTHROPIC: c.Client = {
  name: "anthropic",
  format: "anthropic",
  path: () => "/v1/messages",
  streamType: "text/event-stream",
  request: (feature, isStream) => ({
    model: "m",
    max_tokens: 4096,
    ...REQUESTS[feature],
    ...(isStream && { stream: true }),
  }),
  whole,
  stream,
  failure,
  streamFailure: (text) => {
    const events = c.serverSentEvents(text);
    c.insist(!text.includes("message_stop"), "no end before the failure");
    c.insist(events.at(-1)?.name === "error", "an event named error");
    return failure(events.at(-1)!.data);
  },
};
