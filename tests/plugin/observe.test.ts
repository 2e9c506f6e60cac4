/** What the gateway's metrics, log attributes and log say of requests. */
import { expect, it } from "vitest";
import { LogLevel, MetricStore, type Root, SharedStore } from "../host/index.ts";
import { chat, clusterConfiguration, configured } from "./plugin.ts";
import { error, OK, QUESTION, Stage } from "./retrying.ts";

const CHAT = "service.models.operation.chat.client.openai";
const request = { model: "gpt-4o", messages: [{ role: "user", content: "Hello" }] };

/** A plugin whose clock the test moves. */
async function gateway(observe: object = {}, service: object = {}, more: object = {}) {
  const metrics = new MetricStore();
  let time = 1_000_000;
  const root = await configured(clusterConfiguration(service, { observe }), {
    metrics,
    now: () => time,
    ...more,
  });
  const wait = (milliseconds: number) => {
    time += milliseconds;
  };
  const publish = () => {
    wait(1000);
    root.tick();
  };
  const value = (name: string) => metrics.value(`ai_proxy.${name}`) ?? 0;
  const samples = (name: string) => metrics.samples(`ai_proxy.${name}`);
  return { root, metrics, wait, publish, value, samples };
}

const json = (value: unknown, status = "200") => ({
  headers: { ":status": status, "content-type": "application/json" },
  body: JSON.stringify(value),
});
const usage = {
  prompt_tokens: 12,
  completion_tokens: 5,
  total_tokens: 17,
  prompt_tokens_details: { cached_tokens: 4 },
  completion_tokens_details: { reasoning_tokens: 2 },
};
const whole = {
  id: "x",
  object: "chat.completion",
  model: "m",
  choices: [{ index: 0, message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }],
  usage,
};

/** A stream that the test feeds: opens it up to the answer's headers. */
function openStream(root: Root, body: object = { ...request, stream: true }) {
  const stream = root.stream();
  const text = JSON.stringify(body);
  const headers = { ":method": "POST", ":path": "/v1/chat/completions", "content-type": "application/json" };
  stream.requestHeaders(headers, false);
  stream.requestBody(text, true);
  return stream;
}
const EVENT_STREAM = { ":status": "200", "content-type": "text/event-stream" };
const token = 'data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\n';

it("counts requests, tokens and times of an answer that comes whole", async () => {
  const { root, wait, publish, value, samples } = await gateway();
  chat(root, request, {
    respond: () => {
      wait(250);
      return json(whole);
    },
  });
  publish();
  expect(value(`gen_ai_requests_total.${CHAT}.model.gpt-4o.status.2xx`)).toBe(1);
  const tokens = ["input", "output", "cached", "reasoning", "cache_write"];
  expect(tokens.map((type) => value(`gen_ai_tokens_total.${CHAT}.model.gpt-4o.token_type.${type}`))).toEqual([
    12, 5, 4, 2, 0,
  ]);
  expect(samples(`gen_ai_client_operation_duration_ms.${CHAT}.model.gpt-4o`)).toEqual([250]);
  expect(samples(`gen_ai_client_token_usage.${CHAT}.model.gpt-4o.token_type.input`)).toEqual([12]);
  expect(samples(`gen_ai_client_token_usage.${CHAT}.model.gpt-4o.token_type.output`)).toEqual([5]);
  expect(samples(`gen_ai_server_time_to_first_token_ms.${CHAT}.model.gpt-4o`)).toEqual([]);
});

it("times the first token of a stream, and each further one", async () => {
  const { root, wait, samples } = await gateway();
  const stream = openStream(root);
  wait(300);
  stream.responseHeaders(EVENT_STREAM, false);
  stream.responseBody(token, false);
  wait(1000);
  stream.responseBody(
    `data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }], usage })}\n\n`,
    false,
  );
  stream.responseBody("data: [DONE]\n\n", true);
  stream.close();
  expect(samples(`gen_ai_server_time_to_first_token_ms.${CHAT}.model.gpt-4o`)).toEqual([300]);
  expect(samples(`gen_ai_server_time_per_output_token_us.${CHAT}.model.gpt-4o`)).toEqual([250_000]);
  expect(samples(`gen_ai_client_operation_duration_ms.${CHAT}.model.gpt-4o`)).toEqual([1300]);
});

