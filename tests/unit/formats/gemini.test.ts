/** What is special about Gemini: its models, its schemas, its streams, its errors. */
import { GoogleGenAI } from "@google/genai";
import { describe, expect, test } from "vitest";
import { cutAt } from "../../support/framing";
import { answering } from "./answering";
import { Converter, type RequestOptions, whole } from "./convert";

const converter = await Converter.open();
const FROM_OPENAI = { client: "openai", upstream: "gemini" };

/** A JSON object that is looked into by name. */
// biome-ignore lint/suspicious/noExplicitAny: what a test expects is checked by the test
type Json = Record<string, any>;

function requestOf(
  body: Json,
  model: string,
  upstream = "gemini",
): { body: Json; path: string; dropped: string[] } {
  const converted = converter.request(
    { client: "openai", upstream },
    JSON.stringify({ model: "m", messages: [{ role: "user", content: "x" }], ...body }),
    { model },
  );
  if (converted.status !== 0) throw new Error(converted.text);
  return { body: JSON.parse(converted.text), path: converted.path, dropped: converted.dropped };
}

function fromGemini(body: Json, upstream = "openai", options: RequestOptions = {}): Json {
  const path = { model: "gemini-2.5-flash", stream: false };
  const converted = converter.request({ client: "gemini", upstream }, JSON.stringify(body), {
    path,
    ...options,
  });
  return { status: converted.status, dropped: converted.dropped, ...JSON.parse(converted.text) };
}

describe("paths", () => {
  test.each([
    ["gemini", "gemini-2.5-flash", "/models/gemini-2.5-flash:generateContent"],
    ["gemini", "models/gemini-2.5-flash", "/models/gemini-2.5-flash:generateContent"],
    ["gemini", "../../evil?x=1#y", "/models/..%2F..%2Fevil%3Fx%3D1%23y:generateContent"],
    ["gemini", 'a"b\\c é', "/models/a%22b%5Cc%20%C3%A9:generateContent"],
    ["vertex", "gemini-2.5-flash", "/publishers/google/models/gemini-2.5-flash:generateContent"],
  ])("%s %s", (upstream, model, path) => {
    expect(requestOf({}, JSON.stringify(model).slice(1, -1), upstream).path).toBe(path);
  });

  test("a stream is asked for in the path", () => {
    const { path, body } = requestOf({ stream: true }, "gemini-2.5-flash");
    expect(path).toBe("/models/gemini-2.5-flash:streamGenerateContent?alt=sse");
    expect(body).not.toHaveProperty("stream");
  });
});

describe("thinking by model", () => {
  const cases: [model: string, asked: Json, config: Json | undefined, dropped: string[]][] = [
    ["gemini-3-pro-preview", { reasoning_effort: "none" }, { thinkingLevel: "low" }, ["reasoning_effort"]],
    [
      "gemini-3-flash",
      { reasoning_effort: "minimal" },
      { thinkingLevel: "minimal", includeThoughts: true },
      [],
    ],
    [
      "gemini-3-flash",
      { reasoning_effort: "medium" },
      { thinkingLevel: "medium", includeThoughts: true },
      [],
    ],
    ["gemini-3-pro", { reasoning_effort: "medium" }, { thinkingLevel: "high", includeThoughts: true }, []],
    ["gemini-3-pro", { reasoning_effort: "xhigh" }, { thinkingLevel: "high", includeThoughts: true }, []],
    ["gemini-2.5-flash", { reasoning_effort: "none" }, { thinkingBudget: 0 }, []],
    ["gemini-2.5-pro", { reasoning_effort: "none" }, { thinkingBudget: 128 }, ["reasoning_effort"]],
    ["gemini-2.5-flash", { reasoning_effort: "low" }, { thinkingBudget: 1024, includeThoughts: true }, []],
    ["gemini-2.5-flash", { reasoning_effort: "xhigh" }, { thinkingBudget: 8192, includeThoughts: true }, []],
    [
      "gemini-2.5-flash",
      { thinking: { type: "enabled", budget_tokens: 777 } },
      { thinkingBudget: 777, includeThoughts: true },
      [],
    ],
    [
      "gemini-2.5-flash",
      { thinking: { type: "adaptive" } },
      { thinkingBudget: -1, includeThoughts: true },
      [],
    ],
    [
      "gemini-flash-latest",
      { reasoning_effort: "high" },
      { thinkingBudget: 4096, includeThoughts: true },
      [],
    ],
    ["gemini-2.0-flash", { reasoning_effort: "high" }, undefined, ["reasoning_effort"]],
    ["gemini-1.5-pro", { thinking: { type: "enabled", budget_tokens: 5 } }, undefined, ["thinking_budget"]],
    ["gemini-2.5-flash", {}, undefined, []],
  ];
  test.each(cases)("%s %j", (model, asked, config, dropped) => {
    const converted = requestOf(asked, model);
    expect(converted.body.generationConfig?.thinkingConfig).toEqual(config);
    expect(converted.dropped).toEqual(dropped);
  });
});

