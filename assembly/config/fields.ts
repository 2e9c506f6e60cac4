/**
 * The configuration, as a table. The plugin's parser, the JSON Schema, the documentation and the console's form are
 * all made from these rows: a new field is one row here, one line in model.ts and read.ts, and its description in
 * tools/schema/descriptions.ts. The file keeps to what AssemblyScript and TypeScript have in common.
 */
import {
  CrossRule,
  Field,
  ListAs,
  Shape,
  any,
  atLeastOne,
  atMostOne,
  choice,
  choiceOrObject,
  decimal,
  exactlyOne,
  exactlyOneUnless,
  flag,
  integer,
  map,
  object,
  objects,
  oneWhen,
  requires,
  requiresWhen,
  requiresWithin,
  secret,
  secretJson,
  secretTexts,
  section,
  someText,
  text,
  texts,
  variant,
} from "./field";
import { PROVIDER_FIELDS, PROVIDER_RULES } from "./official/fields";
import { VENDORS, VENDOR_NAMES, findVendor } from "../vendors/table";

/** Formats of chat that a service can speak. Their order is the order of `Service.format`. */
export const FORMATS: string[] = [
  "openai",
  "anthropic",
  "gemini",
  "vertex",
  "responses",
  "ollama",
  "cohere",
  "bedrock",
  "dashscope",
  "dify",
  "kserve",
  "hunyuan",
  "spark",
  "minimax",
  "coze",
  "deepl",
];

/** The same, with those that only make embeddings and rankings. */
export const SERVICE_FORMATS: string[] = FORMATS.concat(["jina", "tei"]);

/** Ways to authenticate at a service. Their order is that of `AuthType` in model.ts. */
export const AUTH_TYPES: string[] = [
  "bearer",
  "header",
  "query",
  "none",
  "sigv4",
  "tc3",
  "googleServiceAccount",
];

/** How one of several keys is chosen. Their order is that of `KeyPolicy` in model.ts. */
export const KEY_POLICIES: string[] = ["roundRobin", "random"];

/** How much of a request is the plugin's business. */
export const PROTOCOLS: string[] = ["auto", "original"];

/** How an instance is chosen. Their order is that of `Policy` in model.ts. */
export const POLICIES: string[] = [
  "roundRobin",
  "weighted",
  "random",
  "leastOutstanding",
  "sessionAffinity",
  "prefixAffinity",
];

/** Which of an instance's ports is called. Their order is that of `PortChoice` in model.ts. */
export const PORT_CHOICES: string[] = ["plainFirst", "secureFirst", "plainOnly", "secureOnly"];

/** How much of the registry is read. Their order is that of `ReadMode` in model.ts. */
export const READ_MODES: string[] = ["auto", "applications", "registry"];

/** Methods that a declared format may send. */
export const METHODS: string[] = ["POST", "PUT", "PATCH"];

/** Framings of a declared format's stream. Their order is that of `Framing` in formats/format.ts. */
export const STREAM_FRAMINGS: string[] = ["sse", "ndjson", "json-array", "concatenated"];

/** Whether a text of a stream is new, or repeats the earlier ones. */
export const TEXT_MODES: string[] = ["delta", "cumulative"];

