/** Requests that fail before their first byte are tried again: where, when, how often, and what the client gets. */
import { describe, expect, it } from "vitest";
import type { Message } from "../host/index.ts";
import { CLIENTS } from "../support/clients/index.ts";
import { acceptsSigV4 } from "../support/signatures.ts";
import { vendorOf } from "../support/upstreams/index.ts";
import { chat, clusterConfiguration, configured, eurekaConfiguration, eurekaReply } from "./plugin.ts";
import { error, OK, QUESTION, REFUSED, Stage, said } from "./retrying.ts";

const JSON_TYPE = { "content-type": "application/json" };
const SECOND = { headers: JSON_TYPE, body: JSON.stringify(said("second")) };
const STREAM = { ...QUESTION, stream: true };

/** Two services in clusters, in this order. */
function two(first: object = {}, second: object = {}, rest: object = {}): object {
  return clusterConfiguration(
    {},
    {
      services: [
        { name: "first", cluster: "models", ...first },
        { name: "second", cluster: "second", ...second },
      ],
      attempts: {},
      ...rest,
    },
  );
}

const contentOf = (text = "") => JSON.parse(text).choices?.[0]?.message?.content;

describe("the next service", () => {
  it.each([
    ["a status", () => error(503)],
    ["too many requests", () => error(429)],
    ["a refused connection", () => REFUSED],
    ["an error without a body", () => ({ headers: { ":status": "502" } })],
  ])("answers after %s", async (_, fail) => {
    const stage = await Stage.open(two({}, { token: "second-key", modelMapping: { "*": "other" } }));
    const asked = stage.ask(QUESTION, fail, [SECOND], {
      request: { headers: { authorization: "Bearer of-the-client", "x-own": "1" } },
    });
    expect(asked.hung).toBe(false);
    expect(asked.client?.status).toBe(200);
    expect(contentOf(asked.client?.text)).toBe("second");
    expect(asked.client?.headers.get("x-ai-proxy-attempts")).toBe("2");
    expect(asked.client?.headers.get("x-ai-proxy-service")).toBe("second");
    const [call] = asked.calls;
    expect(call?.cluster).toBe("second");
    expect(call?.headers).toMatchObject({
      ":method": "POST",
      ":path": "/v1/chat/completions",
      authorization: "Bearer second-key",
      "x-own": "1",
      "content-type": "application/json",
    });
    expect(JSON.parse(call?.text ?? "")).toEqual({ ...QUESTION, model: "other" });
  });

  it("is asked at once, and the one after it when that fails, too", async () => {
    const stage = await Stage.open(
      clusterConfiguration(
        {},
        {
          attempts: {},
          services: ["models", "second", "third"].map((cluster) => ({ name: cluster, cluster })),
        },
      ),
    );
    const asked = stage.ask(QUESTION, () => error(500), [error(503), SECOND]);
    expect(asked.calls.map(({ cluster }) => cluster)).toEqual(["second", "third"]);
    expect(asked.client?.headers.get("x-ai-proxy-attempts")).toBe("3");
    expect(asked.tookMs).toBeLessThan(100);
  });

  it("is only one that answers the model", async () => {
    const stage = await Stage.open(
      clusterConfiguration(
        {},
        {
          attempts: {},
          services: [
            { name: "first", cluster: "models" },
            { name: "second", cluster: "second", models: ["another"] },
            { name: "third", cluster: "third", models: ["m"] },
          ],
        },
      ),
    );
    const asked = stage.ask(QUESTION, () => error(500), [SECOND]);
    expect(asked.calls.map(({ cluster }) => cluster)).toEqual(["third"]);
  });

  it("is passed over where it cannot take the request, or has no endpoint", async () => {
    const stage = await Stage.open(
      clusterConfiguration(
        {},
        {
          attempts: {},
          services: [
            { name: "first", cluster: "models" },
            { name: "strict", cluster: "second", format: "anthropic", strict: true },
            { name: "nobody", cluster: "nobody" },
            { name: "third", cluster: "third" },
          ],
        },
      ),
    );
    const asked = stage.ask({ ...QUESTION, logit_bias: { "1": 2 } }, () => error(500), [SECOND]);
    expect(asked.calls.map(({ cluster }) => cluster)).toEqual(["third"]);
    expect(asked.client?.status).toBe(200);
  });

  it("answers when an upstream breaks its answer off before it has begun", async () => {
    const stage = await Stage.open(two());
    const asked = stage.ask(
      QUESTION,
      () => ({
        received: true,
        failure: {
          status: 503,
          body: "upstream connect error or disconnect/reset before headers. reset reason: connection termination",
          details: "upstream_reset_before_response_started{connection_termination}",
        },
      }),
      [SECOND],
    );
    expect(asked.client?.status).toBe(200);
  });

  it("gives its own error when it fails as well and nobody is left", async () => {
    const stage = await Stage.open(two({}, { format: "anthropic" }, { attempts: { max: 2 } }));
    const asked = stage.ask(QUESTION, () => error(500), [
      {
        headers: { ":status": "529", ...JSON_TYPE, "retry-after": "7" },
        body: JSON.stringify({ type: "error", error: { type: "overloaded_error", message: "too hot" } }),
      },
    ]);
    expect(asked.client?.status).toBe(529);
    expect(JSON.parse(asked.client?.text ?? "").error.message).toBe("too hot");
    expect(asked.client?.headers.get("retry-after")).toBe("7");
    expect(asked.client?.headers.get("x-ai-proxy-attempts")).toBe("2");
  });

  it("may fail without any answer, which the client is told in its own format", async () => {
    const stage = await Stage.open(two({}, {}, { attempts: { max: 2 } }));
    const asked = stage.ask(QUESTION, () => error(500), ["fail"]);
    expect(asked.client?.status).toBe(502);
    expect(JSON.parse(asked.client?.text ?? "")).toHaveProperty("error.message");
  });
});