describe("signatures", () => {
  const history = (id: string) => ({
    messages: [
      { role: "user", content: "x" },
      {
        role: "assistant",
        tool_calls: [
          { id, type: "function", function: { name: "f", arguments: "{}" } },
          { id: "b", type: "function", function: { name: "g", arguments: "{}" } },
        ],
      },
      { role: "tool", tool_call_id: id, content: "1" },
      { role: "tool", tool_call_id: "b", content: "2" },
    ],
  });
  const calls = (body: Json): Json[] => body.contents[1].parts;

  test("one that rides on the id goes back, and the id without it", () => {
    const { body } = requestOf(history("a__thought__U0lHKy8="), "gemini-3-pro");
    expect(calls(body)).toEqual([
      { functionCall: { id: "a", name: "f", args: {} }, thoughtSignature: "U0lHKy8=" },
      { functionCall: { id: "b", name: "g", args: {} } },
    ]);
    expect(body.contents[2].parts[0].functionResponse.id).toBe("a");
  });

  test.each([
    ["gemini-3-pro", "skip_thought_signature_validator"],
    ["gemini-2.5-pro", undefined],
    ["gemini-flash-latest", undefined],
  ])("%s gets the dummy that is documented, on the first call only: %s", (model, dummy) => {
    const [first, second] = calls(requestOf(history("a"), model).body);
    expect(first?.thoughtSignature).toBe(dummy);
    expect(second).not.toHaveProperty("thoughtSignature");
  });

  test("Google's OpenAI-compatible API has them beside the function", () => {
    const body = history("a");
    Object.assign(body.messages[1]!.tool_calls![0]!, {
      extra_content: { google: { thought_signature: "U0lH" } },
    });
    expect(calls(requestOf(body, "gemini-3-pro").body)[0]?.thoughtSignature).toBe("U0lH");
  });

  /** From the answer to one client, through its next request, back to the vendor. */
  test.each(["openai", "anthropic", "responses"])("of a call, through a %s client", (client) => {
    const answer = {
      candidates: [
        {
          content: { parts: [{ functionCall: { name: "f", args: { a: 1 } }, thoughtSignature: "U0lHKy8=" }] },
          finishReason: "STOP",
        },
      ],
      responseId: "r",
    };
    const { text } = converter.answer({ client, upstream: "gemini" }, JSON.stringify(answer));
    const said = JSON.parse(text);
    const requests: Record<string, Json> = {
      openai: {
        model: "m",
        messages: [
          { role: "user", content: "x" },
          said.choices?.[0].message,
          { role: "tool", tool_call_id: said.choices?.[0].message.tool_calls[0].id, content: "1" },
        ],
      },
      anthropic: {
        model: "m",
        max_tokens: 9,
        messages: [
          { role: "user", content: "x" },
          { role: "assistant", content: said.content },
          {
            role: "user",
            content: [{ type: "tool_result", tool_use_id: said.content?.[0].id, content: "1" }],
          },
        ],
      },
      responses: {
        model: "m",
        input: [
          { role: "user", content: "x" },
          ...(said.output ?? []),
          { type: "function_call_output", call_id: said.output?.[0].call_id, output: "1" },
        ],
      },
    };
    const { text: back } = converter.request(
      { client, upstream: "gemini" },
      JSON.stringify(requests[client]),
      { model: "gemini-3-pro" },
    );
    const { contents } = JSON.parse(back);
    const call = { id: "call_r_0", name: "f", args: { a: 1 } };
    expect(contents[1].parts).toEqual([{ functionCall: call, thoughtSignature: "U0lHKy8=" }]);
    expect(contents[2].parts[0].functionResponse.id).toBe("call_r_0");
    // And no other vendor sees it.
    const { text: elsewhere } = converter.request(
      { client, upstream: client === "anthropic" ? "openai" : "anthropic" },
      JSON.stringify(requests[client]),
    );
    expect(elsewhere).toContain('"call_r_0"');
    expect(elsewhere).not.toContain("__thought__");
  });

  test("another vendor's proof of thinking does not go to Google, nor Google's to Anthropic", () => {
    const thinking = (signature: string) => ({
      messages: [
        { role: "user", content: "x" },
        {
          role: "assistant",
          content: "y",
          thinking_blocks: [{ type: "thinking", thinking: "t", signature }],
        },
        { role: "user", content: "z" },
      ],
    });
    const foreign = requestOf(thinking("EqQB"), "gemini-3-pro");
    expect(foreign.body.contents[1].parts).toEqual([{ text: "t", thought: true }, { text: "y" }]);
    expect(foreign.dropped).toEqual(["thinking_signature"]);
    const own = requestOf(thinking("gemini.QUJD"), "gemini-3-pro");
    expect(own.body.contents[1].parts[0]).toEqual({ text: "t", thought: true, thoughtSignature: "QUJD" });
    expect(own.dropped).toEqual([]);
    const { body, dropped } = requestOf(thinking("gemini.QUJD"), "claude", "anthropic");
    expect(JSON.stringify(body)).not.toContain("QUJD");
    expect(dropped).toEqual(["thinking_history"]);
  });
});

