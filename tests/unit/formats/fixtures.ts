/**
 * The golden files: what a client or an upstream sends, and beside it what it becomes. Names of inputs:
 *
 * - `<client>[-variant].request.json`: becomes `<input>.to.<upstream>.json`
 * - `<upstream>[-variant].answer.json`, a whole answer: becomes `<input>.to.<client>.json`
 * - `<upstream>[-variant].stream.<extension>`: becomes `<input>.to.<client>.<extension>`
 * - `<upstream>[-variant].error.<status>.json`: becomes `<input>.to.<client>.json`
 *
 * where `<input>` is the input's name without its extension. Files of one case say the same in several languages.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const GOLDEN = fileURLToPath(new URL("../../golden", import.meta.url));

export type Kind = "request" | "answer" | "stream" | "error";

export interface Fixture {
  /** Directory below `tests/golden`. */
  case: string;
  /** Name without the extension. */
  name: string;
  /** Format that it is in. */
  format: string;
  variant: string;
  kind: Kind;
  /** Of an error answer. */
  status: number;
  extension: string;
  bytes: Buffer;
}

const INPUT = /^([a-z0-9]+)(?:-([a-z0-9-]+))?\.(request|answer|stream|error)(?:\.(\d+))?\.([a-z0-9]+)$/;

/** All inputs of a kind. */
export function fixtures(kind: Kind): Fixture[] {
  return ALL.filter((fixture) => fixture.kind === kind);
}

/** Path of what a fixture becomes in another format. */
export function goldenPath(fixture: Fixture, target: string, extension: string): string {
  return join(GOLDEN, fixture.case, `${fixture.name}.to.${target}.${extension}`);
}

/** The fixture as tests name it. */
export function label(fixture: Fixture): string {
  return `${fixture.case}/${fixture.name}`;
}

const ALL: Fixture[] = readdirSync(GOLDEN)
  .sort()
  .flatMap((directory) =>
    readdirSync(join(GOLDEN, directory))
      .sort()
      .flatMap((file) => read(directory, file)),
  );

function read(directory: string, file: string): Fixture[] {
  const match = INPUT.exec(file);
  if (match === null) return [];
  const [, format = "", variant = "", kind, status = "0", extension = ""] = match;
  return [
    {
      case: directory,
      name: file.slice(0, -extension.length - 1),
      format,
      variant,
      kind: kind as Kind,
      status: Number(status),
      extension,
      bytes: readFileSync(join(GOLDEN, directory, file)),
    },
  ];
}
