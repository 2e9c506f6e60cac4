import { describe, expect, it } from "vitest";
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

type Upstream = NonNullable<ReturnType<typeof chat>["upstream"]>;
