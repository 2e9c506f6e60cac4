import { lengthOf } from "../bytes/slice";
import { ABSENT, Document, Node } from "../json/document";
import { CrossRule, Field, Tie } from "./field";

/**
 * What is wrong with several fields of one object together, or "" where nothing is.
 * @param fields the fields of the object's type
 */
export function crossProblem(rule: CrossRule, document: Document, node: Node, fields: Field[]): string {
  const given = namesThat(rule.fields, document, node, true);
  const names = rule.fields.join(", ");
  switch (rule.tie) {
    case Tie.ExactlyOne:
      if (given.length == 1 || (given.length == 0 && document.find(node, rule.field) != ABSENT)) return "";
      return "give exactly one of " + names + orField(rule) + "; found " + orNone(given);
    case Tie.AtMostOne:
      return given.length <= 1 ? "" : "give at most one of " + names + "; found " + orNone(given);
    case Tie.AtLeastOne:
      return given.length > 0 ? "" : "give at least one of " + names;
    case Tie.SomeText:
      return hasText(rule.fields, document, node) ? "" : "give at least one of " + names;
    case Tie.Requires:
      if (document.find(node, rule.field) == ABSENT) return "";
      return missing(rule, document, node, rule.field);
    case Tie.RequiresWithin: {
      const isVoid = rule.unless.length > 0 && document.find(node, rule.unless) != ABSENT;
      const isMeant = !isVoid && document.isText(document.find(node, rule.field), rule.values[0]);
      const inner = document.find(node, rule.within);
      const absent = isMeant ? namesThat(rule.fields, document, inner, false) : [];
      if (absent.length == 0) return "";
      return (
        rule.field +
        ' "' +
        rule.values[0] +
        '" needs ' +
        rule.within +
        "." +
        absent.join(", " + rule.within + ".")
      );
    }
    default: {
      const value = choiceOf(rule, document, node, fields);
      if (!rule.values.includes(value)) return "";
      const reason = rule.field + ' "' + value + '"';
      if (rule.tie == Tie.RequiresWhen) return missing(rule, document, node, reason);
      if (rule.tie == Tie.AtMostOneWhen) {
        return countTelling(rule.fields, document, node) <= 1 ? "" : reason + " takes only one of " + names;
      }
      return given.length == 1 ? "" : reason + " needs exactly one of " + names + "; found " + orNone(given);
    }
  }
}

/** Says which fields are needed by `reason` and not there. */
function missing(rule: CrossRule, document: Document, node: Node, reason: string): string {
  const absent = namesThat(rule.fields, document, node, false);
  return absent.length == 0 ? "" : reason + " needs " + absent.join(", ");
}

/** The value, among those of the rule, that a field has or by default has; "" for any other. */
function choiceOf(rule: CrossRule, document: Document, node: Node, fields: Field[]): string {
  const value = document.find(node, rule.field);
  for (let i = 0; i < rule.values.length; i++) {
    if (document.isText(value, rule.values[i])) return rule.values[i];
  }
  for (let i = 0; i < fields.length && value == ABSENT; i++) {
    if (fields[i].name == rule.field) return fields[i].fallback;
  }
  return "";
}

/** The names whose members are there, or are not. */
function namesThat(names: string[], document: Document, node: Node, areThere: bool): string[] {
  const found: string[] = [];
  for (let i = 0; i < names.length; i++) {
    if ((document.find(node, names[i]) != ABSENT) == areThere) found.push(names[i]);
  }
  return found;
}

/** How many of the members say something: null and an empty text say nothing. */
function countTelling(names: string[], document: Document, node: Node): i32 {
  let count = 0;
  for (let i = 0; i < names.length; i++) {
    const value = document.find(node, names[i]);
    if (value != ABSENT && !document.isNull(value) && !document.isText(value, "")) count++;
  }
  return count;
}

/** Whether a member is a text that is not empty, or a list with one. */
function hasText(names: string[], document: Document, node: Node): bool {
  for (let i = 0; i < names.length; i++) {
    const value = document.find(node, names[i]);
    if (lengthOf(document.body(value)) > 0) return true;
    for (let item = document.firstElement(value); item != ABSENT; item = document.nextElement(item)) {
      if (lengthOf(document.body(item)) > 0) return true;
    }
  }
  return false;
}

function orField(rule: CrossRule): string {
  return rule.field.length == 0 ? "" : ", or none with " + rule.field;
}

function orNone(names: string[]): string {
  return names.length == 0 ? "none" : names.join(", ");
}
