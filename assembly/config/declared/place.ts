/** Where in a declaration the compiler is, and what it found wrong. Paths are relative to the declaration. */
export class Place {
  places: string[] = [];
  messages: string[] = [];
  private steps: string[] = [];

  /** Steps into a member. */
  enter(name: string): void {
    this.steps.push(isPlain(name) ? "." + name : '["' + name + '"]');
  }

  /** Steps into an element. */
  enterElement(index: i32): void {
    this.steps.push("[" + index.toString() + "]");
  }

  leave(): void {
    if (this.steps.length > 0) this.steps.pop();
  }

  /** How many objects and lists are around. */
  get depth(): i32 {
    return this.steps.length;
  }

  /** Notes that something is wrong here; an empty message is nothing. */
  fail(message: string): void {
    if (message.length == 0) return;
    this.places.push(this.steps.join(""));
    this.messages.push(message);
  }
}

function isPlain(name: string): bool {
  for (let i = 0; i < name.length; i++) {
    const unit = name.charCodeAt(i);
    const letter = unit | 0x20;
    const isWord = (letter >= 0x61 && letter <= 0x7a) || (unit >= 0x30 && unit <= 0x39);
    if (!isWord && unit != 0x5f && unit != 0x2d && unit != 0x24) return false;
  }
  return name.length > 0;
}
