/** Paths as the plugin writes them in front of a problem: `services[0].modelMapping["gpt-4o"]: expected text`. */
import type { Path } from "../higress/wasm-plugin.ts";

/** What the plugin says about one place of its configuration. */
export interface Remark {
  /** Where; empty for the configuration as a whole. */
  path: Path;
  /** The path as the plugin wrote it. */
  at: string;
  message: string;
}

const NAME = /^[A-Za-z0-9_-]+/;
const INDEX = /^\[(\d+)\]/;
const QUOTED = /^\["(?:[^"\\]|\\.)*"\]/;
/** A name that the plugin cut, because it is long. */
const CUT = /^\["(?:[^"\\]|\\.)*?\.\.\.\]/;

/** Splits a line into its path and its message. A line without a path is about the whole. */
export function parseRemark(line: string): Remark {
  const path: Path = [];
  let rest = line;
  for (;;) {
    const step = nextStep(rest, path.length === 0);
    if (step === undefined) break;
    if (step.value !== undefined) path.push(step.value);
    rest = rest.slice(step.length);
  }
  if (path.length === 0 || !rest.startsWith(": ")) return { path: [], at: "", message: line };
  return { path, at: line.slice(0, line.length - rest.length), message: rest.slice(2) };
}

/** The step at the beginning of a text. A cut name has no value: the path then ends at its parent. */
function nextStep(text: string, isFirst: boolean): { value?: string | number; length: number } | undefined {
  const dot = !isFirst && text.startsWith(".") ? 1 : 0;
  if (isFirst || dot === 1) {
    const name = NAME.exec(text.slice(dot))?.[0];
    if (name !== undefined) return { value: name, length: name.length + dot };
  }
  const index = INDEX.exec(text);
  if (index) return { value: Number(index[1]), length: index[0].length };
  const quoted = QUOTED.exec(text)?.[0];
  if (quoted !== undefined) return { value: decoded(quoted.slice(1, -1)), length: quoted.length };
  const cut = CUT.exec(text)?.[0];
  return cut === undefined ? undefined : { length: cut.length };
}

function decoded(json: string): string {
  try {
    return JSON.parse(json) as string;
  } catch {
    return json.slice(1, -1);
  }
}