describe("what is not tried again", () => {
  it("an answer that is the client's own fault", async () => {
    const stage = await Stage.open(two());
    const asked = stage.ask(QUESTION, () => error(400));
    expect(asked.calls).toEqual([]);
    expect(asked.client?.status).toBe(400);
    expect(asked.client?.headers.has("x-ai-proxy-attempts")).toBe(false);
  });

  it("a status that is not among those of the configuration", async () => {
    const stage = await Stage.open(two({}, {}, { attempts: { statuses: ["4xx", "503"] } }));
    expect(stage.ask(QUESTION, () => error(500)).calls).toEqual([]);
    expect(stage.ask(QUESTION, () => error(503), [SECOND]).client?.status).toBe(200);
    expect(stage.ask(QUESTION, () => error(404), [SECOND]).client?.status).toBe(200);
  });

  it("anything without `attempts`, and with max 1", async () => {
    for (const attempts of [undefined, { max: 1 }]) {
      const stage = await Stage.open(two({}, {}, { attempts }));
      const asked = stage.ask(QUESTION, () => error(503));
      expect(asked.calls).toEqual([]);
      expect(JSON.parse(asked.client?.text ?? "").error.message).toBe("no 503");
    }
  });

  it("a request that is too long to be kept", async () => {
    const stage = await Stage.open(two({}, {}, { attempts: { maxBodyBytes: 1000 } }));
    const long = { ...QUESTION, user: "x".repeat(1000) };
    expect(stage.ask(long, () => error(503)).client?.status).toBe(503);
    expect(stage.ask(QUESTION, () => error(503), [SECOND]).client?.status).toBe(200);
  });

  it("a call that may have done something, but for a refused connection", async () => {
    const stage = await Stage.open(two());
    const batch = { request: { headers: { ":path": "/v1/batches" } } };
    expect(stage.ask({ a: 1 }, () => error(503), [SECOND], batch).client?.status).toBe(503);
    const asked = stage.ask({ a: 1 }, () => REFUSED, [SECOND], batch);
    expect(asked.client?.status).toBe(200);
    expect(asked.calls[0]?.headers[":path"]).toBe("/v1/batches");
  });

  it("a body that is no JSON", async () => {
    const stage = await Stage.open(two());
    const asked = stage.ask("--x", () => REFUSED, [SECOND], {
      request: { headers: { ":path": "/v1/audio/transcriptions", "content-type": "multipart/form-data" } },
    });
    expect(asked.client?.status).toBe(503);
    expect(asked.calls).toEqual([]);
  });

  it("a stream that has begun", async () => {
    const stage = await Stage.open(two());
    const vendor = vendorOf("openai");
    const [first] = vendor.stream({ text: "It is blue", usage: { input: 1, output: 2 } }, "m");
    const events = [first ?? Buffer.alloc(0), vendor.failureEvent("out of order")];
    const asked = stage.ask(STREAM, () => ({
      headers: { "content-type": vendor.streamType },
      body: Buffer.concat(events),
    }));
    expect(asked.calls).toEqual([]);
    expect(asked.client?.text).toContain("out of order");
  });
});

