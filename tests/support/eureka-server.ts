/**
 * A real Eureka server (Netflix's eureka-core 2.0.4 in Jetty) for tests, built from tests/e2e/eureka-server.
 * Needs Java 17 with javac, and Maven.
 */
import { createHash } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cached } from "../../tools/dev/cache.ts";
import { type CommandResult, lastLines, run } from "../../tools/dev/command.ts";
import { freePort } from "../../tools/dev/ports.ts";
import { type Service, startService } from "../../tools/dev/service.ts";

const SOURCES = fileURLToPath(new URL("../e2e/eureka-server/", import.meta.url));
const MAIN_CLASS = "EurekaServer";

/** One collector thread, the quick compiler, little heap, no files left in the temporary directory. */
const JVM_FLAGS = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx96m", "-XX:-UsePerfData"];

/** A server that shows each write at once and forgets silent instances within a second. */
const PROPERTIES: Record<string, string> = {
  "org.slf4j.simpleLogger.defaultLogLevel": "warn",
  "eureka.name": "eureka",
  "eureka.vipAddress": "eureka.local",
  "eureka.registration.enabled": "false",
  "eureka.shouldFetchRegistry": "false",
  "eureka.numberRegistrySyncRetries": "0",
  "eureka.waitTimeInMsWhenSyncEmpty": "0",
  "eureka.shouldUseReadOnlyResponseCache": "false",
  "eureka.enableSelfPreservation": "false",
  "eureka.evictionIntervalTimerInMs": "1000",
  "eureka.shouldUseAwsAsgApi": "false",
};

/** How to start a server. */
export interface EurekaServerOptions {
  /** Port on 127.0.0.1; default: a free one. */
  port?: number;
  /** Ports of peers on 127.0.0.1 to replicate to. */
  peerPorts?: number[];
  /** `user:password` to ask for by HTTP basic authentication; default: none. */
  credentials?: string;
  /** Further system properties of Netflix's server, `eureka.*`. */
  properties?: Record<string, string>;
}

/** A running server. */
export interface EurekaServer extends Service {
  port: number;
  /** Where its REST interface begins, for example `http://127.0.0.1:8761/eureka`. */
  url: string;
}

/** Builds the server if needed (cached outside the checkout), starts it and waits until it answers. */
export async function startEurekaServer(options: EurekaServerOptions = {}): Promise<EurekaServer> {
  const directory = await buildEurekaServer();
  return launch(directory, options, [`-XX:SharedArchiveFile=${await classArchive(directory)}`]);
}

/** Two servers that replicate to each other (a write is seen on the other after about half a second). */
export async function startEurekaPeers(): Promise<[EurekaServer, EurekaServer]> {
  const first = await freePort();
  const second = await freePort();
  return Promise.all([
    startEurekaServer({ port: first, peerPorts: [second] }),
    startEurekaServer({ port: second, peerPorts: [first] }),
  ]);
}

/** Fetches the libraries and compiles the server. Resolves with the directory that holds both. */
export async function buildEurekaServer(): Promise<string> {
  const pom = join(SOURCES, "pom.xml");
  const source = join(SOURCES, `${MAIN_CLASS}.java`);
  const hash = createHash("sha256")
    .update(await readFile(pom))
    .update(await readFile(source))
    .digest("hex");
  return cached(`eureka-server-${hash.slice(0, 12)}`, async (draft) => {
    const copy = ["dependency:copy-dependencies", "-DincludeScope=runtime"];
    const fetched = await maven(["-f", pom, ...copy, `-DoutputDirectory=${join(draft, "lib")}`]);
    expectSuccess("mvn", fetched);
    const classes = join(draft, "classes");
    expectSuccess("javac", await run("javac", ["-d", classes, "-cp", join(draft, "lib", "*"), source]));
    const jar = ["--create", "--file", join(draft, "server.jar"), "-C", classes, "."];
    expectSuccess("jar", await run("jar", jar));
    await rm(classes, { recursive: true });
  });
}

/** Maven, tried three times: a registry that answers 5xx or cuts the connection is not this project's error. */
async function maven(args: string[]): Promise<CommandResult> {
  let result = await run("mvn", ["--quiet", "--batch-mode", ...args]);
  for (let retry = 0; retry < 2 && !result.missing && result.code !== 0; retry++) {
    result = await run("mvn", ["--quiet", "--batch-mode", "-U", ...args]);
  }
  return result;
}

function expectSuccess(program: string, result: CommandResult): void {
  if (result.missing) {
    throw new Error(
      `${program} is missing; the tests against a real Eureka server need a Java 17 JDK and Maven ` +
        "(Debian: apt-get install openjdk-17-jdk-headless maven).",
    );
  }
  if (result.code !== 0) {
    throw new Error(`${program} failed while building the Eureka server:\n${lastLines(result.output, 30)}`);
  }
}

/** The loaded classes of one run, in a file that later starts map: ready in half the time. */
async function classArchive(directory: string): Promise<string> {
  const archive = await cached(`${directory.split("/").at(-1)}-classes`, async (draft) => {
    const server = await launch(directory, {}, [`-XX:ArchiveClassesAtExit=${join(draft, "classes.jsa")}`]);
    await server.stop();
  });
  return join(archive, "classes.jsa");
}

async function launch(
  directory: string,
  options: EurekaServerOptions,
  flags: string[],
): Promise<EurekaServer> {
  const port = options.port ?? (await freePort());
  const libraries = (await readdir(join(directory, "lib")))
    .sort()
    .map((name) => join(directory, "lib", name));
  const properties: Record<string, string> = {
    ...PROPERTIES,
    ...options.properties,
    "server.port": String(port),
    "server.peers": (options.peerPorts ?? []).map((peer) => `http://127.0.0.1:${peer}/eureka/`).join(","),
    "server.credentials": options.credentials ?? "",
  };
  const definitions = Object.entries(properties).map(([name, value]) => `-D${name}=${value}`);
  const url = `http://127.0.0.1:${port}/eureka`;
  const headers: Record<string, string> = { accept: "application/json" };
  if (options.credentials) {
    headers.authorization = `Basic ${Buffer.from(options.credentials).toString("base64")}`;
  }
  const service = await startService({
    name: "Eureka server",
    program: "java",
    args: [
      ...JVM_FLAGS,
      ...flags,
      ...definitions,
      "-cp",
      [join(directory, "server.jar"), ...libraries].join(":"),
      MAIN_CLASS,
    ],
    // 403 is a server that waits for its peers: it answers, and takes registrations.
    ready: async () => [200, 403].includes((await fetch(`${url}/apps`, { headers })).status),
    readyTimeoutMs: 60_000,
  });
  return { ...service, port, url };
}
