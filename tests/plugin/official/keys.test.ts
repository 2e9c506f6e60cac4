/** Keys of the official plugin's configuration: several of them, failover, and service accounts. */
import { describe, expect, it } from "vitest";
import { serviceAccountKey } from "../../support/service-account.ts";
import { chat, configured } from "../plugin.ts";

const TOKENS = "outbound|443||google-auth.dns";
const JSON_TYPE = { "content-type": "application/json" };

describe("several keys", () => {
  it("are used in turn", async () => {
    const root = await configured({
      allowOnHeadersStopIteration: true,
      provider: { type: "baichuan", apiTokens: ["a", "b"] },
    });
    const used = Array.from({ length: 4 }, () => chat(root, {}).upstream?.headers.get("authorization"));
    expect(used.slice().sort()).toEqual(["Bearer a", "Bearer a", "Bearer b", "Bearer b"]);
  });

  it("are left alone after a status that failover names, until it is over", async () => {
    let time = 1_700_000_000_000;
    const root = await configured(
      {
        allowOnHeadersStopIteration: true,
        provider: {
          type: "openai",
          apiTokens: ["a", "b"],
          failover: { enabled: true, cooldownDuration: 3000, failoverOnStatus: ["402"], failureThreshold: 2 },
        },
      },
      { now: () => time },
    );
    const ask = (status: string) =>
      chat(
        root,
        {},
        { respond: () => ({ headers: { ":status": status, ...JSON_TYPE }, body: "{}" }) },
      ).upstream?.headers.get("authorization");
    const failed = ask("402");
    const after = Array.from({ length: 4 }, () => ask("200"));
    expect(new Set(after).size).toBe(1);
    expect(after[0]).not.toBe(failed);
    time += 4000;
    root.tick();
    const later = Array.from({ length: 4 }, () => ask("200"));
    expect(new Set(later).size).toBe(2);
  });
});

describe("a service account of vertex", () => {
  const provider = {
    type: "vertex",
    vertexRegion: "us-central1",
    vertexProjectId: "p",
    vertexAuthServiceName: "google-auth",
    vertexTokenRefreshAhead: 60,
    modelMapping: { "*": "gemini-2.5-flash" },
  };

  it("gets an access token through the gateway's service, which requests wait for", async () => {
    const vertexAuthKey = JSON.stringify(serviceAccountKey(2048).json);
    const root = await configured(
      { allowOnHeadersStopIteration: true, provider: { ...provider, vertexAuthKey } },
      { clusters: [TOKENS] },
    );
    const asked: string[] = [];
    const { upstream } = chat(
      root,
      { model: "m", messages: [{ role: "user", content: "x" }] },
      {
        onHeld: () => {
          const call = root.callouts[0];
          if (call === undefined) return root.tick();
          asked.push(call.cluster);
          call.respond({ headers: JSON_TYPE, body: '{"access_token":"ya29.t","expires_in":3599}' });
        },
      },
    );
    expect(asked).toEqual([TOKENS]);
    expect(upstream?.headers.get("authorization")).toBe("Bearer ya29.t");
    expect(upstream?.headers.get(":authority")).toBe("us-central1-aiplatform.googleapis.com");
    expect(upstream?.headers.get(":path")).toBe(
      "/v1/projects/p/locations/us-central1/publishers/google/models/gemini-2.5-flash:generateContent",
    );
  });

  it("that is no key is a mistake of the configuration, which is not repeated", async () => {
    const root = await configured({
      allowOnHeadersStopIteration: true,
      provider: { ...provider, vertexAuthKey: "my secret" },
    });
    const { client } = chat(root, { model: "m" });
    expect(client?.status).toBe(500);
    expect(client?.text).toContain("provider.vertexAuthKey");
    expect(client?.text).not.toContain("my secret");
  });
});
