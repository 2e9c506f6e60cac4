/** What other gateways get wrong with these vendors. Each case is one reported or visible defect. */
import { describe, expect, it } from "vitest";
import type { Root } from "../host/index.ts";
import { chat, configured } from "./plugin.ts";
import { error, OK, REFUSED, Stage } from "./retrying.ts";

const MESSAGES = [{ role: "user", content: "hi" }];
const BODY = JSON.stringify({ model: "m", messages: MESSAGES });

const serving = (vendor: string, rest: object = {}) =>
  configured({ allowOnHeadersStopIteration: true, services: [{ vendor, token: "sk-vendor", ...rest }] });

function call(root: Root, path: string, body: string = BODY, headers: Record<string, string> = {}) {
  return chat(root, body, { request: { headers: { ":path": path, ...headers } }, respond: () => OK });
}

const pathOf = ({ upstream }: ReturnType<typeof call>) => upstream?.headers.get(":path");

describe("paths", () => {
  it("ids of fine-tuning jobs, checkpoints and permissions go upstream, not the names of their places", async () => {
    for (const vendor of ["openai", "azure"]) {
      const variables = { resource: "r", apiVersion: "1" };
      const root = await serving(vendor, vendor === "azure" ? { variables } : {});
      for (const path of [
        "/fine_tuning/jobs/ftjob-1",
        "/fine_tuning/jobs/ftjob-1/checkpoints",
        "/fine_tuning/jobs/ftjob-1/pause",
        "/fine_tuning/checkpoints/ft:m/permissions/cp_1",
      ]) {
        expect(pathOf(call(root, `/v1${path}`, "{}"))).toContain(path);
      }
    }
  });

  it("what the configuration says of an API wins over the vendor's own path", async () => {
    const root = await serving("qwen", { paths: { "/messages": "/own/messages" } });
    expect(pathOf(call(root, "/v1/messages"))).toBe("/own/messages");
  });

  it("Anthropic's own API can be switched on for a vendor whose row has none", async () => {
    const root = await serving("yi", {
      alsoSpeaks: ["anthropic"],
      paths: { "/messages": "/anthropic/v1/messages" },
    });
    const asked = call(root, "/v1/messages?beta=true");
    expect(pathOf(asked)).toBe("/anthropic/v1/messages?beta=true");
    expect(asked.upstream?.text).toBe(BODY);
  });

  it("Mistral's embeddings, Fireworks's base path and Cloudflare's embeddings are where they are documented", async () => {
    expect(pathOf(call(await serving("mistral"), "/team/v1/embeddings"))).toBe("/v1/embeddings");
    expect(pathOf(call(await serving("fireworks"), "/v1/chat/completions"))).toBe(
      "/inference/v1/chat/completions",
    );
    const cloudflare = await serving("cloudflare", { variables: { account: "a" } });
    expect(pathOf(call(cloudflare, "/v1/embeddings"))).toBe("/client/v4/accounts/a/ai/v1/embeddings");
  });

  it("a malformed path is an answer, not a crash", async () => {
    const root = await serving("openai");
    for (const path of ["/%zz", "/v1/%zz", "/v1/files/%", "*", "/v1/chat/completions?%"]) {
      const { client, hung } = call(root, path);
      expect(hung).toBe(false);
      expect(client?.status).toBeLessThan(500);
    }
    expect(call(root, "/v1/chat/completions").client?.status).toBe(200);
  });

  it("Azure: no deployment called `placeholder`, and no `?` too many", async () => {
    const root = await serving("azure", { variables: { resource: "r", apiVersion: "1" } });
    const nameless = call(root, "/v1/chat/completions", JSON.stringify({ messages: MESSAGES }));
    expect(nameless.upstream).toBeUndefined();
    expect(nameless.client?.status).toBe(400);
    const files = root.exchange({ request: { headers: { ":method": "GET", ":path": "/v1/files?" } } });
    expect(files.upstream?.headers.get(":path")).toBe("/openai/files?api-version=1");
  });

  it("Azure: the client's query is kept", async () => {
    const root = await serving("azure", { variables: { resource: "r", apiVersion: "1" } });
    const path = "/v1/files/f-1/content?download=1&variant=a";
    const { upstream } = root.exchange({ request: { headers: { ":method": "GET", ":path": path } } });
    expect(upstream?.headers.get(":path")).toBe(
      "/openai/files/f-1/content?api-version=1&download=1&variant=a",
    );
  });
});

