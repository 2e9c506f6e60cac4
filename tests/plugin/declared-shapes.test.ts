/**
 * Home-made APIs through declared formats: every client protocol to each of them, whole and streamed. What goes
 * upstream must be what the serving system's documentation asks for, what comes back must reach the client, and an
 * error or a truncated answer must never look like a complete one. Shapes that a built-in format knows as well must be
 * answered byte for byte as by that.
 */
import { describe, expect, it } from "vitest";
import type { Root } from "../host/index.ts";
import * as c from "../support/clients/client.ts";
import { CLIENTS } from "../support/clients/index.ts";
import { declarationOf } from "../support/declared.ts";
import { seededRandom } from "../support/random.ts";
import { SHAPES, type Shape } from "../support/upstreams/homemade/index.ts";
import type { Call, Scenario } from "../support/upstreams/vendor.ts";
import { mutate } from "../unit/formats/mutate.ts";
import { chat, clusterConfiguration, configured } from "./plugin.ts";

const TEXT = 'It is "18 °C" — 晴天 🙂.\nSay \\ and /.';
const THOUGHT = 'Paris: I need "weather".\nThen 时间.';
const FAILURE = "the model is out of order";
const CALLS: Call[] = [
  { id: "call_a", name: "get_weather", arguments: c.WEATHER },
  { id: "call_b", name: "get_time", arguments: c.TIME },
];
const usage = { input: 21, output: 34 };

/** What can be asked of a shape, and what it answers. */
const SCENARIOS = {
  text: { text: TEXT, usage },
  settings: { text: TEXT, usage, finish: "length" },
  thinking: { thinking: { text: THOUGHT, signature: "" }, text: TEXT, usage },
  tools: { text: "Let me see.", calls: CALLS.slice(0, 1), usage },
  "parallel tools": { calls: CALLS, usage },
} satisfies Partial<Record<c.Feature, Scenario>>;

type Question = keyof typeof SCENARIOS;

/** The questions that a shape has words for. */
function questionsOf({ says, tells }: Shape): Question[] {
  return [
    "text",
    "settings",
    ...(says.thinking ? (["thinking"] as const) : []),
    ...(says.calls ? (["tools"] as const) : []),
    ...(tells.parallelCalls ? (["parallel tools"] as const) : []),
  ];
}

function serviceOf(format: unknown): object {
  return { format, token: "key", modelMapping: { "*": "up" } };
}

interface Answer {
  headers: Record<string, string>;
  body: Buffer;
}

const json = (body: unknown, status = 200): Answer => ({
  headers: { ":status": String(status), "content-type": "application/json" },
  body: Buffer.from(JSON.stringify(body)),
});

const streamed = (shape: Shape, events: Buffer[]): Answer => ({
  headers: { "content-type": shape.streamType },
  body: shape.join?.(events) ?? Buffer.concat(events),
});

function answerOf(shape: Shape, question: Question, isStream: boolean): Answer {
  const scenario = SCENARIOS[question];
  return isStream || shape.alwaysStreams
    ? streamed(shape, shape.stream(scenario, "up"))
    : json(shape.whole(scenario, "up"));
}

function ask(
  root: Root,
  client: c.Client,
  question: Question,
  isStream: boolean,
  answer: Answer,
  cut?: number[],
) {
  return chat(root, client.request(question, isStream), {
    request: { headers: { ":path": client.path(isStream) } },
    respond: () => answer,
    ...(cut && { cutResponse: cut }),
  });
}

/** What must have gone upstream; what the shape does not tell about a question is as it was. */
function askedOf(
  shape: Shape,
  client: c.Client,
  question: Question,
  isStream: boolean,
  body: c.Json,
): c.Json {
  const { asks } = shape;
  // Anthropic's clients always name a limit, and those of Responses cannot name texts to stop at.
  const maxTokens = client.format === "anthropic" ? 4096 : undefined;
  const stop = client.format === "responses" ? undefined : [c.SETTINGS.stop];
  switch (question) {
    case "text":
      return asks.text(isStream, maxTokens);
    case "settings":
      return { ...body, ...asks.settings(stop) };
    case "thinking":
      return body;
    default:
      return { ...body, ...asks[question]?.() };
  }
}

