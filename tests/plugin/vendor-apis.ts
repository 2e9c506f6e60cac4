/**
 * What the vendors' public API references say, written down by hand: host, header of the key, and where each API is. The
 * plugin's own rows are held against this.
 */

import { vendorOf } from "../support/upstreams/index.ts";

/** Calls of clients, by a short name: method, path behind `/v1`, and the part of an address that the table leaves out. */
export const CALLS = {
  chat: ["POST", "/chat/completions"],
  completions: ["POST", "/completions"],
  embeddings: ["POST", "/embeddings"],
  responses: ["POST", "/responses"],
  messages: ["POST", "/messages"],
  models: ["GET", "/models"],
  images: ["POST", "/images/generations"],
  rerank: ["POST", "/rerank"],
  speech: ["POST", "/audio/speech"],
  file: ["GET", "/files/file-1/content"],
  batch: ["POST", "/batches/batch_1/cancel"],
  tuning: ["GET", "/fine_tuning/jobs/ftjob-1/events"],
  video: ["GET", "/videos/video_1/content"],
} as const;

export type Call = keyof typeof CALLS;

/** What a vendor documents. `at` has the address of each call that it has; `chat` also of what is converted to it. */
export interface Documented {
  /** Name and value of the header that carries the key `sk-vendor`. */
  key?: [header: string, value: string];
  at: Partial<Record<Call, string>> & { chat: string };
  /** What stands before the client's members of a body. */
  adds?: Partial<Record<Call, string>>;
  /** What the configuration has to say. */
  needs?: object;
}

const OWN = { authority: "models.example.com" };
const RAW: [string, string] = ["authorization", "sk-vendor"];

/** Addresses below one base: the calls, and where each is. */
function below(base: string, paths: Partial<Record<Call, string>>): Documented["at"] {
  const entries = Object.entries(paths).map(([call, path]) => [call, base + path]);
  return Object.fromEntries(entries);
}

/** The paths of OpenAI's own reference, behind `/v1`. */
const chat = "/chat/completions";
const embeddings = "/embeddings";
const models = "/models";

