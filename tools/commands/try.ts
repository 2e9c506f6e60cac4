/** `try CONFIG`: one request through the plugin, and perhaps its answer, with nothing real around it. */
import { extname } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { type Found, readContents } from "../check/file.ts";
import { type Outcome, type Side, type TrialAnswer, tryExchange } from "../try/exchange.ts";
import { Exit, UserError } from "./exit.ts";
import { loadPlugin, readUserFile } from "./files.ts";

interface Options {
  service?: string;
  request: string;
  path: string;
  header: Record<string, string>;
  route?: string;
  domain?: string;
  cluster?: string;
  response?: string;
  stream?: string;
  status: number;
  json?: boolean;
  plugin?: string;
}

/** Media types of streams by the file's extension; anything else is a stream of server-sent events. */
const STREAM_TYPES: Record<string, string> = {
  ".ndjson": "application/x-ndjson",
  ".jsonl": "application/x-ndjson",
  ".json": "application/json",
  ".eventstream": "application/vnd.amazon.eventstream",
};

export function addTry(program: Command): void {
  program
    .command("try")
    .summary("Shows what the plugin makes of a request and an answer")
    .description(
      "Shows what the plugin makes of a request, and of an answer to it. Nothing is called: every application in\n" +
        "Eureka has one instance, and the answer comes from a file. Secrets are not shown.",
    )
    .argument("<config>", "configuration, as for validate")
    .requiredOption("--request <file>", "body of the client's request; - is standard input")
    .option("--service <name>", "the service that serves (default: the one that the model chooses)")
    .option("--path <path>", "path that the client calls", "/v1/chat/completions")
    .option("--header <name:value>", "a header of the client; may be given more than once", header, {})
    .option("--route <name>", "name of the route, for rules with ingress")
    .option("--domain <host>", "host that the client calls, for rules with domain")
    .option("--cluster <name>", "the route's cluster, for rules with service: outbound|80||llm.dns")
    .option("--response <file>", "the service's answer")
    .option("--stream <file>", "the service's answer as a stream: .sse, .ndjson, .json, .eventstream")
    .option("--status <code>", "status of the service's answer", status, 200)
    .option("--json", "print the result as JSON")
    .option("--plugin <wasm>", "plugin to try with (default: the one built from the sources)")
    .addHelpText(
      "after",
      "\nExample:\n  eureka-ai-proxy try plugin-config.yaml --route qwen --request client.json --stream upstream.sse\n\n" +
        "Exit codes: 0 the request was served, 1 it was refused or broke off, 2 it could not be tried.",
    )
    .action(async (config: string, options: Options) => {
      if (options.response && options.stream) throw new UserError("give --response or --stream, not both");
      const found = chosen(config, readContents((await readUserFile(config)).toString()));
      const outcome = await tryExchange(await loadPlugin(options.plugin), {
        configuration: found.configuration ?? {},
        host: hostOf(found),
        service: options.service,
        path: options.path,
        headers: options.header,
        body: await readUserFile(options.request),
        route: options.route,
        authority: options.domain,
        cluster: options.cluster,
        answer: await answerOf(options),
      }).catch((error: Error) => {
        throw new UserError(error.message);
      });
      if (options.json) console.log(JSON.stringify(outcome, null, 2));
      else print(outcome);
      if (outcome.isRefused || outcome.isTorn) process.exitCode = Exit.Wrong;
    });
}

/** A bare configuration is taken for Higress's unless it says what only plain Envoy needs to be told. */
function hostOf({ host, configuration }: Found): "higress" | "envoy" {
  if (host !== "unknown") return host;
  const isForEnvoy = ["steering", "allowOnHeadersStopIteration"].some(
    (name) => name in (configuration ?? {}),
  );
  return isForEnvoy ? "envoy" : "higress";
}

/** The configuration of a file, which must hold exactly one. */
function chosen(file: string, contents: ReturnType<typeof readContents>): Found {
  const [problem] = contents.problems;
  if (problem) throw new UserError(`${file}:${problem.line}:${problem.column}: ${problem.message}`);
  const [found, second] = contents.found;
  if (!found || second) {
    throw new UserError(
      `${file}: holds ${contents.found.length} configurations of the plugin; one is needed`,
    );
  }
  if (!found.configuration) {
    throw new UserError(`${file}: the gateway would not load the plugin; \`validate\` says why`);
  }
  return found;
}

async function answerOf(options: Options): Promise<TrialAnswer | undefined> {
  const file = options.stream ?? options.response;
  if (file === undefined) return undefined;
  const streamed = STREAM_TYPES[extname(file)] ?? "text/event-stream";
  const contentType = options.stream === undefined ? "application/json" : streamed;
  return { body: await readUserFile(file), status: options.status, contentType };
}

function print(outcome: Outcome): void {
  for (const problem of outcome.problems) console.error(`mistake in the configuration: ${problem}`);
  const { upstream, client, endpoint, dropped } = outcome;
  if (upstream) {
    title("What goes upstream", endpoint && `to the instance ${endpoint}`);
    printSide(upstream);
  } else {
    title("Nothing goes upstream");
  }
  if (client) {
    title("What the client gets", outcome.isRefused ? "made by the plugin" : undefined);
    printSide(client);
  }
  if (dropped.length > 0) title(`Lost on the way to the service: ${dropped.join(", ")}`);
  if (outcome.isTorn) title("The exchange did not come to its end");
}

function title(text: string, addition?: string): void {
  console.log(`\n# ${addition ? `${text} (${addition})` : text}`);
}

function printSide(side: Side): void {
  console.log(side.headers.map(([name, value]) => `${name}: ${value}`).join("\n"));
  if (side.body !== "") console.log(`\n${side.body.trimEnd()}`);
}

function header(text: string, others: Record<string, string>): Record<string, string> {
  const colon = text.indexOf(":", 1);
  if (colon < 0) throw new InvalidArgumentError("Not a header such as x-name: value.");
  return { ...others, [text.slice(0, colon).toLowerCase()]: text.slice(colon + 1).trim() };
}

function status(text: string): number {
  const code = Number(text);
  if (!Number.isInteger(code) || code < 200 || code > 599) throw new InvalidArgumentError("Not a status.");
  return code;
}
