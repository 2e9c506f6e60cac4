import { verify } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type HostOptions, type Root, SharedStore } from "../host/index.ts";
import { serviceAccountKey } from "../support/service-account.ts";
import { chat, clusterConfiguration, configured } from "./plugin.ts";

const request = { model: "gemini", messages: [{ role: "user", content: "hi" }] };
const { json: key, publicKey } = serviceAccountKey(2048);

function configuration(auth: object = {}, service: object = {}): object {
  return clusterConfiguration({
    authority: "aiplatform.googleapis.com",
    auth: { type: "googleServiceAccount", key, tokenCluster: "google", ...auth },
    ...service,
  });
}

async function gateway(config: object = configuration(), options: Partial<HostOptions> = {}) {
  const clock = { now: 1_800_000_000_000 };
  const root = await configured(config, {
    now: () => clock.now,
    clusters: ["google", "models", "eureka"],
    ...options,
  });
  const pass = (ms: number, step = 50) => {
    for (const end = clock.now + ms; clock.now < end; ) {
      clock.now = Math.min(end, clock.now + step);
      root.tick();
    }
  };
  return { root, pass, clock };
}

function give(root: Root, token: string, seconds = 3599): void {
  root.callouts[0]?.respond({
    body: JSON.stringify({ access_token: token, expires_in: seconds, token_type: "Bearer" }),
  });
}

function sentWith(root: Root): string | undefined {
  return chat(root, request).upstream?.headers.get("authorization");
}

