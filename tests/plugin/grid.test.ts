/**
 * The grid: every client protocol to every upstream format, whole and streamed. What the client asks must be in what
 * the upstream gets, or be refused or reported as tools/docs/gaps.ts says; what the upstream answers must reach the
 * client, valid in its protocol; an error or a truncated answer must never look like a complete one.
 */
import { describe, expect, it } from "vitest";
import { FORMATS } from "../../assembly/config/fields.ts";
import { EVERY_REQUEST, GAPS, type Gap } from "../../tools/docs/gaps.ts";
import type { Root } from "../host/index.ts";
import * as c from "../support/clients/client.ts";
import { CLIENTS } from "../support/clients/index.ts";
import { type Call, type Scenario, type Vendor, vendorOf } from "../support/upstreams/index.ts";
import { chat, clusterConfiguration, configured } from "./plugin.ts";

const TEXT = 'It is "18 °C" — 晴天 🙂.\nSay \\ and /.';
const THOUGHT = 'Paris: I need "weather".\nThen 时间.';
const FAILURE = "the model is out of order";
const CALLS: Call[] = [
  { id: "call_a", name: "get_weather", arguments: c.WEATHER },
  { id: "call_b", name: "get_time", arguments: c.TIME },
];
const usage = { input: 21, output: 34 };

/** What the upstream answers to each question. */
const SCENARIOS: Record<c.Feature, Scenario> = {
  text: { text: TEXT, usage },
  settings: { text: TEXT, usage, finish: "length" },
  tools: { text: "Let me see.", calls: CALLS.slice(0, 1), usage },
  "parallel tools": { calls: CALLS, usage },
  image: { text: TEXT, usage },
  "image by URL": { text: TEXT, usage },
  "tool result image": { text: TEXT, usage },
  thinking: { thinking: { text: THOUGHT, signature: "c2lnbmF0dXJl" }, text: TEXT, usage },
  "structured output": { text: '{"temperature_celsius": 18}', usage },
};

/** What of each question must be found in the upstream's request, as a text, a number or a name. */
const LEAVES: Record<c.Feature, (string | number)[]> = {
  text: [c.SYSTEM, "Hello", c.EARLIER, c.QUESTION],
  settings: [c.SETTINGS.temperature, c.SETTINGS.topP, c.SETTINGS.maxTokens],
  tools: [c.QUESTION, "get_weather", "The weather of a city", "get_time", "celsius", "kelvin", "zone"],
  "parallel tools": [c.QUESTION, "get_weather", c.WEATHER.unit, "get_time", c.TIME.zone, ...c.RESULTS],
  image: [c.QUESTION, c.IMAGE],
  "image by URL": [c.QUESTION, c.IMAGE_URL],
  "tool result image": [c.QUESTION, c.IMAGE, c.WEATHER.unit, ...c.RESULTS.slice(0, 1)],
  thinking: [c.QUESTION],
  "structured output": [c.QUESTION, "temperature_celsius"],
};

/** Gaps that are written down and that no cell has shown: there must be none in the end. */
const unseen = new Set(GAPS);

function gapsOf(client: c.Client, vendor: Vendor, feature: string): Gap[] {
  if (client.format === vendor.format) return [];
  const found = GAPS.filter(
    (gap) =>
      gap.upstream === vendor.format &&
      gap.features.includes(feature) &&
      (gap.clients === undefined || gap.clients.includes(client.format)),
  );
  for (const gap of found) unseen.delete(gap);
  return found;
}

