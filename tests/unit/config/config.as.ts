/** What the tests of the configuration call: texts go in as bytes, answers come out as lines of text. */
import { NONE, Slice, Utf8, borrow, slice, toText, utf8 } from "../../../assembly/bytes/slice";
import { SERVICE_FORMATS } from "../../../assembly/config/fields";
import { Config, EurekaSettings, Service } from "../../../assembly/config/model";
import { mapModel, needsModel, selectService } from "../../../assembly/config/models";
import { Rule, RuleSet } from "../../../assembly/config/rules";
import { closest } from "../../../assembly/config/suggest";

let set: RuleSet = RuleSet.empty();
let answer: Utf8 = new ArrayBuffer(0);

/** No rule: the plugin does nothing. */
const NOTHING: i32 = -2;
/** The global configuration. */
const GLOBAL: i32 = -1;

export function allocate(size: i32): usize {
  return heap.alloc(size);
}

export function release(pointer: usize): void {
  heap.free(pointer);
}

/** Collects everything that is no longer needed. */
export function collect(): void {
  __collect();
}

/** Makes the bytes the configuration; 1 where it is accepted. */
export function configure(pointer: usize, length: i32): bool {
  set = RuleSet.parse(slice(pointer, length));
  return set.accepted;
}

export function problems(): Slice {
  return say(set.problems.join("\n"));
}

export function notes(): Slice {
  return say(set.notes.join("\n"));
}

export function ruleCount(): i32 {
  return set.rules.length;
}

/** Index of the rule for a request, GLOBAL or NOTHING. A pointer of 0 is NONE. */
export function match(
  route: usize,
  routeLength: i32,
  authority: usize,
  authorityLength: i32,
  cluster: usize,
  clusterLength: i32,
): i32 {
  const rule = set.match(
    slice(route, routeLength),
    slice(authority, authorityLength),
    slice(cluster, clusterLength),
  );
  if (rule === null) return NOTHING;
  return rule === set.fallback ? GLOBAL : set.rules.indexOf(rule);
}

/** Problems of the rule with this index, or of the global configuration. */
export function ruleProblems(index: i32): Slice {
  const rule = ruleAt(index);
  return say(rule === null ? "" : rule.problems.join("\n"));
}

/** The configuration of a rule as JSON; "null" where it has none. */
export function ruleConfig(index: i32): Slice {
  const config = configOf(ruleAt(index));
  return say(config === null ? "null" : describe(config));
}

/** Index of the service of the global configuration that answers a model. */
export function select(model: usize, length: i32): i32 {
  const config = globalConfig();
  return config === null ? NOTHING : selectService(config, slice(model, length));
}

export function needs(): bool {
  const config = globalConfig();
  return config !== null && needsModel(config);
}

/** What the first service of the global configuration calls a model. */
export function map(model: usize, length: i32): Slice {
  const config = globalConfig();
  if (config === null || config.services.length == 0) return NONE;
  return mapModel(config.services[0], slice(model, length));
}

/** How the first service of the global configuration finds and chooses instances, as JSON. */
export function placement(): Slice {
  const config = globalConfig();
  if (config === null || config.services.length == 0) return NONE;
  const service = config.services[0];
  const select = service.select;
  const balance = service.balance;
  const outlier = service.outlier;
  return say(
    object([
      member("where", (service.where as i32).toString()),
      text("application", service.application),
      member("instances", list(service.instances)),
      member("statuses", list(select.statuses)),
      member("ports", select.ports.toString()),
      member("preferIp", select.preferIp ? "true" : "false"),
      member("metadataKeys", list(select.metadataKeys)),
      member("metadataValues", list(select.metadataValues)),
      text("zone", select.zone),
      text("weightKey", select.weightKey),
      member("policy", (balance.policy as i32).toString()),
      member("session", (balance.session as i32).toString()),
      text("sessionName", balance.sessionName),
      member("prefixBytes", balance.prefixBytes.toString()),
      member("loadFactor", balance.loadFactor.toString()),
      member("slowStartMs", balance.slowStartMs.toString()),
      member("consecutiveFailures", outlier.consecutiveFailures.toString()),
      member("baseEjectionMs", outlier.baseEjectionMs.toString()),
      member("maxEjectionMs", outlier.maxEjectionMs.toString()),
      member("maxEjectedPercent", outlier.maxEjectedPercent.toString()),
    ]),
  );
}

