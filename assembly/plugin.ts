import { borrow, toOwned } from "./bytes/slice";
import { RuleSet } from "./config/rules";
import { BufferType, DataAction, HeadersAction, LogLevel } from "./host/abi";
import { readBody } from "./host/body";
import { enterContext } from "./host/callout";
import { setTickPeriod } from "./host/clock";
import { beginCallback, endCallback, endLargeCallback, isOutermost } from "./host/collect";
import { log, refreshLogLevel } from "./host/log";
import { releaseInbox } from "./host/memory";
import { Observer } from "./observe/observer";
import { RetryingExchange } from "./retrying-exchange";
import { Deployment } from "./upstream/deployment";
import { VERSION } from "./version";

/**
 * Contexts by id. One VM hosts several root contexts at once (two plugin configurations with the same image, or the
 * old and the new one during a change), so all state hangs on a root and is found by id; there are no other globals
 * that belong to a configuration.
 */
const roots: Map<i32, Root> = new Map<i32, Root>();
const exchanges: Map<i32, RetryingExchange> = new Map<i32, RetryingExchange>();

/** One configuration of the plugin. */
class Root {
  deployment: Deployment = new Deployment(new RuleSet());
  observer: Observer = new Observer(this.deployment);

  /** Milliseconds between ticks; 0 where nothing is to be done. */
  get tickPeriodMs(): i32 {
    return earlier(this.deployment.tickPeriodMs, this.observer.tickPeriodMs);
  }
}

/** A root context has no parent; a stream's parent is its root. A stream of an unknown root is left alone. */
export function onContextCreate(id: i32, parent: i32): void {
  beginCallback();
  if (parent == 0) {
    refreshLogLevel();
    roots.set(id, new Root());
  } else if (roots.has(parent)) {
    const root = roots.get(parent);
    exchanges.set(id, new RetryingExchange(id, root.deployment, root.observer));
  }
  endCallback(exchanges.size);
}

/** The VM has started; there is nothing to do before the configuration comes. */
export function onVmStart(root: i32, size: i32): i32 {
  return 1;
}

/**
 * Takes a configuration. What can be served is served: a rule with mistakes answers its own requests with what is
 * wrong. Only a text that is not even a JSON object is refused, so that the host keeps the configuration before.
 */
export function onConfigure(id: i32, size: i32): i32 {
  beginCallback();
  if (!roots.has(id)) return endWith(0);
  const bytes = toOwned(readBody(BufferType.PluginConfiguration, 0, size));
  releaseInbox();
  const rules = RuleSet.parse(borrow(bytes));
  for (let i = 0; i < rules.problems.length; i++) {
    log(LogLevel.Error, `eureka-ai-proxy: configuration: ${unchecked(rules.problems[i])}`);
  }
  for (let i = 0; i < rules.notes.length; i++) {
    log(LogLevel.Warn, `eureka-ai-proxy: configuration: ${unchecked(rules.notes[i])}`);
  }
  if (!rules.accepted) return endWith(0);
  const root = roots.get(id);
  root.deployment = new Deployment(rules);
  root.observer = new Observer(root.deployment);
  const period = root.tickPeriodMs;
  if (period > 0) setTickPeriod(period);
  log(LogLevel.Info, `eureka-ai-proxy ${VERSION}: configured with ${rules.rules.length} rules`);
  endLargeCallback();
  return 1;
}

/** Time passes: Eureka is asked, and requests that waited too long are answered. */
export function onTick(id: i32): void {
  beginCallback();
  if (roots.has(id)) {
    refreshLogLevel();
    const root = roots.get(id);
    const deployment = root.deployment;
    deployment.onTick();
    root.observer.tick(deployment.time);
    setTickPeriod(root.tickPeriodMs);
    wakeWaiting(deployment);
    endOverdue(deployment);
    callDue(deployment);
  }
  endCallback(exchanges.size);
}

/** A callout has been answered, or has failed: no headers at all. */
export function onCalloutResponse(id: i32, token: i32, headers: i32, size: i32, trailers: i32): void {
  beginCallback();
  if (roots.has(id)) {
    const deployment = roots.get(id).deployment;
    const caller = deployment.takeCaller(token);
    if (caller == 0) deployment.onCallout(token, headers, size);
    else if (exchanges.has(caller) && enterContext(caller))
      exchanges.get(caller).onCallAnswer(token, headers, size);
    releaseInbox();
    wakeWaiting(deployment);
  }
  endLargeCallback();
}

