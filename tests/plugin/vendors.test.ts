/** Every vendor's row in the plugin: what goes upstream for each API, and what comes back. */
import { describe, expect, it } from "vitest";
import { VENDORS } from "../../assembly/vendors/table.ts";
import { check } from "../../tools/check/check.ts";
import type { Root } from "../host/index.ts";
import { chat, configured, eurekaConfiguration, eurekaReply, pluginModule } from "./plugin.ts";
import { CALLS, type Call, type Documented, NATIVE, OPENAI_COMPATIBLE } from "./vendor-apis.ts";

const MESSAGES = [{ role: "user", content: "hi" }];

/** Bodies with a number and a field that no parser of ours knows: they have to arrive as they are. */
const BODIES: Partial<Record<Call, string>> = {
  chat: `{"model":"m","temperature":1.0,"messages":${JSON.stringify(MESSAGES)},"own":1e0}`,
  responses: '{"model":"m","input":"hi","own":1e0}',
  messages: `{"model":"m","max_tokens":8,"messages":${JSON.stringify(MESSAGES)},"own":1e0}`,
  rerank: '{"model":"m","query":"q","documents":["a"],"own":1e0}',
};
const bodyOf = (call: Call) => BODIES[call] ?? '{"model":"m","own":1e0}';

/** What a client sends; the gateway's own credentials are not for the vendor. */
const CLIENT = { ":authority": "gateway.example.com", authorization: "Bearer sk-client" };

/** A plain Envoy whose route leads to the vendor. */
const service = (vendor: string, rest: object = {}) => ({
  allowOnHeadersStopIteration: true,
  services: [{ vendor, token: "sk-vendor", ...rest }],
});

const serving = (vendor: string, rest: object = {}) => configured(service(vendor, rest));

/** What becomes of one call of a client. */
function ask(root: Root, call: Call, query = "", answer = { type: "application/json", body: "{}" }) {
  const [method, path] = CALLS[call];
  const headers = { ...CLIENT, ":method": method, ":path": `/v1${path}${query}` };
  const respond = () => ({ headers: { "content-type": answer.type }, body: answer.body });
  if (method === "GET") return root.exchange({ request: { headers }, respond });
  return chat(root, bodyOf(call), { request: { headers }, respond });
}

type Asked = ReturnType<typeof ask>;

const addressOf = ({ upstream }: Asked) =>
  upstream && `${upstream.headers.get(":authority")}${upstream.headers.get(":path")}`;

function expectKey(asked: Asked, { key = ["authorization", "Bearer sk-vendor"] }: Documented) {
  expect(asked.upstream?.headers.get(key[0])).toBe(key[1]);
  expect(JSON.stringify(asked.upstream?.headers.pairs())).not.toContain("sk-client");
}

/** Calls that are converted to chat where the vendor does not have them. */
const CONVERTED: Call[] = ["responses", "messages"];

describe.each(Object.entries(OPENAI_COMPATIBLE))("%s", (name, documented) => {
  it.each(Object.keys(CALLS) as Call[])("%s", async (call) => {
    const root = await serving(name, documented.needs);
    const asked = ask(root, call);
    const address = documented.at[call];
    if (address !== undefined) {
      expect(addressOf(asked)).toBe(address);
      expectKey(asked, documented);
      if (CALLS[call][0] === "POST") {
        const added = `{${documented.adds?.[call] ?? ""}`;
        expect(asked.upstream?.text).toBe(bodyOf(call).replace("{", added));
      }
      // The client's query goes on, behind the vendor's own where it has one.
      expect(addressOf(ask(root, call, "?trace=1"))).toBe(
        `${address}${address.includes("?") ? "&" : "?"}trace=1`,
      );
    } else if (CONVERTED.includes(call)) {
      expect(addressOf(asked)).toBe(documented.at.chat);
      expectKey(asked, documented);
      expect(JSON.parse(asked.upstream?.text ?? "")).toMatchObject({ model: "m", messages: MESSAGES });
    } else {
      expect(asked.upstream).toBeUndefined();
      expect(asked.client?.status).toBe(404);
      expect(JSON.parse(asked.client?.text ?? "").error.code).toBe("unsupported_api");
    }
  });

  it("answers, streamed and not, byte for byte", async () => {
    const root = await serving(name, documented.needs);
    const whole = '{"id":"1","choices":[{"message":{"content":"hi"},"finish_reason":"stop"}],"own":1.0}';
    const events = [
      'data: {"choices":[{"index":0,"delta":{"content":"hi"},"own":1.0}]}',
      'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}',
      "data: [DONE]\n\n",
    ].join("\n\n");
    expect(ask(root, "chat", "", { type: "application/json", body: whole }).client?.text).toBe(whole);
    expect(ask(root, "chat", "", { type: "text/event-stream", body: events }).client?.text).toBe(events);
  });
});

