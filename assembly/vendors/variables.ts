/** What the configuration puts into the `{name}`s of a vendor's host and paths. */
export class Variables {
  private names: string[] = [];
  private values: string[] = [];

  /** Sets a variable. */
  set(name: string, value: string): Variables {
    this.names.push(name);
    this.values.push(value);
    return this;
  }

  /** A variable; empty where it was not set. */
  get(name: string): string {
    const index = this.names.indexOf(name);
    return index < 0 ? "" : this.values[index];
  }

  /** A text with the values in the place of the names that have one; other names stay for later. */
  fill(text: string): string {
    let filled = text;
    for (let i = 0; i < this.names.length; i++) {
      filled = filled.replaceAll("{" + this.names[i] + "}", this.values[i]);
    }
    return filled;
  }
}
