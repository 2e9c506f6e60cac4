/** What the development model service answers: bodies of the OpenAI API, made from the request. Pure. */

/** A request body as parsed JSON. */
export type Json = Record<string, unknown>;

/** One server-sent event; `event` is its name where the API uses names. */
export interface StreamEvent {
  event?: string;
  data: string;
}

/** Every byte value twice: what is neither text nor JSON must arrive as it was sent. */
export const BINARY = Uint8Array.from({ length: 512 }, (_, index) => index & 0xff);

const CREATED = 1_700_000_000;

/** The text that an instance answers with: who answered, as which model, and what it was asked. */
export function answerText(instance: string, body: Json): string {
  return `This is ${instance} as ${modelOf(body)}. You said: ${questionOf(body)}`;
}

/** `GET /v1/models`. */
export function models(names: string[]): Json {
  const data = names.map((id) => ({ id, object: "model", created: CREATED, owned_by: "development" }));
  return { object: "list", data };
}

/** `POST /v1/chat/completions`, not streamed. A `tool_choice` that demands a call gets one. */
export function chat(instance: string, body: Json): Json {
  const call = demandedCall(body);
  const text = answerText(instance, body);
  const message = call
    ? { role: "assistant", content: null, tool_calls: [call] }
    : { role: "assistant", content: text };
  return {
    id: `chatcmpl-${instance}`,
    object: "chat.completion",
    created: CREATED,
    model: modelOf(body),
    choices: [{ index: 0, message, finish_reason: call ? "tool_calls" : "stop" }],
    usage: chatUsage(body, text),
  };
}

/** `POST /v1/chat/completions`, streamed: a delta per word, usage at the end if the request asks for it. */
export function chatStream(instance: string, body: Json): StreamEvent[] {
  const withUsage = (body.stream_options as Json | undefined)?.include_usage === true;
  const call = demandedCall(body);
  const text = answerText(instance, body);
  const chunk = (choices: Json[], usage: Json | null): StreamEvent => ({
    data: JSON.stringify({
      id: `chatcmpl-${instance}`,
      object: "chat.completion.chunk",
      created: CREATED,
      model: modelOf(body),
      choices,
      ...(withUsage ? { usage } : {}),
    }),
  });
  const delta = (content: Json, finish: string | null = null) =>
    chunk([{ index: 0, delta: content, finish_reason: finish }], null);
  const parts = call
    ? [{ tool_calls: [{ index: 0, ...call }] }]
    : words(text).map((content) => ({ content }));
  return [
    delta({ role: "assistant", content: call ? null : "" }),
    ...parts.map((part) => delta(part)),
    delta({}, call ? "tool_calls" : "stop"),
    ...(withUsage ? [chunk([], chatUsage(body, text))] : []),
    { data: "[DONE]" },
  ];
}

/** `POST /v1/completions`, not streamed. */
export function completion(instance: string, body: Json): Json {
  const text = answerText(instance, body);
  return { ...completionPart(instance, body, text, "stop"), usage: chatUsage(body, text) };
}

/** `POST /v1/completions`, streamed. */
export function completionStream(instance: string, body: Json): StreamEvent[] {
  const parts = words(answerText(instance, body)).map((word) => completionPart(instance, body, word, null));
  parts.push(completionPart(instance, body, "", "stop"));
  return [...parts.map((part) => ({ data: JSON.stringify(part) })), { data: "[DONE]" }];
}

function completionPart(instance: string, body: Json, text: string, finish: string | null): Json {
  return {
    id: `cmpl-${instance}`,
    object: "text_completion",
    created: CREATED,
    model: modelOf(body),
    choices: [{ index: 0, text, logprobs: null, finish_reason: finish }],
  };
}

/** `POST /v1/embeddings`: one vector per input, as numbers or (`encoding_format: base64`) as float32 bytes. */
export function embeddings(body: Json): Json {
  const inputs = Array.isArray(body.input) ? body.input : [body.input];
  const size = typeof body.dimensions === "number" ? body.dimensions : 8;
  const data = inputs.map((input, index) => {
    const length = String(input).length;
    const vector = Float32Array.from({ length: size }, (_, position) => (length + position) / 1024);
    const embedding =
      body.encoding_format === "base64" ? Buffer.from(vector.buffer).toString("base64") : [...vector];
    return { object: "embedding", index, embedding };
  });
  const tokens = inputs.length;
  const usage = { prompt_tokens: tokens, total_tokens: tokens };
  return { object: "list", data, model: modelOf(body), usage };
}

