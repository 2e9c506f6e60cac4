import "../../assembly/host/unpack";

/** Texts as the plugin has them: many, of which parts are alike. */
const TEXTS: string[] = [
  "/completions /embeddings /models /moderations /realtime",
  "/completions /embeddings /models /rerank /responses",
  "expected an object, found a list",
  "expected a list, found an object",
  "通义千问 needs two bytes a character",
  "",
];

const NUMBERS: StaticArray<i32> = [1, 2, 3, 1000000, -1];

/** A number that depends on every character and number. */
export function sum(): f64 {
  let total: f64 = 0;
  for (let i = 0; i < TEXTS.length; i++) {
    for (let j = 0; j < TEXTS[i].length; j++) total = total * 3 + (TEXTS[i].charCodeAt(j) % 251);
    total %= 1e12;
  }
  for (let i = 0; i < NUMBERS.length; i++) total += NUMBERS[i];
  return total;
}

/** Where static data ends. */
export function dataEnd(): usize {
  return __heap_base;
}
