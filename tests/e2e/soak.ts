/**
 * `npm run soak`: mixed load on a real Envoy with two workers, and whether the memory of the plugin's VMs stays flat.
 * Prints the least-squares slope of each worker's memory with its noise; exits with 1 where one grows, or where a
 * request came to something else than it must.
 *
 * `SOAK_SECONDS`: default 600, of which the first quarter, at most a minute, only warms up. `SOAK_CLIENTS`: clients at
 * the same time, default 8.
 */
import { fileURLToPath } from "node:url";
import { residentMiB } from "../bench/process.ts";
import { parseScrape } from "../support/promql.ts";
import { fitLine } from "../support/slope.ts";
import { type Stage, startStage } from "./harness.ts";
import { KINDS, startFailing } from "./soak-load.ts";

const PAGE_BYTES = 65_536;
/** Milliseconds between two requests of a client: the machine is not ours alone. */
const PAUSE_MS = 15;

export interface SoakOptions {
  seconds: number;
  clients: number;
  onProgress?: (line: string) => void;
}

/** Memory of one worker's VM. */
export interface WorkerReport {
  worker: string;
  firstBytes: number;
  lastBytes: number;
  /** Bytes a second, after the warm-up. */
  slope: number;
  /**
   * Slopes up to this are noise: twice the standard error of the line, and never less than what one and a half pages
   * over the whole time come to. A VM doubles its memory when it is full, so one step is far above that.
   */
  noise: number;
}

export interface SoakReport {
  requests: number;
  /** What came to something else than it must, with how often. */
  wrong: Map<string, number>;
  workers: WorkerReport[];
  isFlat: boolean;
}

/** Runs the load and measures. */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const failing = await startFailing();
  const stage = await startStage({
    concurrency: 2,
    services: [
      ...failing.services,
      {
        application: "QWEN-CHAT",
        limits: { concurrent: 1000, queue: 10, tokensPerMinute: 2e9, idleMs: 60_000 },
      },
    ],
    clusters: failing.clusters,
    settings: { observe: { logAttributes: true, accessLog: true } },
  });
  try {
    return await run(stage, options);
  } finally {
    await stage.stop();
    await failing.stop();
  }
}

async function run(stage: Stage, { seconds, clients, onProgress }: SoakOptions): Promise<SoakReport> {
  const turns = KINDS.flatMap((kind) => Array.from({ length: kind.weight }, () => kind));
  const begin = Date.now();
  const passed = () => (Date.now() - begin) / 1000;
  const wrong = new Map<string, number>();
  let requests = 0;
  const client = async (first: number) => {
    // Clients begin at different places, and a step that is prime to the length visits all kinds.
    for (let turn = first * 5; passed() < seconds; turn += 7) {
      const kind = turns[turn % turns.length] as (typeof turns)[number];
      const problem = await kind.run(stage).catch((error) => String(error));
      requests++;
      if (problem) {
        const text = `${kind.name}: ${problem}`;
        wrong.set(text, (wrong.get(text) ?? 0) + 1);
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  };
  const memory = new Map<string, [number, number][]>();
  const observer = async () => {
    while (passed() < seconds) {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      for (const [worker, bytes] of await memoryOf(stage)) {
        memory.set(worker, [...(memory.get(worker) ?? []), [passed(), bytes]]);
      }
      for (const { service } of stage.instances) service.requests.length = 0;
      const now = Math.round(passed());
      if (now % 30 === 0) {
        const pages = [...memory.values()].map((points) => (points.at(-1)?.[1] ?? 0) / PAGE_BYTES);
        const rss = residentMiB(stage.gateway.envoy.pid).toFixed(0);
        onProgress?.(`${now} s: ${requests} requests, pages of VMs ${pages.join(", ")}, Envoy ${rss} MiB`);
      }
    }
  };
  await Promise.all([observer(), ...Array.from({ length: clients }, (_, index) => client(index))]);
  const warmUp = Math.min(60, seconds / 4);
  const workers = [...memory].map(([worker, points]) => reportOf(worker, points, warmUp));
  const isFlat = workers.length > 0 && workers.every(({ slope, noise }) => slope <= noise);
  return { requests, wrong, workers, isFlat };
}

function reportOf(worker: string, points: [number, number][], warmUp: number): WorkerReport {
  const counted = points.filter(([second]) => second >= warmUp);
  const { slope, error } = fitLine(counted);
  const time = (counted.at(-1)?.[0] ?? 0) - (counted[0]?.[0] ?? 0);
  return {
    worker,
    firstBytes: points[0]?.[1] ?? 0,
    lastBytes: points.at(-1)?.[1] ?? 0,
    slope,
    noise: Math.max(2 * error, time > 0 ? (1.5 * PAGE_BYTES) / time : Number.POSITIVE_INFINITY),
  };
}

/** Bytes of each worker's VM. */
async function memoryOf(stage: Stage): Promise<Map<string, number>> {
  const reply = await fetch(`${stage.gateway.envoy.adminUrl}/stats/prometheus?filter=vm_memory_bytes`);
  const series = parseScrape(await reply.text()).get("ai_proxy_vm_memory_bytes") ?? [];
  return new Map(series.map(({ labels, value }) => [labels.worker ?? "?", value]));
}

async function main(): Promise<void> {
  const report = await soak({
    seconds: Number(process.env.SOAK_SECONDS ?? 600),
    clients: Number(process.env.SOAK_CLIENTS ?? 8),
    onProgress: (line) => console.log(line),
  });
  console.log(`${report.requests} requests`);
  for (const [text, count] of report.wrong) console.log(`WRONG ${count} x ${text}`);
  for (const { worker, firstBytes, lastBytes, slope, noise } of report.workers) {
    const kib = (bytes: number) => `${(bytes / 1024).toFixed(0)} KiB`;
    const verdict = slope <= noise ? "flat" : "GROWS";
    console.log(
      `worker ${worker}: ${kib(firstBytes)} -> ${kib(lastBytes)}, slope ${slope.toFixed(1)} bytes/s, noise ${noise.toFixed(1)}: ${verdict}`,
    );
  }
  process.exitCode = report.isFlat && report.wrong.size === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