/** All texts, numbers and names of a value, those within texts that are JSON as well. */
function leavesOf(value: unknown): (string | number)[] {
  if (typeof value === "number") return [value];
  if (typeof value === "string") {
    if (!/^[[{]/.test(value)) return [value];
    try {
      return [value, ...leavesOf(JSON.parse(value))];
    } catch {
      return [value];
    }
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => [name, ...leavesOf(member)]);
}

function has(leaves: (string | number)[], leaf: string | number): boolean {
  return leaves.some((found) =>
    typeof leaf === "string" && typeof found === "string" ? found.includes(leaf) : found === leaf,
  );
}

interface Answer {
  headers: Record<string, string>;
  body: Buffer;
}

/** An answer to a question that asks for it whole, if the vendor has such. */
function whole(client: c.Client, vendor: Vendor, scenario: Scenario): Answer {
  if (vendor.answers === "stream") return streamed(client, vendor, vendor.stream(scenario, "model"));
  const body = Buffer.from(JSON.stringify(vendor.whole(scenario, "model")));
  return { headers: { "content-type": "application/json" }, body };
}

/** An answer to a question that asks for a stream, if the vendor has such. */
function inPieces(client: c.Client, vendor: Vendor, scenario: Scenario): Answer {
  if (vendor.answers === "whole") return whole(client, vendor, scenario);
  return streamed(client, vendor, vendor.stream(scenario, "model"));
}

/** Events as the vendor sends them: a client of its own language may want them cut in another way. */
function streamed(client: c.Client, vendor: Vendor, events: Buffer[]): Answer {
  const body = Buffer.concat(events);
  if (client.format !== vendor.format || !client.cut)
    return { headers: { "content-type": vendor.streamType }, body };
  return { headers: { "content-type": client.streamType }, body: client.cut(body) };
}

function ask(root: Root, client: c.Client, feature: c.Feature, isStream: boolean, respond: () => Answer) {
  return chat(root, client.request(feature, isStream), {
    request: { headers: { ":path": client.path(isStream) } },
    respond,
  });
}

/** What the client must read: what was said, as far as the vendor has words for it. */
function expected(client: c.Client, vendor: Vendor, scenario: Scenario): object {
  const { says } = vendor;
  const calls = says.calls ? (scenario.calls ?? []) : [];
  const isComplete = gapsOf(client, vendor, "length as reason to finish").length > 0 || !scenario.finish;
  return {
    thinking: says.thinking ? (scenario.thinking?.text ?? "") : "",
    text: scenario.text ?? "",
    calls: calls.map((call) => ({ name: call.name, arguments: call.arguments })),
    finish: isComplete ? (calls.length > 0 ? "calls" : "stop") : scenario.finish,
    usage: gapsOf(client, vendor, "usage").length > 0 ? { input: 0, output: 0 } : scenario.usage,
  };
}

function read(client: c.Client, isStream: boolean, text: string): object {
  const said = isStream ? client.stream(text) : client.whole(text);
  expect(new Set(said.calls.map(({ id }) => id)).size, "every call has an id of its own").toBe(
    said.calls.length,
  );
  return { ...said, calls: said.calls.map(({ name, arguments: given }) => ({ name, arguments: given })) };
}

const cells = CLIENTS.flatMap((client) => FORMATS.map((format) => [client, vendorOf(format)] as const));

describe.each(cells.map(([client, vendor]) => ({ client, vendor, from: client.name, to: vendor.format })))(
  "$from client, $to upstream",
  async ({ client, vendor }) => {
    const service = {
      format: vendor.format,
      token: "key",
      modelMapping: { "*": vendor.model ?? "up" },
      ...vendor.settings,
    };
    const root = await configured(clusterConfiguration(service));
    const isTap = client.format === vendor.format;

    for (const isStream of [false, true]) {
      const way = isStream ? "streamed" : "whole";

      it.each(c.FEATURES)(`%s, ${way}`, (feature) => {
        const gaps = [feature, EVERY_REQUEST].flatMap((name) => gapsOf(client, vendor, name));
        const scenario = SCENARIOS[feature];
        const result = ask(root, client, feature, isStream, () =>
          (isStream ? inPieces : whole)(client, vendor, scenario),
        );
        const text = result.client?.text ?? "";
        const named = (outcome: Gap["outcome"]) =>
          gaps.filter((gap) => gap.outcome === outcome).flatMap((gap) => gap.parameters ?? []);
        const [refused] = named("refused");
        if (refused) {
          expect(result.upstream).toBeUndefined();
          expect(result.client?.status).toBe(400);
          expect(client.failure(text)).toContain(refused);
          return;
        }
        expect([result.client?.status, result.upstream && text], text).toEqual([200, text]);
        expect(result.upstream?.headers.get(":path")).toMatch(vendor.path);
        const reported = (result.client?.headers.get("x-ai-proxy-dropped-params") ?? "").split(",");
        const dropped = reported.filter((name) => name !== "");
        expect(dropped.length > 0).toBe(named("dropped").length > 0);
        expect(named("dropped")).toEqual(expect.arrayContaining(dropped));
        const leaves = leavesOf(JSON.parse(result.upstream?.text ?? ""));
        for (const leaf of LEAVES[feature])
          if (typeof leaf === "string" || dropped.length === 0)
            expect(has(leaves, leaf), `${leaf} goes upstream`).toBe(true);
        const type = isStream ? client.streamType : "application/json";
        expect(result.client?.headers.get("content-type")).toBe(type);
        expect(read(client, isStream, text)).toMatchObject(expected(client, vendor, scenario));
      });

      it(`error, ${way}`, () => {
        const respond = () => ({
          headers: { ":status": "429", "content-type": "application/json" },
          body: Buffer.from(JSON.stringify(vendor.failure(429, FAILURE))),
        });
        const result = ask(root, client, "text", isStream, respond);
        expect(result.client?.status).toBe(429);
        expect(client.failure(result.client?.text ?? "")).toContain(FAILURE);
      });
    }

    if (!isTap) {
      // Some servers stream although they were not asked to, some do not although they were.
      const feature = gapsOf(client, vendor, "tools").length > 0 ? "text" : "tools";
      const scenario = SCENARIOS[feature];

      it("whole answer to a streamed question", () => {
        const result = ask(root, client, feature, true, () => whole(client, vendor, scenario));
        expect(result.client?.headers.get("content-type")).toBe(client.streamType);
        expect(read(client, true, result.client?.text ?? "")).toMatchObject(
          expected(client, vendor, scenario),
        );
      });

      it("streamed answer to a whole question", () => {
        const result = ask(root, client, feature, false, () => inPieces(client, vendor, scenario));
        expect(result.client?.headers.get("content-type")).toBe("application/json");
        expect(read(client, false, result.client?.text ?? "")).toMatchObject(
          expected(client, vendor, scenario),
        );
      });
    }

    const failure = vendor.failureEvent(FAILURE);

    it("error first, streamed", () => {
      const result = ask(root, client, "text", true, () => streamed(client, vendor, [failure]));
      const text = result.client?.text ?? "";
      if (isTap) expect(client.streamFailure(text)).toContain(FAILURE);
      else {
        expect(result.client?.status).toBeGreaterThanOrEqual(400);
        expect(client.failure(text)).toContain(FAILURE);
      }
    });

    if (vendor.answers !== "whole") {
      it("error in the middle, streamed", () => {
        const events = vendor.stream(SCENARIOS.thinking, "model");
        const begun = events.slice(0, Math.ceil(events.length / 2));
        const result = ask(root, client, "text", true, () => streamed(client, vendor, [...begun, failure]));
        expect(client.streamFailure(result.client?.text ?? "")).toContain(FAILURE);
      });
    }

    if (vendor.answers !== "stream") {
      it("truncation, whole", () => {
        const { headers, body } = whole(client, vendor, SCENARIOS.text);
        for (const length of [1, body.length >> 1, body.length - 1]) {
          const cut = { headers, body: body.subarray(0, length) };
          const result = ask(root, client, "text", false, () => cut);
          if (isTap) expect(result.client?.text).toBe(Buffer.from(cut.body).toString());
          else {
            expect(result.client?.status).toBe(502);
            client.failure(result.client?.text ?? "");
          }
        }
      });
    }

    if (vendor.answers !== "whole") {
      it("truncation, streamed", () => {
        const isGap = gapsOf(client, vendor, "truncation").length > 0;
        expect(isGap).toBe(vendor.closingEvents === 0 && !isTap);
        if (isGap) return;
        const events = vendor.stream(SCENARIOS.text, "model");
        const { headers, body } = streamed(client, vendor, events);
        const open = events.slice(0, events.length - vendor.closingEvents);
        const end = streamed(client, vendor, open).body.length;
        const lengths = Array.from({ length: Math.ceil(end / 23) }, (_, index) => 1 + index * 23);
        for (const length of [...lengths.filter((length) => length < end), end]) {
          const respond = () => ({ headers, body: body.subarray(0, length) });
          const result = ask(root, client, "text", true, respond);
          const text = result.client?.text ?? "";
          if (result.client?.status !== 200) client.failure(text);
          else expect(() => client.stream(text), `${length} bytes`).toThrow();
        }
      });
    }
  },
);

it("every gap that is written down is there", () => {
  expect([...unseen]).toEqual([]);
});
