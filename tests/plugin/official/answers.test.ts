/**
 * Every type of the official plugin, as its users configure it: what a chat of each client's language goes to, with
 * which key, and that its answer comes back, whole and streamed.
 */
import { describe, expect, it } from "vitest";
import { PROVIDER_TYPES } from "../../../assembly/config/official/fields.ts";
import { GAPS } from "../../../tools/docs/gaps.ts";
import type { Client } from "../../support/clients/client.ts";
import { CLIENTS } from "../../support/clients/index.ts";
import { type Scenario, type Vendor, vendorOf } from "../../support/upstreams/index.ts";
import { chat, configured } from "../plugin.ts";

/** A type in one of its modes. */
interface Kind {
  /** What the configuration says beside type, key and model. */
  provider?: Record<string, unknown>;
  /** Name of the mode; default: the type has but one. */
  mode?: string;
  /** Language that it speaks; default: OpenAI's. */
  format?: string;
  /** Authority and path of a chat; `{a|b}` is `a`, and `b` for a stream. */
  at: string;
  /** Other languages that it speaks itself: the client's format, and authority and path. */
  native?: Record<string, string>;
  /** Header that carries the key; null where it has none, or makes one of its own. Default: the bearer's. */
  key?: [name: string, value: string] | null;
  /** The model upstream; default: the fake's. */
  model?: string;
}

const RAW: [string, string] = ["authorization", "k"];
const openai = (at: string, more: Partial<Kind> = {}): Kind => ({ at: `${at}/chat/completions`, ...more });
const alsoMessages = (at: string) => ({ native: { anthropic: at } });
const alsoResponses = (at: string) => ({ native: { responses: at } });

const CLAUDE = "anthropic.claude-sonnet-4-20250514-v1%3A0";
const BEDROCK = `bedrock-runtime.us-east-1.amazonaws.com/model/${CLAUDE}/converse{|-stream}`;
const GEMINI = "gemini-2.5-flash";
const VERBS = `${GEMINI}:{generateContent|streamGenerateContent?alt=sse}`;
const KEYED = `${GEMINI}:{generateContent?key=k|streamGenerateContent?alt=sse&key=k}`;
const VERTEX = "us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1";
const ARK = "ark.cn-beijing.volces.com/api/v3";
const AZURE = "res.openai.azure.com/openai";

