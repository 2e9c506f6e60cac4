/** A server that speaks one vendor's API, on 127.0.0.1. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Json, Scenario, Vendor } from "./vendor.ts";

/** A request as it arrived. */
export interface Asked {
  path: string;
  headers: Record<string, string>;
  body: Json;
  isStream: boolean;
}

/** How the next requests are answered. */
export interface Script {
  scenario: Scenario;
  /** Answers with this status and an error body. */
  status?: number;
  /** Answers with status 200 and an error body, as some APIs do. */
  failsWithin200?: boolean;
  /** Reports an error after so many events of a stream; 0: as its first event. */
  failAfter?: number;
  /** Closes the connection after so many events of a stream. */
  cutAfter?: number;
  /** Ends a stream cleanly after so many of its events. */
  endAfter?: number;
  /** Writes a stream in pieces of so many bytes. */
  chunkBytes?: number;
}

/** A running server. */
export interface Upstream {
  vendor: Vendor;
  url: URL;
  script: Script;
  /** What was asked, oldest first. */
  asked: Asked[];
  stop: () => Promise<void>;
}

export const FAILURE_TEXT = "the model is out of order";

/** Starts one that answers by `script`, which may be changed between requests. */
export async function startUpstream(vendor: Vendor, script: Script): Promise<Upstream> {
  const server = createServer((request, reply) => {
    serve(upstream, request, reply).catch(() => reply.destroy());
  });
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const upstream: Upstream = {
    vendor,
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    script,
    asked: [],
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return upstream;
}

async function serve(upstream: Upstream, request: IncomingMessage, reply: ServerResponse): Promise<void> {
  const { vendor, script } = upstream;
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const body = JSON.parse(Buffer.concat(parts).toString()) as Json;
  const path = request.url ?? "";
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  );
  const isStream = vendor.isStream(path, body, headers);
  upstream.asked.push({ path, headers, body, isStream });

  if (!vendor.path.test(path)) return sendJson(reply, 404, vendor.failure(404, `no such path: ${path}`));
  if (script.status) return sendJson(reply, script.status, vendor.failure(script.status, FAILURE_TEXT));
  if (script.failsWithin200) return sendJson(reply, 200, vendor.failureWithin200?.(FAILURE_TEXT));
  if (!isStream) return sendJson(reply, 200, vendor.whole(script.scenario, "fake-model"));
  reply.writeHead(200, { "content-type": vendor.streamType });
  await sendEvents(reply, vendor, script);
}

async function sendEvents(reply: ServerResponse, vendor: Vendor, script: Script): Promise<void> {
  for (const [index, bytes] of vendor.stream(script.scenario, "fake-model").entries()) {
    if (index === script.cutAfter) {
      reply.destroy();
      return;
    }
    if (index === script.failAfter) {
      reply.end(vendor.failureEvent(FAILURE_TEXT));
      return;
    }
    if (index === script.endAfter) break;
    const size = script.chunkBytes ?? bytes.length;
    for (let at = 0; at < bytes.length; at += size) {
      await new Promise((resolve) => reply.write(bytes.subarray(at, at + size), resolve));
      if (size < bytes.length) await sleep(1);
    }
  }
  reply.end();
}

function sendJson(reply: ServerResponse, status: number, body: unknown): void {
  const bytes = Buffer.from(JSON.stringify(body));
  reply.writeHead(status, { "content-type": "application/json", "content-length": bytes.length });
  reply.end(bytes);
}
