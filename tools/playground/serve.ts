/** Serves the built playground, and the gateway's status to it. */
import { readFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { PLAYGROUND } from "./build.ts";
import type { GatewayStatus } from "./status.ts";

/** A running server. */
export interface PlaygroundServer {
  url: string;
  stop: () => Promise<void>;
}

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".wasm": "application/wasm",
};

/** The page needs nothing from elsewhere; this makes sure of it. */
const POLICY =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:";

/**
 * Serves `build/playground` on 127.0.0.1.
 * @param port 0 takes a free one
 * @param status what the page is told about a gateway; without it the page shows none
 */
export function servePlayground(
  port: number,
  status?: () => Promise<GatewayStatus>,
): Promise<PlaygroundServer> {
  const server = createServer(async (request, reply) => {
    const { pathname } = new URL(request.url ?? "/", "http://playground");
    if (pathname === "/api/status") return sendStatus(reply, status);
    const file = normalize(pathname === "/" ? "/index.html" : pathname);
    const content = await readFile(join(PLAYGROUND, file)).catch(() => undefined);
    if (content === undefined) return reply.writeHead(404).end();
    reply.writeHead(200, {
      "content-type": TYPES[extname(file)] ?? "application/octet-stream",
      "content-security-policy": POLICY,
      "cache-control": "no-store",
    });
    reply.end(content);
  });
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      resolve({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop });
    });
  });
}

async function sendStatus(
  reply: ServerResponse,
  status: (() => Promise<GatewayStatus>) | undefined,
): Promise<void> {
  if (status === undefined) return void reply.writeHead(404).end();
  try {
    const body = JSON.stringify(await status());
    reply.writeHead(200, { "content-type": "application/json" }).end(body);
  } catch {
    reply.writeHead(503).end();
  }
}
