/** Makes the pictures of the playground in docs/images: `npm run pictures`. */
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { buildPlayground } from "./build.ts";
import { startChromium } from "./chromium.ts";
import { servePlayground } from "./serve.ts";
import type { GatewayStatus } from "./status.ts";

const IMAGES = fileURLToPath(new URL("../../docs/images/", import.meta.url));

/** What a gateway says in the picture of it. */
const STATUS: GatewayStatus = {
  gateway: "http://127.0.0.1:10000",
  eureka: "http://127.0.0.1:8761/eureka",
  instances: [
    { application: "QWEN-CHAT", address: "192.0.2.11:8080", status: "UP", requests: 412, failures: 0 },
    { application: "QWEN-CHAT", address: "192.0.2.12:8080", status: "UP", requests: 409, failures: 3 },
    {
      application: "QWEN-CHAT",
      address: "192.0.2.13:8080",
      status: "OUT_OF_SERVICE",
      requests: 0,
      failures: 0,
    },
    { application: "GEMMA-CHAT", address: "192.0.2.21:9000", status: "UP", requests: 87, failures: 0 },
  ],
};

async function open(browser: Browser, url: string, colorScheme: "light" | "dark"): Promise<Page> {
  const page = await browser.newPage({
    viewport: { width: 1440, height: 1100 },
    colorScheme,
    reducedMotion: "reduce",
  });
  await page.goto(url);
  await page.locator("html[data-ready]").waitFor();
  return page;
}

/** The output settles a moment after a change. */
const SETTLED_MS = 400;

await buildPlayground();
await mkdir(IMAGES, { recursive: true });
const browser = await startChromium();
const bare = await servePlayground(0);
const running = await servePlayground(0, async () => STATUS);
try {
  const light = await open(browser, bare.url, "light");
  await light.selectOption("#example", "1");
  await light.locator("#cut").fill("900");
  await light.waitForTimeout(SETTLED_MS);
  await light.evaluate(() => {
    document.querySelector("#client .mark")?.scrollIntoView({ block: "center" });
    window.scrollTo(0, 0);
  });
  await light.screenshot({ path: `${IMAGES}playground-light.png` });

  const dark = await open(browser, running.url, "dark");
  await dark.selectOption("#example", "2");
  await dark.waitForTimeout(SETTLED_MS);
  await dark.screenshot({ path: `${IMAGES}playground-dark.png`, fullPage: true });

  const wrong = await open(browser, bare.url, "light");
  await wrong.setViewportSize({ width: 1440, height: 720 });
  await wrong.selectOption("#example", "5");
  await wrong.waitForTimeout(SETTLED_MS);
  await wrong.screenshot({ path: `${IMAGES}playground-mistakes.png` });
} finally {
  await browser.close();
  await bare.stop();
  await running.stop();
}