describe.each(Object.entries(NATIVE))("%s, in its own words", (name, documented) => {
  it.each(Object.keys(documented.at) as Call[])("%s", async (call) => {
    const asked = ask(await serving(name, documented.needs), call);
    expect(addressOf(asked)).toBe(documented.at[call]);
    expectKey(asked, documented);
  });

  it("answers an OpenAI client, streamed and not", async () => {
    const root = await serving(name, documented.needs);
    const answer = documented.whole
      ? { type: "application/json", body: JSON.stringify(documented.whole) }
      : documented.events;
    const whole = ask(root, "chat", "", answer).client;
    expect(JSON.parse(whole?.text ?? "").choices[0]).toMatchObject({
      message: { content: "hello" },
      finish_reason: "stop",
    });
    const { type, body: events } = documented.events;
    const streamed = chat(
      root,
      { model: "m", messages: MESSAGES, stream: true },
      {
        request: { headers: CLIENT },
        respond: () => ({ headers: { "content-type": type }, body: events }),
      },
    );
    expect(addressOf(streamed)).toBe(documented.stream ?? documented.at.chat);
    const records = (streamed.client?.text ?? "").trim().split("\n\n");
    expect(records.at(-1)).toBe("data: [DONE]");
    const chunks = records.slice(0, -1).map((record) => JSON.parse(record.slice(6)));
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("")).toBe("hello");
  });
});

describe("the tables", () => {
  it("name the same vendors", () => {
    const tested = [...Object.keys(OPENAI_COMPATIBLE), ...Object.keys(NATIVE), "bedrock", "coze", "generic"];
    expect(VENDORS.map(({ name }) => name).sort()).toEqual(tested.sort());
  });

  it("Amazon's host holds the region", async () => {
    const asked = ask(await serving("bedrock", { variables: { region: "eu-west-1" } }), "chat");
    expect(addressOf(asked)).toBe("bedrock-runtime.eu-west-1.amazonaws.com/model/m/converse");
  });
});

describe("Azure", () => {
  const variables = { resource: "acme", apiVersion: "2024-10-21" };
  const addressWith = async (rest: object, query = "") =>
    addressOf(ask(await serving("azure", { variables, ...rest }), "chat", query));

  it("has the deployment that the mapping names", async () => {
    expect(await addressWith({ modelMapping: { m: "prod-4o" } })).toContain("/deployments/prod-4o/chat");
  });

  it("has one fixed deployment, whatever the model", async () => {
    expect(await addressWith({ variables: { ...variables, deployment: "only" } })).toBe(
      "acme.openai.azure.com/openai/deployments/only/chat/completions?api-version=2024-10-21",
    );
  });

  it("has one whole address, whatever is called", async () => {
    const paths = { "/": "/openai/deployments/x/chat/completions?api-version=1" };
    expect(await addressWith({ basePath: "/", paths: { "/chat/completions": paths["/"] } }, "?a=b")).toBe(
      "acme.openai.azure.com/openai/deployments/x/chat/completions?api-version=1&a=b",
    );
  });

  it("is not guessed where the body that names the model comes later", async () => {
    const unheld = (modelMapping: object) =>
      configured(
        { ...service("azure", { variables, modelMapping }), allowOnHeadersStopIteration: false },
        { allowOnHeadersStopIteration: false },
      );
    const several = ask(await unheld({ m: "prod-4o", "*": "prod-mini" }), "chat");
    expect(several.upstream).toBeUndefined();
    expect(JSON.parse(several.client?.text ?? "").error.code).toBe("headers_not_held");
    expect(addressOf(ask(await unheld({ "*": "prod-mini" }), "chat"))).toContain(
      "/deployments/prod-mini/chat",
    );
  });

  it("is on a host of one's own without naming the resource", async () => {
    expect(await addressWith({ variables: { apiVersion: "1" }, authority: "ai.example.com" })).toBe(
      "ai.example.com/openai/deployments/m/chat/completions?api-version=1",
    );
  });

  it("has the model of a socket as its deployment", async () => {
    const root = await serving("azure", { variables, modelMapping: { "gpt-realtime": "rt" } });
    const headers = {
      ":method": "GET",
      ":path": "/v1/realtime?model=gpt-realtime&x=1",
      upgrade: "websocket",
    };
    expect(addressOf(root.exchange({ request: { headers } }))).toBe(
      "acme.openai.azure.com/openai/realtime?api-version=2024-10-21&deployment=rt&model=rt&x=1",
    );
  });
});

