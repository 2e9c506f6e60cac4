/** `start`: the gateway of `npm start`, with its options. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";

const SCRIPT = fileURLToPath(new URL("../start.ts", import.meta.url));

export function addStart(program: Command): void {
  program
    .command("start")
    .summary("Starts a gateway to try the plugin with")
    .description(
      "Starts Envoy with the plugin, a Eureka registry and two model services; `start --help` tells more.",
    )
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .argument("[options...]", "options of the gateway")
    .action(async (parameters: string[]) => {
      const child = spawn(process.execPath, ["--import", import.meta.resolve("tsx"), SCRIPT, ...parameters], {
        stdio: "inherit",
      });
      // The terminal signals both processes; this one waits until the gateway has stopped its services.
      for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
        process.on(signal, () => {
          if (signal !== "SIGINT") child.kill(signal);
        });
      }
      process.exitCode = await new Promise<number>((resolve) =>
        child.on("close", (code) => resolve(code ?? 1)),
      );
    });
}
