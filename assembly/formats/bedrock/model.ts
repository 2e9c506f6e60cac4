import { Slice, indexOf, indexOfByte } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { encodePercent } from "../../bytes/percent";
import { unescape } from "../../json/text";
import { versionOf } from "../anthropic/models";

/** Whose model it is decides what goes into `additionalModelRequestFields`. */
export enum Family {
  /** Nothing but what Converse itself knows. */
  Other,
  Anthropic,
  Nova,
  OpenAi,
}

/** What of a prompt a model can be told to remember. A model that cannot refuses requests with cache points. */
export enum Caching {
  None,
  /** System prompts and messages as far as they are texts and media. */
  Texts,
  All,
  /** The name says nothing of the model: it is that of an inference profile of one's own. */
  Unknown,
}

/** Between a vendor and its model. */
const DOT: u8 = 0x2e;

/**
 * The first version of Claude with cache points, a hundred times the major version plus the minor one; the first
 * edition of that version without them; and the first version that remembers for an hour. Source: Amazon Bedrock user
 * guide, "Prompt caching", supported models.
 */
const CACHING: i32 = 305;
const NOT_YET_CACHING: string = "20240620";
const CACHING_FOR_AN_HOUR: i32 = 405;

const scratch: Writer = new Writer();

/** The family of a model id, an inference profile or an ARN (JSON string body). */
export function familyOf(model: Slice): Family {
  if (indexOf(model, "anthropic.") >= 0 || indexOf(model, "claude") >= 0) return Family.Anthropic;
  if (indexOf(model, "amazon.nova") >= 0) return Family.Nova;
  return indexOf(model, "openai.") >= 0 ? Family.OpenAi : Family.Other;
}

/**
 * What of a prompt a model can be told to remember (JSON string body, as for `familyOf`). Names of models have a dot
 * behind their vendor, also within an ARN.
 */
export function cachingOf(model: Slice): Caching {
  const family = familyOf(model);
  if (family == Family.Nova) return Caching.Texts;
  if (family != Family.Anthropic) {
    return family == Family.Other && indexOfByte(model, DOT) < 0 ? Caching.Unknown : Caching.None;
  }
  const version = versionOf(model);
  const isNew = version == 0 || version >= CACHING;
  return isNew && indexOf(model, NOT_YET_CACHING) < 0 ? Caching.All : Caching.None;
}

/** Whether a cache point of a model may last for an hour instead of five minutes. */
export function cachesForAnHour(model: Slice): bool {
  const caching = cachingOf(model);
  if (caching != Caching.All) return caching == Caching.Unknown;
  const version = versionOf(model);
  return version == 0 || version >= CACHING_FOR_AN_HOUR;
}

/** Nova reasons from its second generation on. */
export function novaReasons(model: Slice): bool {
  return indexOf(model, "nova-2") >= 0;
}

/** Writes the path of a model, whose id may be an ARN with colons and slashes: one segment, percent-encoded. */
export function writeModelPath(model: Slice, stream: bool, writer: Writer): void {
  writeActionPath(model, stream ? "/converse-stream" : "/converse", writer);
}

/** The same for any action, with its slash. */
export function writeActionPath(model: Slice, action: string, writer: Writer): void {
  scratch.reset();
  unescape(scratch, model);
  writer.ascii("/model/");
  encodePercent(writer, scratch.view());
  writer.ascii(action);
}
