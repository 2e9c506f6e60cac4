/** Makes the typed configuration out of a document that was found right: defaults in, names derived. */
import {
  EMPTY,
  Utf8,
  borrow,
  lastIndexOfByte,
  lengthOf,
  subslice,
  toOwned,
  toText,
  utf8,
} from "../bytes/slice";
import { NO_SETTINGS, Settings } from "../formats/settings";
import { ALL_APIS } from "../formats/api";
import { formatAt } from "../formats/table";
import { Node } from "../json/document";
import { NO_QUIRKS } from "../vendors/quirks";
import { findVendor } from "../vendors/table";
import { Variables } from "../vendors/variables";
import { Vendor } from "../vendors/vendor";
import { fieldsOf } from "./fields";
import { formatOf } from "./format-of";
import { placedAuth, readAuth } from "./auth";
import { clusterOf } from "./clusters";
import { compileMappings, compileModels } from "./models";
import { Config, EurekaServer, EurekaSettings, Service, Steering, Where } from "./model";
import { PROVIDER } from "./official/fields";
import { readProvider } from "./official/provider";
import { readRetry } from "./official/retry";
import { Chosen } from "./official/providers";
import { Problems } from "./problems";
import {
  onlyOnce,
  readAttempts,
  readBalance,
  readConsumerLimits,
  readKeys,
  readLastResort,
  readLimits,
  readObserve,
  readOutlier,
  readSelect,
} from "./read-policies";
import { Source } from "./source";
import { Values } from "./values";
import { addPath, adoptFamilies, adoptVendor } from "./vendors";

const BAR: u8 = 0x7c;

/** Fields of a service that say where its instances are. */
const PLACES: string[] = ["application", "vip", "secureVip", "service", "cluster"];

/** Index of the protocol that is left alone, in PROTOCOLS. */
const ORIGINAL: i32 = 1;

/**
 * Reads an object of type `config` or `rule`.
 * @param base what fields that are not given are inherited from; null: they have their defaults
 * @param problems those of the object: fields with problems are not read
 * @param provider the official plugin's provider that the object chooses; null: none
 * @param notes is told what is ignored
 */
export function readConfig(
  source: Source,
  node: Node,
  type: string,
  base: Config | null,
  problems: Problems,
  provider: Chosen | null,
  notes: string[],
): Config {
  const values = new Values(source, node, type);
  const config = base == null ? new Config() : base.copy();
  const isAll = base == null;
  if (reads("services", values, isAll, problems)) config.listed = readServices(values.objects("services"));
  config.services = config.listed;
  if (reads("eureka", values, isAll, problems)) config.eureka = readEureka(values);
  if (reads("steering", values, isAll, problems)) config.steering = readSteering(values.object("steering"));
  if (reads("attempts", values, isAll, problems)) config.attempts = readAttempts(values);
  if (reads("lastResort", values, isAll, problems)) config.lastResort = readLastResort(values);
  if (config.attempts === null && config.lastResort !== null) config.attempts = onlyOnce();
  if (reads("maxBodyBytes", values, isAll, problems)) config.maxBodyBytes = values.integer("maxBodyBytes");
  if (reads("allowOnHeadersStopIteration", values, isAll, problems)) {
    config.allowOnHeadersStopIteration = values.flag("allowOnHeadersStopIteration");
  }
  if (reads("limits", values, isAll, problems)) config.limits = readConsumerLimits(values.object("limits"));
  if (reads("observe", values, isAll, problems)) config.observe = readObserve(values.object("observe"));
  if (provider != null) {
    // What an object says itself comes before what it would inherit.
    const own = values.has("services") ? config.listed.slice() : [];
    const chosen = new Values(source, provider.node, PROVIDER);
    own.push(readChosen(chosen, provider.path, notes));
    config.services = own;
    const retry = readRetry(chosen, provider.path, notes);
    if (retry !== null && !values.has("attempts")) config.attempts = retry;
  }
  config.hasWeights = config.services.some((service) => service.weight > 0);
  return config;
}

function reads(name: string, values: Values, isAll: bool, problems: Problems): bool {
  return (isAll || values.has(name)) && problems.of(name).length == 0;
}