/** A setting of the first service of the global configuration. */
export function setting(name: usize, length: i32): Slice {
  const config = globalConfig();
  if (config === null || config.services.length == 0) return NONE;
  return config.services[0].settings.text(toText(slice(name, length)));
}

/** What the global configuration says of Eureka beyond `ruleConfig`, as JSON. */
export function registry(): Slice {
  const config = globalConfig();
  if (config === null) return NONE;
  const eureka = config.eureka;
  if (eureka === null) return NONE;
  const servers = eureka.servers.map<string>((server) =>
    object([text("zone", server.zone), text("username", server.username), text("password", server.password)]),
  );
  return say(
    object([
      member("servers", "[" + servers.join(",") + "]"),
      member("coldStartMs", eureka.coldStartMs.toString()),
      text("zone", eureka.zone),
      member("mode", eureka.mode.toString()),
      member("fullIntervalMs", eureka.fullIntervalMs.toString()),
      member("maxBackoffMs", eureka.maxBackoffMs.toString()),
      member("emptyGraceMs", eureka.emptyGraceMs.toString()),
      text("secureCluster", config.steering.secureCluster),
    ]),
  );
}

/** The word of the list, separated by commas, that was meant. */
export function suggest(word: usize, wordLength: i32, list: usize, listLength: i32): Slice {
  return say(closest(toText(slice(word, wordLength)), toText(slice(list, listLength)).split(",")));
}

function ruleAt(index: i32): Rule | null {
  if (index == GLOBAL) return set.fallback;
  return index >= 0 && index < set.rules.length ? set.rules[index] : null;
}

function globalConfig(): Config | null {
  return configOf(set.fallback);
}

function configOf(rule: Rule | null): Config | null {
  if (rule === null) return null;
  return rule.config;
}

function say(text: string): Slice {
  answer = utf8(text);
  return borrow(answer);
}

function describe(config: Config): string {
  const eureka = config.eureka;
  return object([
    member(
      "services",
      "[" + config.services.map<string>((service) => describeService(service)).join(",") + "]",
    ),
    member("eureka", eureka === null ? "null" : describeEureka(eureka)),
    member(
      "steering",
      object([
        text("endpointHeader", config.steering.endpointHeader),
        text("clusterHeader", config.steering.clusterHeader),
        text("cluster", config.steering.cluster),
      ]),
    ),
    member("maxBodyBytes", config.maxBodyBytes.toString()),
    member("allowOnHeadersStopIteration", config.allowOnHeadersStopIteration ? "true" : "false"),
  ]);
}

function describeService(service: Service): string {
  return object([
    text("name", service.name),
    member("where", (service.where as i32).toString()),
    text("application", service.application),
    text("cluster", service.cluster),
    member("format", quote(SERVICE_FORMATS[service.format])),
    text("basePath", service.basePath),
    text("authority", service.authority),
    member("authType", (service.auth.type as i32).toString()),
    text("authName", service.auth.name),
    text("authValue", service.auth.value),
    member("models", service.models.length.toString()),
    member(
      "mappings",
      "[" + service.mappings.map<string>((mapping) => quoteBytes(mapping.to)).join(",") + "]",
    ),
  ]);
}

function describeEureka(eureka: EurekaSettings): string {
  const servers = eureka.servers.map<string>((server) =>
    object([text("cluster", server.cluster), text("path", server.path), text("authority", server.authority)]),
  );
  return object([
    member("servers", "[" + servers.join(",") + "]"),
    member("pollIntervalMs", eureka.pollIntervalMs.toString()),
    member("timeoutMs", eureka.timeoutMs.toString()),
  ]);
}

function object(members: string[]): string {
  return "{" + members.join(",") + "}";
}

function member(name: string, json: string): string {
  return quote(name) + ":" + json;
}

function text(name: string, value: Utf8): string {
  return member(name, quoteBytes(value));
}

function list(values: Utf8[]): string {
  return "[" + values.map<string>((value) => quoteBytes(value)).join(",") + "]";
}

function quoteBytes(value: Utf8): string {
  return quote(toText(borrow(value)));
}

function quote(value: string): string {
  return '"' + value.replaceAll("\\", "\\\\").replaceAll('"', '\\"') + '"';
}
