import { NONE } from "../../bytes/slice";
import { Message, Part, PartKind, Role } from "../../chat/request";
import { nameResults } from "../turns";
import { Context } from "./context";
import { Item } from "./item";
import { Field, Word } from "./vocabulary";

/** The items of a list of the request, or of one of its items. */
export function itemsOf(word: Word, item: Item, context: Context): Array<Item> {
  switch (word.field) {
    case Field.Messages:
      return messagesOf(context);
    case Field.Parts:
      return partItems(partsOf(item));
    case Field.ToolCalls:
      return callItems(item.message.parts);
    case Field.Tools:
      return toolItems(context);
    case Field.Stop:
      return textItems(context.request.stop);
  }
  return textItems(context.texts);
}

/** The messages of the request; each result of a tool is one of its own. */
export function messagesOf(context: Context): Array<Item> {
  const known = context.messages;
  if (known !== null) return known;
  const request = context.request;
  nameResults(request);
  const items = new Array<Item>();
  for (let i = 0; i < request.messages.length; i++) {
    const message = unchecked(request.messages[i]);
    if (message.role == Role.Tool) addResults(message, items);
    // A message whose parts all became results of their own.
    else if (message.role != Role.User || message.parts.length > 0) items.push(Item.ofMessage(message));
  }
  context.messages = items;
  return items;
}

/** What a message consists of for the service: texts and media; of a tool's message, what its result holds. */
export function partsOf(item: Item): Array<Part> {
  if (item.message.role == Role.Tool) return item.part.content;
  const parts = item.message.parts;
  for (let i = 0; i < parts.length; i++) {
    if (!isContent(unchecked(parts[i]).kind)) return contentOf(parts);
  }
  return parts;
}

function contentOf(parts: Array<Part>): Array<Part> {
  const kept = new Array<Part>();
  for (let i = 0; i < parts.length; i++) {
    if (isContent(unchecked(parts[i]).kind)) kept.push(unchecked(parts[i]));
  }
  return kept;
}

function isContent(kind: PartKind): bool {
  return kind == PartKind.Text || kind == PartKind.Refusal || kind == PartKind.Media;
}

function addResults(message: Message, items: Array<Item>): void {
  for (let i = 0; i < message.parts.length; i++) {
    const part = unchecked(message.parts[i]);
    if (part.kind != PartKind.ToolResult) continue;
    const item = Item.ofMessage(message);
    item.part = part;
    items.push(item);
  }
}

function partItems(parts: Array<Part>): Array<Item> {
  const items = new Array<Item>();
  for (let i = 0; i < parts.length; i++) items.push(Item.ofPart(unchecked(parts[i])));
  return items;
}

function callItems(parts: Array<Part>): Array<Item> {
  const items = new Array<Item>();
  for (let i = 0; i < parts.length; i++) {
    if (unchecked(parts[i]).kind == PartKind.ToolCall) items.push(Item.ofPart(unchecked(parts[i])));
  }
  return items;
}

/** Tools that are no functions only go to their own vendor. */
function toolItems(context: Context): Array<Item> {
  const tools = context.request.tools;
  const items = new Array<Item>();
  for (let i = 0; i < tools.length; i++) {
    if (unchecked(tools[i]).hosted == NONE) items.push(Item.ofTool(unchecked(tools[i])));
  }
  return items;
}

function textItems(texts: Array<u64>): Array<Item> {
  const items = new Array<Item>();
  for (let i = 0; i < texts.length; i++) items.push(Item.ofText(unchecked(texts[i])));
  return items;
}
