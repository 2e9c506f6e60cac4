/** The playground in a real browser: it runs the plugin, follows what is typed, and asks nobody else. */
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { buildPage } from "../../tools/playground/build.ts";
import { startChromium } from "../../tools/playground/chromium.ts";
import { EXAMPLES } from "../../tools/playground/examples.ts";
import { type PlaygroundServer, servePlayground } from "../../tools/playground/serve.ts";
import type { GatewayStatus } from "../../tools/playground/status.ts";
import { builtPluginFile } from "../support/built-plugin.ts";

let browser: Browser;
let bare: PlaygroundServer;
let running: PlaygroundServer;
let status: GatewayStatus;
let page: Page;
/** What the browser complained about, and what it asked others for. */
let complaints: string[];

beforeAll(async () => {
  builtPluginFile();
  await buildPage();
  browser = await startChromium();
  bare = await servePlayground(0);
  running = await servePlayground(0, async () => status);
});
afterAll(async () => {
  await browser?.close();
  await bare?.stop();
  await running?.stop();
});

beforeEach(async () => {
  complaints = [];
  await open(bare);
});
afterEach(async () => {
  expect(complaints).toEqual([]);
  await page.close();
});

async function open(
  server: PlaygroundServer,
  options: { colorScheme?: "light" | "dark" } = {},
): Promise<void> {
  await page?.close();
  page = await browser.newPage(options);
  page.on("console", (message) => {
    const isPanel = message.location().url.endsWith("/api/status");
    if (message.type() === "error" && !isPanel) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith(server.url)) complaints.push(`asked for ${request.url()}`);
  });
  await page.goto(server.url);
  await page.locator("html[data-ready]").waitFor();
}

const textOf = (id: string) => page.locator(`#${id}`).innerText();
/** Waits until an element's text fits. */
const expectText = (id: string, pattern: RegExp) =>
  expect.poll(() => textOf(id), { timeout: 5000, message: id }).toMatch(pattern);

describe("the page", () => {
  it("shows the first example as the plugin sends it", async () => {
    expect(await textOf("verdict")).toBe("all is right");
    expect(await textOf("endpoint")).toBe("instance 192.0.2.10:8080");
    await expectText("upstream", /^POST \/v1\/chat\/completions\n.*"model": "qwen-max"/s);
    expect(await textOf("upstream")).not.toContain("sk-of-the-service");
    await expectText("client", /^200\n.*Paris.*\[DONE\]/s);
  });

  it("follows what is typed", async () => {
    await page.fill("#configuration", 'services:\n  - cluster: a\n    modelMapping: {"*": typed}\n');
    await expectText("upstream", /"model": "typed"/);
    await page.fill("#request", '{"model": "x", "messages": [], "changed": true}');
    await expectText("upstream", /"changed": true/);
    await page.fill("#request", "{");
    await expectText("client", /^400\n.*invalid_json/s);
  });

  it("leads from a mistake to its line, with the keyboard alone", async () => {
    await page.fill("#configuration", "services:\n  - cluster: a\n    fromat: openai\n");
    await expectText("verdict", /^1 mistake$/);
    await expectText("problems", /3:5 .*did you mean "format"/);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    const selected = await page.evaluate(() => {
      const field = document.activeElement as HTMLTextAreaElement;
      return [field.id, field.value.slice(field.selectionStart, field.selectionEnd)];
    });
    expect(selected).toEqual(["configuration", "fromat: openai"]);
  });

  it.each(EXAMPLES.map((example, index) => [example.title, index] as const))("runs: %s", async (_, index) => {
    const { isWrong } = EXAMPLES[index] as (typeof EXAMPLES)[number];
    await page.selectOption("#example", String(index));
    await expectText("verdict", isWrong ? /mistakes$/ : /^all is right$/);
    await expectText("result", isWrong ? /^500, made by the plugin$/ : /^200$/);
    if (!isWrong) await expectText("upstream", /^POST /);
  });

  it("chooses among the routes of a WasmPlugin", async () => {
    await page.selectOption("#example", { label: "WasmPlugin of Higress with two routes" });
    await expectText("upstream", /qwen-max/);
    await page.selectOption("#rule", { label: "route gemma" });
    await expectText("upstream", /gemma-3-27b/);
  });
});

describe("the slider", () => {
  it("shows what has left so far, and the rest pale", async () => {
    const whole = await textOf("client");
    const length = Number(await page.locator("#cut").getAttribute("max"));
    for (const at of [0, 1, Math.floor(length / 2), length - 1]) {
      await page.locator("#cut").fill(String(at));
      await expectText("cut-text", new RegExp(`^${at} / `));
      await expect.poll(() => page.locator("#client .later").count()).toBe(1);
      expect((await textOf("client")).replaceAll(/\s/g, "")).toBe(whole.replaceAll(/\s/g, ""));
    }
    await page.locator("#cut").fill(String(length));
    await expect.poll(() => page.locator("#client .later").count()).toBe(0);
  });

  it("cuts the stream off: the client is told so", async () => {
    await page.locator("#cut").fill("300");
    await page.selectOption("#then", "end");
    await expectText("client", /"error"/);
    expect(await textOf("client")).not.toContain("[DONE]");
  });

  it("moves with the arrow keys", async () => {
    await page.locator("#cut").focus();
    await page.keyboard.press("ArrowLeft");
    await expectText("cut-text", /^(\d+) \/ (?!\1 )/);
  });
});

describe("light and dark", () => {
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

  it("follows the system, and what is chosen", async () => {
    await open(bare, { colorScheme: "dark" });
    const dark = await background();
    await page.click("#theme");
    const light = await background();
    expect(light).not.toBe(dark);
    await page.reload();
    await page.locator("html[data-ready]").waitFor();
    expect(await background()).toBe(light);
  });
});

describe("the panel of a running gateway", () => {
  it("is not there without one", async () => {
    expect(await page.locator("#live").isVisible()).toBe(false);
  });

  it("shows instances, their status and traffic, and keeps up", async () => {
    const instance = {
      application: "QWEN-CHAT",
      address: "192.0.2.1:80",
      status: "UP",
      requests: 3,
      failures: 1,
    };
    status = {
      gateway: "http://127.0.0.1:1",
      eureka: "http://127.0.0.1:2/eureka",
      instances: [instance, { ...instance, address: "192.0.2.2:80", status: "DOWN", requests: 0 }],
    };
    await open(running);
    await page.locator("#live").waitFor();
    expect(await textOf("instances")).toMatch(/QWEN-CHAT\s+192\.0\.2\.1:80\s+UP\s+3\s+1/);
    expect(await textOf("live-state")).toBe("1 of 2 UP");
    status = { ...status, instances: [] };
    await expectText("live-state", /^no instances$/);
  });
});
