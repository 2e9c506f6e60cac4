/**
 * `npm run bench`: what the plugin costs in a real Envoy with one worker, against no filter, against a filter that
 * only copies bodies, and against a published peer. All gateways of a suite run at the same time and take turns, so
 * that a machine whose speed drifts is as fast for one as for the other. Costs are CPU time of the Envoy process.
 *
 * `BENCH_ROUNDS`: rounds of each load, default 5. `BENCH_LOADS`: a regular expression; only loads whose suite and name
 * (`OpenAI to Gemini: 1 KB request`) match are measured. `--write` puts the tables into docs/benchmarks.md.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import autocannon from "autocannon";
import { type Gateway, startDeclaredGateways, startGateways, stopGateways } from "./gateways.ts";
import { DECLARED_SUITES, type DeclaredSuite, type Load, SUITES, type Suite } from "./loads.ts";
import { cpuSeconds } from "./process.ts";
import {
  circumstances,
  declaredTable,
  limitsTable,
  loadingTable,
  loadTable,
  type Sample,
  type Samples,
} from "./report.ts";
import { startUpstream } from "./upstream.ts";

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const ONLY = new RegExp(process.env.BENCH_LOADS ?? "");
const DOCUMENT = fileURLToPath(new URL("../../docs/benchmarks.md", import.meta.url));
const BEGIN = "<!-- Measured by tests/bench/run.ts: npm run bench -- --write -->";
const END = "<!-- End of what was measured. -->";

async function measure(gateway: Gateway, load: Load): Promise<Sample> {
  const before = cpuSeconds(gateway.envoy.pid);
  const result = await autocannon({
    url: gateway.url,
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

/** All rounds of one load, the gateways taking turns. The first turn of each only warms up. */
async function measureAll(gateways: Gateway[], load: Load, label: string): Promise<Samples> {
  const samples: Samples = new Map();
  for (const gateway of gateways) await measure(gateway, { ...load, requests: Math.ceil(load.requests / 4) });
  for (let round = 0; round < ROUNDS; round++) {
    // Back and forth: who always comes after the same neighbour pays for it.
    for (const gateway of round % 2 ? [...gateways].reverse() : gateways) {
      const sample = await measure(gateway, load);
      samples.set(gateway.name, [...(samples.get(gateway.name) ?? []), sample]);
    }
    console.error(`${label}: round ${round + 1} of ${ROUNDS}`);
  }
  return samples;
}

function labelOf(suite: Suite | DeclaredSuite, load: Load): string {
  return `${suite.name}: ${load.name}`;
}

/** The loads of a suite that are to be measured. */
function chosen(suite: Suite | DeclaredSuite): Load[] {
  return suite.loads.filter((load) => ONLY.test(labelOf(suite, load)));
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "eureka-ai-proxy-bench-"));
  const upstream = await startUpstream();
  const port = (upstream.address() as AddressInfo).port;
  const measured: { suite: Suite; load: Load; samples: Samples }[] = [];
  const declared: { suite: DeclaredSuite; load: Load; samples: Samples }[] = [];
  const sections: string[] = [];
  try {
    for (const suite of SUITES) {
      const loads = chosen(suite);
      if (loads.length === 0) continue;
      console.error(`${suite.name}: starting gateways ...`);
      const gateways = await startGateways(suite, port, folder);
      try {
        sections.push(`## ${suite.name}`);
        for (const load of loads) {
          const samples = await measureAll(gateways, load, labelOf(suite, load));
          measured.push({ suite, load, samples });
          sections.push(loadTable(load, gateways, samples));
        }
        sections.push(loadingTable(gateways));
      } finally {
        await stopGateways(gateways);
      }
    }
    for (const suite of DECLARED_SUITES) {
      const loads = chosen(suite);
      if (loads.length === 0) continue;
      console.error(`${suite.name}: starting gateways ...`);
      const gateways = await startDeclaredGateways(suite, port);
      try {
        for (const load of loads) {
          const samples = await measureAll(gateways, load, labelOf(suite, load));
          declared.push({ suite, load, samples });
        }
      } finally {
        await stopGateways(gateways);
      }
    }
  } finally {
    upstream.close();
    upstream.closeAllConnections();
    rmSync(folder, { recursive: true, force: true });
  }
  const tables = [
    ...(measured.length ? [limitsTable(measured)] : []),
    ...(declared.length ? [declaredTable(declared)] : []),
  ];
  const report = [circumstances(ROUNDS), ...tables, ...sections].join("\n\n");
  if (process.argv.includes("--write")) write(report);
  else console.log(report);
}

/** Puts the report between the marks of the document. */
function write(report: string): void {
  const text = readFileSync(DOCUMENT, "utf8");
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`docs/benchmarks.md must have "${BEGIN}" and "${END}"`);
  writeFileSync(DOCUMENT, `${text.slice(0, begin)}${BEGIN}\n\n${report}\n\n${text.slice(end)}`);
}

await main();