it("tells failures apart by kind, whoever made them", async () => {
  const { root, publish, value } = await gateway({}, { models: ["gpt-4o"] });
  chat(root, request, { respond: () => json({ error: {} }, "429") });
  chat(root, request, { respond: () => json({ error: {} }, "401") });
  chat(root, "{");
  chat(root, { ...request, model: "unknown" });
  chat(root, request, {
    respond: () => ({
      failure: { status: 503, body: "x", details: "upstream_reset_before_response_started" },
    }),
  });
  chat(
    root,
    { ...request, stream: true },
    { respond: () => ({ headers: { "content-type": "text/event-stream" }, body: token }) },
  );
  chat(
    root,
    { ...request, stream: true },
    {
      respond: () => ({ headers: { "content-type": "text/event-stream" }, chunks: [token], abort: true }),
    },
  );
  publish();
  const errors = (labels: string, kind: string) => value(`gen_ai_errors_total.${labels}.kind.${kind}`);
  const known = `${CHAT}.model.gpt-4o`;
  const other = `${CHAT}.model.other`;
  const nowhere = "service.none.operation.chat.client.openai.model";
  expect(errors(other, "rate_limit")).toBe(1);
  expect(errors(other, "authentication")).toBe(1);
  expect(errors(other, "overloaded")).toBe(1);
  expect(errors(known, "bad_gateway")).toBe(1);
  expect(errors(known, "upstream_reset")).toBe(1);
  expect(errors(`${nowhere}.none`, "invalid_request")).toBe(1);
  expect(errors(`${nowhere}.other`, "not_found")).toBe(1);
});

it("counts errors that the service reports inside a stream that is only handed on", async () => {
  const answers: [path: string, kind: string, last: string][] = [
    [
      "/v1/chat/completions",
      "rate_limit",
      'data: {"error":{"message":"slow","type":"rate_limit_error","code":null}}',
    ],
    [
      "/v1/responses",
      "bad_gateway",
      'event: response.failed\ndata: {"type":"response.failed","response":{}}',
    ],
  ];
  for (const [path, kind, last] of answers) {
    const { root, publish, metrics } = await gateway({}, { alsoSpeaks: ["responses"] });
    const respond = () => ({
      headers: { "content-type": "text/event-stream" },
      body: `${token}${last}\n\n`,
    });
    const { client } = chat(
      root,
      { model: "gpt-4o", stream: true },
      { request: { headers: { ":path": path } }, respond },
    );
    expect(client?.text).toBe(`${token}${last}\n\n`);
    publish();
    const names = metrics.names().filter((name) => name.startsWith("ai_proxy.gen_ai_errors_total"));
    expect(names.map((name) => name.slice(name.lastIndexOf(".") + 1))).toEqual([kind]);
  }
});

it("counts what is known of the tokens when the client hangs up, in both lanes", async () => {
  for (const [service, body, answer, labels] of [
    [{}, request, `data: {"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":1}}\n\n`, CHAT],
    [
      { format: "anthropic" },
      { ...request, max_tokens: 9 },
      'event: message_start\ndata: {"type":"message_start","message":{"id":"m","role":"assistant","content":[],"model":"c","usage":{"input_tokens":7,"output_tokens":1}}}\n\n',
      CHAT,
    ],
  ] as const) {
    const { root, publish, value, metrics } = await gateway({}, service);
    const stream = openStream(root, { ...body, stream: true });
    stream.responseHeaders(EVENT_STREAM, false);
    stream.responseBody(answer, false);
    stream.abort();
    stream.close();
    publish();
    expect(value(`gen_ai_tokens_total.${labels}.model.gpt-4o.token_type.input`)).toBe(7);
    expect(value(`gen_ai_errors_total.${labels}.model.gpt-4o.kind.client_closed`)).toBe(1);
    expect(metrics.value("ai_proxy.active_requests.service.models")).toBe(0);
  }
});