describe("Vertex AI", () => {
  const variables = { project: "p1", region: "global" };

  it("has a host of its own for the whole world", async () => {
    for (const vendor of ["vertex", "vertex-openai"]) {
      const asked = ask(await serving(vendor, { variables }), "chat");
      expect(asked.upstream?.headers.get(":authority")).toBe("aiplatform.googleapis.com");
      expect(asked.upstream?.headers.get(":path")).toContain("/locations/global/");
    }
  });

  it("gets what Google's own clients write as it is, with the mapped model", async () => {
    const root = await serving("vertex", { variables, modelMapping: { "*": "gemini-2.5-pro" } });
    const body = '{"contents":[{"parts":[{"text":"hi"}]}],"own":1e0}';
    const headers = { ":path": "/v1beta/models/m:generateContent?key=sk-client" };
    const asked = chat(root, body, { request: { headers } });
    expect(asked.upstream?.headers.get(":path")).toBe(
      "/v1/projects/p1/locations/global/publishers/google/models/gemini-2.5-pro:generateContent",
    );
    expect(asked.upstream?.text).toBe(body);
  });

  it("takes everything as it is with the original protocol", async () => {
    const root = await serving("vertex", { variables, protocol: "original" });
    const path = "/v1/projects/x/locations/y/publishers/anthropic/models/claude:rawPredict";
    const asked = chat(root, "{}", { request: { headers: { ":path": path } } });
    expect(addressOf(asked)).toBe(`aiplatform.googleapis.com${path}`);
  });
});

describe("vendors that are only addresses", () => {
  it.each([
    ["coze", "api.coze.cn"],
    ["generic", "gateway.example.com"],
  ])("%s", async (vendor, host) => {
    const headers = { ...CLIENT, ":path": "/open_api/v2/chat?a=b" };
    const asked = chat(await serving(vendor), "{ any", { request: { headers } });
    expect(addressOf(asked)).toBe(`${host}/open_api/v2/chat?a=b`);
    expect(asked.upstream?.text).toBe("{ any");
    expectKey(asked, {} as Documented);
  });
});

