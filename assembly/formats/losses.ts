import { Slice, lengthOf, pointerOf } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { Failure, FailureKind } from "../chat/failure";
import { PARAMETERS, PARAMETER_NAMES, Parameter, Tier, Tiers } from "../chat/parameters";
import { ChatRequest } from "../chat/request";
import { unescape } from "../json/text";

/** What of a request an upstream format cannot say: decided by its table alone, before and after writing. */

/** Bytes of a list of names; what does not fit is left out, since it goes into a header. */
const MAX_LIST_BYTES: i32 = 1024;

const COMMA: u8 = 0x2c;

const decoded: Writer = new Writer();

/**
 * The 400 for a request that asks for something without which the answer would be another; null where there is none.
 * @param strict refuse everything that would be left out
 */
export function refusal(request: ChatRequest, tiers: Tiers, strict: bool = false): Failure | null {
  for (let i = 0; i < PARAMETERS; i++) {
    const parameter = i as Parameter;
    const tier = tiers.of(parameter);
    if (tier == Tier.Mapped || (tier == Tier.Dropped && !strict)) continue;
    const isAsked = parameter == Parameter.Unknown ? request.unknown.length > 0 : request.has(parameter);
    if (!isAsked) continue;
    return unsupported(unchecked(PARAMETER_NAMES[i]));
  }
  return null;
}

/** The 400 for a parameter that the service must have but does not take. */
export function unsupported(name: string): Failure {
  return Failure.of(
    FailureKind.InvalidRequest,
    "unsupported_parameter",
    `the service that answers this model does not support ${name}`,
  );
}

/**
 * Writes the names of what was left out or changed, with commas between them: parameters by their public names,
 * unknown fields by their own where those are plain ASCII. To be called after the request was written.
 */
export function writeLosses(request: ChatRequest, tiers: Tiers, out: Writer): void {
  for (let i = 0; i < PARAMETERS; i++) {
    const parameter = i as Parameter;
    const isLost = request.has(parameter) && tiers.of(parameter) != Tier.Mapped;
    if (isLost || request.isAdjusted(parameter)) separate(out).ascii(unchecked(PARAMETER_NAMES[i]));
  }
  if (tiers.of(Parameter.Unknown) != Tier.Mapped) writeUnknown(request.unknown, out);
}

/** Writes the names (JSON string bodies) of fields that are left out, as far as they are plain ASCII. */
export function writeUnknown(unknown: Array<Slice>, out: Writer): void {
  for (let i = 0; i < unknown.length && out.length < MAX_LIST_BYTES; i++) {
    decoded.reset();
    unescape(decoded, unchecked(unknown[i]));
    if (out.length + decoded.length < MAX_LIST_BYTES && isToken(decoded.view()))
      separate(out).bytes(decoded.view());
  }
}

function separate(out: Writer): Writer {
  if (out.length > 0) out.byte(COMMA);
  return out;
}

/** Whether the text may stand in a list in a header: visible ASCII without comma. */
function isToken(text: Slice): bool {
  const length = lengthOf(text);
  const pointer = pointerOf(text);
  for (let i = 0; i < length; i++) {
    const byte = load<u8>(pointer + i);
    if (byte <= 0x20 || byte >= 0x7f || byte == COMMA) return false;
  }
  return length > 0;
}