export const OPENAI_COMPATIBLE: Record<string, Documented> = {
  openai: {
    at: below("api.openai.com/v1", {
      chat,
      completions: "/completions",
      embeddings,
      responses: "/responses",
      models,
      images: "/images/generations",
      speech: "/audio/speech",
      file: "/files/file-1/content",
      batch: "/batches/batch_1/cancel",
      tuning: "/fine_tuning/jobs/ftjob-1/events",
      video: "/videos/video_1/content",
    }),
  },
  ai360: { key: RAW, at: below("api.360.cn/v1", { chat, embeddings }) },
  baichuan: { at: below("api.baichuan-ai.com/v1", { chat, embeddings }) },
  baidu: {
    at: below("qianfan.baidubce.com/v2", {
      chat,
      embeddings,
      models,
      rerank: "/rerank",
      images: "/images/generations",
    }),
  },
  cloudflare: {
    needs: { variables: { account: "0a1b" } },
    at: below("api.cloudflare.com/client/v4/accounts/0a1b/ai/v1", {
      chat,
      embeddings,
      responses: "/responses",
    }),
  },
  deepseek: {
    at: below("api.deepseek.com", {
      chat: "/v1/chat/completions",
      models: "/v1/models",
      completions: "/beta/completions",
      messages: "/anthropic/v1/messages",
    }),
  },
  doubao: {
    at: below("ark.cn-beijing.volces.com/api/v3", {
      chat,
      embeddings,
      images: "/images/generations",
      responses: "/responses",
      file: "/files/file-1/content",
    }),
    adds: { images: '"watermark":false,' },
  },
  fireworks: {
    at: below("api.fireworks.ai/inference/v1", {
      chat,
      completions: "/completions",
      embeddings,
      models,
      rerank: "/rerank",
      responses: "/responses",
      messages: "/messages",
    }),
  },
  github: {
    at: below("models.github.ai", {
      chat: "/inference/chat/completions",
      embeddings: "/inference/embeddings",
      models: "/catalog/models",
    }),
  },
  grok: {
    at: below("api.x.ai/v1", {
      chat,
      completions: "/completions",
      models,
      responses: "/responses",
      messages: "/messages",
      images: "/images/generations",
    }),
  },
  groq: {
    at: below("api.groq.com/openai/v1", {
      chat,
      models,
      responses: "/responses",
      speech: "/audio/speech",
      file: "/files/file-1/content",
      batch: "/batches/batch_1/cancel",
    }),
  },
  hunyuan: { at: below("api.hunyuan.cloud.tencent.com/v1", { chat, embeddings }) },
  longcat: {
    at: below("api.longcat.chat", {
      chat: "/openai/v1/chat/completions",
      models: "/openai/v1/models",
      messages: "/anthropic/v1/messages",
    }),
  },
  minimax: {
    at: below("api.minimax.chat", {
      chat: "/v1/text/chatcompletion_v2",
      messages: "/anthropic/v1/messages",
    }),
  },
  mistral: {
    at: below("api.mistral.ai/v1", {
      chat,
      embeddings,
      models,
      file: "/files/file-1/content",
      tuning: "/fine_tuning/jobs/ftjob-1/events",
    }),
  },
  moonshot: {
    at: below("api.moonshot.cn", {
      chat: "/v1/chat/completions",
      models: "/v1/models",
      file: "/v1/files/file-1/content",
      messages: "/anthropic/v1/messages",
    }),
  },
  openrouter: {
    at: below("openrouter.ai/api/v1", {
      chat,
      completions: "/completions",
      embeddings,
      models,
      responses: "/responses",
      messages: "/messages",
    }),
  },
  qwen: {
    at: below("dashscope.aliyuncs.com", {
      chat: "/compatible-mode/v1/chat/completions",
      completions: "/compatible-mode/v1/completions",
      embeddings: "/compatible-mode/v1/embeddings",
      responses: "/compatible-mode/v1/responses",
      models: "/compatible-mode/v1/models",
      file: "/compatible-mode/v1/files/file-1/content",
      batch: "/compatible-mode/v1/batches/batch_1/cancel",
      rerank: "/compatible-api/v1/reranks",
      messages: "/apps/anthropic/v1/messages",
    }),
  },
  stepfun: {
    at: below("api.stepfun.com/v1", {
      chat,
      models,
      messages: "/messages",
      images: "/images/generations",
      speech: "/audio/speech",
      file: "/files/file-1/content",
    }),
  },
  "together-ai": {
    at: below("api.together.xyz/v1", {
      chat,
      completions: "/completions",
      embeddings,
      models,
      rerank: "/rerank",
      images: "/images/generations",
      speech: "/audio/speech",
      file: "/files/file-1/content",
      batch: "/batches/batch_1/cancel",
    }),
  },
  yi: { at: below("api.lingyiwanwu.com/v1", { chat, models }) },
  zhipuai: {
    at: below("open.bigmodel.cn/api", {
      chat: "/paas/v4/chat/completions",
      embeddings: "/paas/v4/embeddings",
      rerank: "/paas/v4/rerank",
      images: "/paas/v4/images/generations",
      speech: "/paas/v4/audio/speech",
      file: "/paas/v4/files/file-1/content",
      batch: "/paas/v4/batches/batch_1/cancel",
      messages: "/anthropic/v1/messages",
    }),
  },
  ollama: {
    needs: OWN,
    at: below("models.example.com/v1", { chat, completions: "/completions", embeddings, models }),
  },
  vllm: {
    needs: OWN,
    at: below("models.example.com/v1", {
      chat,
      completions: "/completions",
      embeddings,
      models,
      rerank: "/rerank",
    }),
  },
};

const AZURE = "acme.openai.azure.com/openai";

