/** More than this many problems of one configuration help nobody; the rest is counted. */
const MAX_LISTED: i32 = 20;

/** What is wrong with one configuration, in the order of its text. */
export class Problems {
  private list: string[] = [];
  private count: i32 = 0;
  private brokenSections: string[] = [];
  private firstOfSection: string[] = [];
  /** The field of the outermost object that is looked at; empty: none. */
  section: string = "";

  get isEmpty(): bool {
    return this.count == 0;
  }

  /** How many there are, also beyond those that are listed. */
  get total(): i32 {
    return this.count;
  }

  /** Notes a problem. The path is empty for the configuration as a whole. */
  add(path: string, message: string): void {
    this.addLine(path.length == 0 ? message : path + ": " + message);
  }

  /** Notes a problem that is a whole line. */
  addLine(line: string): void {
    this.count++;
    if (this.list.length < MAX_LISTED) this.list.push(line);
    if (this.section.length == 0 || this.brokenSections.includes(this.section)) return;
    this.brokenSections.push(this.section);
    this.firstOfSection.push(line);
  }

  /** Notes what others noted. */
  addAll(others: Problems): void {
    for (let i = 0; i < others.list.length; i++) this.addLine(others.list[i]);
    this.count += others.count - others.list.length;
  }

  /** The first problem inside a field of the outermost object, or "" where that field is right. */
  of(section: string): string {
    const index = this.brokenSections.indexOf(section);
    return index < 0 ? "" : this.firstOfSection[index];
  }

  /** The listed problems, and a last line that counts the others. */
  lines(): string[] {
    const lines = this.list.slice();
    const more = this.count - lines.length;
    if (more > 0) lines.push("and " + more.toString() + " more");
    return lines;
  }
}
