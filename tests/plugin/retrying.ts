/** Requests that are tried again, in the emulator: who is asked, what is said, what the client gets. */
import type { Callout } from "../host/callouts.ts";
import type { Exchange, ExchangeOptions, HostOptions, Root } from "../host/index.ts";
import { chat, configured, eurekaReply } from "./plugin.ts";

/** How Envoy answers for an upstream that refuses the connection. */
export const REFUSED = {
  failure: {
    status: 503,
    body: "upstream connect error or disconnect/reset before headers. reset reason: remote connection failure",
    details: "upstream_reset_before_response_started{remote_connection_failure|delayed_connect_error:_111}",
  },
};

export const QUESTION = { model: "m", messages: [{ role: "user", content: "Hi" }] };

/** An answer of a service that speaks OpenAI. */
export function said(text: string): object {
  return {
    id: "c",
    object: "chat.completion",
    created: 1,
    model: "m",
    choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }],
    usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
  };
}

export const OK = { headers: { "content-type": "application/json" }, body: JSON.stringify(said("first")) };

/** An error with a body, as an upstream writes it. */
export function error(status: number, headers: object = {}) {
  return {
    headers: { ":status": String(status), "content-type": "application/json", ...headers },
    body: JSON.stringify({ error: { message: `no ${status}`, type: "x", code: null, param: null } }),
  };
}

type Reply = Parameters<Callout["respond"]>[0];

/** What a callout is answered with; "fail": not at all; "wait": left open. */
export type Turn = Reply | "fail" | "wait";

/** What became of a request. */
export interface Outcome extends Exchange {
  /** The callouts that were made for it, in order. */
  calls: { cluster: string; headers: Record<string, string>; text: string; atMs: number }[];
  /** Milliseconds that passed. */
  tookMs: number;
}

/** A clock that only `pass` moves, and a configured plugin. */
export class Stage {
  private time = 1_700_000_000_000;

  private constructor(readonly root: Root) {}

  /** @param instances ports of QWEN-CHAT in Eureka; none: Eureka is not asked */
  static async open(
    configuration: object,
    instances: number[] = [],
    options: Partial<HostOptions> = {},
  ): Promise<Stage> {
    let stage: Stage | undefined;
    const begin = 1_700_000_000_000;
    const root = await configured(configuration, {
      now: () => stage?.time ?? begin,
      clusters: ["eureka", "models", "second", "third", "eureka-instances"],
      emptyClusters: ["nobody"],
      ...options,
    });
    stage = new Stage(root);
    root.tick();
    root.callouts[0]?.respond({
      body: eurekaReply(
        "QWEN-CHAT",
        instances.map((port) => [port, "UP"]),
      ),
    });
    return stage;
  }

  /** Time passes, and the plugin is told. */
  pass(milliseconds: number): void {
    for (let rest = milliseconds; rest > 0; rest -= 50) {
      this.time += Math.min(50, rest);
      this.root.tick();
    }
  }

  /** Sends a chat request; callouts are answered in turn, and while there are none time passes. */
  ask(
    body: unknown,
    respond: ExchangeOptions["respond"],
    turns: Turn[] = [],
    options: Partial<ExchangeOptions> = {},
  ): Outcome {
    const begun = this.time;
    const calls: Outcome["calls"] = [];
    const rest = [...turns];
    const onHeld = () => {
      const callout = this.open();
      if (!callout) {
        for (let waited = 0; waited < 60_000 && !this.open(); waited += 50) this.pass(50);
        return;
      }
      calls.push({
        cluster: callout.cluster,
        headers: callout.headers.toObject() as Record<string, string>,
        text: new TextDecoder().decode(callout.body),
        atMs: this.time - begun,
      });
      const turn = rest.shift() ?? "fail";
      if (turn === "fail") callout.fail();
      else if (turn !== "wait") callout.respond(turn);
    };
    const exchange = chat(this.root, body, { onHeld, ...options, respond });
    return { ...exchange, calls, tookMs: this.time - begun };
  }

  /** The callout of a request that waits for its answer; those to Eureka and to see who lives are not meant. */
  private open(): Callout | undefined {
    return this.root.callouts.find(
      ({ cluster, headers }) => cluster !== "eureka" && headers.get(":method") !== "HEAD",
    );
  }
}
