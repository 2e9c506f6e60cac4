/** Which provider of the official plugin's configuration serves, and what is said of it. */
import { beforeAll, describe, expect, it } from "vitest";
import { type Configured, GLOBAL, NOTHING, openConfig } from "./configured";

let config: Configured;
beforeAll(async () => {
  config = await openConfig();
});

const openai = { id: "a", type: "openai", apiTokens: ["sk-1"] };
const qwen = { id: "b", type: "qwen", apiTokens: ["sk-2"] };
const broken = { id: "c", type: "qwen", apiTokens: "sk-3" };

const rule = (route: string, members: object) => ({ _match_route_: [route], ...members });
const namesOf = (index: number) => config.config(index)?.services.map(({ name }) => name);

describe("the provider that serves", () => {
  it("is `provider`", () => {
    expect(config.read({ provider: openai }).services).toMatchObject([{ name: "a" }]);
  });

  it("is the one of `providers` that `activeProviderId` names", () => {
    expect(config.read({ providers: [openai, qwen], activeProviderId: "b" }).services).toMatchObject([
      { name: "b" },
    ]);
  });

  it("is `provider` where there are both", () => {
    const both = { provider: openai, providers: [qwen], activeProviderId: "b" };
    expect(config.read(both).services).toMatchObject([{ name: "a" }]);
  });

  it("is none where none is chosen", () => {
    expect(config.problemsOf({ providers: [openai] })).toEqual([]);
    expect(config.match({})).toBe(NOTHING);
  });

  it("comes behind services of the plugin's own", () => {
    const read = config.read({ services: [{ cluster: "x", models: ["x-*"] }], provider: openai });
    expect(read.services.map(({ name }) => name)).toEqual(["x", "a"]);
  });

  it("is chosen by each rule from the global list, as the console writes it", () => {
    const rules = [
      rule("r1", { activeProviderId: "a" }),
      rule("r2", { activeProviderId: "b" }),
      rule("r3", {}),
    ];
    expect(config.problemsOf({ providers: [openai, qwen], _rules_: rules })).toEqual([]);
    expect([0, 1, 2].map(namesOf)).toEqual([["a"], ["b"], []]);
    expect(config.match({ route: "r1" })).toBe(0);
    expect(config.match({ route: "r3" })).toBe(NOTHING);
    expect(config.match({ route: "other" })).toBe(NOTHING);
  });

  it("of the global configuration is not inherited; services are", () => {
    config.problemsOf({ services: [{ cluster: "x" }], provider: openai, _rules_: [rule("r1", {})] });
    expect(namesOf(GLOBAL)).toEqual(["x", "a"]);
    expect(namesOf(0)).toEqual(["x"]);
  });

  it("of a rule takes the place of inherited services", () => {
    config.problemsOf({ services: [{ cluster: "x" }], _rules_: [rule("r1", { provider: qwen })] });
    expect(namesOf(0)).toEqual(["b"]);
  });
});

describe("mistakes", () => {
  it("in a provider concern only those who chose it", () => {
    const rules = [rule("r1", { activeProviderId: "a" }), rule("r2", { activeProviderId: "c" })];
    const problem = "providers[1].apiTokens: expected a list, found text";
    expect(config.problemsOf({ providers: [openai, broken], _rules_: rules })).toEqual([problem]);
    expect(config.ruleProblems(0)).toEqual([]);
    expect(config.ruleProblems(1)).toEqual([problem]);
  });

  it("in the one `provider` are mistakes of the configuration", () => {
    expect(config.problemsOf({ provider: { type: "openia" } })[0]).toMatch(
      /^provider\.type: unknown "openia", one of .* \(did you mean "openai"\?\)$/,
    );
    expect(config.ruleProblems(GLOBAL)).toHaveLength(1);
  });

  it("in names of providers are said with the nearest one", () => {
    const global = { providers: [{ ...openai, id: "openai-1" }], activeProviderId: "openai-2" };
    expect(config.problemsOf(global)).toEqual([
      'activeProviderId: no provider has the id "openai-2" (did you mean "openai-1"?)',
    ]);
    const rules = [rule("r", { activeProviderId: "x" })];
    expect(config.problemsOf({ _rules_: rules })).toEqual([
      '_rules_[0].activeProviderId: no provider has the id "x"',
    ]);
  });

  it.each([
    [{}, "provider.type: is missing"],
    [{ type: null }, "provider.type: is missing"],
    [{ type: "bedrock", apiTokens: ["k"] }, 'provider: type "bedrock" needs awsRegion'],
    [{ type: "azure", apiTokens: ["k"] }, 'provider: type "azure" needs azureServiceUrl'],
    [{ type: "deepl" }, 'provider: type "deepl" needs targetLang'],
    [{ type: "minimax", minimaxApiType: "pro" }, 'provider: minimaxApiType "pro" needs minimaxGroupId'],
    [{ type: "cloudflare" }, 'provider: type "cloudflare" needs cloudflareAccountId'],
    [
      {
        type: "moonshot",
        moonshotFileId: "f",
        context: { fileUrl: "http://a/b", serviceName: "a.dns", servicePort: 80 },
      },
      'provider: type "moonshot" takes only one of context, moonshotFileId',
    ],
    [
      { type: "moonshot", moonshotFileId: "f", eureka: { application: "A" } },
      'provider: type "moonshot" takes only one of eureka, moonshotFileId',
    ],
    [
      { type: "openai", context: { fileUrl: "http://a/b" } },
      ["provider.context.serviceName: is missing", "provider.context.servicePort: is missing"],
    ],
    [
      { type: "openai", eureka: { application: "A", vip: "b" } },
      "provider.eureka: give exactly one of application, vip, secureVip; found application, vip",
    ],
  ])("are found: %j", (provider, problems) => {
    expect(config.problemsOf({ provider })).toEqual([problems].flat());
  });

  it("never repeat a key", () => {
    const problems = config.problemsOf({ provider: { type: "openai", apiTokens: ["sk 1", 5] } }).join();
    expect(problems).toContain("apiTokens[0]");
    expect(problems).not.toContain("sk 1");
  });
});

