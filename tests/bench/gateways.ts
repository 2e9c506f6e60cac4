/** The gateways under test: Envoy with one worker and one filter, or none. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type Envoy, startEnvoy } from "../../tools/dev/envoy.ts";
import { gatewayConfig, serverCluster } from "../../tools/dev/envoy-config.ts";
import { builtPlugin } from "../../tools/dev/plugin.ts";
import { compileToFile } from "../support/assembly.ts";
import { forPlainEnvoy } from "./abi.ts";
import { CHUNKS, prose, TOKEN } from "./languages.ts";
import type { DeclaredSuite, Suite } from "./loads.ts";
import { peerPlugin } from "./peer.ts";
import { cpuSeconds, residentMiB } from "./process.ts";

/** One gateway. */
export interface Gateway {
  name: string;
  envoy: Envoy;
  url: string;
  /** Language of the upstream that it should reach. */
  format: string;
  /** Seconds of CPU that Envoy had used when it was ready, and its resident memory then. */
  startCpu: number;
  startRss: number;
}

export const OURS = "eureka-ai-proxy";
export const PEER = "peer plugin";
export const BUILT_IN = "built-in format";
export const DECLARED = "declared format";

const ROOT = new URL("../../", import.meta.url);

const modelMapping = { "*": "model" };

/** Our configuration for a service of the bench's upstream. */
const configurationOf = (format: unknown) => ({
  allowOnHeadersStopIteration: true,
  services: [{ cluster: "models", format, token: "secret", modelMapping }],
});

/** Starts, in this order: no filter, one that only copies bodies, ours, the peer. */
export async function startGateways(suite: Suite, port: number, folder: string): Promise<Gateway[]> {
  const peer = join(folder, "peer.wasm");
  writeFileSync(peer, forPlainEnvoy(readFileSync(await peerPlugin())));
  const { format } = suite;
  const provider = { ...suite.peer, apiTokens: ["secret"], modelMapping };
  const file = await builtPlugin();
  const empty = await compileToFile("tests/bench/empty.as.ts");
  return startAll([
    () => start("no filter", "openai", port),
    () => start("empty filter", "openai", port, { file: empty, configuration: {} }),
    () => start(OURS, format, port, { file, configuration: configurationOf(format) }),
    () => start(PEER, format, port, { file: peer, configuration: { provider } }),
  ]);
}

/** Starts, in this order: no filter, the built-in format, the same declared. */
export async function startDeclaredGateways(suite: DeclaredSuite, port: number): Promise<Gateway[]> {
  const { format } = suite;
  const declared: unknown = parse(readFileSync(new URL(suite.declaration, ROOT), "utf8"));
  const file = await builtPlugin();
  return startAll([
    () => start("no filter", "openai", port),
    () => start(BUILT_IN, format, port, { file, configuration: configurationOf(format) }),
    () => start(DECLARED, format, port, { file, configuration: configurationOf(declared) }),
  ]);
}

/** Starts one after the other, and sees that each does its work; all or none. */
async function startAll(starts: (() => Promise<Gateway>)[]): Promise<Gateway[]> {
  const gateways: Gateway[] = [];
  try {
    for (const startOne of starts) gateways.push(await startOne());
    for (const gateway of gateways) await check(gateway);
    return gateways;
  } catch (failure) {
    await stopGateways(gateways);
    throw failure;
  }
}

export async function stopGateways(gateways: Gateway[]): Promise<void> {
  for (const { envoy } of gateways) await envoy.stop();
}

async function start(
  name: string,
  format: string,
  upstream: number,
  plugin?: { file: string; configuration: object },
): Promise<Gateway> {
  const models = serverCluster("models", new URL(`http://127.0.0.1:${upstream}`));
  const envoy = await startEnvoy({
    config: gatewayConfig({ port: 0, adminPort: 0, plugin, routeCluster: "models", clusters: [models] }),
    concurrency: 1,
    logLevel: "error",
  });
  const url = `http://127.0.0.1:${envoy.ports.main}/v1/chat/completions`;
  return {
    name,
    envoy,
    url,
    format,
    startCpu: cpuSeconds(envoy.pid),
    startRss: residentMiB(envoy.pid),
  };
}

/** Rejects unless the gateway really does the work whose cost is compared, there and back, whole and streamed. */
async function check({ name, url, format }: Gateway): Promise<void> {
  for (const stream of [false, true]) {
    const reply = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "gpt-4o", stream, messages: [{ role: "user", content: "Hello" }] }),
    });
    const body = await reply.text();
    const language = reply.headers.get("x-language");
    const expected = stream ? TOKEN.repeat(CHUNKS) : prose(700);
    if (reply.status !== 200 || language !== format || textOf(body, stream) !== expected) {
      throw new Error(`${name} does not do its work (${reply.status}, ${language}): ${body.slice(0, 400)}`);
    }
  }
}

/** What an answer of Chat Completions says. */
function textOf(body: string, isStream: boolean): string {
  interface Part {
    choices?: { message?: { content?: string }; delta?: { content?: string } }[];
  }
  const parts: Part[] = isStream
    ? body
        .split("\n")
        .filter((line) => line.startsWith("data:") && !line.includes("[DONE]"))
        .map((line) => JSON.parse(line.slice(5)))
    : [JSON.parse(body)];
  return parts
    .flatMap(({ choices }) => choices ?? [])
    .map(({ message, delta }) => (message ?? delta)?.content ?? "")
    .join("");
}
