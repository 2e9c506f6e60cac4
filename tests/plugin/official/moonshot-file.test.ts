/** A file that lies at Moonshot: its text goes into every chat, as a context file does. */
import { describe, expect, it } from "vitest";
import type { Callout, ExchangeOptions, HostOptions, Root } from "../../host/index.ts";
import { chat, configured } from "../plugin.ts";
import { error, OK, Stage, type Turn } from "../retrying.ts";

const CLUSTER = "outbound|443||moonshot.dns";
const KEY = "sk-secret-1";
const TEXT = '{"content":"Be \\"brief\\".\\n你好","file_type":"application/pdf","filename":"a.pdf"}';

const system = (content: unknown) => ({ role: "system", content });
const user = (content: unknown) => ({ role: "user", content });

/** How each host names the cluster that its route leads to. */
const HOSTS: [name: string, host: Partial<HostOptions>, properties: Record<string, string>][] = [
  ["Envoy", {}, { "xds.cluster_name": CLUSTER }],
  ["Higress", { kind: "higress" }, { cluster_name: CLUSTER }],
];
const [, , ROUTE] = HOSTS[0] ?? ["", {}, {}];

function provided(provider: object = {}, options: Partial<HostOptions> = {}): Promise<Root> {
  return configured(
    {
      allowOnHeadersStopIteration: true,
      provider: { type: "moonshot", apiTokens: [KEY, "sk-secret-2"], moonshotFileId: "f-1", ...provider },
    },
    { clusters: [CLUSTER, "models"], ...options },
  );
}

type Reply = Parameters<Callout["respond"]>[0];

/** A request, and the callout that it made, answered with `reply`. */
function ask(root: Root, request: object, reply: Reply | "fail", options: Partial<ExchangeOptions> = {}) {
  const calls: Callout[] = [];
  const onHeld = () => {
    const call = root.callouts.at(-1);
    if (call === undefined) return;
    calls.push(call);
    if (reply === "fail") call.fail();
    else call.respond(reply);
  };
  return { ...chat(root, request, { properties: ROUTE, onHeld, respond: () => OK, ...options }), calls };
}

const bodyOf = ({ upstream }: { upstream: { text: string } | undefined }) =>
  JSON.parse(upstream?.text ?? "null");

describe.each(HOSTS)("a file of Moonshot on %s", (_, host, properties) => {
  it("is asked for once, where the route leads and with the key; the first request waits for it", async () => {
    const root = await provided({}, host);
    const request = { model: "m", messages: [system("s"), user("a")] };
    const first = ask(root, request, { body: TEXT }, { properties });
    expect(bodyOf(first).messages).toEqual([system("s"), system(TEXT), user("a")]);
    expect(first.upstream?.lengthMismatch).toBe(false);
    expect(first.calls).toHaveLength(1);
    const call = first.calls[0];
    expect(call?.cluster).toBe(CLUSTER);
    expect(call?.headers.toObject()).toMatchObject({
      ":method": "GET",
      ":path": "/v1/files/f-1/content",
      ":authority": "api.moonshot.cn",
      authorization: `Bearer ${KEY}`,
    });
    const next = ask(root, { model: "m", messages: [user("b")] }, "fail", { properties });
    expect(bodyOf(next).messages).toEqual([system(TEXT), user("b")]);
    expect(next.calls).toHaveLength(0);
  });
});