/** Azure's addresses hold the deployment and a version. Source: Azure OpenAI, REST API reference. */
OPENAI_COMPATIBLE.azure = {
  key: ["api-key", "sk-vendor"],
  needs: { variables: { resource: "acme", apiVersion: "2024-10-21" } },
  at: {
    chat: `${AZURE}/deployments/m/chat/completions?api-version=2024-10-21`,
    completions: `${AZURE}/deployments/m/completions?api-version=2024-10-21`,
    embeddings: `${AZURE}/deployments/m/embeddings?api-version=2024-10-21`,
    images: `${AZURE}/deployments/m/images/generations?api-version=2024-10-21`,
    speech: `${AZURE}/deployments/m/audio/speech?api-version=2024-10-21`,
    responses: `${AZURE}/responses?api-version=2024-10-21`,
    models: `${AZURE}/models?api-version=2024-10-21`,
    file: `${AZURE}/files/file-1/content?api-version=2024-10-21`,
    batch: `${AZURE}/batches/batch_1/cancel?api-version=2024-10-21`,
    tuning: `${AZURE}/fine_tuning/jobs/ftjob-1/events?api-version=2024-10-21`,
    video: `${AZURE}/v1/videos/video_1/content`,
  },
};

const VERTEX = "/v1/projects/p1/locations/eu-west4";
OPENAI_COMPATIBLE["vertex-openai"] = {
  needs: { variables: { project: "p1", region: "eu-west4" } },
  at: { chat: `eu-west4-aiplatform.googleapis.com${VERTEX}/endpoints/openapi/chat/completions` },
};

const GOOGLE = {
  whole: { candidates: [{ content: { role: "model", parts: [{ text: "hello" }] }, finishReason: "STOP" }] },
};

/** A vendor with a format of its own: what a chat is answered with. */
export interface NativeVendor extends Documented {
  /** Address of a streamed chat, where it is another. */
  stream?: string;
  /** Answers that say "hello"; without a whole one, every answer is streamed. */
  whole?: object;
  events: { type: string; body: string };
}

const sse = (...events: [name: string, data: object][]) => ({
  type: "text/event-stream",
  body: events
    .map(([name, data]) => `${name === "" ? "" : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`)
    .join(""),
});

const GOOGLE_EVENTS = sse(["", GOOGLE.whole]);

/** What the fake of a format answers, streamed and not. */
function answersOf(format: string): Pick<NativeVendor, "whole" | "events"> {
  const vendor = vendorOf(format);
  const scenario = { text: "hello", usage: { input: 3, output: 2 } };
  const whole = vendor.whole(scenario, "m") as object;
  const events = {
    type: vendor.streamType,
    body:
      vendor.answers === "whole"
        ? JSON.stringify(whole)
        : Buffer.concat(vendor.stream(scenario, "m")).toString(),
  };
  return vendor.answers === "stream" ? { events } : { whole, events };
}

const GROUP = { settings: { groupId: "42" } };
const GERMAN = { settings: { targetLanguage: "DE" } };
const DEEPL_KEY: [string, string] = ["authorization", "DeepL-Auth-Key sk-vendor"];

/** Answers of Anthropic's Messages API. */
const CLAUDE = {
  whole: {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "m",
    content: [{ type: "text", text: "hello" }],
    stop_reason: "end_turn",
    usage: { input_tokens: 3, output_tokens: 2 },
  },
  events: sse(
    [
      "message_start",
      {
        type: "message_start",
        message: { id: "msg_1", model: "m", content: [], usage: { input_tokens: 3, output_tokens: 0 } },
      },
    ],
    [
      "content_block_start",
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    ],
    [
      "content_block_delta",
      { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "hello" } },
    ],
    ["content_block_stop", { type: "content_block_stop", index: 0 }],
    [
      "message_delta",
      { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 2 } },
    ],
    ["message_stop", { type: "message_stop" }],
  ),
};