describe("forms", () => {
  const file = Buffer.concat([Buffer.from([0, 255, 13, 10, 45, 45]), Buffer.alloc(200_000, 13)]);
  const part = (head: string, body: string | Buffer) =>
    Buffer.concat([
      Buffer.from(`--X\r\nContent-Disposition: form-data; ${head}\r\n\r\n`),
      Buffer.from(body),
      Buffer.from("\r\n"),
    ]);
  const form = (...parts: Buffer[]) => Buffer.concat([...parts, Buffer.from("--X--\r\n")]);
  const image = part('name="image"; filename="a.png"', file);
  const model = (name: string) => part('name="model"', name);

  const send = (root: Root, path: string, body: Buffer, cutRequest = 70_000) =>
    root.exchange({
      request: {
        headers: {
          ":path": path,
          "content-type": "multipart/form-data; boundary=X",
          "content-length": String(body.length),
        },
        body,
      },
      cutRequest,
    });

  it.each([
    "/v1/images/edits",
    "/v1/images/variations",
    "/v1/audio/transcriptions",
    "/v1/audio/translations",
    "/v1/videos",
  ])("%s: the field `model` is mapped, all else stays byte for byte", async (path) => {
    const root = await serving("openai", { modelMapping: { small: "gpt-image-1" } });
    for (const parts of [
      [model("small"), image],
      [image, model("small")],
    ]) {
      const { upstream } = send(root, path, form(...parts));
      const mapped = parts.map((each) => (each === image ? image : model("gpt-image-1")));
      expect(Buffer.compare(Buffer.from(upstream?.body ?? []), form(...mapped))).toBe(0);
      expect(upstream?.lengthMismatch).toBe(false);
      expect(upstream?.headers.get("content-type")).toBe("multipart/form-data; boundary=X");
    }
  });

  it("a form without it gets one where every model is mapped", async () => {
    const root = await serving("openai", { modelMapping: { "*": "gpt-image-1" } });
    const { upstream } = send(root, "/v1/images/edits", form(image));
    expect(Buffer.compare(Buffer.from(upstream?.body ?? []), form(model("gpt-image-1"), image))).toBe(0);
  });

  it("it chooses the service and the deployment", async () => {
    const variables = { resource: "acme", apiVersion: "1" };
    const azure = { vendor: "azure", token: "k", variables, models: ["dall-e"] };
    const root = await configured({
      allowOnHeadersStopIteration: true,
      services: [azure, { vendor: "openai", token: "k" }],
    });
    const asked = send(root, "/v1/images/edits", form(image, model("dall-e")));
    expect(addressOf(asked)).toBe(
      "acme.openai.azure.com/openai/deployments/dall-e/images/edits?api-version=1",
    );
    expect(addressOf(send(root, "/v1/images/edits", form(model("other"))))).toBe(
      "api.openai.com/v1/images/edits",
    );
  });

  it("passes unread where the model does not matter", async () => {
    const root = await serving("openai");
    const { upstream } = send(root, "/v1/images/edits", Buffer.from("no form"));
    expect(upstream?.text).toBe("no form");
  });

  it("is answered 400 where it is none", async () => {
    const root = await serving("openai", { modelMapping: { small: "m" } });
    for (const body of [Buffer.from("no form"), form(image).subarray(0, 1000), Buffer.from("--Xx\r\n")]) {
      const { upstream, client } = send(root, "/v1/images/edits", body);
      expect(upstream).toBeUndefined();
      expect(client?.status).toBe(400);
      expect(client?.text).toContain("form");
    }
  });

  it("costs no memory, however large the file is", async () => {
    const root = await serving("openai", { modelMapping: { small: "gpt-image-1" } });
    send(root, "/v1/images/edits", form(image, model("small")));
    const before = root.host.memoryBytes;
    const large = part('name="image"; filename="a.png"', Buffer.alloc(20 << 20, 45));
    const { upstream } = send(root, "/v1/images/edits", form(large, model("small")));
    expect(upstream?.body.length).toBe(form(large, model("gpt-image-1")).length);
    expect(root.host.memoryBytes).toBe(before);
  });
});

describe("where a vendor is", () => {
  it("without a place, requests go where the gateway's route leads, and no header steers them", async () => {
    const steering = { clusterHeader: "x-cluster" };
    const root = await configured({ ...service("moonshot"), steering });
    const forged = { ":path": "/v1/chat/completions", "x-cluster": "admin" };
    const { upstream } = chat(root, bodyOf("chat"), { request: { headers: forged } });
    expect(upstream?.headers.get(":authority")).toBe("api.moonshot.cn");
    expect(upstream?.headers.get("x-cluster")).toBeUndefined();
    expect(upstream?.headers.get("x-envoy-original-dst-host")).toBeUndefined();
  });

  it("at instances in Eureka its language is spoken to their own addresses", async () => {
    const root = await configured(eurekaConfiguration({ vendor: "minimax", token: "sk-own" }));
    root.tick();
    root.callouts[0]?.respond({ body: eurekaReply("QWEN-CHAT", [[8000, "UP"]]) });
    const asked = ask(root, "chat");
    expect(addressOf(asked)).toBe("10.0.0.1:8000/v1/text/chatcompletion_v2");
    expect(asked.upstream?.headers.get("authorization")).toBe("Bearer sk-own");
  });
});

