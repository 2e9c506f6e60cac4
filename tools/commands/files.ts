/** Files that users name. */
import { readFile } from "node:fs/promises";
import { builtPlugin } from "../dev/plugin.ts";
import { UserError } from "./exit.ts";

/** Standard input, as commands write it. */
const STANDARD_INPUT = "-";

/** The bytes of a file; `-` is standard input. Rejects with a readable text. */
export async function readUserFile(path: string): Promise<Buffer<ArrayBuffer>> {
  if (path === STANDARD_INPUT) {
    const pieces: Buffer[] = [];
    for await (const piece of process.stdin) pieces.push(piece as Buffer);
    return Buffer.concat(pieces);
  }
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    const reasons: Record<string, string> = {
      ENOENT: "there is no such file",
      EISDIR: "it is a directory",
      EACCES: "it may not be read",
    };
    throw new UserError(`${path}: ${reasons[error.code ?? ""] ?? error.message}`);
  });
}

/** The plugin, from a file of the user's or built from the sources. */
export async function loadPlugin(path: string | undefined): Promise<WebAssembly.Module> {
  const file = path ?? (await builtPlugin((line) => console.error(line)));
  try {
    return new WebAssembly.Module(await readUserFile(file));
  } catch (error) {
    if (error instanceof WebAssembly.CompileError)
      throw new UserError(`${file}: it is no WebAssembly module`);
    throw error;
  }
}
