import { Slice } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { ABSENT, Document, Node } from "../../json/document";
import { MemberEdits } from "../../json/members";
import { Patches } from "../../json/patch";
import { JsonWriter } from "../../json/writer";

const made: Writer = new Writer();
const json: JsonWriter = new JsonWriter(made);

/**
 * Puts a value where a path of names and element numbers leads, as patches of the document's text. Objects that are
 * missing on the way are made; elements of lists are replaced but not added.
 * @param path names joined by points, at least one
 * @returns false where the path leads through something that holds no members, or a patch was refused
 */
export function writeAt(
  document: Document,
  path: string,
  value: Slice,
  members: MemberEdits,
  patches: Patches,
): bool {
  const steps = path.split(".");
  const last = steps.length - 1;
  let node: Node = document.root;
  let depth = 0;
  while (depth < last) {
    const next = document.path(node, unchecked(steps[depth]));
    if (next == ABSENT || document.isNull(next)) break;
    node = next;
    depth++;
  }
  if (document.isArray(node)) {
    const element = document.path(node, unchecked(steps[depth]));
    if (depth < last || element == ABSENT) return false;
    return patches.replace(document.start(element), document.end(element), value);
  }
  if (!members.open(node)) return false;
  made.reset();
  json.reset();
  for (let i = depth + 1; i <= last; i++) json.object().key(unchecked(steps[i]));
  json.raw(value);
  for (let i = depth + 1; i <= last; i++) json.endObject();
  members.set(unchecked(steps[depth]), made.view());
  return members.close();
}