describe("bodies", () => {
  it.each(["hunyuan", "longcat", "minimax", "spark"])("%s: models are mapped", async (vendor) => {
    const root = await serving(vendor, { modelMapping: { m: "other" } });
    expect(JSON.parse(call(root, "/v1/chat/completions").upstream?.text ?? "").model).toBe("other");
  });

  it("zeros, unknown fields, number spelling and `stop` as a text survive", async () => {
    const body = `{"model":"m","temperature":0,"seed":0,"stop":"x","parallel_tool_calls":false,"extra":1.0,"messages":${JSON.stringify(MESSAGES)}}`;
    for (const vendor of ["openai", "moonshot", "zhipuai", "qwen"]) {
      expect(call(await serving(vendor), "/v1/chat/completions", body).upstream?.text).toBe(body);
    }
  });

  it.each(["hunyuan", "minimax", "baichuan", "cloudflare"])(
    "%s: clients of Anthropic's API are served, in both directions",
    async (vendor) => {
      const rest = { alsoSpeaks: [], ...(vendor === "cloudflare" && { variables: { account: "a" } }) };
      const asked = call(
        await serving(vendor, rest),
        "/v1/messages",
        JSON.stringify({ model: "m", max_tokens: 8, messages: MESSAGES }),
      );
      expect(JSON.parse(asked.upstream?.text ?? "").messages).toEqual(MESSAGES);
      expect(JSON.parse(asked.client?.text ?? "").content).toEqual([{ type: "text", text: "first" }]);
    },
  );

  it("generic: a request to /v1/messages keeps path and body", async () => {
    const asked = call(await serving("generic"), "/v1/messages");
    expect(pathOf(asked)).toBe("/v1/messages");
    expect(asked.upstream?.text).toBe(BODY);
  });

  it("original: an answer is not converted either", async () => {
    const root = await serving("bedrock", { protocol: "original", variables: { region: "r" } });
    const body =
      '{"output":{"message":{"role":"assistant","content":[{"text":"hi"}]}},"stopReason":"end_turn"}';
    const asked = chat(root, BODY, {
      request: { headers: { ":path": "/model/m/converse" } },
      respond: () => ({ headers: { "content-type": "application/json" }, body }),
    });
    expect(asked.client?.text).toBe(body);
  });
});

describe("answers", () => {
  it("Moonshot: usage inside of a choice is usage, in every client's own place", async () => {
    const usage = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 };
    const stream = [
      { choices: [{ index: 0, delta: { role: "assistant", content: "hi" } }] },
      { choices: [{ index: 0, delta: {}, finish_reason: "stop", usage }] },
    ];
    const body = `${stream.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("")}data: [DONE]\n\n`;
    const root = await serving("moonshot", { alsoSpeaks: [] });
    const request = { model: "m", max_tokens: 8, stream: true, messages: MESSAGES };
    const asked = chat(root, request, {
      request: { headers: { ":path": "/v1/messages" } },
      respond: () => ({ headers: { "content-type": "text/event-stream" }, body }),
    });
    expect(asked.client?.text).toContain('"output_tokens":4');
    // In the client's own language it moves to where that has it; all else stays byte for byte.
    const tapped = chat(
      root,
      { ...request },
      {
        respond: () => ({ headers: { "content-type": "text/event-stream" }, body }),
      },
    );
    const text = JSON.stringify(usage);
    const last = '{"choices":[{"index":0,"delta":{},';
    expect(tapped.client?.text).toBe(
      body.replace(`,"usage":${text}`, "").replace(last, `{"usage":${text},${last.slice(1)}`),
    );
  });

  it("an API that a vendor lacks is 404 in JSON of the client's own, not 500 in plain text", async () => {
    const { client } = call(await serving("yi"), "/v1/embeddings");
    expect(client?.status).toBe(404);
    expect(client?.headers.get("content-type")).toBe("application/json");
    expect(JSON.parse(client?.text ?? "").error).toMatchObject({
      code: "unsupported_api",
      type: "not_found_error",
    });
    const root = await serving("claude");
    const complete = call(root, "/v1/messages/count_tokens", '{"model":"m","messages":[]}');
    expect(pathOf(complete)).toBe("/v1/messages/count_tokens");
    const lacking = call(
      await serving("deepseek"),
      "/v1/messages/count_tokens",
      '{"model":"m","messages":[]}',
    );
    expect(JSON.parse(lacking.client?.text ?? "")).toMatchObject({
      type: "error",
      error: { type: "not_found_error" },
    });
  });
});

