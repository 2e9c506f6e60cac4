import { Slice, borrow, lengthOf, same } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { ABSENT, Document, Node } from "../../json/document";
import { JsonWriter } from "../../json/writer";
import { escape, unescape } from "../../json/text";
import { Dialect } from "./dialect";
import { RequestEdits } from "./edits";

/** What is between two texts that become one: an empty line, as a JSON string body. */
export const GAP: string = "\\n\\n";

const scratch: Writer = new Writer();

/** More neighbours than this are more than one message, so that the work stays in proportion. */
const MAX_GROUP: i32 = 256;

/** Stands in the list for the notice, which is no message of the client's. */
const NOTICE: Node = -2;

/**
 * Edits the messages of one request. Unknown members of messages stay; what is not edited is copied byte for byte.
 * One object for one request, used within one callback.
 */
export class Messages {
  /** The messages that stay, in order. */
  private kept: Node[] = [];

  /** @param json where the new array is written */
  constructor(
    private document: Document,
    private dialect: Dialect,
    private edits: RequestEdits,
    private json: JsonWriter,
  ) {}

  /**
   * @param list the array of messages
   * @param notice text (UTF-8) of a system message to be put in; NONE: none
   * @returns false where there is nothing to change; nothing is written then
   */
  write(list: Node, notice: Slice): bool {
    if (!this.document.isArray(list)) return false;
    const kept = this.kept;
    const json = this.json;
    let isChanged = this.select(list);
    if (this.dialect.system.length == 0 && lengthOf(notice) > 0) {
      this.insertNotice();
      isChanged = true;
    }
    if (!isChanged && !this.hasWork()) return false;
    json.array();
    for (let i = 0; i < kept.length;) {
      const end = this.edits.merges ? this.groupEnd(i) : i + 1;
      if (unchecked(kept[i]) == NOTICE) this.writeNotice(notice);
      else if (end - i > 1) this.writeMerged(i, end);
      else this.writeOne(unchecked(kept[i]));
      i = end;
    }
    json.endArray();
    return true;
  }

  // ---- which messages stay ----------------------------------------------------------------------------------

  /** Keeps all, or, behind the last command to forget, what follows and the system messages. True: some go. */
  private select(list: Node): bool {
    const document = this.document;
    let command = ABSENT;
    if (this.edits.cleanup.length > 0) {
      for (let item = document.firstElement(list); item != ABSENT; item = document.nextElement(item)) {
        if (this.isCommand(item)) command = item;
      }
    }
    let isBehind = command == ABSENT;
    for (let item = document.firstElement(list); item != ABSENT; item = document.nextElement(item)) {
      if (isBehind || this.isSystem(item)) this.kept.push(item);
      if (item == command) isBehind = true;
    }
    return command != ABSENT;
  }

  private isCommand(message: Node): bool {
    const document = this.document;
    if (!document.isText(document.find(message, "role"), "user")) return false;
    let content = document.find(message, this.dialect.content);
    if (document.isArray(content)) {
      const part = document.firstElement(content);
      if (document.nextElement(part) != ABSENT) return false;
      content = document.find(part, "text");
    }
    if (!document.isString(content)) return false;
    scratch.reset();
    unescape(scratch, document.body(content));
    const commands = this.edits.cleanup;
    for (let i = 0; i < commands.length; i++) {
      if (same(scratch.view(), borrow(unchecked(commands[i])))) return true;
    }
    return false;
  }

  private isSystem(message: Node): bool {
    const role = this.roleOf(message);
    return this.document.isText(role, "system") || this.document.isText(role, "developer");
  }

  private insertNotice(): void {
    const kept = this.kept;
    let at = 0;
    while (at < kept.length && this.isSystem(unchecked(kept[at]))) at++;
    kept.push(NOTICE);
    for (let i = kept.length - 1; i > at; i--) unchecked((kept[i] = kept[i - 1]));
    unchecked((kept[at] = NOTICE));
  }

