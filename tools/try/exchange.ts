/** One request and its answer through the plugin, with nothing real around it. Runs in Node and in browsers. */
import { configure } from "../check/configure.ts";
import {
  type Answer,
  concatenate,
  type HostKind,
  LogLevel,
  type Message,
  type Properties,
  toBytes,
  toText,
  type UpstreamAnswer,
} from "../emulator.ts";
import { isObject, type JsonObject } from "../higress/wasm-plugin.ts";
import { eurekaReply } from "./eureka.ts";
import { applicationsOf, eurekaClusters, onlyService, secretsOf } from "./services.ts";

/** What to try. */
export interface Trial {
  /** The configuration as the plugin receives it. */
  configuration: JsonObject;
  host?: HostKind;
  /** Name of the service that serves; default: the one that the configuration chooses. */
  service?: string;
  /** Path that the client calls; default `/v1/chat/completions`. */
  path?: string;
  method?: string;
  /** The client's own headers, besides those that every JSON request has. */
  headers?: Record<string, string>;
  body: string | Uint8Array;
  /** Name of the route, for rules; Higress's `ingress`. */
  route?: string;
  /** The client's host, for rules. */
  authority?: string;
  /** The route's cluster, for rules; Higress's `service`. */
  cluster?: string;
  /** The answer of the service; without it only the request is converted. */
  answer?: TrialAnswer;
}

/** What the service answers. */
export interface TrialAnswer {
  status?: number;
  contentType: string;
  body: string | Uint8Array;
  /** Offsets at which the body is cut into parts. */
  cuts?: readonly number[];
  /** The connection breaks off after the body. */
  isBroken?: boolean;
}

/** A message as it left the plugin, without the secrets of the configuration. */
export interface Side {
  headers: [name: string, value: string][];
  body: string;
}

/** What came of it. */
export interface Outcome {
  /** Mistakes in the configuration. */
  problems: string[];
  /** What reaches the service; undefined: nothing. */
  upstream: Side | undefined;
  /** `ip:port` of the instance that was chosen in Eureka. */
  endpoint: string | undefined;
  /** What reaches the client; undefined: nothing yet. `arrived` is what had left when the first part had come. */
  client: (Side & { status: number; arrived: string }) | undefined;
  /** Parts of the request that the service's format cannot express. */
  dropped: string[];
  /** The plugin answered by itself. */
  isRefused: boolean;
  /** The answer broke off before its end. */
  isTorn: boolean;
  /** What the plugin logged, from level info on. */
  log: string[];
}

const DROPPED_HEADER = "x-ai-proxy-dropped-params";
const ENDPOINT_HEADER = "x-envoy-original-dst-host";
/** An address that documentation may use (RFC 5737). */
const INSTANCE = { address: "192.0.2.10", port: 8080 };
const MASK = "***";
/** Most rounds in which Eureka is answered: after them a request that still waits counts as stuck. */
const MAX_ROUNDS = 20;
/** A held request is tried again by ticks; each lets so many milliseconds pass. */
const TICK_MS = 1000;

/**
 * Tries one exchange. Services in Eureka have one instance that is UP. Throws when the plugin does not load, or when
 * there is no such service.
 */
export async function tryExchange(module: WebAssembly.Module, trial: Trial): Promise<Outcome> {
  const configuration = trial.service ? onlyService(trial.configuration, trial.service) : trial.configuration;
  let time = Date.now();
  const { root, problems } = await configure(module, JSON.stringify(configuration), {
    kind: trial.host ?? "envoy",
    allowOnHeadersStopIteration: configuration.allowOnHeadersStopIteration === true,
    bufferLimit: 1 << 30,
    clusters: eurekaClusters(configuration),
    now: () => time,
  });
  const applications = applicationsOf(configuration);
  let rounds = 0;
  const result = root.exchange({
    request: {
      headers: {
        ":method": trial.method ?? "POST",
        ":path": trial.path ?? "/v1/chat/completions",
        ":authority": trial.authority ?? "gateway.example",
        "content-type": "application/json",
        ...trial.headers,
      },
      body: trial.body,
    },
    properties: propertiesOf(trial),
    respond: () => upstreamAnswer(trial.answer),
    cutResponse: trial.answer?.cuts,
    onHeld: () => {
      if (rounds++ >= MAX_ROUNDS) return;
      if (root.callouts.length === 0) {
        time += TICK_MS;
        root.tick();
      }
      for (const call of [...root.callouts]) {
        const body = eurekaReply(call.headers.get(":path") ?? "", applications, INSTANCE);
        call.respond({ headers: { "content-type": "application/json" }, body });
      }
    },
  });
  const { upstream, client, localReply } = result;
  const secrets = secretsOf(configuration);
  const isRefused = localReply !== undefined;
  const isAnswered = isRefused || trial.answer !== undefined;
  const outcome = {
    problems: problems.map(({ at, message }) => (at === "" ? message : `${at}: ${message}`)),
    upstream: upstream && sideOf(upstream, secrets),
    endpoint: upstream?.headers.get(endpointHeader(configuration)),
    client:
      client && isAnswered
        ? { ...sideOf(client, secrets), status: client.status, arrived: firstPart(client, trial.answer) }
        : undefined,
    dropped: listOf(client?.headers.get(DROPPED_HEADER)),
    isRefused,
    isTorn: result.hung || (isAnswered && (result.reset || client?.complete !== true)),
    log: root.host.messages(LogLevel.Info).map((line) => masked(line, secrets)),
  };
  root.close();
  return outcome;
}

function propertiesOf(trial: Trial): Properties {
  return {
    ...(trial.route !== undefined && { "xds.route_name": trial.route }),
    ...(trial.cluster !== undefined && { "xds.cluster_name": trial.cluster }),
  };
}

function upstreamAnswer(answer: TrialAnswer | undefined): UpstreamAnswer {
  if (answer === undefined) return { headers: { "content-type": "application/json" }, body: "{}" };
  const headers = { ":status": String(answer.status ?? 200), "content-type": answer.contentType };
  return { headers, body: answer.body, abort: answer.isBroken };
}

function endpointHeader(configuration: JsonObject): string {
  const steering = isObject(configuration.steering) ? configuration.steering : {};
  return String(steering.endpointHeader ?? ENDPOINT_HEADER).toLowerCase();
}

function sideOf(message: Message, secrets: string[]): Side {
  const headers = message.headers
    .pairs()
    .map(([name, value]): [string, string] => [name, masked(value, secrets)]);
  return { headers, body: masked(message.text, secrets) };
}

/** What had left for the client when the bytes before the first cut had come. */
function firstPart(client: Answer, answer: TrialAnswer | undefined): string {
  const cut = answer?.cuts?.[0];
  if (cut === undefined || cut >= toBytes(answer?.body).length) return client.text;
  const last = cut === 0 ? -1 : 0;
  return toText(concatenate(client.chunks.filter((_, index) => (client.arrivals[index] ?? -1) <= last)));
}

function masked(text: string, secrets: string[]): string {
  return secrets.reduce((result, secret) => result.replaceAll(secret, MASK), text);
}

function listOf(text: string | undefined): string[] {
  return (text ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