export function onRequestHeaders(id: i32, count: i32, isEnd: i32): i32 {
  beginCallback();
  return endWith(exchanges.has(id) ? exchanges.get(id).onRequestHeaders(isEnd != 0) : HeadersAction.Continue);
}

export function onRequestBody(id: i32, size: i32, isEnd: i32): i32 {
  beginCallback();
  return endWith(exchanges.has(id) ? exchanges.get(id).onRequestBody(size, isEnd != 0) : DataAction.Continue);
}

export function onRequestTrailers(id: i32, count: i32): i32 {
  beginCallback();
  return endWith(exchanges.has(id) ? exchanges.get(id).onRequestTrailers() : DataAction.Continue);
}

export function onResponseHeaders(id: i32, count: i32, isEnd: i32): i32 {
  beginCallback();
  return endWith(
    exchanges.has(id) ? exchanges.get(id).onResponseHeaders(isEnd != 0) : HeadersAction.Continue,
  );
}

export function onResponseBody(id: i32, size: i32, isEnd: i32): i32 {
  beginCallback();
  return endWith(
    exchanges.has(id) ? exchanges.get(id).onResponseBody(size, isEnd != 0) : DataAction.Continue,
  );
}

export function onResponseTrailers(id: i32, count: i32): i32 {
  beginCallback();
  return endWith(exchanges.has(id) ? exchanges.get(id).onResponseTrailers() : DataAction.Continue);
}

/** Nothing of ours goes on after the host is done with a context. */
export function onDone(id: i32): i32 {
  return 1;
}

/** The exchange is over, for the access log. */
export function onLog(id: i32): void {
  beginCallback();
  if (exchanges.has(id)) {
    const exchange = exchanges.get(id);
    exchange.onLog();
    if (isOutermost() && exchange.deployment.limits.takeFreed()) wakeWaiting(exchange.deployment);
  }
  endCallback(exchanges.size);
}

/** A context is gone. Roots go when their last stream has gone. */
export function onDelete(id: i32): void {
  beginCallback();
  if (exchanges.has(id)) {
    exchanges.get(id).onDelete();
    exchanges.delete(id);
  } else if (roots.has(id)) {
    roots.get(id).observer.withdraw();
    roots.get(id).deployment.dispose();
    roots.delete(id);
  }
  endCallback(exchanges.size);
}

/** The shorter of two periods; 0 is none. */
function earlier(first: i32, second: i32): i32 {
  return first == 0 || second == 0 ? max(first, second) : min(first, second);
}

/** Ends a callback and hands its answer on. */
function endWith(answer: i32): i32 {
  endCallback(exchanges.size);
  return answer;
}

/** Answers that have been silent, or have gone on, for too long come to their end. */
function endOverdue(deployment: Deployment): void {
  if (!deployment.limits.isOn) return;
  const overdue = deployment.limits.overdue();
  for (let i = 0; i < overdue.length; i++) {
    const id = unchecked(overdue[i]);
    if (exchanges.has(id) && enterContext(id)) exchanges.get(id).onOverdue();
  }
}

/** Requests that wait for Eureka's first answer, or for a place, are tried again, each in its own context. */
function wakeWaiting(deployment: Deployment): void {
  const waiting = deployment.takeWaiting();
  for (let i = 0; i < waiting.length; i++) {
    const id = unchecked(waiting[i]);
    if (exchanges.has(id) && enterContext(id)) exchanges.get(id).onNews();
  }
}

/** Requests for which some time has come are told, each in its own context; the others wait on. */
function callDue(deployment: Deployment): void {
  const watched = deployment.takeWatched();
  for (let i = 0; i < watched.length; i++) {
    const id = unchecked(watched[i]);
    if (!exchanges.has(id)) continue;
    const exchange = exchanges.get(id);
    if (exchange.isDue(deployment.time)) {
      if (enterContext(id)) exchange.onTime();
    } else if (exchange.isTimed) deployment.watch(id);
  }
}
