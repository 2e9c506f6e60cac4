/** A model service that can be broken in every way that instances break in. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import * as answers from "../../../tools/dev/model-answers.ts";

/** What an instance does with a request. */
export type Mode =
  | "healthy"
  /** The first byte comes after {@link SLOW_MS}. */
  | "slow"
  /** 429 with `retry-after: 1`. */
  | "limited"
  /** 200 with what is no answer: in turn HTML, JSON that ends too soon, and bytes. */
  | "garbage"
  /** Takes the request and never answers; the connection stays open. */
  | "silent"
  /** Takes the request and closes the connection. */
  | "dies before"
  /** Closes the connection in the middle of a stream, or of a body. */
  | "dies within";

/** Far beyond what a client would wait. */
export const SLOW_MS = 8_000;

const EVENT_DELAY_MS = 4;

/** Longer than Envoy keeps an idle connection, so that it never writes into one that is closing. */
const KEEP_ALIVE_MS = 3_600_000;

type Json = Record<string, unknown>;

/** One instance. It speaks OpenAI's chat. */
export class Instance {
  mode: Mode = "healthy";
  port = 0;
  /** Requests that came, by what was asked. */
  readonly asked = new Map<string, number>();
  /** Credentials other than the service's own that came. */
  readonly strangers: string[] = [];
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();
  private garbage = 0;

  /** @param token the service's own */
  constructor(
    readonly name: string,
    private readonly token: string,
  ) {}

  /** Starts, or starts again on the same port. */
  async start(): Promise<void> {
    const server = createServer((request, reply) => {
      this.answer(request, reply).catch(() => reply.destroy());
    });
    server.keepAliveTimeout = KEEP_ALIVE_MS;
    server.on("connection", (socket) => {
      this.sockets.add(socket);
      socket.on("close", () => this.sockets.delete(socket));
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.port, "127.0.0.1", resolve);
    });
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  /** As when the process is killed: the port is closed, and so is every connection. */
  async kill(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    if (server === undefined) return;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of this.sockets) socket.resetAndDestroy();
    await closed;
  }

  private async answer(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    // The plugin asks with HEAD whether an instance that was left alone is there again.
    if (request.method !== "POST") {
      if (this.mode === "silent") return;
      reply.end();
      return;
    }
    const { authorization, "x-api-key": key } = request.headers;
    if (authorization !== `Bearer ${this.token}`) this.strangers.push(String(authorization));
    if (key !== undefined) this.strangers.push(String(key));
    const body = JSON.parse(Buffer.concat(pieces).toString()) as Json;
    const question = questionOf(body);
    this.asked.set(question, (this.asked.get(question) ?? 0) + 1);
    switch (this.mode) {
      case "slow":
        await sleep(SLOW_MS);
        break;
      case "limited":
        reply.writeHead(429, { "content-type": "application/json", "retry-after": "1" });
        reply.end(JSON.stringify(answers.failure("too many requests", "rate_limit_error")));
        return;
      case "garbage":
        sendGarbage(reply, this.garbage++);
        return;
      case "silent":
        return;
      case "dies before":
        reply.destroy();
        return;
    }
    await (body.stream === true ? this.sendStream(reply, body) : this.sendWhole(reply, body));
  }

  private async sendWhole(reply: ServerResponse, body: Json): Promise<void> {
    const text = Buffer.from(JSON.stringify(answers.chat(this.name, body)));
    reply.writeHead(200, { "content-type": "application/json", "content-length": text.length });
    if (this.mode === "dies within") {
      reply.write(text.subarray(0, text.length / 2), () => reply.destroy());
      return;
    }
    reply.end(text);
  }

  private async sendStream(reply: ServerResponse, body: Json): Promise<void> {
    const events = answers.chatStream(this.name, body);
    reply.writeHead(200, { "content-type": "text/event-stream" });
    for (const [index, { data }] of events.entries()) {
      if (this.mode === "dies within" && index === 3) {
        reply.destroy();
        return;
      }
      reply.write(`data: ${data}\n\n`);
      await sleep(EVENT_DELAY_MS);
    }
    reply.end();
  }
}

function questionOf(body: Json): string {
  const messages = Array.isArray(body.messages) ? body.messages : [];
  const content: unknown = messages.at(-1)?.content;
  return typeof content === "string" ? content : JSON.stringify(content);
}

function sendGarbage(reply: ServerResponse, turn: number): void {
  const [type, text] = [
    ["text/html", "<!doctype html><title>Bad gateway</title>"],
    ["application/json", '{"id":"chatcmpl-1","choices":[{"index":0,"mess'],
    ["application/json", "\u0000\u0001\u0002 no JSON at all"],
  ][turn % 3] as [string, string];
  reply.writeHead(200, { "content-type": type, "content-length": Buffer.byteLength(text) });
  reply.end(text);
}