function readServices(list: Values[]): Service[] {
  const services: Service[] = [];
  for (let i = 0; i < list.length; i++) services.push(readService(list[i]));
  return services;
}

function readService(values: Values): Service {
  const service = new Service();
  const where = whereOf(values);
  service.name = values.text(values.has("name") ? "name" : where.length > 0 ? where : "vendor");
  readPlace(values, service);
  service.strict = values.flag("strict");
  const vendor = findVendor(toText(borrow(values.text("vendor"))));
  const variables = readVariables(values.object("variables"));
  const isVendors = readLanguage(values, service, vendor, variables);
  const keyPlace = vendor === null ? "" : vendor.key;
  const keyHeader = keyPlace.length > 0 ? keyPlace : formatOf(service).keyHeader;
  const declared = service.declared;
  if (declared !== null && declared.usesToken) service.auth = placedAuth(values, placeOf(service));
  else service.auth = readAuth(values, keyHeader, placeOf(service));
  service.keys = readKeys(values.object("keys"));
  service.models = compileModels(values.texts("models"));
  service.mappings = compileMappings(values.pairs("modelMapping"));
  service.settings = readSettings(values.variant("settings"));
  service.thinkingHistory = values.flag("thinkingHistory");
  service.weight = values.integer("weight");
  service.limits = readLimits(values.object("limits"));
  readInstances(values, service);
  if (vendor !== null && isVendors) {
    adoptFamilies(service, vendor, variables);
    const families = service.families;
    for (let i = 0; families !== null && i < families.length; i++) addPaths(families[i].service, values);
  }
  return service;
}

/** Where the instances of a service are. */
function readPlace(values: Values, service: Service): void {
  const where = whereOf(values);
  if (where == "application") {
    service.where = Where.Application;
    service.application = values.upperCase("application");
  } else if (where == "vip" || where == "secureVip") {
    service.where = where == "vip" ? Where.Vip : Where.SecureVip;
    service.application = values.text(where);
  } else if (where == "service") {
    service.where = Where.Registry;
    service.cluster = clusterOf(values.text("service"));
  } else if (where == "cluster") {
    service.where = Where.Cluster;
    service.cluster = values.text("cluster");
  } else {
    service.where = Where.Route;
  }
}

/** Which of them are called. */
function readInstances(values: Values, service: Service): void {
  service.instances = values.texts("instances");
  service.select = readSelect(values.object("select"));
  service.balance = readBalance(values.object("balance"));
  service.outlier = readOutlier(values.object("outlier"));
}

/** A provider of the official plugin; where it names a place in Eureka, that is where it is called. */
function readChosen(values: Values, path: string, notes: string[]): Service {
  const service = new Service();
  service.where = Where.Route;
  if (values.has("eureka")) {
    const place = values.object("eureka");
    readPlace(place, service);
    readInstances(place, service);
  }
  readProvider(service, values, path, notes);
  return service;
}

/** Where a service's keys are good: a key that is given twice is one, and one of another place another. */
function placeOf(service: Service): Utf8 {
  if (service.isInEureka) return service.application;
  return service.where == Where.Route ? service.authority : service.cluster;
}

/** All texts that are given or have a default; a list is a text with commas. */
function readSettings(values: Values): Settings {
  const names = values.names();
  if (names.length == 0) return NO_SETTINGS;
  const settings = new Settings();
  for (let i = 0; i < names.length; i++) {
    const text = values.text(names[i]);
    const list = text.byteLength > 0 ? "" : joined(values.texts(names[i]));
    if (text.byteLength > 0) settings.add(names[i], text);
    else if (list.length > 0) settings.add(names[i], utf8(list));
  }
  return settings;
}

function joined(texts: Utf8[]): string {
  const parts: string[] = [];
  for (let i = 0; i < texts.length; i++) parts.push(toText(borrow(texts[i])));
  return parts.join(",");
}

/**
 * Formats, paths and host: each as given, else the vendor's, else the format's own. What a vendor has for its own format is
 * no use to another, nor are its paths to a base path that is not its own; and instances in Eureka are not on its host.
 * @returns whether the service is called as its vendor's row says
 */
