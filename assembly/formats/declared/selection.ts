import { Writer } from "../../bytes/writer";
import { ChatRequest, Message, PartKind, Role } from "../../chat/request";
import { Kind } from "../../json/tape";
import { JsonWriter } from "../../json/writer";
import { writeFunction } from "../functions";
import { invalid } from "../invalid";
import { MAX_NAME_BYTES } from "../openai/tiers";
import { writeCall, writeMessages, writePart } from "../openai/write-messages";
import { Condition } from "./condition";
import { Context } from "./context";
import { Item, Owner } from "./item";
import { itemsOf } from "./items";
import { Select } from "./path";
import { readField } from "./read-field";
import { Word } from "./vocabulary";

/** Written values that are text of something else. */
const scratch: Writer = new Writer();

/** One list on the way of a selection, and which of its items are taken. */
export class Step {
  /** `Select.Name`: the list as a whole. */
  select: Select = Select.Name;
  index: i32 = 0;
  condition: Condition = new Condition();

  constructor(readonly word: Word) {}
}

/** An expression over the request, bound to what the request has. */
export class Selection {
  steps: Array<Step> = [];
  /** The member that ends the way; null where it ends with items, or a list. */
  leaf: Word | null = null;
  /** What a way without a leaf ends with. */
  owner: Owner = Owner.Text;
  /** Whether it finds at most one value, which is no list: see `seal`. */
  isSingular: bool = true;

  constructor(
    /** Begins at `$`, else at `@`. */
    readonly isAbsolute: bool,
  ) {}

  /** To be called when the way is complete. */
  seal(): void {
    const steps = this.steps;
    for (let i = 0; i < steps.length; i++) {
      if (unchecked(steps[i]).select != Select.Index) this.isSingular = false;
    }
  }

  /** Leaves the first value in the context. A list that is not empty counts as a value. */
  read(context: Context): void {
    const leaf = this.leaf;
    const steps = this.steps;
    if (steps.length == 0 && leaf !== null) {
      readField(leaf, this.base(context), context);
      return;
    }
    const items = this.items(context);
    context.setNone();
    if (items.length == 0) return;
    const first = unchecked(items[0]);
    if (leaf !== null) readField(leaf, first, context);
    else if (this.owner == Owner.Text) context.setText(first.text);
    else context.setFlag(true);
  }

  /** Writes the value as JSON: several ones, and lists, as an array. False: there is none. */
  write(context: Context, out: Writer): bool {
    if (this.isSingular) {
      this.read(context);
      return context.writeJson(out);
    }
    const items = this.items(context);
    if (items.length == 0) return false;
    const leaf = this.leaf;
    if (leaf !== null) writeLeaves(items, leaf, context, out);
    else return writeItems(items, this.owner, context, out);
    return true;
  }

  /** Writes the value's text as the body of a JSON string; nothing where there is none. */
  writeBody(context: Context, out: Writer): void {
    if (!this.isSingular) {
      scratch.reset();
      if (!this.write(context, scratch)) return;
      context.kind = Kind.Array;
      context.value = scratch.view();
    } else {
      this.read(context);
    }
    context.writeBody(out);
  }

  /** The items that the way leads to. */
  items(context: Context): Array<Item> {
    const steps = this.steps;
    if (steps.length == 1 && unchecked(steps[0]).select == Select.Name)
      return itemsOf(unchecked(steps[0]).word, this.base(context), context);
    let items: Array<Item> = [this.base(context)];
    for (let i = 0; i < steps.length; i++) items = take(unchecked(steps[i]), items, context);
    return items;
  }

  private base(context: Context): Item {
    return this.isAbsolute ? context.top : context.item;
  }
}

function take(step: Step, from: Array<Item>, context: Context): Array<Item> {
  if (from.length == 1 && step.select == Select.Name) return itemsOf(step.word, unchecked(from[0]), context);
  const taken = new Array<Item>();
  for (let i = 0; i < from.length; i++) {
    const list = itemsOf(step.word, unchecked(from[i]), context);
    if (step.select == Select.Index) {
      const at = step.index < 0 ? list.length + step.index : step.index;
      if (at >= 0 && at < list.length) taken.push(unchecked(list[at]));
      continue;
    }
    for (let j = 0; j < list.length; j++) {
      const item = unchecked(list[j]);
      if (step.select != Select.Filter || isMet(step.condition, item, context)) taken.push(item);
    }
  }
  return taken;
}

/** Whether a condition holds for an item, which is `@` meanwhile. */
export function isMet(condition: Condition, item: Item, context: Context): bool {
  const outer = context.item;
  context.item = item;
  const met = condition.isMet(context);
  context.item = outer;
  return met;
}

function writeLeaves(items: Array<Item>, leaf: Word, context: Context, out: Writer): void {
  out.byte(0x5b);
  const start = out.length;
  for (let i = 0; i < items.length; i++) {
    readField(leaf, unchecked(items[i]), context);
    if (context.kind == Kind.None) continue;
    if (out.length > start) out.byte(0x2c);
    context.writeJson(out);
  }
  out.byte(0x5d);
}

/** A list in OpenAI's shape. */
function writeItems(items: Array<Item>, owner: Owner, context: Context, out: Writer): bool {
  const json = new JsonWriter(out);
  switch (owner) {
    case Owner.Message:
      return writeMessageItems(items, context, json);
    case Owner.Part:
      return writePartItems(items, context, json);
    case Owner.Call:
      json.array();
      for (let i = 0; i < items.length; i++) writeCall(unchecked(items[i]).part, json);
      json.endArray();
      return true;
    case Owner.Function:
      json.array();
      for (let i = 0; i < items.length; i++)
        writeFunction(unchecked(items[i]).tool, MAX_NAME_BYTES, false, json);
      json.endArray();
      return true;
  }
  json.array();
  for (let i = 0; i < items.length; i++) json.body(unchecked(items[i]).text);
  json.endArray();
  return true;
}

/** The messages as a request of their own; each result of a tool is a message again. */
function writeMessageItems(items: Array<Item>, context: Context, json: JsonWriter): bool {
  const request = new ChatRequest();
  for (let i = 0; i < items.length; i++) {
    const item = unchecked(items[i]);
    if (item.message.role != Role.Tool) {
      request.messages.push(item.message);
      continue;
    }
    const message = new Message(Role.Tool);
    message.parts.push(item.part);
    request.messages.push(message);
  }
  const failure = writeMessages(request, context.options, json);
  if (failure !== null) context.failure = failure;
  return failure === null;
}

/** One text alone is a string, which every chat template takes. */
function writePartItems(items: Array<Item>, context: Context, json: JsonWriter): bool {
  if (items.length == 1 && unchecked(items[0]).part.kind != PartKind.Media) {
    json.body(unchecked(items[0]).part.text);
    return true;
  }
  json.array();
  for (let i = 0; i < items.length; i++) {
    const problem = writePart(unchecked(items[i]).part, json);
    if (problem.length > 0) context.failure = invalid(problem);
  }
  json.endArray();
  return true;
}
