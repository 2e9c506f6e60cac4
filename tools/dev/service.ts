/** Long-lived child processes (Envoy, a Eureka server): start, wait until ready, stop, leave nothing behind. */
import { type ChildProcess, spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { lastLines } from "./command.ts";

/** What to start. */
export interface ServiceOptions {
  /** What error texts call it. */
  name: string;
  program: string;
  args: string[];
  environment?: NodeJS.ProcessEnv;
  /** Removed when the service has ended, however it ended. */
  temporaryDirectory?: string;
  /** Answers true once the service can be used; asked every 50 ms. An exception counts as "not yet". */
  ready: () => Promise<boolean>;
  /** Milliseconds to wait for `ready`; default 30000. */
  readyTimeoutMs?: number;
  /** Gets each line that the service prints. */
  onLog?: (line: string) => void;
}

/** A running child process. */
export interface Service {
  pid: number;
  /** The newest lines the service printed (at most {@link KEPT_LINES}). */
  logs: string[];
  /** Resolves when the process has ended, with its exit code (null: by a signal). */
  exited: Promise<number | null>;
  /** SIGTERM, SIGKILL after 5 s; removes the temporary directory. May be called more than once. */
  stop: () => Promise<void>;
  /** SIGKILL, as when a machine is lost. */
  kill: () => Promise<void>;
}

const KEPT_LINES = 20_000;
const STOP_GRACE_MS = 5_000;
const READY_POLL_MS = 50;

/**
 * Starts a service and resolves when it is ready. Rejects, with the last lines of its log, when it ends
 * before that or takes too long.
 *
 * The child has a process group of its own, so that Ctrl-C in a terminal reaches only this process, which
 * then stops its services in order. Should this process die without doing so (even by SIGKILL), a watchdog
 * notices its closed pipe, kills the child and removes the temporary directory.
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  const child = spawn(options.program, options.args, {
    env: { ...process.env, ...options.environment },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const logs: string[] = [];
  const record = (line: string) => {
    if (logs.length >= KEPT_LINES) logs.shift();
    logs.push(line);
    options.onLog?.(line);
  };
  eachLine(child.stdout, record);
  eachLine(child.stderr, record);

  let ended = false;
  let startFailure = "";
  const watchdog = guard(child, options.temporaryDirectory);
  const exited = new Promise<number | null>((resolve) => {
    child.once("error", (error) => {
      startFailure = error.message;
      resolve(null);
    });
    child.once("close", (code) => resolve(code));
  }).then(async (code) => {
    ended = true;
    watchdog?.kill("SIGKILL");
    if (options.temporaryDirectory) await rm(options.temporaryDirectory, { recursive: true, force: true });
    return code;
  });

  const kill = async () => {
    if (!ended) child.kill("SIGKILL");
    await exited;
  };
  const stop = async () => {
    if (!ended) child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_GRACE_MS);
    await exited;
    clearTimeout(timer);
  };

  const deadline = Date.now() + (options.readyTimeoutMs ?? 30_000);
  while (!(await options.ready().catch(() => false))) {
    if (!ended && Date.now() < deadline) {
      await sleep(READY_POLL_MS);
      continue;
    }
    const what = ended ? `ended with code ${await exited} before it was ready` : "did not get ready in time";
    await kill();
    throw new Error(`${options.name} ${what}:\n${startFailure || lastLines(logs.join("\n"), 30)}`);
  }
  if (child.pid === undefined) throw new Error(`${options.name} did not start: ${startFailure}`);
  return { pid: child.pid, logs, exited, stop, kill };
}

/** A shell that waits for this process to be gone and then ends the child. */
function guard(child: ChildProcess, directory: string | undefined): ChildProcess | undefined {
  if (child.pid === undefined) return undefined;
  const script = 'cat >/dev/null; kill -KILL "$1" 2>/dev/null; [ -z "$2" ] || rm -rf "$2"';
  const watchdog = spawn("/bin/sh", ["-c", script, "watchdog", String(child.pid), directory ?? ""], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  watchdog.on("error", () => {});
  watchdog.unref();
  return watchdog;
}

function eachLine(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  });
  stream.on("end", () => {
    if (rest) onLine(rest);
  });
}
