import { beforeAll, describe, expect, it } from "vitest";
import { SERVICE_FORMATS } from "../../../assembly/config/fields";
import { type Configured, openConfig } from "./configured";

const formats = SERVICE_FORMATS.join(", ");

let config: Configured;
beforeAll(async () => {
  config = await openConfig();
});

/** A configuration whose only service has these members besides its cluster. */
function service(members: Record<string, unknown>): unknown {
  return { services: [{ cluster: "a", ...members }] };
}

const MESSAGES: [config: unknown, problems: string[]][] = [
  [
    service({ format: "opnai" }),
    [`services[0].format: unknown "opnai", one of ${formats} (did you mean "openai"?)`],
  ],
  [
    service({ format: "OpenAI" }),
    [`services[0].format: unknown "OpenAI", one of ${formats} (did you mean "openai"?)`],
  ],
  [service({ format: "xyz" }), [`services[0].format: unknown "xyz", one of ${formats}`]],
  [
    { services: [{ cluster: "a" }, { cluster: "b", modelsMapping: {} }] },
    ['services[1].modelsMapping: unknown field (did you mean "modelMapping"?)'],
  ],
  [
    service({ settings: { botType: "chat" } }),
    ['services[0].settings.botType: unknown to format "openai", which has none'],
  ],
  [
    service({ format: "dify", settings: { inputVariables: "q" } }),
    [
      'services[0].settings.inputVariables: unknown to format "dify", which has botType, inputVariable, outputVariable (did you mean "inputVariable"?)',
    ],
  ],
  [
    service({ format: "dify", settings: { botType: "workflow" } }),
    ['services[0].settings: botType "workflow" needs inputVariable'],
  ],
  [service({ maxTokens: 1 }), ['services[0].maxTokens: unknown field (did you mean "tokens"?)']],
  [service({ "a.b c": 1 }), ['services[0]["a.b c"]: unknown field']],
  [service({ "": 1 }), ['services[0][""]: unknown field']],
  [service({ ["n".repeat(200)]: 1 }), [`services[0]["${"n".repeat(63)}...]: unknown field`]],
  [
    { eureka: { servers: [{ cluster: "e" }], pollIntervalMs: 10 } },
    ["eureka.pollIntervalMs: 10 is below the least value 1000"],
  ],
  [{ maxBodyBytes: 1e12 }, ["maxBodyBytes: 1000000000000 is above the greatest value 1073741824"]],
  [{ maxBodyBytes: 2048.5 }, ["maxBodyBytes: expected a whole number, found 2048.5"]],
  ['{"maxBodyBytes":1e999}', ["maxBodyBytes: expected a whole number, found 1e999"]],
  [{ maxBodyBytes: "2048" }, ["maxBodyBytes: expected a whole number, found text"]],
  [
    { allowOnHeadersStopIteration: "yes" },
    ["allowOnHeadersStopIteration: expected true or false, found text"],
  ],
  [
    { services: [{ name: "x" }] },
    [
      "services[0]: give exactly one of application, vip, secureVip, service, cluster, or none with vendor; found none",
    ],
  ],
  [
    service({ application: "A", service: "a.dns:80" }),
    [
      "services[0]: give exactly one of application, vip, secureVip, service, cluster, or none with vendor; found application, service, cluster",
    ],
  ],
  [
    service({ token: "t", auth: { token: "t" } }),
    ["services[0]: give at most one of token, tokens, auth; found token, auth"],
  ],
  [service({ auth: {} }), ['services[0].auth: type "bearer" needs exactly one of token, tokens; found none']],
  [
    service({ auth: { type: "query" } }),
    [
      'services[0].auth: type "query" needs exactly one of token, tokens; found none',
      'services[0].auth: type "query" needs name',
    ],
  ],
  [{ steering: { cluster: "c" } }, ["steering: cluster needs clusterHeader"]],
  [{ eureka: {} }, ["eureka.servers: is missing"]],
  [{ eureka: { servers: [] } }, ["eureka.servers: needs at least 1"]],
  [{ eureka: null }, ["eureka: expected an object, found null"]],
  [{ services: {} }, ["services: expected a list, found an object"]],
  [{ services: [[]] }, ["services[0]: expected an object, found a list"]],
  [
    service({ basePath: "v1" }),
    ['services[0].basePath: "v1" must be a path that begins with "/", without query and fragment'],
  ],
  [
    service({ authority: "a b" }),
    ['services[0].authority: "a b" may only contain visible ASCII characters, without spaces'],
  ],
  [service({ name: "a\u0001" }), ['services[0].name: "a\\u0001" must not contain control characters']],
  [
    { services: [{ service: "llm.dns" }] },
    ['services[0].service: "llm.dns" must be a service and its port, such as llm.dns:443'],
  ],
  [{ steering: { endpointHeader: "x y" } }, ['steering.endpointHeader: "x y" is not a valid header name']],
  [service({ models: "" }), ["services[0].models: needs at least 1"]],
  [service({ models: " , " }), ["services[0].models: needs at least 1"]],
  [service({ models: [] }), ["services[0].models: needs at least 1"]],
  [service({ models: 5 }), ["services[0].models: expected a list or text, found a number"]],
  [service({ models: ["a", true] }), ["services[0].models[1]: expected text, found true"]],
  [
    service({ models: ["a*b"] }),
    [
      'services[0].models[0]: "a*b" is no pattern of models: * stands at the start or at the end; for more, write ~ and a regular expression',
    ],
  ],
  [
    service({ models: "a, ~(" }),
    ['services[0].models: "a, ~(" is no pattern of models: this group is not closed (at byte 1)'],
  ],
  [
    service({ modelMapping: { "gpt-4o": 1 } }),
    ['services[0].modelMapping["gpt-4o"]: expected text, found a number'],
  ],
  [service({ modelMapping: { "": "x" } }), ['services[0].modelMapping[""]: must not be empty']],
  [
    service({ modelMapping: { "~gpt-(.*)": "q-$2" } }),
    [
      'services[0].modelMapping["~gpt-(.*)"]: "q-$2" is no replacement: there is no such group (at byte 3); a dollar sign is written $$',
    ],
  ],
  [
    service({ modelMapping: "a=b, x" }),
    ['services[0].modelMapping: "a=b, x" has an entry without `=`; write name=name, name=name'],
  ],
  [service({ modelMapping: 1 }), ["services[0].modelMapping: expected an object or a list, found a number"]],
  [
    service({ modelMapping: "~(a)=$2" }),
    [
      'services[0].modelMapping: "~(a)=$2" is no replacement: there is no such group (at byte 1); a dollar sign is written $$',
    ],
  ],
  [service({ modelMapping: [{ from: "a" }] }), ["services[0].modelMapping[0].to: is missing"]],
  [
    service({ modelMapping: [{ from: "~a", to: "$1" }] }),
    [
      'services[0].modelMapping[0]: "$1" is no replacement: there is no such group (at byte 1); a dollar sign is written $$',
    ],
  ],
  ['{"services":[{"cluster":"a","cluster":"b"}]}', ["services[0].cluster: is given more than once"]],
];

