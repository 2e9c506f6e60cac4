/** The probe filter in the emulator, for the emulator's own tests. */
import { compile } from "../support/assembly.ts";
import { Host, type HostOptions, type Root } from "./index.ts";

/** Source of the probe; its head says how scripts are written. */
export const PROBE = "tests/host/probe/index.as.ts";

export const HOLD: HostOptions = { allowOnHeadersStopIteration: true, clusters: ["service"] };

/** A VM of the probe with one root, whose configuration is the script. */
export async function start(
  script: string,
  options: HostOptions = HOLD,
): Promise<{ host: Host; root: Root }> {
  const host = await Host.load(await compile(PROBE), options);
  return { host, root: host.root(script) };
}

/** What the probe logged of one operation. */
export function seen(host: Host, operation: string): string[] {
  const begin = `  ${operation} -> `;
  return host.messages().flatMap((line) => (line.startsWith(begin) ? [line.slice(begin.length)] : []));
}
