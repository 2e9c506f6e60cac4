/** Reads how instances and keys are chosen, how much is let through, and when a request is tried again. */
import { Utf8, borrow, parseDecimal, subslice, utf8 } from "../bytes/slice";
import {
  Attempts,
  Balance,
  ConsumerLimits,
  KeyPolicy,
  KeySettings,
  LastResort,
  Limits,
  Observe,
  Outlier,
  Policy,
  Select,
  SessionSource,
} from "./policies";
import { Values } from "./values";

/**
 * Statuses that another attempt may cure: time-outs, too many requests, faults of the server and of what stands before
 * it, and Anthropic's "overloaded".
 */
const RETRIABLE: i32[] = [408, 429, 500, 502, 503, 504, 529];

/** Statuses that say of a key that it is wrong, blocked or used up. */
export const KEY_STATUSES: i32[] = [401, 403, 429];

/** Header that names a session where the configuration names nothing. */
const SESSION_HEADER: string = "x-session-id";

/** Which instances may be called. */
export function readSelect(values: Values): Select {
  const select = new Select();
  select.statuses = values.texts("statuses");
  select.ports = values.choice("ports");
  select.preferIp = values.flag("preferIp");
  const metadata = values.pairs("metadata");
  for (let i = 0; i < metadata.length; i++) {
    select.metadataKeys.push(metadata[i].from);
    select.metadataValues.push(metadata[i].to);
  }
  select.zone = values.text("zone");
  select.weightKey = values.text("weightKey");
  return select;
}

/** How one of them is chosen. */
export function readBalance(values: Values): Balance {
  const balance = new Balance();
  balance.policy = values.choice("policy") as Policy;
  if (values.has("cookie")) {
    balance.session = SessionSource.Cookie;
    balance.sessionName = values.text("cookie");
  } else if (values.has("field")) {
    balance.session = SessionSource.Field;
    balance.sessionName = values.text("field");
  } else {
    balance.sessionName = values.has("header") ? values.lowerCase("header") : utf8(SESSION_HEADER);
  }
  balance.prefixBytes = values.integer("prefixBytes");
  balance.loadFactor = values.decimal("loadFactor");
  balance.slowStartMs = values.integer("slowStartMs");
  return balance;
}

/** When one is left alone although Eureka says that it is UP. */
export function readOutlier(values: Values): Outlier {
  const outlier = new Outlier();
  outlier.consecutiveFailures = values.integer("consecutiveFailures");
  outlier.baseEjectionMs = values.integer("baseEjectionMs");
  outlier.maxEjectionMs = values.integer("maxEjectionMs");
  outlier.maxEjectedPercent = values.integer("maxEjectedPercent");
  return outlier;
}

/** How several keys are used. */
export function readKeys(values: Values): KeySettings {
  const keys = new KeySettings();
  keys.policy = values.choice("policy") as KeyPolicy;
  keys.statuses = statusesOf(values.texts("statuses"), KEY_STATUSES);
  keys.coolDownMs = values.integer("coolDownMs");
  keys.maxCoolDownMs = values.integer("maxCoolDownMs");
  keys.consecutiveFailures = values.integer("consecutiveFailures");
  keys.consecutiveSuccesses = values.integer("consecutiveSuccesses");
  keys.consumerHeader = values.lowerCase("consumerHeader");
  return keys;
}

/** How much a service is asked at once, and in a minute. */
export function readLimits(values: Values): Limits {
  const limits = new Limits();
  limits.concurrent = values.integer("concurrent");
  limits.concurrentPerInstance = values.integer("concurrentPerInstance");
  limits.queue = values.integer("queue");
  limits.queueMs = values.integer("queueMs");
  limits.requestsPerMinute = values.integer("requestsPerMinute");
  limits.tokensPerMinute = values.integer("tokensPerMinute");
  limits.maxStreamMs = values.integer("maxStreamMs");
  limits.idleMs = values.integer("idleMs");
  return limits;
}

/** Rules with the same limits share what a consumer has used; with others they count on their own. */
export function readConsumerLimits(values: Values): ConsumerLimits {
  const limits = new ConsumerLimits();
  limits.requestsPerMinute = values.integer("requestsPerMinute");
  limits.tokensPerMinute = values.integer("tokensPerMinute");
  limits.consumerHeader = values.lowerCase("consumerHeader");
  limits.seed = ((limits.requestsPerMinute as u64) << 32) | (limits.tokensPerMinute as u64);
  return limits;
}

/** What is said of requests. */
export function readObserve(values: Values): Observe {
  const observe = new Observe();
  observe.metrics = values.flag("metrics");
  observe.models = values.integer("models");
  observe.logAttributes = values.flag("logAttributes");
  observe.accessLog = values.flag("accessLog");
  return observe;
}

/** When a request is tried again; null where it is not. */
export function readAttempts(config: Values): Attempts | null {
  if (!config.has("attempts")) return null;
  const values = config.object("attempts");
  const attempts = new Attempts();
  attempts.max = values.integer("max");
  attempts.totalMs = values.integer("totalMs");
  attempts.firstByteMs = values.integer("firstByteMs");
  attempts.backoffMs = values.integer("backoffMs");
  attempts.maxBackoffMs = values.integer("maxBackoffMs");
  attempts.budgetPercent = values.integer("budgetPercent");
  attempts.maxBodyBytes = values.integer("maxBodyBytes");
  attempts.statuses = statusesOf(values.texts("statuses"), RETRIABLE);
  return attempts;
}

/** A last resort needs what attempts keep, although there is but one. */
export function onlyOnce(): Attempts {
  const attempts = new Attempts();
  attempts.statuses = RETRIABLE;
  return attempts;
}

/** `429` is itself, `5xx` is 5. @param fallback what none stand for */
function statusesOf(texts: Utf8[], fallback: i32[]): i32[] {
  if (texts.length == 0) return fallback;
  const statuses: i32[] = [];
  for (let i = 0; i < texts.length; i++) {
    const text = borrow(texts[i]);
    const status = parseDecimal(text);
    statuses.push(status > 0 ? status : parseDecimal(subslice(text, 0, 1)));
  }
  return statuses;
}

/** What is done when every attempt failed; null where it is nothing. */
export function readLastResort(config: Values): LastResort | null {
  if (!config.has("lastResort")) return null;
  const values = config.object("lastResort");
  const resort = new LastResort();
  resort.service = values.text("service");
  resort.model = values.text("model");
  resort.maxTokens = values.integer("maxTokens");
  resort.answer = values.text("answer");
  return resort;
}