describe("what Higress's console writes", () => {
  it("may be null, as in a failover that is off, and a port may be text", () => {
    const failover = {
      enabled: false,
      failureThreshold: null,
      healthCheckInterval: null,
      healthCheckModel: null,
    };
    const provider = {
      type: "ollama",
      ollamaServerPort: "11434",
      ollamaServerHost: "h",
      failover,
      context: null,
    };
    expect(config.problemsOf({ provider })).toEqual([]);
    expect(config.problemsOf({ provider: { ...provider, ollamaServerPort: "x" } })).toEqual([
      'provider.ollamaServerPort: expected a whole number, found "x"',
    ]);
  });

  it("may be an empty text or null beside what is given instead", () => {
    const context = { fileUrl: "http://a/b", serviceName: "a.dns", servicePort: 80 };
    const moonshot = { type: "moonshot", apiTokens: ["k"] };
    for (const fields of [
      { context, moonshotFileId: "" },
      { context, moonshotFileId: null },
      { context: null, eureka: null, moonshotFileId: "f" },
      { eureka: { application: "A" }, moonshotFileId: "" },
    ]) {
      expect(config.problemsOf({ provider: { ...moonshot, ...fields } })).toEqual([]);
    }
    // To another type the field says nothing, but for a warning.
    expect(config.problemsOf({ provider: { ...openai, context, moonshotFileId: "f" } })).toEqual([]);
    expect(config.notes()).toEqual(["provider.moonshotFileId is ignored: it is for type moonshot"]);
  });

  it("may hold fields that are for the console alone, which is said", () => {
    const provider = { ...openai, openaiCustomServiceName: "s.dns", openaiCustomServicePort: 443 };
    expect(config.problemsOf({ provider })).toEqual([]);
    expect(config.notes()).toEqual([
      "provider.openaiCustomServiceName is ignored: it is for Higress's console",
      "provider.openaiCustomServicePort is ignored: it is for Higress's console",
    ]);
  });
});

describe("notes", () => {
  it("name fields that belong to another type", () => {
    config.problemsOf({ provider: { ...openai, qwenEnableSearch: true, targetLang: "ZH" } });
    expect(config.notes()).toEqual([
      "provider.qwenEnableSearch is ignored: it is for type qwen",
      "provider.targetLang is ignored: it is for type deepl",
    ]);
  });

  it("name settings that have no effect", () => {
    const customSettings = [
      { name: "max_tokens", value: 1 },
      { name: "foo", value: 1 },
      { name: "foo", value: 1, mode: "raw" },
    ];
    config.problemsOf({ provider: { ...openai, customSettings } });
    expect(config.notes()).toEqual([
      "provider.customSettings: foo is ignored: it has no common name, so it needs mode raw",
    ]);
  });

  it.each([
    ["openai", { openaiExtraCustomUrls: ["https://a/v1"] }],
    ["openai", { authHeaderKey: "x-key" }],
  ])("name what is not taken at all: %s %j", (type, fields) => {
    config.problemsOf({ provider: { type, apiTokens: ["k"], ...fields } });
    expect(config.notes()).toEqual([expect.stringMatching(/^provider\.\w+ is ignored: /)]);
  });

  it.each([
    [{ promptCacheRetention: "24h" }, []],
    [{ promptCacheRetention: "In-Memory" }, []],
    [{ promptCacheRetention: "1h" }, ['promptCacheRetention is ignored: it must be "in_memory" or "24h"']],
    [{ bedrockPromptCachePointPositions: {} }, []],
    [{ bedrockPromptCachePointPositions: { system_prompt: true, "last-user-message": false } }, []],
    [
      { bedrockPromptCachePointPositions: { systemPrompt: "yes", tools: true } },
      [
        "bedrockPromptCachePointPositions.systemPrompt is ignored: it must be true or false",
        "bedrockPromptCachePointPositions.tools is ignored: it is none of systemPrompt, lastUserMessage, lastMessage",
      ],
    ],
    [
      { bedrockPromptCachePointPositions: ["systemPrompt"] },
      ["bedrockPromptCachePointPositions is ignored: it must be an object such as {systemPrompt: true}"],
    ],
  ])("name what is wrong with the prompt cache: %j", (fields, notes) => {
    config.problemsOf({ provider: { type: "bedrock", apiTokens: ["k"], awsRegion: "r", ...fields } });
    expect(config.notes()).toEqual(notes.map((text) => `provider.${text}`));
  });

  it("say where a provider of a list stands", () => {
    const providers = [qwen, { ...openai, moonshotFileId: "f" }];
    config.problemsOf({ providers, _rules_: [rule("r", { activeProviderId: "a" })] });
    expect(config.notes().join()).toContain("providers[1].moonshotFileId is ignored: ");
  });
});
