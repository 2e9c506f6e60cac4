/** The plugin's own tables of formats and parameters, read out of a small module made from its sources. */
import { type HarnessExports, openHarness, readSlice } from "../../tests/support/harness.ts";

interface TablesExports extends HarnessExports {
  formatCount(): number;
  parameterCount(): number;
  parameterName(index: number): bigint;
  formatName(index: number): bigint;
  basePath(index: number): bigint;
  keyHeader(index: number): bigint;
  sameAs(index: number): bigint;
  framing(index: number): number;
  tier(index: number, parameter: number): number;
  embeddingsPath(index: number): bigint;
  rerankPath(index: number): bigint;
  imagesPath(index: number): bigint;
}

/** Where a format makes what is no chat: paths with its base path, undefined where it does not. */
export interface CallTable {
  name: string;
  embeddings: string | undefined;
  rankings: string | undefined;
  images: string | undefined;
}

/** What becomes of a parameter. */
export type Tier = "mapped" | "dropped" | "refused";

/** A format of chat. */
export interface FormatTable {
  name: string;
  basePath: string;
  keyHeader: string;
  /** How streams are cut. */
  framing: string;
  /** Upstream format that clients of this format need no conversion for; undefined where no client speaks it. */
  sameAs: string | undefined;
  /** By the public name of the parameter. */
  tiers: Map<string, Tier>;
}

/** In the order of `Tier` in assembly/chat/parameters.ts. */
const TIERS: Tier[] = ["mapped", "dropped", "refused"];

/** In the order of `Framing` in assembly/formats/format.ts. */
const FRAMINGS = [
  "server-sent events",
  "one JSON object a line",
  "one JSON array",
  "JSON objects one after the other",
  "AWS event stream",
];

/** All formats that a service can chat in. */
export async function readTables(): Promise<FormatTable[]> {
  const exports = await openHarness<TablesExports>("tests/unit/formats/tables.as.ts");
  const text = (slice: bigint) => Buffer.from(readSlice(exports, slice)).toString();
  const range = (count: number) => Array.from({ length: count }, (_, index) => index);
  const parameters = range(exports.parameterCount()).map((index) => text(exports.parameterName(index)));
  return range(exports.formatCount())
    .filter((index) => exports.framing(index) >= 0)
    .map((index) => ({
      name: text(exports.formatName(index)),
      basePath: text(exports.basePath(index)),
      keyHeader: text(exports.keyHeader(index)),
      framing: FRAMINGS[exports.framing(index)] ?? "",
      sameAs: text(exports.sameAs(index)) || undefined,
      tiers: new Map(
        parameters.map((name, parameter) => [name, TIERS[exports.tier(index, parameter)] ?? "dropped"]),
      ),
    }));
}

/** The formats whose embeddings, rankings and images are converted. */
export async function readCalls(): Promise<CallTable[]> {
  const exports = await openHarness<TablesExports>("tests/unit/formats/tables.as.ts");
  const text = (slice: bigint) => Buffer.from(readSlice(exports, slice)).toString();
  return Array.from({ length: exports.formatCount() }, (_, index) => {
    const basePath = text(exports.basePath(index));
    const at = (path: string) => (path === "-" ? undefined : basePath + path);
    return {
      name: text(exports.formatName(index)),
      embeddings: at(text(exports.embeddingsPath(index))),
      rankings: at(text(exports.rerankPath(index))),
      images: at(text(exports.imagesPath(index))),
    };
  }).filter(({ embeddings, rankings, images }) => embeddings ?? rankings ?? images);
}