/** What the client must read, as far as the shape has words for it. */
function expected({ says, tells, alwaysStreams }: Shape, scenario: Scenario, isStream: boolean): c.Said {
  const calls = says.calls ? (scenario.calls ?? []) : [];
  const counts = isStream || alwaysStreams ? tells.usage.stream : tells.usage.whole;
  return {
    thinking: says.thinking ? (scenario.thinking?.text ?? "") : "",
    text: scenario.text ?? "",
    calls: calls.map((call) => ({ id: "", name: call.name, arguments: call.arguments })),
    finish: calls.length > 0 ? "calls" : tells.length ? (scenario.finish ?? "stop") : "stop",
    usage: {
      input: counts.input ? scenario.usage.input : 0,
      output: counts.output ? scenario.usage.output : 0,
    },
  };
}

/** What a client reads, with ids of calls blanked once they are seen to differ. */
function read(client: c.Client, isStream: boolean, text: string): c.Said {
  const said = isStream ? client.stream(text) : client.whole(text);
  expect(new Set(said.calls.map(({ id }) => id)).size).toBe(said.calls.length);
  return { ...said, calls: said.calls.map((call) => ({ ...call, id: "" })) };
}

function isThrown(run: () => unknown): boolean {
  try {
    run();
    return false;
  } catch {
    return true;
  }
}

/**
 * An answer without what may differ between two ways: times, ids other than those that the service gave to calls, and
 * how much of the usage is known when an Anthropic stream begins.
 */
