/** Longer words are not compared: the time grows with the product of both lengths. */
const MAX_LENGTH: i32 = 64;

/** The candidate that was most likely meant by `word`, or "" where none is near. Case does not count. */
export function closest(word: string, candidates: string[]): string {
  let best = "";
  let least = 1 + min(3, word.length / 3);
  for (let i = 0; i < candidates.length; i++) {
    const candidate = candidates[i];
    const edits = distance(word.toLowerCase(), candidate.toLowerCase());
    if (edits >= least) continue;
    least = edits;
    best = candidate;
  }
  return best;
}

/** A question about the candidate that was most likely meant, to be put behind a message; "" where none is near. */
export function didYouMean(word: string, candidates: string[]): string {
  const near = closest(word, candidates);
  return near.length == 0 ? "" : ' (did you mean "' + near + '"?)';
}

/** Insertions, deletions, replacements and swaps of neighbours that lead from one word to the other. */
function distance(left: string, right: string): i32 {
  const columns = right.length + 1;
  if (left.length > MAX_LENGTH || right.length > MAX_LENGTH) return i32.MAX_VALUE;
  let beforeLast = new StaticArray<i32>(columns);
  let last = new StaticArray<i32>(columns);
  let row = new StaticArray<i32>(columns);
  for (let j = 0; j < columns; j++) row[j] = j;
  for (let i = 1; i <= left.length; i++) {
    const spare = beforeLast;
    beforeLast = last;
    last = row;
    row = spare;
    row[0] = i;
    for (let j = 1; j < columns; j++) {
      const equal = left.charCodeAt(i - 1) == right.charCodeAt(j - 1);
      let edits = min(min(row[j - 1], last[j]) + 1, last[j - 1] + (equal ? 0 : 1));
      const swapped =
        i > 1 &&
        j > 1 &&
        left.charCodeAt(i - 1) == right.charCodeAt(j - 2) &&
        left.charCodeAt(i - 2) == right.charCodeAt(j - 1);
      if (swapped) edits = min(edits, beforeLast[j - 2] + 1);
      row[j] = edits;
    }
  }
  return row[columns - 1];
}
