import { Slice, borrow, lengthOf, subslice, utf8 } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { Failure, FailureKind, kindOf, statusOf } from "../chat/failure";
import { Config, Service } from "../config/model";
import { Rule } from "../config/rules";
import { Api } from "../formats/api";
import { escape } from "../json/text";
import { Choice, Verdict } from "../upstream/choice";
import { Limit } from "../upstream/limits/gate";
import { Permit } from "../upstream/limits/permit";

/** Every reason for which the plugin answers by itself, in words that say what to change. */

/** Texts from outside are repeated up to this length. */
const MAX_QUOTE: i32 = 128;

const message: Writer = new Writer();

/** What is said of a service behind its name, in the order of Limit. */
const LIMIT_TEXTS: StaticArray<string> = [
  "' is limited",
  "' has as many open requests as it may have (limits.concurrent, limits.concurrentPerInstance), and its queue is full",
  "' had no place for the request in time (limits.queueMs)",
  "' has used up its requests or tokens of this minute (limits.requestsPerMinute, limits.tokensPerMinute)",
  "' is limited",
];

/** The rule that applies has mistakes in its configuration. */
export function brokenRule(rule: Rule): Failure {
  const first = rule.problems.length > 0 ? unchecked(rule.problems[0]) : "unknown problem";
  return internal("configuration_error", `the gateway's AI proxy configuration is broken: ${first}`);
}

/** The path is none of an API that the plugin knows. */
export function unknownPath(): Failure {
  return make(
    FailureKind.NotFound,
    "unknown_path",
    "this path is no AI API: call /v1/chat/completions, /v1/completions, /v1/embeddings, /v1/rerank, /v1/models or another path below /v1/",
  );
}

/** The body exceeds `maxBodyBytes`. */
export function tooLarge(config: Config): Failure {
  return make(
    FailureKind.TooLarge,
    "request_too_large",
    `request body exceeds the gateway's limit of ${config.maxBodyBytes} bytes (maxBodyBytes)`,
  );
}

/** The body is no JSON. */
export function invalidBody(problem: string): Failure {
  return make(FailureKind.InvalidRequest, "invalid_json", problem);
}

/** Choosing a service by the body's model, and converting the body, need held headers, which this host does not do. */
export function cannotHold(): Failure {
  return internal(
    "headers_not_held",
    "the body has to be read before the headers may go, since it names the model or is converted: set allow_on_headers_stop_iteration in Envoy's filter configuration and allowOnHeadersStopIteration in the plugin's",
  );
}

/** The service speaks another language than the client, and this call cannot be translated. */
export function wrongFormat(service: Service, api: Api): Failure {
  message.reset();
  message.ascii("service '");
  escape(message, borrow(service.name));
  message.ascii("' speaks another format than this call (");
  message.ascii(api.name);
  message.ascii("), which cannot be translated");
  return built(FailureKind.NotFound, "unsupported_api");
}

/** The service speaks the client's language, but has no such API. */
export function noSuchApi(service: Service, api: Api): Failure {
  message.reset();
  message.ascii("service '");
  escape(message, borrow(service.name));
  message.ascii("' has no API ");
  message.ascii(api.path);
  message.ascii("; where it has one, name its path in `paths`");
  return built(FailureKind.NotFound, "unsupported_api");
}

/** The service's path names the model, and the request does not, or only where it could not be read. */
export function pathWithoutModel(service: Service): Failure {
  message.reset();
  message.ascii("the request names no model, which service '");
  escape(message, borrow(service.name));
  message.ascii("' has in its path");
  return built(FailureKind.InvalidRequest, "model_required");
}

/** No service answers this model. */
export function unknownModel(model: Slice): Failure {
  message.reset();
  if (lengthOf(model) == 0) {
    message.ascii("the request names no model, and no service answers requests without one");
  } else {
    message.ascii("no service answers the model '");
    escape(message, lengthOf(model) <= MAX_QUOTE ? model : subslice(model, 0, MAX_QUOTE));
    message.byte(0x27);
  }
  return built(FailureKind.NotFound, "model_not_found");
}

