import { Slice, equals } from "../bytes/slice";
import { ClientFormat, UpstreamFormat } from "./format";
import { OpenAiClient, OpenAiUpstream } from "./openai/format";

/** A format by its name in the configuration, and which of its two sides there are. */
export class Format {
  constructor(
    readonly name: string,
    readonly upstream: UpstreamFormat | null,
    readonly client: ClientFormat | null,
  ) {}
}

/** All formats, in the order of `FORMATS` in config/fields.ts: a service's format is an index into this table. */
export const FORMATS: StaticArray<Format> = [new Format("openai", new OpenAiUpstream(), new OpenAiClient())];

/** The format of this name, or null. */
export function findFormat(name: Slice): Format | null {
  for (let i = 0; i < FORMATS.length; i++) {
    const format = unchecked(FORMATS[i]);
    if (equals(name, format.name)) return format;
  }
  return null;
}

/** The format at this index of the configuration; the first one where there is none. */
export function formatAt(index: i32): Format {
  return unchecked(FORMATS[index >= 0 && index < FORMATS.length ? index : 0]);
}

/** The client format of this name, or null. */
export function clientFormat(name: string): ClientFormat | null {
  for (let i = 0; i < FORMATS.length; i++) {
    const format = unchecked(FORMATS[i]);
    if (format.name == name) return format.client;
  }
  return null;
}
