import { describe, expect, it } from "vitest";
import type { Root } from "../host/index.ts";
import { ENVELOPE, GENERATE, LINES, SHAPES } from "./declared-shapes.ts";
import { chat, clusterConfiguration, configured } from "./plugin.ts";

const CLIENTS = {
  openai: {
    path: "/v1/chat/completions",
    body: (stream: boolean) => ({
      model: "m",
      temperature: 0.5,
      stream,
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: 'Say "hi" 中文' },
      ],
    }),
    streamPath: undefined,
    text: (body: string) => JSON.parse(body).choices[0].message.content,
    streamed: (body: string) =>
      events(body)
        .filter((data) => data !== "[DONE]")
        .map((data) => JSON.parse(data).choices?.[0]?.delta?.content ?? "")
        .join(""),
    isOver: (body: string) => body.includes("data: [DONE]") && /"finish_reason":"\w/.test(body),
    error: (body: string) => JSON.parse(body).error.message,
  },
  anthropic: {
    path: "/v1/messages",
    streamPath: undefined,
    body: (stream: boolean) => ({
      model: "m",
      max_tokens: 100,
      temperature: 0.5,
      stream,
      system: "Be brief.",
      messages: [{ role: "user", content: 'Say "hi" 中文' }],
    }),
    text: (body: string) => JSON.parse(body).content[0].text,
    streamed: (body: string) =>
      events(body)
        .map((data) => JSON.parse(data).delta?.text ?? "")
        .join(""),
    isOver: (body: string) => body.includes("event: message_stop"),
    error: (body: string) => JSON.parse(body).error.message,
  },
  gemini: {
    path: "/v1beta/models/m:generateContent",
    streamPath: "/v1beta/models/m:streamGenerateContent?alt=sse",
    body: () => ({
      generationConfig: { temperature: 0.5 },
      systemInstruction: { parts: [{ text: "Be brief." }] },
      contents: [{ role: "user", parts: [{ text: 'Say "hi" 中文' }] }],
    }),
    text: (body: string) => JSON.parse(body).candidates[0].content.parts[0].text,
    streamed: (body: string) =>
      events(body)
        .map((data) => JSON.parse(data).candidates?.[0]?.content?.parts?.[0]?.text ?? "")
        .join(""),
    isOver: (body: string) => /"finishReason":"STOP"/.test(body),
    error: (body: string) => JSON.parse(body).error.message,
  },
  responses: {
    path: "/v1/responses",
    streamPath: undefined,
    body: (stream: boolean) => ({
      model: "m",
      temperature: 0.5,
      stream,
      instructions: "Be brief.",
      input: [{ role: "user", content: 'Say "hi" 中文' }],
    }),
    text: (body: string) => JSON.parse(body).output[0].content[0].text,
    streamed: (body: string) =>
      events(body)
        .map((data) => JSON.parse(data))
        .filter((event) => event.type === "response.output_text.delta")
        .map((event) => event.delta)
        .join(""),
    isOver: (body: string) => body.includes("event: response.completed"),
    error: (body: string) => JSON.parse(body).error.message,
  },
};

function events(body: string): string[] {
  return body
    .split("\n")
    .filter((line) => line.startsWith("data: "))
    .map((line) => line.slice("data: ".length));
}

const clients = Object.entries(CLIENTS);
const shapes = Object.entries(SHAPES);
const grid = shapes.flatMap(([shape]) => clients.map(([client]) => [shape, client] as const));

function call(
  root: Awaited<ReturnType<typeof configured>>,
  name: string,
  stream: boolean,
  answer: { body: string; type?: string; status?: number },
  cuts?: number[],
) {
  const client = CLIENTS[name as keyof typeof CLIENTS];
  return chat(root, client.body(stream), {
    request: { headers: { ":path": (stream && client.streamPath) || client.path } },
    respond: () => ({
      headers: {
        ":status": String(answer.status ?? 200),
        "content-type": answer.type ?? "application/json",
      },
      body: answer.body,
    }),
    cutResponse: cuts,
  });
}

