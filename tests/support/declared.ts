/** Declared formats of the tests. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Those that stand elsewhere, because they are more than a test's. */
const ELSEWHERE: Record<string, string> = { spring: "tools/dev/home-made.yaml" };

/** File of the declaration with this name, from the checkout's root. */
export function declarationFile(name: string): string {
  return ELSEWHERE[name] ?? `tests/fixtures/declared/${name}.yaml`;
}

/** The declaration with this name: what `format` of a service takes. */
export function declarationOf(name: string): object {
  return parse(readFileSync(ROOT + declarationFile(name), "utf8")) as object;
}
