/**
 * What operators see of requests on a real Envoy with two workers: the Prometheus scrape with labels, the dashboard's
 * queries held against it, log attributes in Envoy's access log, and the plugin's own lines.
 */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { STATS_TAGS } from "../../tools/dev/envoy-config.ts";
import { missing, parseScrape, type Scrape } from "../support/promql.ts";
import { post, type Stage, startStage } from "./harness.ts";

const DOCS = new URL("../../docs/", import.meta.url);
const text = (name: string) => readFile(fileURLToPath(new URL(name, DOCS)), "utf8");
const chat = { model: "gpt-4o", messages: [{ role: "user", content: "planted-text" }] };
const CHAT = { service: "QWEN-CHAT", operation: "chat" };
const PATH = "/v1/chat/completions";

let stage: Stage;
const lines: string[] = [];

async function scrape(): Promise<Scrape> {
  return parseScrape(await (await fetch(`${stage.gateway.envoy.adminUrl}/stats/prometheus`)).text());
}

const sum = (series: Scrape, name: string, labels: Record<string, string>) =>
  (series.get(`ai_proxy_${name}`) ?? [])
    .filter((one) => Object.entries(labels).every(([label, value]) => one.labels[label] === value))
    .reduce((total, { value }) => total + value, 0);

beforeAll(async () => {
  stage = await startStage({
    concurrency: 2,
    logLevel: "info",
    onLog: (line) => void lines.push(line),
    accessLog:
      'ACCESS %RESPONSE_CODE% model=%FILTER_STATE(wasm.model:PLAIN)% out=%FILTER_STATE(wasm.output_token:PLAIN)% {"ai_log":"%FILTER_STATE(wasm.ai_log:PLAIN)%"}',
    services: [
      { name: "as-anthropic", application: "QWEN-CHAT", format: "anthropic", models: ["claude-*"] },
      { application: "QWEN-CHAT", token: "planted-token", limits: { concurrent: 100 } },
    ],
    settings: { observe: { logAttributes: true, accessLog: true } },
  });
});
afterAll(() => stage.stop());