describe("streams", () => {
  const usage = { input: 21, output: 34 };
  const pairs = CLIENTS.flatMap((client) =>
    ["openai", "anthropic", "gemini", "responses", "bedrock", "ollama"].map((to) => ({
      client,
      to,
      from: client.name,
    })),
  );

  it.each(pairs)("$from client, answered by $to, whole and streamed", async ({ client, to }) => {
    const vendor = vendorOf(to);
    const scenario = { text: 'It is "18 °C"', usage };
    const stage = await Stage.open(
      two(
        { format: client.format, outlier: { consecutiveFailures: 0 } },
        { format: to, token: "key", modelMapping: { "*": vendor.model ?? "up" }, ...vendor.settings },
      ),
    );
    for (const isStream of [false, true]) {
      const sameLanguage = client.format === to;
      const events = Buffer.concat(vendor.stream(scenario, "model"));
      const answer = isStream
        ? {
            headers: { "content-type": sameLanguage && client.cut ? client.streamType : vendor.streamType },
            body: sameLanguage && client.cut ? client.cut(events) : events,
          }
        : { headers: JSON_TYPE, body: JSON.stringify(vendor.whole(scenario, "model")) };
      const asked = stage.ask(client.request("text", isStream), () => REFUSED, [answer], {
        request: { headers: { ":path": client.path(isStream) } },
      });
      const text = asked.client?.text ?? "";
      expect([asked.client?.status, text && 1], text).toEqual([200, 1]);
      expect(asked.calls[0]?.headers[":path"]).toMatch(vendor.path);
      expect(asked.client?.headers.get("content-type")).toBe(
        isStream ? client.streamType : "application/json",
      );
      const read = isStream ? client.stream(text) : client.whole(text);
      expect(read.text).toBe(scenario.text);
    }
  });

  it.each(["openai", "anthropic"])("a failure as first event of %s is tried again", async (format) => {
    const vendor = vendorOf(format);
    const stage = await Stage.open(two({ format, token: "k" }, {}));
    const ok = vendorOf("openai").stream({ text: "second", usage }, "m");
    const asked = stage.ask(
      STREAM,
      () => ({ headers: { "content-type": vendor.streamType }, body: vendor.failureEvent("out of order") }),
      [{ headers: { "content-type": "text/event-stream" }, body: Buffer.concat(ok) }],
    );
    expect(asked.client?.status).toBe(200);
    expect(asked.client?.text).toContain("second");
    expect(asked.client?.text).not.toContain("out of order");
    expect(asked.client?.headers.get("x-ai-proxy-attempts")).toBe("2");
  });

  it("a failure as first event stays what it was where nobody else answers", async () => {
    const vendor = vendorOf("openai");
    const body = vendor.failureEvent("out of order");
    for (const attempts of [undefined, { max: 1 }]) {
      const root = await configured(clusterConfiguration({}, { attempts }));
      const { client } = chat(root, STREAM, {
        respond: () => ({ headers: { "content-type": vendor.streamType }, body }),
      });
      expect(client?.text).toBe(body.toString());
    }
  });

  it("a stream without any event is tried again", async () => {
    const stage = await Stage.open(two());
    const asked = stage.ask(
      STREAM,
      () => ({ headers: { "content-type": "text/event-stream" }, body: ": hi\n\n" }),
      [SECOND],
    );
    expect(asked.calls.length).toBe(1);
    expect(asked.client?.status).toBe(200);
  });

  it("good streams pass byte for byte, however they are cut", async () => {
    const stage = await Stage.open(two());
    const body = Buffer.concat(vendorOf("openai").stream({ text: "It is blue", usage }, "m"));
    for (let at = 1; at < body.length; at += 5) {
      const asked = stage.ask(
        STREAM,
        () => ({ headers: { "content-type": "text/event-stream" }, body }),
        [],
        {
          cutResponse: [at],
        },
      );
      expect(asked.client?.text).toBe(body.toString());
      expect(asked.calls).toEqual([]);
    }
  });
});

