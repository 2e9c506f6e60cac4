import { Slice, indexOf } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { encodePercent } from "../../bytes/percent";
import { unescape } from "../../json/text";

/** Whose model it is decides what goes into `additionalModelRequestFields`. */
export enum Family {
  /** Nothing but what Converse itself knows. */
  Other,
  Anthropic,
  Nova,
  OpenAi,
}

const scratch: Writer = new Writer();

/** The family of a model id, an inference profile or an ARN (JSON string body). */
export function familyOf(model: Slice): Family {
  if (indexOf(model, "anthropic.") >= 0 || indexOf(model, "claude") >= 0) return Family.Anthropic;
  if (indexOf(model, "amazon.nova") >= 0) return Family.Nova;
  return indexOf(model, "openai.") >= 0 ? Family.OpenAi : Family.Other;
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