/** The text without what is made of the time: ids and times. */
const stable = (text = "") =>
  text.replace(/"created(_at)?":\d+/g, "").replace(/("responseId":"|[a-z]+[-_])[0-9a-z]{8,}/g, "");

describe("a declared format", () => {
  it.each(grid)("%s, called by an %s client", async (shape, name) => {
    const { format, body, answer, stream, type } = SHAPES[shape];
    const client = CLIENTS[name as keyof typeof CLIENTS];
    const root = await configured(
      clusterConfiguration({ format, token: "key", modelMapping: { "*": "up" } }),
    );

    // Anthropic's clients have to name a limit.
    const maxTokens = name === "anthropic" ? 100 : undefined;
    const whole = call(root, name, false, { body: JSON.stringify(answer) });
    expect(JSON.parse(whole.upstream?.text ?? "")).toEqual(body(false, maxTokens));
    expect(client.text(whole.client?.text ?? "")).toBe('hello "x" 中文');
    expect(whole.client?.lengthMismatch).toBe(false);

    const streamed = call(root, name, true, { body: stream, type });
    expect(JSON.parse(streamed.upstream?.text ?? "")).toEqual(body(true, maxTokens));
    expect(client.streamed(streamed.client?.text ?? "")).toBe('hello "x" 中文');
    expect(client.isOver(streamed.client?.text ?? "")).toBe(true);
  });

  it.each(grid)("%s: the same %s stream for every cut", async (shape, name) => {
    const { format, stream, type } = SHAPES[shape];
    const root = await configured(clusterConfiguration({ format }));
    const expected = stable(call(root, name, true, { body: stream, type }).client?.text);
    for (let cut = 1; cut < Buffer.byteLength(stream); cut++) {
      const { client } = call(root, name, true, { body: stream, type }, [cut]);
      expect(stable(client?.text), `cut at ${cut}`).toBe(expected);
    }
  });

  it.each(grid)(
    "%s: a stream that breaks off is no complete answer for an %s client",
    async (shape, name) => {
      const { format, stream, type } = SHAPES[shape];
      const client = CLIENTS[name as keyof typeof CLIENTS];
      const root = await configured(clusterConfiguration({ format }));
      const end = stream.trimEnd().length - 2;
      for (let length = 1; length < end; length += 7) {
        const result = call(root, name, true, { body: stream.slice(0, length), type });
        expect(client.isOver(result.client?.text ?? ""), `after ${length}`).toBe(false);
        expect(result.client?.text).toMatch(/error/);
      }
    },
  );
});

describe("errors of a declared format", () => {
  it.each(clients)("an error inside a 200 answer is one for an %s client", async (name, client) => {
    const root = await configured(clusterConfiguration({ format: ENVELOPE.format }));
    const body = JSON.stringify({ code: 1001, msg: "slow down", data: null });
    for (const stream of [false, true]) {
      const { client: got } = call(root, name, stream, { body });
      expect(got?.status).toBe(429);
      expect(client.error(got?.text ?? "")).toBe("slow down");
    }
    const other = call(root, name, false, { body: JSON.stringify({ code: 7, msg: "odd" }) });
    expect(other.client?.status).toBe(502);
  });

  it.each(clients)("an error in a stream reaches an %s client as one", async (name) => {
    const root = await configured(clusterConfiguration({ format: ENVELOPE.format }));
    const [first] = ENVELOPE.stream.split("\n\n");
    const broken = `${first}\n\ndata: {"code":1001,"msg":"slow down"}\n\n`;
    const { client } = call(root, name, true, { body: broken, type: "text/event-stream" });
    expect(client?.status).toBe(200);
    expect(client?.text).toContain("slow down");
    expect(client?.text).not.toContain('finish_reason":"stop"');
    const early = call(root, name, true, {
      body: 'data: {"code":1001,"msg":"slow down"}\n\n',
      type: "text/event-stream",
    });
    expect(early.client?.status).toBe(429);
  });

  it("an answer with an error status keeps it, with the declared code and message", async () => {
    const root = await configured(clusterConfiguration({ format: ENVELOPE.format }));
    const { client } = call(root, "openai", false, {
      status: 500,
      body: JSON.stringify({ code: 1001, msg: "slow down" }),
    });
    expect(client?.status).toBe(500);
    expect(JSON.parse(client?.text ?? "").error).toMatchObject({ message: "slow down", code: "1001" });
    const page = call(root, "openai", false, { status: 502, body: "<html>bad</html>", type: "text/html" });
    expect(JSON.parse(page.client?.text ?? "").error.message).toContain("<html>bad");
  });
});

describe("texts that repeat themselves", () => {
  const lines = (...texts: string[]) =>
    [...texts.map((text) => JSON.stringify({ out: text })), '{"out":null,"done":true}'].join("\n");
  async function told(...texts: string[]) {
    const root = await configured(clusterConfiguration({ format: LINES.format }));
    const { client } = call(root, "openai", true, { body: lines(...texts), type: "application/x-ndjson" });
    return CLIENTS.openai.streamed(client?.text ?? "");
  }

  it("are told once", async () => {
    expect(await told("a", "ab", "ab", 'ab "', 'ab "中', 'ab "中😀 x')).toBe('ab "中😀 x');
  });

  it("are not taken back where the beginning was changed", async () => {
    expect(await told("Hallo", "Hello wor", "Hello world")).toBe("Hallo world");
    expect(await told("one two", "one", "one two three")).toBe("one two three");
  });

  it("may be escaped in another way", async () => {
    const root = await configured(clusterConfiguration({ format: LINES.format }));
    const body = '{"out":"中/"}\n{"out":"\\u4e2d\\/ x"}\n{"out":null,"done":true}\n';
    const { client } = call(root, "openai", true, { body, type: "application/x-ndjson" });
    expect(CLIENTS.openai.streamed(client?.text ?? "")).toBe("中/ x");
  });
});

describe("what is lost", () => {
  const request = (more: object) => ({ ...CLIENTS.openai.body(false), ...more });
  it("is reported", async () => {
    const root = await configured(clusterConfiguration({ format: GENERATE.format }));
    const answer = () => ({
      headers: { "content-type": "application/json" },
      body: JSON.stringify(GENERATE.answer),
    });
    const { client } = chat(root, request({ logit_bias: { 1: 2 }, top_k: 3, seed: 1, odd: 1 }), {
      respond: answer,
    });
    expect(client?.headers.get("x-ai-proxy-dropped-params")).toBe("top_k,logit_bias,odd");
    const clamped = chat(root, request({ top_p: 1 }), { respond: answer });
    expect(clamped.client?.headers.get("x-ai-proxy-dropped-params")).toBe("top_p");
    expect(JSON.parse(clamped.upstream?.text ?? "").parameters.top_p).toBe(0.99);
  });

  const tools = [{ type: "function", function: { name: "f", parameters: { type: "object" } } }];
  it("is refused where the answer would be another", async () => {
    const root = await configured(clusterConfiguration({ format: GENERATE.format }));
    const { client, upstream } = chat(root, request({ tools }));
    expect(upstream).toBeUndefined();
    expect(client?.status).toBe(400);
    expect(client?.text).toContain("does not support tools");
  });

  it("is dropped where the declaration says so", async () => {
    const root = await configured(clusterConfiguration({ format: { ...GENERATE.format, drop: ["tools"] } }));
    const { client } = chat(root, request({ tools }), {
      respond: () => ({
        headers: { "content-type": "application/json" },
        body: JSON.stringify(GENERATE.answer),
      }),
    });
    expect(client?.headers.get("x-ai-proxy-dropped-params")).toBe("tools");
  });

  it("names the conversation of which only the last message was sent", async () => {
    const format = {
      request: { path: "/ask", body: { q: "$.last_user" } },
      response: { text: "$.a" },
    };
    const root = await configured(clusterConfiguration({ format }));
    const messages = [
      { role: "user", content: "one" },
      { role: "assistant", content: "two" },
      { role: "user", content: "three" },
    ];
    const { client, upstream } = chat(
      root,
      { model: "m", messages },
      { respond: () => ({ headers: { "content-type": "application/json" }, body: '{"a":"b"}' }) },
    );
    expect(upstream?.text).toBe('{"q":"three"}');
    expect(client?.headers.get("x-ai-proxy-dropped-params")).toBe("messages");
  });
});

describe("where the token stands", () => {
  it.each([
    [{ headers: { "X-Key": "k {{ $.token }}" } }, (u: Upstream) => u.headers.get("x-key"), "k s&c"],
    [{ query: { key: "$.token" } }, (u: Upstream) => u.headers.get(":path"), "/ask?key=s%26c"],
    [{ body: { key: "$.token" } }, (u: Upstream) => JSON.parse(u.text).key, "s&c"],
  ])("%j", async (more, read, expected) => {
    const format = { request: { path: "/ask", body: {}, ...more }, response: { text: "$.a" } };
    const root = await configured(clusterConfiguration({ format, token: "s&c" }));
    const { upstream } = chat(root, CLIENTS.openai.body(false), {
      respond: () => ({ headers: { "content-type": "application/json" }, body: '{"a":"b"}' }),
    });
    expect(upstream && read(upstream)).toBe(expected);
    expect(upstream?.headers.get("authorization")).toBeUndefined();
    expect(root.host.messages(0).join("\n")).not.toContain("s&c");
  });
});

describe("where one of several tokens stands", () => {
  const TOKENS = ['s&"1"', "s&2", "s&3"];
  const format = {
    request: { path: "/ask", query: { key: "$.token" }, body: { key: "$.token", q: "$.model" } },
    response: { text: "$.a" },
  };
  const keysOf = (upstream: Upstream | undefined) => [
    JSON.parse(upstream?.text ?? "").key,
    new URLSearchParams(upstream?.headers.get(":path")?.split("?")[1]).get("key"),
  ];
  const ask = (root: Root, statusOf: (key: string) => number = () => 200) =>
    chat(root, CLIENTS.openai.body(false), {
      respond: (sent) => ({
        headers: {
          ":status": String(statusOf(JSON.parse(sent.text).key)),
          "content-type": "application/json",
        },
        body: '{"a":"b"}',
      }),
    });

  it("each takes its turn, at every place alike", async () => {
    const root = await configured(clusterConfiguration({ format, tokens: TOKENS }));
    const keys = TOKENS.map(() => {
      const { upstream } = ask(root);
      const [inBody, inQuery] = keysOf(upstream);
      expect(inQuery).toBe(inBody);
      expect(upstream?.headers.get("authorization")).toBeUndefined();
      return inBody;
    });
    expect(keys.sort()).toEqual([...TOKENS].sort());
    expect(root.host.messages(0).join("\n")).not.toContain("s&");
  });

  it("one that is refused is left alone", async () => {
    const root = await configured(clusterConfiguration({ format, tokens: TOKENS }));
    const refuse = (key: string) => (key === TOKENS[0] ? 401 : 200);
    for (let round = 0; round < TOKENS.length; round++) ask(root, refuse);
    const keys = Array.from({ length: 6 }, () => keysOf(ask(root, refuse).upstream)[0]);
    expect(new Set(keys)).toEqual(new Set(TOKENS.slice(1)));
  });

  it("a further attempt carries another one, in body and query", async () => {
    const attempts = { max: 3, budgetPercent: 1000 };
    const root = await configured(clusterConfiguration({ format, tokens: TOKENS }, { attempts }));
    const seen: string[] = [];
    const { client } = chat(root, CLIENTS.openai.body(false), {
      respond: (sent) => {
        seen.push(JSON.parse(sent.text).key);
        return { headers: { ":status": "401" }, body: "" };
      },
      onHeld: () => {
        const call = root.callouts[0];
        const query = call?.headers.get(":path")?.split("?")[1];
        seen.push(
          JSON.parse(Buffer.from(call?.body ?? "{}").toString()).key,
          new URLSearchParams(query).get("key") ?? "",
        );
        call?.respond({ headers: { "content-type": "application/json" }, body: '{"a":"b"}' });
      },
    });
    expect(client?.status).toBe(200);
    const [first, second, inQuery] = seen;
    expect(TOKENS).toContain(first);
    expect(TOKENS).toContain(second);
    expect(second).not.toBe(first);
    expect(inQuery).toBe(second);
  });
});

const json = (body: unknown) => ({
  respond: () => ({ headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
});

describe("what a body may be made of", () => {
  const tools = [
    { type: "function", function: { name: "f", description: "d", parameters: { type: "object" } } },
  ];
  const messages = [
    { role: "system", content: "Be brief." },
    {
      role: "user",
      content: [
        { type: "text", text: "look" },
        { type: "image_url", image_url: { url: "data:image/png;base64,AA==" } },
        { type: "image_url", image_url: { url: "https://a.test/b.png" } },
      ],
    },
    {
      role: "assistant",
      content: null,
      tool_calls: [{ id: "c1", type: "function", function: { name: "f", arguments: '{"a": 1}' } }],
    },
    { role: "tool", tool_call_id: "c1", content: "42" },
    { role: "user", content: "go on" },
  ];
  const request = {
    model: "m",
    messages,
    tools,
    tool_choice: "required",
    stop: ["a", "b"],
    max_tokens: 50,
    user: "u/1",
    reasoning_effort: "low",
    response_format: { type: "json_object" },
  };
  const openAi = [
    messages[0],
    {
      role: "user",
      content: [
        { type: "text", text: "look" },
        { type: "image_url", image_url: { url: "data:image/png;base64,AA==" } },
        { type: "image_url", image_url: { url: "https://a.test/b.png" } },
      ],
    },
    messages[2],
    messages[3],
    messages[4],
  ];

  it.each<[body: unknown, expected: unknown]>([
    ["$.messages", openAi],
    ["$.messages[?@.role == 'tool' || @.role == 'system']", [messages[0], messages[3]]],
    ["$.messages[*].role", ["system", "user", "assistant", "tool", "user"]],
    ["$.messages[-1].text", "go on"],
    [
      "$.messages[?@.role == 'user'].parts[?@.type == 'image'].data_url",
      ["data:image/png;base64,AA==", "https://a.test/b.png"],
    ],
    ["$.messages[1].parts[1].data", "AA=="],
    ["$.messages[1].parts[1].media_type", "image/png"],
    ["$.messages[1].parts[2].url", "https://a.test/b.png"],
    ["$.messages[1].text", "look"],
    ["$.messages[2].tool_calls[0].arguments", '{"a": 1}'],
    ["$.messages[2].tool_calls[0].arguments_object", { a: 1 }],
    [
      { calls: { $each: "$.messages[2].tool_calls", item: "{{ @.name }}({{ @.arguments }})" } },
      { calls: ['f({"a": 1})'] },
    ],
    ["$.messages[3].tool_call_id", "c1"],
    ["$.messages[3].name", "f"],
    ["$.messages[3].is_error", false],
    [["$.messages[0].is_error", "$.seed", "$.stop"], [["a", "b"]]],
    ["$.tools", tools],
    [
      { $each: "$.tools", item: { n: "@.name", d: "@.description", p: "@.parameters" } },
      [{ n: "f", d: "d", p: { type: "object" } }],
    ],
    ["$.tool_choice", "required"],
    ["$.response_format", { type: "json_object" }],
    ["$.reasoning_effort", "low"],
    ["$.thinking_budget", 1024],
    [{ $each: "$.stop", item: { s: "@" } }, [{ s: "a" }, { s: "b" }]],
    [
      ["$.stop[0]", "$.stop[-1]", "$.stop[9]"],
      ["a", "b"],
    ],
    ["{{ $.max_tokens }}/{{ $.stop }}/{{ $.seed }}", '50/["a","b"]/'],
    [{ $value: "$.max_tokens", as: "string" }, "50"],
    [{ $value: "$.max_tokens", max: 20 }, 20],
    [{ $value: "$.stream", as: "integer" }, 0],
    [{ $value: "$.seed", default: { any: [1] } }, { any: [1] }],
    [{ $value: "$.user", map: { "u/1": { id: 1 } } }, { id: 1 }],
    [
      { $text: "$.messages", where: "@.role == 'user'", separator: " | ", prefix: "<", suffix: ">" },
      "<look | go on>",
    ],
    [
      ["$$.model", "@@.x", "$5", "@me", "a { b }"],
      ["$.model", "@.x", "$5", "@me", "a { b }"],
    ],
    [{ $const: { $ref: "$.model" } }, { $ref: "$.model" }],
    [
      { a: { b: [1, { c: "$.seed" }] }, d: null },
      { a: { b: [1, {}] }, d: null },
    ],
  ])("%j", async (body, expected) => {
    const drop = ["tools", "image_url", "image_data"];
    const format = { request: { path: "/ask", body: { it: body } }, response: { text: "$.a" }, drop };
    const root = await configured(clusterConfiguration({ format }));
    const { upstream } = chat(root, request, json({ a: "b" }));
    expect(JSON.parse(upstream?.text ?? "{}").it).toEqual(expected);
  });

  it("path, query and headers are encoded for where they stand", async () => {
    const format = {
      request: {
        path: "/models/{{ $.model }}/ask?v=1",
        method: "PUT",
        query: { user: "$.user", seed: "$.seed", both: "{{ $.user }}+{{ $.seed }}" },
        headers: { "X-User": "{{ $.user }}\n", "x-seed": "$.seed" },
        body: {},
      },
      response: { text: "$.a" },
      drop: ["tools", "image_url", "image_data"],
    };
    const root = await configured(clusterConfiguration({ format, modelMapping: { "*": "a b/中" } }));
    const { upstream } = chat(root, request, json({ a: "b" }));
    const path = "/models/a%20b%2F%E4%B8%AD/ask?v=1&user=u%2F1&both=u%2F1%2B";
    expect(upstream?.headers.get(":path")).toBe(path);
    expect(upstream?.headers.get(":method")).toBe("PUT");
    expect(upstream?.headers.get("x-user")).toBe("u/1");
    expect(upstream?.headers.get("x-seed")).toBeUndefined();
  });
});

describe("what an answer may be made of", () => {
  it("tool calls and thinking, whole and streamed", async () => {
    const response = {
      text: "$.out.text",
      thinking: "$.out.thought",
      toolCalls: { each: "$.out.calls[*]", index: "@.n", id: "@.id", name: "@.fn", arguments: "@.in" },
    };
    const tools = [{ type: "function", function: { name: "f", parameters: { type: "object" } } }];
    const format = {
      request: { path: "/a", body: { t: "$.tools" } },
      response,
      stream: { end: { event: "done" } },
    };
    const root = await configured(clusterConfiguration({ format }));
    const request = { model: "m", messages: [{ role: "user", content: "hi" }], tools };
    const calls = [
      { n: 0, id: 5, fn: "f", in: { a: [1, 2] } },
      { n: 1, fn: "f", in: '{"b":3}' },
    ];
    const whole = chat(root, request, json({ out: { thought: "hm", calls } }));
    const { message, finish_reason } = JSON.parse(whole.client?.text ?? "").choices[0];
    expect(finish_reason).toBe("tool_calls");
    expect(message.reasoning_content).toBe("hm");
    expect(message.tool_calls.map((call: { function: unknown }) => call.function)).toEqual([
      { name: "f", arguments: '{"a":[1,2]}' },
      { name: "f", arguments: '{"b":3}' },
    ]);
    const records = [
      { out: { calls: [{ n: 0, id: "x", fn: "f", in: '{"a"' }] } },
      { out: { calls: [{ n: 0, in: ":1}" }] } },
    ];
    const body = `${records.map((record) => `data: ${JSON.stringify(record)}\n\n`).join("")}event: done\ndata: bye\n\n`;
    const { client } = chat(
      root,
      { ...request, stream: true },
      { respond: () => ({ headers: { "content-type": "text/event-stream" }, body }) },
    );
    const deltas = events(client?.text ?? "")
      .filter((data) => data !== "[DONE]")
      .flatMap((data) => JSON.parse(data).choices?.[0]?.delta?.tool_calls ?? []);
    expect(deltas.map((call) => call.function.arguments ?? "").join("")).toBe('{"a":1}');
    expect(client?.text).toContain('"finish_reason":"tool_calls"');
  });

  it("several choices", async () => {
    const format = {
      request: { path: "/a", body: { n: "$.n" } },
      response: { choices: "$.list[*]", index: "@.i", text: "@.t", usage: { total: "$.total" } },
    };
    const root = await configured(clusterConfiguration({ format }));
    const request = { model: "m", n: 2, messages: [{ role: "user", content: "hi" }] };
    const { client } = chat(
      root,
      request,
      json({
        list: [
          { i: 1, t: "b" },
          { i: 0, t: "a" },
        ],
        total: 9,
      }),
    );
    const answer = JSON.parse(client?.text ?? "");
    expect(answer.choices.map((choice: { message: { content: string } }) => choice.message.content)).toEqual([
      "a",
      "b",
    ]);
    expect(answer.usage.total_tokens).toBe(9);
  });

  it("events that do not count need not be JSON; a service may only stream", async () => {
    const format = {
      request: { path: "/a", body: { s: "$.stream" } },
      response: { text: "$.t" },
      stream: { always: true, events: "message", end: { data: "END" } },
    };
    const root = await configured(clusterConfiguration({ format }));
    const body =
      'event: ping\ndata: now\n\ndata: {"t":"a"}\n\nevent: other\ndata: {"t":"x"}\n\ndata: {"t":"b"}\n\ndata: END\n\n';
    const { upstream, client } = chat(root, CLIENTS.openai.body(false), {
      respond: () => ({ headers: { "content-type": "text/event-stream" }, body }),
    });
    expect(upstream?.text).toBe('{"s":true}');
    expect(CLIENTS.openai.text(client?.text ?? "")).toBe("ab");
  });

  it("a service that cannot stream answers a client that wants one", async () => {
    const format = { request: { path: "/a", body: { s: "$.stream" } }, response: { text: "$.t" } };
    const root = await configured(clusterConfiguration({ format }));
    const { upstream, client } = chat(root, CLIENTS.openai.body(true), json({ t: "all" }));
    expect(upstream?.text).toBe('{"s":false}');
    expect(CLIENTS.openai.streamed(client?.text ?? "")).toBe("all");
    expect(CLIENTS.openai.isOver(client?.text ?? "")).toBe(true);
  });
});

describe("calls that are no chat", () => {
  const format = {
    embeddings: {
      request: {
        path: "/embed",
        headers: { "x-model": "{{ $.model }}" },
        body: { texts: "$.input", d: "$.dimensions" },
      },
      response: { each: "$.out.vectors[*]", vector: "@.v", index: "@.i", tokens: "$.out.tokens" },
    },
    rerank: {
      request: {
        path: "/rank",
        body: { q: "$.query", passages: { $each: "$.documents", item: { p: "@" } }, k: "$.top_n" },
      },
      response: { each: "$.scores[*]" },
    },
    errors: { when: "$.code != 0 && $.code", code: "$.code", message: "$.msg" },
  };

  it("embeddings", async () => {
    const root = await configured(clusterConfiguration({ format, modelMapping: { "*": "e5" } }));
    const call = (answer: unknown) =>
      chat(
        root,
        { model: "m", input: ["a", "b"] },
        { request: { headers: { ":path": "/v1/embeddings" } }, ...json(answer) },
      );
    const vectors = [
      { i: 1, v: [3, 4] },
      { i: 0, v: [1, 2] },
    ];
    const { upstream, client } = call({ out: { vectors, tokens: 7 } });
    expect(upstream?.headers.get(":path")).toBe("/embed");
    expect(upstream?.headers.get("x-model")).toBe("e5");
    expect(upstream?.text).toBe('{"texts":["a","b"]}');
    const answer = JSON.parse(client?.text ?? "");
    expect(answer.data.map((item: { embedding: number[] }) => item.embedding)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(answer.usage.prompt_tokens).toBe(7);
    expect(call({ out: { vectors: [vectors[0]] } }).client?.status).toBe(502);
    expect(call({ code: 429, msg: "slow" }).client?.status).toBe(429);
  });

  it("rankings", async () => {
    const root = await configured(clusterConfiguration({ format }));
    const call = (answer: unknown) =>
      chat(
        root,
        { model: "m", query: "q", documents: ["a", "b", "c"], top_n: 2 },
        { request: { headers: { ":path": "/v1/rerank" } }, ...json(answer) },
      );
    const { upstream, client } = call({ scores: [0.1, 0.9, 0.5] });
    expect(JSON.parse(upstream?.text ?? "")).toEqual({
      q: "q",
      passages: [{ p: "a" }, { p: "b" }, { p: "c" }],
      k: 2,
    });
    const { results } = JSON.parse(client?.text ?? "");
    expect(results.map((result: { index: number }) => result.index)).toEqual([1, 2]);
    expect(call({ scores: ["high"] }).client?.status).toBe(502);
  });

  it("a chat is refused where only they are declared", async () => {
    const root = await configured(clusterConfiguration({ format }));
    const { client } = chat(root, CLIENTS.openai.body(false));
    expect(client?.status).toBe(404);
    expect(client?.text).toContain("unsupported_api");
  });
});

type Upstream = NonNullable<ReturnType<typeof chat>["upstream"]>;
