/**
 * `npm run bench`: what the plugin costs in a real Envoy with one worker, against no filter, against a filter that
 * only copies bodies, and against a published peer. All gateways run at the same time and take turns, so that a
 * machine whose speed drifts is as fast for one as for the other. Costs are CPU time of the Envoy process.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { cpus, release, tmpdir } from "node:os";
import { join } from "node:path";
import autocannon from "autocannon";
import { type Envoy, startEnvoy } from "../../tools/dev/envoy.ts";
import { gatewayConfig, serverCluster } from "../../tools/dev/envoy-config.ts";
import { builtPlugin } from "../../tools/dev/plugin.ts";
import { compileToFile } from "../support/assembly.ts";
import { forPlainEnvoy } from "./abi.ts";
import { peerPlugin } from "./peer.ts";

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const ONLY = new RegExp(process.env.BENCH_LOADS ?? "");
const TICKS_PER_SECOND = 100;

/** One kind of work. */
interface Load {
  name: string;
  requests: number;
  connections: number;
  body: string;
  stream?: boolean;
}

/** One gateway under test. */
interface Gateway {
  name: string;
  envoy: Envoy;
  /** Seconds of CPU that Envoy had used when it was ready, and its resident memory then. */
  startCpu: number;
  startRss: number;
}

interface Sample {
  cpuMs: number;
  perSecond: number;
  p50: number;
  p99: number;
}

const CHUNKS = 200;
const text = (bytes: number) =>
  "The quick brown fox jumps over the lazy dog. ".repeat(bytes / 45 + 1).slice(0, bytes);
const request = (bytes: number, stream = false) =>
  JSON.stringify({
    model: "gpt-4o",
    stream,
    temperature: 0.7,
    messages: Array.from({ length: Math.max(1, Math.round(bytes / 2000)) }, (_, index) => ({
      role: index % 2 ? "assistant" : "user",
      content: text(Math.min(bytes, 2000) - 60),
    })),
  });

const LOADS: Load[] = [
  { name: "1 KB request", requests: 4000, connections: 16, body: request(1000) },
  { name: "100 KB request", requests: 600, connections: 8, body: request(100_000) },
  { name: "1 MB request", requests: 80, connections: 4, body: request(1_000_000) },
  {
    name: `stream of ${CHUNKS} chunks`,
    requests: 150,
    connections: 8,
    body: request(1000, true),
    stream: true,
  },
];

const answer = JSON.stringify({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1700000000,
  model: "model",
  choices: [{ index: 0, message: { role: "assistant", content: text(700) }, finish_reason: "stop" }],
  usage: { prompt_tokens: 250, completion_tokens: 150, total_tokens: 400 },
});
const chunk = (delta: object, finish: string | null = null) =>
  `data: ${JSON.stringify({
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    created: 1700000000,
    model: "model",
    choices: [{ index: 0, delta, finish_reason: finish }],
  })}\n\n`;

