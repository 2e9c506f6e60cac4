/** Anthropic's Messages. Source: Anthropic API reference, "Create a Message" and "Streaming Messages". */
import type Anthropic from "@anthropic-ai/sdk";
import { asksInBody, event, type Json, pieces, type Scenario, type Vendor } from "./vendor.ts";

const ID = "msg_013Zva2CMHLNnjNjJKqJ2EF";

function stopReason({ calls, finish }: Scenario): Anthropic.StopReason {
  return finish === "length" ? "max_tokens" : calls ? "tool_use" : "end_turn";
}

/** The parts of usage that every answer has; the SDK's type names many more that may be left out on the wire. */
function usage(input: number, output: number): Json {
  return {
    input_tokens: input,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: output,
    service_tier: "standard",
  };
}

function blocks({ thinking, text, calls }: Scenario): Json[] {
  return [
    ...(thinking ? [{ type: "thinking", thinking: thinking.text, signature: thinking.signature }] : []),
    ...(text === undefined ? [] : [{ type: "text", text }]),
    ...(calls ?? []).map((call) => ({
      type: "tool_use",
      id: call.id,
      name: call.name,
      input: call.arguments,
    })),
  ];
}

function whole(scenario: Scenario, model: string): Json {
  return {
    id: ID,
    type: "message",
    role: "assistant",
    model,
    content: blocks(scenario),
    stop_reason: stopReason(scenario),
    stop_sequence: null,
    usage: usage(scenario.usage.input, scenario.usage.output),
  };
}

/** What comes between the start of a block and its end. */
function deltas(block: Json): Anthropic.RawContentBlockDelta[] {
  if (block.type === "thinking") {
    return [
      ...pieces(String(block.thinking)).map((thinking) => ({ type: "thinking_delta" as const, thinking })),
      { type: "signature_delta", signature: String(block.signature) },
    ];
  }
  if (block.type === "text")
    return pieces(String(block.text)).map((text) => ({ type: "text_delta" as const, text }));
  return ["", ...pieces(JSON.stringify(block.input))].map((partial_json) => ({
    type: "input_json_delta" as const,
    partial_json,
  }));
}

/** A block as it is when nothing of it has come yet. */
function opened(block: Json): Json {
  if (block.type === "thinking") return { type: "thinking", thinking: "", signature: "" };
  if (block.type === "text") return { type: "text", text: "" };
  return { ...block, input: {} };
}

function stream(scenario: Scenario, model: string): Buffer[] {
  const start = { ...whole(scenario, model), content: [], stop_reason: null };
  const events: Json[] = [
    { type: "message_start", message: { ...start, usage: usage(scenario.usage.input, 1) } },
    { type: "ping" },
    ...blocks(scenario).flatMap((block, index) => [
      { type: "content_block_start", index, content_block: opened(block) },
      ...deltas(block).map((delta) => ({ type: "content_block_delta", index, delta })),
      { type: "content_block_stop", index },
    ]),
    {
      type: "message_delta",
      delta: { stop_reason: stopReason(scenario), stop_sequence: null },
      usage: { output_tokens: scenario.usage.output },
    },
    { type: "message_stop" },
  ];
  return events.map((item) => event(item, String(item.type)));
}

/** Source: "Errors". */
const TYPES: Record<number, string> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  429: "rate_limit_error",
  529: "overloaded_error",
};

function failure(status: number, message: string): Json {
  return { type: "error", error: { type: TYPES[status] ?? "api_error", message } };
}

export const ANTHROPIC: Vendor = {
  format: "anthropic",
  says: { thinking: true, signature: true, calls: true },
  closingEvents: 2,
  path: /^\/v1\/messages$/,
  isStream: asksInBody,
  streamType: "text/event-stream",
  whole,
  stream,
  failure,
  failureEvent: (message) => event(failure(529, message), "error"),
};
