/** A client of Chat Completions. Source: OpenAI API reference, "Create chat completion" and "Streaming". */
import type OpenAI from "openai";
import * as c from "./client.ts";

const USER = { role: "user" as const, content: c.QUESTION };
const tools = c.TOOLS.map((declared) => ({ type: "function" as const, function: declared }));

type Body = Omit<OpenAI.ChatCompletionCreateParams, "model" | "stream">;

const REQUESTS: Record<c.Feature, Body> = {
  text: {
    messages: [
      { role: "system", content: c.SYSTEM },
      { role: "user", content: "Hello" },
      { role: "assistant", content: c.EARLIER },
      USER,
    ],
  },
  settings: {
    messages: [USER],
    temperature: c.SETTINGS.temperature,
    top_p: c.SETTINGS.topP,
    max_tokens: c.SETTINGS.maxTokens,
    stop: [c.SETTINGS.stop],
  },
  tools: { messages: [USER], tools },
  "parallel tools": {
    messages: [
      USER,
      {
        role: "assistant",
        content: null,
        tool_calls: [c.WEATHER, c.TIME].map((argument, index) => ({
          id: `call_${index}`,
          type: "function",
          function: { name: c.TOOLS[index]!.name, arguments: JSON.stringify(argument) },
        })),
      },
      ...c.RESULTS.map((content, index) => ({
        role: "tool" as const,
        tool_call_id: `call_${index}`,
        content,
      })),
    ],
    tools,
  },
  image: withImage(`data:image/png;base64,${c.IMAGE}`),
  "image by URL": withImage(c.IMAGE_URL),
  "tool result image": {
    messages: [
      USER,
      {
        role: "assistant",
        content: null,
        tool_calls: [
          {
            id: "call_0",
            type: "function",
            function: { name: "get_weather", arguments: JSON.stringify(c.WEATHER) },
          },
        ],
      },
      // The SDK's type knows texts only; servers that take images here take them in the shape of a user's.
      {
        role: "tool",
        tool_call_id: "call_0",
        content: [
          { type: "text", text: c.RESULTS[0] },
          { type: "image_url", image_url: { url: `data:image/png;base64,${c.IMAGE}` } },
        ] as never,
      },
    ],
    tools,
  },
  thinking: { messages: [USER], reasoning_effort: "medium" },
  "structured output": {
    messages: [USER],
    response_format: {
      type: "json_schema",
      json_schema: { name: "weather", strict: true, schema: c.SCHEMA },
    },
  },
};

function withImage(url: string): Body {
  return {
    messages: [
      {
        role: "user",
        content: [
          { type: "text", text: c.QUESTION },
          { type: "image_url", image_url: { url } },
        ],
      },
    ],
  };
}

const FINISHES: Record<string, c.Said["finish"]> = { stop: "stop", length: "length", tool_calls: "calls" };

type Wire = OpenAI.ChatCompletionMessage & { reasoning_content?: string };

function finishOf(reason: unknown): c.Said["finish"] {
  const finish = FINISHES[String(reason)];
  c.insist(finish, `finish_reason ${reason}`);
  return finish;
}

function usageOf(usage: OpenAI.CompletionUsage | null | undefined): c.Said["usage"] {
  if (!usage) return { input: 0, output: 0 };
  const input = c.countOf(usage.prompt_tokens, "prompt_tokens");
  const output = c.countOf(usage.completion_tokens, "completion_tokens");
  // Some services only count both in one sum.
  const isSum = usage.total_tokens === input + output || input + output === 0;
  c.insist(isSum, "total_tokens is the sum");
  return { input, output };
}

function whole(text: string): c.Said {
  const answer = JSON.parse(text) as OpenAI.ChatCompletion;
  c.insist(answer.object === "chat.completion", "object");
  c.textOf(answer.id, "id");
  c.countOf(answer.created, "created");
  c.insist(answer.choices.length === 1 && answer.choices[0]?.index === 0, "one choice");
  const { message, finish_reason } = answer.choices[0]!;
  c.insist(message.role === "assistant", "role");
  c.insist(message.content === null || typeof message.content === "string", "content");
  return {
    thinking: (message as Wire).reasoning_content ?? "",
    text: message.content ?? "",
    calls: (message.tool_calls ?? []).map((call) => {
      c.insist(call.type === "function", "type of a call");
      return { id: call.id, name: call.function.name, arguments: JSON.parse(call.function.arguments) };
    }),
    finish: finishOf(finish_reason),
    usage: usageOf(answer.usage),
  };
}

function stream(text: string): c.Said {
  const events = c.serverSentEvents(text).map(({ data }) => data);
  c.insist(events.filter((data) => data === "[DONE]").length === 1, "[DONE] once");
  c.insist(events.at(-1) === "[DONE]", "[DONE] last");
  const said: c.Said = { thinking: "", text: "", calls: [], finish: "stop", usage: { input: 0, output: 0 } };
  const fragments: string[] = [];
  let finished = 0;
  for (const data of events.slice(0, -1)) {
    const chunk = JSON.parse(data) as OpenAI.ChatCompletionChunk;
    c.insist(!("error" in chunk), data);
    c.insist(chunk.object === "chat.completion.chunk", "object");
    if (chunk.usage) said.usage = usageOf(chunk.usage);
    const choice = chunk.choices[0];
    if (!choice) continue;
    c.insist(choice.index === 0, "index of the choice");
    c.insist(finished === 0, "nothing after the finish");
    said.text += choice.delta.content ?? "";
    said.thinking += (choice.delta as Partial<Wire>).reasoning_content ?? "";
    for (const call of choice.delta.tool_calls ?? []) {
      c.insist(call.index <= said.calls.length, "calls are counted without gaps");
      said.calls[call.index] ??= {
        id: c.textOf(call.id, "id of a call"),
        name: c.textOf(call.function?.name, "name of a call"),
        arguments: "",
      };
      fragments[call.index] = (fragments[call.index] ?? "") + (call.function?.arguments ?? "");
    }
    if (choice.finish_reason) {
      said.finish = finishOf(choice.finish_reason);
      finished++;
    }
  }
  c.insist(finished === 1, "one finish reason");
  said.calls.forEach((call, index) => {
    call.arguments = JSON.parse(fragments[index] ?? "");
  });
  return said;
}

function failure(text: string): string {
  const { error } = JSON.parse(text) as { error?: c.Json };
  c.insist(error, "error");
  c.textOf(error.type, "type of the error");
  return c.textOf(error.message, "message of the error");
}

export const OPENAI: c.Client = {
  name: "openai",
  format: "openai",
  path: () => "/v1/chat/completions",
  streamType: "text/event-stream",
  request: (feature, isStream) => ({
    model: "m",
    ...REQUESTS[feature],
    ...(isStream && { stream: true, stream_options: { include_usage: true } }),
  }),
  whole,
  stream,
  failure,
  streamFailure: (text) => {
    const events = c.serverSentEvents(text).map(({ data }) => data);
    const last = events.findLast((data) => data !== "[DONE]");
    c.insist(!text.includes('"finish_reason":"stop"'), "no finish before the failure");
    return failure(last ?? "");
  },
};
