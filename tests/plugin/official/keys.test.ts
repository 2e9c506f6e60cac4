/** Keys of the official plugin's configuration: several of them, failover, and service accounts. */
import { describe, expect, it } from "vitest";
import type { ExchangeOptions } from "../../host/index.ts";
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

  const respond =
    (status: string, key?: string): ExchangeOptions["respond"] =>
    (sent) => {
      const isMeant = key === undefined || sent.headers.get("authorization") === `Bearer ${key}`;
      return { headers: { ":status": isMeant ? status : "200", ...JSON_TYPE }, body: "{}" };
    };

  async function gateway(failover?: object) {
    const clock = { now: 1_700_000_000_000 };
    const provider = { type: "openai", apiTokens: ["a", "b"], failover };
    const root = await configured({ allowOnHeadersStopIteration: true, provider }, { now: () => clock.now });
    /** How often the key `a` was used. */
    const uses = (count: number, status = "200"): number => {
      const keys = Array.from({ length: count }, () => chat(root, {}, { respond: respond(status, "a") }));
      return keys.filter(({ upstream }) => upstream?.headers.get("authorization") === "Bearer a").length;
    };
    const pass = (ms: number) => {
      clock.now += ms;
      root.tick();
    };
    return { root, uses, pass };
  }

  it("are left alone at once without failover", async () => {
    const { uses, pass } = await gateway();
    expect(uses(2, "429")).toBe(1);
    expect(uses(4)).toBe(0);
    pass(10_001);
    expect(uses(4)).toBe(2);
  });

  it("are left alone after as many failures in a row as failover says, three unless it does", async () => {
    for (const [failureThreshold, times] of [
      [undefined, 3],
      [0, 3],
      [1, 1],
      [2, 2],
      [5, 5],
    ]) {
      const { uses } = await gateway({ enabled: true, failureThreshold, healthCheckModel: "m" });
      expect(uses(2 * Number(times), "429")).toBe(times);
      expect(uses(4, "429")).toBe(0);
    }
  });

  it("are not where a success comes in between", async () => {
    const { uses } = await gateway({ enabled: true });
    for (let round = 0; round < 4; round++) {
      expect(uses(4, "429")).toBe(2);
      expect(uses(2)).toBe(1);
    }
  });

  it("are left alone after the statuses that failover names, for as long as it says", async () => {
    const failover = {
      enabled: true,
      cooldownDuration: 3000,
      failoverOnStatus: ["402"],
      failureThreshold: 1,
    };
    const { uses, pass } = await gateway(failover);
    expect(uses(4, "429")).toBe(2);
    expect(uses(2, "402")).toBe(1);
    pass(2999);
    expect(uses(4)).toBe(0);
    pass(1);
    expect(uses(4)).toBe(2);
  });

  it("are left alone for the interval of health checks where there is no other time", async () => {
    for (const [healthCheckInterval, ms] of [
      [undefined, 5000],
      [0, 5000],
      [1000, 1000],
      [20_000, 20_000],
    ]) {
      const { uses, pass } = await gateway({ enabled: true, failureThreshold: 1, healthCheckInterval });
      expect(uses(2, "401")).toBe(1);
      pass(Number(ms) - 1);
      expect(uses(4)).toBe(0);
      pass(1);
      expect(uses(4)).toBe(2);
    }
  });

  it("come back after as many successes in a row as failover says, which requests of clients are", async () => {
    const { root, uses, pass } = await gateway({ enabled: true, failureThreshold: 1, successThreshold: 2 });
    const isBack = () => root.host.messages().join().includes("is good again");
    uses(2, "429");
    pass(5001);
    expect(uses(2)).toBe(1);
    expect(isBack()).toBe(false);
    expect(uses(2, "429")).toBe(1);
    expect(uses(2)).toBe(0);
    pass(10_001);
    expect(uses(2)).toBe(1);
    expect(isBack()).toBe(false);
    expect(uses(2)).toBe(1);
    expect(isBack()).toBe(true);
    expect(root.callouts).toEqual([]);
  });

  it("are not asked about by requests of the plugin's own, which is said", async () => {
    const checks = {
      healthCheckModel: "m",
      healthCheckTimeout: 1,
      healthCheckInterval: 2,
      successThreshold: 3,
    };
    const { root } = await gateway({ enabled: true, ...checks });
    const said = root.host.messages().filter((message) => message.includes("provider.failover"));
    expect(said).toEqual([
      expect.stringContaining(
        "provider.failover: healthCheckTimeout, healthCheckModel ignored: requests of clients find out",
      ),
    ]);
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
