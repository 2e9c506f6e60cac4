/**
 * A model service that speaks no client's language, for development and tests: the shape that many a company's own
 * service has. Everything stands in `{code, msg, data}`, errors have status 200, and each event of a stream repeats
 * the text so far. home-made.yaml declares it for the plugin.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type Json = Record<string, unknown>;

/** A running service. */
export interface HomeMadeService {
  name: string;
  port: number;
  /** For example `http://127.0.0.1:9001`. */
  url: string;
  /** Bodies of what was asked, oldest first, with the path of each. Tests may empty it. */
  requests: { path: string; body: Json }[];
  /** Closes the port and every connection. */
  stop: () => Promise<void>;
}

const ASK = "/api/v1/assistant/ask";
const ASK_STREAM = "/api/v1/assistant/ask-stream";

const OK = 200;
const BAD_QUESTION = 40001;
const UNKNOWN_PATH = 40400;

/** Longer than Envoy keeps an idle connection (1 h): the gateway never writes into one that is closing. */
const KEEP_ALIVE_MS = 2 * 60 * 60 * 1000;

/** Starts a service on 127.0.0.1. `port` 0 takes a free one. */
export function startHomeMadeService(options: { name: string; port?: number }): Promise<HomeMadeService> {
  const server = createServer((request, reply) => {
    serve(service, request, reply).catch(() => reply.destroy());
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  const service: HomeMadeService = {
    name: options.name,
    port: 0,
    url: "",
    requests: [],
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", () => {
      service.port = (server.address() as AddressInfo).port;
      service.url = `http://127.0.0.1:${service.port}`;
      resolve(service);
    });
  });
}

async function serve(
  service: HomeMadeService,
  request: IncomingMessage,
  reply: ServerResponse,
): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const path = request.url ?? "";
  if (request.method === "GET" && path === "/health") return sendJson(reply, { status: "UP" });
  if (path !== ASK && path !== ASK_STREAM) return sendJson(reply, envelope(UNKNOWN_PATH, `no ${path}`, null));
  const body = parseObject(Buffer.concat(pieces).toString());
  service.requests.push({ path, body });
  const { question } = body;
  if (typeof question !== "string" || question === "") {
    return sendJson(reply, envelope(BAD_QUESTION, "question must not be empty", null));
  }
  const answer = `This is ${service.name}. You asked: ${question}`;
  const tokens = { in: question.split(/\s+/).length, out: answer.split(/\s+/).length };
  const end = { finished: true, stopReason: "COMPLETE", tokens };
  if (path === ASK) return sendJson(reply, envelope(OK, "success", { answer, ...end }));

  reply.writeHead(200, { "content-type": "text/event-stream;charset=UTF-8", "cache-control": "no-cache" });
  const words = answer.split(/(?= )/);
  for (let count = 1; count <= words.length; count++) {
    const soFar = words.slice(0, count).join("");
    const isLast = count === words.length;
    const data = { answer: soFar, ...(isLast ? end : { finished: false, stopReason: null, tokens: null }) };
    await new Promise((resolve) =>
      reply.write(`data:${JSON.stringify(envelope(OK, "success", data))}\n\n`, resolve),
    );
  }
  reply.end();
}

function envelope(code: number, msg: string, data: Json | null): Json {
  return { code, msg, data };
}

/** The object in a text; an empty one where there is none. */
function parseObject(text: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Json) : {};
  } catch {
    return {};
  }
}

function sendJson(reply: ServerResponse, body: Json): void {
  const bytes = Buffer.from(JSON.stringify(body));
  reply.writeHead(200, { "content-type": "application/json", "content-length": bytes.length });
  reply.end(bytes);
}
