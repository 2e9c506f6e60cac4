import { EMPTY, borrow, endsWith, lengthOf, toText, utf8 } from "../../bytes/slice";
import { ALL_APIS } from "../../formats/api";
import { upstreamOf } from "../../formats/table";
import { findVendor } from "../../vendors/table";
import { Variables } from "../../vendors/variables";
import { Vendor } from "../../vendors/vendor";
import { Service } from "../model";
import { compileMappings } from "../models";
import { Values } from "../values";
import { adoptFamilies, adoptVendor } from "../vendors";
import { readBasePaths } from "./base-paths";
import { readCapabilities } from "./capabilities";
import { PROVIDER_TYPES } from "./fields";
import { noteIgnored } from "./ignored";
import { readKeys } from "./keys";
import { readManners } from "./manners";
import { readMoonshotFile } from "./moonshot-file";
import { readPromptCache } from "./prompt-cache";
import { tune } from "./targets";
import { Url } from "./url";

/** What clients speak. The order is that of PROTOCOLS. */
enum Protocol {
  OpenAi,
  Original,
  Auto,
}

/** Index of `pro` among the APIs of MiniMax. */
const MINIMAX_PRO: i32 = 1;

/** End of DeepL's keys that cost nothing. Source: DeepL API documentation, "Authentication". */
const FREE_KEY: string = ":fx";

/** Variables of vendors' rows, and the fields that hold them. */
const VARIABLES: string[] = [
  "account",
  "cloudflareAccountId",
  "region",
  "awsRegion",
  "region",
  "vertexRegion",
  "project",
  "vertexProjectId",
];

/**
 * Makes a service of ours what a provider of the official plugin says.
 * @param service its place is known
 * @param path where it stands in the configuration, for notes
 * @param notes is told what is ignored
 */
export function readProvider(service: Service, values: Values, path: string, notes: string[]): void {
  const type = PROVIDER_TYPES[values.choice("type")];
  const vendor = findVendor(rowOf(type, values));
  const variables = variablesOf(type, values);
  service.name = values.text("id").byteLength > 0 ? values.text("id") : utf8(type);
  service.official = type;
  if (vendor !== null) adoptVendor(service, vendor, variables);
  tune(service, type, values);
  const isOriginal = service.isOriginal || (values.choice("protocol") as Protocol) == Protocol.Original;
  service.isOriginal = isOriginal;
  if (isOriginal) {
    service.basePath = utf8("");
    service.apis = ALL_APIS;
  }
  readCapabilities(service, values.pairs("capabilities"), path, notes);
  readBasePaths(service, values);
  if (isOriginal) service.prefixPath = service.basePath;
  const domain = values.text("providerDomain");
  const host = Url.parse(borrow(domain)).host;
  if (lengthOf(host) > 0) service.authority = utf8(toText(host));
  readKeys(service, values, type, keyPlaceOf(service, vendor), path, notes);
  // One's own instances are not on the vendor's host.
  if (service.isInEureka && values.text("providerDomain").byteLength == 0) service.authority = EMPTY;
  service.mappings = compileMappings(values.pairs("modelMapping"));
  if (type == "bedrock") readPromptCache(service, values, path, notes);
  service.manners = readManners(values, type, isOriginal, service.manners, path, notes);
  readMoonshotFile(service, values, path, notes);
  noteIgnored(values, type, path, notes);
  if (vendor === null || isOriginal) return;
  adoptFamilies(service, vendor, variables);
  const families = service.families;
  if (families === null) return;
  for (let i = 0; i < families.length; i++) readBasePaths(families[i].service, values);
}

/** Where the key goes, as for `keyAuth`. */
function keyPlaceOf(service: Service, vendor: Vendor | null): string {
  if (vendor === null) return "authorization";
  return vendor.key.length > 0 ? vendor.key : upstreamOf(service.format).keyHeader;
}

/** What stands for the `{name}`s of the type's row. */
function variablesOf(type: string, values: Values): Variables {
  const variables = new Variables();
  for (let i = 0; i + 1 < VARIABLES.length; i += 2) {
    const value = values.text(VARIABLES[i + 1]);
    if (value.byteLength > 0) variables.set(VARIABLES[i], toText(borrow(value)));
  }
  if (type == "vertex" && values.text("vertexRegion").byteLength == 0) variables.set("region", "global");
  return variables;
}

/**
 * The row of a type. Some have several: Vertex AI its own API, the express one that needs no project, and OpenAI's
 * language; Hunyuan and MiniMax OpenAI's language and one of their own; DeepL a host for keys that cost nothing.
 */
function rowOf(type: string, values: Values): string {
  if (type == "vertex") {
    if (values.flag("vertexOpenAICompatible")) return "vertex-openai";
    return values.text("vertexProjectId").byteLength == 0 ? "vertex-express" : "vertex";
  }
  if (type == "hunyuan" && values.text("hunyuanAuthId").byteLength > 0) return "hunyuan-tc3";
  if (type == "minimax" && values.choice("minimaxApiType") == MINIMAX_PRO) return "minimax-pro";
  if (type != "deepl") return type;
  const tokens = values.texts("apiTokens");
  return tokens.length > 0 && endsWith(borrow(tokens[0]), FREE_KEY) ? "deepl-free" : "deepl";
}
