/** From a language into the canonical model and back: nothing that the language can say is lost. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Converter } from "./convert";
import { fixtures, label } from "./fixtures";

const converter = await Converter.open();
const SEED = 20240817;
const MODEL = "upstream-model";

type Json = Record<string, unknown>;

/** A request as the other side of the same pair would write it. */
function convert(client: string, upstream: string, body: Json): Json {
  const converted = converter.request({ client, upstream }, JSON.stringify(body), { model: MODEL });
  if (converted.status !== 0) throw new Error(converted.text);
  expect(converted.dropped).toEqual([]);
  return JSON.parse(converted.text) as Json;
}

// ---- texts and values ------------------------------------------------------------------------------------------

/** Any text, with what JSON has to escape; not blank, since vendors refuse that. */
const text = fc
  .string({ unit: fc.oneof(fc.constantFrom('"', "\\", "\n", "/", "\u2028", "😀", "é"), fc.string()) })
  .map((value) => `x${value}x`);
const id = fc.stringMatching(/^[a-zA-Z0-9_-]{1,20}$/);
const json = fc.dictionary(id, fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null)), { maxKeys: 3 });
const base64 = fc.base64String({ minLength: 4, maxLength: 40 });
const schema = fc.record({
  type: fc.constant("object"),
  properties: fc.dictionary(id, fc.record({ type: fc.constantFrom("string", "integer") }), { maxKeys: 3 }),
});

/** Optional members are there or not; never undefined. */
function some<Value extends object>(members: { [Key in keyof Value]: fc.Arbitrary<Value[Key]> }) {
  return fc.record(members, { requiredKeys: [] });
}

// ---- OpenAI ----------------------------------------------------------------------------------------------------

const openAiPart = fc.oneof(
  text.map((value) => ({ type: "text", text: value })),
  base64.map((data) => ({ type: "image_url", image_url: { url: `data:image/png;base64,${data}` } })),
  fc.webUrl().map((url) => ({ type: "image_url", image_url: { url } })),
);

/** One text part alone is the same as the text. */
const openAiContent = fc.oneof(text, fc.array(openAiPart, { minLength: 2, maxLength: 4 }));

const openAiCall = fc.record({ id, name: id, arguments: json }).map((call) => ({
  id: call.id,
  type: "function",
  function: { name: call.name, arguments: JSON.stringify(call.arguments) },
}));

/** A turn that calls tools, and what they gave back. */
const openAiCalls = fc
  .uniqueArray(openAiCall, { minLength: 1, maxLength: 3, selector: (call) => call.id })
  .chain((calls) =>
    fc.record({
      content: fc.oneof(fc.constant(null), text),
      results: fc.array(text, { minLength: calls.length, maxLength: calls.length }),
      calls: fc.constant(calls),
    }),
  )
  .map(({ content, results, calls }) => [
    { role: "assistant", content, tool_calls: calls },
    ...calls.map((call, index) => ({ role: "tool", tool_call_id: call.id, content: results[index] })),
  ]);

const openAiTurns = fc
  .array(
    fc.oneof(
      text.map((content) => [{ role: "assistant", content }]),
      openAiCalls,
    ),
    { maxLength: 4 },
  )
  .chain((answers) =>
    fc
      .array(openAiContent, { minLength: answers.length + 1, maxLength: answers.length + 1 })
      .map((questions) =>
        questions.flatMap((content, index) => [{ role: "user", content }, ...(answers[index] ?? [])]),
      ),
  );

const openAiTool = fc.record({ name: id, description: text, parameters: schema }).map((description) => ({
  type: "function",
  function: description,
}));

const openAiTools = fc
  .uniqueArray(openAiTool, { minLength: 1, maxLength: 3, selector: (tool) => tool.function.name })
  .chain((tools) =>
    fc.record(
      {
        tools: fc.constant(tools),
        tool_choice: fc.oneof(
          fc.constantFrom("auto", "none", "required"),
          fc.constantFrom(...tools).map((tool) => ({
            type: "function",
            function: { name: tool.function.name },
          })),
        ),
      },
      { requiredKeys: ["tools"] },
    ),
  );

const openAiBase = fc
  .record({
    system: fc.option(text),
    turns: openAiTurns,
    tools: fc.oneof(openAiTools, fc.constant({})),
    settings: some({
      max_tokens: fc.integer({ min: 1, max: 100000 }),
      temperature: fc.double({ min: 0, max: 1, noNaN: true }).filter((value) => value !== 0),
      top_k: fc.integer({ min: 1, max: 500 }),
      stop: fc.array(text, { minLength: 1, maxLength: 4 }),
      user: text.filter((value) => Buffer.byteLength(JSON.stringify(value)) <= 60),
      service_tier: fc.constantFrom("auto", "default"),
    }),
  })
  .map(({ system, turns, tools, settings }) => ({
    model: MODEL,
    messages: [...(system === null ? [] : [{ role: "system", content: system }]), ...turns],
    ...settings,
    ...tools,
  }));