/** Fields of the plugin's own. `config` is the whole; `rule` is an element of `_rules_`. */
const OWN_FIELDS: Field[] = [
  objects("config", "services", "service"),
  object("config", "provider", "provider"),
  objects("config", "providers", "provider"),
  text("config", "activeProviderId", Shape.Free),
  object("config", "eureka", "eureka"),
  section("config", "steering", "steering"),
  object("config", "attempts", "attempts"),
  object("config", "lastResort", "lastResort"),
  integer("config", "maxBodyBytes", 1024, 1073741824).orElse("104857600"),
  flag("config", "allowOnHeadersStopIteration").orElse("false"),
  section("config", "limits", "consumerLimits"),
  section("config", "observe", "observe"),
  objects("config", "_rules_", "rule"),
  any("config", "_plugin_id_"),

  text("service", "name", Shape.Name),
  text("service", "application", Shape.Visible),
  text("service", "vip", Shape.Visible),
  text("service", "secureVip", Shape.Visible),
  text("service", "service", Shape.Endpoint),
  text("service", "cluster", Shape.Visible),
  choice("service", "vendor", VENDOR_NAMES),
  object("service", "variables", "variables"),
  choiceOrObject("service", "format", SERVICE_FORMATS, "format").orElse("openai"),
  choice("service", "protocol", PROTOCOLS).orElse("auto"),
  texts("service", "alsoSpeaks", Shape.Dialect).alsoText(ListAs.Commas),
  flag("service", "strict").orElse("false"),
  text("service", "basePath", Shape.Path),
  map("service", "paths", Shape.Path, "apiPath"),
  text("service", "authority", Shape.Visible),
  secret("service", "token", Shape.Visible),
  secretTexts("service", "tokens", Shape.Visible).atLeast(1).alsoText(ListAs.Commas),
  object("service", "auth", "auth"),
  section("service", "keys", "keys"),
  texts("service", "models", Shape.Pattern).atLeast(1).alsoText(ListAs.Commas),
  map("service", "modelMapping", Shape.Pattern, "mapping").alsoText(ListAs.Commas),
  variant("service", "settings", "settings", "format"),
  flag("service", "thinkingHistory").orElse("true"),
  texts("service", "instances", Shape.Address).atLeast(1),
  integer("service", "weight", 0, 1000).orElse("0"),
  section("service", "select", "select"),
  section("service", "balance", "balance"),
  section("service", "outlier", "outlier"),
  section("service", "limits", "limits"),

  object("format", "request", "formatRequest"),
  object("format", "response", "formatResponse"),
  object("format", "stream", "formatStream"),
  object("format", "errors", "formatErrors"),
  object("format", "embeddings", "formatEmbeddings"),
  object("format", "rerank", "formatRerank"),
  texts("format", "drop", Shape.Parameter),

  text("formatRequest", "path", Shape.PathTemplate).required(),
  text("formatRequest", "streamPath", Shape.PathTemplate),
  choice("formatRequest", "method", METHODS).orElse("POST"),
  map("formatRequest", "query", Shape.Name, "label"),
  map("formatRequest", "headers", Shape.Header, "label"),
  any("formatRequest", "body").required(),

  text("formatResponse", "text", Shape.Expression),
  text("formatResponse", "thinking", Shape.Expression),
  object("formatResponse", "toolCalls", "formatToolCalls"),
  text("formatResponse", "finish", Shape.Expression),
  any("formatResponse", "finishMap"),
  object("formatResponse", "usage", "formatUsage"),
  text("formatResponse", "id", Shape.Expression),
  text("formatResponse", "model", Shape.Expression),
  text("formatResponse", "created", Shape.Expression),
  text("formatResponse", "choices", Shape.Expression),
  text("formatResponse", "index", Shape.Expression),

  text("formatToolCalls", "each", Shape.Expression).required(),
  text("formatToolCalls", "index", Shape.Expression),
  text("formatToolCalls", "id", Shape.Expression),
  text("formatToolCalls", "name", Shape.Expression).required(),
  text("formatToolCalls", "arguments", Shape.Expression).required(),

  text("formatUsage", "input", Shape.Expression),
  text("formatUsage", "output", Shape.Expression),
  text("formatUsage", "total", Shape.Expression),
  text("formatUsage", "cached", Shape.Expression),
  text("formatUsage", "reasoning", Shape.Expression),

  choice("formatStream", "framing", STREAM_FRAMINGS).orElse("sse"),
  flag("formatStream", "always").orElse("false"),
  choice("formatStream", "mode", TEXT_MODES).orElse("delta"),
  texts("formatStream", "events", Shape.Name).atLeast(1).alsoText(ListAs.Commas),
  text("formatStream", "when", Shape.Condition),
  object("formatStream", "end", "formatEnd"),
  object("formatStream", "response", "formatResponse"),
  object("formatStream", "errors", "formatErrors"),

  text("formatEnd", "data", Shape.Name),
  texts("formatEnd", "event", Shape.Name).atLeast(1).alsoText(ListAs.Commas),
  text("formatEnd", "when", Shape.Condition),
  flag("formatEnd", "body"),

  text("formatErrors", "when", Shape.Condition),
  texts("formatErrors", "events", Shape.Name).atLeast(1).alsoText(ListAs.Commas),
  text("formatErrors", "code", Shape.Expression),
  text("formatErrors", "message", Shape.Expression),
  any("formatErrors", "statuses"),

  object("formatEmbeddings", "request", "formatRequest").required(),
  object("formatEmbeddings", "response", "formatVectors").required(),

  text("formatVectors", "each", Shape.Expression).required(),
  text("formatVectors", "vector", Shape.Expression).orElse("@"),
  text("formatVectors", "index", Shape.Expression),
  text("formatVectors", "tokens", Shape.Expression),

  object("formatRerank", "request", "formatRequest").required(),
  object("formatRerank", "response", "formatRanking").required(),

  text("formatRanking", "each", Shape.Expression).required(),
  text("formatRanking", "score", Shape.Expression).orElse("@"),
  text("formatRanking", "index", Shape.Expression),
  text("formatRanking", "tokens", Shape.Expression),

  choice("auth", "type", AUTH_TYPES).orElse("bearer"),
  secret("auth", "token", Shape.Visible),
  secretTexts("auth", "tokens", Shape.Visible).atLeast(1).alsoText(ListAs.Commas),
  text("auth", "name", Shape.Header),
  text("auth", "prefix", Shape.Name),
  secret("auth", "accessKey", Shape.Visible),
  secret("auth", "secretKey", Shape.Visible),
  secret("auth", "sessionToken", Shape.Visible),
  secret("auth", "secretId", Shape.Visible),
  text("auth", "region", Shape.Visible),
  text("auth", "service", Shape.Visible),
  text("auth", "action", Shape.Visible).orElse("ChatCompletions"),
  text("auth", "version", Shape.Visible).orElse("2023-09-01"),
  secretJson("auth", "key", Shape.ServiceAccount),
  text("auth", "scope", Shape.Visible).orElse("https://www.googleapis.com/auth/cloud-platform"),
  text("auth", "tokenService", Shape.Endpoint),
  text("auth", "tokenCluster", Shape.Visible),
  integer("auth", "refreshAheadMs", 0, 1800000).orElse("300000"),

  choice("keys", "policy", KEY_POLICIES).orElse("roundRobin"),
  texts("keys", "statuses", Shape.Code).atLeast(1).alsoText(ListAs.Commas),
  integer("keys", "consecutiveFailures", 1, 1000).orElse("1"),
  integer("keys", "coolDownMs", 1000, 86400000).orElse("10000"),
  integer("keys", "maxCoolDownMs", 1000, 86400000).orElse("600000"),
  integer("keys", "consecutiveSuccesses", 1, 1000).orElse("1"),
  text("keys", "consumerHeader", Shape.Header).orElse("x-mse-consumer"),

  text("variables", "account", Shape.Visible),
  text("variables", "region", Shape.Visible),
  text("variables", "project", Shape.Visible),
  text("variables", "resource", Shape.Visible),
  text("variables", "deployment", Shape.Visible),
  text("variables", "apiVersion", Shape.Visible),

  text("apiPath", "from", Shape.Path).required(),
  text("apiPath", "to", Shape.Free).required(),

  text("mapping", "from", Shape.Pattern).required(),
  text("mapping", "to", Shape.Free).required(),

  text("minimaxSettings", "groupId", Shape.Visible).required(),
  text("minimaxSettings", "botName", Shape.Name).orElse("MM智能助理"),
  text("minimaxSettings", "userName", Shape.Name).orElse("用户"),

  text("cozeSettings", "botId", Shape.Visible),

  choice("bedrockSettings", "promptCacheRetention", ["in_memory", "24h"]),
  texts("bedrockSettings", "promptCachePositions", Shape.CachePosition).atLeast(1).alsoText(ListAs.Commas),

  text("deeplSettings", "targetLanguage", Shape.Visible).required(),
  text("deeplSettings", "sourceLanguage", Shape.Visible),

  text("kserveSettings", "modelVersion", Shape.Visible),

  choice("difySettings", "botType", ["chat", "agent", "completion", "workflow"]).orElse("chat"),
  text("difySettings", "inputVariable", Shape.Name),
  text("difySettings", "outputVariable", Shape.Name),

  texts("select", "statuses", Shape.Status).atLeast(1),
  choice("select", "ports", PORT_CHOICES).orElse("plainFirst"),
  flag("select", "preferIp").orElse("true"),
  map("select", "metadata", Shape.Name, "label"),
  text("select", "zone", Shape.Name),
  text("select", "weightKey", Shape.Name).orElse("weight"),

  text("label", "from", Shape.Name).required(),
  text("label", "to", Shape.Free).required(),

  choice("balance", "policy", POLICIES).orElse("roundRobin"),
  text("balance", "header", Shape.Header),
  text("balance", "cookie", Shape.Header),
  text("balance", "field", Shape.Name),
  integer("balance", "prefixBytes", 16, 65536).orElse("1024"),
  decimal("balance", "loadFactor", 1, 100).orElse("1.25"),
  integer("balance", "slowStartMs", 0, 3600000).orElse("0"),

  integer("outlier", "consecutiveFailures", 0, 1000).orElse("5"),
  integer("outlier", "baseEjectionMs", 100, 3600000).orElse("10000"),
  integer("outlier", "maxEjectionMs", 100, 86400000).orElse("300000"),
  integer("outlier", "maxEjectedPercent", 0, 100).orElse("50"),

  integer("attempts", "max", 1, 10).orElse("3"),
  integer("attempts", "totalMs", 100, 3600000).orElse("600000"),
  integer("attempts", "firstByteMs", 0, 3600000).orElse("0"),
  integer("attempts", "backoffMs", 0, 60000).orElse("100"),
  integer("attempts", "maxBackoffMs", 0, 600000).orElse("2000"),
  texts("attempts", "statuses", Shape.Code).atLeast(1).alsoText(ListAs.Commas),
  integer("attempts", "budgetPercent", 0, 1000).orElse("100"),
  integer("attempts", "maxBodyBytes", 0, 1073741824).orElse("1048576"),

  text("lastResort", "service", Shape.Name),
  text("lastResort", "model", Shape.Free),
  integer("lastResort", "maxTokens", 1, 2147483647),
  text("lastResort", "answer", Shape.Free),

  objects("eureka", "servers", "eurekaServer").required().atLeast(1),
  integer("eureka", "pollIntervalMs", 1000, 3600000).orElse("30000"),
  integer("eureka", "timeoutMs", 100, 60000).orElse("5000"),
  integer("eureka", "coldStartMs", 0, 60000).orElse("5000"),
  text("eureka", "zone", Shape.Name),
  choice("eureka", "mode", READ_MODES).orElse("auto"),
  integer("eureka", "fullIntervalMs", 10000, 86400000).orElse("600000"),
  integer("eureka", "maxBackoffMs", 1000, 3600000).orElse("60000"),
  integer("eureka", "emptyGraceMs", 0, 3600000).orElse("60000"),

  text("eurekaServer", "service", Shape.Endpoint),
  text("eurekaServer", "cluster", Shape.Visible),
  text("eurekaServer", "path", Shape.Path).orElse("/eureka"),
  text("eurekaServer", "authority", Shape.Visible),
  text("eurekaServer", "zone", Shape.Name),
  text("eurekaServer", "username", Shape.Name),
  secret("eurekaServer", "password", Shape.Free),

  text("steering", "endpointHeader", Shape.Header).orElse("x-envoy-original-dst-host"),
  text("steering", "clusterHeader", Shape.Header),
  text("steering", "cluster", Shape.Visible),
  text("steering", "secureCluster", Shape.Visible),
  flag("steering", "routerRetries").orElse("false"),

  integer("limits", "concurrent", 0, 1000000).orElse("0"),
  integer("limits", "concurrentPerInstance", 0, 1000000).orElse("0"),
  integer("limits", "queue", 0, 1000).orElse("0"),
  integer("limits", "queueMs", 100, 600000).orElse("5000"),
  integer("limits", "requestsPerMinute", 0, 1000000000).orElse("0"),
  integer("limits", "tokensPerMinute", 0, 2000000000).orElse("0"),
  integer("limits", "maxStreamMs", 0, 86400000).orElse("0"),
  integer("limits", "idleMs", 0, 3600000).orElse("0"),

  integer("consumerLimits", "requestsPerMinute", 0, 1000000000).orElse("0"),
  integer("consumerLimits", "tokensPerMinute", 0, 2000000000).orElse("0"),
  text("consumerLimits", "consumerHeader", Shape.Header).orElse("x-mse-consumer"),

  flag("observe", "metrics").orElse("true"),
  integer("observe", "models", 0, 1000).orElse("20"),
  flag("observe", "logAttributes").orElse("false"),
  flag("observe", "accessLog").orElse("false"),

  texts("rule", "_match_route_", Shape.Free).alsoText(ListAs.Single),
  texts("rule", "_match_domain_", Shape.Free).alsoText(ListAs.Single),
  texts("rule", "_match_service_", Shape.Free).alsoText(ListAs.Single),
  texts("rule", "_match_route_prefix_", Shape.Free).alsoText(ListAs.Single),
];

