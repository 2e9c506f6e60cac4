/** `validate FILE`: what is wrong with a configuration, and where. */
import type { Command } from "commander";
import { check, type Report } from "../check/check.ts";
import type { Problem } from "../check/file.ts";
import { Exit } from "./exit.ts";
import { loadPlugin, readUserFile } from "./files.ts";

interface Options {
  json?: boolean;
  plugin?: string;
}

export function addValidate(program: Command): void {
  program
    .command("validate")
    .summary("Checks configurations, in files of any kind")
    .description(
      "Checks configurations with the plugin's own parser: WasmPlugin resources of Higress (other resources in\n" +
        "the file are skipped), an Envoy configuration, or just the plugin's configuration; in YAML or JSON.",
    )
    .argument("<files...>", "files to check; - is standard input")
    .option("--json", "print the result as JSON")
    .option("--plugin <wasm>", "plugin to check with (default: the one built from the sources)")
    .addHelpText(
      "after",
      "\nExample:\n  eureka-ai-proxy validate plugin-config.yaml\n\n" +
        "Exit codes: 0 all is right, 1 there are mistakes, 2 it could not be checked.",
    )
    .action(async (files: string[], options: Options) => {
      const module = await loadPlugin(options.plugin);
      const reports: (Report & { file: string })[] = [];
      for (const file of files) {
        reports.push({ file, ...(await check(module, (await readUserFile(file)).toString())) });
      }
      if (options.json) console.log(JSON.stringify(reports, null, 2));
      else for (const report of reports) print(report.file, report);
      if (reports.some((report) => report.problems.length > 0)) process.exitCode = Exit.Wrong;
    });
}

function print(file: string, report: Report): void {
  for (const problem of report.problems) console.error(lineOf(file, "error", problem));
  for (const note of report.notes) console.error(lineOf(file, "note", note));
  const { length } = report.problems;
  if (length > 0) console.error(`${file}: ${length === 1 ? "1 mistake" : `${length} mistakes`}`);
  else console.log(`${file}: ${report.titles.join(", ")}: all is right`);
}

/** `file:line:column: error: path: message`, which editors and terminals can jump to. */
function lineOf(file: string, kind: string, { line, column, at, message }: Problem): string {
  return `${file}:${line}:${column}: ${kind}: ${at === "" ? "" : `${at}: `}${message}`;
}