describe("instances", () => {
  const attempts = { attempts: {}, steering: { clusterHeader: "x-c", cluster: "eureka-instances" } };
  const endpoint = "x-envoy-original-dst-host";

  it("another instance of the service answers, and the refused one is left alone", async () => {
    const stage = await Stage.open(eurekaConfiguration({}, attempts), [9001, 9002, 9003]);
    const asked = stage.ask(QUESTION, () => REFUSED, [SECOND]);
    const refused = asked.upstream?.headers.get(endpoint) ?? "10.0.0.1:9001";
    const [call] = asked.calls;
    expect(call?.cluster).toBe("eureka-instances");
    expect(call?.headers[endpoint]).toMatch(/^10\.0\.0\.1:900[123]$/);
    expect(call?.headers[":authority"]).toBe(call?.headers[endpoint]);
    expect(asked.client?.status).toBe(200);
    const later = [1, 2, 3, 4].map(() => stage.ask(QUESTION, () => OK).upstream?.headers.get(endpoint));
    expect(new Set(later).size).toBe(2);
    expect(later).toContain(call?.headers[endpoint]);
    if (asked.upstream) expect(later).not.toContain(refused);
  });

  it("all instances are tried before the next service", async () => {
    const stage = await Stage.open(
      eurekaConfiguration(
        {},
        {
          ...attempts,
          attempts: { max: 5 },
          services: [
            { application: "QWEN-CHAT", outlier: { maxEjectedPercent: 100 } },
            { name: "second", cluster: "second" },
          ],
        },
      ),
      [9001, 9002],
    );
    const asked = stage.ask(QUESTION, () => REFUSED, [
      { headers: { ":status": "503" }, body: REFUSED.failure.body },
      SECOND,
    ]);
    expect(asked.calls.map(({ cluster }) => cluster)).toEqual(["eureka-instances", "second"]);
    // Both instances are ejected as refused, so the next request goes to the second service at once, and streams.
    const next = stage.ask(QUESTION, () => OK);
    expect(next.upstream?.headers.get("x-c")).toBe("second");
    expect(next.calls).toEqual([]);
  });

  it("an instance that says when it wants more is left alone until then", async () => {
    const stage = await Stage.open(eurekaConfiguration({}, attempts), [9001, 9002]);
    const asked = stage.ask(QUESTION, () => error(429, { "retry-after": "20" }), [SECOND]);
    const good = asked.calls[0]?.headers[endpoint];
    const others = () =>
      new Set([1, 2, 3, 4].map(() => stage.ask(QUESTION, () => OK).upstream?.headers.get(endpoint)));
    expect(others()).toEqual(new Set([good]));
    stage.pass(19_000);
    expect(others()).toEqual(new Set([good]));
    stage.pass(2_000);
    for (const probe of stage.root.callouts.filter(({ headers }) => headers.get(":method") === "HEAD"))
      probe.respond({});
    expect(others().size).toBe(2);
  });

  it("while Eureka has not answered, a request waits for that, and goes elsewhere only when the time is over", async () => {
    const services = [{ application: "QWEN-CHAT" }, { cluster: "second", name: "second" }];
    for (const answers of [true, false]) {
      let time = 1_700_000_000_000;
      const root = await configured(eurekaConfiguration({}, { services, attempts: {} }), {
        now: () => time,
        clusters: ["eureka", "second", "eureka-instances"],
      });
      const begun = time;
      const onHeld = () => {
        const until = begun + (answers ? 1500 : 5500);
        for (; time < until; time += 50) root.tick();
        if (answers) root.callouts[0]?.respond({ body: eurekaReply("QWEN-CHAT", [[9001, "UP"]]) });
      };
      const asked = chat(root, QUESTION, { onHeld, respond: () => OK });
      expect(asked.client?.status).toBe(200);
      expect(asked.upstream?.headers.get("x-ai-proxy-cluster")).toBe(answers ? "eureka-instances" : "second");
    }
  });

  it("a service without instances is passed over before anything is sent", async () => {
    const stage = await Stage.open(
      eurekaConfiguration(
        {},
        { ...attempts, services: [{ application: "QWEN-CHAT" }, { name: "second", cluster: "second" }] },
      ),
      [],
    );
    const asked = stage.ask(QUESTION, () => OK);
    expect(asked.upstream?.headers.get("x-c")).toBe("second");
    expect(asked.calls).toEqual([]);
  });
});

