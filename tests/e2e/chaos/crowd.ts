/** Clients of every protocol that never stop calling. */
import { setTimeout as sleep } from "node:timers/promises";
import { Agent } from "undici";
import { type Call, call, PROTOCOLS } from "./calls.ts";

/** Calls a gateway from one client of each protocol, each pausing between two calls. */
export class Crowd {
  readonly calls: Call[] = [];
  private running = true;
  private made = 0;
  private readonly agent = new Agent({ connections: 32, bodyTimeout: 30_000, headersTimeout: 30_000 });
  private readonly clients: Promise<void>[];

  /** @param headers go with every call; @param text is part of every question */
  constructor(
    private readonly url: string,
    private readonly headers: Record<string, string> = {},
    pauseMs = 10,
    private readonly text = "",
  ) {
    this.clients = PROTOCOLS.map((_, index) => this.run(index, pauseMs));
  }

  /** Calls that ended since then. */
  since(time: number): Call[] {
    return this.calls.filter(({ endedAt }) => endedAt >= time);
  }

  /** Waits until every call that has begun is over. */
  async stop(): Promise<void> {
    this.running = false;
    await Promise.all(this.clients);
    await this.agent.close();
  }

  private async run(index: number, pauseMs: number): Promise<void> {
    const protocol = PROTOCOLS[index] as (typeof PROTOCOLS)[number];
    while (this.running) {
      const question = `question ${++this.made} ${this.text}.`;
      this.calls.push(await call(this.url, protocol, question, this.agent, this.headers));
      await sleep(pauseMs);
    }
  }
}

/** What calls came to, as a row of a table. */
export interface Row {
  requests: number;
  answered: number;
  /** Refused, or torn before anything had come. */
  "failed before": number;
  /** Failed or torn after the answer had begun. */
  "failed within": number;
  lies: number;
  duplicated: number;
  retried: number;
  degraded: number;
  "longest stall ms": number;
}

/** Adds up. */
export function rowOf(calls: readonly Call[]): Row {
  const count = (is: (call: Call) => boolean) => calls.filter(is).length;
  return {
    requests: calls.length,
    answered: count(({ outcome }) => outcome === "answered"),
    "failed before": failedBefore(calls).length,
    "failed within": count(({ outcome, hasBegun }) => hasBegun && isFailure(outcome)),
    lies: count(({ outcome }) => outcome === "lie"),
    duplicated: count(({ answers }) => answers > 1),
    retried: count(({ attempts }) => attempts > 1),
    degraded: count(({ isDegraded }) => isDegraded),
    "longest stall ms": Math.round(Math.max(0, ...calls.map(({ stallMs }) => stallMs))),
  };
}

/** The calls that failed although nothing of an answer had come. */
export function failedBefore(calls: readonly Call[]): Call[] {
  return calls.filter(({ outcome, hasBegun }) => !hasBegun && isFailure(outcome));
}

function isFailure(outcome: Call["outcome"]): boolean {
  return outcome !== "answered" && outcome !== "lie";
}