/** All types. Sources: the vendors' public API references. */
const KINDS: Record<string, Kind | Kind[]> = {
  openai: openai("api.openai.com/v1", alsoResponses("api.openai.com/v1/responses")),
  azure: {
    provider: { azureServiceUrl: "https://res.openai.azure.com?api-version=2024-10-21" },
    at: `${AZURE}/deployments/up/chat/completions?api-version=2024-10-21`,
    ...alsoResponses(`${AZURE}/responses?api-version=2024-10-21`),
    key: ["api-key", "k"],
  },
  moonshot: openai("api.moonshot.cn/v1", alsoMessages("api.moonshot.cn/anthropic/v1/messages")),
  ai360: openai("api.360.cn/v1", { key: RAW }),
  github: openai("models.inference.ai.azure.com"),
  qwen: [
    openai("dashscope.aliyuncs.com/compatible-mode/v1", {
      native: {
        anthropic: "dashscope.aliyuncs.com/apps/anthropic/v1/messages",
        responses: "dashscope.aliyuncs.com/compatible-mode/v1/responses",
      },
    }),
    {
      mode: "DashScope's own language",
      provider: { qwenEnableCompatible: false },
      format: "dashscope",
      at: "dashscope.aliyuncs.com/api/v1/services/aigc/text-generation/generation",
      ...alsoMessages("dashscope.aliyuncs.com/apps/anthropic/v1/messages"),
    },
  ],
  groq: openai("api.groq.com/openai/v1", alsoResponses("api.groq.com/openai/v1/responses")),
  grok: openai("api.x.ai/v1", {
    native: { anthropic: "api.x.ai/v1/messages", responses: "api.x.ai/v1/responses" },
  }),
  baichuan: openai("api.baichuan-ai.com/v1"),
  yi: openai("api.lingyiwanwu.com/v1"),
  deepseek: openai("api.deepseek.com/v1", alsoMessages("api.deepseek.com/anthropic/v1/messages")),
  zhipuai: openai("open.bigmodel.cn/api/paas/v4", alsoMessages("open.bigmodel.cn/api/anthropic/v1/messages")),
  ollama: openai("ollama.example.com:11434/v1", {
    provider: { ollamaServerHost: "ollama.example.com", apiTokens: undefined },
    key: null,
  }),
  claude: {
    format: "anthropic",
    at: "api.anthropic.com/v1/messages",
    key: ["x-api-key", "k"],
  },
  baidu: openai("qianfan.baidubce.com/v2"),
  hunyuan: [
    openai("api.hunyuan.cloud.tencent.com/v1"),
    {
      mode: "signed, in its own language",
      provider: {
        apiTokens: undefined,
        hunyuanAuthId: "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE",
        hunyuanAuthKey: "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE",
      },
      format: "hunyuan",
      at: "hunyuan.tencentcloudapi.com/",
      key: null,
    },
  ],
  stepfun: openai("api.stepfun.com/v1", alsoMessages("api.stepfun.com/v1/messages")),
  minimax: [
    {
      at: "api.minimax.chat/v1/text/chatcompletion_v2",
      ...alsoMessages("api.minimax.chat/anthropic/v1/messages"),
    },
    {
      mode: "pro",
      provider: { minimaxApiType: "pro", minimaxGroupId: "42" },
      format: "minimax",
      at: "api.minimax.chat/v1/text/chatcompletion_pro?GroupId=42",
    },
  ],
  cloudflare: openai("api.cloudflare.com/client/v4/accounts/acc/ai/v1", {
    provider: { cloudflareAccountId: "acc" },
    ...alsoResponses("api.cloudflare.com/client/v4/accounts/acc/ai/v1/responses"),
  }),
  spark: { format: "spark", at: "spark-api-open.xf-yun.com/v1/chat/completions" },
  gemini: {
    format: "gemini",
    at: `generativelanguage.googleapis.com/v1beta/models/${VERBS}`,
    key: ["x-goog-api-key", "k"],
    model: GEMINI,
  },
  deepl: [
    {
      provider: { targetLang: "ZH" },
      format: "deepl",
      at: "api.deepl.com/v2/translate",
      key: ["authorization", "DeepL-Auth-Key k"],
    },
    {
      mode: "with a key that costs nothing",
      provider: { targetLang: "ZH", apiTokens: ["k:fx"] },
      format: "deepl",
      at: "api-free.deepl.com/v2/translate",
      key: ["authorization", "DeepL-Auth-Key k:fx"],
    },
  ],
  mistral: openai("api.mistral.ai/v1"),
  cohere: { format: "cohere", at: "api.cohere.com/v2/chat" },
  doubao: openai(ARK, alsoResponses(`${ARK}/responses`)),
  "together-ai": openai("api.together.xyz/v1"),
  dify: [
    { provider: { botType: "Chat" }, format: "dify", at: "api.dify.ai/v1/chat-messages" },
    {
      mode: "completion",
      provider: { botType: "Completion" },
      format: "dify",
      at: "api.dify.ai/v1/completion-messages",
    },
  ],
  bedrock: [
    {
      provider: { awsRegion: "us-east-1" },
      format: "bedrock",
      at: BEDROCK,
      model: decodeURIComponent(CLAUDE),
    },
    {
      mode: "signed",
      provider: {
        apiTokens: undefined,
        awsAccessKey: "AKIDEXAMPLE",
        awsSecretKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        awsRegion: "us-east-1",
      },
      format: "bedrock",
      at: BEDROCK,
      model: decodeURIComponent(CLAUDE),
      key: null,
    },
  ],
  vertex: [
    {
      provider: { vertexProjectId: "p", vertexRegion: "us-central1" },
      format: "vertex",
      at: `${VERTEX}/publishers/google/models/${VERBS}`,
      native: { gemini: `${VERTEX}/publishers/google/models/${VERBS}` },
      model: GEMINI,
    },
    {
      mode: "express",
      format: "vertex",
      at: `aiplatform.googleapis.com/v1/publishers/google/models/${KEYED}`,
      native: { gemini: `aiplatform.googleapis.com/v1/publishers/google/models/${KEYED}` },
      model: GEMINI,
      key: null,
    },
    {
      mode: "Claude",
      provider: { vertexProjectId: "p", vertexRegion: "us-central1" },
      format: "anthropic",
      at: `${VERTEX}/publishers/anthropic/models/claude-opus-4-1:{rawPredict|streamRawPredict}`,
      model: "claude-opus-4-1",
    },
    {
      mode: "Claude, express",
      format: "anthropic",
      at: "aiplatform.googleapis.com/v1/publishers/anthropic/models/claude-opus-4-1:{rawPredict|streamRawPredict}?key=k",
      model: "claude-opus-4-1",
      key: null,
    },
    openai(`${VERTEX}/endpoints/openapi`, {
      mode: "OpenAI's language",
      provider: { vertexProjectId: "p", vertexRegion: "us-central1", vertexOpenAICompatible: true },
    }),
  ],
  triton: {
    provider: { tritonDomain: "triton.example.com" },
    format: "kserve",
    at: "triton.example.com/v2/models/up/{generate|generate_stream}",
    key: null,
  },
  openrouter: openai("openrouter.ai/api/v1", {
    native: { anthropic: "openrouter.ai/api/v1/messages", responses: "openrouter.ai/api/v1/responses" },
  }),
  longcat: openai("api.longcat.chat/openai/v1", alsoMessages("api.longcat.chat/anthropic/v1/messages")),
  fireworks: openai("api.fireworks.ai/inference/v1", {
    native: {
      anthropic: "api.fireworks.ai/inference/v1/messages",
      responses: "api.fireworks.ai/inference/v1/responses",
    },
  }),
  vllm: openai("vllm.example.com/v1", {
    provider: { vllmServerHost: "http://vllm.example.com:8000" },
  }),
};

