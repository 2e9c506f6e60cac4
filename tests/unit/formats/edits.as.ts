/** What the tests of request edits call. */
import { Slice, slice, toOwned, toText, utf8 } from "../../../assembly/bytes/slice";
import { dialectOf } from "../../../assembly/formats/edits/dialect";
import { editRequest } from "../../../assembly/formats/edits/edit";
import { RequestEdits, Setting, Substitute } from "../../../assembly/formats/edits/edits";

const model = utf8("model-1");
const MODEL: Slice = slice(changetype<usize>(model), model.byteLength);

let edits: RequestEdits = new RequestEdits();

export function allocate(size: i32): usize {
  return heap.alloc(size);
}

export function release(pointer: usize): void {
  heap.free(pointer);
}

/** Begins with new edits. */
export function begin(merges: bool, renamesDeveloper: bool): void {
  edits = new RequestEdits();
  edits.merges = merges;
  edits.renamesDeveloper = renamesDeveloper;
}

export function addSetting(
  name: usize,
  nameLength: i32,
  value: usize,
  valueLength: i32,
  isRaw: bool,
  overwrites: bool,
): void {
  edits.settings.push(
    new Setting(toText(slice(name, nameLength)), toOwned(slice(value, valueLength)), isRaw, overwrites),
  );
}

export function addCommand(pointer: usize, length: i32): void {
  edits.cleanup.push(toOwned(slice(pointer, length)));
}

export function setResponseFormat(pointer: usize, length: i32): void {
  edits.responseFormat = toOwned(slice(pointer, length));
}

/** Effort becomes a switch, and a limit moves. */
export function addSubstitutes(): void {
  edits.substitutes = [
    new Substitute("openai", "reasoning_effort", "thinking", '{"type":"enabled"}', "", false),
    new Substitute("openai", "limit", "reasoning", '{"max":', "}", true).dropping("effort"),
    new Substitute("responses", "tool_choice", "", "", "", false),
  ];
}

export function setOpening(): void {
  edits.opening = utf8("opening");
}

/** The first setting is for models that begin so. */
export function limitSetting(pointer: usize, length: i32): void {
  edits.settings[0].models = toText(slice(pointer, length));
}

export function edit(
  text: usize,
  length: i32,
  dialect: usize,
  dialectLength: i32,
  notice: usize,
  noticeLength: i32,
): Slice {
  const name = toText(slice(dialect, dialectLength));
  return editRequest(slice(text, length), dialectOf(name), edits, slice(notice, noticeLength), MODEL);
}