it("gives series of their own to a bounded number of models that were answered", async () => {
  const { root, metrics, publish, value } = await gateway({ models: 3 });
  const respond = () => json(whole);
  for (let index = 0; index < 10; index++) {
    chat(root, { ...request, model: `made-up-${index}` }, { respond: () => json({}, "404") });
  }
  for (let index = 0; index < 10; index++) chat(root, { ...request, model: `model-${index}` }, { respond });
  publish();
  const names = metrics.names().filter((name) => name.startsWith("ai_proxy.gen_ai_requests_total"));
  const models = new Set(names.map((name) => /\.model\.([^.]+)/.exec(name)?.[1]));
  expect([...models].sort()).toEqual(["model-0", "model-1", "model-2", "other"]);
  expect(value(`gen_ai_requests_total.${CHAT}.model.other.status.2xx`)).toBe(7);
  expect(value(`gen_ai_requests_total.${CHAT}.model.other.status.4xx`)).toBe(10);
});

it("has a gauge of open requests that is right over workers and changes of the configuration", async () => {
  const shared = new SharedStore();
  const first = await gateway({}, {}, { shared });
  const second = await gateway({}, {}, { shared, metrics: first.metrics });
  const open = () => first.metrics.value("ai_proxy.active_requests.service.models");
  const streams = [openStream(first.root), openStream(first.root), openStream(second.root)];
  first.publish();
  second.publish();
  expect(open()).toBe(3);
  const replacement = first.root.host.root(JSON.stringify(clusterConfiguration()));
  const late = openStream(replacement);
  first.wait(1000);
  replacement.tick();
  expect(open()).toBe(4);
  for (const stream of streams) stream.close();
  first.root.close();
  second.publish();
  expect(open()).toBe(1);
  late.close();
  first.wait(1000);
  replacement.tick();
  expect(open()).toBe(0);
});

it("numbers the workers, and says how much memory each has", async () => {
  const shared = new SharedStore();
  const first = await gateway({}, {}, { shared });
  const second = await gateway({}, {}, { shared, metrics: first.metrics });
  for (const { root, publish } of [first, second]) {
    publish();
    chat(root, request);
    publish();
  }
  const names = () => first.metrics.names().filter((name) => name.startsWith("ai_proxy.vm_memory_bytes"));
  expect(names()).toEqual(["ai_proxy.vm_memory_bytes.worker.0", "ai_proxy.vm_memory_bytes.worker.1"]);
  for (const name of names()) expect(first.metrics.value(name)).toBe(second.root.host.memoryBytes);
  // The VM of a worker that died is replaced: the new one takes over its number.
  for (let second_ = 0; second_ < 12; second_++) first.publish();
  second.wait(11_000);
  const third = await gateway({}, {}, { shared, metrics: first.metrics });
  third.wait(12_000);
  chat(third.root, request);
  third.publish();
  expect(names()).toHaveLength(2);
});

it("counts each attempt for the service that was asked, and the request for the one that answered", async () => {
  const services = [
    { name: "first", cluster: "models" },
    { name: "second", cluster: "second" },
  ];
  const lastResort = { model: "small" };
  const stage = await Stage.open(clusterConfiguration({}, { services, attempts: {}, lastResort }));
  const { metrics } = stage.root.host;
  const count = () =>
    Object.fromEntries(
      metrics
        .names()
        .filter((name) => /attempts_total|retries_total|gen_ai_(requests|errors)_total|active/.test(name))
        .map((name) => [name.replace("ai_proxy.", ""), metrics.value(name)]),
    );
  stage.ask(QUESTION, () => error(503), [OK]);
  stage.pass(1000);
  const labels = "operation.chat.client.openai.model.m";
  expect(count()).toEqual({
    "active_requests.service.first": 0,
    "active_requests.service.second": 0,
    "attempts_total.service.first": 1,
    "attempts_total.service.second": 1,
    "retries_total.service.first.kind.overloaded": 1,
    [`gen_ai_requests_total.service.second.${labels}.status.2xx`]: 1,
  });
  // The last resort asks a copy of the service with another model: it is the same service all the same.
  for (let index = 0; index < 5; index++) stage.ask(QUESTION, () => error(500), ["fail", OK]);
  stage.pass(1000);
  const names = Object.keys(count()).filter((name) => name.startsWith("attempts_total"));
  expect(names).toEqual(["attempts_total.service.first", "attempts_total.service.second"]);
});