describe("messages", () => {
  it.each(MESSAGES)("%j", (given, problems) => {
    expect(config.configure(given)).toBe(true);
    expect(config.problems()).toEqual(problems);
  });

  it("cuts long values between two characters", () => {
    expect(config.problemsOf(service({ format: "通".repeat(100) }))).toEqual([
      `services[0].format: unknown "${"通".repeat(21)}..., one of ${formats}`,
    ]);
  });

  it("lists 20 problems and counts the others", () => {
    const services = Array.from({ length: 34 }, (_, index) => ({ cluster: index }));
    const problems = config.problemsOf({ services });
    expect(problems).toHaveLength(21);
    expect(problems[19]).toBe("services[19].cluster: expected text, found a number");
    expect(problems[20]).toBe("and 14 more");
    expect(
      config.problemsOf({
        _rules_: [
          { _match_route_: "a", services },
          { _match_route_: "b", services },
        ],
      })[20],
    ).toBe("and 48 more");
    expect(config.ruleProblems(1)[20]).toBe("and 14 more");
  });

  it("takes names for notes and for the gateway as nobody's fields", () => {
    expect(
      config.problemsOf({ "x-note": 1, _note: [], services: [{ cluster: "a", _note: {}, "x-y": 2 }] }),
    ).toEqual([]);
  });
});

describe("secrets", () => {
  const secret = "s3cret-in-the-wrong-place";
  const PLACES: [place: string, config: unknown][] = [
    ["a token of wrong characters", service({ token: `${secret} x` })],
    ["a token that is empty or not, with auth", service({ token: secret, auth: { token: secret } })],
    ["the token of auth", service({ auth: { token: `${secret}\n` } })],
    ["a list of tokens", service({ token: [secret] })],
    ["text for auth", service({ auth: secret })],
    ["an unknown field", service({ apiToken: secret })],
    ["an unknown object", service({ credentials: { apiToken: secret } })],
    ["text for an object", { eureka: secret }],
  ];
  it.each(PLACES)("are not repeated: %s", (_place, given) => {
    const problems = config.problemsOf(given);
    expect(problems).not.toEqual([]);
    expect(problems.join("\n")).not.toContain("s3cret");
  });
});

describe("what is no configuration", () => {
  const REFUSED: [text: string, problem: string][] = [
    ["{", "unexpected end at byte 1, line 1, column 2"],
    ['{"services": [\n  {"cluster": a}\n]}', "unexpected character at byte 29, line 2, column 15"],
    ["services: []", "unexpected character at byte 0, line 1, column 1"],
    ["{} {}", "unexpected data after the value at byte 3, line 1, column 4"],
    ["[]", "the configuration is not a JSON object"],
    ["null", "the configuration is not a JSON object"],
  ];
  it.each(REFUSED)("is refused: %j", (text, problem) => {
    expect(config.configure(text)).toBe(false);
    expect(config.problems()).toEqual([problem]);
  });

  it.each(["", " \n", "{}", '{"_plugin_id_":"p"}', '{"_rules_":[]}'])(
    "is accepted and does nothing: %j",
    (text) => {
      expect(config.configure(text)).toBe(true);
      expect(config.problems()).toEqual([]);
      expect(config.match({ route: "r", authority: "a.com" })).toBe(-2);
    },
  );
});

describe("what was meant", () => {
  const fields = ["services", "eureka", "maxBodyBytes", "allowOnHeadersStopIteration"];
  const WORDS: [word: string, meant: string][] = [
    ["service", "services"],
    ["serivces", "services"],
    ["Services", "services"],
    ["EUREKA", "eureka"],
    ["eurkea", "eureka"],
    ["maxbodybyte", "maxBodyBytes"],
    ["max_body_bytes", "maxBodyBytes"],
    ["allowHeadersStopIteration", "allowOnHeadersStopIteration"],
    ["x", ""],
    ["", ""],
    ["provider", ""],
    ["e".repeat(500), ""],
  ];
  it.each(WORDS)("by %j is %j", (word, meant) => {
    expect(config.suggest(word, fields)).toBe(meant);
  });
});
