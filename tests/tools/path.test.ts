import { expect, test } from "vitest";
import { parseRemark } from "../../tools/check/path.ts";

test.each([
  ["services[0].format: unknown", ["services", 0, "format"], "unknown"],
  ['_rules_[2].services[0]["a.b c"]: unknown field', ["_rules_", 2, "services", 0, "a.b c"], "unknown field"],
  ['services[0].modelMapping["~a\\"]: "]: bad', ["services", 0, "modelMapping", '~a"]: '], "bad"],
  [`services[0]["${"n".repeat(63)}...]: unknown field`, ["services", 0], "unknown field"],
  ["the configuration is not a JSON object", [], "the configuration is not a JSON object"],
  ["and 3 more", [], "and 3 more"],
])("%s", (line, path, message) => {
  expect(parseRemark(line)).toMatchObject({ path, message });
});
