import { Slice, lengthOf, pointerOf } from "../../bytes/slice";
import { ABSENT, Document, Node } from "../../json/document";

const UNDERSCORE: u8 = 0x5f;
const CASE_BIT: u16 = 0x20;

/**
 * Google's JSON names are camelCase, but its servers take the snake_case of the protobuf fields as well, and
 * clients send both. Names are given in camelCase here.
 */

/** Value of the member with this name in either spelling; ABSENT also where it is null. */
export function findField(body: Document, object: Node, name: string): Node {
  let found = ABSENT;
  for (let key = body.firstMember(object); key != ABSENT; key = body.nextMember(key)) {
    if (isField(body.body(key), name)) found = body.valueOf(key);
  }
  return body.isNull(found) ? ABSENT : found;
}

/** Whether a member's name is this one in either spelling. */
export function isField(key: Slice, name: string): bool {
  const pointer = pointerOf(key);
  const length = lengthOf(key);
  const units = changetype<usize>(name);
  let at = 0;
  for (let i = 0; i < name.length; i++) {
    if (at >= length) return false;
    const letter = load<u16>(units + ((i as usize) << 1));
    const byte = load<u8>(pointer + at) as u16;
    const isUpper = letter >= 0x41 && letter <= 0x5a;
    if (byte == letter) at++;
    else if (!isUpper || byte != (UNDERSCORE as u16) || at + 1 >= length) return false;
    else if ((load<u8>(pointer + at + 1) as u16) != (letter | CASE_BIT)) return false;
    else at += 2;
  }
  return at == length;
}

/** Whether a member's name is one of these in either spelling. */
export function isFieldOf(key: Slice, names: StaticArray<string>): bool {
  for (let i = 0; i < names.length; i++) {
    if (isField(key, unchecked(names[i]))) return true;
  }
  return false;
}