describe("what is given beside a vendor wins", () => {
  const addressWith = async (vendor: string, rest: object, call: Call = "chat") =>
    addressOf(ask(await serving(vendor, rest), call));

  it("host, and base path, which ends the vendor's own paths", async () => {
    expect(await addressWith("minimax", { authority: "a.example.com", basePath: "/team/v1" })).toBe(
      "a.example.com/team/v1/chat/completions",
    );
    expect(await addressWith("minimax", { authority: "a.example.com" })).toBe(
      "a.example.com/v1/text/chatcompletion_v2",
    );
  });

  it("format: one that is not the vendor's has its own paths and key", async () => {
    expect(await addressWith("qwen", { format: "dashscope" })).toMatch(
      /^dashscope\.aliyuncs\.com\/api\/v1\/services\/aigc\//,
    );
    const asked = ask(await serving("qwen", { format: "anthropic" }), "messages");
    expect(addressOf(asked)).toBe("dashscope.aliyuncs.com/v1/messages");
    expect(asked.upstream?.headers.get("x-api-key")).toBe("sk-vendor");
  });

  it("languages, and how it authenticates", async () => {
    expect(await addressWith("deepseek", { alsoSpeaks: [] }, "messages")).toBe(
      "api.deepseek.com/v1/chat/completions",
    );
    const auth = { type: "header", name: "x-key", token: "k" };
    const asked = ask(await serving("claude", { token: undefined, auth }), "messages");
    expect(asked.upstream?.headers.get("x-key")).toBe("k");
    expect(asked.upstream?.headers.get("x-api-key")).toBeUndefined();
  });

  it("paths, with segments and model put in, and one's own query before the client's", async () => {
    const paths = {
      "/embeddings": "/embed/v2?dims=8",
      "/files/{file_id}/content": "/blobs/{file_id}",
      "/chat/completions": "/deployments/{model}/chat?v=1",
    };
    const rest = { paths, modelMapping: { m: "qwen max/1" } };
    expect(await addressWith("yi", rest, "embeddings")).toBe("api.lingyiwanwu.com/embed/v2?dims=8");
    expect(await addressWith("yi", rest, "file")).toBe("api.lingyiwanwu.com/blobs/file-1");
    expect(await addressWith("yi", rest)).toBe("api.lingyiwanwu.com/deployments/qwen%20max%2F1/chat?v=1");
    const root = await serving("yi", rest);
    expect(addressOf(ask(root, "chat", "?a=b"))).toBe(
      "api.lingyiwanwu.com/deployments/qwen%20max%2F1/chat?v=1&a=b",
    );
    expect(addressOf(ask(root, "embeddings", "?"))).toBe("api.lingyiwanwu.com/embed/v2?dims=8");
    // What is converted to chat goes there as well.
    expect(addressOf(ask(root, "messages"))).toBe("api.lingyiwanwu.com/deployments/qwen%20max%2F1/chat?v=1");
  });

  it("a path that names the model needs one", async () => {
    const root = await serving("yi", { paths: { "/chat/completions": "/{model}/chat" } });
    const { upstream, client } = chat(root, { messages: MESSAGES });
    expect(upstream).toBeUndefined();
    expect(client?.status).toBe(400);
    expect(JSON.parse(client?.text ?? "").error.code).toBe("model_required");
  });
});

