/** The real parts of an end-to-end test: a Eureka server, Envoy with the plugin, model services that register. */
import OpenAI from "openai";
import { serverCluster } from "../../tools/dev/envoy-config.ts";
import { type Gateway, type GatewayOptions, startGateway } from "../../tools/dev/gateway.ts";
import { type ModelService, type RecordedRequest, startModelService } from "../../tools/dev/model-service.ts";
import { type Registration, register } from "../../tools/dev/registration.ts";
import { type EurekaServer, startEurekaServer } from "../support/eureka-server.ts";

/** The shortest that the plugin's configuration allows. */
export const POLL_INTERVAL_MS = 1_000;

/** When the gateway has surely seen a change: an interval, its jitter of 10 %, and the time of one poll. */
export const SEEN_MS = POLL_INTERVAL_MS * 1.1 + 400;

/** A model service and its entry in Eureka. */
export interface Instance {
  service: ModelService;
  registration: Registration;
}

/** What to start. */
export interface StageOptions extends Partial<GatewayOptions> {
  /** Application of the instances; default `QWEN-CHAT`. */
  application?: string;
  /** How many instances register; default 2. */
  instances?: number;
  /** Default: a new one without credentials. */
  eureka?: EurekaServer;
}

/** Everything that runs. */
export interface Stage {
  application: string;
  eureka: EurekaServer;
  gateway: Gateway;
  instances: Instance[];
  /** Starts and registers one more instance. */
  add: (name: string) => Promise<Instance>;
  /** An operator's status override in Eureka; `UP` removes it. */
  override: (instance: Instance, status: string) => Promise<void>;
  /** All requests that instances got, oldest first per instance. */
  received: () => RecordedRequest[];
  /** Forgets requests and gives every instance its usual behaviour. */
  reset: () => void;
  stop: () => Promise<void>;
}

/** Starts everything and resolves when the gateway has learnt the instances. */
export async function startStage(options: StageOptions = {}): Promise<Stage> {
  const application = options.application ?? "QWEN-CHAT";
  const started: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const stopOne of started.reverse()) await stopOne();
  };
  try {
    const eureka = options.eureka ?? (await startEurekaServer());
    started.push(eureka.stop);
    const instances: Instance[] = [];
    const add = async (name: string) => {
      const service = await startModelService({ name });
      started.push(service.stop);
      const registration = await register({ eurekaUrl: eureka.url, application, port: service.port });
      started.push(registration.deregister);
      const instance = { service, registration };
      instances.push(instance);
      return instance;
    };
    const count = options.instances ?? 2;
    for (let index = 1; index <= count; index++) await add(`${application.toLowerCase()}-${index}`);

    const gateway = await startGateway({
      pollIntervalMs: POLL_INTERVAL_MS,
      eurekaUrls: [eureka.url],
      services: [{ application }],
      ...options,
    });
    started.push(gateway.stop);
    if (count > 0) await waitForInstances(gateway);
    const reset = () => {
      for (const { service } of instances) {
        service.requests.length = 0;
        service.behaviour = {};
      }
    };
    reset();
    return {
      application,
      eureka,
      gateway,
      instances,
      add,
      override: (instance, status) => override(eureka, application, instance, status),
      received: () => instances.flatMap(({ service }) => service.requests),
      reset,
      stop,
    };
  } catch (failure) {
    await stop();
    throw failure;
  }
}

/**
 * A gateway with an official configuration as Higress's console writes it: all providers once, and a rule for each
 * route. A request takes the route that its header `x-team` names.
 * @param providers by the id that is also the route's name: what the configuration says, and the service behind the route
 */
export function startOfficialGateway(
  providers: Record<string, { provider: object; url: URL }>,
): Promise<Gateway> {
  const names = Object.keys(providers);
  const all = Object.entries(providers);
  return startGateway({
    eurekaUrls: [],
    pollIntervalMs: 60_000,
    services: [],
    settings: {
      eureka: undefined,
      services: undefined,
      steering: undefined,
      providers: all.map(([id, { provider }]) => ({ id, ...provider })),
      _rules_: names.map((name) => ({ _match_route_: [name], activeProviderId: name })),
    },
    routes: names.map((name) => ({
      name,
      match: { prefix: "/", headers: [{ name: "x-team", string_match: { exact: name } }] },
      route: { cluster: `llm-${name}`, timeout: "0s" },
    })),
    clusters: all.map(([name, { url }]) => serverCluster(`llm-${name}`, url)),
  });
}

/** The unmodified OpenAI SDK, pointed at the gateway; a failed request is not tried again. */
export function openai(gateway: Gateway): OpenAI {
  return new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: "key-of-the-client", maxRetries: 0 });
}

/** Which instance answers each of `count` chat requests, by name; a request that fails is its status. */
export async function whoAnswers(gateway: Gateway, count: number): Promise<string[]> {
  const names: string[] = [];
  for (let index = 0; index < count; index++) {
    const reply = await post(gateway, "/v1/chat/completions", { model: "gpt-4o", messages: [] });
    await reply.arrayBuffer();
    names.push(reply.headers.get("x-instance") ?? String(reply.status));
  }
  return names;
}

/** Posts JSON, or a body that is already bytes or text. */
export function post(gateway: Gateway, path: string, body: unknown, headers = {}): Promise<Response> {
  const ready = typeof body === "string" || body instanceof Uint8Array;
  return fetch(gateway.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: ready ? (body as BodyInit) : JSON.stringify(body),
  });
}

async function waitForInstances(gateway: Gateway): Promise<void> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const reply = await fetch(`${gateway.url}/v1/models`);
    const text = await reply.text();
    if (reply.status === 200) return;
    if (Date.now() > deadline) {
      const log = gateway.envoy.logs.slice(-20).join("\n");
      throw new Error(`The gateway still answers ${reply.status} ${text}\n${log}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function override(
  eureka: EurekaServer,
  application: string,
  { registration }: Instance,
  status: string,
): Promise<void> {
  const url = `${eureka.url}/apps/${application}/${registration.instanceId}/status?value=${status}`;
  const reply = await fetch(url, { method: status === "UP" ? "DELETE" : "PUT" });
  if (reply.status !== 200) throw new Error(`Eureka answered ${reply.status} to a status override`);
}