describe("a Google service account", () => {
  it("asks for a token by a signed assertion", async () => {
    const { root, clock } = await gateway();
    root.tick();
    const call = root.callouts[0];
    expect(call?.cluster).toBe("google");
    expect(call?.headers.toObject()).toMatchObject({
      ":method": "POST",
      ":path": "/token",
      ":authority": "oauth2.googleapis.com",
      "content-type": "application/x-www-form-urlencoded",
    });
    const form = new URLSearchParams(Buffer.from(call?.body ?? []).toString());
    expect(form.get("grant_type")).toBe("urn:ietf:params:oauth:grant-type:jwt-bearer");
    const [head = "", claims = "", signature = ""] = (form.get("assertion") ?? "").split(".");
    const read = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString());
    expect(read(head)).toEqual({ alg: "RS256", typ: "JWT", kid: key.private_key_id });
    const issued = clock.now / 1000 - 10;
    expect(read(claims)).toEqual({
      iss: key.client_email,
      scope: "https://www.googleapis.com/auth/cloud-platform",
      aud: "https://oauth2.googleapis.com/token",
      iat: issued,
      exp: issued + 3600,
    });
    const signed = Buffer.from(`${head}.${claims}`);
    expect(verify("sha256", signed, publicKey, Buffer.from(signature, "base64url"))).toBe(true);
  });

  it("lets requests wait for the first token, in both lanes, and removes what clients sent", async () => {
    for (const format of ["openai", "gemini"]) {
      const { root } = await gateway(configuration({}, { format }));
      root.tick();
      const { upstream, hung } = chat(root, request, {
        request: { headers: { authorization: "Bearer client", "x-goog-api-key": "client" } },
        onHeld: () => give(root, "ya29.token"),
      });
      expect(hung).toBe(false);
      expect(upstream?.headers.getAll("authorization")).toEqual(["Bearer ya29.token"]);
      expect(JSON.stringify(upstream?.headers.pairs())).not.toContain("client");
    }
  });

  it("replaces a token before it ends, while requests go on with the one that is good", async () => {
    const { root, pass } = await gateway(configuration({ refreshAheadMs: 60_000 }));
    root.tick();
    give(root, "first", 600);
    pass(539_000, 1000);
    expect(root.callouts).toHaveLength(0);
    pass(2000, 1000);
    expect(root.callouts).toHaveLength(1);
    expect(sentWith(root)).toBe("Bearer first");
    give(root, "second", 600);
    expect(sentWith(root)).toBe("Bearer second");
  });

  it("does not ask all the time where tokens are short-lived", async () => {
    const { root, pass } = await gateway();
    root.tick();
    let calls = 0;
    for (let second = 0; second < 60; second++) {
      if (root.callouts.length > 0) {
        calls++;
        give(root, `token-${calls}`, 20);
      }
      pass(1000, 1000);
    }
    expect(calls).toBeLessThan(8);
  });

  it("is asked for by one worker; the others take its token", async () => {
    const shared = new SharedStore();
    const one = await gateway(configuration(), { shared });
    const other = await gateway(configuration(), { shared });
    one.root.tick();
    other.root.tick();
    expect([one.root.callouts.length, other.root.callouts.length]).toEqual([1, 0]);
    give(one.root, "shared");
    other.pass(1000);
    expect(sentWith(other.root)).toBe("Bearer shared");
    const restarted = await gateway(configuration(), { shared });
    expect(sentWith(restarted.root)).toBe("Bearer shared");
    // Another scope is another token.
    const scoped = await gateway(configuration({ scope: "https://other" }), { shared });
    scoped.root.tick();
    expect(scoped.root.callouts).toHaveLength(1);
  });

  it("is taken over where the worker that asked is gone", async () => {
    const shared = new SharedStore();
    const one = await gateway(configuration(), { shared });
    one.root.tick();
    const other = await gateway(configuration(), { shared });
    other.pass(5000);
    expect(other.root.callouts).toHaveLength(0);
    other.pass(1100);
    expect(other.root.callouts).toHaveLength(1);
  });

  it("answers 503 with Google's reason, and tries again later", async () => {
    const { root, pass } = await gateway();
    root.tick();
    root.callouts[0]?.respond({
      headers: { ":status": "400" },
      body: JSON.stringify({ error: "invalid_grant", error_description: 'Invalid JWT "Signature".' }),
    });
    const { client, upstream } = chat(root, request);
    expect(upstream).toBeUndefined();
    expect(client?.status).toBe(503);
    const { error } = JSON.parse(client?.text ?? "");
    expect(error.code).toBe("no_credentials");
    expect(error.message).toContain("oauth2.googleapis.com answered 400 invalid_grant Invalid JWT");
    pass(900);
    expect(root.callouts).toHaveLength(0);
    pass(1200);
    expect(root.callouts).toHaveLength(1);
    give(root, "late");
    expect(sentWith(root)).toBe("Bearer late");
  });

  it.each([
    ["no answer", (root: Root) => root.callouts[0]?.fail(), "cannot be reached"],
    ["a time-out", (root: Root) => root.callouts[0]?.timeOut(), "answered 504"],
    [
      "an answer without a token",
      (root: Root) => root.callouts[0]?.respond({ body: "{}" }),
      "without an access token",
    ],
    [
      "a token that is no header value",
      (root: Root) => root.callouts[0]?.respond({ body: '{"access_token":"a\\nb"}' }),
      "without an access token",
    ],
    [
      "something else",
      (root: Root) => root.callouts[0]?.respond({ body: "<html>" }),
      "without an access token",
    ],
  ])("says so after %s", async (_, answer, reason) => {
    const { root } = await gateway();
    root.tick();
    answer(root);
    const { client } = chat(root, request);
    expect(client?.status).toBe(503);
    expect(client?.text).toContain(reason);
  });

  it("says so where the cluster does not exist, or no tick comes", async () => {
    const missing = await gateway(configuration({ tokenCluster: "nowhere" }));
    missing.root.tick();
    expect(chat(missing.root, request).client?.text).toContain("no usable cluster nowhere");
    const silent = await gateway();
    silent.root.tick();
    const { client, hung } = chat(silent.root, request, { onHeld: () => silent.pass(8000) });
    expect(hung).toBe(false);
    expect(client?.status).toBe(503);
  });

  it("goes on with a token while a new one cannot be had, and no longer", async () => {
    const { root, pass } = await gateway();
    root.tick();
    give(root, "only", 600);
    pass(320_000, 1000);
    root.callouts[0]?.fail();
    expect(sentWith(root)).toBe("Bearer only");
    for (let minute = 0; minute < 5; minute++) {
      pass(60_000, 1000);
      root.callouts[0]?.fail();
    }
    expect(chat(root, request).client?.status).toBe(503);
  });

  it("shows no secret in logs and answers", async () => {
    const { root } = await gateway();
    root.tick();
    give(root, "ya29.secret");
    chat(root, request);
    const { root: failing } = await gateway();
    failing.tick();
    failing.callouts[0]?.fail();
    const said = [
      ...root.host.messages(),
      ...failing.host.messages(),
      chat(failing, request).client?.text,
    ].join();
    expect(said).not.toContain("ya29");
    expect(said).not.toContain("PRIVATE KEY");
    expect(said).not.toContain(key.private_key.split("\n")[1]);
  });

  it("is a mistake of the configuration where the key is wrong", async () => {
    for (const [wrong, problem] of [
      ["{}", "has no client_email"],
      [{ ...key, private_key: "-----BEGIN" }, "has a private_key that is no PEM text"],
      [
        { ...key, token_uri: "http://a/token" },
        "has a token_uri that is not like https://oauth2.googleapis.com/token",
      ],
      ["{", "is not the JSON of a service account's key"],
    ] as const) {
      const { root } = await gateway(configuration({ key: wrong }));
      expect(root.host.messages().join("\n")).toContain(`services[0].auth.key: ${problem}`);
    }
  });
});