describe("the router", () => {
  it("is asked to try further instances, where its cluster can", async () => {
    const stage = await Stage.open(
      eurekaConfiguration(
        {},
        {
          attempts: { statuses: ["429", "503"], firstByteMs: 700 },
          steering: { endpointHeader: "x-endpoints", routerRetries: true },
        },
      ),
      [9001, 9002, 9003, 9004],
    );
    const headers = stage.ask(QUESTION, () => OK).upstream?.headers;
    const listed = headers?.get("x-endpoints")?.split(",") ?? [];
    expect(listed).toHaveLength(3);
    expect(new Set(listed).size).toBe(3);
    expect(headers?.get(":authority")).toBe(listed[0]);
    expect(headers?.get("x-envoy-max-retries")).toBe("2");
    expect(headers?.get("x-envoy-retry-on")).toContain("connect-failure,");
    expect(headers?.get("x-envoy-retriable-status-codes")).toBe("429,503");
    expect(headers?.get("x-envoy-upstream-rq-per-try-timeout-ms")).toBe("700");
    // A second try is told of, and the instance that was chosen has failed.
    const again = stage.ask(QUESTION, () => ({
      ...OK,
      headers: { ...OK.headers, "x-envoy-attempt-count": "2" },
    }));
    expect(again.client?.headers.get("x-ai-proxy-attempts")).toBe("2");
    const batch = stage.ask({ a: 1 }, () => OK, [], { request: { headers: { ":path": "/v1/batches" } } });
    expect(batch.upstream?.headers.get("x-envoy-retry-on")).toBe("connect-failure,refused-stream");
  });

  it("is asked for nothing without attempts", async () => {
    const stage = await Stage.open(
      eurekaConfiguration({}, { steering: { endpointHeader: "x-endpoints", routerRetries: true } }),
      [9001, 9002],
    );
    const headers = stage.ask(QUESTION, () => OK).upstream?.headers;
    expect(headers?.get("x-endpoints")).toMatch(/^10\.0\.0\.1:900[12]$/);
    expect(headers?.has("x-envoy-retry-on")).toBe(false);
  });
});

describe("time", () => {
  const HANG = () => ({ hang: true });

  it("an attempt without a first byte is given up, and its late answer is not heard", async () => {
    const stage = await Stage.open(two({}, {}, { attempts: { firstByteMs: 1000 } }));
    const asked = stage.ask(QUESTION, HANG, [SECOND]);
    expect(asked.client?.status).toBe(200);
    expect(contentOf(asked.client?.text)).toBe("second");
    expect(asked.calls[0]?.atMs).toBeGreaterThanOrEqual(1000);
    expect(asked.calls[0]?.atMs).toBeLessThanOrEqual(1100);
  });

  it("headers without any event are no first byte", async () => {
    const stage = await Stage.open(two({}, {}, { attempts: { firstByteMs: 1000 } }));
    const asked = stage.ask(
      STREAM,
      () => ({ headers: { "content-type": "text/event-stream" }, chunks: [], hang: true }),
      [SECOND],
    );
    expect(asked.client?.status).toBe(200);
    expect(asked.client?.text).toContain("second");
    expect(asked.client?.text.match(/second/g)).toHaveLength(1);
  });

  it("a late answer of the attempt that was given up is dropped", async () => {
    const stage = await Stage.open(two({}, {}, { attempts: { firstByteMs: 1000 } }));
    const stream = stage.root.stream({});
    const text = JSON.stringify(QUESTION);
    stream.requestHeaders(
      {
        ":method": "POST",
        ":path": "/v1/chat/completions",
        ":authority": "a",
        ":scheme": "http",
        ...JSON_TYPE,
      },
      false,
    );
    stream.requestBody(text, true);
    stage.pass(1200);
    const [call] = stage.root.callouts;
    expect(call?.cluster).toBe("second");
    expect(stream.responseHeaders({ ":status": "200", ...JSON_TYPE }, false)).toEqual([]);
    expect(stream.responseBody(OK.body, true)).toEqual([]);
    call?.respond(SECOND);
    const bodies = stream.response.frames.flatMap((frame) =>
      frame.kind === "data" ? [Buffer.from(frame.bytes)] : [],
    );
    expect(contentOf(Buffer.concat(bodies).toString())).toBe("second");
    expect(stream.response.frames.filter(({ kind }) => kind === "headers")).toHaveLength(1);
    stream.close();
  });

  it("a client that leaves meanwhile is forgotten, and the answer that comes then harms nobody", async () => {
    const stage = await Stage.open(two());
    const asked = stage.ask(QUESTION, () => error(503), [], { onHeld: (stream) => stream.abort() });
    expect(asked.client).toBeUndefined();
    expect(stage.root.callouts).toHaveLength(1);
    stage.root.callouts[0]?.respond(SECOND);
    expect(stage.root.host.failed).toBe(false);
    expect(stage.ask(QUESTION, () => OK).client?.status).toBe(200);
  });

  it("the same service is tried again after a back-off, which grows", async () => {
    const stage = await Stage.open(
      clusterConfiguration({}, { attempts: { max: 4, backoffMs: 1000, maxBackoffMs: 2000 } }),
    );
    const asked = stage.ask(QUESTION, () => error(503), [error(503), error(503), SECOND]);
    const [one = 0, two = 0, three = 0] = asked.calls.map(({ atMs }) => atMs);
    expect(asked.client?.status).toBe(200);
    for (const [wait, most] of [
      [one, 1000],
      [two - one, 2000],
      [three - two, 2000],
    ] as const) {
      expect(wait).toBeGreaterThanOrEqual(most / 2);
      expect(wait).toBeLessThanOrEqual(most + 100);
    }
  });

  it("nobody waits longer than the longest back-off for a service that asks for more", async () => {
    const stage = await Stage.open(clusterConfiguration({}, { attempts: { maxBackoffMs: 2000 } }));
    const asked = stage.ask(QUESTION, () => error(429, { "retry-after": "30" }));
    expect(asked.calls).toEqual([]);
    expect(asked.client?.status).toBe(429);
    expect(asked.client?.headers.get("retry-after")).toBe("30");
    stage.pass(40_000);
    const soon = stage.ask(QUESTION, () => error(429, { "retry-after": "1" }), [SECOND]);
    expect(soon.calls[0]?.atMs).toBeGreaterThanOrEqual(1000);
    expect(soon.client?.status).toBe(200);
  });

  it("no attempt begins after the time for all", async () => {
    const stage = await Stage.open(two({}, {}, { attempts: { firstByteMs: 1000, totalMs: 900 } }));
    const asked = stage.ask(QUESTION, HANG);
    expect(asked.calls).toEqual([]);
    expect(asked.hung).toBe(true);
  });

  it("a callout ends with the time for all", async () => {
    const stage = await Stage.open(two({}, {}, { attempts: { totalMs: 5000 } }));
    stage.ask(QUESTION, () => error(503), [], { onHeld: (stream) => stream.abort() });
    expect(stage.root.callouts[0]?.timeoutMs).toBe(5000);
  });
});

