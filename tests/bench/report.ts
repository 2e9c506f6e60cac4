/** The bench's tables, in Markdown. */
import { cpus, release } from "node:os";
import { BUILT_IN, DECLARED, type Gateway, OURS, PEER } from "./gateways.ts";
import { DECLARED_LIMIT, type DeclaredSuite, type Load, type Suite } from "./loads.ts";
import { residentMiB } from "./process.ts";

/** One round of one load on one gateway. */
export interface Sample {
  /** Milliseconds of CPU for 1000 requests. */
  cpuMs: number;
  perSecond: number;
  p50: number;
  p99: number;
}

/** The samples of one load, by gateway. */
export type Samples = Map<string, Sample[]>;

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const digits = (value: number) =>
  Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2);

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** When and where it was measured. */
export function circumstances(rounds: number): string {
  const date = new Date().toISOString().slice(0, 10);
  const linux = release().replace(/-.*/, "");
  const machine = `${cpus().length} x ${cpus()[0]?.model.trim()}, Linux ${linux}, Node ${process.version}`;
  return `Measured ${date} on ${machine};\nEnvoy with one worker; medians of ${rounds} interleaved rounds.`;
}

/** One load: every gateway, and what ours costs of what the peer costs. */
export function loadTable(load: Load, gateways: Gateway[], samples: Samples): string {
  const of = (name: string, pick: (sample: Sample) => number) => median((samples.get(name) ?? []).map(pick));
  const cpu = (name: string) => of(name, ({ cpuMs }) => cpuMs);
  const none = cpu("no filter");
  const rows = gateways.map(({ name }) => [
    name,
    digits(cpu(name)),
    digits(cpu(name) - none),
    ...(load.chunks ? [digits((cpu(name) - none) / load.chunks)] : []),
    `${(cpu(name) / cpu("empty filter")).toFixed(2)} x`,
    digits(of(name, ({ perSecond }) => perSecond)),
    digits(of(name, ({ p50 }) => p50)),
    digits(of(name, ({ p99 }) => p99)),
  ]);
  const head = [
    "",
    "CPU ms per 1000",
    "over no filter",
    ...(load.chunks ? ["CPU µs per chunk, over no filter"] : []),
    "of the empty filter's CPU",
    "requests/s",
    "p50 ms",
    "p99 ms",
  ];
  const share = (cpu(PEER) - none) / (cpu(OURS) - none);
  const verdict =
    share > 0
      ? `Over no filter, ${OURS} costs 1/${share.toFixed(1)} of what the ${PEER} costs.`
      : `What ${OURS} costs over no filter is less than can be measured here.`;
  return `### ${load.name}\n\n${table(head, rows)}\n\n${verdict}`;
}

/** How far every conversion is from what it may cost. */
export function limitsTable(rows: { suite: Suite; load: Load; samples: Samples }[]): string {
  const lines = rows
    .filter(({ suite, load }) => load.limit && suite.format !== "openai")
    .map(({ suite, load, samples }) => {
      const cpu = (name: string) => median((samples.get(name) ?? []).map(({ cpuMs }) => cpuMs));
      const none = cpu("no filter");
      const share = (cpu(PEER) - none) / (cpu(OURS) - none);
      return [
        suite.name,
        load.name,
        digits(cpu(OURS) - none),
        digits(cpu(PEER) - none),
        `1/${share.toFixed(1)}`,
        `1/${load.limit}`,
      ];
    });
  const head = ["", "", `${OURS}, ms per 1000 over no filter`, `${PEER}, the same`, "share", "may be"];
  return `## Conversions against the peer\n\n${table(head, lines)}`;
}

/** What a declared format costs of what the built-in one costs. */
export function declaredTable(rows: { suite: DeclaredSuite; load: Load; samples: Samples }[]): string {
  const lines = rows.map(({ suite, load, samples }) => {
    const cpu = (name: string) => median((samples.get(name) ?? []).map(({ cpuMs }) => cpuMs));
    const none = cpu("no filter");
    const [builtIn, declared] = [cpu(BUILT_IN) - none, cpu(DECLARED) - none];
    const ratio = `${(declared / builtIn).toFixed(2)} x`;
    return [suite.name, load.name, digits(builtIn), digits(declared), ratio, `${DECLARED_LIMIT} x`];
  });
  const head = [
    "",
    "",
    `${BUILT_IN}, ms per 1000 over no filter`,
    `${DECLARED}, the same`,
    "ratio",
    "may be",
  ];
  return `## Declared formats against built-in ones\n\n${table(head, lines)}`;
}

/** What a plugin costs before any request, and what it holds after all of them. */
export function loadingTable(gateways: Gateway[]): string {
  const [none] = gateways as [Gateway];
  const rows = gateways.map((gateway) => [
    gateway.name,
    digits(gateway.startCpu - none.startCpu),
    digits(gateway.startRss - none.startRss),
    digits(residentMiB(gateway.envoy.pid) - residentMiB(none.envoy.pid)),
  ]);
  const head = [
    "",
    "CPU s until ready, over no filter",
    "memory MiB at rest, over no filter",
    "memory MiB after the load, over no filter",
  ];
  return `### Loading\n\n${table(head, rows)}`;
}
