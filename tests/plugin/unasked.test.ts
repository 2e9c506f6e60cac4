/** Upstreams that stream although the client wants its answer whole: it gets one, or a clear failure. */
import { describe, expect, it } from "vitest";
import { encodeEvent } from "../support/event-stream.ts";
import { chat, clusterConfiguration, configured } from "./plugin.ts";

type Json = Record<string, unknown>;

const sse = (data: object): Buffer => Buffer.from(`data: ${JSON.stringify(data)}\n\n`);
const line = (data: object): Buffer => Buffer.from(`${JSON.stringify(data)}\n`);

interface Upstream {
  format: string;
  type: string;
  begin: Buffer;
  rest: Buffer;
  failure: Buffer;
  status: number;
}

const UPSTREAMS: Upstream[] = [
  {
    format: "dify",
    type: "text/event-stream",
    begin: sse({ event: "agent_message", message_id: "m", answer: "It is " }),
    rest: Buffer.concat([
      sse({ event: "agent_message", message_id: "m", answer: '"blue" 天.' }),
      sse({ event: "message_end", message_id: "m", metadata: { usage: { prompt_tokens: 3 } } }),
    ]),
    failure: sse({ event: "error", status: 429, code: "rate_limit_error", message: "slow down" }),
    status: 429,
  },
  {
    format: "ollama",
    type: "application/x-ndjson",
    begin: line({ message: { content: "It is " }, done: false }),
    rest: Buffer.concat([
      line({ message: { content: '"blue" 天.' }, done: false }),
      line({ message: { content: "" }, done: true, done_reason: "stop", prompt_eval_count: 3 }),
    ]),
    failure: line({ error: "slow down" }),
    status: 502,
  },
  {
    format: "bedrock",
    type: "application/vnd.amazon.eventstream",
    begin: encodeEvent("contentBlockDelta", '{"contentBlockIndex":0,"delta":{"text":"It is "}}'),
    rest: Buffer.concat([
      encodeEvent("contentBlockDelta", '{"contentBlockIndex":0,"delta":{"text":"\\"blue\\" 天."}}'),
      encodeEvent("messageStop", '{"stopReason":"end_turn"}'),
      encodeEvent("metadata", '{"usage":{"inputTokens":3}}'),
    ]),
    failure: encodeEvent("somethingElse", "not json"),
    status: 502,
  },
];

async function ask(upstream: Upstream, body: Buffer, cut: number[] = []) {
  const root = await configured(clusterConfiguration({ format: upstream.format, token: "key" }));
  const { client } = chat(
    root,
    { model: "m", messages: [{ role: "user", content: "Hi" }] },
    { respond: () => ({ headers: { "content-type": upstream.type }, body }), cutResponse: cut },
  );
  return {
    status: client?.status,
    type: client?.headers.get("content-type"),
    body: JSON.parse(client?.text ?? "") as Json,
  };
}

describe.each(UPSTREAMS)("$format streams unasked", (upstream) => {
  it("and the client gets one answer, however the stream is cut", async () => {
    const bytes = Buffer.concat([upstream.begin, upstream.rest]);
    for (let cut = 1; cut < bytes.length; cut += 7) {
      const { status, type, body } = await ask(upstream, bytes, [cut]);
      expect(status).toBe(200);
      expect(type).toBe("application/json");
      expect(body).toMatchObject({
        object: "chat.completion",
        choices: [{ message: { content: 'It is "blue" 天.' }, finish_reason: "stop" }],
        usage: { prompt_tokens: 3 },
      });
    }
  });

  it("and a failure after its beginning is an HTTP status", async () => {
    const { status, body } = await ask(upstream, Buffer.concat([upstream.begin, upstream.failure]));
    expect(status).toBe(upstream.status);
    expect(body).toHaveProperty("error.message");
  });

  it("and a stream that is cut off is a failure", async () => {
    const { status, body } = await ask(upstream, upstream.begin);
    expect(status).toBe(502);
    expect(body).toHaveProperty("error.code", "upstream_truncated");
  });
});