describe("contents", () => {
  const call = (id: string, name: string) => ({ id, type: "function", function: { name, arguments: "{}" } });

  test("results follow the order of the calls, each has a name, and none is missing", () => {
    const { body } = requestOf(
      {
        messages: [
          { role: "user", content: "x" },
          { role: "assistant", tool_calls: [call("a", "f"), call("b", "g"), call("c", "h")] },
          { role: "tool", tool_call_id: "c", content: "3" },
          { role: "tool", tool_call_id: "a", content: '{"n":1}' },
          { role: "user", content: "go" },
        ],
      },
      "gemini-2.5-flash",
    );
    expect(body.contents.slice(2)).toEqual([
      {
        role: "user",
        parts: [
          { functionResponse: { id: "a", name: "f", response: { n: 1 } } },
          { functionResponse: { id: "b", name: "g", response: { error: "no result was given" } } },
          { functionResponse: { id: "c", name: "h", response: { output: "3" } } },
        ],
      },
      { role: "user", parts: [{ text: "go" }] },
    ]);
  });

  test("Vertex takes no ids", () => {
    const { body } = requestOf(
      {
        messages: [
          { role: "user", content: "x" },
          { role: "assistant", tool_calls: [call("a", "f")] },
          { role: "tool", tool_call_id: "a", content: "1" },
        ],
      },
      "gemini-2.5-flash",
      "vertex",
    );
    expect(JSON.stringify(body)).not.toContain('"id"');
  });

  test("media of a result stand in it, or beside it for older models", () => {
    const messages = [
      { role: "user", content: "x" },
      { role: "assistant", tool_calls: [call("a", "f")] },
      {
        role: "tool",
        tool_call_id: "a",
        content: [
          { type: "text", text: "t" },
          { type: "image_url", image_url: { url: "data:image/jpg;base64,AAAA" } },
        ],
      },
    ];
    const image = { inlineData: { mimeType: "image/jpeg", data: "AAAA" } };
    const result = { id: "a", name: "f", response: { output: "t" } };
    expect(requestOf({ messages }, "gemini-3-flash").body.contents[2].parts).toEqual([
      { functionResponse: { ...result, parts: [image] } },
    ]);
    expect(requestOf({ messages }, "gemini-2.5-flash").body.contents[2].parts).toEqual([
      { functionResponse: result },
      image,
    ]);
  });

  test("the user begins, and says something beside media to the oldest models", () => {
    const assistant = { messages: [{ role: "assistant", content: "y" }] };
    expect(requestOf(assistant, "gemini-2.5-flash").body.contents[0]).toEqual({
      role: "user",
      parts: [{ text: " " }],
    });
    const media = {
      messages: [
        { role: "user", content: [{ type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } }] },
      ],
    };
    expect(requestOf(media, "gemini-1.5-pro").body.contents[0].parts).toHaveLength(2);
    expect(requestOf(media, "gemini-2.5-pro").body.contents[0].parts).toHaveLength(1);
    expect(requestOf({ messages: [] }, "gemini-2.5-flash").body.contents).toHaveLength(1);
  });

  test("files of Google go by their URI, ids of other vendors not at all", () => {
    const file = (file_id: string) => ({
      messages: [{ role: "user", content: [{ type: "file", file: { file_id } }] }],
    });
    expect(requestOf(file("gs://bucket/a.pdf"), "gemini-2.5-pro").body.contents[0].parts).toEqual([
      { fileData: { mimeType: "application/pdf", fileUri: "gs://bucket/a.pdf" } },
    ]);
    const refused = converter.request(FROM_OPENAI, JSON.stringify({ model: "m", ...file("file-1") }));
    expect(refused.status).toBe(400);
  });

  test("cached content brings its own system instruction and tools", () => {
    const converted = fromGemini(
      {
        contents: [{ parts: [{ text: "x" }] }],
        cachedContent: "cachedContents/a",
        systemInstruction: { parts: [{ text: "s" }] },
        tools: [{ functionDeclarations: [{ name: "f" }] }],
      },
      "vertex",
    );
    expect(converted.cachedContent).toBe("cachedContents/a");
    expect(converted).not.toHaveProperty("systemInstruction");
    expect(converted).not.toHaveProperty("tools");
    expect(converted.dropped).toEqual(["tools", "system"]);
  });
});

