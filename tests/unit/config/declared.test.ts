import { beforeAll, describe, expect, it } from "vitest";
import { type Configured, openConfig } from "./configured";

let config: Configured;
beforeAll(async () => {
  config = await openConfig();
});

const request = { path: "/chat", body: {} };
const response = { text: "$.text" };
const plain = { request, response };
const body = (value: unknown) => ({ response, request: { path: "/chat", body: value } });
const answer = (value: object) => ({ request, response: value });
const stream = (value: object) => ({ ...plain, stream: value });
const errors = (value: object) => ({ ...plain, errors: value });

/** A declaration, where in it something is wrong, and what is said of that. */
const MISTAKES: [format: unknown, path: string, message: string][] = [
  // The form.
  [{ ...plain, respnse: {} }, ".respnse", 'unknown field (did you mean "response"?)'],
  [{}, "", "give at least one of request, embeddings, rerank"],
  [{ request }, "", "request needs response"],
  [{ response }, "", "response needs request"],
  [{ ...plain, request: { body: {} } }, ".request.path", "is missing"],
  [{ ...plain, request: { path: "chat", body: {} } }, ".request.path", '"chat" must be a path'],
  [{ ...plain, request: { path: "/chat" } }, ".request.body", "is missing"],
  [{ ...plain, request: { ...request, method: "GET" } }, ".request.method", "unknown"],
  [{ ...plain, drop: ["tols"] }, ".drop[0]", 'is no parameter of a request (did you mean "tools"?)'],
  [17, "", "expected text or an object, found a number"],
  // Expressions.
  [answer({ text: "text" }), ".response.text", "must be an expression"],
  [answer({ text: "$." }), ".response.text", 'column 3: expected a name after ".", found the end'],
  [answer({ text: "$..a" }), ".response.text", 'column 3: ".." is not supported'],
  [answer({ text: "$.a[" }), ".response.text", "column 5: expected a quoted name, a number, * or ?"],
  [answer({ text: "$.a[1:2]" }), ".response.text", "column 6: slices are not supported"],
  [answer({ text: "$.a[0,1]" }), ".response.text", "column 6: several selectors"],
  [answer({ text: "$.a['b]" }), ".response.text", "column 5: the quote is not closed"],
  [answer({ text: "$.a b" }), ".response.text", 'column 5: unexpected "b"'],
  [answer({ text: `$${".a".repeat(17)}` }), ".response.text", "more than 16 steps"],
  [answer({ text: "$.a[?@.b = 1]" }), ".response.text", "column 10: use == to compare"],
  [answer({ text: "$.a[?(@.b)]" }), ".response.text", "column 6: parentheses are not supported"],
  [answer({ id: "$.id" }), ".response", "finds nothing: give text, thinking or toolCalls"],
  [answer({ text: "$.a", index: "@.i" }), ".response.index", "needs choices"],
  [answer({ text: "$.a", finishMap: { a: "stop" } }), ".response.finishMap", "needs finish"],
  [
    answer({ text: "$.a", finish: "$.b", finishMap: { a: "ended" } }),
    ".response.finishMap.a",
    "expected one of none, stop",
  ],
  // Conditions.
  [stream({ when: "type == 'a'" }), ".stream.when", "column 1: expected a path or a constant"],
  [stream({ when: "$.type == a" }), ".stream.when", "texts need quotes"],
  [stream({ when: "'a'" }), ".stream.when", "column 1: a constant alone is no condition"],
  [stream({ when: "$.a & $.b" }), ".stream.when", "column 5: expected && or ||"],
  [stream({ when: "!$.a == 1" }), ".stream.when", "! stands before a path alone"],
  // Streams and errors.
  [stream({ framing: "lines" }), ".stream.framing", 'unknown "lines"'],
  [stream({ framing: "ndjson", events: ["a"] }), ".stream.events", "only server-sent events have names"],
  [
    stream({ framing: "json-array", end: { data: "x" } }),
    ".stream.end.data",
    "only server-sent events and lines",
  ],
  [
    stream({ framing: "ndjson", end: { event: "x" } }),
    ".stream.end.event",
    "only server-sent events have names",
  ],
  [stream({ end: { body: false } }), ".stream.end.body", "is either true or absent"],
  [stream({ end: { data: "a", when: "$.b" } }), ".stream.end", "give exactly one of"],
  [stream({ response: { text: "$.a[" } }), ".stream.response.text", "column 5"],
  [errors({ statuses: { a: 429 } }), ".errors.statuses", "needs code"],
  [
    errors({ code: "$.code", statuses: { a: 200 } }),
    ".errors.statuses.a",
    "expected a status from 400 to 599",
  ],
  [
    { ...stream({ framing: "ndjson" }), errors: { events: "e" } },
    ".errors.events",
    "only server-sent events",
  ],
  // Templates.
  [
    body({ t: "$.temprature" }),
    ".request.body.t",
    'column 3: there is no "temprature" here (did you mean "temperature"?)',
  ],
  [body({ t: "$.temperature.x" }), ".request.body.t", "temperature has nothing inside that can be named"],
  [body([{ t: "$.messages.text" }]), ".request.body[0].t", "messages is a list: choose with [0]"],
  [body("$.messages[0]"), ".request.body", "this is a whole item"],
  [body("$.messages[*].parts[?@.typ == 'text'].text"), ".request.body", 'there is no "typ" here'],
  [body("$.model[0]"), ".request.body", "model has nothing inside"],
  [body("$"), ".request.body", "name a member, one of model, stream"],
  [body("Hi {{ $.system"), ".request.body", "column 4: {{ is not closed"],
  [body("Hi {{ system }}"), ".request.body", "an expression begins with $ or @"],
  [body("$.5"), ".request.body", "for a constant text write $$.5"],
  [body({ $valu: "$.n" }), ".request.body.$valu", 'did you mean "$value"?'],
  [body({ $value: "$.n", defualt: 1 }), ".request.body.defualt", 'did you mean "default"?'],
  [body({ $value: 1 }), ".request.body.$value", "expected an expression, which is text"],
  [body({ $value: "$.n", as: "float" }), ".request.body.as", "expected one of number, integer"],
  [body({ $value: "$.n", min: "1" }), ".request.body.min", "expected a number"],
  [body({ $value: "$.n", min: 2, max: 1 }), ".request.body.min", "is greater than max"],
  [body({ $value: "$.n", map: [] }), ".request.body.map", "expected an object"],
  [body({ $each: "$.messages" }), ".request.body.item", "is missing"],
  [body({ $each: "$.model", item: 1 }), ".request.body.$each", "expected an expression that finds a list"],
  [body({ $each: "$.messages", item: "@.txt" }), ".request.body.item", 'did you mean "text"?'],
  [body({ $each: "$.messages", where: "@.role = 'a'", item: 1 }), ".request.body.where", "use == to compare"],
  [body({ $text: "$.tools" }), ".request.body.$text", "finds a list of messages"],
  [body({ $text: "$.messages", roles: { usr: "x" } }), ".request.body.roles.usr", 'did you mean "user"?'],
  [body({ $text: "$.messages", roles: { user: 1 } }), ".request.body.roles.user", "expected text"],
  [body({ $if: "$.stream" }), ".request.body.then", "is missing"],
  [{ ...plain, request: { ...request, path: "/a b" } }, ".request.path", "visible ASCII"],
  [
    { ...plain, request: { ...request, headers: { "x-a": "{{ $.x }}" } } },
    ".request.headers.x-a",
    'there is no "x"',
  ],
  [
    {
      embeddings: {
        request: { path: "/e", body: { t: "$.temperature" } },
        response: { each: "$.a[*]" },
      },
    },
    ".embeddings.request.body.t",
    'there is no "temperature" here',
  ],
];

describe("mistakes in a declared format", () => {
  it.each(MISTAKES)("%j: at %s", (format, path, message) => {
    const problems = config.problemsOf({ services: [{ cluster: "a", format }] });
    const place = `services[0].format${path}: `;
    expect(problems.filter((problem) => problem.startsWith(place)).join("\n")).toContain(message);
    expect(problems.length).toBeLessThanOrEqual(2);
  });

  it("are found in rules, with their own path", () => {
    const services = [{ cluster: "a", format: body("$.x") }];
    config.configure({ _rules_: [{ _match_route_: ["r"], services }] });
    expect(config.ruleProblems(0)[0]).toMatch(
      /^_rules_\[0\]\.services\[0\]\.format\.request\.body: column 3/,
    );
  });

  it("are bounded, however deep a declaration goes", () => {
    const deep = (depth: number): unknown => (depth === 0 ? "$.model" : [deep(depth - 1)]);
    expect(config.problemsOf({ services: [{ cluster: "a", format: body(deep(40)) }] })).toEqual([]);
    const problems = config.problemsOf({ services: [{ cluster: "a", format: body(deep(200)) }] });
    expect(problems[0]).toContain("too many objects and lists inside each other");
  });
});
