/** Which service answers a model, and what the service calls it. */
import { Pattern, PatternKind } from "../bytes/pattern";
import { Slice, Utf8, borrow, lengthOf, startsWith } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { Config, Mapping, Service } from "./model";
import { Pair } from "./values";

/** The last name that was made by a regular expression. */
const rewritten: Writer = new Writer();

/** Nothing is left out. */
const NO_ONE: Array<i32> = [];

/**
 * Index of the service that answers the model, or -1. A service without `models` answers every model, and
 * requests that name none (NONE). Those with a weight share the requests and come before those without, of which the
 * first one counts.
 * @param share a random number from 0 on and below 1; needed where `hasWeights`
 * @param skip indexes of services that are not wanted
 */
export function selectService(config: Config, model: Slice, share: f64 = 0, skip: Array<i32> = NO_ONE): i32 {
  const services = config.services;
  let first = -1;
  let total = 0;
  for (let i = 0; i < services.length; i++) {
    const service = unchecked(services[i]);
    if (!answers(service, model) || skip.includes(i)) continue;
    if (!config.hasWeights) return i;
    if (first < 0) first = i;
    total += service.weight;
  }
  return total == 0 ? first : weighted(config, model, (share * (total as f64)) as i32, skip);
}

/** The service of which the place `at` falls into its part of all weights. */
function weighted(config: Config, model: Slice, at: i32, skip: Array<i32>): i32 {
  const services = config.services;
  let rest = at;
  for (let i = 0; i < services.length; i++) {
    const service = unchecked(services[i]);
    if (service.weight == 0 || !answers(service, model) || skip.includes(i)) continue;
    rest -= service.weight;
    if (rest < 0) return i;
  }
  return -1;
}

/** Whether it matters at all which model a request names: to choose a service, to map it, or in a path. */
export function usesModel(config: Config): bool {
  const services = config.services;
  for (let i = 0; i < services.length; i++) {
    const service = unchecked(services[i]);
    if (service.models.length > 0 || service.mappings.length > 0 || service.families !== null) return true;
    for (let j = 0; j < service.paths.length; j++) if (unchecked(service.paths[j]).hasModel) return true;
  }
  return false;
}

/**
 * Whether a service can only be chosen once the model is known: the first one, or one of those that share the requests,
 * does not answer all of them.
 */
export function needsModel(config: Config): bool {
  const services = config.services;
  for (let i = 0; i < services.length; i++) {
    const service = unchecked(services[i]);
    if ((i == 0 || service.weight > 0) && service.models.length > 0) return true;
  }
  return false;
}

/**
 * The service's name of a model, as plain text that a JSON writer has to escape: the slice itself where it keeps
 * the client's; else bytes of the configuration, or bytes that the next call reuses. A request that names no model
 * (NONE) gets the one of "*", if there is any.
 */
export function mapModel(service: Service, model: Slice): Slice {
  const mappings = service.mappings;
  for (let i = 0; i < mappings.length; i++) {
    const mapping = unchecked(mappings[i]);
    if (lengthOf(model) == 0 ? mapping.from.kind == PatternKind.All : mapping.from.matches(model)) {
      return apply(mapping, model);
    }
  }
  return model;
}

function apply(mapping: Mapping, model: Slice): Slice {
  if (mapping.to.byteLength == 0) return model;
  if (mapping.from.kind != PatternKind.Regex) return borrow(mapping.to);
  rewritten.reset();
  mapping.from.rewrite(rewritten, model, mapping.replacement);
  return rewritten.view();
}

/** The service as it is called for a model. @param model the client's name of it; NONE where the request names none */
export function serviceFor(service: Service, model: Slice): Service {
  const families = service.families;
  if (families === null) return service;
  const name = mapModel(service, model);
  for (let i = 0; i < families.length; i++) {
    const family = unchecked(families[i]);
    if (startsWith(name, family.prefix)) return family.service;
  }
  return service;
}

/** A request without a model is only answered by a pattern for all. */
function answers(service: Service, model: Slice): bool {
  const models = service.models;
  for (let i = 0; i < models.length; i++) {
    const pattern = unchecked(models[i]);
    if (lengthOf(model) == 0 ? pattern.kind == PatternKind.All : pattern.matches(model)) return true;
  }
  return models.length == 0;
}

/** Compiles the patterns of `models`. */
export function compileModels(texts: Utf8[]): Pattern[] {
  const patterns: Pattern[] = [];
  for (let i = 0; i < texts.length; i++) patterns.push(Pattern.parse(borrow(texts[i])));
  return patterns;
}

/**
 * Compiles a model mapping and puts its lines in the order in which they are tried, whatever order they are written
 * in (a JSON object has none that can be relied on): names, then `prefix*` and `*suffix` with the longest first (of
 * equally long ones the prefix), then regular expressions as they are written, then "*". Of two lines for the same
 * pattern the later one counts.
 */
export function compileMappings(pairs: Pair[]): Mapping[] {
  const mappings: Mapping[] = [];
  for (let i = 0; i < pairs.length; i++) {
    const pattern = Pattern.parse(borrow(pairs[i].from));
    const mapping = new Mapping(pattern, pairs[i].to, pattern.replacement(borrow(pairs[i].to)));
    mapping.rank = rankOf(pattern.kind, pairs[i].from.byteLength);
    mapping.place = pattern.kind == PatternKind.Regex ? i : -i;
    mappings.push(mapping);
  }
  mappings.sort((left, right) =>
    left.rank != right.rank ? left.rank - right.rank : left.place - right.place,
  );
  return mappings;
}

/** Smaller is tried earlier. */
function rankOf(kind: PatternKind, length: i32): i32 {
  switch (kind) {
    case PatternKind.Exact:
      return -(1 << 30);
    case PatternKind.Regex:
      return 1;
    case PatternKind.All:
      return 2;
    case PatternKind.Prefix:
      return -2 * length - 1;
    default:
      return -2 * length;
  }
}
