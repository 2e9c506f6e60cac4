import { Slice } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { COMMA, QUOTE } from "./characters";
import { ABSENT, Document, Node } from "./document";
import { Patches } from "./patch";
import { JsonWriter } from "./writer";

/**
 * Edits of the members of one object of a document, between `open` and `close`, as patches of the text. Names are
 * ASCII and those of the original text; where an object has several members of a name, all of them are edited, so
 * that no reader downstream can see an old one. Which commas go or come depends on all edits of the object together:
 * therefore only `close` turns removals and additions into patches, and an object may be opened only once for a list
 * of patches. After `close` another object, also one inside of this one, can be opened.
 */
@final
export class MemberEdits {
  private object: Node = ABSENT;
  private scratch: Writer = new Writer();
  private added: JsonWriter = new JsonWriter(new Writer());

  constructor(
    private document: Document,
    private patches: Patches,
  ) {}

  /** Begins with an object. False where the node is none; the edits then do nothing. */
  open(object: Node): bool {
    this.object = this.document.isObject(object) ? object : ABSENT;
    this.added.out.reset();
    this.added.reset();
    const document = this.document;
    for (let key = document.firstMember(object); key != ABSENT; key = document.nextMember(key)) {
      document.setRemoved(key, false); // edits that were not closed may have left marks
    }
    return this.object != ABSENT;
  }

  /** Gives the member another value, which is JSON text. False where there is none. */
  replace(name: string, value: Slice): bool {
    const document = this.document;
    const first = this.named(document.firstMember(this.object), name);
    for (let key = first; key != ABSENT; key = this.named(document.nextMember(key), name)) {
      const old = document.valueOf(key);
      this.patches.replace(document.start(old), document.end(old), value);
    }
    return first != ABSENT;
  }

  /** Gives the member another value, or adds it where there is none. */
  set(name: string, value: Slice): void {
    if (!this.replace(name, value)) this.add(name).raw(value);
  }

  /** Gives the member another name. False where there is none. */
  rename(name: string, newName: string): bool {
    const document = this.document;
    const scratch = this.scratch;
    scratch.reset();
    scratch.byte(QUOTE);
    scratch.ascii(newName);
    scratch.byte(QUOTE);
    const first = this.named(document.firstMember(this.object), name);
    for (let key = first; key != ABSENT; key = this.named(document.nextMember(key), name)) {
      this.patches.replace(document.start(key), document.end(key), scratch.view());
    }
    return first != ABSENT;
  }

  /** Removes the member. False where there is none. */
  remove(name: string): bool {
    const document = this.document;
    const first = this.named(document.firstMember(this.object), name);
    for (let key = first; key != ABSENT; key = this.named(document.nextMember(key), name)) {
      document.setRemoved(key, true);
    }
    return first != ABSENT;
  }

  /**
   * Adds a member at the front of the object; the caller writes its value to what this returns, and knows that the
   * object has no member of this name that stays.
   */
  add(name: string): JsonWriter {
    const added = this.added;
    if (added.out.length > 0) added.out.byte(COMMA);
    return added.key(name);
  }

  /** Turns removals and additions into patches. False where a patch was refused, see `Patches.failed`. */
  close(): bool {
    const document = this.document;
    const patches = this.patches;
    const object = this.object;
    if (object == ABSENT) return false;
    const first = document.firstMember(object);
    const added = this.added.out;
    if (added.length > 0) {
      if (first != ABSENT && !document.isRemoved(first)) added.byte(COMMA);
      patches.insert(document.start(object) + 1, added.view());
    }

    // A member that goes takes the comma before it along; where nothing stays before it, the one behind it.
    let staysBefore = added.length > 0;
    let from = -1; // where the run of members that go begins
    let behind = document.start(first); // end of the last member seen
    for (let key = first; key != ABSENT; key = document.nextMember(key)) {
      if (document.isRemoved(key)) {
        if (from < 0) from = behind;
      } else {
        if (from >= 0) patches.remove(from, staysBefore ? behind : document.start(key));
        from = -1;
        staysBefore = true;
      }
      behind = document.end(document.valueOf(key));
    }
    if (from >= 0) patches.remove(from, behind);
    this.object = ABSENT;
    return !patches.failed;
  }

  /** Frees the memory. The edits may be used again. */
  dispose(): void {
    this.object = ABSENT;
    this.scratch.dispose();
    this.added.out.dispose();
  }

  /** The first member of this name from `key` on. */
  private named(key: Node, name: string): Node {
    while (key != ABSENT && !this.document.isText(key, name)) key = this.document.nextMember(key);
    return key;
  }
}
