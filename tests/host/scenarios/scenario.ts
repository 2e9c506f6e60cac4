/** What is played on both the real Envoy and the emulator, and what of it is compared. */

export interface Scenario {
  name: string;
  /** For the probe filter. */
  script: string;
  /** Listener (and emulator options) to use; default "main". */
  listener?: ListenerName;
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  /** Parts of the request body in the order in which they are sent; none: a request without body. */
  request?: string[];
  requestTrailers?: Record<string, string>;
  /** HTTP version of the client; with 2 the last part carries the end of the stream. Default 1. */
  http?: 1 | 2;
  answer?: ScenarioAnswer;
  /** The client goes away when it has read this many bytes of the answer's body. */
  clientLeavesAfter?: number;
  /** Script of an exchange that is played before on the same VM. */
  before?: string;
  /** Large bodies arrive in parts of any size: lines about parts that are not the last are not compared. */
  coarse?: boolean;
  /** Answers to callouts by path; a callout to another path gets 404. */
  callouts?: Record<string, { status: number; body: string }>;
}

export interface ScenarioAnswer {
  status?: number;
  headers?: Record<string, string>;
  parts?: string[];
  trailers?: Record<string, string>;
  /** The upstream breaks off after its parts. */
  abort?: boolean;
  /** It sends nothing more after its parts, and no headers either where it has none. */
  hang?: boolean;
}

/** What differs between listeners. */
export const LISTENERS = {
  main: { hold: true, limit: 1024 * 1024 },
  small: { hold: true, limit: 1024 },
  large: { hold: true, limit: 64 * 1024 * 1024 },
  /** Without allow_on_headers_stop_iteration. */
  plain: { hold: false, limit: 1024 * 1024 },
  trap1: { hold: true, limit: 1024 * 1024 },
  trap2: { hold: true, limit: 1024 * 1024 },
  trap3: { hold: true, limit: 1024 * 1024 },
  trap4: { hold: true, limit: 1024 * 1024 },
  trap5: { hold: true, limit: 1024 * 1024 },
} as const;

export type ListenerName = keyof typeof LISTENERS;

/** What is compared. */
export interface Observation {
  /** What the probe logged, context creation to deletion. */
  probe: string[];
  /** What reached the upstream; undefined when nothing did. */
  upstream?: { headers: Record<string, string>; body: string; complete: boolean };
  /** What reached the client; undefined when it got no answer. */
  client?: {
    status: number;
    headers: Record<string, string>;
    body: string;
    complete: boolean;
    trailers: Record<string, string>;
  };
}

/** Headers that are compared: those no proxy adds by itself. */
export function comparable(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of Object.keys(headers).sort()) {
    if (!/^(x-t|content-(length|type)$|:path$|:method$)/.test(name)) continue;
    // HTTP/1 writes this for an empty answer; no filter sees it.
    if (name === "content-length" && headers[name] === "0") continue;
    kept[name] = String(headers[name]);
  }
  return kept;
}

/** Long bodies by length and a part of both ends. */
export function digest(body: string): string {
  return body.length <= 200 ? body : `${body.length}: ${body.slice(0, 20)}...${body.slice(-20)}`;
}

/** Whether a line of the probe is compared. */
export function isCompared(scenario: Scenario, line: string): boolean {
  return !(scenario.coarse && /^r[qs]b .*eos=0$/.test(line));
}