/** What only OpenAI's language has a word for. */
const openAiOnly = some({
  top_p: fc.double({ min: 0.01, max: 1, noNaN: true }),
  seed: fc.integer(),
  frequency_penalty: fc.double({ min: -2, max: 2, noNaN: true }).filter((value) => value !== 0),
  presence_penalty: fc.double({ min: -2, max: 2, noNaN: true }).filter((value) => value !== 0),
  min_p: fc.constantFrom(0.05, 0.1),
  repetition_penalty: fc.constantFrom(1.05, 1.1),
  n: fc.integer({ min: 2, max: 8 }),
  logit_bias: fc.dictionary(fc.constantFrom("1", "50256"), fc.integer({ min: -100, max: 100 })),
  logprobs: fc.constant(true),
  top_logprobs: fc.integer({ min: 0, max: 20 }),
  metadata: fc.dictionary(id, text, { minKeys: 1, maxKeys: 3 }).filter((value) => !("user_id" in value)),
  store: fc.constant(true),
  verbosity: fc.constantFrom("low", "medium", "high"),
  prediction: fc.constant({ type: "content", content: "x" }),
  prompt_cache_key: text,
  prompt_cache_retention: fc.constantFrom("in_memory", "24h"),
  safety_identifier: text,
  reasoning_effort: fc.constantFrom("none", "minimal", "low", "medium", "high", "xhigh"),
  response_format: fc.oneof(
    fc.constant({ type: "json_object" }),
    fc.record({ name: id, schema, strict: fc.boolean() }).map((json_schema) => ({
      type: "json_schema",
      json_schema,
    })),
  ),
});

// ---- Anthropic -------------------------------------------------------------------------------------------------

const cacheControl = fc.constantFrom({}, { cache_control: { type: "ephemeral" } });

const anthropicText = fc
  .record({ text, cache: cacheControl })
  .map(({ text: value, cache }) => ({ type: "text", text: value, ...cache }));

const anthropicMedia = fc.oneof(
  base64.map((data) => ({ type: "image", source: { type: "base64", media_type: "image/webp", data } })),
  id.map((name) => ({
    type: "image",
    source: { type: "url", url: `https://example.com/${name}.png` },
  })),
  fc.record({ data: base64, title: text }).map(({ data, title }) => ({
    type: "document",
    source: { type: "base64", media_type: "application/pdf", data },
    title,
  })),
  id.map((file) => ({ type: "image", source: { type: "file", file_id: file } })),
);

const anthropicThinking = fc.oneof(
  fc.record({ type: fc.constant("thinking"), thinking: text, signature: base64 }),
  fc.record({ type: fc.constant("redacted_thinking"), data: base64 }),
);

const anthropicResult = fc.oneof(
  text,
  fc.array(
    fc.oneof(
      anthropicText.map(({ type, text: value }) => ({ type, text: value })),
      anthropicMedia,
    ),
    {
      minLength: 2,
      maxLength: 3,
    },
  ),
);

const anthropicCalls = fc
  .uniqueArray(fc.record({ type: fc.constant("tool_use"), id, name: id, input: json }), {
    minLength: 1,
    maxLength: 3,
    selector: (call) => call.id,
  })
  .chain((calls) =>
    fc.record({
      calls: fc.constant(calls),
      before: fc.array(fc.oneof(anthropicThinking, anthropicText), { maxLength: 3 }),
      results: fc.array(fc.record({ content: anthropicResult, error: fc.boolean(), cache: cacheControl }), {
        minLength: calls.length,
        maxLength: calls.length,
      }),
    }),
  )
  .map(({ calls, before, results }) => ({
    answer: [...before, ...calls],
    results: calls.map((call, index) => ({
      type: "tool_result",
      tool_use_id: call.id,
      content: results[index]?.content,
      ...(results[index]?.error ? { is_error: true } : {}),
      ...results[index]?.cache,
    })),
  }));

const anthropicTurns = fc
  .array(
    fc.oneof(
      fc.array(anthropicText, { minLength: 1, maxLength: 2 }).map((answer) => ({ answer, results: [] })),
      anthropicCalls,
    ),
    { maxLength: 4 },
  )
  .chain((answers) =>
    fc
      .array(fc.array(fc.oneof(anthropicText, anthropicMedia), { minLength: 1, maxLength: 3 }), {
        minLength: answers.length + 1,
        maxLength: answers.length + 1,
      })
      .map((questions) =>
        questions.flatMap((content, index) => {
          const results: unknown[] = index > 0 ? (answers[index - 1]?.results ?? []) : [];
          const answer = answers[index];
          return [
            { role: "user", content: [...results, ...content] },
            ...(answer ? [{ role: "assistant", content: answer.answer }] : []),
          ];
        }),
      ),
  );

