import { NONE, Slice } from "../bytes/slice";
import { Failure } from "../chat/failure";
import { Parameter } from "../chat/parameters";
import { ChatRequest, Flag } from "../chat/request";
import { ABSENT, Document, Node } from "../json/document";
import { JsonWriter } from "../json/writer";
import { invalid } from "./invalid";

/** What a field's value must be. */
export enum ValueKind {
  Number,
  String,
  Object,
}

/** A parameter whose value goes from format to format as it is written. */
export class Field {
  constructor(
    readonly name: string,
    readonly parameter: Parameter,
    readonly kind: ValueKind,
  ) {}
}

/** Marks the parameters of a table that an object has, with their raw values. null counts as absent. */
export function readFields(
  body: Document,
  object: Node,
  fields: StaticArray<Field>,
  request: ChatRequest,
): Failure | null {
  for (let i = 0; i < fields.length; i++) {
    const field = unchecked(fields[i]);
    const node = present(body, object, field.name);
    if (node == ABSENT) continue;
    if (!isKind(body, node, field.kind)) return invalid(`${field.name} must be ${kindName(field.kind)}`);
    request.mark(field.parameter, body.raw(node));
  }
  return null;
}

/** Writes the parameters of a table that the request has. */
export function writeFields(request: ChatRequest, fields: StaticArray<Field>, json: JsonWriter): void {
  for (let i = 0; i < fields.length; i++) {
    const field = unchecked(fields[i]);
    const value = request.value(field.parameter);
    if (value != NONE) json.key(field.name).raw(value);
  }
}

/** Lists the members of an object that are in neither table, and not null. */
export function listUnknown(
  body: Document,
  object: Node,
  fields: StaticArray<Field>,
  others: StaticArray<string>,
  request: ChatRequest,
): void {
  for (let key = body.firstMember(object); key != ABSENT; key = body.nextMember(key)) {
    if (body.isNull(body.valueOf(key)) || isField(body, key, fields) || isOther(body, key, others)) continue;
    request.unknown.push(body.body(key));
  }
}

/** The same for a request that is no chat: appends the names of all members that are not listed. */
export function listOthers(
  body: Document,
  object: Node,
  names: StaticArray<string>,
  unknown: Array<Slice>,
): void {
  for (let key = body.firstMember(object); key != ABSENT; key = body.nextMember(key)) {
    if (!isOther(body, key, names)) unknown.push(body.body(key));
  }
}

/** The member with this name; ABSENT also where it is null, which every vendor takes as "not given". */
export function present(body: Document, object: Node, name: string): Node {
  const node = body.find(object, name);
  return body.isNull(node) ? ABSENT : node;
}

/** Raw JSON of a member, NONE where it is absent, null or no object. */
export function rawObject(body: Document, object: Node, name: string): Slice {
  const node = body.find(object, name);
  return body.isObject(node) ? body.raw(node) : NONE;
}

/** A yes or no. */
export function readFlag(body: Document, node: Node): Flag {
  if (body.isTrue(node)) return Flag.True;
  return body.isFalse(node) ? Flag.False : Flag.Absent;
}

function isKind(body: Document, node: Node, kind: ValueKind): bool {
  switch (kind) {
    case ValueKind.Number:
      return body.isNumber(node);
    case ValueKind.String:
      return body.isString(node);
  }
  return body.isObject(node);
}

function kindName(kind: ValueKind): string {
  switch (kind) {
    case ValueKind.Number:
      return "a number";
    case ValueKind.String:
      return "a string";
  }
  return "an object";
}

function isField(body: Document, key: Node, fields: StaticArray<Field>): bool {
  for (let i = 0; i < fields.length; i++) {
    if (body.isText(key, unchecked(fields[i]).name)) return true;
  }
  return false;
}

function isOther(body: Document, key: Node, names: StaticArray<string>): bool {
  for (let i = 0; i < names.length; i++) {
    if (body.isText(key, unchecked(names[i]))) return true;
  }
  return false;
}
