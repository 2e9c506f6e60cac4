/** Short-lived commands: run to the end, collect what they print. */
import { type ChildProcess, spawn } from "node:child_process";

/** How a command ended; `code` is null when the program could not be started or was killed by a signal. */
export interface CommandResult {
  code: number | null;
  /** Standard output and standard error in the order they came. */
  output: string;
  /** True when there is no such program. */
  missing: boolean;
}

const running = new Set<ChildProcess>();

/** Kills every command that {@link run} waits for; their results then have no code. */
export function killCommands(): void {
  for (const child of running) child.kill("SIGKILL");
}

/** Runs a program without a shell and never throws. `environment` is added to the environment of this process. */
export function run(
  program: string,
  args: string[],
  options: { directory?: string; environment?: NodeJS.ProcessEnv } = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: options.directory,
      env: { ...process.env, ...options.environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(child);
    let output = "";
    const collect = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    const finish = (result: CommandResult) => {
      running.delete(child);
      resolve(result);
    };
    child.on("error", (error: NodeJS.ErrnoException) =>
      finish({ code: null, output: output + error.message, missing: error.code === "ENOENT" }),
    );
    child.on("close", (code) => finish({ code, output, missing: false }));
  });
}

/** The last `count` lines of a text, for error messages. */
export function lastLines(text: string, count = 15): string {
  return text.trimEnd().split("\n").slice(-count).join("\n");
}
