import { beforeAll, describe, expect, it } from "vitest";
import { type Configured, openConfig } from "./configured";

let config: Configured;
beforeAll(async () => {
  config = await openConfig();
});

describe("the service of a model", () => {
  const services = [
    { cluster: "a", models: ["qwen-*", "qwq"] },
    { cluster: "b", models: "gpt-4o, ~^o[0-9]$ ,*-embedding" },
    { cluster: "c" },
  ];
  const CHOICES: [model: string | undefined, index: number][] = [
    ["qwen-max", 0],
    ["qwen-", 0],
    ["qwen", 2],
    ["qwq", 0],
    ["qwq-32b", 2],
    ["gpt-4o", 1],
    ["gpt-4o-mini", 2],
    ["o3", 1],
    ["o33", 2],
    ["my-embedding", 1],
    ["", 2],
    [undefined, 2],
  ];
  it.each(CHOICES)("%j is %i", (model, index) => {
    config.read({ services });
    expect(config.select(model)).toBe(index);
  });

  it("is none where no pattern matches", () => {
    config.read({ services: services.slice(0, 2) });
    expect(config.select("claude")).toBe(-1);
    expect(config.select(undefined)).toBe(-1);
  });

  it("is any with a pattern for all, also for a request without model", () => {
    config.read({ services: [{ cluster: "a", models: ["*"] }] });
    expect(config.select(undefined)).toBe(0);
    expect(config.select("x")).toBe(0);
  });

  it.each([
    [[{ cluster: "a" }], false],
    [[{ cluster: "a" }, { cluster: "b", models: ["x"] }], false],
    [[{ cluster: "a", models: ["x"] }], true],
    [[{ cluster: "a", models: ["x"] }, { cluster: "b" }], true],
  ])("%j: the model is needed: %s", (list, needed) => {
    config.read({ services: list });
    expect(config.needsModel()).toBe(needed);
  });
});

describe("model mapping", () => {
  const modelMapping = {
    "*": "rest",
    "~^o(\\d)-(.*)$": "reason-$2-$1",
    "~^o": "second expression",
    "gpt-*": "prefix",
    "gpt-4*": "longer prefix",
    "*-mini": "suffix",
    "gpt-4o": "exact",
    "keep-*": "",
    price$: "$1",
  };
  const NAMES: [model: string | undefined, mapped: string][] = [
    ["gpt-4o", "exact"],
    ["gpt-4.1", "longer prefix"],
    ["gpt-3.5", "prefix"],
    ["gpt-", "prefix"],
    ["o4-mini", "suffix"],
    ["gpt-4o-mini", "longer prefix"],
    ["o1-preview", "reason-preview-1"],
    ["ox", "second expressionx"],
    ["keep-me", "keep-me"],
    ["price$", "$1"],
    ["claude", "rest"],
    ["", "rest"],
    [undefined, "rest"],
  ];

  it.each(NAMES)("%j becomes %j", (model, mapped) => {
    config.read({ services: [{ cluster: "a", modelMapping }] });
    expect(config.map(model)).toBe(mapped);
  });

  it.each(NAMES)("%j becomes %j where the map is one text", (model, mapped) => {
    const text = Object.entries(modelMapping).map(([from, to]) => `${from} = ${to}`);
    config.read({ services: [{ cluster: "a", modelMapping: text.join(", ") }] });
    expect(config.map(model)).toBe(mapped);
  });

  it.each(NAMES)("%j becomes %j, whatever the order and form of the entries", (model, mapped) => {
    const entries = Object.entries(modelMapping);
    const regex = entries.filter(([from]) => from.startsWith("~"));
    const others = entries.filter(([from]) => !from.startsWith("~")).reverse();
    const pairs = [...others, ...regex].map(([from, to]) => ({ from, to }));
    config.read({ services: [{ cluster: "a", modelMapping: pairs }] });
    expect(config.map(model)).toBe(mapped);
  });

  it("replaces every match of an expression and leaves the rest of the name", () => {
    config.read({ services: [{ cluster: "a", modelMapping: { "~[._]": "-" } }] });
    expect(config.map("a.b_c")).toBe("a-b-c");
    expect(config.map("abc")).toBe("abc");
  });

  it("leaves a request without model alone where nothing is for all", () => {
    config.read({ services: [{ cluster: "a", modelMapping: { "~": "x", "gpt*": "y" } }] });
    expect(config.map(undefined)).toBeUndefined();
  });

  it("takes the later of two equal entries", () => {
    const twice = [
      { from: "a", to: "first" },
      { from: "a", to: "second" },
    ];
    config.read({ services: [{ cluster: "a", modelMapping: twice }] });
    expect(config.map("a")).toBe("second");
    config.read('{"services":[{"cluster":"a","modelMapping":{"a":"first","a":"second"}}]}');
    expect(config.map("a")).toBe("second");
  });

  it("keeps escapes and other scripts", () => {
    config.read('{"services":[{"cluster":"a","modelMapping":{"\\u901a*":"\\ud83d\\ude00\\"\\\\"}}]}');
    expect(config.map("通义")).toBe('😀"\\');
  });
});
