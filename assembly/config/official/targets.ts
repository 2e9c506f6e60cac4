import { Slice, borrow, indexOfByte, lengthOf, subslice, toOwned, toText, utf8 } from "../../bytes/slice";
import { Settings } from "../../formats/settings";
import { ApiPath } from "../../vendors/paths";
import { SERVICE_FORMATS } from "../fields";
import { Service } from "../model";
import { Values } from "../values";
import { readAzure } from "./azure";
import { readCustomUrl } from "./custom-url";
import { Url } from "./url";

const COLON: u8 = 0x3a;

/** Fields that name a host, and the types they are for. */
const HOSTS: string[][] = [
  ["qwen", "qwenDomain"],
  ["doubao", "doubaoDomain"],
  ["zhipuai", "zhipuDomain"],
  ["triton", "tritonDomain"],
  ["generic", "genericHost"],
];

/** Settings of formats, and the fields that hold them. */
const MINIMAX_SETTINGS: string[] = ["groupId", "minimaxGroupId"];
const DEEPL_SETTINGS: string[] = ["targetLanguage", "targetLang"];
const TRITON_SETTINGS: string[] = ["modelVersion", "tritonModelVersion"];

/** What a type's own fields say of where and how its service is called, beyond its vendor's row. */
export function tune(service: Service, type: string, values: Values): void {
  for (let i = 0; i < HOSTS.length; i++) {
    if (HOSTS[i][0] == type) setHost(service, values, HOSTS[i][1]);
  }
  if (type == "openai") tuneCustomUrl(service, values, "openaiCustomUrl");
  else if (type == "vllm") tuneVllm(service, values);
  else if (type == "azure") readAzure(service, borrow(values.text("azureServiceUrl")));
  else if (type == "qwen") tuneQwen(service, values);
  else if (type == "zhipuai") tuneZhipu(service, values);
  else if (type == "ollama") tuneOllama(service, values);
  else if (type == "claude") tuneClaude(service, values);
  else if (type == "gemini") tuneGemini(service, values);
  else if (type == "dify") tuneDify(service, values);
  else if (type == "github") tuneGithub(service);
  else if (type == "minimax") tuneSettings(service, values, MINIMAX_SETTINGS);
  else if (type == "deepl") tuneSettings(service, values, DEEPL_SETTINGS);
  else if (type == "triton") tuneSettings(service, values, TRITON_SETTINGS);
}

function setHost(service: Service, values: Values, field: string): void {
  const address = values.text(field);
  const host = Url.parse(borrow(address)).host;
  if (lengthOf(host) > 0) service.authority = toOwned(host);
}

function tuneCustomUrl(service: Service, values: Values, field: string): void {
  const address = values.text(field);
  if (address.byteLength > 0) readCustomUrl(service, borrow(address));
}

/** The host of the server goes without its port: the cluster has that. */
function tuneVllm(service: Service, values: Values): void {
  const address = values.text("vllmServerHost");
  const host = Url.parse(borrow(address)).host;
  const colon = indexOfByte(host, COLON);
  const name: Slice = colon < 0 ? host : subslice(host, 0, colon);
  if (lengthOf(name) > 0) service.authority = toOwned(name);
  tuneCustomUrl(service, values, "vllmCustomUrl");
}

/** DashScope's own API, where its OpenAI-compatible one is not wanted. Clients of Anthropic's API keep theirs. */
function tuneQwen(service: Service, values: Values): void {
  if (values.flag("qwenEnableCompatible")) return;
  service.format = SERVICE_FORMATS.indexOf("dashscope");
  service.basePath = utf8("/api/v1");
  service.alsoSpeaks = [utf8("anthropic")];
  service.paths = [new ApiPath(utf8("/messages"), utf8("/apps/anthropic/v1/messages"))];
}

function tuneZhipu(service: Service, values: Values): void {
  if (values.flag("zhipuCodePlanMode")) service.basePath = utf8("/api/coding/paas/v4");
}

function tuneOllama(service: Service, values: Values): void {
  const host = toText(borrow(values.text("ollamaServerHost")));
  if (host.length > 0) service.authority = utf8(host + ":" + values.integer("ollamaServerPort").toString());
}

/** The headers by which Anthropic tells Claude Code from others. Source: requests of Claude Code itself. */
function tuneClaude(service: Service, values: Values): void {
  const version = values.text(versionField(values));
  if (version.byteLength > 0) addHeader(service, "anthropic-version", toText(borrow(version)));
  if (!values.flag("claudeCodeMode")) return;
  addHeader(service, "user-agent", "claude-cli/2.1.2 (external, cli)");
  addHeader(service, "x-app", "cli");
  addHeader(
    service,
    "anthropic-beta",
    "oauth-2025-04-20,interleaved-thinking-2025-05-14,claude-code-20250219",
  );
  service.paths = [new ApiPath(utf8("/messages"), utf8("/v1/messages?beta=true"))];
}

/** The official documentation has three names for it. */
function versionField(values: Values): string {
  if (values.has("claudeVersion")) return "claudeVersion";
  return values.has("version") ? "version" : "apiVersion";
}

function tuneGemini(service: Service, values: Values): void {
  const version = toText(borrow(values.text("apiVersion")));
  if (version.length > 0) service.basePath = utf8("/" + version);
}

function tuneDify(service: Service, values: Values): void {
  const address = values.text("difyApiUrl");
  const url = Url.parse(borrow(address));
  if (lengthOf(url.host) > 0) service.authority = toOwned(url.host);
  if (lengthOf(url.path) > 0) service.basePath = toOwned(url.path);
  tuneSettings(service, values, ["inputVariable", "inputVariable", "outputVariable", "outputVariable"]);
  service.settings.add("botType", utf8(toText(borrow(values.text("botType"))).toLowerCase()));
}

/** The official plugin's host of GitHub's models, to which the route's service leads. */
function tuneGithub(service: Service): void {
  service.authority = utf8("models.inference.ai.azure.com");
  service.basePath = utf8("");
  service.paths = [];
}

/** @param names two by two: the format's name of a setting, and the field that has it */
function tuneSettings(service: Service, values: Values, names: string[]): void {
  const settings = new Settings();
  for (let i = 0; i + 1 < names.length; i += 2) {
    const text = values.text(names[i + 1]);
    if (text.byteLength > 0) settings.add(names[i], text);
  }
  if (service.official == "minimax") {
    settings.add("botName", utf8("MM智能助理"));
    settings.add("userName", utf8("用户"));
  }
  service.settings = settings;
}

function addHeader(service: Service, name: string, value: string): void {
  service.headers.push(utf8(name));
  service.headers.push(utf8(value));
}
