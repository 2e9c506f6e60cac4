import { describe, expect, it } from "vitest";
import { chat, clusterConfiguration, configured, loadHost } from "./plugin.ts";

const request = { model: "gpt-4o", messages: [] };

describe("hosts", () => {
  it("never hangs where plain Envoy does not hold headers: the request is edited on its way", async () => {
    const configuration = clusterConfiguration(
      { modelMapping: { "*": "qwen-max" } },
      { allowOnHeadersStopIteration: false },
    );
    const root = await configured(configuration, { allowOnHeadersStopIteration: false });
    const { upstream, hung } = chat(root, request);
    expect(hung).toBe(false);
    expect(JSON.parse(upstream?.text ?? "").model).toBe("qwen-max");
    expect(upstream?.lengthMismatch).toBe(false);
  });

  it("says what to configure where a hold is indispensable", async () => {
    const configuration = clusterConfiguration({ models: ["a"] }, { allowOnHeadersStopIteration: false });
    const root = await configured(configuration, { allowOnHeadersStopIteration: false });
    const { client, hung } = chat(root, request);
    expect(hung).toBe(false);
    expect(client?.status).toBe(500);
    expect(client?.text).toContain("allow_on_headers_stop_iteration");
  });

  it("holds headers on Higress without being told, and raises its buffer limit of 32 KiB", async () => {
    const root = await configured(
      clusterConfiguration({ models: ["gpt-4o"] }, { allowOnHeadersStopIteration: false }),
      {
        kind: "higress",
        bufferLimit: 32 << 10,
      },
    );
    const { upstream } = chat(root, { ...request, pad: "x".repeat(100_000) });
    expect(upstream?.body.length).toBeGreaterThan(100_000);
  });

  it("keeps two configurations in one VM apart, and serves on when one goes", async () => {
    const host = await loadHost();
    const first = host.root(JSON.stringify(clusterConfiguration({ modelMapping: { "*": "one" } })));
    const second = host.root(JSON.stringify(clusterConfiguration({ modelMapping: { "*": "two" } })));
    expect(JSON.parse(chat(first, request).upstream?.text ?? "").model).toBe("one");
    expect(JSON.parse(chat(second, request).upstream?.text ?? "").model).toBe("two");
    first.close();
    expect(JSON.parse(chat(second, request).upstream?.text ?? "").model).toBe("two");
  });

  it("does nothing without a configuration, and refuses one that is no JSON", async () => {
    const host = await loadHost();
    for (const nothing of [undefined, "{}"]) {
      const root = host.root(nothing);
      expect(root.accepted).toBe(true);
      expect(chat(root, request).upstream?.text).toBe(JSON.stringify(request));
    }
    expect(host.root("{oops").accepted).toBe(false);
  });

  it("answers 500 with the problem where a rule is broken, and serves the others", async () => {
    const host = await loadHost();
    const root = host.root(
      JSON.stringify({
        ...clusterConfiguration(),
        _rules_: [{ _match_domain_: ["broken.example"], services: [{ cluster: "models", format: "opnai" }] }],
      }),
    );
    expect(root.accepted).toBe(true);
    const broken = chat(root, request, { request: { headers: { ":authority": "broken.example" } } });
    expect(broken.client?.status).toBe(500);
    expect(broken.client?.text).toContain("opnai");
    expect(chat(root, request).client?.status).toBe(200);
  });

  it("keeps its memory flat", async () => {
    const root = await configured(clusterConfiguration({ modelMapping: { "*": "m" } }));
    for (let i = 0; i < 500; i++) chat(root, { ...request, i });
    const before = root.host.memoryBytes;
    for (let i = 0; i < 5_000; i++) chat(root, { ...request, i });
    expect(root.host.memoryBytes).toBe(before);
    expect(before).toBeLessThanOrEqual(2 << 20);
  });
});
