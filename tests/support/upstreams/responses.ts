/** OpenAI's Responses. Source: OpenAI API reference, "Create a model response" and "Streaming events". */
import type OpenAI from "openai";
import { asksInBody, CREATED, event, type Json, pieces, type Scenario, type Vendor } from "./vendor.ts";

type Item = OpenAI.Responses.ResponseOutputItem;
type StreamEvent = OpenAI.Responses.ResponseStreamEvent;
type Numbered<Event> = Event extends StreamEvent ? Omit<Event, "sequence_number"> : never;

const ID = "resp_67ccd2bed1ec8190b14f964abc0542670bb6a6b452d3795b";

function items({ thinking, text, calls }: Scenario): Item[] {
  return [
    ...(thinking
      ? [
          {
            id: "rs_1",
            type: "reasoning" as const,
            summary: [{ type: "summary_text" as const, text: thinking.text }],
            encrypted_content: thinking.signature,
          },
        ]
      : []),
    ...(text === undefined
      ? []
      : [
          {
            id: "msg_1",
            type: "message" as const,
            role: "assistant" as const,
            status: "completed" as const,
            content: [{ type: "output_text" as const, text, annotations: [] }],
          },
        ]),
    ...(calls ?? []).map((call, index) => ({
      id: `fc_${index}`,
      type: "function_call" as const,
      status: "completed" as const,
      call_id: call.id,
      name: call.name,
      arguments: JSON.stringify(call.arguments),
    })),
  ];
}

/** Members that say what was asked are left out where they are optional in practice. */
function response(scenario: Scenario, model: string, status: string, output: Item[]): Json {
  const { input, output: generated } = scenario.usage;
  const isOver = status !== "in_progress";
  return {
    id: ID,
    object: "response",
    created_at: CREATED,
    status,
    error: null,
    incomplete_details: status === "incomplete" ? { reason: "max_output_tokens" } : null,
    instructions: null,
    metadata: {},
    model,
    output,
    parallel_tool_calls: true,
    temperature: 1,
    tool_choice: "auto",
    tools: [],
    top_p: 1,
    usage: isOver
      ? {
          input_tokens: input,
          input_tokens_details: { cached_tokens: 0 },
          output_tokens: generated,
          output_tokens_details: { reasoning_tokens: 0 },
          total_tokens: input + generated,
        }
      : null,
  };
}

function last(scenario: Scenario, model: string): Json {
  return response(
    scenario,
    model,
    scenario.finish === "length" ? "incomplete" : "completed",
    items(scenario),
  );
}

/** Everything between an item's announcement and its end. */
function parts(item: Item, output_index: number): Numbered<StreamEvent>[] {
  const item_id = item.id ?? "";
  if (item.type === "reasoning") {
    const place = { item_id, output_index, summary_index: 0 };
    const text = item.summary[0]?.text ?? "";
    const part = { type: "summary_text" as const, text };
    return [
      {
        type: "response.reasoning_summary_part.added",
        ...place,
        part: { type: "summary_text" as const, text: "" },
      },
      ...pieces(text).map((delta) => ({
        type: "response.reasoning_summary_text.delta" as const,
        ...place,
        delta,
      })),
      { type: "response.reasoning_summary_text.done", ...place, text },
      { type: "response.reasoning_summary_part.done", ...place, part },
    ];
  }
  if (item.type === "function_call") {
    const place = { item_id, output_index };
    return [
      ...pieces(item.arguments).map((delta) => ({
        type: "response.function_call_arguments.delta" as const,
        ...place,
        delta,
      })),
      {
        type: "response.function_call_arguments.done",
        ...place,
        name: item.name,
        arguments: item.arguments,
      },
    ];
  }
  if (item.type !== "message") return [];
  const place = { item_id, output_index, content_index: 0 };
  const part = item.content[0];
  const text = part?.type === "output_text" ? part.text : "";
  const empty = { type: "output_text" as const, text: "", annotations: [] };
  return [
    { type: "response.content_part.added", ...place, part: empty },
    ...pieces(text).map((delta) => ({
      type: "response.output_text.delta" as const,
      ...place,
      delta,
      logprobs: [],
    })),
    { type: "response.output_text.done", ...place, text, logprobs: [] },
    { type: "response.content_part.done", ...place, part: { ...empty, text } },
  ];
}

/** An item as it is announced. */
function opened(item: Item): Json {
  if (item.type === "message") return { ...item, status: "in_progress", content: [] };
  if (item.type === "function_call") return { ...item, status: "in_progress", arguments: "" };
  return { ...item, summary: [] };
}

function stream(scenario: Scenario, model: string): Buffer[] {
  const begun = response(scenario, model, "in_progress", []);
  const events: Json[] = [
    { type: "response.created", response: begun },
    { type: "response.in_progress", response: begun },
    ...items(scenario).flatMap((item, output_index) => [
      { type: "response.output_item.added", output_index, item: opened(item) },
      ...parts(item, output_index),
      { type: "response.output_item.done", output_index, item },
    ]),
    {
      type: scenario.finish === "length" ? "response.incomplete" : "response.completed",
      response: last(scenario, model),
    },
  ];
  return events.map((item, sequence_number) => event({ ...item, sequence_number }, String(item.type)));
}

export const RESPONSES: Vendor = {
  format: "responses",
  says: { thinking: true, signature: true, calls: true },
  closingEvents: 1,
  path: /^\/v1\/responses$/,
  isStream: asksInBody,
  streamType: "text/event-stream",
  whole: last,
  stream,
  failure: (_, message) => ({ error: { message, type: "server_error", param: null, code: null } }),
  failureEvent: (message) =>
    event({ type: "error", code: "server_error", message, param: null, sequence_number: 99 }, "error"),
};
