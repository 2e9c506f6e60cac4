/**
 * A Eureka registry for `npm start`: a development stand-in, so that trying the plugin needs no Java.
 * It answers as Netflix's server does as far as clients that register and read need it, always in JSON,
 * without peers, XML, gzip or self-preservation. The tests run against a real Eureka server, and one test
 * compares this one with it.
 */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { compact, EurekaRegistry, type Json, type Outcome } from "./eureka-registry.ts";

/** A running registry. */
export interface EmbeddedEureka {
  port: number;
  /** Where its REST interface begins, for example `http://127.0.0.1:8761/eureka`. */
  url: string;
  /** Closes the port and every connection. */
  stop: () => Promise<void>;
}

const EVICTION_INTERVAL_MS = 1_000;
/** The REST interface begins at any of these, as in Netflix's and Spring's servers. */
const PREFIX = /^(?:\/eureka)?(?:\/v2)?\/(apps|instances|vips|svips)(\/.*)?$/;

/** Starts a registry on 127.0.0.1. `port` 0 takes a free one. Rejects when the port is taken. */
export function startEureka(port: number): Promise<EmbeddedEureka> {
  const registry = new EurekaRegistry();
  const server = createServer(async (request, reply) => {
    const body = await readBody(request).catch(() => "");
    const outcome = answer(registry, request.method ?? "GET", request.url ?? "/", body);
    if (outcome.body === undefined) {
      reply.writeHead(outcome.status).end();
      return;
    }
    if (typeof outcome.body === "string") {
      reply.writeHead(outcome.status, { "content-type": "text/plain" }).end(outcome.body);
      return;
    }
    const asked = request.headers["x-eureka-accept"];
    const shown = asked === "compact" ? compact(outcome.body) : outcome.body;
    reply.writeHead(outcome.status, { "content-type": "application/json" }).end(JSON.stringify(shown));
  });
  const timer = setInterval(() => registry.evict(), EVICTION_INTERVAL_MS);
  const stop = () =>
    new Promise<void>((resolve) => {
      clearInterval(timer);
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return new Promise((resolve, reject) => {
    server.once("error", (error) => {
      clearInterval(timer);
      reject(error);
    });
    server.listen(port, "127.0.0.1", () => {
      const taken = (server.address() as AddressInfo).port;
      resolve({ port: taken, url: `http://127.0.0.1:${taken}/eureka`, stop });
    });
  });
}

function answer(registry: EurekaRegistry, method: string, url: string, body: string): Outcome {
  const { pathname, searchParams } = new URL(url, "http://eureka");
  const match = PREFIX.exec(pathname);
  if (!match) return { status: 404 };
  const [first, second, third] = (match[2] ?? "").split("/").filter(Boolean).map(decoded);
  switch (match[1]) {
    case "vips":
      return { status: 200, body: registry.byAddress("vipAddress", first ?? "") };
    case "svips":
      return { status: 200, body: registry.byAddress("secureVipAddress", first ?? "") };
    case "instances":
      return registry.instance(undefined, first ?? "");
  }
  if (!first) return { status: 200, body: registry.all() };
  if (first === "delta") return { status: 200, body: registry.delta() };
  if (!second) return method === "POST" ? registry.register(first, parse(body)) : registry.application(first);

  const value = searchParams.get("value");
  switch (`${method} ${third ?? ""}`) {
    case "GET ":
      return registry.instance(first, second);
    case "PUT ":
      return registry.renew(first, second);
    case "DELETE ":
      return registry.cancel(first, second);
    case "PUT status":
      return registry.override(first, second, value);
    case "DELETE status":
      return registry.removeOverride(first, second, value);
    case "PUT metadata":
      return registry.addMetadata(first, second, Object.fromEntries(searchParams));
  }
  return { status: 404 };
}

/** A path segment without its percent escapes; as it is when they are malformed. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}

function parse(body: string): Json | undefined {
  try {
    return JSON.parse(body) as Json;
  } catch {
    return undefined;
  }
}