/** A model service that costs as little as possible: it answers without looking at the request. */
function startUpstream(): Promise<Server> {
  const server = createServer((incoming, reply) => {
    let streams = false;
    incoming.on("data", (data: Buffer) => {
      streams ||= data.includes('"stream":true');
    });
    incoming.on("end", async () => {
      if (!streams) {
        reply.writeHead(200, {
          "content-type": "application/json",
          "content-length": Buffer.byteLength(answer),
        });
        reply.end(answer);
        return;
      }
      reply.writeHead(200, { "content-type": "text/event-stream" });
      for (let i = 0; i < CHUNKS; i++) {
        reply.write(chunk({ content: "token " }));
        await new Promise(setImmediate);
      }
      reply.end(`${chunk({}, "stop")}data: [DONE]\n\n`);
    });
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

function residentMiB(pid: number): number {
  const line = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(line?.[1] ?? 0) / 1024;
}

async function startGateway(
  name: string,
  upstream: number,
  plugin?: { file: string; configuration: object },
): Promise<Gateway> {
  const models = serverCluster("models", new URL(`http://127.0.0.1:${upstream}`));
  const envoy = await startEnvoy({
    config: gatewayConfig({ port: 0, adminPort: 0, plugin, routeCluster: "models", clusters: [models] }),
    concurrency: 1,
    logLevel: "error",
  });
  return { name, envoy, startCpu: cpuSeconds(envoy.pid), startRss: residentMiB(envoy.pid) };
}

async function measure(gateway: Gateway, load: Load): Promise<Sample> {
  const before = cpuSeconds(gateway.envoy.pid);
  const result = await autocannon({
    url: `http://127.0.0.1:${gateway.envoy.ports.main}/v1/chat/completions`,
    method: "POST",
    headers: { "content-type": "application/json" },
    body: load.body,
    amount: load.requests,
    connections: load.connections,
  });
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(
      `${gateway.name}, ${load.name}: ${result.non2xx} answers were no 200, ${result.errors} errors`,
    );
  }
  return {
    cpuMs: ((cpuSeconds(gateway.envoy.pid) - before) * 1000 * 1000) / load.requests,
    perSecond: result.requests.average,
    p50: result.latency.p50,
    p99: result.latency.p99,
  };
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const digits = (value: number) =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "eureka-ai-proxy-bench-"));
  const upstream = await startUpstream();
  const port = (upstream.address() as AddressInfo).port;
  const gateways: Gateway[] = [];
  try {
    console.error("starting gateways ...");
    gateways.push(await startGateway("no filter", port));
    const empty = await compileToFile("tests/bench/empty.as.ts");
    gateways.push(await startGateway("empty filter", port, { file: empty, configuration: {} }));
    gateways.push(
      await startGateway("eureka-ai-proxy", port, {
        file: await builtPlugin(),
        configuration: {
          allowOnHeadersStopIteration: true,
          services: [{ cluster: "models", token: "secret", modelMapping: { "*": "model" } }],
        },
      }),
    );
    const peer = join(folder, "peer.wasm");
    writeFileSync(peer, forPlainEnvoy(readFileSync(await peerPlugin())));
    const provider = {
      type: "openai",
      apiTokens: ["secret"],
      openaiCustomUrl: "http://models/v1",
      modelMapping: { "*": "model" },
    };
    gateways.push(await startGateway("peer plugin", port, { file: peer, configuration: { provider } }));

    const samples = new Map<string, Sample[]>();
    for (const load of LOADS) {
      for (const gateway of gateways)
        await measure(gateway, { ...load, requests: Math.ceil(load.requests / 4) });
      for (let round = 0; round < ROUNDS; round++) {
        for (const gateway of gateways) {
          const key = `${load.name}/${gateway.name}`;
          samples.set(key, [...(samples.get(key) ?? []), await measure(gateway, load)]);
        }
        console.error(`${load.name}: round ${round + 1} of ${ROUNDS}`);
      }
    }
    print(gateways, samples);
  } finally {
    for (const gateway of gateways) await gateway.envoy.stop();
    upstream.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function print(gateways: Gateway[], samples: Map<string, Sample[]>): void {
  const of = (load: Load, gateway: Gateway, pick: (sample: Sample) => number) =>
    median((samples.get(`${load.name}/${gateway.name}`) ?? []).map(pick));
  const [none, empty] = gateways as [Gateway, Gateway];
  console.log(
    `Measured ${new Date().toISOString().slice(0, 10)} on ${cpus().length} x ${cpus()[0]?.model.trim()}, Linux ${release()}, Node ${process.version};`,
  );
  console.log(`Envoy with one worker; medians of ${ROUNDS} interleaved rounds.\n`);
  for (const load of LOADS.filter(({ name }) => ONLY.test(name))) {
    const emptyCpu = of(load, empty, (sample) => sample.cpuMs);
    console.log(`### ${load.name}\n`);
    console.log(
      `${table(
        [
          "",
          "CPU ms per 1000",
          "over no filter",
          "of the empty filter's CPU",
          "requests/s",
          "p50 ms",
          "p99 ms",
        ],
        gateways.map((gateway) => {
          const cpu = of(load, gateway, (sample) => sample.cpuMs);
          return [
            gateway.name,
            digits(cpu),
            digits(cpu - of(load, none, (sample) => sample.cpuMs)),
            `${(cpu / emptyCpu).toFixed(2)} x`,
            digits(of(load, gateway, (sample) => sample.perSecond)),
            digits(of(load, gateway, (sample) => sample.p50)),
            digits(of(load, gateway, (sample) => sample.p99)),
          ];
        }),
      )}\n`,
    );
  }
  console.log("### Loading\n");
  console.log(
    table(
      [
        "",
        "CPU s until ready, over no filter",
        "memory MiB at rest, over no filter",
        "memory MiB after the load, over no filter",
      ],
      gateways.map((gateway) => [
        gateway.name,
        digits(gateway.startCpu - none.startCpu),
        digits(gateway.startRss - none.startRss),
        digits(residentMiB(gateway.envoy.pid) - residentMiB(none.envoy.pid)),
      ]),
    ),
  );
}

await main();