/** These leave path and body to the client. */
const UNREAD: Record<string, Kind> = {
  coze: { at: "api.coze.cn/v3/chat" },
  generic: { provider: { genericHost: "api.example.com" }, at: "api.example.com/v3/chat" },
};

const TEXT = 'It is "18 °C" — 晴天 🙂.\nSay \\ and /.';
const usage = { input: 21, output: 34 };
const CALLS = [{ id: "call_a", name: "get_weather", arguments: { city: "Paris", unit: "celsius" } }];

/** Text, with a call of a tool where the vendor has such. */
const scenarioOf = ({ says }: Vendor): Scenario => ({
  text: TEXT,
  usage,
  ...(says.calls && { calls: CALLS }),
});

const hasUsage = (client: Client, vendor: Vendor) =>
  client.format === vendor.format ||
  !GAPS.some(
    ({ upstream, features, clients }) =>
      upstream === vendor.format &&
      features.includes("usage") &&
      (clients === undefined || clients.includes(client.format)),
  );

/** What the vendor answers, as it was asked. */
function answerOf(client: Client, vendor: Vendor, isStream: boolean) {
  const scenario = scenarioOf(vendor);
  if (vendor.answers !== "stream" && (!isStream || vendor.answers === "whole"))
    return {
      headers: { "content-type": "application/json" },
      body: JSON.stringify(vendor.whole(scenario, "m")),
    };
  const body = Buffer.concat(vendor.stream(scenario, "m"));
  if (client.format !== vendor.format || !client.cut)
    return { headers: { "content-type": vendor.streamType }, body };
  return { headers: { "content-type": client.streamType }, body: client.cut(body) };
}

const choose = (address: string, isStream: boolean) =>
  address.replace(/\{([^|}]*)\|([^}]*)\}/g, isStream ? "$2" : "$1");

/** Google's own clients ask for server-sent events, or get an array. */
const asArray = (address: string) => address.replace("alt=sse&", "").replace("?alt=sse", "");

const provided = (type: string, kind: Kind) =>
  configured({
    allowOnHeadersStopIteration: true,
    provider: { type, apiTokens: ["k"], modelMapping: { "*": kind.model ?? "up" }, ...kind.provider },
  });