describe("schemas for older models", () => {
  function rewritten(schema: Json): Json {
    const tools = [{ type: "function", function: { name: "f", parameters: schema } }];
    return requestOf({ tools }, "gemini-2.0-flash").body.tools[0].functionDeclarations[0].parameters;
  }
  const of = (schema: Json): Json => rewritten({ type: "object", properties: { x: schema } })?.properties.x;

  test.each<[what: string, schema: Json, wanted: Json]>([
    ["null in a list of types", { type: ["string", "null"] }, { type: "string", nullable: true }],
    [
      "several types",
      { type: ["string", "integer", "null"] },
      { nullable: true, anyOf: [{ type: "string" }, { type: "integer" }] },
    ],
    [
      "anyOf with null",
      { description: "d", anyOf: [{ type: "null" }, { type: "string", maxLength: 3 }] },
      { type: "string", nullable: true, description: "d", maxLength: 3 },
    ],
    [
      "oneOf",
      { oneOf: [{ type: "string" }, { type: "number" }, { type: "null" }] },
      { nullable: true, anyOf: [{ type: "string" }, { type: "number" }] },
    ],
    ["const", { const: "a" }, { type: "string", enum: ["a"] }],
    ["a constant number", { type: "integer", const: 5 }, { type: "integer", format: "enum", enum: ["5"] }],
    [
      "an enum of numbers and null",
      { type: "integer", enum: [1, 2, null] },
      { type: "integer", format: "enum", enum: ["1", "2"], nullable: true },
    ],
    ["array without items", { type: "array" }, { type: "array", items: { type: "string" } }],
    [
      "tuple",
      { type: "array", items: [{ type: "integer" }, { type: "string" }] },
      { type: "array", items: { type: "integer" } },
    ],
    ["formats that are not known", { type: "string", format: "uuid" }, { type: "string" }],
    ["formats that are", { type: "string", format: "date-time" }, { type: "string", format: "date-time" }],
    [
      "allOf",
      {
        allOf: [
          { type: "object", properties: { a: { type: "string" } }, required: ["a"] },
          { properties: { b: { type: "integer" }, a: { type: "number" } }, required: ["b", "gone"] },
        ],
      },
      {
        type: "object",
        required: ["a", "b"],
        properties: { a: { type: "string" }, b: { type: "integer" } },
      },
    ],
    [
      "keywords that are not known",
      { type: "string", examples: ["x"], $id: "i", not: {}, if: {}, pattern: "^a$", default: "b" },
      { type: "string", default: "b", pattern: "^a$" },
    ],
    ["an object without properties", { type: "object", additionalProperties: true }, { type: "object" }],
  ])("%s", (_, schema, wanted) => {
    expect(of(schema)).toEqual(wanted);
  });

  test("references are put in place, also the same one twice", () => {
    expect(
      rewritten({
        type: "object",
        properties: { a: { $ref: "#/$defs/B" }, b: { $ref: "#/$defs/B", description: "own" } },
        $defs: {
          B: { type: "object", description: "theirs", properties: { c: { $ref: "#/definitions/C" } } },
        },
        definitions: { C: { type: "boolean" } },
      }),
    ).toEqual({
      type: "object",
      properties: {
        a: { type: "object", description: "theirs", properties: { c: { type: "boolean" } } },
        b: { type: "object", description: "own", properties: { c: { type: "boolean" } } },
      },
    });
  });

  test.each<[what: string, schema: Json]>([
    ["itself", { type: "object", properties: { a: { $ref: "#" } } }],
    [
      "a part that contains itself",
      {
        type: "object",
        properties: { a: { $ref: "#/$defs/A" } },
        $defs: { A: { type: "object", properties: { b: { type: "array", items: { $ref: "#/$defs/A" } } } } },
      },
    ],
    ["nothing", { type: "object", properties: { a: { $ref: "#/$defs/Gone" } } }],
    [
      "twice as much at every step",
      {
        type: "object",
        properties: { a: { $ref: "#/$defs/A0" } },
        $defs: Object.fromEntries<Json>(
          Array.from({ length: 41 }, (_, index) => [
            `A${index}`,
            index === 40
              ? { type: "string" }
              : {
                  type: "object",
                  properties: { l: { $ref: `#/$defs/A${index + 1}` }, r: { $ref: `#/$defs/A${index + 1}` } },
                },
          ]),
        ),
      },
    ],
  ])("a schema that refers to %s is refused", (_, schema) => {
    const { status, text } = converter.request(
      FROM_OPENAI,
      JSON.stringify({
        model: "m",
        messages: [{ role: "user", content: "x" }],
        tools: [{ type: "function", function: { name: "f", parameters: schema } }],
      }),
      { model: "gemini-2.0-flash" },
    );
    expect(status).toBe(400);
    expect(JSON.parse(text).error.message).toMatch(/^a schema /);
  });

  test("nothing to say is not said", () => {
    expect(rewritten({ type: "object", properties: {} })).toBeUndefined();
  });

  test("newer models take schemas as they are", () => {
    const schema = { type: "object", properties: { a: { $ref: "#" } } };
    const response_format = { type: "json_schema", json_schema: { name: "n", schema } };
    const tools = [{ type: "function", function: { name: "f", parameters: schema } }];
    const { body } = requestOf({ tools, response_format }, "gemini-2.5-flash");
    expect(body.tools[0].functionDeclarations[0].parametersJsonSchema).toEqual(schema);
    expect(body.generationConfig.responseJsonSchema).toEqual(schema);
  });
});