/** `POST /v1/rerank`: documents by how many words of the query they hold. */
export function rerank(body: Json): Json {
  const wanted = new Set(words(String(body.query ?? "").toLowerCase()).map((word) => word.trim()));
  const documents = Array.isArray(body.documents) ? body.documents : [];
  const results = documents.map((document, index) => {
    const found = words(String(document).toLowerCase()).filter((word) => wanted.has(word.trim()));
    return { index, relevance_score: found.length / (1 + wanted.size) };
  });
  results.sort((left, right) => right.relevance_score - left.relevance_score);
  const top = typeof body.top_n === "number" ? results.slice(0, body.top_n) : results;
  return { model: modelOf(body), results: top, usage: { total_tokens: documents.length } };
}

/** `POST /v1/responses`, not streamed. */
export function response(instance: string, body: Json): Json {
  const text = answerText(instance, body);
  const item = responseItem(instance, text, "completed");
  return { ...responseObject(instance, body, "completed"), output: [item], usage: responseUsage(body, text) };
}

/** `POST /v1/responses`, streamed: the named events from `response.created` to `response.completed`. */
export function responseStream(instance: string, body: Json): StreamEvent[] {
  const text = answerText(instance, body);
  const item_id = `msg-${instance}`;
  const place = { item_id, output_index: 0, content_index: 0 };
  const part = { type: "output_text", text: "", annotations: [] };
  const events: Json[] = [
    { type: "response.created", response: responseObject(instance, body, "in_progress") },
    { type: "response.in_progress", response: responseObject(instance, body, "in_progress") },
    {
      type: "response.output_item.added",
      output_index: 0,
      item: { id: item_id, type: "message", role: "assistant", status: "in_progress", content: [] },
    },
    { type: "response.content_part.added", ...place, part },
    ...words(text).map((delta) => ({ type: "response.output_text.delta", ...place, delta, logprobs: [] })),
    { type: "response.output_text.done", ...place, text, logprobs: [] },
    { type: "response.content_part.done", ...place, part: { ...part, text } },
    {
      type: "response.output_item.done",
      output_index: 0,
      item: responseItem(instance, text, "completed"),
    },
    { type: "response.completed", response: response(instance, body) },
  ];
  return events.map((event, sequence_number) => ({
    event: String(event.type),
    data: JSON.stringify({ ...event, sequence_number }),
  }));
}

function responseObject(instance: string, body: Json, status: string): Json {
  return {
    id: `resp-${instance}`,
    object: "response",
    created_at: CREATED,
    status,
    model: modelOf(body),
    output: [],
    error: null,
    incomplete_details: null,
    instructions: null,
    metadata: {},
    parallel_tool_calls: true,
    tool_choice: "auto",
    tools: [],
    usage: null,
  };
}

function responseItem(instance: string, text: string, status: string): Json {
  const content = [{ type: "output_text", text, annotations: [], logprobs: [] }];
  return { id: `msg-${instance}`, type: "message", role: "assistant", status, content };
}

function responseUsage(body: Json, text: string): Json {
  const usage = chatUsage(body, text);
  return {
    input_tokens: usage.prompt_tokens,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: usage.completion_tokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: usage.total_tokens,
  };
}

/** `POST /v1/images/generations`, `/v1/images/edits` and `/v1/images/variations`. */
export function images(): Json {
  return { created: CREATED, data: [{ b64_json: Buffer.from(BINARY).toString("base64") }] };
}

/** An error body in OpenAI's shape. */
export function failure(message: string, kind: string): Json {
  return { error: { message, type: kind, param: null, code: null } };
}

function modelOf(body: Json): string {
  return typeof body.model === "string" ? body.model : "";
}

/** The end of what was asked, whichever API it came by; long questions are cut to 200 characters. */
function questionOf(body: Json): string {
  const list = body.messages ?? body.input;
  const last = Array.isArray(list) ? list.at(-1) : undefined;
  const asked = last?.content ?? last ?? body.prompt ?? body.input ?? "";
  const text = Array.isArray(asked) ? asked.map((part) => part?.text ?? "").join("") : String(asked);
  return text.slice(0, 200);
}

function chatUsage(body: Json, text: string): Json & { prompt_tokens: number; completion_tokens: number } {
  const prompt_tokens = words(questionOf(body)).length;
  const completion_tokens = words(text).length;
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}

/** The call of the first tool when `tool_choice` demands one ("required" or a named function). */
function demandedCall(body: Json): Json | undefined {
  const choice = body.tool_choice;
  const demanded = choice === "required" || (typeof choice === "object" && choice !== null);
  const tool = Array.isArray(body.tools) ? body.tools[0] : undefined;
  if (!demanded || !tool) return undefined;
  const called = { name: tool.function?.name, arguments: '{"city":"Paris"}' };
  return { id: "call_1", type: "function", function: called };
}

/** Words with the blank before them, so that joining gives the text back. */
function words(text: string): string[] {
  return text.match(/\s*\S+\s*$|\s*\S+/g) ?? [];
}
