/**
 * A team that moves over: the configuration that Higress's console wrote for the official plugin (all providers once,
 * and for each route the one that serves it), as it stands, on the real Envoy, with the vendors' own clients.
 */
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Gateway } from "../../tools/dev/gateway.ts";
import { type Scenario, vendorOf } from "../support/upstreams/index.ts";
import { FAILURE_TEXT, startUpstream, type Upstream } from "../support/upstreams/server.ts";
import { startOfficialGateway } from "./harness.ts";

/** A provider of the configuration, and what its service gets. */
interface Case {
  provider: object;
  /** The fake that answers. */
  format: string;
  authority: string;
  path: string;
  streamPath?: string;
  /** Header with the key. */
  key: [name: string, value: string | RegExp];
}

const CASES: Record<string, Case> = {
  deepseek: {
    provider: { type: "deepseek", apiTokens: ["sk-own"], modelMapping: { "*": "deepseek-chat" } },
    format: "openai",
    authority: "api.deepseek.com",
    path: "/v1/chat/completions",
    key: ["authorization", "Bearer sk-own"],
  },
  claude: {
    provider: { type: "claude", apiTokens: ["sk-own"], modelMapping: { "*": "claude-sonnet-4-5" } },
    format: "anthropic",
    authority: "api.anthropic.com",
    path: "/v1/messages",
    key: ["x-api-key", "sk-own"],
  },
  gemini: {
    provider: { type: "gemini", apiTokens: ["sk-own"], modelMapping: { "*": "gemini-2.5-flash" } },
    format: "gemini",
    authority: "generativelanguage.googleapis.com",
    path: "/v1beta/models/gemini-2.5-flash:generateContent",
    streamPath: "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse",
    key: ["x-goog-api-key", "sk-own"],
  },
  qwen: {
    provider: {
      type: "qwen",
      apiTokens: ["sk-own"],
      qwenEnableCompatible: false,
      modelMapping: { "*": "qwen-max" },
    },
    format: "dashscope",
    authority: "dashscope.aliyuncs.com",
    path: "/api/v1/services/aigc/text-generation/generation",
    key: ["authorization", "Bearer sk-own"],
  },
  bedrock: {
    provider: {
      type: "bedrock",
      awsAccessKey: "AKIDEXAMPLE",
      awsSecretKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
      awsRegion: "us-east-1",
      modelMapping: { "*": "amazon.nova-lite-v1:0" },
    },
    format: "bedrock",
    authority: "bedrock-runtime.us-east-1.amazonaws.com",
    path: "/model/amazon.nova-lite-v1%3A0/converse",
    streamPath: "/model/amazon.nova-lite-v1%3A0/converse-stream",
    key: ["authorization", /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\//],
  },
  minimax: {
    provider: {
      type: "minimax",
      apiTokens: ["sk-own"],
      minimaxApiType: "pro",
      minimaxGroupId: "1234567890",
      modelMapping: { "*": "abab6.5s-chat" },
    },
    format: "minimax",
    authority: "api.minimax.chat",
    path: "/v1/text/chatcompletion_pro?GroupId=1234567890",
    key: ["authorization", "Bearer sk-own"],
  },
};
const NAMES = Object.keys(CASES);

const scenario: Scenario = { text: "Sunny, 18 °C — 晴天 🙂.", usage: { input: 21, output: 34 } };
const messages = [{ role: "user" as const, content: "What is the weather in Paris?" }];

const upstreams = new Map<string, Upstream>();
let gateway: Gateway;

beforeAll(async () => {
  for (const [name, { format }] of Object.entries(CASES))
    upstreams.set(name, await startUpstream(vendorOf(format), { scenario, chunkBytes: 5 }));
  const urlOf = (name: string) => upstreams.get(name)!.url;
  gateway = await startOfficialGateway(
    Object.fromEntries(NAMES.map((name) => [name, { provider: CASES[name]!.provider, url: urlOf(name) }])),
  );
});

afterAll(async () => {
  await gateway?.stop();
  for (const upstream of upstreams.values()) await upstream.stop();
});

beforeEach(() => {
  for (const upstream of upstreams.values()) {
    upstream.asked.length = 0;
    upstream.script = { scenario, chunkBytes: 5 };
  }
});

const options = (name: string) => ({
  apiKey: "key-of-the-client",
  maxRetries: 0,
  defaultHeaders: { "x-team": name },
});
const openai = (name: string) => new OpenAI({ ...options(name), baseURL: `${gateway.url}/v1` });
const anthropic = (name: string) => new Anthropic({ ...options(name), baseURL: gateway.url });

/** The one request that came, which must be the vendor's own in every respect. */
function expectAsked(name: string, isStream: boolean): void {
  const { authority, path, streamPath, key } = CASES[name]!;
  const { asked } = upstreams.get(name)!;
  expect(asked).toHaveLength(1);
  const [{ headers, path: got }] = asked as [(typeof asked)[0]];
  expect(headers.host).toBe(authority);
  expect(got).toBe(isStream ? (streamPath ?? path) : path);
  expect(headers[key[0]]).toMatch(key[1]);
  expect(JSON.stringify(asked)).not.toContain("key-of-the-client");
}

describe.each(NAMES)("%s", (name) => {
  test("npm openai, whole", async () => {
    const answer = await openai(name).chat.completions.create({ model: "gpt-4o", messages });
    expect(answer.choices[0]).toMatchObject({ message: { content: scenario.text }, finish_reason: "stop" });
    expectAsked(name, false);
  });

  test("npm openai, streamed, whose bytes come five at a time", async () => {
    const stream = openai(name).chat.completions.stream({ model: "gpt-4o", messages });
    const answer = await stream.finalChatCompletion();
    expect(answer.choices[0]).toMatchObject({ message: { content: scenario.text }, finish_reason: "stop" });
    expectAsked(name, true);
  });

  test("an error of the vendor's is one of the client's", async () => {
    const upstream = upstreams.get(name)!;
    upstream.script = { scenario, status: 429 };
    const failure = await openai(name)
      .chat.completions.create({ model: "gpt-4o", messages })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(OpenAI.RateLimitError);
    expect(String(failure)).toContain(FAILURE_TEXT);
  });
});

/** Those that have Anthropic's API as well have it at a place of its own. */
const CONVERTED = NAMES.filter((name) => !["deepseek", "qwen"].includes(name));

test.each(CONVERTED)("npm @anthropic-ai/sdk, streamed from %s", async (name) => {
  const stream = anthropic(name).messages.stream({ model: "claude-3", max_tokens: 64, messages });
  const answer = await stream.finalMessage();
  expect(answer).toMatchObject({ content: [{ type: "text", text: scenario.text }], stop_reason: "end_turn" });
  expectAsked(name, true);
});

test("a route without a provider passes as it is", async () => {
  const reply = await fetch(`${gateway.url}/v1/chat/completions`, { method: "POST", body: "{}" });
  // Nobody chose a cluster, and the plugin did nothing.
  expect(reply.status).toBe(503);
  expect(reply.headers.get("content-type") ?? "").not.toContain("json");
});
