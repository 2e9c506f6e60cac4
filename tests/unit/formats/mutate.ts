/** Damages JSON values at random: what a hostile or broken peer might send. */

const JUNK: unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1e300,
  99999999999999,
  "",
  "x",
  '\u0000\\"\n',
  "null",
  "data:image/png;base64,AA==",
  "data:,",
  "9".repeat(40),
  [],
  {},
  [[]],
  [{}],
  [null],
  { "": 1 },
  { text: 1 },
];

/** A copy of a value in which about one value of each damaged tree is another. */
export function mutate(value: unknown, random: () => number): unknown {
  const size = count(value);
  let target = Math.floor(random() * size);
  const walk = (node: unknown): unknown => {
    if (target-- === 0) return damage(node, random);
    if (Array.isArray(node)) return node.map(walk);
    if (node === null || typeof node !== "object") return node;
    return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, walk(item)]));
  };
  return walk(value);
}

function damage(node: unknown, random: () => number): unknown {
  const choice = random();
  if (choice < 0.15 && Array.isArray(node)) return [...(node as unknown[]), ...(node as unknown[])];
  if (choice < 0.25 && Array.isArray(node)) return [];
  if (choice < 0.3) return [node, node];
  if (choice < 0.4) return nest(Math.floor(random() * 40));
  return JUNK[Math.floor(random() * JUNK.length)];
}

function nest(depth: number): unknown {
  let value: unknown = "deep";
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { content: value };
  return value;
}

function count(value: unknown): number {
  if (value === null || typeof value !== "object") return 1;
  return Object.values(value).reduce<number>((sum, item) => sum + count(item), 1);
}