export const NATIVE: Record<string, NativeVendor> = {
  vertex: {
    needs: { variables: { project: "p1", region: "eu-west4" } },
    at: {
      chat: `eu-west4-aiplatform.googleapis.com${VERTEX}/publishers/google/models/m:generateContent`,
    },
    stream: `eu-west4-aiplatform.googleapis.com${VERTEX}/publishers/google/models/m:streamGenerateContent?alt=sse`,
    ...GOOGLE,
    events: GOOGLE_EVENTS,
  },
  "vertex-claude": {
    needs: { variables: { project: "p1", region: "eu-west4" } },
    at: below(`eu-west4-aiplatform.googleapis.com${VERTEX}/publishers/anthropic/models`, {
      chat: "/m:rawPredict",
      messages: "/m:rawPredict",
    }),
    stream: `eu-west4-aiplatform.googleapis.com${VERTEX}/publishers/anthropic/models/m:streamRawPredict`,
    ...CLAUDE,
  },
  "vertex-express-claude": {
    at: below("aiplatform.googleapis.com/v1/publishers/anthropic/models", {
      chat: "/m:rawPredict?key=sk-vendor",
      messages: "/m:rawPredict?key=sk-vendor",
    }),
    stream: "aiplatform.googleapis.com/v1/publishers/anthropic/models/m:streamRawPredict?key=sk-vendor",
    key: ["content-type", "application/json"],
    ...CLAUDE,
  },
  "vertex-express": {
    at: { chat: "aiplatform.googleapis.com/v1/publishers/google/models/m:generateContent?key=sk-vendor" },
    stream:
      "aiplatform.googleapis.com/v1/publishers/google/models/m:streamGenerateContent?alt=sse&key=sk-vendor",
    key: ["content-type", "application/json"],
    ...GOOGLE,
    events: GOOGLE_EVENTS,
  },
  claude: {
    key: ["x-api-key", "sk-vendor"],
    at: below("api.anthropic.com/v1", {
      chat: "/messages",
      messages: "/messages",
      models,
      file: "/files/file-1/content",
    }),
    ...CLAUDE,
  },
  gemini: {
    key: ["x-goog-api-key", "sk-vendor"],
    at: below("generativelanguage.googleapis.com/v1beta", { chat: "/models/m:generateContent", models }),
    stream: "generativelanguage.googleapis.com/v1beta/models/m:streamGenerateContent?alt=sse",
    whole: { candidates: [{ content: { role: "model", parts: [{ text: "hello" }] }, finishReason: "STOP" }] },
    events: sse([
      "",
      { candidates: [{ content: { role: "model", parts: [{ text: "hello" }] }, finishReason: "STOP" }] },
    ]),
  },
  cohere: {
    at: below("api.cohere.com/v2", { chat: "/chat" }),
    whole: {
      id: "c1",
      finish_reason: "COMPLETE",
      message: { role: "assistant", content: [{ type: "text", text: "hello" }] },
    },
    events: sse(
      ["message-start", { type: "message-start", id: "c1", delta: { message: { role: "assistant" } } }],
      [
        "content-start",
        { type: "content-start", index: 0, delta: { message: { content: { type: "text", text: "" } } } },
      ],
      [
        "content-delta",
        { type: "content-delta", index: 0, delta: { message: { content: { text: "hello" } } } },
      ],
      ["content-end", { type: "content-end", index: 0 }],
      ["message-end", { type: "message-end", delta: { finish_reason: "COMPLETE" } }],
    ),
  },
  dify: {
    at: below("api.dify.ai/v1", { chat: "/chat-messages" }),
    whole: { event: "message", message_id: "d1", answer: "hello", metadata: {} },
    events: sse(
      ["", { event: "message", message_id: "d1", answer: "hello" }],
      ["", { event: "message_end", message_id: "d1", metadata: {} }],
    ),
  },
  spark: { at: below("spark-api-open.xf-yun.com/v1", { chat }), ...answersOf("spark") },
  "hunyuan-tc3": { at: { chat: "hunyuan.tencentcloudapi.com/" }, ...answersOf("hunyuan") },
  "minimax-pro": {
    needs: GROUP,
    at: below("api.minimax.chat/v1", { chat: "/text/chatcompletion_pro?GroupId=42" }),
    ...answersOf("minimax"),
  },
  "coze-chat": { at: below("api.coze.cn/v3", { chat: "/chat" }), ...answersOf("coze") },
  deepl: {
    needs: GERMAN,
    key: DEEPL_KEY,
    at: below("api.deepl.com/v2", { chat: "/translate" }),
    ...answersOf("deepl"),
  },
  "deepl-free": {
    needs: GERMAN,
    key: DEEPL_KEY,
    at: below("api-free.deepl.com/v2", { chat: "/translate" }),
    ...answersOf("deepl"),
  },
  triton: {
    needs: OWN,
    at: below("models.example.com/v2", { chat: "/models/m/generate" }),
    stream: "models.example.com/v2/models/m/generate_stream",
    whole: { model_name: "m", text_output: "hello" },
    events: sse(["", { model_name: "m", text_output: "hello" }]),
  },
};
