import { NONE, Slice, indexOfByte, lengthOf, pointerOf, subslice } from "../../bytes/slice";
import { Parameter } from "../../chat/parameters";
import { ChatRequest } from "../../chat/request";
import { Settings } from "../settings";

const COMMA: u8 = 0x2c;

/** How long the model is to remember the beginning of a prompt, in OpenAI's words. */
export enum Retention {
  /** Nobody says anything. */
  Absent,
  /** `in_memory`: as long as is usual. */
  Short,
  /** `24h`: as long as the model can, which is an hour on Bedrock. */
  Long,
  /** Anything else. */
  Unknown,
}

/** Where cache points are put of which no client says where: a set, as bits. */
export enum CachePosition {
  None = 0,
  SystemPrompt = 1,
  LastUserMessage = 2,
  LastMessage = 4,
}

/** Names of the positions, in the order of their bits. */
export const CACHE_POSITIONS: string[] = ["systemPrompt", "lastUserMessage", "lastMessage"];

/** How long a request's prompt is to be remembered: what it says itself counts before the service's setting. */
export function retentionFor(request: ChatRequest, settings: Settings): Retention {
  const own = request.value(Parameter.PromptCacheRetention);
  if (own == NONE) return retentionOf(settings.text("promptCacheRetention"));
  return retentionOf(subslice(own, 1, lengthOf(own) - 1));
}

/** What a retention's name says. @param name UTF-8, or NONE */
export function retentionOf(name: Slice): Retention {
  if (name == NONE) return Retention.Absent;
  if (spells(name, "inmemory")) return Retention.Short;
  return spells(name, "24h") ? Retention.Long : Retention.Unknown;
}

/** The positions that a service's setting names, with commas between them; behind the system prompt without one. */
export function positionsFor(settings: Settings): i32 {
  let rest = settings.text("promptCachePositions");
  if (rest == NONE) return CachePosition.SystemPrompt;
  let positions: i32 = CachePosition.None;
  let comma = indexOfByte(rest, COMMA);
  for (; comma >= 0; comma = indexOfByte(rest, COMMA)) {
    positions |= positionOf(subslice(rest, 0, comma));
    rest = subslice(rest, comma + 1, lengthOf(rest));
  }
  return positions | positionOf(rest);
}

/** What a position's name says, also in snake or kebab case. */
export function positionOf(name: Slice): CachePosition {
  if (spells(name, "systemprompt")) return CachePosition.SystemPrompt;
  if (spells(name, "lastusermessage")) return CachePosition.LastUserMessage;
  return spells(name, "lastmessage") ? CachePosition.LastMessage : CachePosition.None;
}

/** Whether a text has just these letters, in any case and with "-", "_" or spaces anywhere. @param letters lower case */
function spells(text: Slice, letters: string): bool {
  const pointer = pointerOf(text);
  const length = lengthOf(text);
  let matched = 0;
  for (let i = 0; i < length; i++) {
    let byte = load<u8>(pointer + i);
    if (byte == 0x2d || byte == 0x5f || byte == 0x20) continue;
    if (byte >= 0x41 && byte <= 0x5a) byte |= 0x20;
    if (matched >= letters.length || (byte as i32) != letters.charCodeAt(matched++)) return false;
  }
  return matched == letters.length;
}
