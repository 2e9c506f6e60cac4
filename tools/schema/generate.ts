/** Writes what is made from the table of fields: `tsx tools/schema/generate.ts`. */
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { makeSchema } from "./schema";
import { makeSpec } from "./spec";
import { makeTables } from "./table";

const BEGIN = "<!-- Generated from assembly/config/fields.ts by tools/schema/generate.ts. -->";
const END = "<!-- End of the generated part. -->";

/** A file, from the checkout's root, and how its text is made from what it holds now. */
interface Generated {
  path: string;
  make(current: string): string;
}

export const GENERATED: Generated[] = [
  { path: "docs/config.schema.json", make: () => `${JSON.stringify(makeSchema(), null, 2)}\n` },
  { path: "spec.yaml", make: makeSpec },
  { path: "docs/configuration.md", make: (current) => replaceGenerated(current, makeTables()) },
];

/** Where a generated file lies. */
export function locate(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}

/** The text with what is between the two markers replaced. */
function replaceGenerated(text: string, content: string): string {
  const from = text.indexOf(BEGIN);
  const to = text.indexOf(END);
  if (from < 0 || to < from) throw new Error(`the markers "${BEGIN}" and "${END}" are missing`);
  return `${text.slice(0, from)}${BEGIN}\n\n${content}\n\n${text.slice(to)}`;
}

async function readIfThere(path: string): Promise<string> {
  return readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { path, make } of GENERATED) {
    const file = locate(path);
    await writeFile(file, make(await readIfThere(file)));
    console.log(`wrote ${path}`);
  }
}