it("sets log attributes under the names that ai-statistics has", async () => {
  const { root, wait } = await gateway({ logAttributes: true });
  const { stream } = chat(root, request, {
    respond: () => {
      wait(250);
      return json(whole);
    },
  });
  const property = (name: string) => {
    const bytes = stream.getProperty(name);
    return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
  };
  const log = JSON.parse(JSON.parse(`"${property("ai_log")}"`));
  expect(log).toEqual({
    ai_service: "models",
    model: "gpt-4o",
    api: "chat.completions",
    response_type: "normal",
    input_token: "12",
    output_token: "5",
    total_token: "17",
    cached_tokens: "4",
    reasoning_tokens: "2",
    llm_service_duration: "250",
    ai_attempts: "1",
  });
  for (const [name, value] of Object.entries(log)) expect(property(name)).toBe(value);
});

it("sets the attributes of spans on Higress before the answer has left", async () => {
  const { root } = await gateway({ logAttributes: true }, {}, { kind: "higress" });
  const stream = openStream(root, request);
  stream.responseHeaders({ ":status": "200", "content-type": "application/json" }, false);
  stream.responseBody(JSON.stringify(whole), true);
  const span = (name: string) =>
    new TextDecoder().decode(stream.getProperty(`trace_span_tag.${name}`) ?? new Uint8Array());
  expect(span("gen_ai.request.model")).toBe("gpt-4o");
  expect(span("gen_ai.usage.output_tokens")).toBe("5");
  stream.close();
});

it("writes one line of JSON for each request, without secrets and bodies", async () => {
  const { root, wait } = await gateway({ accessLog: true }, { token: "planted-token" });
  const headers = { authorization: "Bearer planted-key", ":path": "/v1/chat/completions?key=planted-key" };
  const body = { ...request, model: 'gp"t', messages: [{ role: "user", content: "planted-text" }] };
  chat(root, body, {
    request: { headers },
    respond: () => {
      wait(40);
      return json(whole);
    },
  });
  chat(root, body, {
    request: { headers },
    respond: () => json({ error: { message: "planted-text" } }, "503"),
  });
  chat(root, '{"planted-text', { request: { headers } });
  const lines = root.host.messages(LogLevel.Info).filter((line) => line.startsWith("{"));
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { event: "ai_request", service: "models", model: 'gp"t', status: 200, duration_ms: 40, output_tokens: 5 },
    { event: "ai_request", status: 503, error: "overloaded" },
    { event: "ai_request", status: 400, error: "invalid_request", code: "invalid_json" },
  ]);
  expect(lines.join("\n")).not.toContain("planted");
});

it("costs no host call where it is off, and none of a metric while a request runs", async () => {
  const calls = async (observe: object) => {
    const { root } = await gateway(observe);
    for (let index = 0; index < 3; index++) chat(root, request, { respond: () => json(whole) });
    root.host.resetCounters();
    chat(root, request, { respond: () => json(whole) });
    return root.host.counters.byName;
  };
  const off = await calls({ metrics: false });
  const on = await calls({});
  expect(Object.keys(off).filter((name) => /metric|time|log|shared|set_property/.test(name))).toEqual([]);
  const added = Object.entries(on).map(([name, count]) => [name, count - (off[name] ?? 0)]);
  expect(Object.fromEntries(added.filter(([, count]) => count !== 0))).toEqual({
    get_current_time_nanoseconds: 2,
    record_metric: 3,
  });
});