/** Every field of every object type. */
export const FIELDS: Field[] = OWN_FIELDS.concat(PROVIDER_FIELDS);

const OWN_RULES: CrossRule[] = [
  exactlyOneUnless("service", ["application", "vip", "secureVip", "service", "cluster"], "vendor"),
  atMostOne("service", ["token", "tokens", "auth"]),
  atLeastOne("format", ["request", "embeddings", "rerank"]),
  requires("format", "request", ["response"]),
  requires("format", "response", ["request"]),
  requires("format", "stream", ["request"]),
  exactlyOne("formatEnd", ["data", "event", "when", "body"]),
  oneWhen("auth", "type", ["bearer", "header", "query"], ["token", "tokens"]),
  requiresWhen("auth", "type", ["header", "query"], ["name"]),
  requiresWhen("auth", "type", ["sigv4"], ["accessKey", "secretKey", "region"]),
  requiresWhen("auth", "type", ["tc3"], ["secretId", "secretKey"]),
  requiresWhen("auth", "type", ["googleServiceAccount"], ["key"]),
  oneWhen("auth", "type", ["googleServiceAccount"], ["tokenService", "tokenCluster"]),
  requiresWhen("service", "format", ["minimax", "deepl"], ["settings"]),
  requiresWhen("service", "vendor", ["minimax-pro", "deepl", "deepl-free"], ["settings"]),
  requiresWhen("difySettings", "botType", ["workflow"], ["inputVariable"]),
  atMostOne("balance", ["header", "cookie", "field"]),
  exactlyOne("eurekaServer", ["service", "cluster"]),
  requires("eurekaServer", "username", ["password"]),
  requires("eurekaServer", "password", ["username"]),
  requires("steering", "cluster", ["clusterHeader"]),
  requires("steering", "secureCluster", ["clusterHeader"]),
  someText("rule", ["_match_route_", "_match_domain_", "_match_service_", "_match_route_prefix_"]),
];