  /** Whether anything but the selection changes the messages. */
  private hasWork(): bool {
    const kept = this.kept;
    for (let i = 0; i < kept.length; i++) {
      if (this.isRenamed(unchecked(kept[i]))) return true;
      if (this.edits.merges && i + 1 < kept.length && this.groupEnd(i) > i + 1) return true;
    }
    return false;
  }

  // ---- neighbours -------------------------------------------------------------------------------------------

  /** Index behind the messages from `first` on that become one. */
  private groupEnd(first: i32): i32 {
    const kept = this.kept;
    const message = unchecked(kept[first]);
    let end = first + 1;
    if (message == NOTICE || !this.isMergeable(message)) return end;
    const role = this.document.raw(this.roleOf(message));
    const last = min(kept.length, first + MAX_GROUP);
    while (end < last && this.joins(first, end, role)) end++;
    return end;
  }

  /** Only what the user and the model said; results of tools are answers to one call each. */
  private isMergeable(message: Node): bool {
    const role = this.roleOf(message);
    return this.document.isText(role, "user") || this.document.isText(role, this.dialect.model);
  }

  /** Whether a message says nothing that contradicts those from `first` on. */
  private joins(first: i32, index: i32, role: Slice): bool {
    const document = this.document;
    const message = unchecked(this.kept[index]);
    if (message == NOTICE || !same(document.raw(this.roleOf(message)), role)) return false;
    for (let key = document.firstMember(message); key != ABSENT; key = document.nextMember(key)) {
      const value = document.valueOf(key);
      if (this.isContent(key) || document.isText(key, "role")) continue;
      for (let i = first; i < index; i++) {
        const other = this.memberLike(unchecked(this.kept[i]), key);
        if (other == ABSENT || (document.isArray(other) && document.isArray(value))) continue;
        if (!same(document.raw(other), document.raw(value))) return false;
      }
    }
    return true;
  }

  /** The members of the first message, then those that only later ones have. Lists become one list. */
  private writeMerged(first: i32, end: i32): void {
    const document = this.document;
    const json = this.json;
    let hasContent = false;
    json.object();
    for (let i = first; i < end; i++) {
      const message = unchecked(this.kept[i]);
      for (let key = document.firstMember(message); key != ABSENT; key = document.nextMember(key)) {
        if (this.isContent(key)) {
          if (!hasContent) this.writeContent(first, end, json.key(this.dialect.content));
          hasContent = true;
          continue;
        }
        if (this.isKnown(first, i, key)) continue;
        json.keyBody(document.body(key));
        if (document.isArray(document.valueOf(key))) this.writeLists(i, end, key);
        else json.raw(document.raw(document.valueOf(key)));
      }
    }
    json.endObject();
  }

  private writeContent(first: i32, end: i32, json: JsonWriter): void {
    const document = this.document;
    let texts = 0;
    let lists = 0;
    for (let i = first; i < end; i++) {
      const content = this.contentAt(i);
      if (document.isString(content)) texts++;
      if (document.isArray(content)) lists++;
    }
    if (texts + lists == 0) {
      json.null();
    } else if (lists == 0) {
      const out = json.beginString();
      const start = out.length;
      for (let i = first; i < end; i++) {
        const body = document.body(this.contentAt(i));
        if (lengthOf(body) > 0 && out.length > start) out.ascii(GAP);
        out.bytes(body);
      }
      json.endString();
    } else {
      json.array();
      for (let i = first; i < end; i++) this.writeParts(this.contentAt(i), unchecked(this.kept[i]));
      json.endArray();
    }
  }

  private writeParts(content: Node, message: Node): void {
    const document = this.document;
    const dialect = this.dialect;
    if (document.isString(content)) {
      if (lengthOf(document.body(content)) == 0) return;
      const isModel = document.isText(this.roleOf(message), dialect.model);
      writeTextPart(this.json, isModel ? dialect.modelPart : dialect.userPart).body(document.body(content));
      this.json.endObject();
      return;
    }
    for (let part = document.firstElement(content); part != ABSENT; part = document.nextElement(part)) {
      this.json.raw(document.raw(part));
    }
  }

