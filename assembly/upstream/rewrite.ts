import { lengthOf } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { BufferType } from "../host/abi";
import { appendBody, bodySize, drainBody, readBody, replaceFront } from "../host/body";
import { windowBytes } from "../host/memory";
import { Patches } from "../json/patch";

/** The edited front of a body, or one window of it. */
const edited: Writer = new Writer();

/**
 * Applies edits to a body that the host holds whole, without ever holding it here.
 *
 * The host can edit only at the front and append at the end. Where all edits lie within the first window, the front
 * is replaced. Otherwise the body is turned round once: each window is taken from the front and appended at the end,
 * edits going in on the way. One window of memory serves a body of any size.
 * @returns false where the host refused a call; the body is then not to be used.
 */
export function rewriteBody(type: BufferType, patches: Patches): bool {
  const count = patches.count;
  if (count == 0) return true;
  const end = patches.end(count - 1);
  return end <= windowBytes() ? rewriteFront(type, patches, end) : turnRound(type, patches);
}

function rewriteFront(type: BufferType, patches: Patches, end: i32): bool {
  const front = readBody(type, 0, end);
  if (lengthOf(front) != end) return false;
  edited.reset();
  patches.apply(front, edited);
  return replaceFront(type, end, edited.view());
}

function turnRound(type: BufferType, patches: Patches): bool {
  const size = bodySize(type);
  let position = 0;
  for (let i = 0; i < patches.count; i++) {
    if (!moveFront(type, patches.start(i) - position)) return false;
    if (!drainBody(type, patches.end(i) - patches.start(i))) return false;
    if (!appendBody(type, patches.replacement(i))) return false;
    position = patches.end(i);
  }
  return moveFront(type, size - position);
}

/** Moves the first `length` bytes to the end, a window at a time. */
function moveFront(type: BufferType, length: i32): bool {
  let rest = length;
  while (rest > 0) {
    const window = readBody(type, 0, min(rest, windowBytes()));
    const moved = lengthOf(window);
    if (moved == 0) return false;
    // The window lies in the inbox, which a host call reuses only for what it returns: draining and appending return
    // nothing, so the bytes stay. In this order the host's buffer never holds more than the body.
    if (!drainBody(type, moved) || !appendBody(type, window)) return false;
    rest -= moved;
  }
  return true;
}
