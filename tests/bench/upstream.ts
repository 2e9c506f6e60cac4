/** The bench's model service. It costs as little as possible: it answers without understanding the request. */
import { createServer, type Server, type ServerResponse } from "node:http";
import { CHUNKS, LANGUAGES, type Language } from "./languages.ts";

/** Longer than a gateway waits for its turn: none may meet a connection that is being closed. */
const KEEP_ALIVE_MS = 60 * 60 * 1000;

/** Starts it on a free port of 127.0.0.1; `format` in the answer's headers says which language was asked for. */
export function startUpstream(): Promise<Server> {
  const server = createServer((request, reply) => {
    const path = request.url ?? "";
    const language = LANGUAGES.find((candidate) => path.includes(candidate.path));
    let streams = path.includes(":streamGenerateContent") || request.headers.accept === "text/event-stream";
    request.on("data", (data: Buffer) => {
      streams ||= data.includes('"stream":true');
    });
    request.on("end", () => {
      if (!language) reply.writeHead(404).end();
      else if (streams) void stream(language, reply);
      else answer(language, reply);
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

function answer(language: Language, reply: ServerResponse): void {
  reply.writeHead(200, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(language.whole),
    "x-language": language.format,
  });
  reply.end(language.whole);
}

/** Each event is a write of its own, so that it reaches the gateway alone. */
async function stream(language: Language, reply: ServerResponse): Promise<void> {
  reply.writeHead(200, {
    "content-type": language.streamType ?? "text/event-stream",
    "x-language": language.format,
  });
  if (language.begin) reply.write(language.begin);
  for (let i = 0; i < CHUNKS; i++) {
    reply.write(language.token);
    await new Promise(setImmediate);
  }
  reply.end(language.end);
}
