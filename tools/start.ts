/** `npm start`: a gateway to try the plugin with, on this machine, until Ctrl-C. */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Command, InvalidArgumentError } from "commander";
import { parse } from "yaml";
import { killCommands } from "./dev/command.ts";
import { envoyBinary } from "./dev/envoy.ts";
import { startEureka } from "./dev/eureka.ts";
import { type Gateway, startGateway } from "./dev/gateway.ts";
import { startHomeMadeService } from "./dev/home-made-service.ts";
import { startModelService } from "./dev/model-service.ts";
import { builtPlugin } from "./dev/plugin.ts";
import { isFree } from "./dev/ports.ts";
import { register } from "./dev/registration.ts";
import { buildPlayground } from "./playground/build.ts";
import { readGatewayStatus } from "./playground/gateway-status.ts";
import { servePlayground } from "./playground/serve.ts";

interface Options {
  port: number;
  adminPort: number;
  eurekaPort: number;
  playgroundPort: number;
  eureka?: string;
  application?: string;
}

const DEMO_APPLICATION = "DEMO-MODEL";
const DEMO_MODEL = "demo-chat";
/** A service that speaks JSON of its own, and the format that is declared for it. */
const HOME_MADE_APPLICATION = "HOME-MADE";
const HOME_MADE_MODEL = "home-made";
const HOME_MADE_FORMAT = new URL("dev/home-made.yaml", import.meta.url);
const POLL_INTERVAL_MS = 2_000;
const HEARTBEAT_SECONDS = 5;
/** How long the gateway may take to learn the instances from Eureka. */
const DISCOVERY_MS = 10_000;

/** True once everything is being stopped, by a signal or after a failure. */
let stopping = false;

/** Resolves when a signal asks to stop. */
const interrupted = new Promise<void>((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      stopping = true;
      killCommands();
      resolve();
    });
  }
});

/** What runs, with the way to stop it; stopped in reverse order. */
const running: (() => Promise<void>)[] = [];

const program = new Command("npm start --")
  .description(
    "Starts Envoy with the plugin, a Eureka registry and three model services that register in it.",
  )
  .option("--port <port>", "where clients call (0: any free port)", portNumber, 10000)
  .option("--admin-port <port>", "Envoy's admin interface", portNumber, 9901)
  .option("--eureka-port <port>", "the Eureka registry that is started", portNumber, 8761)
  .option("--playground-port <port>", "the playground, a page to try configurations in", portNumber, 10001)
  .option(
    "--eureka <url>",
    "your own Eureka server instead, for example http://eureka:8761/eureka",
    eurekaUrl,
  )
  .option(
    "--application <name>",
    `application to call (default: ${DEMO_APPLICATION}). With --eureka it is one that is registered\n` +
      "there already, and no model services are started",
  )
  .allowExcessArguments(false);

process.exitCode = await main(program.parse().opts<Options>());
process.exit();

/** Runs until a signal comes or something fails; the exit code. */
async function main(options: Options): Promise<number> {
  let code = 0;
  try {
    const gateway = await start(options);
    const ended = await Promise.race([interrupted, gateway.envoy.exited]);
    if (!stopping) throw new Error(`Envoy ended by itself with code ${ended}.`);
    say("\nStopping ...");
  } catch (failure) {
    if (!stopping) {
      code = 1;
      stopping = true;
      console.error(`Error: ${failure instanceof Error ? failure.message : failure}`);
    }
  }
  for (const stop of running.reverse()) await stop();
  return code;
}

async function start(options: Options): Promise<Gateway> {
  await refuseTakenPorts(options);
  await builtPlugin(say);
  await buildPlayground();
  await envoyBinary(say);

  const rows: [string, string, string][] = [];
  let eureka = options.eureka;
  if (eureka === undefined) {
    const registry = await startEureka(options.eurekaPort);
    running.push(registry.stop);
    eureka = registry.url;
  }
  rows.push(["Eureka", `${withoutPassword(eureka)}/apps`, options.eureka ? "yours" : "development registry"]);

  const application = options.application ?? DEMO_APPLICATION;
  const demo = !(options.eureka && options.application);
  if (demo) rows.push(...(await startModels(eureka, application)));

  say("Starting Envoy ...");
  const gateway = await startGateway({
    port: options.port,
    adminPort: options.adminPort,
    eurekaUrls: [eureka],
    pollIntervalMs: POLL_INTERVAL_MS,
    services: demo ? demoServices(application) : [{ application }],
    onLog: (line) => {
      if (!stopping) console.error(line);
    },
  });
  running.push(gateway.stop);
  rows.unshift(["Envoy admin", gateway.envoy.adminUrl, "clusters, statistics, log level"]);
  rows.unshift(["Gateway", gateway.url, `Envoy with the plugin, calls ${application}`]);
  const sources = { gateway: gateway.url, admin: gateway.envoy.adminUrl, eureka };
  const playground = await servePlayground(options.playgroundPort, () => readGatewayStatus(sources));
  running.push(playground.stop);
  rows.splice(1, 0, ["Playground", playground.url, "try configurations; instances and their traffic"]);
  const found = await discovered(gateway, demo);
  if (stopping) return gateway;

  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  say("");
  for (const [what, where, which] of rows) {
    say(`  ${what.padEnd(widths[0] ?? 0)}  ${where.padEnd(widths[1] ?? 0)}  ${which}`);
  }
  if (!found) say(`\nNo instance of ${application} answers yet; see ${withoutPassword(eureka)}/apps.`);
  say(`\nTry it:\n\n${example(gateway.url)}`);
  if (demo) say(`\nThe service that speaks JSON of its own:\n\n${homeMadeExample(gateway.url)}`);
  say("\nCtrl-C stops everything.");
  return gateway;
}

