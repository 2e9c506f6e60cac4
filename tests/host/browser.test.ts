/** The emulator also runs in a browser: nothing it is made of may come from Node or a package. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

/** The modules that `file` is made of, and what they import from outside of this directory. */
function imports(file: string, seen: Set<string>, outside: Set<string>): void {
  if (seen.has(file)) return;
  seen.add(file);
  const text = readFileSync(fileURLToPath(new URL(file, import.meta.url)), "utf8");
  for (const [, name] of text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)) {
    if (name.startsWith("./")) imports(name, seen, outside);
    else outside.add(`${file}: ${name}`);
  }
}

test("the emulator imports nothing but itself", () => {
  const [seen, outside] = [new Set<string>(), new Set<string>()];
  imports("./index.ts", seen, outside);
  expect([...outside]).toEqual([]);
  expect(seen.size).toBeGreaterThan(10);
});

test("the emulator uses no global of Node", () => {
  const seen = new Set<string>();
  imports("./index.ts", seen, new Set());
  for (const file of seen) {
    const text = readFileSync(fileURLToPath(new URL(file, import.meta.url)), "utf8");
    expect(text, file).not.toMatch(/\b(Buffer|process|require|setImmediate|__dirname)\b[.(]/);
  }
});
