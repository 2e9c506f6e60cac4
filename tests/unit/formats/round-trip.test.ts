/** Gemini's and the Responses API's languages into the canonical model and back: what they can say is not lost. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { Converter } from "./convert";

const converter = await Converter.open();
const SEED = 20240818;

const text = fc
  .string({ unit: fc.oneof(fc.constantFrom('"', "\\", "\n", "/", "\u2028", "😀", "é"), fc.string()) })
  .map((value) => `x${value}x`);
const id = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9_-]{0,19}$/);
const json = fc.dictionary(id, fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null)), { maxKeys: 3 });
const base64 = fc.base64String({ minLength: 4, maxLength: 40 });
const schema = fc.record({
  type: fc.constant("object"),
  properties: fc.dictionary(id, fc.record({ type: fc.constantFrom("string", "integer") }), { maxKeys: 3 }),
});
const number = fc.double({ min: 0.01, max: 1, noNaN: true });

/** Optional members are there or not; never undefined. */
function some<Value extends object>(members: { [Key in keyof Value]: fc.Arbitrary<Value[Key]> }) {
  return fc.record(members, { requiredKeys: [] });
}

/** A question, and answers with a question behind each. */
function conversation<Turn>(
  question: fc.Arbitrary<Turn[]>,
  answer: fc.Arbitrary<Turn[]>,
): fc.Arbitrary<Turn[]> {
  return fc
    .tuple(question, fc.array(fc.tuple(answer, question), { maxLength: 3 }))
    .map(([first, rest]) => [...first, ...rest.flatMap(([said, asked]) => [...said, ...asked])]);
}

// ---- Gemini ----------------------------------------------------------------------------------------------------

const geminiMedia = fc.oneof(
  fc.record({
    inlineData: fc.record({
      mimeType: fc.constantFrom("image/png", "audio/wav", "video/mp4", "application/pdf"),
      data: base64,
    }),
  }),
  fc.record({
    fileData: fc.record({
      mimeType: fc.constantFrom("image/webp", "application/pdf"),
      fileUri: id.map((name) => `gs://bucket/${name}`),
    }),
  }),
);
const geminiText = fc.record({ text });
const geminiQuestion = fc
  .array(fc.oneof(geminiText, geminiMedia), { minLength: 1, maxLength: 3 })
  .map((parts): unknown[] => [{ role: "user", parts }]);
const geminiThought = fc.oneof(
  fc.record({ text, thought: fc.constant(true) }),
  fc.record({ text, thought: fc.constant(true), thoughtSignature: base64 }),
);
const geminiCalls = fc
  .uniqueArray(fc.record({ id, name: id, args: json }), {
    minLength: 1,
    maxLength: 3,
    selector: (call) => call.id,
  })
  .chain((calls) =>
    fc.record({
      calls: fc.constant(calls),
      signature: fc.option(base64),
      before: fc.array(fc.oneof(geminiText, geminiThought), { maxLength: 2 }),
      responses: fc.array(
        fc.oneof(
          text.map((output) => ({ output })),
          text.map((error) => ({ error })),
        ),
        {
          minLength: calls.length,
          maxLength: calls.length,
        },
      ),
    }),
  )
  .map(({ calls, signature, before, responses }): unknown[] => [
    {
      role: "model",
      parts: [
        ...before,
        ...calls.map((functionCall, index) => ({
          functionCall,
          ...(index === 0 && signature !== null ? { thoughtSignature: signature } : {}),
        })),
      ],
    },
    {
      role: "user",
      parts: calls.map((call, index) => ({
        functionResponse: { id: call.id, name: call.name, response: responses[index] },
      })),
    },
  ]);
const geminiAnswer = fc.oneof(
  fc
    .array(fc.oneof(geminiText, geminiThought), { minLength: 1, maxLength: 3 })
    .map((parts): unknown[] => [{ role: "model", parts }]),
  geminiCalls,
);