describe("Gemini clients", () => {
  test("schemas in OpenAPI's words become JSON Schema, whatever properties are called", () => {
    const parameters = {
      type: "OBJECT",
      properties: {
        type: { type: "STRING", nullable: true },
        nullable: { type: "ARRAY", items: { type: "OBJECT", properties: { n: { type: "INTEGER" } } } },
      },
    };
    const { tools } = fromGemini({
      contents: [{ parts: [{ text: "x" }] }],
      tools: [{ functionDeclarations: [{ name: "f", parameters }] }],
    });
    expect(tools[0].function.parameters).toEqual({
      type: "object",
      properties: {
        type: { type: ["string", "null"], nullable: true },
        nullable: { type: "array", items: { type: "object", properties: { n: { type: "integer" } } } },
      },
    });
  });

  test("only the functions that are allowed are offered", () => {
    const ask = (mode: string, allowedFunctionNames: string[]) =>
      fromGemini({
        contents: [{ parts: [{ text: "x" }] }],
        tools: [{ functionDeclarations: [{ name: "f" }, { name: "g" }, { name: "h" }] }],
        toolConfig: { functionCallingConfig: { mode, allowedFunctionNames } },
      });
    expect(ask("ANY", ["g"]).tool_choice).toEqual({ type: "function", function: { name: "g" } });
    const several = ask("ANY", ["g", "h"]);
    expect(several.tool_choice).toBe("required");
    expect(several.tools.map((tool: Json) => tool.function.name)).toEqual(["g", "h"]);
    expect(ask("NONE", []).tool_choice).toBe("none");
    expect(ask("AUTO", []).tool_choice).toBe("auto");
    expect(ask("SOME", []).status).toBe(400);
  });

  test("fields that nobody knows are reported, known ones in both spellings not", () => {
    const { dropped } = fromGemini({
      contents: [{ parts: [{ text: "x" }] }],
      generation_config: { max_output_tokens: 1, top_p: 0.5, maxOutputTokensX: 1 },
      generationConfigs: {},
    });
    expect(dropped).toEqual(["maxOutputTokensX", "generationConfigs"]);
  });

  test("results without ids answer the calls of their names in turn", () => {
    const call = (a: number) => ({ functionCall: { name: "f", args: { a } } });
    const result = (output: string) => ({ functionResponse: { name: "f", response: { output } } });
    const { messages } = fromGemini({
      contents: [
        { parts: [{ text: "x" }] },
        { role: "model", parts: [call(1), call(2)] },
        { role: "function", parts: [result("one"), result("two")] },
        { role: "model", parts: [call(3)] },
        { role: "user", parts: [result("three")] },
      ],
    });
    const ids = messages.flatMap((message: Json) => message.tool_calls ?? []).map((made: Json) => made.id);
    expect(ids).toEqual(["call_0", "call_1", "call_2"]);
    const results = messages.filter((message: Json) => message.role === "tool");
    expect(results.map((message: Json) => [message.tool_call_id, message.content])).toEqual([
      ["call_0", "one"],
      ["call_1", "two"],
      ["call_2", "three"],
    ]);
  });

  const CHUNKS = [
    '{"id":"1","choices":[{"delta":{"role":"assistant","content":"Hi"}}]}',
    '{"id":"1","choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{\\n \\"x\\":"}}]}}]}',
    '{"id":"1","choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":" 1}"}}]}}]}',
    '{"id":"1","choices":[{"delta":{},"finish_reason":"tool_calls"}]}',
    "[DONE]",
  ];
  const STREAM = CHUNKS.map((chunk) => `data: ${chunk}\n\n`).join("");

  test("a stream without alt=sse is one JSON array, wherever it is cut", () => {
    const pair = { client: "gemini", upstream: "openai", isSse: false };
    const { text, pieces } = converter.stream(
      pair,
      CHUNKS.map((chunk) => Buffer.from(`data: ${chunk}\n\n`)),
    );
    const parsed = JSON.parse(text);
    expect(text).toMatch(/^\[\{/);
    expect(text.split("},\n{")).toHaveLength(parsed.length);
    expect(parsed[1].candidates[0].content.parts[0].functionCall).toEqual({
      id: "a",
      name: "f",
      args: { x: 1 },
    });
    // Elements come as they are made, and each is on a line of its own.
    expect(JSON.parse(`${pieces[0]}]`)).toHaveLength(1);
    const bytes = Buffer.from(STREAM);
    for (let at = 0; at <= bytes.length; at++)
      expect(converter.stream(pair, cutAt(bytes, [at])).text).toBe(text);
  });

  test("a broken stream without alt=sse is still JSON, and ends with the error", () => {
    const pair = { client: "gemini", upstream: "openai", isSse: false };
    const { text } = converter.stream(pair, [Buffer.from(`data: ${CHUNKS[0]}\n\n`)]);
    const parsed = JSON.parse(text);
    expect(parsed.at(-1).error.code).toBe(502);
    expect(parsed).toHaveLength(2);
  });

  test("a call is written when it is whole, as one line", async () => {
    const { text, pieces } = converter.stream(
      { client: "gemini", upstream: "openai" },
      CHUNKS.map((chunk) => Buffer.from(`data: ${chunk}\n\n`)),
    );
    expect(pieces[1]).toBe("");
    expect(text).toContain('"args":{"x":1}');
    const google = new GoogleGenAI({
      apiKey: "key",
      httpOptions: { fetch: answering(text, "text/event-stream") },
    });
    const calls = [];
    for await (const response of await google.models.generateContentStream({ model: "m", contents: "x" })) {
      calls.push(...(response.functionCalls ?? []));
    }
    expect(calls).toEqual([{ id: "a", name: "f", args: { x: 1 } }]);
  });

  test("the SDK raises the error of a stream", async () => {
    const { text } = converter.stream(
      { client: "gemini", upstream: "openai" },
      whole(`data: ${CHUNKS[0]}\n\n`),
    );
    const google = new GoogleGenAI({
      apiKey: "key",
      httpOptions: { fetch: answering(text, "text/event-stream") },
    });
    const read = async () => {
      for await (const _ of await google.models.generateContentStream({ model: "m", contents: "x" }));
    };
    await expect(read()).rejects.toThrow("upstream closed the answer before it was complete");
  });

  test("arguments that are no JSON are kept as text", () => {
    const stream = `data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{x"}}]},"finish_reason":"tool_calls"}]}\n\ndata: [DONE]\n\n`;
    const { text } = converter.stream({ client: "gemini", upstream: "openai" }, whole(stream));
    expect(text).toContain('"args":{"raw_arguments":"{x"}');
  });
});

describe("answers", () => {
  const event = (candidate: Json, rest: Json = {}): string =>
    `data: ${JSON.stringify({ candidates: [candidate], responseId: "r", ...rest })}\r\n\r\n`;

  test("a JSON array is read as the stream that it is", () => {
    const body = JSON.stringify([
      { candidates: [{ content: { parts: [{ text: "a" }] } }] },
      { candidates: [{ content: { parts: [{ text: "b" }] }, finishReason: "STOP" }] },
    ]);
    const { text } = converter.answer(FROM_OPENAI, body);
    expect(JSON.parse(text).choices[0].message.content).toBe("ab");
  });

  test("the time of Vertex is taken over", () => {
    const answer = (createTime: string): number => {
      const body = {
        candidates: [{ content: { parts: [{ text: "a" }] }, finishReason: "STOP" }],
        createTime,
      };
      return JSON.parse(converter.answer(FROM_OPENAI, JSON.stringify(body)).text).created;
    };
    for (const time of ["2026-02-28T23:59:59.123456Z", "2024-02-29T00:00:00Z", "1999-12-31T12:00:00Z"]) {
      expect(answer(time)).toBe(Math.floor(Date.parse(time) / 1000));
    }
    expect(answer("yesterday")).toBe(1700000000);
  });

  test("violations are part of the message, once", () => {
    const { status, text } = converter.failure(
      FROM_OPENAI,
      400,
      JSON.stringify([
        {
          error: {
            code: 400,
            message: "Bad.",
            status: "INVALID_ARGUMENT",
            details: [{ fieldViolations: [{ description: "Bad." }, { description: 'x is "y"' }] }],
          },
        },
      ]),
    );
    expect(status).toBe(400);
    expect(JSON.parse(text).error.message).toBe('Bad.; x is "y"');
  });

  test.each([
    ["34.07s", 35],
    ["7s", 7],
    ["0s", 0],
    ["99999999999s", 0],
    ["4000s", 3600],
    ["soon", 0],
  ])("a retry after %s", (retryDelay, seconds) => {
    const error = { code: 429, message: "m", status: "RESOURCE_EXHAUSTED", details: [{ retryDelay }] };
    expect(converter.failure(FROM_OPENAI, 429, JSON.stringify({ error })).retryAfter).toBe(seconds);
  });

  /** Streamed arguments, as a client gets them in pieces. */
  function argumentsOf(parts: Json[]): { text: string; failed: number } {
    const stream = parts.map((part) => event({ content: { parts: [part] } })).join("");
    const answer = converter.stream(FROM_OPENAI, whole(stream + event({ finishReason: "STOP" })));
    const pieces = [...answer.text.matchAll(/"function":\{"arguments":"((?:[^"\\]|\\.)*)"/g)];
    return { text: pieces.map((piece) => JSON.parse(`"${piece[1]}"`)).join(""), failed: answer.failed };
  }
  const begin = { functionCall: { name: "f", willContinue: true } };
  const more = (...partialArgs: Json[]) => ({ functionCall: { partialArgs, willContinue: true } });
  const end = { functionCall: {} };

  test.each<[what: string, parts: Json[], wanted: Json]>([
    ["nothing", [begin, end], {}],
    [
      "a text in pieces",
      [
        begin,
        more({ jsonPath: "$.a", stringValue: 'x"\n', willContinue: true }),
        more({ jsonPath: "$.a", stringValue: "\\y" }),
        end,
      ],
      { a: 'x"\n\\y' },
    ],
    [
      "containers that open and close",
      [
        begin,
        more({ jsonPath: "$.a.b[0].c", numberValue: 1 }, { jsonPath: "$.a.b[0].d", boolValue: false }),
        more({ jsonPath: "$.a.b[1].c", nullValue: "NULL_VALUE" }, { jsonPath: "$.a.e", stringValue: "" }),
        more({ jsonPath: "$.f[0][0]", numberValue: 2 }, { jsonPath: "$.f[0][1]", numberValue: 3 }),
        more({ jsonPath: "$.f[1]", stringValue: "z" }),
        end,
      ],
      { a: { b: [{ c: 1, d: false }, { c: null }], e: "" }, f: [[2, 3], "z"] },
    ],
    [
      "names in brackets",
      [
        begin,
        more({ jsonPath: "$['a.b[0]']", numberValue: 1 }, { jsonPath: '$["c d"]', numberValue: 2 }),
        end,
      ],
      { "a.b[0]": 1, "c d": 2 },
    ],
    [
      "a call that the candidate ends",
      [begin, more({ jsonPath: "$.a", stringValue: "x", willContinue: true })],
      { a: "x" },
    ],
    [
      "a call that is whole in one part",
      [{ functionCall: { name: "f", partialArgs: [{ jsonPath: "$.a", numberValue: 1 }] } }],
      { a: 1 },
    ],
  ])("streamed arguments: %s", (_, parts, wanted) => {
    const { text, failed } = argumentsOf(parts);
    expect(failed).toBe(0);
    expect(JSON.parse(text)).toEqual(wanted);
  });

  test.each<[what: string, parts: Json[]]>([
    [
      "go into a text",
      [begin, more({ jsonPath: "$.a", stringValue: "x" }, { jsonPath: "$.a.b", numberValue: 1 })],
    ],
    [
      "give a value twice",
      [begin, more({ jsonPath: "$.a", numberValue: 1 }, { jsonPath: "$.a", numberValue: 2 })],
    ],
    [
      "make a list of an object",
      [begin, more({ jsonPath: "$.a.b", numberValue: 1 }, { jsonPath: "$.a[0]", numberValue: 2 })],
    ],
    ["have no path", [begin, more({ jsonPath: "a", numberValue: 1 })]],
    ["have no value", [begin, more({ jsonPath: "$.a" })]],
    ["are too deep", [begin, more({ jsonPath: `$${".a".repeat(100)}`, numberValue: 1 })]],
    ["have an endless path", [begin, more({ jsonPath: `$.${"a".repeat(5000)}`, numberValue: 1 })]],
    ["have a path that does not end", [begin, more({ jsonPath: "$['a", numberValue: 1 })]],
  ])("streamed arguments that %s are a failure", (_, parts) => {
    expect(argumentsOf([...parts, end]).failed).toBe(502);
  });
});