const anthropicTools = fc
  .uniqueArray(
    fc
      .record({ name: id, description: text, input_schema: schema, cache: cacheControl })
      .map(({ name, description, input_schema, cache }) => ({ name, description, input_schema, ...cache })),
    { minLength: 1, maxLength: 3, selector: (tool) => tool.name },
  )
  .chain((tools) =>
    fc.record(
      {
        tools: fc.constant([...tools, { type: "web_search_20250305", name: "web_search" }]),
        tool_choice: fc.oneof(
          fc.constantFrom({ type: "auto" }, { type: "none" }, { type: "any" }),
          fc.constantFrom({ type: "auto", disable_parallel_tool_use: true }),
          fc.constantFrom(...tools).map(({ name }) => ({ type: "tool", name })),
        ),
      },
      { requiredKeys: ["tools"] },
    ),
  );

const anthropicRequest = fc
  .record({
    system: fc.oneof(
      fc.constant({}),
      fc.array(anthropicText, { minLength: 1 }).map((system) => ({ system })),
    ),
    messages: anthropicTurns,
    tools: fc.oneof(anthropicTools, fc.constant({})),
    max_tokens: fc.integer({ min: 1, max: 100000 }),
    settings: some({
      temperature: fc.double({ min: 0, max: 1, noNaN: true }).filter((value) => value !== 0),
      top_k: fc.integer({ min: 1, max: 500 }),
      stop_sequences: fc.array(text, { minLength: 1, maxLength: 4 }),
      metadata: text.map((user_id) => ({ user_id })),
      service_tier: fc.constantFrom("auto", "standard_only"),
      stream: fc.constant(true),
      output_config: fc.constant({
        format: {
          type: "json_schema",
          schema: { type: "object", properties: { a: { type: "string" } }, additionalProperties: false },
        },
      }),
    }),
  })
  .map(({ system, messages, tools, max_tokens, settings }) => ({
    model: MODEL,
    max_tokens,
    ...system,
    messages,
    ...settings,
    ...tools,
  }));

// ---- properties ------------------------------------------------------------------------------------------------

describe("requests", () => {
  test("OpenAI to canonical to OpenAI", () => {
    fc.assert(
      fc.property(openAiBase, openAiOnly, (base, only) => {
        const body = { ...base, ...only };
        expect(convert("openai", "openai", body)).toEqual(body);
      }),
      { seed: SEED, numRuns: 400 },
    );
  });

  test("Anthropic to canonical to Anthropic", () => {
    fc.assert(
      fc.property(anthropicRequest, (body) => {
        expect(convert("anthropic", "anthropic", body)).toEqual(body);
      }),
      { seed: SEED, numRuns: 400 },
    );
  });

  test("OpenAI to Anthropic and back, for all that both can say", () => {
    fc.assert(
      fc.property(openAiBase, (body) => {
        const limited = { max_tokens: 4096, ...body };
        const there = convert("openai", "anthropic", limited);
        expect(convert("anthropic", "openai", there)).toEqual(limited);
      }),
      { seed: SEED, numRuns: 400 },
    );
  });

  test("numbers stay as they are written", () => {
    const body =
      '{"model":"m","messages":[],"temperature":0.70,"top_p":1.0e-1,"seed":12345678901234567890,"max_tokens":1E2}';
    const { text: written } = converter.request({ client: "openai", upstream: "openai" }, body);
    for (const number of ["0.70", "1.0e-1", "12345678901234567890", "1E2"]) {
      expect(written).toContain(`:${number}`);
    }
  });

  test("thinking and its signature stay byte for byte", () => {
    const thinking = '\\u0041 \\/ \\" \\ud83d\\ude00 é\\n ';
    const signature = "AbC+\\/==";
    const body = `{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"x"},{"role":"assistant","content":[{"type":"thinking","thinking":"${thinking}","signature":"${signature}"},{"type":"text","text":"y"}]},{"role":"user","content":"z"}]}`;
    const { text: written } = converter.request({ client: "anthropic", upstream: "anthropic" }, body);
    expect(written).toContain(`"thinking":"${thinking}","signature":"${signature}"`);
  });
});

describe("whole answers in their own language", () => {
  /** Members that say nothing, or that a client cannot miss. */
  const noise = new Set(["logprobs", "cache_creation", "server_tool_use", "service_tier", "annotations"]);

  function plain(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(plain);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name, member]) => !noise.has(name) && member !== undefined)
        .map(([name, member]) => [name, plain(member)]),
    );
  }

  const answers = fixtures("answer").filter(
    ({ case: directory, format }) =>
      ["openai", "anthropic"].includes(format) && !["citations", "cached-usage"].includes(directory),
  );

  test.each(answers.map((fixture) => [label(fixture), fixture] as const))("%s", (_, fixture) => {
    const wanted = JSON.parse(fixture.bytes.toString());
    const { text: written } = converter.answer(
      { client: fixture.format, upstream: fixture.format },
      fixture.bytes,
    );
    if (fixture.format === "anthropic" && wanted.content.length === 0) {
      wanted.content.push({ type: "text", text: "" });
    }
    expect(plain(JSON.parse(written))).toEqual(plain(wanted));
  });
});