const geminiTools = fc
  .uniqueArray(fc.record({ name: id, description: text, parametersJsonSchema: schema }), {
    minLength: 1,
    maxLength: 3,
    selector: (tool) => tool.name,
  })
  .chain((functionDeclarations) =>
    fc.record(
      {
        tools: fc.constantFrom<unknown[]>(
          [{ functionDeclarations }],
          [{ functionDeclarations }, { googleSearch: {} }, { codeExecution: {} }],
        ),
        toolConfig: fc.oneof(
          fc.constantFrom("AUTO", "ANY", "NONE").map((mode) => ({ functionCallingConfig: { mode } })),
          fc.constantFrom(...functionDeclarations).map(({ name }) => ({
            functionCallingConfig: { mode: "ANY", allowedFunctionNames: [name] },
          })),
        ),
      },
      { requiredKeys: ["tools"] },
    ),
  );

const geminiConfig = fc
  .tuple(
    some({
      temperature: number,
      topP: number,
      topK: fc.integer({ min: 1, max: 100 }),
      maxOutputTokens: fc.integer({ min: 1, max: 100000 }),
      seed: fc.integer(),
      presencePenalty: number,
      frequencyPenalty: number,
      candidateCount: fc.integer({ min: 2, max: 8 }),
      logprobs: fc.integer({ min: 0, max: 20 }),
      stopSequences: fc.array(text, { minLength: 1, maxLength: 5 }),
      responseLogprobs: fc.constant(true),
      responseModalities: fc.constantFrom(["TEXT", "IMAGE"], ["AUDIO"]),
      thinkingConfig: fc.constantFrom<unknown>(
        { thinkingBudget: 0 },
        { thinkingBudget: 1234, includeThoughts: true },
        { thinkingBudget: -1, includeThoughts: true },
      ),
    }),
    fc.oneof(
      fc.constant({}),
      fc.constant({ responseMimeType: "application/json" }),
      schema.map((responseJsonSchema) => ({ responseMimeType: "application/json", responseJsonSchema })),
    ),
  )
  .map(([settings, shape]) => ({ ...settings, ...shape }))
  .filter((config) => Object.keys(config).length > 0);

const geminiRequest = fc
  .record({
    contents: conversation(geminiQuestion, geminiAnswer),
    tools: fc.oneof(geminiTools, fc.constant({})),
    rest: some({
      systemInstruction: fc.array(geminiText, { minLength: 1, maxLength: 2 }).map((parts) => ({ parts })),
      generationConfig: geminiConfig,
      safetySettings: fc.constant([{ category: "HARM_CATEGORY_HARASSMENT", threshold: "BLOCK_NONE" }]),
    }),
  })
  .map(({ contents, tools, rest }) => ({ contents, ...tools, ...rest }));

test("Gemini to canonical to Gemini", () => {
  fc.assert(
    fc.property(geminiRequest, (body) => {
      const converted = converter.request({ client: "gemini", upstream: "gemini" }, JSON.stringify(body), {
        path: { model: "gemini-2.5-flash", stream: false },
        model: "gemini-2.5-flash",
      });
      expect(converted.status, converted.text).toBe(0);
      expect(converted.dropped).toEqual([]);
      expect(JSON.parse(converted.text)).toEqual(body);
    }),
    { seed: SEED, numRuns: 400 },
  );
});

// ---- Responses -------------------------------------------------------------------------------------------------

const inputPart = fc.oneof(
  text.map((value) => ({ type: "input_text", text: value })),
  fc.record({
    type: fc.constant("input_image"),
    image_url: fc.oneof(
      fc.webUrl(),
      base64.map((data) => `data:image/png;base64,${data}`),
    ),
    detail: fc.constantFrom("low", "high", "auto"),
  }),
  id.map((file) => ({ type: "input_image", file_id: file, detail: "auto" })),
  fc.record({
    type: fc.constant("input_file"),
    filename: text,
    file_data: base64.map((data) => `data:application/pdf;base64,${data}`),
  }),
  fc.webUrl().map((file_url) => ({ type: "input_file", file_url })),
  id.map((file_id) => ({ type: "input_file", file_id })),
);
const inputQuestion = fc
  .array(inputPart, { minLength: 1, maxLength: 3 })
  .map((content): unknown[] => [{ type: "message", role: "user", content }]);
const outputMessage = fc
  .array(
    fc.oneof(
      text.map((value) => ({ type: "output_text", text: value, annotations: [] })),
      text.map((refusal) => ({ type: "refusal", refusal })),
    ),
    { minLength: 1, maxLength: 2 },
  )
  .map((content) => ({ type: "message", role: "assistant", content }));