/** The services of the demonstration; the first whose models fit serves. */
function demoServices(application: string): object[] {
  const format: unknown = parse(readFileSync(HOME_MADE_FORMAT, "utf8"));
  return [
    { application: HOME_MADE_APPLICATION, models: [HOME_MADE_MODEL], format },
    { application, modelMapping: { "*": DEMO_MODEL } },
  ];
}

async function startModels(eureka: string, application: string): Promise<[string, string, string][]> {
  const rows: [string, string, string][] = [];
  for (const name of ["model-1", "model-2"]) {
    const service = await startModelService({ name });
    await registerUntilTheEnd(eureka, application, service);
    rows.push(["Model service", service.url, `${name}, registered as ${application}`]);
  }
  const service = await startHomeMadeService({ name: "assistant-1" });
  await registerUntilTheEnd(eureka, HOME_MADE_APPLICATION, service);
  const what = `${service.name}, registered as ${HOME_MADE_APPLICATION}; its format is declared in tools/dev/home-made.yaml`;
  rows.push(["Model service", service.url, what]);
  return rows;
}

async function registerUntilTheEnd(
  eureka: string,
  application: string,
  service: { port: number; stop: () => Promise<void> },
): Promise<void> {
  running.push(service.stop);
  const registration = await register({
    eurekaUrl: eureka,
    application,
    port: service.port,
    heartbeatSeconds: HEARTBEAT_SECONDS,
  }).catch((failure) => {
    throw new Error(`Eureka at ${withoutPassword(eureka)} takes no registration: ${failure.message}`);
  });
  running.push(registration.deregister);
}

/** A taken port is found before anything slow is done. */
async function refuseTakenPorts(options: Options): Promise<void> {
  const wanted: [number, string][] = [
    [options.port, "--port"],
    [options.adminPort, "--admin-port"],
    [options.playgroundPort, "--playground-port"],
  ];
  if (!options.eureka) wanted.push([options.eurekaPort, "--eureka-port"]);
  for (const [port, option] of wanted) {
    if (port !== 0 && !(await isFree(port))) {
      throw new Error(`Port ${port} is taken. Choose another one with ${option}.`);
    }
  }
}

/**
 * Whether the gateway reaches an instance within {@link DISCOVERY_MS}. Where the configuration names models, their list
 * tells nothing of instances, so one is asked for a vector.
 */
async function discovered(gateway: Gateway, demo: boolean): Promise<boolean> {
  const deadline = Date.now() + DISCOVERY_MS;
  const body = JSON.stringify({ model: DEMO_MODEL, input: "Hello" });
  const question = { method: "POST", headers: { "content-type": "application/json" }, body };
  while (!stopping && Date.now() < deadline) {
    const reply = await (demo
      ? fetch(`${gateway.url}/v1/embeddings`, question)
      : fetch(`${gateway.url}/v1/models`));
    await reply.arrayBuffer();
    if (reply.status !== 503) return true;
    await sleep(100);
  }
  return false;
}

function example(url: string): string {
  return curl(`${url}/v1/chat/completions`, { model: "gpt-4o", stream: true });
}

/** Asked in Anthropic's language, for a change. */
function homeMadeExample(url: string): string {
  return curl(`${url}/v1/messages`, { model: HOME_MADE_MODEL, max_tokens: 100 });
}

function curl(url: string, settings: object): string {
  const question = { ...settings, messages: [{ role: "user", content: "Hello" }] };
  const body = JSON.stringify(question).replaceAll(/([:,])(?=["{[\dtf])/g, "$1 ");
  return `  curl ${url} -H 'content-type: application/json' \\\n    -d '${body}'`;
}

function withoutPassword(text: string): string {
  const url = new URL(text);
  url.password = "";
  url.username = "";
  return url.href.replace(/\/$/, "");
}

function say(line: string): void {
  console.log(line);
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new InvalidArgumentError("Not a port.");
  return port;
}

function eurekaUrl(text: string): string {
  const url = URL.parse(text);
  if (!url || !["http:", "https:"].includes(url.protocol))
    throw new InvalidArgumentError("Not an http(s) URL.");
  return url.href.replace(/\/$/, "");
}