/** Eureka knows no instance that may be used. */
export function noInstance(service: Service, reason: string): Failure {
  message.reset();
  message.ascii("no instance of service '");
  escape(message, borrow(service.name));
  message.ascii("' is available: ");
  message.ascii(reason);
  return built(FailureKind.Overloaded, "no_instance");
}

/** A limit of the service or of the consumer is reached. */
export function limited(permit: Permit, service: Service): Failure {
  const limit = permit.limit;
  message.reset();
  if (limit == Limit.Consumer) {
    message.ascii("the consumer has used up its requests or tokens of this minute");
  } else {
    message.ascii("service '");
    escape(message, borrow(service.name));
    message.ascii(unchecked(LIMIT_TEXTS[limit]));
  }
  const isRate = limit == Limit.Consumer || limit == Limit.Minute;
  const kind = isRate ? FailureKind.RateLimit : FailureKind.Overloaded;
  const failure = built(kind, isRate ? "rate_limit_exceeded" : "too_many_requests_in_flight");
  failure.retryAfter = permit.retryAfter;
  return failure;
}

/** A stream was silent, or went on, for too long. */
export function overdue(permit: Permit): Failure {
  return permit.isIdle
    ? make(FailureKind.Timeout, "stream_idle", "the service sent nothing for too long (limits.idleMs)")
    : make(FailureKind.Timeout, "stream_too_long", "the answer took too long (limits.maxStreamMs)");
}

/** Every attempt failed. @param last how the last one did */
export function attemptsFailed(last: Failure | null): Failure {
  const status = last === null ? 502 : last.status;
  const text = `every attempt failed, the last one with status ${status}`;
  const failure = make(kindOf(status), "attempts_failed", text);
  failure.status = status;
  if (last !== null) failure.retryAfter = last.retryAfter;
  return failure;
}

/** An attempt had no first byte in time. */
export function tooSlow(milliseconds: i32): Failure {
  return make(FailureKind.Timeout, "first_byte_timeout", `no first byte within ${milliseconds} ms`);
}

/** The text that the service puts into every chat could not be had. */
export function noContext(service: Service): Failure {
  message.reset();
  message.ascii("the context file of service '");
  escape(message, borrow(service.name));
  message.ascii("' cannot be read: see ");
  const manners = service.manners;
  if (manners !== null) {
    const file = manners.context;
    if (file !== null) message.ascii(file.fields);
  }
  return built(FailureKind.BadGateway, "load_ctx_failed");
}

/** The request holds more than can be edited, or no object. */
export function cannotEdit(): Failure {
  return make(
    FailureKind.InvalidRequest,
    "invalid_json",
    "request body is not a JSON object that can be edited",
  );
}

/** A host call failed that the request cannot do without. */
export function hostRefused(): Failure {
  return internal("host_refused", "the gateway refused a change to the request; see its log");
}

/** No instance was chosen, or there is nothing to prove who calls with. */
export function notChosen(service: Service, choice: Choice): Failure {
  if (choice.verdict != Verdict.NoCredentials) return noInstance(service, choice.reason);
  message.reset();
  message.ascii("the gateway cannot authenticate at service '");
  escape(message, borrow(service.name));
  message.ascii("': ");
  message.ascii(choice.reason);
  return built(FailureKind.Overloaded, "no_credentials");
}

/** A signature covers the body, which does not lie here. */
export function cannotSign(service: Service): Failure {
  message.reset();
  message.ascii("requests to service '");
  escape(message, borrow(service.name));
  message.ascii(
    "' are signed, which needs a JSON body, and headers that are held: set allow_on_headers_stop_iteration in Envoy's filter configuration and allowOnHeadersStopIteration in the plugin's",
  );
  return built(FailureKind.Internal, "cannot_sign");
}

function internal(code: string, text: string): Failure {
  return make(FailureKind.Internal, code, text);
}

function make(kind: FailureKind, code: string, text: string): Failure {
  message.reset();
  const utf = utf8(text);
  escape(message, borrow(utf));
  return built(kind, code);
}

function built(kind: FailureKind, code: string): Failure {
  return Failure.upstream(statusOf(kind), kind, message.view(), borrow(utf8(code)));
}