describe("what a vendor does not take", () => {
  const anthropic = { model: "m", max_tokens: 8, top_k: 5, stream: true, messages: MESSAGES };
  const convert = async (vendor: string, rest: object = {}) =>
    chat(await serving(vendor, rest), anthropic, {
      request: { headers: { ":path": "/v1/messages" } },
      respond: () => ({
        headers: { "content-type": "application/json" },
        body: '{"choices":[{"message":{"content":"hi"},"finish_reason":"stop"}]}',
      }),
    });

  it("is left out of a conversion, and reported", async () => {
    const { upstream, client } = await convert("openai");
    const sent = JSON.parse(upstream?.text ?? "");
    expect(sent).not.toHaveProperty("top_k");
    expect(sent).toMatchObject({ max_completion_tokens: 8, stream_options: { include_usage: true } });
    expect(sent).not.toHaveProperty("max_tokens");
    expect(client?.headers.get("x-ai-proxy-dropped-params")).toBe("top_k");
  });

  it("is refused by a strict service", async () => {
    const { upstream, client } = await convert("openai", { strict: true });
    expect(upstream).toBeUndefined();
    expect(client?.status).toBe(400);
    expect(client?.text).toContain("top_k");
  });

  it("goes to those that take it", async () => {
    const { upstream, client } = await convert("vllm");
    expect(JSON.parse(upstream?.text ?? "")).toMatchObject({ top_k: 5, max_tokens: 8 });
    expect(client?.headers.get("x-ai-proxy-dropped-params")).toBeUndefined();
  });

  it.each([
    ["openai", undefined],
    ["mistral", "prompt_cache_retention"],
    ["groq", "prompt_cache_key,prompt_cache_retention"],
  ])("hints for caches go where they are taken: %s", async (vendor, dropped) => {
    const hints = { prompt_cache_key: "k", prompt_cache_retention: "24h" };
    const { upstream, client } = chat(
      await serving(vendor, { alsoSpeaks: [] }),
      { model: "m", input: "hi", ...hints },
      {
        request: { headers: { ":path": "/v1/responses" } },
        respond: () => ({
          headers: { "content-type": "application/json" },
          body: '{"choices":[{"message":{"content":"hi"},"finish_reason":"stop"}]}',
        }),
      },
    );
    const sent = JSON.parse(upstream?.text ?? "");
    for (const [name, value] of Object.entries(hints)) {
      expect(sent[name]).toBe(dropped?.includes(name) ? undefined : value);
    }
    expect(client?.headers.get("x-ai-proxy-dropped-params")).toBe(dropped);
  });

  it("Mistral is not asked for the usage that it sends anyway", async () => {
    const { upstream } = await convert("mistral");
    expect(JSON.parse(upstream?.text ?? "")).not.toHaveProperty("stream_options");
  });
});

describe("what a vendor calls otherwise", () => {
  const send = async (vendor: string, path: string, body: object, rest: object = {}) => {
    const asked = chat(await serving(vendor, rest), body, {
      request: { headers: { ":path": path } },
      respond: () => ({ headers: { "content-type": "application/json" }, body: "{}" }),
    });
    expect(asked.upstream?.lengthMismatch).toBe(false);
    return JSON.parse(asked.upstream?.text ?? "");
  };
  const openai = (more: object) => ({ model: "m", messages: MESSAGES, ...more });
  const anthropic = (more: object) => ({ model: "m", max_tokens: 2000, messages: MESSAGES, ...more });

  it.each(["zhipuai", "longcat"])("%s has a switch for thinking, in both directions", async (vendor) => {
    const path = "/v1/chat/completions";
    const thinking = async (more: object) => (await send(vendor, path, openai(more))).thinking;
    expect(await send(vendor, path, openai({ reasoning_effort: "high", own: 1 }))).toEqual(
      openai({ thinking: { type: "enabled" }, own: 1 }),
    );
    expect(await thinking({ reasoning_effort: "none" })).toEqual({ type: "disabled" });
    expect(await thinking({ reasoning_effort: "low", thinking: { type: "disabled" } })).toEqual({
      type: "disabled",
    });
    expect(await thinking({})).toBeUndefined();
    const converted = async (more: object) =>
      send(vendor, "/v1/messages", anthropic(more), { alsoSpeaks: [] });
    const off = await converted({ thinking: { type: "disabled" } });
    expect(off.thinking).toEqual({ type: "disabled" });
    expect(off).not.toHaveProperty("reasoning_effort");
    const on = await converted({ thinking: { type: "enabled", budget_tokens: 1024 } });
    expect(on.thinking).toEqual({ type: "enabled" });
  });

  it("openrouter has an object for the limit of reasoning", async () => {
    const sent = await send("openrouter", "/v1/chat/completions", openai({ reasoning_max_tokens: 1.5e3 }));
    expect(sent).toEqual(openai({ reasoning: { max_tokens: 1500 } }));
    const both = openai({ reasoning_effort: "high", reasoning_max_tokens: 9 });
    expect(await send("openrouter", "/v1/chat/completions", both)).toEqual(
      openai({ reasoning: { max_tokens: 9 } }),
    );
  });

  it("doubao's Responses API does without choices of tools", async () => {
    const body = { model: "m", input: "hi", parallel_tool_calls: true, tool_choice: "auto" };
    expect(await send("doubao", "/v1/responses", body)).toEqual({ model: "m", input: "hi" });
    expect(await send("doubao", "/v1/chat/completions", openai({ parallel_tool_calls: true }))).toEqual(
      openai({ parallel_tool_calls: true }),
    );
  });

  it("doubao's images have no mark, unless the client wants one", async () => {
    const path = "/v1/images/generations";
    const image = { model: "m", prompt: "a cat", own: [1] };
    expect(await send("doubao", path, image)).toEqual({ ...image, watermark: false });
    expect(await send("doubao", path, { ...image, watermark: true })).toEqual({ ...image, watermark: true });
    const mapped = await send("doubao", path, image, { modelMapping: { m: "seedream" } });
    expect(mapped).toEqual({ ...image, model: "seedream", watermark: false });
    // Nothing else gets the member.
    expect(await send("doubao", "/v1/embeddings", { model: "m", input: "x" })).not.toHaveProperty(
      "watermark",
    );
    expect(await send("doubao", "/v1/chat/completions", openai({}))).not.toHaveProperty("watermark");
    expect(await send("openai", path, image)).toEqual(image);
  });

  it("Claude on Vertex AI: the model in the path, the version in the body", async () => {
    const rest = { variables: { project: "p", region: "r" } };
    const root = await serving("vertex-claude", { ...rest, modelMapping: { m: "claude-x" } });
    const asked = chat(root, anthropic({ own: 1, stream: true }), {
      request: { headers: { ":path": "/v1/messages" } },
    });
    expect(asked.upstream?.headers.get(":path")).toBe(
      "/v1/projects/p/locations/r/publishers/anthropic/models/claude-x:streamRawPredict",
    );
    const { model: _, ...expected } = anthropic({ own: 1, stream: true });
    expect(JSON.parse(asked.upstream?.text ?? "")).toEqual({
      ...expected,
      anthropic_version: "vertex-2023-10-16",
    });
    const converted = await send("vertex-claude", "/v1/chat/completions", openai({}), rest);
    expect(converted).toMatchObject({ anthropic_version: "vertex-2023-10-16", messages: expect.anything() });
    expect(converted).not.toHaveProperty("model");
  });
});

