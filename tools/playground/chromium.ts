/** A headless Chromium of this machine (Debian's package chromium), for the playground's tests and pictures. */
import { type Browser, chromium } from "playwright-core";
import { exists } from "../dev/cache.ts";

/** Nothing that a browser does by itself, and nothing that a container may not do. */
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts it. Rejects with what to install where there is none. */
export async function startChromium(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_BIN ?? "/usr/bin/chromium";
  if (!(await exists(executablePath))) {
    throw new Error(`There is no ${executablePath}: apt-get install chromium, or set CHROMIUM_BIN.`);
  }
  return chromium.launch({ executablePath, args: FLAGS });
}
