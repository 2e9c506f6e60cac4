/** One call in each client's protocol, and what honestly became of it. */
import { type Dispatcher, request } from "undici";

/** What became of a call. */
export type Outcome =
  /** The whole answer, and the protocol's mark of a complete one. */
  | "answered"
  /** A status of 400 or more, with an error in the client's own format. */
  | "refused"
  /** A status of 400 or more, in words of the gateway's own: the plugin was not asked. */
  | "refused by Envoy"
  /** The answer had begun; then an error in the client's own format, and no mark of a complete one. */
  | "failed within"
  /** The connection broke, or the stream stopped without any mark. */
  | "torn"
  /** A complete answer by its marks that is none: parts are missing, come twice, or are something else. */
  | "lie";

/** One call. Times by `performance.now()`. */
export interface Call {
  kind: string;
  question: string;
  begunAt: number;
  endedAt: number;
  /** Whether anything of an answer had come. */
  hasBegun: boolean;
  /** Longest time in which nothing came, in milliseconds. */
  stallMs: number;
  status: number;
  outcome: Outcome;
  /** How many times the answer is in what came; more than once is one too many. */
  answers: number;
  /** How many instances were tried, as the gateway says. */
  attempts: number;
  /** Whether a last resort answered, as the gateway says. */
  isDegraded: boolean;
  /** The gateway's words, or what broke. */
  detail: string;
}

/** A client's protocol: how it asks, and how its answers look. */
export interface Protocol {
  name: string;
  path: string;
  body: (question: string) => object;
  /** The answer's text as far as it came; undefined where it is no answer at all. */
  text: (body: string) => string | undefined;
  /** How many marks of a complete answer there are. */
  ends: (body: string) => number;
  /** Whether there is an error in this protocol's own form. */
  hasError: (body: string) => boolean;
}

const MODEL = "chaos";

/** Every protocol, whole and streamed. */
export const PROTOCOLS: Protocol[] = [
  {
    name: "openai",
    path: "/v1/chat/completions",
    body: (content) => ({ model: MODEL, messages: [{ role: "user", content }] }),
    text: (body) => parsed(body)?.choices?.[0]?.message?.content,
    ends: (body) => count(body, '"finish_reason":"stop"'),
    hasError: isOpenAiError,
  },
  {
    name: "openai stream",
    path: "/v1/chat/completions",
    body: (content) => ({ model: MODEL, stream: true, messages: [{ role: "user", content }] }),
    text: (body) => joined(body, (event) => event.choices?.[0]?.delta?.content),
    ends: (body) => count(body, "data: [DONE]"),
    hasError: (body) => isOpenAiError(body) || events(body).some((event) => event.error?.message),
  },
  {
    name: "anthropic",
    path: "/v1/messages",
    body: (content) => ({ model: MODEL, max_tokens: 99, messages: [{ role: "user", content }] }),
    text: (body) => parsed(body)?.content?.[0]?.text,
    ends: (body) => count(body, '"stop_reason":"end_turn"'),
    hasError: isAnthropicError,
  },
  {
    name: "anthropic stream",
    path: "/v1/messages",
    body: (content) => ({
      model: MODEL,
      stream: true,
      max_tokens: 99,
      messages: [{ role: "user", content }],
    }),
    text: (body) => joined(body, (event) => event.delta?.text),
    ends: (body) => count(body, "event: message_stop"),
    hasError: (body) => isAnthropicError(body) || events(body).some((event) => event.type === "error"),
  },
  {
    name: "gemini stream",
    path: `/v1beta/models/${MODEL}:streamGenerateContent?alt=sse`,
    body: (text) => ({ contents: [{ role: "user", parts: [{ text }] }] }),
    text: (body) => joined(body, (event) => event.candidates?.[0]?.content?.parts?.[0]?.text),
    ends: (body) => count(body, '"finishReason":"STOP"'),
    hasError: (body) =>
      parsed(body)?.error?.status !== undefined || events(body).some((event) => event.error),
  },
  {
    name: "responses stream",
    path: "/v1/responses",
    body: (input) => ({ model: MODEL, stream: true, input }),
    text: (body) => joined(body, (event) => (event.type === "response.output_text.delta" ? event.delta : "")),
    ends: (body) => count(body, "event: response.completed"),
    hasError: (body) =>
      isOpenAiError(body) ||
      events(body).some((event) => event.type === "error" || event.type === "response.failed"),
  },
];

/** Makes one call and judges it. */
export async function call(
  url: string,
  protocol: Protocol,
  question: string,
  dispatcher: Dispatcher,
  headers: Record<string, string>,
): Promise<Call> {
  const begunAt = performance.now();
  const made: Call = {
    kind: protocol.name,
    question,
    begunAt,
    endedAt: begunAt,
    hasBegun: false,
    stallMs: 0,
    status: 0,
    outcome: "torn",
    answers: 0,
    attempts: 1,
    isDegraded: false,
    detail: "",
  };
  let body = "";
  let last = begunAt;
  const heard = () => {
    const now = performance.now();
    made.stallMs = Math.max(made.stallMs, now - last);
    last = now;
  };
  let isBroken = false;
  try {
    const reply = await request(url + protocol.path, {
      dispatcher,
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(protocol.body(question)),
    });
    heard();
    made.status = reply.statusCode;
    made.attempts = Number(reply.headers["x-ai-proxy-attempts"] ?? 1);
    made.isDegraded = reply.headers["x-ai-proxy-degraded"] !== undefined;
    for await (const piece of reply.body) {
      made.hasBegun ||= made.status < 400;
      body += piece.toString();
      heard();
    }
  } catch (error) {
    isBroken = true;
    made.detail = String(error);
  }
  heard();
  made.endedAt = last;
  judge(made, protocol, body, isBroken);
  return made;
}

function judge(made: Call, protocol: Protocol, body: string, isBroken: boolean): void {
  const ends = protocol.ends(body);
  const hasError = protocol.hasError(body);
  const text = protocol.text(body) ?? "";
  made.answers = count(text, `You said: ${made.question}`);
  if (!isBroken && made.status >= 400) {
    made.outcome = ends > 0 ? "lie" : hasError ? "refused" : "refused by Envoy";
  } else if (ends === 0 && hasError) {
    made.outcome = "failed within";
  } else if (ends === 0) {
    made.outcome = "torn";
  } else {
    const isWhole = made.isDegraded || isAnswer(text, made.question);
    // A connection that breaks behind the mark of a complete answer has taken nothing from it.
    made.outcome = isWhole && ends === 1 && !hasError ? "answered" : "lie";
  }
  if (made.outcome !== "answered") made.detail += body.slice(0, 300);
}

function isAnswer(text: string, question: string): boolean {
  return text.startsWith("This is ") && text.endsWith(` as ${MODEL}. You said: ${question}`);
}

// biome-ignore lint/suspicious/noExplicitAny: answers are looked at as what they should be, and may be anything
type Any = any;

function parsed(body: string): Any {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function events(body: string): Any[] {
  return body
    .split("\n")
    .filter((line) => line.startsWith("data: {"))
    .map((line) => parsed(line.slice("data: ".length)) ?? {});
}

function joined(body: string, piece: (event: Any) => string | undefined): string {
  return events(body)
    .map((event) => piece(event) ?? "")
    .join("");
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

function isOpenAiError(body: string): boolean {
  return typeof parsed(body)?.error?.message === "string";
}

function isAnthropicError(body: string): boolean {
  const answer = parsed(body);
  return answer?.type === "error" && typeof answer.error?.message === "string";
}