for (let i = 0; i < VENDORS.length; i++) {
  requireVariables(VENDORS[i].name, VENDORS[i].hostVariables(), "authority");
  requireVariables(VENDORS[i].name, VENDORS[i].pathVariables(), "basePath");
}

function requireVariables(vendor: string, names: string[], unless: string): void {
  if (names.length > 0)
    OWN_RULES.push(requiresWithin("service", "vendor", vendor, "variables", names, unless));
}

/** Every rule about several fields of one object. */
export const CROSS_RULES: CrossRule[] = OWN_RULES.concat(PROVIDER_RULES);

/** An object type that has all fields of another: a rule is a configuration with conditions. */
export const EXTENDING: string = "rule";
export const EXTENDED: string = "config";

/** Fields of the extended type that the extending one does not have: rules do not nest. */
export const NOT_EXTENDED: string[] = ["_rules_", "_plugin_id_"];

/** The end of the names of the types that a variant can have, and the type whose fields they all have. */
export const VARIANT: string = "Settings";
export const COMMON: string = "settings";

/** Elements of lists that are checked one by one elsewhere, so that one of them can be wrong by itself. */
export const CHECKED_APART: string[] = [EXTENDING, "provider"];

/** Names that begin so are nobody's fields: they are free for notes and for the gateway. */
export const FREE_PREFIXES: string[] = ["_", "x-"];

