/** What is Moonshot's own, on the real Envoy with OpenAI's client: usage of streams, and a file that lies at the vendor. */
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import OpenAI from "openai";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Gateway } from "../../tools/dev/gateway.ts";
import { startOfficialGateway } from "./harness.ts";

const USAGE = { prompt_tokens: 19, completion_tokens: 13, total_tokens: 32 };
const TEXT = '{"content":"Be brief.\\n你好","filename":"a.pdf"}';
const chunk = (choice: object) =>
  `data: ${JSON.stringify({ id: "1", object: "chat.completion.chunk", created: 1, model: "kimi", choices: [{ index: 0, ...choice }] })}\n\n`;
const STREAM = [
  ": ping\n\n",
  ...["你", "好", "。"].map((content) => chunk({ delta: { content }, finish_reason: null })),
  chunk({ delta: {}, finish_reason: "stop", usage: USAGE }),
  "data: [DONE]\n\n",
].join("");

/** What Moonshot was asked. */
const asked: { path: string; key: string; body: string }[] = [];
/** Bytes of each part of the stream, and whether it ends inside of its last record. */
let partBytes = 7;
let breaksOff = false;

async function read(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}

const moonshot = createServer(async (request, reply) => {
  const body = await read(request);
  asked.push({ path: request.url ?? "", key: request.headers.authorization ?? "", body });
  if (request.method === "GET") {
    reply.writeHead(200, { "content-type": "text/plain" });
    reply.end(TEXT);
    return;
  }
  reply.writeHead(200, { "content-type": "text/event-stream" });
  const bytes = Buffer.from(breaksOff ? STREAM.slice(0, STREAM.indexOf(',"usage"') + 12) : STREAM);
  for (let at = 0; at < bytes.length; at += partBytes) {
    reply.write(bytes.subarray(at, at + partBytes));
    // So that the parts are parts for the gateway as well.
    await sleep(1);
  }
  reply.end();
});

let gateway: Gateway;
beforeAll(async () => {
  moonshot.listen(0, "127.0.0.1");
  await once(moonshot, "listening");
  const { port } = moonshot.address() as AddressInfo;
  const url = new URL(`http://127.0.0.1:${port}`);
  const plain = { type: "moonshot", apiTokens: ["sk-own"] };
  const filed = { type: "moonshot", apiTokens: ["sk-own", "sk-other"], moonshotFileId: "f-1" };
  gateway = await startOfficialGateway({ plain: { provider: plain, url }, filed: { provider: filed, url } });
});
afterAll(async () => {
  await gateway?.stop();
  moonshot.close();
});
beforeEach(() => {
  asked.length = 0;
  partBytes = 7;
  breaksOff = false;
});

const messages = [{ role: "user" as const, content: "Hi" }];

async function stream(route: string): Promise<{ text: string; usage: unknown[] }> {
  const client = new OpenAI({
    baseURL: `${gateway.url}/v1`,
    apiKey: "client",
    maxRetries: 0,
    defaultHeaders: { "x-team": route },
  });
  let text = "";
  const usage: unknown[] = [];
  for await (const event of await client.chat.completions.create({ model: "kimi", messages, stream: true })) {
    text += event.choices[0]?.delta.content ?? "";
    if (event.usage) usage.push(event.usage);
  }
  return { text, usage };
}

test.each([1, 7, 64, 100_000])("a stream in parts of %i bytes has its usage at the root", async (bytes) => {
  partBytes = bytes;
  expect(await stream("plain")).toEqual({ text: "你好。", usage: [USAGE] });
});

test("one that breaks off inside of a record ends with an error, behind all that came", async () => {
  breaksOff = true;
  const reply = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-team": "plain" },
    body: JSON.stringify({ model: "kimi", messages, stream: true }),
  });
  const text = await reply.text();
  expect(text.startsWith(STREAM.slice(0, STREAM.indexOf(',"usage"') + 12))).toBe(true);
  expect(JSON.parse(text.trimEnd().split("\n").at(-1)?.replace("data: ", "") ?? "").error.code).toBe(
    "upstream_truncated",
  );
});

test("the text of a file goes into every chat, and is asked for where the route leads", async () => {
  for (const _ of [1, 2, 3]) expect((await stream("filed")).text).toBe("你好。");
  const files = asked.filter(({ path }) => path === "/v1/files/f-1/content");
  expect(files.length).toBeGreaterThan(0);
  // Each worker asks for itself.
  expect(files.length).toBeLessThanOrEqual(2);
  expect(files.map(({ key }) => key)).toEqual(files.map(() => "Bearer sk-own"));
  const chats = asked.filter(({ path }) => path === "/v1/chat/completions");
  expect(chats.map(({ body }) => JSON.parse(body).messages)).toEqual(
    chats.map(() => [{ role: "system", content: TEXT }, ...messages]),
  );
});
