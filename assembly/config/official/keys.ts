import { EMPTY, borrow, endsWith, toText, utf8 } from "../../bytes/slice";
import { ServiceAccount } from "../../vendors/auth/service-account";
import { SigV4 } from "../../vendors/auth/sigv4";
import { Tc3 } from "../../vendors/auth/tc3";
import { accountAuth, keyAuth, signedAuth } from "../auth";
import { AuthType, TokenSource } from "../credentials";
import { Service } from "../model";
import { KeySettings } from "../policies";
import { KEY_STATUSES } from "../read-policies";
import { Values } from "../values";
import { note } from "./ignored";
import { readStatuses } from "./retry";

/** Types that are called without a key as a matter of course. */
const KEYLESS: string[] = ["ollama", "vllm", "generic", "triton", "openai", "hunyuan", "bedrock", "vertex"];

/** What tokens of a service account are good for. Source: Google Cloud, "OAuth 2.0 scopes". */
const SCOPE: string = "https://www.googleapis.com/auth/cloud-platform";

/** Milliseconds for which a key is left alone at first, and at most. */
const COOL_DOWN_MS: i32 = 10000;
const MAX_COOL_DOWN_MS: i32 = 600000;

/** What the official plugin takes where `failover` says 0. */
const FAILURES: i32 = 3;
const INTERVAL_MS: i32 = 5000;

/** Fields of `failover` that are about requests of the official plugin's own. */
const CHECKS: string[] = ["healthCheckTimeout", "healthCheckModel"];

/**
 * How a provider proves who calls, and when one of its keys is left alone.
 * @param place where its vendor or format wants its key, as for `keyAuth`
 */
export function readKeys(
  service: Service,
  values: Values,
  type: string,
  place: string,
  path: string,
  notes: string[],
): void {
  const tokens = values.texts("apiTokens");
  service.keys = readFailover(values, path, notes);
  if (tokens.length > 0) {
    // The official plugin wants a key for Triton, and sends none: servers that have no keys do not mind one less.
    if (type == "triton") return;
    const isCode = type == "claude" && values.flag("claudeCodeMode");
    service.auth = keyAuth(isCode ? "authorization" : place, tokens, service.authority);
  } else if (values.text("awsAccessKey").byteLength > 0 && type == "bedrock") {
    const region = values.text("awsRegion");
    service.auth = signedAuth(
      AuthType.SigV4,
      new SigV4(values.text("awsAccessKey"), values.text("awsSecretKey"), EMPTY, region, utf8("bedrock")),
    );
  } else if (values.text("hunyuanAuthId").byteLength > 0 && type == "hunyuan") {
    service.auth = signedAuth(
      AuthType.Tc3,
      new Tc3(
        values.text("hunyuanAuthId"),
        values.text("hunyuanAuthKey"),
        EMPTY,
        utf8("hunyuan"),
        utf8("ChatCompletions"),
        utf8("2023-09-01"),
        EMPTY,
      ),
    );
  } else if (values.has("vertexAuthKey") && type == "vertex") {
    service.auth = accountAuth(readAccount(values));
  } else {
    service.passesKey = type == "openai";
    if (!KEYLESS.includes(type)) {
      note(notes, path + ": there are no apiTokens, so requests of type " + type + " go without a key");
    }
  }
}

/**
 * `failover`: a key that gets such a status so many times is left alone for a while. Then requests take the place of
 * the official plugin's health checks, see docs/decisions/0019-keys-that-come-back.md.
 */
function readFailover(provider: Values, path: string, notes: string[]): KeySettings {
  const keys = new KeySettings();
  const values = provider.object("failover");
  const isOn = values.flag("enabled");
  keys.coolDownMs = COOL_DOWN_MS;
  keys.statuses = KEY_STATUSES;
  if (isOn) {
    const given = values.texts("failoverOnStatus");
    const statuses = readStatuses(given, path + ".failover.failoverOnStatus", notes);
    if (statuses.length > 0) keys.statuses = statuses;
    keys.consecutiveFailures = values.positive("failureThreshold", FAILURES);
    keys.consecutiveSuccesses = values.positive("successThreshold", 1);
    const interval = values.positive("healthCheckInterval", INTERVAL_MS);
    keys.coolDownMs = values.positive("cooldownDuration", interval);
    noteChecks(values, path, notes);
  }
  keys.maxCoolDownMs = max(keys.coolDownMs, MAX_COOL_DOWN_MS);
  keys.consumerHeader = utf8("x-mse-consumer");
  return keys;
}

function noteChecks(values: Values, path: string, notes: string[]): void {
  const given: string[] = [];
  for (let i = 0; i < CHECKS.length; i++) if (values.has(CHECKS[i])) given.push(CHECKS[i]);
  if (given.length == 0) return;
  const names = given.join(", ");
  note(
    notes,
    path + ".failover: " + names + " ignored: requests of clients find out whether a key is good again",
  );
}

function readAccount(values: Values): TokenSource {
  const source = new TokenSource();
  source.account = ServiceAccount.parse(borrow(values.secretJson("vertexAuthKey")));
  source.scope = utf8(SCOPE);
  const name = values.text("vertexAuthServiceName");
  const suffix = endsWith(borrow(name), ".dns") ? "" : ".dns";
  source.cluster = utf8("outbound|443||" + toText(borrow(name)) + suffix);
  source.refreshAheadMs = values.integer("vertexTokenRefreshAhead") * 1000;
  return source;
}