describe("the budget", () => {
  it("lets no storm form: beyond ten, a share of the requests is tried again", async () => {
    const stage = await Stage.open(
      two(
        { outlier: { consecutiveFailures: 0 } },
        { outlier: { consecutiveFailures: 0 } },
        { attempts: { max: 2, budgetPercent: 20 } },
      ),
    );
    let calls = 0;
    for (let i = 0; i < 200; i++) calls += stage.ask(QUESTION, () => error(503), [error(503)]).calls.length;
    expect(calls).toBeGreaterThanOrEqual(40);
    expect(calls).toBeLessThanOrEqual(41);
    stage.pass(11_000);
    expect(stage.ask(QUESTION, () => error(503), [SECOND]).client?.status).toBe(200);
  });

  it("a service that keeps failing is passed over, so that requests stream again", async () => {
    const stage = await Stage.open(two());
    for (let i = 0; i < 5; i++) stage.ask(QUESTION, () => error(503), [SECOND]);
    const next = stage.ask(QUESTION, () => OK);
    expect(next.upstream?.headers.get("x-ai-proxy-cluster")).toBe("second");
    expect(next.calls).toEqual([]);
    stage.pass(11_000);
    expect(stage.ask(QUESTION, () => OK).upstream?.headers.get("x-ai-proxy-cluster")).toBe("models");
  });
});

