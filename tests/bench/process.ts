/** What Linux says about a process. */
import { readFileSync } from "node:fs";

/** Ticks of `/proc/<pid>/stat` in a second: the same on every Linux that Envoy runs on. */
const TICKS_PER_SECOND = 100;

/** Seconds of CPU, in user mode and in the kernel, that a process has used. */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Its resident memory in MiB. */
export function residentMiB(pid: number): number {
  const line = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(line?.[1] ?? 0) / 1024;
}