/** Whether a member may be there although it is no field. */
export function isFree(name: string): boolean {
  for (let i = 0; i < FREE_PREFIXES.length; i++) if (name.startsWith(FREE_PREFIXES[i])) return true;
  return false;
}

/** The fields of an object type, in the order of the table. */
export function fieldsOf(type: string): Field[] {
  const found: Field[] = [];
  for (let i = 0; i < FIELDS.length; i++) {
    if (belongs(FIELDS[i], type)) found.push(FIELDS[i]);
  }
  return found;
}

/** The field of an object type with this name. */
export function fieldOf(type: string, name: string): Field | null {
  for (let i = 0; i < FIELDS.length; i++) {
    if (FIELDS[i].name == name && belongs(FIELDS[i], type)) return FIELDS[i];
  }
  return null;
}

/**
 * The object type that a variant has.
 * @param value of the field that decides it; empty where it is not given: then the vendor's format counts
 */
export function variantType(field: Field, value: string, vendor: string): string {
  const known = findVendor(vendor);
  const decided = value.length == 0 && known !== null ? known.format : value;
  const type = decided + VARIANT;
  for (let i = 0; i < FIELDS.length; i++) {
    if (FIELDS[i].owner == type) return type;
  }
  return field.target;
}

function belongs(field: Field, type: string): boolean {
  if (field.owner == type) return true;
  if (field.owner == COMMON && type.endsWith(VARIANT)) return true;
  return type == EXTENDING && field.owner == EXTENDED && !NOT_EXTENDED.includes(field.name);
}
