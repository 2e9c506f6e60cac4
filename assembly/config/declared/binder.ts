import { borrow, equals } from "../../bytes/slice";
import { Parameter } from "../../chat/parameters";
import { Comparison, Condition, Operand, Term } from "../../formats/declared/condition";
import { Owner } from "../../formats/declared/item";
import { Path, Segment, Select } from "../../formats/declared/path";
import { RequestProgram } from "../../formats/declared/request";
import { Selection, Step } from "../../formats/declared/selection";
import {
  Field,
  OPENAI_CONTENT,
  Sort,
  Word,
  findWord,
  itemOwner,
  namesOf,
} from "../../formats/declared/vocabulary";
import { didYouMean } from "../suggest";

/** What an expression is used for. */
export enum Use {
  /** Its value is sent. */
  Value,
  /** Its items are looked through. */
  Items,
  /** It only decides something. */
  Condition,
}

/** Binds expressions to what a request has. The first mistake is in `error`, with its column. */
export class Binder {
  error: string = "";

  /**
   * @param program where is noted what the request uses
   * @param root what `$` is
   */
  constructor(
    private program: RequestProgram,
    private root: Owner,
  ) {}

  /** @param item what `@` is */
  bind(path: Path, item: Owner, use: Use): Selection {
    const selection = new Selection(path.isAbsolute);
    const segments = path.segments;
    let owner = path.isAbsolute ? this.root : item;
    for (let i = 0; i < segments.length && this.error.length == 0; i++) {
      const segment = segments[i];
      if (segment.select != Select.Name) this.fail(segment, "only lists have elements, and this is none");
      const word = findWord(owner, segment.name);
      if (this.error.length > 0) break;
      if (word === null) {
        this.fail(segment, unknown(segment.name, owner));
        break;
      }
      this.note(word, use);
      if (word.sort == Sort.Value) {
        selection.leaf = word;
        if (i + 1 < segments.length)
          this.fail(segments[i + 1], word.name + " has nothing inside that can be named");
        break;
      }
      const step = new Step(word);
      selection.steps.push(step);
      owner = itemOwner(word.sort);
      if (i + 1 == segments.length) break;
      this.choose(step, segments[++i], owner);
    }
    selection.owner = owner;
    selection.seal();
    if (this.error.length == 0) this.checkEnd(selection, use);
    if (this.error.length == 0) this.noteLists(selection, use);
    return selection;
  }

  /** Binds the paths of a condition. */
  bindCondition(condition: Condition, item: Owner): void {
    for (let i = 0; i < condition.terms.length; i++) {
      this.bindOperand(condition.terms[i].left, item);
      this.bindOperand(condition.terms[i].right, item);
    }
  }

  private bindOperand(operand: Operand, item: Owner): void {
    const path = operand.path;
    if (path !== null) operand.selection = this.bind(path, item, Use.Condition);
  }

  /** Which elements of a list are taken. */
  private choose(step: Step, segment: Segment, owner: Owner): void {
    step.select = segment.select;
    step.index = segment.index;
    step.condition = segment.condition;
    if (segment.select == Select.Name) {
      this.fail(segment, step.word.name + " is a list: choose with [0], [-1], [*] or [?@.role == 'user']");
    } else if (segment.select == Select.Filter) {
      this.bindCondition(step.condition, owner);
    }
  }

  /** A text is a value; other items are only written as lists. */
  private checkEnd(selection: Selection, use: Use): void {
    if (selection.leaf !== null || use != Use.Value || selection.owner == Owner.Text) return;
    if (selection.steps.length == 0) {
      this.error = "column 1: name a member, one of " + namesOf(selection.owner).join(", ");
    } else if (selection.isSingular) {
      this.error = "column 1: this is a whole item: name a member of it, or the list without a number";
    }
  }

  private note(word: Word, use: Use): void {
    if (use == Use.Condition) return;
    this.program.carry(word.parameters);
    if (word.field == Field.Token) this.program.usesToken = true;
  }

  /** What follows from the lists on the way. */
  private noteLists(selection: Selection, use: Use): void {
    if (use == Use.Condition) return;
    for (let i = 0; i < selection.steps.length; i++) {
      const step = selection.steps[i];
      if (step.word.sort == Sort.Calls) this.program.carry([Parameter.Tools]);
      if (step.word.sort != Sort.Messages) continue;
      if (step.select != Select.Index) this.program.usesMessages = true;
      // `$each` and `$text` say more about which messages are sent.
      const isSystem = step.select == Select.Index ? step.index >= 0 : admitsRole(step.condition, "system");
      if (isSystem && use == Use.Value) this.program.carry([Parameter.SystemPrompt]);
    }
    if (selection.leaf !== null || use != Use.Value) return;
    if (selection.owner == Owner.Part) this.program.carry(OPENAI_CONTENT);
    if (selection.owner != Owner.Message) return;
    this.program.carry(OPENAI_CONTENT);
    this.program.carry([Parameter.ThinkingHistory, Parameter.ParticipantName, Parameter.ToolResultError]);
  }

  private fail(segment: Segment, message: string): void {
    if (this.error.length == 0) this.error = "column " + segment.column.toString() + ": " + message;
  }
}

/** Whether a list of messages, with a further condition, may hold one of this role. */
export function admits(selection: Selection, where: Condition, role: string): bool {
  for (let i = 0; i < selection.steps.length; i++) {
    const step = selection.steps[i];
    if (step.select == Select.Index && step.index < 0 && role == "system") return false;
    if (!admitsRole(step.condition, role)) return false;
  }
  return admitsRole(where, role);
}

/** Whether a condition on messages can hold for one of this role: what it says of anything else may be so. */
function admitsRole(condition: Condition, role: string): bool {
  const terms = condition.terms;
  let isPossible = true;
  for (let i = 0; i < terms.length; i++) {
    if (i > 0 && terms[i].beginsAlternative) {
      if (isPossible) return true;
      isPossible = true;
    }
    if (!termAdmits(terms[i], role)) isPossible = false;
  }
  return isPossible;
}

function termAdmits(term: Term, role: string): bool {
  const selection = term.left.selection;
  if (selection === null || selection.isAbsolute || term.right.path !== null) return true;
  const leaf = selection.leaf;
  if (leaf === null || leaf.field != Field.Role) return true;
  const isRole = equals(borrow(term.right.value), role);
  if (term.comparison == Comparison.Equal) return isRole;
  return term.comparison == Comparison.NotEqual ? !isRole : true;
}

function unknown(name: string, owner: Owner): string {
  const names = namesOf(owner);
  if (names.length == 0) return "a text has no members";
  const hint = didYouMean(name, names);
  return 'there is no "' + name + '" here' + (hint.length > 0 ? hint : ", only " + names.join(", "));
}