const CELLS = Object.entries(KINDS).flatMap(([type, kinds]) =>
  [kinds].flat().map((kind) => ({ type, kind, name: kind.mode ? `${type}, ${kind.mode}` : type })),
);

describe.each(CELLS)("$name", async ({ type, kind }) => {
  const root = await provided(type, kind);
  const clients = CLIENTS.flatMap((client) =>
    [false, true].map((isStream) => ({ client, isStream, way: isStream ? "streamed" : "whole" })),
  );

  it.each(clients)("$client.name, $way", ({ client, isStream }) => {
    const format = kind.format ?? "openai";
    const native = kind.native?.[client.format];
    const vendor = vendorOf(native === undefined ? format : client.format);
    const answer = answerOf(client, vendor, isStream);
    const result = chat(root, client.request(vendor.says.calls ? "tools" : "text", isStream), {
      request: { headers: { ":path": client.path(isStream), authorization: "Bearer client-key" } },
      respond: () => answer,
      cutResponse: 11,
    });
    const { upstream } = result;
    const text = result.client?.text ?? "";
    expect(upstream, text).toBeDefined();
    const at = choose(native ?? kind.at, isStream);
    const isArray = vendor.format === client.format && client.streamType === "application/json";
    expect(`${upstream?.headers.get(":authority")}${upstream?.headers.get(":path")}`).toBe(
      isArray ? asArray(at) : at,
    );
    const key = kind.key === undefined ? (["authorization", "Bearer k"] as const) : kind.key;
    if (key !== null) expect(upstream?.headers.get(key[0])).toBe(key[1]);
    expect(JSON.stringify(upstream?.headers.pairs())).not.toContain("client-key");

    expect(result.client?.status, text).toBe(200);
    expect(result.client?.headers.get("content-type")).toBe(
      isStream ? client.streamType : "application/json",
    );
    const said = isStream ? client.stream(text) : client.whole(text);
    const calls = vendor.says.calls ? CALLS : [];
    expect({
      ...said,
      calls: said.calls.map(({ name, arguments: given }) => ({ name, arguments: given })),
    }).toEqual({
      thinking: "",
      text: TEXT,
      calls: calls.map(({ name, arguments: given }) => ({ name, arguments: given })),
      finish: calls.length > 0 ? "calls" : "stop",
      usage: hasUsage(client, vendor) ? usage : { input: 0, output: 0 },
    });
  });

  it.each(clients)("$client.name, an error, $way", ({ client, isStream }) => {
    const isNative = kind.native?.[client.format] !== undefined;
    const vendor = vendorOf(isNative ? client.format : (kind.format ?? "openai"));
    const { client: got } = chat(root, client.request("text", isStream), {
      request: { headers: { ":path": client.path(isStream) } },
      respond: () => ({
        headers: { ":status": "429", "content-type": "application/json" },
        body: JSON.stringify(vendor.failure(429, "too much")),
      }),
    });
    expect(got?.status).toBe(429);
    expect(client.failure(got?.text ?? "")).toContain("too much");
  });
});

describe.each(Object.entries(UNREAD))("%s", (type, kind) => {
  it.each(["application/json", "text/event-stream"])("%s goes through byte for byte", async (contentType) => {
    const root = await provided(type, kind);
    const body = 'data: {"own" : 1.0}\n\n';
    const { upstream, client } = chat(root, '{"own" : 1.0}', {
      request: { headers: { ":path": "/v3/chat", authorization: "Bearer client-key" } },
      respond: () => ({ headers: { "content-type": contentType }, body }),
      cutResponse: 3,
    });
    expect(`${upstream?.headers.get(":authority")}${upstream?.headers.get(":path")}`).toBe(kind.at);
    expect(upstream?.headers.get("authorization")).toBe("Bearer k");
    expect(upstream?.text).toBe('{"own" : 1.0}');
    expect(client?.text).toBe(body);
  });
});

it("no type is missing", () => {
  expect([...Object.keys(KINDS), ...Object.keys(UNREAD)].sort()).toEqual([...PROVIDER_TYPES].sort());
});
