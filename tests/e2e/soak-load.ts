/** The kinds of requests of the soak: what is asked, and what must come of it. */

import { serverCluster } from "../../tools/dev/envoy-config.ts";
import { type ModelService, startModelService } from "../../tools/dev/model-service.ts";
import { post, type Stage } from "./harness.ts";

/** One kind of request. */
export interface Kind {
  name: string;
  /** How often it is asked, beside the others. */
  weight: number;
  /** Asks once. What is wrong with what came, or "". */
  run: (stage: Stage) => Promise<string>;
}

const WORDS = "alpha beta gamma delta epsilon zeta eta theta iota kappa".split(" ");
const messages = [{ role: "user", content: WORDS.join(" ") }];
const CHAT = "/v1/chat/completions";

/** A request that is answered with this status and a body that holds the text. */
function kind(name: string, weight: number, path: string, body: unknown, status: number, text: string): Kind {
  const run = async (stage: Stage) => {
    const reply = await post(stage.gateway, path, body);
    const got = await reply.text();
    if (reply.status !== status) return `status ${reply.status}: ${got.slice(0, 200)}`;
    return got.includes(text) ? "" : `no "${text}" in: ${got.slice(-200)}`;
  };
  return { name, weight, run };
}

/** The service breaks off in the middle: the client must not take what it has for a whole answer. */
const torn: Kind = {
  name: "stream that breaks off",
  weight: 1,
  run: async (stage) => {
    const reply = await post(stage.gateway, CHAT, { model: "torn", stream: true, messages });
    const got = await reply.text().catch(() => "torn");
    return got.includes("[DONE]") ? `it looks complete: ${got.slice(-100)}` : "";
  },
};

/** The client leaves after the first part. */
const hangUp: Kind = {
  name: "client that hangs up",
  weight: 1,
  run: async (stage) => {
    const abort = new AbortController();
    const reply = await fetch(stage.gateway.url + CHAT, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "slow", stream: true, messages }),
      signal: abort.signal,
    });
    await reply.body?.getReader().read();
    abort.abort();
    return reply.status === 200 ? "" : `status ${reply.status}`;
  },
};

const gemini = { contents: [{ role: "user", parts: [{ text: WORDS.join(" ") }] }] };
const long = [{ role: "user", content: "long ".repeat(60_000) }];

/** All of them. */
export const KINDS: Kind[] = [
  kind("whole", 6, CHAT, { model: "gpt-4o", messages }, 200, '"usage"'),
  kind("stream", 6, CHAT, { model: "gpt-4o", stream: true, messages }, 200, "data: [DONE]"),
  kind("300 KB", 1, CHAT, { model: "gpt-4o", messages: long }, 200, '"usage"'),
  kind("embeddings", 1, "/v1/embeddings", { model: "e", input: "alpha" }, 200, '"embedding"'),
  kind("Anthropic", 3, "/v1/messages", { model: "c", max_tokens: 9, messages }, 200, '"end_turn"'),
  kind(
    "Anthropic stream",
    3,
    "/v1/messages",
    { model: "c", max_tokens: 9, stream: true, messages },
    200,
    "event: message_stop",
  ),
  kind("Gemini", 2, "/v1beta/models/g:generateContent", gemini, 200, '"STOP"'),
  kind("Gemini stream", 3, "/v1beta/models/g:streamGenerateContent?alt=sse", gemini, 200, '"STOP"'),
  kind(
    "Responses stream",
    2,
    "/v1/responses",
    { model: "r", stream: true, input: "alpha beta" },
    200,
    "event: response.completed",
  ),
  kind("no JSON", 1, CHAT, '{"model":', 400, "invalid_json"),
  kind("no AI path", 1, "/favicon.ico", {}, 404, "unknown_path"),
  kind("error of the service", 1, CHAT, { model: "broken", messages }, 500, "server_error"),
  kind(
    "error, converted",
    1,
    "/v1/messages",
    { model: "broken", max_tokens: 9, messages },
    500,
    '"type":"error"',
  ),
  kind("connection closed", 1, CHAT, { model: "closed", messages }, 503, '"error"'),
  torn,
  hangUp,
];

/** Services that fail, each in its way, and their clusters. */
export async function startFailing(): Promise<{
  services: object[];
  clusters: ReturnType<typeof serverCluster>[];
  stop: () => Promise<void>;
}> {
  const behaviours = {
    broken: { status: 500 },
    torn: { cutAfterEvents: 3 },
    closed: { refuse: true },
    slow: { eventDelayMs: 50 },
  };
  const started: ModelService[] = [];
  const clusters = [];
  for (const [name, behaviour] of Object.entries(behaviours)) {
    const service = await startModelService({ name });
    service.behaviour = behaviour;
    started.push(service);
    clusters.push(serverCluster(name, new URL(service.url)));
  }
  return {
    services: Object.keys(behaviours).map((name) => ({ cluster: name, models: [name] })),
    clusters,
    stop: async () => {
      for (const service of started) await service.stop();
    },
  };
}
