import { describe, expect, it } from "vitest";
import type { Exchange } from "../host/index.ts";
import { acceptsSigV4, acceptsTc3 } from "../support/signatures.ts";
import { chat, clusterConfiguration, configured, eurekaConfiguration, eurekaReply } from "./plugin.ts";

const KEYS = { AKIDEXAMPLE: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const sigv4 = {
  type: "sigv4",
  accessKey: "AKIDEXAMPLE",
  secretKey: KEYS.AKIDEXAMPLE,
  region: "us-east-1",
};
const tc3 = { type: "tc3", secretId: "AKIDEXAMPLE", secretKey: KEYS.AKIDEXAMPLE };
const authority = "bedrock-runtime.us-east-1.amazonaws.com";
const bedrock = { format: "bedrock", authority, auth: sigv4 };
const request = { model: "anthropic.claude-v2:1", messages: [{ role: "user", content: "hi" }] };

/** What a client may send to prove itself to the gateway, or to somebody else. */
const CLIENT = {
  authorization: "Bearer client",
  "x-api-key": "client",
  "api-key": "client",
  "x-goog-api-key": "client",
  "x-amz-security-token": "client",
  "x-amz-content-sha256": "client",
  "x-tc-token": "client",
};

function upstreamOf({ upstream, client }: Exchange) {
  if (upstream === undefined) throw new Error(client?.text);
  return upstream;
}

describe("AWS signatures", () => {
  it("are right in the convert lane, over the body that was written anew", async () => {
    const root = await configured(clusterConfiguration(bedrock));
    const upstream = upstreamOf(chat(root, request));
    expect(upstream.headers.get(":path")).toBe("/model/anthropic.claude-v2%3A1/converse");
    expect(upstream.headers.get("authorization")).toContain(
      "/us-east-1/bedrock/aws4_request, SignedHeaders=content-type;host;x-amz-date,",
    );
    expect(acceptsSigV4(upstream, KEYS)).toBe(true);
    expect(acceptsSigV4(upstream, { AKIDEXAMPLE: "other" })).toBe(false);
  });

  it("are right in the tap lane, over the body that was edited, however it was cut", async () => {
    const service = {
      auth: { ...sigv4, sessionToken: "token", service: "other" },
      modelMapping: { a: "longer-name" },
    };
    const root = await configured(clusterConfiguration({ ...service, authority: "models.test" }));
    for (const cutRequest of [1, 7, 20, 1000]) {
      const upstream = upstreamOf(chat(root, { ...request, model: "a" }, { cutRequest }));
      expect(upstream.text).toContain("longer-name");
      expect(upstream.headers.get("x-amz-security-token")).toBe("token");
      expect(acceptsSigV4(upstream, KEYS)).toBe(true);
    }
  });

  it("cover a body of megabytes without taking memory for it", async () => {
    const root = await configured(clusterConfiguration({ auth: sigv4, authority: "models.test" }));
    chat(root, request);
    const before = root.host.memoryBytes;
    const upstream = upstreamOf(
      chat(root, { ...request, filler: "x".repeat(8 << 20) }, { cutRequest: 100_000 }),
    );
    expect(acceptsSigV4(upstream, KEYS)).toBe(true);
    expect(root.host.memoryBytes - before).toBeLessThan(1 << 20);
  });

  it("follow the clock", async () => {
    let now = Date.UTC(2026, 1, 28, 23, 59, 59);
    const root = await configured(clusterConfiguration(bedrock), { now: () => now });
    const dates = [0, 1000, 86_400_000].map((step) => {
      now += step;
      const upstream = upstreamOf(chat(root, request));
      expect(acceptsSigV4(upstream, KEYS)).toBe(true);
      return upstream.headers.get("x-amz-date");
    });
    expect(dates).toEqual(["20260228T235959Z", "20260301T000000Z", "20260302T000000Z"]);
  });

  it("are made for a request that waited for Eureka, with the instance's host", async () => {
    const root = await configured(eurekaConfiguration({ auth: sigv4 }));
    root.tick();
    const exchange = chat(root, request, {
      onHeld: () => root.callouts[0]?.respond({ body: eurekaReply("QWEN-CHAT", [[9001, "UP"]]) }),
    });
    const upstream = upstreamOf(exchange);
    expect(upstream.headers.get(":authority")).toBe("10.0.0.1:9001");
    expect(acceptsSigV4(upstream, KEYS)).toBe(true);
  });

  it("are made for requests without a body", async () => {
    const root = await configured(clusterConfiguration({ auth: sigv4, authority: "models.test" }));
    const { upstream } = root.exchange({
      request: { headers: { ":method": "GET", ":path": "/v1/files?b=2&a=1" } },
      respond: () => ({ body: "{}" }),
    });
    expect(upstream?.headers.get(":path")).toBe("/v1/files?b=2&a=1");
    expect(upstream?.headers.get("authorization")).toContain("AWS4-HMAC-SHA256");
  });

  it("are made where nothing else is done to a request", async () => {
    const service = { auth: sigv4, authority: "models.test", vendor: "bedrock", protocol: "original" };
    const root = await configured(clusterConfiguration({ ...service, variables: { region: "us-east-1" } }));
    const body = '{"messages": []}';
    const { upstream, client } = root.exchange({
      request: {
        headers: { ":path": "/model/a.b%3A0/converse", "content-type": "application/json" },
        body,
      },
      respond: () => ({ body: "{}" }),
    });
    if (upstream === undefined) throw new Error(client?.text);
    expect(upstream.headers.get(":path")).toBe("/model/a.b%3A0/converse");
    expect(upstream.text).toBe(body);
    expect(acceptsSigV4(upstream, KEYS)).toBe(true);
  });

  it("are refused where the body does not come in time", async () => {
    const configuration = { ...clusterConfiguration({ auth: sigv4 }), allowOnHeadersStopIteration: false };
    const root = await configured(configuration, { allowOnHeadersStopIteration: false });
    const { client, upstream } = chat(root, request);
    expect(upstream).toBeUndefined();
    expect(client?.status).toBe(500);
    expect(JSON.parse(client?.text ?? "").error).toMatchObject({ code: "cannot_sign" });
  });

  it("are refused for bodies that are not read", async () => {
    const root = await configured(clusterConfiguration({ auth: sigv4 }));
    const { client, upstream } = root.exchange({
      request: {
        headers: { ":path": "/v1/audio/transcriptions", "content-type": "multipart/form-data; boundary=a" },
        body: "--a--",
      },
    });
    expect(upstream).toBeUndefined();
    expect(JSON.parse(client?.text ?? "").error).toMatchObject({ code: "cannot_sign" });
  });

  it("take the place of whatever the client sent", async () => {
    const root = await configured(clusterConfiguration(bedrock));
    const upstream = upstreamOf(chat(root, request, { request: { headers: CLIENT } }));
    expect(acceptsSigV4(upstream, KEYS)).toBe(true);
    expect(upstream.headers.pairs().filter(([, value]) => value.includes("client"))).toEqual([]);
  });
});

describe("Tencent Cloud's signatures", () => {
  it("are right in both lanes", async () => {
    const place = { authority: "hunyuan.tencentcloudapi.com", auth: tc3, basePath: "/" };
    for (const service of [place, { ...place, format: "anthropic" }]) {
      const root = await configured(clusterConfiguration(service));
      const upstream = upstreamOf(chat(root, request, { request: { headers: CLIENT } }));
      expect(upstream.headers.get("x-tc-action")).toBe("ChatCompletions");
      expect(upstream.headers.get("x-tc-version")).toBe("2023-09-01");
      expect(upstream.headers.get("authorization")).toContain("/hunyuan/tc3_request");
      expect(acceptsTc3(upstream, KEYS)).toBe(true);
      expect(upstream.headers.pairs().filter(([, value]) => value.includes("client"))).toEqual([]);
    }
  });
});

describe("logs", () => {
  it("hold no secret", async () => {
    for (const auth of [sigv4, tc3]) {
      const root = await configured(clusterConfiguration({ auth }));
      chat(root, request);
      chat(root, "{");
      expect(root.host.messages().join("\n")).not.toContain(KEYS.AKIDEXAMPLE);
    }
  });
});