  private writeLists(from: i32, end: i32, key: Node): void {
    const document = this.document;
    this.json.array();
    for (let i = from; i < end; i++) {
      const list = this.memberLike(unchecked(this.kept[i]), key);
      for (let item = document.firstElement(list); item != ABSENT; item = document.nextElement(item)) {
        this.json.raw(document.raw(item));
      }
    }
    this.json.endArray();
  }

  // ---- single messages --------------------------------------------------------------------------------------

  private writeOne(message: Node): void {
    const document = this.document;
    const json = this.json;
    if (!this.isRenamed(message)) {
      json.raw(document.raw(message));
      return;
    }
    const role = this.roleOf(message);
    json.object();
    for (let key = document.firstMember(message); key != ABSENT; key = document.nextMember(key)) {
      json.keyBody(document.body(key));
      if (document.valueOf(key) == role) json.string("system");
      else json.raw(document.raw(document.valueOf(key)));
    }
    json.endObject();
  }

  private writeNotice(notice: Slice): void {
    this.json.object().key("role").string("system").key(this.dialect.content).text(notice).endObject();
  }

  private isRenamed(message: Node): bool {
    return (
      this.edits.renamesDeveloper &&
      message != NOTICE &&
      this.document.isText(this.roleOf(message), "developer")
    );
  }

  private roleOf(message: Node): Node {
    return this.document.find(message, "role");
  }

  private contentAt(index: i32): Node {
    return this.document.find(unchecked(this.kept[index]), this.dialect.content);
  }

  private isContent(key: Node): bool {
    return this.document.isText(key, this.dialect.content);
  }

  /** Whether a message between `first` and `end` has a member of this name. */
  private isKnown(first: i32, end: i32, key: Node): bool {
    for (let i = first; i < end; i++) {
      if (this.memberLike(unchecked(this.kept[i]), key) != ABSENT) return true;
    }
    return false;
  }

  /** Value of the member that has the same name as `key`, spelled the same way. */
  private memberLike(message: Node, key: Node): Node {
    const document = this.document;
    const name = document.body(key);
    for (let other = document.firstMember(message); other != ABSENT; other = document.nextMember(other)) {
      if (same(document.body(other), name)) return document.valueOf(other);
    }
    return ABSENT;
  }
}

/** Whether a request has a system text of any kind. */
export function hasSystem(document: Document, dialect: Dialect): bool {
  if (dialect.system.length > 0) return document.find(document.root, dialect.system) != ABSENT;
  const list = document.find(document.root, dialect.list);
  for (let item = document.firstElement(list); item != ABSENT; item = document.nextElement(item)) {
    const role = document.find(item, "role");
    if (document.isText(role, "system") || document.isText(role, "developer")) return true;
  }
  return false;
}

/** Begins a part that holds text; the caller writes the text and ends the object. */
export function writeTextPart(json: JsonWriter, type: string): JsonWriter {
  json.object();
  if (type.length > 0) json.key("type").string(type);
  return json.key("text");
}

/** Writes a system text with a notice behind it, as the value of the root member that holds it. */
export function writeSystem(
  document: Document,
  old: Node,
  notice: Slice,
  dialect: Dialect,
  json: JsonWriter,
): void {
  const parts = document.isArray(old) ? old : document.find(old, dialect.content);
  const isObject = dialect.userPart.length == 0;
  if (!isObject && !document.isArray(old)) {
    const body = document.body(old);
    const out = json.beginString();
    out.bytes(body);
    if (lengthOf(body) > 0) out.ascii(GAP);
    escape(out, notice);
    json.endString();
    return;
  }
  if (isObject) json.object().key(dialect.content);
  json.array();
  for (let part = document.firstElement(parts); part != ABSENT; part = document.nextElement(part)) {
    json.raw(document.raw(part));
  }
  writeTextPart(json, dialect.userPart).text(notice).endObject();
  json.endArray();
  if (isObject) json.endObject();
}