describe("a file of Moonshot", () => {
  it("is where the provider is: domain, base path, path of the API, time limit and spelling of the name", async () => {
    const root = await provided({
      moonshotFileId: "a b/ä",
      providerDomain: "proxy.example.com",
      providerBasePath: "/team",
      timeout: 2500,
    });
    const { calls } = ask(root, { messages: [] }, { body: "x" });
    expect(calls[0]?.headers.get(":path")).toBe("/team/v1/files/a%20b%2F%C3%A4/content");
    expect(calls[0]?.headers.get(":authority")).toBe("proxy.example.com");
    expect(calls[0]?.timeoutMs).toBe(2500);
    expect((await askOnce({})).timeoutMs).toBe(120_000);
    expect((await askOnce({ timeout: 0 })).timeoutMs).toBe(120_000);
  });

  async function askOnce(provider: object): Promise<Callout> {
    const { calls } = ask(await provided(provider), { messages: [] }, { body: "x" });
    if (calls[0] === undefined) throw new Error("the file was not asked for");
    return calls[0];
  }

  it("goes into requests of other languages, converted or not, and into those of its own", async () => {
    const root = await provided();
    const request = { model: "m", max_tokens: 5, system: "s", messages: [user("a")] };
    const asked = ask(root, request, { body: TEXT }, { request: { headers: { ":path": "/v1/messages" } } });
    expect(JSON.stringify(bodyOf(asked))).toContain(JSON.stringify(TEXT).slice(1, -1));
    const gemini = ask(root, { contents: [{ role: "user", parts: [{ text: "a" }] }] }, "fail", {
      request: { headers: { ":path": "/v1beta/models/m:generateContent" } },
    });
    expect(bodyOf(gemini).messages).toContainEqual(system(TEXT));
  });

  it("is not asked for by what is no chat, nor by another type", async () => {
    const root = await provided();
    const listed = root.exchange({ request: { headers: { ":method": "GET", ":path": "/v1/files" } } });
    expect(listed.upstream?.headers.get(":path")).toBe("/v1/files");
    expect(root.callouts).toHaveLength(0);
    const other = await provided({ type: "deepseek" });
    expect(bodyOf(ask(other, { messages: [user("a")] }, "fail")).messages).toEqual([user("a")]);
    expect(other.callouts).toHaveLength(0);
  });

  it.each<[string, Reply | "fail"]>([
    ["is gone", { headers: { ":status": "404" }, body: '{"error":{"message":"no such file"}}' }],
    ["is not for this key", { headers: { ":status": "401" } }],
    ["does not come", "fail"],
    ["is too large", { body: "x".repeat((4 << 20) + 1) }],
  ])(
    "that %s is an error in the client's own shape, and asked for again after 5 seconds",
    async (_, reply) => {
      let time = Date.now();
      const root = await provided({}, { now: () => time });
      const failed = ask(root, { messages: [] }, reply);
      expect(failed.client?.status).toBe(502);
      expect(failed.upstream).toBeUndefined();
      expect(failed.localReply?.details).toBe("ai-proxy.moonshot.load_ctx_failed");
      const { message } = JSON.parse(failed.client?.text ?? "").error;
      expect(message).toContain("moonshotFileId");
      time += 4000;
      expect(ask(root, { messages: [] }, { body: "x" }).calls).toHaveLength(0);
      time += 1500;
      const again = ask(root, { messages: [] }, { body: "x" });
      expect(bodyOf(again).messages).toEqual([system("x")]);
      // The key is in the callout, and nowhere else.
      expect(failed.client?.text).not.toContain("secret");
      expect(JSON.stringify(root.host.logs)).not.toContain("secret");
    },
  );

  it("cannot be had where the route leads nowhere that is known", async () => {
    const root = await provided();
    const unknown: Record<string, string> = { "xds.cluster_name": "unknown" };
    for (const properties of [{}, unknown]) {
      const { client, hung, calls } = ask(root, { messages: [] }, "fail", { properties });
      expect(hung).toBe(false);
      expect(client?.status).toBe(502);
      expect(calls).toHaveLength(0);
    }
  });

  it("is one for all rules with the same key, and another one for each key", async () => {
    const provider = (token: string) => ({ type: "moonshot", apiTokens: [token], moonshotFileId: "f-1" });
    const rule = (domain: string, token: string) => ({ _match_domain_: [domain], provider: provider(token) });
    const root = await configured(
      {
        allowOnHeadersStopIteration: true,
        _rules_: [rule("a.example", "k1"), rule("b.example", "k1"), rule("c.example", "k2")],
      },
      { clusters: [CLUSTER] },
    );
    const askAt = (domain: string, body: string) =>
      ask(root, { messages: [] }, { body }, { request: { headers: { ":authority": domain } } });
    expect(bodyOf(askAt("a.example", "one")).messages).toEqual([system("one")]);
    expect(askAt("b.example", "two").calls).toHaveLength(0);
    const other = askAt("c.example", "two");
    expect(other.calls[0]?.headers.get("authorization")).toBe("Bearer k2");
    expect(bodyOf(other).messages).toEqual([system("two")]);
  });

  it("whose text is not there yet is asked for once by all requests that wait for it", async () => {
    const root = await provided();
    const open = () => {
      const stream = root.stream({ properties: ROUTE });
      const headers = {
        ":method": "POST",
        ":path": "/v1/chat/completions",
        "content-type": "application/json",
      };
      stream.requestHeaders(headers, false);
      stream.requestBody(JSON.stringify({ messages: [user("a")] }), true);
      return stream;
    };
    const streams = [open(), open(), open()];
    expect(root.callouts).toHaveLength(1);
    expect(streams.map((stream) => stream.request.ended)).toEqual([false, false, false]);
    root.callouts[0]?.respond({ body: TEXT });
    expect(streams.map((stream) => stream.request.ended)).toEqual([true, true, true]);
  });

  it("is not left out where the provider stands in for another service: it has to be there", async () => {
    const stage = await Stage.open(
      {
        allowOnHeadersStopIteration: true,
        steering: { clusterHeader: "x-ai-proxy-cluster" },
        attempts: { max: 2 },
        services: [{ name: "first", cluster: "models" }],
        provider: { type: "moonshot", apiTokens: [KEY], moonshotFileId: "f-1" },
      },
      [],
      { clusters: [CLUSTER, "models"] },
    );
    const askIt = (turns: Turn[]) =>
      stage.ask({ model: "m", messages: [user("a")] }, () => error(503), turns, { properties: ROUTE });
    // Nobody waited for it; it is there when the attempt is repeated.
    const early = askIt([{ body: TEXT }, OK]);
    expect(early.client?.status).toBe(200);
    const paths = early.calls.map(({ headers }) => headers[":path"]);
    expect(paths).toEqual(["/v1/files/f-1/content", "/v1/chat/completions"]);
    const later = askIt([OK]);
    expect(later.calls.length).toBe(1);
    for (const call of [early.calls[1], later.calls[0]]) {
      expect(JSON.parse(call?.text ?? "").messages).toEqual([system(TEXT), user("a")]);
    }
  });
});