function stable(text = ""): string {
  return text
    .replace(/"(created|created_at|createTime)":("[^"]*"|\d+)/g, '"$1":0')
    .replace(/"(id|item_id|call_id|responseId)":"(?!call_[ab]")[^"]*"/g, '"$1":""')
    .replace(/^(data: {"type":"message_start".*"usage":){[^}]*}/gm, "$1{}");
}

const cells = CLIENTS.flatMap((client) =>
  SHAPES.map((shape) => ({ client, shape, from: client.name, to: shape.name })),
);

describe.each(cells)("$from client, $to", async ({ client, shape }) => {
  const root = await configured(clusterConfiguration(serviceOf(declarationOf(shape.name))));
  const builtIn = shape.builtIn && (await configured(clusterConfiguration(serviceOf(shape.builtIn))));

  for (const isStream of [false, true]) {
    const way = isStream ? "streamed" : "whole";

    it.each(questionsOf(shape))(`%s, ${way}`, (question) => {
      const result = ask(root, client, question, isStream, answerOf(shape, question, isStream));
      const text = result.client?.text ?? "";
      expect(result.client?.status, text).toBe(200);
      const { upstream } = result;
      expect(upstream?.headers.get(":path")).toMatch(shape.path);
      const body = JSON.parse(upstream?.text ?? "") as c.Json;
      expect(body).toEqual(askedOf(shape, client, question, isStream, body));
      expect(result.client?.headers.get("content-type")).toBe(
        isStream ? client.streamType : "application/json",
      );
      expect(result.client?.lengthMismatch).toBe(false);
      if (question === "settings") {
        const lost = result.client?.headers.get("x-ai-proxy-dropped-params") ?? "";
        const sayable = (name: string) => name !== "stop" || client.format !== "responses";
        expect(lost.split(",").filter(Boolean).sort()).toEqual(
          (shape.asks.loses ?? []).filter(sayable).sort(),
        );
      }
      expect(read(client, isStream, text)).toEqual(expected(shape, SCENARIOS[question], isStream));
    });

    if (builtIn) {
      it.each(questionsOf(shape))(`%s, ${way}, as the built-in format answers`, (question) => {
        const answer = answerOf(shape, question, isStream);
        const [declared, other] = [root, builtIn].map((each) => ask(each, client, "text", isStream, answer));
        expect(stable(declared?.client?.text)).toBe(stable(other?.client?.text));
      });
    }

    it(`error with a status, ${way}`, () => {
      const result = ask(root, client, "text", isStream, json(shape.failure(429, FAILURE), 429));
      expect(result.client?.status).toBe(429);
      expect(client.failure(result.client?.text ?? "")).toContain(FAILURE);
    });

    if (shape.failureWithin200) {
      it(`error with status 200, ${way}`, () => {
        const result = ask(root, client, "text", isStream, json(shape.failureWithin200?.(FAILURE)));
        expect(result.client?.status).toBeGreaterThanOrEqual(400);
        expect(client.failure(result.client?.text ?? "")).toContain(FAILURE);
      });
    }
  }

  // An element of an array is told from a whole answer by nothing but its brackets.
  if (!shape.alwaysStreams && !shape.join) {
    it("whole answer to a streamed question", () => {
      const result = ask(root, client, "text", true, answerOf(shape, "text", false));
      expect(result.client?.headers.get("content-type")).toBe(client.streamType);
      expect(read(client, true, result.client?.text ?? "")).toEqual(expected(shape, SCENARIOS.text, false));
    });
  }

  // Frames that are told by no media type cannot be known for a stream that nobody asked for.
  if (!shape.streamType.startsWith("application/json")) {
    it("streamed answer to a whole question", () => {
      const result = ask(root, client, "text", false, answerOf(shape, "text", true));
      expect(result.client?.headers.get("content-type")).toBe("application/json");
      expect(read(client, false, result.client?.text ?? "")).toEqual(expected(shape, SCENARIOS.text, true));
    });
  }

  it("error first, streamed", () => {
    const result = ask(root, client, "text", true, streamed(shape, [shape.failureEvent(FAILURE)]));
    expect(result.client?.status).toBeGreaterThanOrEqual(400);
    expect(client.failure(result.client?.text ?? "")).toContain(FAILURE);
  });

  it("error in the middle, streamed", () => {
    const events = shape.stream(SCENARIOS.text, "up");
    const begun = events.slice(0, Math.ceil(events.length / 2));
    const result = ask(root, client, "text", true, streamed(shape, [...begun, shape.failureEvent(FAILURE)]));
    expect(client.streamFailure(result.client?.text ?? "")).toContain(FAILURE);
  });

  it("truncation, whole", () => {
    const { headers, body } = answerOf(shape, "text", false);
    const ends = shape.alwaysStreams ? [1, body.length >> 1] : [1, body.length >> 1, body.length - 1];
    for (const length of ends) {
      const result = ask(root, client, "text", false, { headers, body: body.subarray(0, length) });
      expect(result.client?.status).toBe(502);
      client.failure(result.client?.text ?? "");
    }
  });

  if (shape.closingEvents > 0) {
    it("truncation, streamed", () => {
      const events = shape.stream(SCENARIOS.text, "up");
      const { headers, body } = streamed(shape, events);
      const open = streamed(shape, events.slice(0, events.length - shape.closingEvents)).body.length;
      const end = shape.join ? open - 1 : open;
      for (let length = 1; length < end + 23; length += 23) {
        const at = Math.min(length, end);
        const result = ask(root, client, "text", true, { headers, body: body.subarray(0, at) });
        const text = result.client?.text ?? "";
        if (result.client?.status !== 200) client.failure(text);
        else expect(() => client.stream(text), `${at} bytes`).toThrow();
      }
    });
  }
});

describe.each(SHAPES.map((shape, index) => ({ shape, name: shape.name, client: CLIENTS[index % 4]! })))(
  "$name",
  async ({ shape, client }) => {
    const root = await configured(clusterConfiguration(serviceOf(declarationOf(shape.name))));

    it.each([false, true])(
      "is read alike wherever its answer is cut; streamed: %s",
      (isStream) => {
        for (const question of questionsOf(shape)) {
          const answer = answerOf(shape, question, isStream);
          const whole = stable(ask(root, client, question, isStream, answer).client?.text);
          for (let cut = 1; cut < answer.body.length; cut++) {
            const text = ask(root, client, question, isStream, answer, [cut]).client?.text;
            if (stable(text) !== whole) expect(`${cut}: ${stable(text)}`).toBe(whole);
          }
        }
      },
      60_000,
    );

    const wholeOf = (scenario: Scenario) =>
      shape.alwaysStreams ? streamed(shape, shape.stream(scenario, "up")) : json(shape.whole(scenario, "up"));

    it("never traps on a damaged answer", () => {
      const random = seededRandom(61);
      for (let round = 0; round < 200; round++) {
        const question = questionsOf(shape)[round % questionsOf(shape).length]!;
        const damaged = json(mutate(shape.whole(SCENARIOS[question], "up"), random));
        const { client: got } = ask(root, client, question, false, damaged);
        expect(() => JSON.parse(got?.text ?? "") as unknown).not.toThrow();
      }
    });

    it("takes texts of any size, and no nesting without end", () => {
      const long = { ...SCENARIOS.text, text: "天🙂".repeat(500_000) };
      const said = read(client, false, ask(root, client, "text", false, wholeOf(long)).client?.text ?? "");
      expect(said.text).toBe(long.text);
      const deep = Buffer.from(`${'{"a":['.repeat(100_000)}${"]}".repeat(100_000)}`);
      const { client: got } = ask(root, client, "text", false, { ...json({}), body: deep });
      expect(got?.status).toBe(502);
      client.failure(got?.text ?? "");
    });

    it("ends a damaged stream in an error, or as a complete one", () => {
      const random = seededRandom(63);
      const { headers, body } = answerOf(shape, "text", true);
      for (let round = 0; round < 200; round++) {
        const from = Math.floor(random() * body.length);
        const to = from + Math.floor(random() * 40);
        const junk = Buffer.from(["", "\0", '"', "}{", "\n\n", "data: 1\n\n", "null"][round % 7]!);
        const damaged = Buffer.concat([body.subarray(0, from), junk, body.subarray(to)]);
        const { client: got } = ask(root, client, "text", true, { headers, body: damaged });
        const text = got?.text ?? "";
        if (got?.status !== 200) client.failure(text);
        else if (isThrown(() => client.stream(text))) client.streamFailure(text);
      }
    });

    it("keeps its memory flat over streams", () => {
      const answer = answerOf(shape, "text", true);
      for (let i = 0; i < 1000; i++) ask(root, client, "text", true, answer);
      const before = root.host.memoryBytes;
      for (let i = 0; i < 1000; i++) ask(root, client, "text", true, answer);
      expect(root.host.memoryBytes).toBe(before);
    });
  },
);

describe("errors whose message is not declared", () => {
  it.each([
    [{ code: 7, msg: "m1" }, "m1"],
    [{ code: 7, message: "m2" }, "m2"],
    [{ code: 7, error: { message: "m3" } }, "m3"],
    [{ code: 7, error: "m4" }, "m4"],
    [{ code: 7, detail: "m5" }, "m5"],
    [{ code: 7 }, "7"],
  ])("%j is told from the usual places", async (answer, message) => {
    const format = {
      request: { path: "/", body: {} },
      response: { text: "$.text" },
      errors: { when: "$.code != 0", code: "$.code" },
    };
    const root = await configured(clusterConfiguration({ format }));
    const { client } = ask(root, CLIENTS[0]!, "settings", false, json(answer));
    expect(client?.status).toBe(502);
    expect(CLIENTS[0]!.failure(client?.text ?? "")).toBe(message);
  });
});
