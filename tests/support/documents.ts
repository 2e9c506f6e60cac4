/** The blocks of code in the documents. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** A block, with what is behind the three backticks at its beginning. */
export interface Block {
  file: string;
  /** Line of its first line of text. */
  line: number;
  language: string;
  text: string;
  /** The heading that it stands under. */
  heading: string;
}

/** Files of the documentation with this ending, from the checkout's root. */
export function documentFiles(ending: string): string[] {
  const top = readdirSync(ROOT).filter((name) => name.startsWith("README"));
  const below = readdirSync(`${ROOT}docs`, { recursive: true }).map((name) => `docs/${name}`);
  return [...top, ...below].filter((name) => name.endsWith(ending)).sort();
}

export function documentText(file: string): string {
  return readFileSync(ROOT + file, "utf8");
}

/** Every block of every document. */
export function documentBlocks(): Block[] {
  return documentFiles(".md").flatMap((file) => {
    const text = documentText(file);
    return [...text.matchAll(/^( *)```(\w+)\n(.*?)^ *```$/gms)].map((match) => ({
      file,
      line: text.slice(0, match.index).split("\n").length + 1,
      language: match[2] ?? "",
      text: (match[3] ?? "").replaceAll(new RegExp(`^${match[1]}`, "gm"), ""),
      heading: text.slice(0, match.index).match(/.*^#+ (.*?)$/ms)?.[1] ?? "",
    }));
  });
}
