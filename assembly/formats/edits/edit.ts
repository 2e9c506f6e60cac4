import { NONE, Slice, borrow, equals, lengthOf, startsWith } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { ABSENT, Document } from "../../json/document";
import { MemberEdits } from "../../json/members";
import { Patches } from "../../json/patch";
import { JsonWriter } from "../../json/writer";
import { COMMON_NAMES, Dialect } from "./dialect";
import { RequestEdits, Setting, Substitute } from "./edits";
import { Messages, hasSystem, writeSystem } from "./messages";
import { writeAt } from "./path";

/** One of each for all requests: a request is edited within one callback. */
const document: Document = new Document();
const patches: Patches = new Patches();
const members: MemberEdits = new MemberEdits(document, patches);
const value: Writer = new Writer();
const json: JsonWriter = new JsonWriter(value);
const opened: Writer = new Writer();
let front: Writer = new Writer();
let back: Writer = new Writer();

/** OpenAI's newer name of `max_tokens`; a request may have only one of them. */
const NEWER_LIMIT: string = "max_completion_tokens";

/**
 * The request with the edits in it.
 * @param text JSON of the request, borrowed for the call
 * @param notice text (UTF-8) to go behind the system messages; NONE: none
 * @param model the service's name of the model, UTF-8
 * @returns borrowed until the call after the next; NONE where the text is no JSON object or too much would have to change
 */
export function editRequest(
  text: Slice,
  dialect: Dialect,
  edits: RequestEdits,
  notice: Slice,
  model: Slice,
): Slice {
  if (!document.parse(text) || !document.isObject(document.root)) return NONE;
  // The text may be the one that was made before.
  turn();
  front.reset();
  patches.clear();
  editRoot(dialect, edits, withOpening(dialect, edits, notice), model);
  if (patches.failed) return NONE;
  patches.apply(text, front);
  const settings = edits.settings;
  for (let i = 0; i < settings.length; i++) {
    const setting = unchecked(settings[i]);
    const name = nameOf(setting, dialect, model);
    if (name.indexOf(".") >= 0 && !editDeep(setting, name)) return NONE;
  }
  return front.view();
}

function turn(): void {
  const made = back;
  back = front;
  front = made;
}

/** The notice, behind the text that a request without any system message gets. */
function withOpening(dialect: Dialect, edits: RequestEdits, notice: Slice): Slice {
  if (edits.opening.byteLength == 0 || hasSystem(document, dialect)) return notice;
  opened.reset();
  opened.owned(edits.opening);
  if (lengthOf(notice) > 0) opened.ascii("\n\n");
  opened.bytes(notice);
  return opened.view();
}

/** Everything that concerns members of the outermost object, in one go. */
function editRoot(dialect: Dialect, edits: RequestEdits, notice: Slice, model: Slice): void {
  const root = document.root;
  members.open(root);
  value.reset();
  json.reset();
  const list = document.find(root, dialect.list);
  if (new Messages(document, dialect, edits, json).write(list, notice)) {
    members.set(dialect.list, value.view());
  }
  if (dialect.system.length > 0 && lengthOf(notice) > 0) {
    value.reset();
    json.reset();
    writeSystem(document, document.find(root, dialect.system), notice, dialect, json);
    members.set(dialect.system, value.view());
  }
  if (edits.responseFormat.byteLength > 0 && dialect.name == "openai") {
    members.set("response_format", borrow(edits.responseFormat));
  }
  const substitutes = edits.substitutes;
  for (let i = 0; i < substitutes.length; i++) substitute(unchecked(substitutes[i]), dialect);
  const settings = edits.settings;
  for (let i = 0; i < settings.length; i++) {
    const setting = unchecked(settings[i]);
    const name = nameOf(setting, dialect, model);
    if (name.length == 0 || name.indexOf(".") >= 0) continue;
    if (setting.overwrites) members.set(name, borrow(setting.value));
    else if (document.find(root, name) == ABSENT) members.add(name).raw(borrow(setting.value));
  }
  members.close();
}

/** Gives a member the service's name. What the client said in the service's own words counts. */
function substitute(row: Substitute, dialect: Dialect): void {
  const old = document.find(document.root, row.from);
  if (row.dialect != dialect.name || old == ABSENT || document.isNull(old)) return;
  if (row.to.length > 0 && document.find(document.root, row.to) == ABSENT) {
    const out = members.add(row.to);
    value.reset();
    if (row.when.length > 0 && equals(document.raw(old), row.when)) value.ascii(row.instead);
    else {
      value.ascii(row.before);
      if (row.keepsValue) value.bytes(document.raw(old));
      value.ascii(row.behind);
    }
    out.raw(value.view());
  }
  members.remove(row.from);
  for (let i = 0; i < row.drops.length; i++) members.remove(unchecked(row.drops[i]));
}

/** A setting that lies deeper than the outermost object. The text that was made so far is read again. */
function editDeep(setting: Setting, name: string): bool {
  if (!document.parse(front.view())) return false;
  if (!setting.overwrites && document.path(document.root, name) != ABSENT) return true;
  patches.clear();
  // What cannot be (a member of a text) is left out, like an unknown parameter.
  if (!writeAt(document, name, borrow(setting.value), members, patches)) return !patches.failed;
  back.reset();
  patches.apply(front.view(), back);
  turn();
  return true;
}

/** Where the client's language has the parameter; "" where it has none. */
function nameOf(setting: Setting, dialect: Dialect, model: Slice): string {
  if (setting.models.length > 0 && !startsWith(model, setting.models)) return "";
  if (setting.isRaw) return setting.name;
  const at = COMMON_NAMES.indexOf(setting.name);
  if (at < 0) return "";
  const isNewer = at == 0 && dialect.name == "openai" && document.find(document.root, NEWER_LIMIT) != ABSENT;
  return isNewer ? NEWER_LIMIT : unchecked(dialect.parameters[at]);
}
