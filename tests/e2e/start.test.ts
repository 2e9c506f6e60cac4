/** `npm start` as a person uses it: what it prints, that the gateway works, and that nothing is left behind. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { freePort } from "../../tools/dev/ports.ts";
import type { GatewayStatus } from "../../tools/playground/status.ts";
import { startEurekaServer } from "../support/eureka-server.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** In the environment of everything that a run starts, so that what is left of it can be found. */
const MARKER = "EUREKA_AI_PROXY_TEST_RUN";
const READY = "Ctrl-C stops everything.";

interface Run {
  child: ChildProcess;
  /** What was printed so far. */
  output: () => string;
  exited: Promise<number | null>;
}

let temporary: string;
let mark: string;
let run: Run;

beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), "npm-start-test-"));
  mark = randomUUID();
});

afterEach(async () => {
  for (const pid of await leftovers()) process.kill(pid, "SIGKILL");
  await rm(temporary, { recursive: true, force: true });
});

test("the printed example works, and Ctrl-C stops everything", async () => {
  await start();
  expect(await stream(run.output())).toMatch(/^This is model-[12] as demo-chat\. You said: Hello$/);
  interrupt();
  await run.exited;
  expect(await leftovers()).toEqual([]);
  expect(await ownFiles()).toEqual([]);
});

test("the service with a declared format answers the printed example, in Anthropic's language", async () => {
  await start();
  const [, url, body] = /curl (\S+\/v1\/messages) .*\n *-d '(.*)'/.exec(run.output()) ?? [];
  const headers = { "content-type": "application/json" };
  const reply = await fetch(url ?? "", { method: "POST", headers, body: body ?? "" });
  const { type, content, stop_reason } = (await reply.json()) as Record<string, unknown>;
  expect({ type, content, stop_reason }).toEqual({
    type: "message",
    content: [{ type: "text", text: "This is assistant-1. You asked: Hello" }],
    stop_reason: "end_turn",
  });
});

test("requests are spread over both model services", async () => {
  await start();
  const answers = new Set<string>();
  for (let index = 0; index < 4; index++) answers.add(await stream(run.output()));
  expect(answers.size).toBe(2);
});

test("the playground shows the instances and their traffic", async () => {
  await start();
  await stream(run.output());
  const [, playground] = /Playground +(\S+)/.exec(run.output()) ?? [];
  expect(await (await fetch(`${playground}/`)).text()).toContain("<title>eureka-ai-proxy");
  const status = (await (await fetch(`${playground}/api/status`)).json()) as GatewayStatus;
  expect(status.instances.map(({ application, status }) => `${application} ${status}`)).toEqual([
    "DEMO-MODEL UP",
    "DEMO-MODEL UP",
    "HOME-MADE UP",
  ]);
  expect(status.instances.reduce((sum, { requests }) => sum + requests, 0)).toBeGreaterThan(0);
});

test("SIGTERM to npm stops everything", async () => {
  await start();
  run.child.kill("SIGTERM");
  await run.exited;
  await expect.poll(leftovers, { timeout: 5_000 }).toEqual([]);
  expect(await ownFiles()).toEqual([]);
});

test("even SIGKILL leaves nothing behind", async () => {
  await start();
  process.kill(-(run.child.pid ?? 0), "SIGKILL");
  await expect.poll(leftovers, { timeout: 5_000 }).toEqual([]);
  await expect.poll(ownFiles, { timeout: 5_000 }).toEqual([]);
});

test("services register in a Eureka server of one's own and are gone from it afterwards", async () => {
  const eureka = await startEurekaServer();
  const registered = async () => {
    const reply = await fetch(`${eureka.url}/apps`, { headers: { accept: "application/json" } });
    const { applications } = (await reply.json()) as { applications: { application: { name: string }[] } };
    return applications.application.map(({ name }) => name);
  };
  try {
    await start("--eureka", eureka.url);
    expect((await registered()).sort()).toEqual(["DEMO-MODEL", "HOME-MADE"]);
    expect(await stream(run.output())).toMatch(/^This is model-/);
    interrupt();
    await run.exited;
    expect(await registered()).toEqual([]);
  } finally {
    await eureka.stop();
  }
});

test("a taken port is one clear line", async () => {
  const eureka = await startEurekaServer();
  try {
    launch("--eureka-port", String(eureka.port));
    expect(await run.exited).toBe(1);
    expect(run.output()).toContain(
      `Error: Port ${eureka.port} is taken. Choose another one with --eureka-port.\n`,
    );
    expect(run.output()).not.toContain("    at ");
  } finally {
    await eureka.stop();
  }
});

test("a Eureka server that is not there is one clear line", async () => {
  const url = `http://127.0.0.1:${await freePort()}/eureka`;
  launch("--eureka", url);
  expect(await run.exited).toBe(1);
  expect(run.output()).toContain(`Error: Eureka at ${url} takes no registration: `);
  expect(await leftovers()).toEqual([]);
});

/** Runs `npm start` on free ports in a process group of its own, as a terminal does. */
function launch(...options: string[]): void {
  const ports = ["--port", "0", "--admin-port", "0", "--eureka-port", "0", "--playground-port", "0"];
  const child = spawn("npm", ["start", "--", ...ports, ...options], {
    cwd: ROOT,
    env: { ...process.env, TMPDIR: temporary, [MARKER]: mark },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let text = "";
  for (const pipe of [child.stdout, child.stderr]) {
    pipe.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
  }
  const exited = new Promise<number | null>((resolve) => child.once("close", resolve));
  run = { child, output: () => text, exited };
}

async function start(...options: string[]): Promise<void> {
  launch(...options);
  let ended = false;
  void run.exited.then(() => {
    ended = true;
  });
  const deadline = Date.now() + 45_000;
  while (!run.output().includes(READY)) {
    if (ended || Date.now() > deadline) throw new Error(`npm start did not get ready:\n${run.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function interrupt(): void {
  process.kill(-(run.child.pid ?? 0), "SIGINT");
}

/** Sends the request of the printed curl command; the streamed text. */
async function stream(output: string): Promise<string> {
  const url = /curl (\S+)/.exec(output)?.[1] ?? "";
  const body = /-d '(.*)'/.exec(output)?.[1] ?? "";
  const reply = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
  const events = (await reply.text()).split("\n").filter((line) => line.startsWith("data: {"));
  return events.map((line) => JSON.parse(line.slice(6)).choices[0]?.delta.content ?? "").join("");
}

/** Processes of this run that are still there. */
async function leftovers(): Promise<number[]> {
  const pids = (await readdir("/proc")).map(Number).filter(Boolean);
  const found: number[] = [];
  for (const pid of pids) {
    const environment = await readFile(`/proc/${pid}/environ`, "latin1").catch(() => "");
    if (environment.includes(`${MARKER}=${mark}`)) found.push(pid);
  }
  return found;
}

/** Files of this run that are still there; what npm and tsx keep in the temporary directory is theirs. */
async function ownFiles(): Promise<string[]> {
  return (await readdir(temporary)).filter((name) => name.startsWith("eureka-ai-proxy"));
}
