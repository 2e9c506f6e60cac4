/** Checks a configuration file with the plugin's own parser. Runs in Node and in browsers. */
import { configure } from "./configure.ts";
import { type Problem, readContents } from "./file.ts";
import { environmentOf, isUnknown, variablesIn } from "./variables.ts";

/** What was found out about a text. */
export interface Report {
  /** What each configuration in it is called, with the number of its rules. */
  titles: string[];
  problems: Problem[];
  /** What is right but surprising. */
  notes: Problem[];
  /** Kinds of the resources that were not looked at. */
  others: string[];
}

/**
 * Checks every configuration in a text.
 * @param module the plugin
 */
export async function check(module: WebAssembly.Module, text: string): Promise<Report> {
  const { found, problems, others } = readContents(text);
  const report: Report = { titles: [], problems, notes: [], others };
  if (problems.length === 0 && found.length === 0) {
    const message =
      "holds no configuration: neither a WasmPlugin, nor an Envoy filter, nor a plain configuration";
    problems.push({ line: 1, column: 1, at: "", message });
  }
  for (const { title, host, configuration, place, problems: around, variables: given } of found) {
    report.titles.push(title);
    report.problems.push(...around);
    if (configuration === undefined) continue;
    const kind = host === "higress" ? "higress" : "envoy";
    const json = JSON.stringify(configuration);
    const variables = given ?? variablesIn(json);
    const environment = environmentOf(variables);
    const result = await configure(module, json, { kind, allowOnHeadersStopIteration: true, environment });
    const placed = ({ path, at, message }: (typeof result.problems)[number]): Problem => ({
      ...place(path),
      at,
      message,
    });
    const isKnown = ({ path }: (typeof result.problems)[number]) =>
      !isUnknown(configuration, path, variables);
    report.problems.push(...result.problems.filter(isKnown).map(placed));
    report.notes.push(...result.notes.map(placed));
    if (!result.accepted && result.problems.length === 0) {
      const reason = result.root.host.trap?.message ?? "no reason was given";
      report.problems.push({
        ...place([]),
        at: "",
        message: `the plugin refuses the configuration: ${reason}`,
      });
    }
  }
  const byPlace = (a: Problem, b: Problem) => a.line - b.line || a.column - b.column;
  report.problems.sort(byPlace);
  report.notes.sort(byPlace);
  return report;
}