describe("after some traffic", () => {
  beforeAll(async () => {
    for (let index = 0; index < 6; index++) await (await post(stage.gateway, PATH, chat)).text();
    for (let index = 0; index < 3; index++) {
      const body = { ...chat, stream: true, stream_options: { include_usage: true } };
      await (await post(stage.gateway, PATH, body)).text();
    }
    await (await post(stage.gateway, PATH, "{")).text();
    // The service does not speak Anthropic: 404, and top_k is left out on the way.
    await (await post(stage.gateway, PATH, { ...chat, model: "claude-x", seed: 7, max_tokens: 5 })).text();
    for (const { service } of stage.instances) service.behaviour = { status: 500 };
    await (await post(stage.gateway, PATH, chat, { authorization: "Bearer planted-key" })).text();
    for (const { service } of stage.instances) service.behaviour = { eventDelayMs: 300 };
    const abort = new AbortController();
    const reply = await fetch(stage.gateway.url + PATH, {
      method: "POST",
      body: JSON.stringify({ ...chat, stream: true }),
      headers: { "content-type": "application/json" },
      signal: abort.signal,
    });
    await reply.body?.getReader().read();
    abort.abort();
    stage.reset();
  });

  test("requests, errors, tokens and times have labels and add up over the workers", async () => {
    const requests = (series: Scrape) => sum(series, "gen_ai_requests_total", CHAT);
    await expect.poll(async () => requests(await scrape()), { timeout: 5000 }).toBe(11);
    // Envoy adds up histograms every five seconds.
    const durations = async () => sum(await scrape(), "gen_ai_client_operation_duration_ms_count", CHAT);
    await expect.poll(durations, { timeout: 8000 }).toBe(11);
    const series = await scrape();
    const model = { ...CHAT, client: "openai", model: "gpt-4o" };
    expect(sum(series, "gen_ai_requests_total", { ...model, status: "2xx" })).toBe(10);
    // A worker that had no good answer yet calls the model "other".
    expect(sum(series, "gen_ai_errors_total", { ...CHAT, kind: "internal" })).toBe(1);
    expect(sum(series, "gen_ai_errors_total", { ...CHAT, kind: "client_closed" })).toBe(1);
    expect(sum(series, "gen_ai_errors_total", { service: "none", kind: "invalid_request" })).toBe(1);
    expect(sum(series, "gen_ai_errors_total", { service: "as-anthropic", kind: "not_found" })).toBe(1);
    expect(sum(series, "gen_ai_server_time_to_first_token_ms_count", model)).toBeGreaterThanOrEqual(3);
    expect(sum(series, "gen_ai_server_time_per_output_token_us_count", model)).toBe(3);
    expect(sum(series, "gen_ai_tokens_total", { ...model, token_type: "input" })).toBeGreaterThan(0);
    expect(sum(series, "dropped_parameters_total", { service: "as-anthropic" })).toBe(1);
    expect(sum(series, "attempts_total", { service: "QWEN-CHAT" })).toBeGreaterThanOrEqual(11);
    expect(sum(series, "active_requests", {})).toBe(0);
    // Those that have got a request.
    const workers = series.get("ai_proxy_vm_memory_bytes")?.map(({ labels }) => labels.worker) ?? [];
    expect(["0", "0,1"]).toContain(workers.sort().join());
    // Nothing of the names has stayed without a label.
    const left = [...series.keys()].filter((name) =>
      /ai_proxy_.*_(service|model|instance|worker)_/.test(name),
    );
    expect(left).toEqual([]);
  });

  test("every query of the dashboard finds its metrics and labels", async () => {
    interface Dashboard {
      panels: { title: string; targets: { expr: string }[] }[];
      templating: { list: { name: string; query: string }[] };
    }
    const dashboard: Dashboard = JSON.parse(await text("grafana/dashboard.json"));
    const series = await scrape();
    // What is counted only when it happens, and does not happen here.
    for (const name of ["retries_total", "limited_requests_total"]) {
      if (!series.has(`ai_proxy_${name}`)) {
        series.set(`ai_proxy_${name}`, [{ labels: { service: "", kind: "" }, value: 0 }]);
      }
    }
    const wrong = dashboard.panels.flatMap(({ title, targets }) =>
      targets.flatMap(({ expr }) => missing(expr, series).map((what) => `${title}: ${what}`)),
    );
    expect(wrong).toEqual([]);
    expect(dashboard.panels.flatMap(({ targets }) => targets).length).toBeGreaterThan(15);
    const variable = dashboard.templating.list.find(({ name }) => name === "service");
    const [, metric = "", label = ""] = /^label_values\((\w+), (\w+)\)$/.exec(variable?.query ?? "") ?? [];
    expect(missing(`sum by (${label}) (${metric})`, series)).toEqual([]);
  });

  test("log attributes stand in Envoy's access log, also where the client left", async () => {
    const accessLines = () => lines.filter((line) => line.includes("ACCESS"));
    await expect.poll(() => accessLines().length).toBeGreaterThanOrEqual(13);
    const access = accessLines();
    const whole = access.find((line) => line.includes("ACCESS 200 model=gpt-4o"));
    expect(whole).toMatch(/model=gpt-4o out=\d+ /);
    const logged = JSON.parse(JSON.parse(whole?.slice(whole.indexOf("{")) ?? "").ai_log);
    expect(logged).toMatchObject({ model: "gpt-4o", response_type: "normal", ai_service: "QWEN-CHAT" });
    expect(Number(logged.llm_service_duration)).toBeGreaterThanOrEqual(0);
    expect(access.some((line) => line.includes("client_closed"))).toBe(true);
  });

  test("the plugin's own lines say it, too, and nothing says a secret", () => {
    const own = lines
      .filter((line) => line.includes('{"event":"ai_request"'))
      .map((line) => JSON.parse(line.slice(line.indexOf("{"), line.lastIndexOf("}") + 1)));
    expect(own.length).toBeGreaterThanOrEqual(13);
    expect(own.some(({ stream, output_tokens }) => stream && output_tokens > 0)).toBe(true);
    expect(own.some(({ dropped_params }) => dropped_params === "seed")).toBe(true);
    expect(lines.join("\n")).not.toContain("planted");
  });
});

test("the tags in the documentation are those that are tested", async () => {
  const envoy = parse(await text("eureka/envoy.yaml"));
  expect(envoy.stats_config.stats_tags).toEqual(STATS_TAGS);
  const blocks = [...(await text("observability.md")).matchAll(/```yaml\n(.*?)```/gs)];
  expect(parse(blocks[0]?.[1] ?? "").stats_config.stats_tags).toEqual(STATS_TAGS);
});
