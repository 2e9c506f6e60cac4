/** Clients that never stop calling, and what they see. */
import { setTimeout as sleep } from "node:timers/promises";
import { Agent, request } from "undici";

/** One request. Times by `performance.now()`. */
export interface Call {
  begunAt: number;
  endedAt: number;
  status: number;
  /** Which instance answered; "" where none did. */
  instance: string;
  /** The gateway's words for what failed. */
  failure: string;
}

const BODY = JSON.stringify({ model: "gpt-4o", messages: [{ role: "user", content: "Hello" }] });

/** Calls a gateway from several clients at once, each pausing between two calls. */
export class Traffic {
  readonly calls: Call[] = [];
  private running = true;
  private readonly agent = new Agent({ connections: 8 });
  private readonly clients: Promise<void>[];

  constructor(
    private readonly url: string,
    clients = 4,
    pauseMs = 15,
  ) {
    this.clients = Array.from({ length: clients }, () => this.run(pauseMs));
  }

  /** Calls that began since then. */
  since(time: number): Call[] {
    return this.calls.filter(({ begunAt }) => begunAt >= time);
  }

  async stop(): Promise<void> {
    this.running = false;
    await Promise.all(this.clients);
    await this.agent.close();
  }

  private async run(pauseMs: number): Promise<void> {
    while (this.running) {
      this.calls.push(await this.call());
      await sleep(pauseMs);
    }
  }

  private async call(): Promise<Call> {
    const begunAt = performance.now();
    try {
      const reply = await request(`${this.url}/v1/chat/completions`, {
        dispatcher: this.agent,
        method: "POST",
        headers: { "content-type": "application/json" },
        body: BODY,
      });
      const text = await reply.body.text();
      const instance = String(reply.headers["x-instance"] ?? "");
      const failure = reply.statusCode === 200 ? "" : text.slice(0, 200);
      return { begunAt, endedAt: performance.now(), status: reply.statusCode, instance, failure };
    } catch (error) {
      return { begunAt, endedAt: performance.now(), status: 0, instance: "", failure: String(error) };
    }
  }
}