describe("the last resort", () => {
  const usage = { input: 1, output: 2 };

  it.each(CLIENTS.map((client) => ({ client, name: client.name })))(
    "is a fixed answer in the words of the $name client, whole and streamed",
    async ({ client }) => {
      const stage = await Stage.open(
        clusterConfiguration({ format: client.format }, { lastResort: { answer: 'Not "now", 晚点.\n' } }),
      );
      for (const isStream of [false, true]) {
        const asked = stage.ask(client.request("text", isStream), () => REFUSED, [], {
          request: { headers: { ":path": client.path(isStream) } },
        });
        const text = asked.client?.text ?? "";
        expect(asked.client?.status, text).toBe(200);
        expect(asked.calls).toEqual([]);
        expect(asked.client?.headers.get("x-ai-proxy-degraded")).toBe("answer");
        expect(asked.client?.headers.get("content-type")).toBe(
          isStream ? client.streamType : "application/json",
        );
        const read = isStream ? client.stream(text) : client.whole(text);
        expect(read).toMatchObject({ text: 'Not "now", 晚点.\n', calls: [], finish: "stop" });
      }
    },
  );

  it.each(CLIENTS.map((client) => ({ client, name: client.name })))(
    "is a smaller model with a shorter answer at another service, for the $name client",
    async ({ client }) => {
      const vendor = vendorOf(client.format);
      const stage = await Stage.open(
        clusterConfiguration(
          {},
          {
            services: [
              { name: "first", cluster: "models", format: client.format },
              { name: "small", cluster: "second", format: client.format, models: ["only-as-last-resort"] },
            ],
            lastResort: { service: "small", model: "tiny", maxTokens: 16 },
          },
        ),
      );
      const asked = stage.ask(
        client.request("settings", false),
        () => error(503),
        [{ headers: JSON_TYPE, body: JSON.stringify(vendor.whole({ text: "small", usage }, "tiny")) }],
        { request: { headers: { ":path": client.path(false) } } },
      );
      const [call] = asked.calls;
      expect(call?.cluster).toBe("second");
      expect(`${call?.headers[":path"]} ${call?.text}`).toContain("tiny");
      expect(call?.text).toMatch(
        /(max_tokens|max_completion_tokens|max_output_tokens|maxOutputTokens)"\s*:\s*16\b/,
      );
      expect(asked.client?.status).toBe(200);
      expect(asked.client?.headers.get("x-ai-proxy-degraded")).toBe("service,model,maxTokens");
      expect(asked.client?.headers.get("x-ai-proxy-service")).toBe("small");
      expect(client.whole(asked.client?.text ?? "").text).toBe("small");
    },
  );

  it("leaves a smaller limit of the client's, and is asked once: then comes the fixed answer", async () => {
    const stage = await Stage.open(
      clusterConfiguration({}, { lastResort: { model: "tiny", maxTokens: 100, answer: "Later." } }),
    );
    const asked = stage.ask({ ...QUESTION, max_tokens: 7 }, () => error(503), [error(503), SECOND]);
    expect(asked.calls).toHaveLength(1);
    expect(JSON.parse(asked.calls[0]?.text ?? "")).toMatchObject({ model: "tiny", max_tokens: 7 });
    expect(contentOf(asked.client?.text)).toBe("Later.");
    expect(asked.client?.headers.get("x-ai-proxy-degraded")).toBe("model,maxTokens,answer");
  });

  it("comes after the attempts, and where nobody can be asked at all", async () => {
    const stage = await Stage.open(
      eurekaConfiguration({}, { attempts: {}, lastResort: { answer: "Later." } }),
      [],
    );
    const asked = stage.ask(QUESTION, () => OK);
    expect(asked.upstream).toBeUndefined();
    expect(contentOf(asked.client?.text)).toBe("Later.");
  });

  it("is none for calls that are no chat, and for what is the client's own fault", async () => {
    const stage = await Stage.open(clusterConfiguration({}, { lastResort: { answer: "Later." } }));
    const embedding = { request: { headers: { ":path": "/v1/embeddings" } } };
    expect(stage.ask({ model: "m", input: "a" }, () => error(503), [], embedding).client?.status).toBe(503);
    expect(stage.ask(QUESTION, () => error(401)).client?.status).toBe(401);
  });
});

describe("weights", () => {
  it("share the requests, and who has none stands in", async () => {
    const stage = await Stage.open(
      two(
        { weight: 3 },
        { weight: 1 },
        {
          services: [
            { name: "spare", cluster: "third" },
            { name: "first", cluster: "models", weight: 3 },
            { name: "second", cluster: "second", weight: 1 },
          ],
        },
      ),
    );
    const counts: Record<string, number> = {};
    for (let i = 0; i < 400; i++) {
      const cluster = stage.ask(QUESTION, () => OK).upstream?.headers.get("x-ai-proxy-cluster") ?? "";
      counts[cluster] = (counts[cluster] ?? 0) + 1;
    }
    expect(counts.third).toBeUndefined();
    expect(counts.models).toBeGreaterThan(250);
    expect(counts.second).toBeGreaterThan(50);
    const asked = stage.ask(QUESTION, () => error(503), [error(503), SECOND]);
    expect(asked.calls.map(({ cluster }) => cluster).at(-1)).toBe("third");
  });
});

describe("credentials", () => {
  it("a signed service signs a further attempt, too: its own body, path and headers", async () => {
    const auth = { type: "sigv4", accessKey: "AKIDEXAMPLE", secretKey: "secret", region: "us-east-1" };
    const stage = await Stage.open(two({}, { format: "bedrock", authority: "bedrock.test", auth }));
    const vendor = vendorOf("bedrock");
    const answer = vendor.whole({ text: "signed", usage: { input: 1, output: 2 } }, "m");
    const asked = stage.ask(QUESTION, () => REFUSED, [{ headers: JSON_TYPE, body: JSON.stringify(answer) }], {
      request: { headers: { authorization: "Bearer of-the-client" } },
    });
    expect(contentOf(asked.client?.text)).toBe("signed");
    const [call] = asked.calls;
    const text = call?.text ?? "";
    const headers = new Map(Object.entries(call?.headers ?? {}));
    expect(headers.get(":authority")).toBe("bedrock.test");
    const request = { headers, text, body: Buffer.from(text) } as unknown as Message;
    expect(acceptsSigV4(request, { AKIDEXAMPLE: "secret" })).toBe(true);
  });
});

