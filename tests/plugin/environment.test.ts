import { describe, expect, it } from "vitest";
import { serviceAccountKey } from "../support/service-account.ts";
import { acceptsSigV4 } from "../support/signatures.ts";
import { chat, clusterConfiguration, configured } from "./plugin.ts";

const request = { model: "m", messages: [] };

/** What a configuration means; written so that no template is meant. */
const variable = (name: string) => `$\{${name}}`;

describe("secrets from the environment", () => {
  it("take the place of their names, also within a text and several times", async () => {
    const config = clusterConfiguration({
      token: `a-${variable("FIRST")}-${variable("_2")}-${variable("FIRST")}`,
    });
    const root = await configured(config, { environment: { FIRST: "one", _2: "two=2", OTHER: "" } });
    expect(root.host.messages().join()).not.toContain("configuration:");
    expect(chat(root, request).upstream?.headers.get("authorization")).toBe("Bearer a-one-two=2-one");
  });

  it("leave other dollars and braces alone", async () => {
    for (const token of [
      "$A",
      "$$",
      variable(""),
      variable("1"),
      variable("A-B"),
      "${A",
      `$$${variable("A")}`,
    ]) {
      const root = await configured(clusterConfiguration({ token }), { environment: { A: "value" } });
      const expected = token.replace(variable("A"), "value");
      expect(chat(root, request).upstream?.headers.get("authorization")).toBe(`Bearer ${expected}`);
    }
  });

  it("are several keys where they have commas", async () => {
    const config = clusterConfiguration({ tokens: variable("KEYS") });
    const root = await configured(config, { environment: { KEYS: "sk-a, sk-b" } });
    const keys = [0, 1].map(() => chat(root, request).upstream?.headers.get("authorization"));
    expect(keys.sort()).toEqual(["Bearer sk-a", "Bearer sk-b"]);
  });

  it("are found for signatures, service accounts and Eureka's password", async () => {
    const key = JSON.stringify(serviceAccountKey().json);
    const environment = { ID: "AKIDEXAMPLE", SECRET: "secret", KEY: key, PASSWORD: "pass word" };
    const auth = { type: "sigv4", accessKey: variable("ID"), secretKey: variable("SECRET"), region: "r" };
    const root = await configured(clusterConfiguration({ auth, authority: "a" }), { environment });
    const { upstream } = chat(root, request);
    expect(upstream !== undefined && acceptsSigV4(upstream, { AKIDEXAMPLE: "secret" })).toBe(true);
    const google = { type: "googleServiceAccount", key: variable("KEY"), tokenCluster: "models" };
    const other = await configured(clusterConfiguration({ auth: google }), { environment });
    expect(other.host.messages().join()).not.toContain("configuration:");
    other.tick();
    expect(other.callouts[0]?.headers.get(":authority")).toBe("oauth2.googleapis.com");
    const eureka = {
      services: [{ application: "A" }],
      eureka: { servers: [{ cluster: "eureka", username: "u", password: variable("PASSWORD") }] },
    };
    const third = await configured(eureka, { environment });
    third.tick();
    const basic = Buffer.from("u:pass word").toString("base64");
    expect(third.callouts[0]?.headers.get("authorization")).toBe(`Basic ${basic}`);
  });

  it("are a mistake of the configuration where they are missing, with the place and what to do", async () => {
    const config = clusterConfiguration({ tokens: ["a", variable("NOT_SET")] });
    const root = await configured(config, { environment: { SET: "secret-value" } });
    const said = root.host.messages().join("\n");
    expect(said).toContain(
      "services[0].tokens[1]: the environment variable NOT_SET is not set in the plugin's VM: add it to the WasmPlugin's vmConfig.env",
    );
    const { client, upstream } = chat(root, request);
    expect(upstream).toBeUndefined();
    expect(client?.status).toBe(500);
    expect(client?.text).toContain("NOT_SET");
    expect(said + client?.text).not.toContain("secret-value");
  });

  it("are checked like those that are written down, and never repeated", async () => {
    const root = await configured(clusterConfiguration({ token: variable("BAD") }), {
      environment: { BAD: "two words" },
    });
    const said = root.host.messages().join("\n");
    expect(said).toContain("services[0].token: may only contain visible ASCII characters, without spaces");
    expect(said).not.toContain("two words");
  });

  it("are not looked for in fields that are no secrets", async () => {
    const root = await configured(clusterConfiguration({ name: variable("A"), token: "t" }), {
      environment: { A: "value" },
    });
    expect(chat(root, request).upstream?.headers.get("authorization")).toBe("Bearer t");
    expect(root.host.messages().join()).not.toContain("value");
  });
});

describe("headers that vendors want their key in", () => {
  it.each([
    [
      { type: "header", name: "authorization", prefix: "DeepL-Auth-Key " },
      "authorization",
      "DeepL-Auth-Key k",
    ],
    [{ type: "header", name: "Authorization" }, "authorization", "k"],
    [{ type: "header", name: "api-key" }, "api-key", "k"],
    [{ type: "header", name: "X-API-Key" }, "x-api-key", "k"],
    [{ type: "header", name: "x-goog-api-key" }, "x-goog-api-key", "k"],
  ])("%j", async (auth, name, value) => {
    const root = await configured(clusterConfiguration({ auth: { ...auth, token: "k" } }));
    const client = { authorization: "Bearer client", "x-api-key": "client", "api-key": "client" };
    const { upstream } = chat(root, request, { request: { headers: client } });
    expect(upstream?.headers.getAll(name)).toEqual([value]);
    expect(JSON.stringify(upstream?.headers.pairs())).not.toContain("client");
  });
});
