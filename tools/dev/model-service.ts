/**
 * A model service for development and tests: answers the OpenAI API without a model, says which instance
 * answered (header `x-instance` and in the text) and remembers what it was asked.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Json, StreamEvent } from "./model-answers.ts";
import * as answers from "./model-answers.ts";

/** How the service answers; may be changed between requests. */
export interface Behaviour {
  /** Milliseconds before the first byte of an answer. */
  delayMs?: number;
  /** Milliseconds between two events of a stream. */
  eventDelayMs?: number;
  /** Answers every request with this status and an error body. */
  status?: number;
  /** Headers added to every answer. */
  headers?: Record<string, string>;
  /** Closes the connection after so many events of a stream, without an end. */
  cutAfterEvents?: number;
  /** Sends a stream in pieces of so many bytes, each in a write of its own. */
  chunkBytes?: number;
  /** Closes the connection instead of answering. */
  refuse?: boolean;
}

/** A request as it arrived. */
export interface RecordedRequest {
  method: string;
  /** Path and query. */
  path: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: Buffer;
}

/** A running service. */
export interface ModelService {
  name: string;
  port: number;
  /** For example `http://127.0.0.1:9001`. */
  url: string;
  /** What was asked, oldest first. Tests may empty it. */
  requests: RecordedRequest[];
  behaviour: Behaviour;
  /** Closes the port and every connection. */
  stop: () => Promise<void>;
}

/** Longer than Envoy keeps an idle connection (1 h): the gateway never writes into one that is closing. */
const KEEP_ALIVE_MS = 2 * 60 * 60 * 1000;

/** Starts a service on 127.0.0.1. `port` 0 takes a free one. */
export function startModelService(options: {
  name: string;
  port?: number;
  models?: string[];
}): Promise<ModelService> {
  const requests: RecordedRequest[] = [];
  const names = options.models ?? ["demo-chat", "demo-embedding"];
  const server = createServer((request, reply) => {
    serve(request, reply).catch(() => reply.destroy());
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  const service: ModelService = {
    name: options.name,
    port: 0,
    url: "",
    requests,
    behaviour: {},
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  async function serve(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    const record = await readRequest(request);
    requests.push(record);
    const { behaviour } = service;
    if (behaviour.delayMs) await sleep(behaviour.delayMs);
    if (behaviour.refuse) {
      request.socket.destroy();
      return;
    }
    reply.setHeader("x-instance", service.name);
    for (const [name, value] of Object.entries(behaviour.headers ?? {})) reply.setHeader(name, value);
    if (behaviour.status) {
      const text = `${service.name} was told to answer ${behaviour.status}`;
      sendJson(reply, behaviour.status, answers.failure(text, "server_error"));
      return;
    }
    await answer(service.name, names, record, reply, behaviour);
  }

  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", () => {
      service.port = (server.address() as AddressInfo).port;
      service.url = `http://127.0.0.1:${service.port}`;
      resolve(service);
    });
  });
}

/** An answer that is one JSON body, or a stream of events when the request says `"stream": true`. */
interface Endpoint {
  whole: (instance: string, body: Json) => Json;
  stream?: (instance: string, body: Json) => StreamEvent[];
}

const JSON_ENDPOINTS: Record<string, Endpoint> = {
  "/v1/chat/completions": { whole: answers.chat, stream: answers.chatStream },
  "/v1/completions": { whole: answers.completion, stream: answers.completionStream },
  "/v1/responses": { whole: answers.response, stream: answers.responseStream },
  "/v1/embeddings": { whole: (_, body) => answers.embeddings(body) },
  "/v1/rerank": { whole: (_, body) => answers.rerank(body) },
  "/v1/images/generations": { whole: answers.images },
};

async function answer(
  instance: string,
  models: string[],
  request: RecordedRequest,
  reply: ServerResponse,
  behaviour: Behaviour,
): Promise<void> {
  const path = request.path.split("?")[0] ?? "";
  if (request.method === "GET") {
    if (path === "/health") return sendJson(reply, 200, { status: "UP" });
    if (path === "/v1/models") return sendJson(reply, 200, answers.models(models));
  }
  const endpoint = JSON_ENDPOINTS[path];
  if (request.method === "POST" && endpoint) {
    const body = parseObject(request.body);
    if (!body) return sendJson(reply, 400, answers.failure("The body is not JSON", "invalid_request_error"));
    if (body.stream !== true || !endpoint.stream) return sendJson(reply, 200, endpoint.whole(instance, body));
    return sendStream(reply, endpoint.stream(instance, body), behaviour);
  }
  if (request.method === "POST" && path === "/v1/audio/speech") {
    reply.writeHead(200, { "content-type": "audio/mpeg", "content-length": answers.BINARY.length });
    reply.end(answers.BINARY);
    return;
  }
  if (request.method === "POST" && (path === "/v1/images/edits" || path === "/v1/images/variations"))
    return sendJson(reply, 200, answers.images());
  if (request.method === "POST" && path === "/v1/audio/transcriptions") {
    return sendJson(reply, 200, await transcription(instance, request));
  }
  sendJson(reply, 404, answers.failure(`Unknown path ${request.method} ${path}`, "invalid_request_error"));
}

/** `POST /v1/audio/transcriptions`: says which model was asked and how many bytes of audio came. */
async function transcription(instance: string, request: RecordedRequest): Promise<Json> {
  const headers = { "content-type": request.headers["content-type"] ?? "" };
  const form = await new Response(new Uint8Array(request.body), { headers }).formData();
  const file = form.get("file");
  const size = file instanceof Blob ? file.size : 0;
  return { text: `This is ${instance} as ${form.get("model")}. I heard ${size} bytes.` };
}

async function readRequest(request: IncomingMessage): Promise<RecordedRequest> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) headers[name] = String(value);
  const { method = "", url = "" } = request;
  return { method, path: url, headers, body: Buffer.concat(pieces) };
}

function parseObject(body: Buffer): Json | undefined {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === "object" && value !== null ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}

function sendJson(reply: ServerResponse, status: number, body: Json): void {
  const bytes = Buffer.from(JSON.stringify(body));
  reply.writeHead(status, { "content-type": "application/json", "content-length": bytes.length });
  reply.end(bytes);
}

async function sendStream(reply: ServerResponse, events: StreamEvent[], behaviour: Behaviour): Promise<void> {
  reply.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  for (const [index, event] of events.entries()) {
    if (index === behaviour.cutAfterEvents) {
      reply.destroy();
      return;
    }
    if (index > 0 && behaviour.eventDelayMs) await sleep(behaviour.eventDelayMs);
    const name = event.event ? `event: ${event.event}\n` : "";
    await write(reply, Buffer.from(`${name}data: ${event.data}\n\n`), behaviour.chunkBytes);
  }
  reply.end();
}

/** Writes, and waits until it is written; a pause after each piece keeps them from being joined on the way. */
async function write(reply: ServerResponse, bytes: Buffer, pieceBytes = bytes.length): Promise<void> {
  for (let start = 0; start < bytes.length; start += pieceBytes) {
    const piece = bytes.subarray(start, start + pieceBytes);
    await new Promise((resolve) => reply.write(piece, resolve));
    if (pieceBytes < bytes.length) await sleep(1);
  }
}
