/** Every fixture of the official plugin's configuration against the built plugin, on both hosts. */
import { describe, expect, it } from "vitest";
import { type Host, LogLevel, type Root } from "../../host/index.ts";
import { serviceAccountKey } from "../../support/service-account.ts";
import { loadHost } from "../plugin.ts";
import { ANSWER, FILES, type Fixture, type FixtureExchange, fixturesOf, QUESTION } from "./fixtures.ts";

/** In the place of a key of a service account, of which a fixture can have no real one. */
const ANY_KEY = "any";
const TOKENS = "outbound|443||google.dns";

/** Time stands still, so that signatures are known. */
const START = Date.UTC(2026, 0, 2, 3, 4, 5);

async function configure(fixture: Fixture): Promise<{ host: Host; root: Root }> {
  const host = await loadHost({ clusters: ["outbound|443||llm.dns", TOKENS], now: () => START });
  const config = fixture.config ?? { provider: fixture.provider };
  const hasAccount = fixture.provider?.vertexAuthKey === ANY_KEY;
  if (hasAccount) config.provider = { ...fixture.provider, vertexAuthKey: serviceAccountKey().json };
  const root = host.root(JSON.stringify({ allowOnHeadersStopIteration: true, ...config }), {
    name: "ai-proxy",
  });
  if (hasAccount) {
    root.tick();
    const body = '{"access_token":"ya29.t","expires_in":3599}';
    root.callouts[0]?.respond({ headers: { "content-type": "application/json" }, body });
  }
  return { host, root };
}

function notesOf(host: Host): string[] {
  const prefix = "eureka-ai-proxy: configuration: ";
  return host.logs
    .filter(({ level, message }) => level >= LogLevel.Warn && message.startsWith(prefix))
    .map(({ message }) => message.slice(prefix.length));
}

function run(root: Root, { request = {}, upstream, answer = {}, client }: FixtureExchange): void {
  const text = request.text ?? JSON.stringify(request.body ?? QUESTION);
  const hasBody = request.method !== "GET";
  const exchange = root.exchange({
    request: {
      headers: {
        ":method": request.method ?? "POST",
        ":path": request.path ?? "/v1/chat/completions",
        ":authority": "gateway.example.com",
        authorization: "Bearer client-key",
        ...(hasBody && {
          "content-type": "application/json",
          "content-length": String(Buffer.byteLength(text)),
        }),
        ...request.headers,
      },
      ...(hasBody && { body: text }),
    },
    respond: () => ({
      headers: {
        ":status": String(answer.status ?? 200),
        "content-type": answer.type ?? "application/json",
      },
      body: answer.text ?? JSON.stringify(answer.body ?? ANSWER),
    }),
  });
  expect(exchange.hung).toBe(false);
  if (upstream === null) {
    expect(exchange.upstream).toBeUndefined();
  } else {
    expect(exchange.upstream, exchange.client?.text).toBeDefined();
    const sent = exchange.upstream;
    expect(sent?.lengthMismatch).toBe(false);
    if (upstream?.path !== undefined) expect(sent?.headers.get(":path")).toBe(upstream.path);
    if (upstream?.authority !== undefined) expect(sent?.headers.get(":authority")).toBe(upstream.authority);
    const headers: Record<string, string | null> = { authorization: null, ...upstream?.headers };
    for (const [name, value] of Object.entries(headers)) {
      // Where the fixture says nothing of it, the client's own key at least must not go on.
      if (name === "authorization" && upstream?.headers?.authorization === undefined)
        expect(sent?.headers.get(name)).not.toBe("Bearer client-key");
      else expect(sent?.headers.get(name) ?? null, name).toBe(value);
    }
    if (upstream?.body !== undefined) expect(JSON.parse(sent?.text ?? "")).toEqual(upstream.body);
    if (upstream?.text !== undefined) expect(sent?.text).toBe(upstream.text);
  }
  if (client === undefined) {
    expect(exchange.client?.status).toBe(200);
    return;
  }
  expect(exchange.client?.status).toBe(client.status ?? 200);
  if (client.details !== undefined) expect(exchange.localReply?.details).toBe(client.details);
  if (client.type !== undefined) expect(exchange.client?.headers.get("content-type")).toBe(client.type);
  if (client.body !== undefined)
    expect(JSON.parse(exchange.client?.text ?? "")).toMatchObject(client.body as object);
  if (client.chunks !== undefined) expect(sumOf(exchange.client?.text ?? "")).toEqual(client.chunks);
  if (client.text !== undefined) expect(exchange.client?.text).toBe(client.text);
}

/** What the chunks of a stream come to. */
function sumOf(text: string): { content: string; finish: string } {
  const records = text.trim().split("\n\n");
  expect(records.pop()).toBe("data: [DONE]");
  const choices = records.map((record) => JSON.parse(record.replace("data: ", "")).choices[0] ?? {});
  const content = choices.map(({ delta }) => delta?.content ?? "").join("");
  return { content, finish: choices.map(({ finish_reason }) => finish_reason ?? "").join("") };
}

describe.each(FILES)("%s", (file) => {
  for (const fixture of fixturesOf(file)) {
    it(fixture.name, async () => {
      const { host, root } = await configure(fixture);
      expect(root.accepted).toBe(true);
      expect(notesOf(host)).toEqual(fixture.notes ?? []);
      for (const exchange of fixture.exchanges ?? []) run(root, exchange);
    });
  }
});
