import { encodePercent } from "../../bytes/percent";
import { Slice, indexOf, lengthOf, pointerOf, startsWith, subslice } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { isDigit } from "../../json/characters";
import { unescape } from "../../json/text";

/** Generations of Gemini, as ten times the version. A name without a version is taken for a current model. */
const GENERATION_2: i32 = 20;
const GENERATION_2_5: i32 = 25;
const GENERATION_3: i32 = 30;

/** What differs between Gemini's models, by their names. */
@final
export class Model {
  /** Ten times the version in the name: 25 for `gemini-2.5-flash`; 0 where the name has none. */
  readonly generation: i32;
  /** Pro models cannot switch thinking off. */
  readonly isPro: bool;

  /** @param name JSON string body */
  constructor(name: Slice) {
    this.generation = generationOf(name);
    this.isPro = indexOf(name, "-pro") >= 0;
  }

  /**
   * Schemas go as they are (`parametersJsonSchema`, `responseJsonSchema`); older models know a subset of
   * OpenAPI.
   */
  get takesJsonSchema(): bool {
    return this.generation == 0 || this.generation >= GENERATION_2_5;
  }

  /** Thinking is asked for by level; 2.5 counts tokens. */
  get thinksByLevel(): bool {
    return this.generation >= GENERATION_3;
  }

  /** Thinking can be asked for at all. */
  get thinks(): bool {
    return this.takesJsonSchema;
  }

  /** A history with function calls is refused where the first of a turn carries no signature. */
  get needsSignatures(): bool {
    return this.generation >= GENERATION_3;
  }

  /** Function results may hold media; before, media stand beside the result. Images may have a resolution. */
  get takesMediaResults(): bool {
    return this.generation >= GENERATION_3;
  }

  /** The size of an image can be asked for; models before make but one. */
  get takesImageSize(): bool {
    return this.generation >= GENERATION_3;
  }

  /** Turns of media without a word are refused. */
  get wantsTextBesideMedia(): bool {
    return this.generation > 0 && this.generation < GENERATION_2;
  }
}

function generationOf(name: Slice): i32 {
  const family = indexOf(name, "gemini-");
  if (family < 0) return 0;
  const pointer = pointerOf(name);
  const length = lengthOf(name);
  let at = family + 7;
  if (at >= length || !isDigit(load<u8>(pointer + at))) return 0;
  const major = (load<u8>(pointer + at) - 0x30) as i32;
  at++;
  const hasMinor = at + 1 < length && load<u8>(pointer + at) == 0x2e && isDigit(load<u8>(pointer + at + 1));
  return major * 10 + (hasMinor ? ((load<u8>(pointer + at + 1) - 0x30) as i32) : 0);
}

const scratch: Writer = new Writer();

/**
 * Writes `/models/{model}:{method}`, behind `publishers` for Vertex. A `models/` that the client put before
 * the name goes; the name is one path segment, so everything in it that could be more is percent-encoded.
 * @param name JSON string body
 */
export function writeModelPath(name: Slice, publishers: string, stream: bool, writer: Writer): void {
  writeMethodPath(name, publishers, stream ? ":streamGenerateContent?alt=sse" : ":generateContent", writer);
}

/** The same for any method, with its colon. */
export function writeMethodPath(name: Slice, publishers: string, method: string, writer: Writer): void {
  scratch.reset();
  unescape(scratch, name);
  const text = scratch.view();
  writer.ascii(publishers);
  writer.ascii("/models/");
  encodePercent(writer, startsWith(text, "models/") ? subslice(text, 7, lengthOf(text)) : text);
  writer.ascii(method);
}