describe("hosts", () => {
  it("need not hold the request's headers", async () => {
    const stage = await Stage.open(
      two(
        { modelMapping: { "*": "one" } },
        { modelMapping: { "*": "two" } },
        { allowOnHeadersStopIteration: false },
      ),
      [],
      { allowOnHeadersStopIteration: false },
    );
    const asked = stage.ask(QUESTION, () => error(503), [SECOND]);
    expect(JSON.parse(asked.upstream?.text ?? "").model).toBe("one");
    expect(JSON.parse(asked.calls[0]?.text ?? "")).toEqual({ ...QUESTION, model: "two" });
    expect(asked.client?.status).toBe(200);
  });

  it("may be Higress, whose services are clusters of its own", async () => {
    const spare = "outbound|443||llm.dns";
    const stage = await Stage.open(
      {
        services: [
          { name: "route", cluster: "models" },
          { service: "llm.dns:443", format: "anthropic", token: "k" },
        ],
        attempts: {},
      },
      [],
      { kind: "higress", bufferLimit: 32 << 10, clusters: ["models", spare] },
    );
    const vendor = vendorOf("anthropic");
    const long = { ...QUESTION, messages: [{ role: "user", content: "x".repeat(100_000) }] };
    const asked = stage.ask(long, () => error(503), [
      {
        headers: JSON_TYPE,
        body: JSON.stringify(vendor.whole({ text: "spare", usage: { input: 1, output: 2 } }, "m")),
      },
    ]);
    expect(asked.calls[0]?.cluster).toBe(spare);
    expect(asked.calls[0]?.text.length).toBeGreaterThan(100_000);
    expect(contentOf(asked.client?.text)).toBe("spare");
  });

  it("may leave the cluster to the route: then a callout goes to the route's", async () => {
    const stage = await Stage.open(
      eurekaConfiguration({}, { attempts: {}, steering: { endpointHeader: "x-endpoint" } }),
      [9001, 9002],
    );
    const asked = stage.ask(QUESTION, () => REFUSED, [SECOND], {
      properties: { "xds.cluster_name": "models" },
    });
    expect(asked.calls[0]?.cluster).toBe("models");
    expect(asked.calls[0]?.headers["x-endpoint"]).toMatch(/^10\.0\.0\.1:900[12]$/);
    expect(asked.client?.status).toBe(200);
  });
});

describe("what it costs", () => {
  const count = async (configuration: object) => {
    const root = await configured(configuration);
    const ask = () => chat(root, QUESTION, { respond: () => OK });
    ask();
    root.host.resetCounters();
    ask();
    return { ...root.host.counters, byName: { ...root.host.counters.byName } };
  };

  it("nothing without it: no host call for the services' weights, attempts or last resort", async () => {
    const off = await count(clusterConfiguration());
    expect(off.byName.get_header_map_pairs).toBe(2);
    expect(off.byName.http_call).toBeUndefined();
    expect(off.byName.set_tick_period_milliseconds).toBeUndefined();
    expect((await count(clusterConfiguration({ weight: 1 }))).byName).toEqual(off.byName);
    const on = await count(clusterConfiguration({}, { attempts: {} }));
    // The head and the body are read once more, to be kept.
    expect(on.byName.get_header_map_pairs).toBe(3);
    expect(on.hostCalls - off.hostCalls).toBeLessThanOrEqual(3);
  });

  it("no memory in the long run, also with requests that are kept, fail and are forgotten", async () => {
    const stage = await Stage.open(
      two({ outlier: { consecutiveFailures: 0 } }, {}, { attempts: { max: 2 } }),
    );
    const long = { ...QUESTION, user: "x".repeat(200_000) };
    const round = () => {
      stage.ask(long, () => error(503), [SECOND]);
      stage.ask(long, () => OK);
      stage.ask(long, () => error(503), [], { onHeld: (stream) => stream.abort() });
      for (const callout of [...stage.root.callouts]) callout.fail();
      stage.pass(100);
    };
    for (let i = 0; i < 100; i++) round();
    const before = stage.root.host.memoryBytes;
    for (let i = 0; i < 500; i++) round();
    expect(stage.root.host.memoryBytes).toBe(before);
  });
});