describe("protocol: original", () => {
  it("path, query and body go as they came; host and key are the service's", async () => {
    const root = await serving("qwen", { protocol: "original" });
    for (const [path, body] of [
      ["/api/v1/services/aigc/text-generation/generation?a=b", '{"model":"m","n":1e0}'],
      ["/v1/chat/completions", "no JSON at all"],
    ]) {
      const headers = { ...CLIENT, ":path": path as string };
      const asked = chat(root, body, {
        request: { headers },
        respond: () => ({ headers: { ":status": "400", "content-type": "text/plain" }, body: "no" }),
      });
      expect(addressOf(asked)).toBe(`dashscope.aliyuncs.com${path}`);
      expect(asked.upstream?.text).toBe(body);
      expectKey(asked, {} as Documented);
      expect(asked.client?.text).toBe("no");
    }
  });
});

describe("WebSocket", () => {
  it("an upgrade is never held, and keeps its query", async () => {
    const root = await serving("openai");
    const headers = {
      ...CLIENT,
      ":method": "GET",
      ":path": "/v1/realtime?model=gpt-realtime",
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    };
    const stream = root.stream({});
    stream.requestHeaders(headers, false);
    expect(stream.request.headersSent).toBe(true);
    const frames = stream.request.frames.length;
    stream.requestBody(Buffer.from([0x81, 0x85, 1, 2, 3]), false);
    expect(stream.request.frames.length).toBe(frames + 1);
    stream.close();
    const asked = root.exchange({ request: { headers } });
    expect(addressOf(asked)).toBe("api.openai.com/v1/realtime?model=gpt-realtime");
    expect(asked.upstream?.headers.get("upgrade")).toBe("websocket");
  });
});

describe("a wrong vendor", () => {
  const problems = async (given: object) => {
    const text = JSON.stringify({ services: [given] });
    return (await check(pluginModule(), text)).problems.map(({ message }) => message).join();
  };

  it("is found, with the name that was meant", async () => {
    expect(await problems({ vendor: "depseek" })).toContain('did you mean "deepseek"?');
  });

  it("is one without what only its customer knows", async () => {
    expect(await problems({ vendor: "cloudflare" })).toContain('vendor "cloudflare" needs variables.account');
    expect(await problems({ vendor: "cloudflare", variables: { account: "a" } })).toBe("");
    expect(await problems({ vendor: "bedrock", variables: { account: "a" } })).toContain("variables.region");
  });
});
