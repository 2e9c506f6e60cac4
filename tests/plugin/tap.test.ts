import { describe, expect, it } from "vitest";
import { chat, clusterConfiguration, configured } from "./plugin.ts";

const request = { model: "gpt-4o", messages: [{ role: "user", content: "hi" }] };
const answer = JSON.stringify({
  id: "1",
  object: "chat.completion",
  choices: [{ index: 0, message: { role: "assistant", content: "hello" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 },
});

describe("the tap lane: client and upstream speak OpenAI", () => {
  it("sends the request to the service with its own path, authority and credentials", async () => {
    const root = await configured(
      clusterConfiguration({ token: "sk-service", authority: "models.internal", basePath: "/api/v2" }),
    );
    const { upstream, client } = chat(root, request, {
      request: {
        headers: {
          ":path": "/v1/chat/completions?trace=1",
          authorization: "Bearer sk-client",
          "x-api-key": "client",
          "accept-encoding": "gzip, br",
        },
      },
      respond: () => ({ headers: { "content-type": "application/json" }, body: answer }),
    });
    expect(upstream?.headers.get(":path")).toBe("/api/v2/chat/completions?trace=1");
    expect(upstream?.headers.get(":authority")).toBe("models.internal");
    expect(upstream?.headers.get("authorization")).toBe("Bearer sk-service");
    expect(upstream?.headers.get("x-api-key")).toBeUndefined();
    expect(upstream?.headers.get("accept-encoding")).toBe("identity");
    expect(upstream?.headers.get("x-ai-proxy-cluster")).toBe("models");
    expect(upstream?.text).toBe(JSON.stringify(request));
    expect(client?.text).toBe(answer);
    expect(client?.status).toBe(200);
  });

  it("never lets a client choose an address", async () => {
    const root = await configured(clusterConfiguration());
    const { upstream } = chat(root, request, {
      request: {
        headers: { "x-envoy-original-dst-host": "169.254.169.254:80", "x-ai-proxy-cluster": "admin" },
      },
    });
    expect(upstream?.headers.get("x-envoy-original-dst-host")).toBeUndefined();
    expect(upstream?.headers.get("x-ai-proxy-cluster")).toBe("models");
  });

  it("maps the model and leaves every other byte as it came", async () => {
    const root = await configured(
      clusterConfiguration({ modelMapping: { "gpt-4o": "qwen-max", "*": "qwen-turbo" } }),
    );
    const body = '{ "temperature":1.0e0, "model" : "gpt-4o","unknown":{"b":12345678901234567890,"a":1} }';
    const { upstream } = chat(root, body);
    expect(upstream?.text).toBe(body.replace("gpt-4o", "qwen-max"));
    expect(upstream?.headers.get("content-length")).toBe(String(upstream?.body.length));
  });

  it("gives the same request for every way to cut it", async () => {
    const root = await configured(clusterConfiguration({ modelMapping: { "*": "qwen-超大" } }));
    const body =
      '{"messages":[{"role":"user","content":"中文 \\u00e9 \\n \\"model\\":\\"x\\""}],"model":"gpt-4o"}';
    const whole = chat(root, body).upstream;
    expect(JSON.parse(whole?.text ?? "")).toMatchObject({ model: "qwen-超大" });
    for (let cut = 1; cut < Buffer.byteLength(body); cut++) {
      for (const end of ["separate", "joined"] as const) {
        const { upstream } = chat(root, body, { cutRequest: [cut], end });
        expect(upstream?.text).toBe(whole?.text);
      }
    }
  });

  it("renames an escaped or repeated model as well", async () => {
    const root = await configured(clusterConfiguration({ modelMapping: { "org/a": "b" } }));
    expect(chat(root, '{"mo\\u0064el":"org\\/a"}').upstream?.text).toBe('{"mo\\u0064el":"b"}');
    expect(chat(root, '{"model":"x","model":"org/a"}').upstream?.text).toBe('{"model":"b","model":"b"}');
  });

  it("turns a body of 20 MB round in windows, model before or after the messages", async () => {
    const root = await configured(clusterConfiguration({ modelMapping: { "*": "qwen-max" } }));
    const content = "x中\\n".repeat(3_400_000);
    for (const body of [
      `{"model":"gpt-4o","messages":[{"role":"user","content":"${content}"}]}`,
      `{"messages":[{"role":"user","content":"${content}"}],"model":"gpt-4o","n":1}`,
    ]) {
      const { upstream } = chat(root, body, { cutRequest: 16_384 });
      expect(upstream?.text === body.replace("gpt-4o", "qwen-max")).toBe(true);
      expect(upstream?.lengthMismatch).toBe(false);
    }
    expect(root.host.memoryBytes).toBeLessThanOrEqual(2 << 20);
  });

  it("refuses what is no JSON with 400 and sends nothing upstream", async () => {
    const root = await configured(clusterConfiguration());
    for (const body of ["{", '{"model":"a",}', "nonsense", '{"model":"a"} x', "\u0000"]) {
      const { upstream, client } = chat(root, body);
      expect(upstream).toBeUndefined();
      expect(client?.status).toBe(400);
      expect(JSON.parse(client?.text ?? "").error).toMatchObject({
        type: "invalid_request_error",
        code: "invalid_json",
      });
    }
  });

  it("refuses a body over the limit with 413", async () => {
    const root = await configured(clusterConfiguration({}, { maxBodyBytes: 1024 }));
    const { client, upstream } = chat(root, { ...request, pad: "x".repeat(2000) });
    expect(client?.status).toBe(413);
    expect(upstream).toBeUndefined();
  });

  it("passes multipart and binary bodies untouched", async () => {
    const root = await configured(clusterConfiguration());
    const body = new Uint8Array([0, 255, 10, 13, 128, 7]);
    const { upstream } = root.exchange({
      request: {
        headers: { ":path": "/v1/audio/transcriptions", "content-type": "multipart/form-data; boundary=b" },
        body,
      },
    });
    expect(upstream?.body).toEqual(body);
    expect(upstream?.headers.get(":path")).toBe("/v1/audio/transcriptions");
  });

  it("hands a stream on as it comes, byte for byte, whatever the cuts", async () => {
    const root = await configured(clusterConfiguration());
    const stream =
      'data: {"choices":[{"index":0,"delta":{"content":"中"}}]}\r\n\r\n' +
      'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n: ping\n\ndata: [DONE]\n\n';
    for (let cut = 1; cut < Buffer.byteLength(stream); cut++) {
      const { client } = chat(
        root,
        { ...request, stream: true },
        {
          cutResponse: [cut],
          respond: () => ({ headers: { "content-type": "text/event-stream" }, body: stream }),
        },
      );
      expect(client?.text).toBe(stream);
      expect(client?.chunks.length).toBe(2);
    }
  });

  it("tells the client when a stream was cut off, at every byte before its finish reason", async () => {
    const root = await configured(clusterConfiguration());
    const begin = 'data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\n';
    const stream = `${begin}data: {"choices":[{"index":0,"delta":{"content":"b"},"finish_reason":null}]}\n\n`;
    for (let length = begin.length; length <= stream.length; length++) {
      const { client } = chat(
        root,
        { ...request, stream: true },
        {
          respond: () => ({
            headers: { "content-type": "text/event-stream" },
            body: stream.slice(0, length),
          }),
        },
      );
      expect(client?.text.startsWith(stream.slice(0, length))).toBe(true);
      const last = client?.text.trimEnd().split("\n").at(-1) ?? "";
      expect(JSON.parse(last.replace("data: ", "")).error.code).toBe("upstream_truncated");
      expect(client?.text).not.toContain("[DONE]");
    }
  });

  it("makes a gateway's own error page an error in the client's dialect", async () => {
    const root = await configured(clusterConfiguration());
    const { client } = chat(root, request, {
      respond: () => ({
        failure: { status: 503, body: "upstream connect error", headers: { "content-type": "text/plain" } },
      }),
    });
    expect(client?.status).toBe(503);
    expect(client?.headers.get("content-type")).toBe("application/json");
    expect(JSON.parse(client?.text ?? "").error.message).toContain("upstream connect error");
  });

  it("answers a path that is no AI API with 404", async () => {
    const root = await configured(clusterConfiguration());
    const { client } = root.exchange({ request: { headers: { ":method": "GET", ":path": "/favicon.ico" } } });
    expect(client?.status).toBe(404);
    expect(JSON.parse(client?.text ?? "").error.code).toBe("unknown_path");
  });

  it("chooses the service by model, and says so where none answers", async () => {
    const root = await configured({
      allowOnHeadersStopIteration: true,
      steering: { clusterHeader: "x-ai-proxy-cluster" },
      services: [
        { name: "a", cluster: "eureka", models: ["qwen-*"] },
        { name: "b", cluster: "models", models: ["gpt-4o"] },
      ],
    });
    expect(chat(root, { ...request, model: "qwen-max" }).upstream?.headers.get("x-ai-proxy-cluster")).toBe(
      "eureka",
    );
    expect(chat(root, request).upstream?.headers.get("x-ai-proxy-cluster")).toBe("models");
    const { client } = chat(root, { ...request, model: 'no"ne' });
    expect(client?.status).toBe(404);
    expect(JSON.parse(client?.text ?? "").error.message).toContain('no"ne');
  });
});

describe("the list of models", () => {
  it("comes from the configuration where that names models, each once", async () => {
    const root = await configured(
      clusterConfiguration({
        models: ["gpt-4o", "qwen-*", 'a"b'],
        modelMapping: { "gpt-4o": "x", "~^q": "y", mini: "z" },
      }),
    );
    const { client, upstream } = root.exchange({
      request: { headers: { ":method": "GET", ":path": "/v1/models" } },
    });
    expect(upstream).toBeUndefined();
    expect(client?.status).toBe(200);
    const list = JSON.parse(client?.text ?? "");
    expect(list.data.map((model: { id: string }) => model.id).sort()).toEqual(['a"b', "gpt-4o", "mini"]);
    expect(list.data[0]).toMatchObject({ object: "model", owned_by: "models" });
  });

  it("comes from the service where the configuration names none", async () => {
    const root = await configured(clusterConfiguration());
    const { upstream } = root.exchange({ request: { headers: { ":method": "GET", ":path": "/v1/models" } } });
    expect(upstream?.headers.get(":path")).toBe("/v1/models");
  });
});
