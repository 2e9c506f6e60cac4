/**
 * Names for host calls. String literals hold two bytes a character; the host wants one. Names are narrowed into a
 * small ring of fixed cells, so that a call may use several at once (name and value, path and value).
 */
const CELL_BYTES: i32 = 256;
const CELLS: i32 = 4;
const cells: usize = memory.data(CELL_BYTES * CELLS, 16);
let next: i32 = 0;

/** Address of the ASCII bytes of `text`; its size is `text.length`. Names longer than a cell are cut. */
export function narrow(text: string): usize {
  const target = cells + next * CELL_BYTES;
  next = (next + 1) & (CELLS - 1);
  const size = min(text.length, CELL_BYTES);
  const source = changetype<usize>(text);
  for (let i = 0; i < size; i++) store<u8>(target + i, load<u16>(source + (i << 1)) as u8);
  return target;
}
