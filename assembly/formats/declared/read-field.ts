import { NONE, Slice, Utf8, borrow, lengthOf, utf8 } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { EFFORT_NAMES, requestedBudget, requestedEffort } from "../../chat/effort";
import {
  AnswerShape,
  ChatRequest,
  Effort,
  Message,
  Part,
  PartKind,
  Role,
  ToolChoice,
} from "../../chat/request";
import { upstreamName } from "../../chat/tool-names";
import { JsonWriter } from "../../json/writer";
import { writeArgumentsObject, writeArgumentsString, writeFreeform } from "../arguments";
import { writeDataUrl } from "../data-url";
import { MAX_NAME_BYTES } from "../openai/tiers";
import { writeChoice, writeShape } from "../openai/write-request";
import { Context } from "./context";
import { Item } from "./item";
import { messagesOf, partsOf } from "./items";
import { Field, Word } from "./vocabulary";

const ROLES: StaticArray<Utf8> = [utf8("system"), utf8("user"), utf8("assistant"), utf8("tool")];
const TEXT: Utf8 = utf8("text");
const MEDIA: StaticArray<Utf8> = [utf8("image"), utf8("audio"), utf8("video"), utf8("file")];
const EFFORTS: Array<Utf8> = EFFORT_NAMES.map<Utf8>((name) => utf8(name));

const LINE: string = "\\n";
const PARAGRAPH: string = "\\n\\n";

/** What has to be put together first. Two in turn, so that two values can be compared. */
const evenMade: Writer = new Writer();
const oddMade: Writer = new Writer();
let isOdd: bool = false;

/** Leaves the value of a member in the context, `None` where there is none. */
export function readField(word: Word, item: Item, context: Context): void {
  const request = context.request;
  switch (word.field) {
    case Field.Plain:
      context.setRaw(request.value(unchecked(word.parameters[0])));
      return;
    case Field.Role:
      context.setText(borrow(unchecked(ROLES[item.message.role as i32])));
      return;
    case Field.Text:
      readText(item, context);
      return;
    case Field.Model:
      context.setText(context.options.model);
      return;
    case Field.Stream:
      context.setFlag(context.stream);
      return;
    case Field.System:
      readSystem(request, context);
      return;
    case Field.LastUser:
      readLastUser(request, context);
      return;
    case Field.ToolChoice:
      if (request.toolChoice == ToolChoice.Absent || request.tools.length == 0) context.setNone();
      else {
        const out = begin();
        writeChoice(request, new JsonWriter(out));
        context.setRaw(out.view());
      }
      return;
    case Field.ResponseFormat:
      if (request.shape == AnswerShape.Text) context.setNone();
      else {
        const out = begin();
        writeShape(request, new JsonWriter(out));
        context.setRaw(out.view());
      }
      return;
    case Field.Schema:
      context.setRaw(request.schema);
      return;
    case Field.Effort: {
      const effort = requestedEffort(request);
      context.setText(effort == Effort.Absent ? NONE : borrow(unchecked(EFFORTS[effort as i32])));
      return;
    }
    case Field.Budget: {
      const budget = requestedBudget(request);
      const out = begin();
      if (budget >= 0) out.number(budget);
      context.setRaw(out.view());
      return;
    }
    case Field.Id:
      context.setText(item == context.top ? borrow(context.options.id) : item.part.id);
      return;
    case Field.Token:
      context.setText(lengthOf(context.options.token) > 0 ? context.options.token : NONE);
      return;
    case Field.Dimensions:
      context.setRaw(context.dimensions);
      return;
    case Field.TopN:
      context.setRaw(context.topN);
      return;
    case Field.Query:
      context.setText(context.query);
      return;
  }
  readItemField(word.field, item, context);
}

