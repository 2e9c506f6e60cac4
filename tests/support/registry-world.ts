/** Workers of a gateway that keep a registry, with a clock and Eureka servers made up by the test. */
import { type Callout, Host, type Root, SharedStore } from "../host/index";
import { compile } from "./assembly";

/** What a worker knows; it logs it after every callback. */
export interface Report {
  asks: boolean;
  ready: boolean;
  revision: number;
  names: Record<
    string,
    {
      at: number;
      failure: string;
      known: boolean;
      answered: boolean;
      count: number;
      instances: string[];
      endpoints: string[];
    }
  >;
  calls: number;
  full: number;
  delta: number;
  replies: number;
  adopted: number;
  takeovers: number;
  held: number;
  skipped: number;
  /** By the number of the failure. */
  failures: number[];
}

/** What a server answers: a body with status 200, another status, no answer, or none in time. */
export type Answer = string | Uint8Array | { status: number; body?: string } | "unreachable" | "timeout";

/** Answers the call of a path. */
export type Server = (path: string, headers: Readonly<Record<string, string>>) => Answer;

export interface Call {
  at: number;
  worker: string;
  cluster: string;
  path: string;
  headers: Record<string, string>;
}

export interface Worker {
  name: string;
  host: Host;
  root: Root;
  nextTick: number;
}

const STEP_MS = 10;
const START = 1_795_492_900_000;

let module: Promise<WebAssembly.Module> | undefined;

export class World {
  now = START;
  /** Milliseconds that a server takes to answer. */
  latency = 20;
  readonly shared = new SharedStore();
  readonly servers: Record<string, Server> = {};
  readonly calls: Call[] = [];
  readonly workers: Worker[] = [];
  private readonly due: { at: number; deliver: () => void }[] = [];
  private readonly seen = new Set<Callout>();

  /** Milliseconds since the start. */
  get elapsed(): number {
    return this.now - START;
  }

  /** Compiles the harness, which takes a while the first time; for `beforeAll`. */
  static async prepare(): Promise<void> {
    module ??= compile("tests/unit/discovery/worker.as.ts");
    await module;
  }

  /** A new VM with one root. */
  async start(name: string, configuration: string): Promise<Worker> {
    await World.prepare();
    const host = await Host.load((await module) as WebAssembly.Module, {
      clusters: Object.keys(this.servers),
      now: () => this.now,
      shared: this.shared,
    });
    return this.add(name, host, configuration);
  }

  /** One more root in a VM. */
  add(name: string, host: Host, configuration: string): Worker {
    const root = host.root(configuration);
    const worker = { name, host, root, nextTick: this.now + root.tickPeriodMs };
    this.workers.push(worker);
    return worker;
  }

  /** A worker that is gone: it says nothing any more, and what it asked for comes to nobody. */
  kill(worker: Worker): void {
    this.workers.splice(this.workers.indexOf(worker), 1);
    for (const callout of worker.root.callouts) this.seen.add(callout);
  }

  /** The root's configuration is gone. */
  close(worker: Worker): void {
    this.kill(worker);
    worker.root.close();
  }

  /** Lets time pass; ticks and answers come when they are due. */
  run(milliseconds: number): void {
    for (const end = this.now + milliseconds; this.now < end; ) {
      this.now += STEP_MS;
      for (const worker of this.workers) {
        if (this.now < worker.nextTick) continue;
        worker.root.tick();
        worker.nextTick = this.now + worker.root.tickPeriodMs;
        this.collect(worker);
      }
      this.answer();
      for (const { host } of this.workers) if (host.failed) throw host.trap;
    }
  }

  /** Lets time pass until something is so; the milliseconds that took. */
  until(condition: () => boolean, limit = 60_000): number {
    const start = this.now;
    while (!condition()) {
      if (this.now - start > limit) throw new Error(`not so after ${limit} ms`);
      this.run(STEP_MS);
    }
    return this.now - start;
  }

  /** What a worker knows now. */
  report(worker: Worker): Report {
    const line = worker.host.logs.findLast(({ message }) => message.startsWith('{"asks"'));
    return JSON.parse(line?.message ?? "{}") as Report;
  }

  /** Endpoints of a name as a worker sees them, sorted. */
  endpoints(worker: Worker, name: string): string[] {
    return [...(this.report(worker).names?.[name]?.endpoints ?? [])].sort();
  }

  private collect(worker: Worker): void {
    for (const callout of worker.root.callouts) {
      if (this.seen.has(callout)) continue;
      this.seen.add(callout);
      const headers = callout.headers.toObject();
      const path = headers[":path"] ?? "";
      this.calls.push({ at: this.elapsed, worker: worker.name, cluster: callout.cluster, path, headers });
      const answer = this.servers[callout.cluster]?.(path, headers) ?? "unreachable";
      const delay = answer === "timeout" ? callout.timeoutMs : this.latency;
      this.due.push({
        at: this.now + delay,
        deliver: () => {
          if (!this.workers.includes(worker) || !callout.pending) return;
          deliver(callout, answer);
          this.collect(worker);
        },
      });
    }
  }

  private answer(): void {
    for (let index = 0; index < this.due.length; ) {
      const { at, deliver } = this.due[index] as { at: number; deliver: () => void };
      if (at > this.now) {
        index++;
        continue;
      }
      this.due.splice(index, 1);
      deliver();
    }
  }
}

function deliver(callout: Callout, answer: Answer): void {
  if (answer === "unreachable") callout.fail();
  else if (answer === "timeout") callout.timeOut();
  else if (typeof answer === "string" || answer instanceof Uint8Array) callout.respond({ body: answer });
  else callout.respond({ headers: { ":status": String(answer.status) }, body: answer.body ?? "" });
}