const reasoning = fc.record({
  type: fc.constant("reasoning"),
  id: id.map((value) => `rs_${value}`),
  summary: fc.oneof(
    fc.constant([]),
    text.map((value) => [{ type: "summary_text", text: value }]),
  ),
  encrypted_content: base64.map((value) => `gAAA${value}`),
});
const inputCalls = fc
  .uniqueArray(fc.record({ call_id: id, name: id, arguments: json.map((value) => JSON.stringify(value)) }), {
    minLength: 1,
    maxLength: 3,
    selector: (call) => call.call_id,
  })
  .chain((calls) =>
    fc.record({
      before: fc.array(fc.oneof(reasoning, outputMessage), { maxLength: 1 }),
      calls: fc.constant(calls),
      outputs: fc.array(fc.oneof(text, fc.array(inputPart, { minLength: 2, maxLength: 3 })), {
        minLength: calls.length,
        maxLength: calls.length,
      }),
    }),
  )
  .map(({ before, calls, outputs }): unknown[] => [
    ...before,
    ...calls.map((call) => ({ type: "function_call", ...call })),
    ...calls.map((call, index) => ({
      type: "function_call_output",
      call_id: call.call_id,
      output: outputs[index],
    })),
  ]);
const inputAnswer = fc.oneof(
  fc
    .tuple(fc.array(reasoning, { maxLength: 1 }), outputMessage)
    .map(([first, last]): unknown[] => [...first, last]),
  inputCalls,
);

const responsesTools = fc
  .uniqueArray(
    fc.record({
      type: fc.constant("function"),
      name: id,
      description: text,
      parameters: schema,
      strict: fc.boolean(),
    }),
    { minLength: 1, maxLength: 3, selector: (tool) => tool.name },
  )
  .chain((tools) =>
    fc.record(
      {
        tools: fc.constantFrom<unknown[]>(tools, [
          ...tools,
          { type: "web_search", search_context_size: "low" },
        ]),
        tool_choice: fc.oneof(
          fc.constantFrom<unknown>("auto", "none", "required"),
          fc.constantFrom(...tools).map(({ name }) => ({ type: "function", name })),
        ),
        parallel_tool_calls: fc.boolean(),
      },
      { requiredKeys: ["tools"] },
    ),
  );

const responsesRequest = fc
  .record({
    input: conversation(inputQuestion, inputAnswer),
    tools: fc.oneof(responsesTools, fc.constant({})),
    settings: some({
      instructions: text,
      max_output_tokens: fc.integer({ min: 16, max: 100000 }),
      temperature: number,
      top_p: number,
      service_tier: fc.constantFrom("auto", "flex"),
      prompt_cache_key: text,
      prompt_cache_retention: fc.constantFrom("in_memory", "24h"),
      safety_identifier: text,
      user: id,
      metadata: fc.dictionary(id, text, { minKeys: 1, maxKeys: 3 }),
      stream: fc.constant(true),
      text: fc.oneof(
        fc.constant({ verbosity: "low" }),
        fc.constant({ format: { type: "json_object" } }),
        fc
          .record({ name: id, schema, strict: fc.boolean(), description: text })
          .map((format) => ({ format: { type: "json_schema", ...format }, verbosity: "high" })),
      ),
    }),
    store: fc.boolean(),
    effort: fc.option(fc.constantFrom("minimal", "low", "medium", "high", "xhigh")),
  })
  .map(({ input, tools, settings, store, effort }) => ({
    model: "upstream-model",
    input,
    store,
    ...settings,
    ...tools,
    ...(effort === null ? {} : { reasoning: { effort, summary: "auto" } }),
    ...(effort !== null || JSON.stringify(input).includes('"type":"reasoning"')
      ? { include: ["reasoning.encrypted_content"] }
      : {}),
  }));

test("Responses to canonical to Responses", () => {
  fc.assert(
    fc.property(responsesRequest, (body) => {
      const converted = converter.request(
        { client: "responses", upstream: "responses" },
        JSON.stringify(body),
      );
      expect(converted.status, converted.text).toBe(0);
      expect(converted.dropped).toEqual([]);
      expect(JSON.parse(converted.text)).toEqual(body);
    }),
    { seed: SEED, numRuns: 400 },
  );
});
