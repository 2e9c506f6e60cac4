import { borrow, equals, toText, utf8 } from "../../bytes/slice";
import {
  CACHE_POSITIONS,
  CachePosition,
  Retention,
  positionOf,
  retentionOf,
} from "../../formats/bedrock/prompt-cache";
import { Settings } from "../../formats/settings";
import { Service } from "../model";
import { Values } from "../values";
import { note } from "./ignored";

const POSITIONS_FIELD: string = "bedrockPromptCachePointPositions";

/** No position of this name: nothing is cached. */
const NOWHERE: string = "none";

/** What is to be cached, as settings of the format. Where nothing is said, the format's own defaults count. */
export function readPromptCache(service: Service, values: Values, path: string, notes: string[]): void {
  const settings = new Settings();
  if (values.has("promptCacheRetention")) {
    const retention = retentionOf(borrow(values.text("promptCacheRetention")));
    if (retention == Retention.Short) settings.add("promptCacheRetention", utf8("in_memory"));
    else if (retention == Retention.Long) settings.add("promptCacheRetention", utf8("24h"));
    else note(notes, path + '.promptCacheRetention is ignored: it must be "in_memory" or "24h"');
  }
  if (values.has(POSITIONS_FIELD)) readPositions(settings, values, path, notes);
  service.settings = settings;
}

/** A map of positions to whether they are wanted; an empty one is none. */
function readPositions(settings: Settings, values: Values, path: string, notes: string[]): void {
  const members = values.rawMembers(POSITIONS_FIELD);
  const place = path + "." + POSITIONS_FIELD;
  let positions: i32 = CachePosition.None;
  let known = 0;
  for (let i = 0; i < members.length; i++) {
    const name = borrow(members[i].from);
    const value = borrow(members[i].to);
    const position = positionOf(name);
    const isTrue = equals(value, "true");
    if (position == CachePosition.None) {
      note(notes, place + "." + toText(name) + " is ignored: it is none of " + CACHE_POSITIONS.join(", "));
    } else if (!isTrue && !equals(value, "false")) {
      note(notes, place + "." + toText(name) + " is ignored: it must be true or false");
    } else {
      known++;
      if (isTrue) positions |= position;
    }
  }
  if (members.length == 0 && !equals(borrow(values.json(POSITIONS_FIELD)), "{}")) {
    note(notes, place + " is ignored: it must be an object such as {systemPrompt: true}");
  }
  if (known > 0) settings.add("promptCachePositions", utf8(namesOf(positions)));
}

function namesOf(positions: i32): string {
  const names: string[] = [];
  for (let i = 0; i < CACHE_POSITIONS.length; i++) if (positions & (1 << i)) names.push(CACHE_POSITIONS[i]);
  return names.length > 0 ? names.join(",") : NOWHERE;
}