function readItemField(field: Field, item: Item, context: Context): void {
  const part = item.part;
  switch (field) {
    case Field.Thinking:
      readJoined(item.message.parts, PartKind.Thinking, PARAGRAPH, context);
      return;
    case Field.ToolCallId:
      context.setText(part.id);
      return;
    case Field.Name:
      readName(item, context);
      return;
    case Field.IsError:
      if (item.message.role == Role.Tool) context.setFlag(part.isError);
      else context.setNone();
      return;
    case Field.Type:
      context.setText(borrow(part.kind == PartKind.Media ? unchecked(MEDIA[part.media as i32]) : TEXT));
      return;
    case Field.Url:
      context.setText(part.url);
      return;
    case Field.Data:
      context.setText(part.data);
      return;
    case Field.MediaType:
      context.setText(part.mediaType);
      return;
    case Field.FileId:
      context.setText(part.fileId);
      return;
    case Field.FileName:
      context.setText(part.fileName);
      return;
    case Field.DataUrl:
      if (part.data == NONE) context.setText(part.url);
      else {
        const out = begin();
        writeDataUrl(part.mediaType, part.data, new JsonWriter(out));
        context.setRaw(out.view());
      }
      return;
    case Field.Arguments: {
      const out = begin();
      if (part.isFreeform) writeFreeform(part, new JsonWriter(out));
      else writeArgumentsString(part, new JsonWriter(out));
      context.setRaw(out.view());
      return;
    }
    case Field.ArgumentsObject: {
      const out = begin();
      // What is no object is nothing that the service could take.
      if (!writeArgumentsObject(part, new JsonWriter(out))) out.ascii("{}");
      context.setRaw(out.view());
      return;
    }
    case Field.Description:
      context.setText(item.tool.description);
      return;
    case Field.Parameters:
      context.setRaw(item.tool.schema);
      return;
  }
  context.setNone();
}

/** A tool's name is a plain one, as with built-in formats; a message's is what the client wrote. */
function readName(item: Item, context: Context): void {
  const name = item.tool.name != NONE ? item.tool.name : item.part.name;
  if (name != NONE) context.setText(upstreamName(name, MAX_NAME_BYTES));
  else context.setText(item.message.name);
}

/** The text of a message, part or text. */
function readText(item: Item, context: Context): void {
  if (item.text != NONE) context.setText(item.text);
  else if (item.isPart) context.setText(item.part.text);
  else readMessageText(item, context);
}

/** The texts of a message, joined; a failed call of a tool says so, since there is no flag for it in a text. */
function readMessageText(item: Item, context: Context): void {
  const parts = partsOf(item);
  const isError = item.message.role == Role.Tool && item.part.isError;
  if (!isError && parts.length == 1) {
    context.setText(unchecked(parts[0]).kind == PartKind.Media ? emptyText() : unchecked(parts[0]).text);
    return;
  }
  const out = begin();
  if (isError) out.ascii("Error: ");
  join(parts, PartKind.Text, item.message.role == Role.System ? PARAGRAPH : LINE, out);
  if (out.length == 0) join(parts, PartKind.Refusal, LINE, out);
  context.setText(out.view());
}

function readJoined(parts: Array<Part>, kind: PartKind, between: string, context: Context): void {
  const out = begin();
  join(parts, kind, between, out);
  context.setText(out.length == 0 ? NONE : out.view());
}

function readSystem(request: ChatRequest, context: Context): void {
  const messages = request.messages;
  let only: Message | null = null;
  let count = 0;
  for (let i = 0; i < messages.length; i++) {
    const message = unchecked(messages[i]);
    if (message.role != Role.System) continue;
    only = message;
    count++;
  }
  if (only === null) {
    context.setNone();
    return;
  }
  if (count == 1 && only.parts.length == 1) {
    context.setText(unchecked(only.parts[0]).text);
    return;
  }
  const out = begin();
  for (let i = 0; i < messages.length; i++) {
    const message = unchecked(messages[i]);
    if (message.role == Role.System) join(message.parts, PartKind.Text, PARAGRAPH, out);
  }
  context.setText(out.view());
}

function readLastUser(request: ChatRequest, context: Context): void {
  const items = messagesOf(context);
  for (let i = items.length - 1; i >= 0; i--) {
    const item = unchecked(items[i]);
    if (item.message.role != Role.User) continue;
    readMessageText(item, context);
    return;
  }
  context.setNone();
}

/** Appends the texts of a kind; what is there already counts as one before them. */
function join(parts: Array<Part>, kind: PartKind, between: string, out: Writer): void {
  for (let i = 0; i < parts.length; i++) {
    const part = unchecked(parts[i]);
    if (part.kind != kind || lengthOf(part.text) == 0) continue;
    if (out.length > 0) out.ascii(between);
    out.bytes(part.text);
  }
}

function emptyText(): Slice {
  return begin().view();
}

/** An empty writer whose bytes stay until the next but one is asked for. */
function begin(): Writer {
  isOdd = !isOdd;
  const writer = isOdd ? oddMade : evenMade;
  writer.reset();
  writer.reserve(0);
  return writer;
}