describe("credentials", () => {
  it("the client's go to no vendor, under no name", async () => {
    for (const vendor of ["openai", "claude", "gemini", "generic"]) {
      const { upstream } = call(await serving(vendor), "/v1/chat/completions", BODY, {
        authorization: "Bearer of-the-client",
        "x-api-key": "of-the-client",
        "api-key": "of-the-client",
        "x-goog-api-key": "of-the-client",
      });
      expect(JSON.stringify(upstream?.headers.pairs())).not.toContain("of-the-client");
    }
  });

  it("Triton needs no key, and gets none", async () => {
    const asked = call(
      await serving("triton", { token: undefined, authority: "t.example.com" }),
      "/v1/chat/completions",
    );
    expect(pathOf(asked)).toBe("/v2/models/m/generate");
    expect(asked.upstream?.headers.get("authorization")).toBeUndefined();
  });
});

describe("further attempts", () => {
  const two = {
    allowOnHeadersStopIteration: true,
    attempts: {},
    services: [
      { name: "first", cluster: "models" },
      { name: "second", cluster: "second", vendor: "minimax", token: "k", modelMapping: { m: "other" } },
    ],
  };

  it("go to the right API, also where it is no chat", async () => {
    const stage = await Stage.open({
      ...two,
      services: [two.services[0], { ...two.services[1], vendor: "qwen" }],
    });
    const asked = stage.ask({ model: "m", input: "a" }, () => error(503), [OK], {
      request: { headers: { ":path": "/v1/embeddings" } },
    });
    expect(asked.calls[0]?.headers).toMatchObject({
      ":path": "/compatible-mode/v1/embeddings",
      authorization: "Bearer k",
    });
    expect(JSON.parse(asked.calls[0]?.text ?? "")).toEqual({ model: "other", input: "a" });
  });

  it("have the next vendor's path", async () => {
    const stage = await Stage.open(two);
    const asked = stage.ask({ model: "m", messages: MESSAGES }, () => error(503), [OK]);
    expect(asked.calls[0]?.headers[":path"]).toBe("/v1/text/chatcompletion_v2");
    expect(asked.client?.status).toBe(200);
  });

  it("rewrite the model of a form anew", async () => {
    const stage = await Stage.open({
      ...two,
      services: [two.services[0], { ...two.services[1], vendor: "openai" }],
    });
    const form = (model: string) =>
      `--X\r\nContent-Disposition: form-data; name="model"\r\n\r\n${model}\r\n--X--\r\n`;
    const asked = stage.ask(form("m"), () => REFUSED, [OK], {
      request: {
        headers: { ":path": "/v1/images/edits", "content-type": "multipart/form-data; boundary=X" },
      },
    });
    expect(asked.calls[0]?.text).toBe(form("other"));
    expect(asked.calls[0]?.headers).toMatchObject({
      ":path": "/v1/images/edits",
      "content-type": "multipart/form-data; boundary=X",
    });
  });
});

describe("settings of a format", () => {
  it("are known by the vendor alone", async () => {
    const settings = { botType: "completion" };
    expect(pathOf(call(await serving("dify", { settings }), "/v1/chat/completions"))).toBe(
      "/v1/completion-messages",
    );
  });
});