function readLanguage(values: Values, service: Service, vendor: Vendor | null, variables: Variables): bool {
  const format = values.choice("format");
  if (vendor !== null) adoptVendor(service, vendor, variables);
  const declared = values.declared("format");
  service.declared = declared;
  const isBuiltIn = declared === null;
  const isOwn = vendor !== null && isBuiltIn && (!values.has("format") || service.format == format);
  if (service.isInEureka) service.authority = EMPTY;
  if (values.has("authority")) service.authority = values.text("authority");
  if (!isOwn) {
    service.format = format;
    service.alsoSpeaks = [];
    service.apis = ALL_APIS;
    service.quirks = NO_QUIRKS;
    service.manners = null;
  }
  if (values.has("alsoSpeaks")) service.alsoSpeaks = values.texts("alsoSpeaks");
  const hasBasePath = values.has("basePath");
  if (!isOwn || hasBasePath) {
    service.paths = [];
    const usual = declared !== null ? declared.basePath : formatAt(service.format).basePath;
    service.basePath = hasBasePath ? values.path("basePath") : utf8(usual);
  }
  addPaths(service, values);
  if (values.has("protocol")) service.isOriginal = values.choice("protocol") == ORIGINAL;
  return isOwn && !hasBasePath && !service.isOriginal;
}

/** The paths of single APIs, which come before those of the vendor. */
function addPaths(service: Service, values: Values): void {
  const paths = values.pairs("paths");
  for (let i = paths.length - 1; i >= 0; i--) {
    addPath(service, toText(borrow(paths[i].from)), toText(borrow(paths[i].to)));
  }
}

function readVariables(values: Values): Variables {
  const variables = new Variables();
  const fields = fieldsOf("variables");
  for (let i = 0; i < fields.length; i++) {
    const name = fields[i].name;
    // Where there is but one deployment, it stands wherever the model would.
    const placeholder = name == "deployment" ? "model" : name;
    if (values.has(name)) variables.set(placeholder, toText(borrow(values.text(name))));
  }
  return variables;
}

/** The one field that says where the instances are; empty: none does, the gateway's route leads there. */
function whereOf(service: Values): string {
  for (let i = 0; i < PLACES.length; i++) if (service.has(PLACES[i])) return PLACES[i];
  return "";
}

function readEureka(config: Values): EurekaSettings | null {
  if (!config.has("eureka")) return null;
  const values = config.object("eureka");
  const settings = new EurekaSettings();
  const servers = values.objects("servers");
  for (let i = 0; i < servers.length; i++) settings.servers.push(readEurekaServer(servers[i]));
  settings.pollIntervalMs = values.integer("pollIntervalMs");
  settings.timeoutMs = values.integer("timeoutMs");
  settings.coldStartMs = values.integer("coldStartMs");
  settings.zone = values.text("zone");
  settings.mode = values.choice("mode");
  settings.fullIntervalMs = values.integer("fullIntervalMs");
  settings.maxBackoffMs = values.integer("maxBackoffMs");
  settings.emptyGraceMs = values.integer("emptyGraceMs");
  return settings;
}

function readEurekaServer(values: Values): EurekaServer {
  const server = new EurekaServer();
  server.cluster = values.has("service") ? clusterOf(values.text("service")) : values.text("cluster");
  server.path = values.path("path");
  const cluster = borrow(server.cluster);
  const name = toOwned(subslice(cluster, lastIndexOfByte(cluster, BAR) + 1, lengthOf(cluster)));
  server.authority = values.has("authority") ? values.text("authority") : name;
  server.zone = values.text("zone");
  server.username = values.text("username");
  server.password = values.text("password");
  return server;
}

function readSteering(values: Values): Steering {
  const steering = new Steering();
  steering.endpointHeader = values.lowerCase("endpointHeader");
  steering.clusterHeader = values.lowerCase("clusterHeader");
  steering.cluster = values.text("cluster");
  steering.secureCluster = values.text("secureCluster");
  steering.routerRetries = values.flag("routerRetries");
  return steering;
}
