/** Converts requests and answers between any two formats, through the code of the convert lane. */
import { type HarnessExports, lend, openHarness, place, readSlice, takeBack } from "../../support/harness";

interface ConvertExports extends HarnessExports {
  collect(): void;
  formatCount(): number;
  formatName(index: number): bigint;
  open(
    client: number,
    clientLength: number,
    upstream: number,
    upstreamLength: number,
    usage: number,
    sse: number,
  ): number;
  setPath(model: number, modelLength: number, stream: number): void;
  setSetting(name: number, nameLength: number, text: number, length: number): void;
  setConversation(pointer: number, length: number): void;
  conversationOf(): bigint;
  setDialect(maxCompletionTokens: number, thinkingHistory: number): void;
  request(pointer: number, length: number, model: number, modelLength: number, strict: number): number;
  result(): bigint;
  resultPath(): bigint;
  losses(): bigint;
  parameters(): bigint;
  failure(status: number, pointer: number, length: number): number;
  answer(isStream: number, whole: number, limit: number): void;
  feed(pointer: number, length: number): void;
  forget(): void;
  finish(): void;
  feedWhole(pointer: number, length: number): void;
  failed(): number;
  hasBegun(): number;
  hasEnded(): number;
  count(index: number): bigint;
  observe(pointer: number, length: number): bigint;
  failureEvent(): void;
  retryAfter(): number;
  copied(): bigint;
}

/** What a format can be. */
export interface FormatSides {
  name: string;
  client: boolean;
  upstream: boolean;
}

/** A pair of formats, and what the client's URL and request say about the answer. */
export interface Pair {
  client: string;
  upstream: string;
  /** `stream_options.include_usage`. */
  includeUsage?: boolean;
  /** Gemini: `alt=sse`. */
  isSse?: boolean;
  /** What the service's configuration says in the upstream format's own terms. */
  settings?: Record<string, string>;
  /** The conversation that the client names. */
  conversation?: string;
}

export interface RequestOptions {
  /** Model upstream. */
  model?: string;
  /** Refuse what would be dropped. */
  strict?: boolean;
  /** Gemini: model and streaming, from the path. */
  path?: { model: string; stream: boolean };
  maxCompletionTokens?: boolean;
  /** Whether reasoning of earlier turns goes back; default true. */
  thinkingHistory?: boolean;
}

export interface ConvertedRequest {
  /** 0, or the status of a refusal, whose body is then `text`. */
  status: number;
  path: string;
  text: string;
  dropped: string[];
  /** Every parameter that the client's reader noticed. */
  asked: string[];
}

export interface Usage {
  input: number;
  output: number;
  total: number;
  cached: number;
  written: number;
  reasoning: number;
}

export interface ConvertedAnswer {
  /** Everything the client gets. */
  text: string;
  /** What it gets for each piece that was fed, and for the end. */
  pieces: string[];
  /** Status of the failure, 0 where the answer is whole. */
  failed: number;
  /** Whether anything was sent before the failure. */
  begun: boolean;
  ended: boolean;
  usage: Usage;
  /** The conversation that the upstream names. */
  conversation: string;
}

export interface StreamOptions {
  /** Whether the client wants the answer whole, although the upstream streams. */
  whole?: boolean;
  /** Bytes of the largest record. */
  limit?: number;
}

const MAX_RECORD_BYTES = 16 << 20;

export class Converter {
  static async open(): Promise<Converter> {
    return new Converter(await openHarness<ConvertExports>("tests/unit/formats/convert.as.ts"));
  }

  private calls = 0;

  private constructor(readonly exports: ConvertExports) {}

  /** All formats of the table. */
  formats(): FormatSides[] {
    return Array.from({ length: this.exports.formatCount() }, (_, index) => {
      const text = this.text(this.exports.formatName(index));
      return {
        name: text.replace(/[<>]/g, ""),
        client: text.includes("<"),
        upstream: text.includes(">"),
      };
    });
  }

  /** Begins an exchange; `request`, `answer` and `stream` then belong to it. */
  begin(pair: Pair): void {
    if (++this.calls % 64 === 0) this.exports.collect();
    const isOpen = lend(this.exports, [pair.client, pair.upstream], (from, fromLength, to, toLength) =>
      this.exports.open(
        from!,
        fromLength!,
        to!,
        toLength!,
        Number(pair.includeUsage ?? false),
        Number(pair.isSse ?? true),
      ),
    );
    if (isOpen === 0) throw new Error(`no pair ${pair.client} -> ${pair.upstream}`);
    for (const setting of Object.entries(pair.settings ?? {})) {
      lend(this.exports, setting, (name, nameLength, text, length) =>
        this.exports.setSetting(name!, nameLength!, text!, length!),
      );
    }
    if (pair.conversation !== undefined) {
      lend(this.exports, [pair.conversation], (pointer, length) =>
        this.exports.setConversation(pointer!, length!),
      );
    }
  }

  request(pair: Pair, body: string | Uint8Array, options: RequestOptions = {}): ConvertedRequest {
    this.begin(pair);
    const { exports } = this;
    const { path } = options;
    if (path) {
      lend(exports, [path.model], (pointer, length) =>
        exports.setPath(pointer!, length!, Number(path.stream)),
      );
    }
    exports.setDialect(Number(options.maxCompletionTokens ?? false), Number(options.thinkingHistory ?? true));
    const status = lend(
      exports,
      [body, options.model ?? "upstream-model"],
      (pointer, length, model, modelLength) =>
        exports.request(pointer!, length!, model!, modelLength!, Number(options.strict ?? false)),
    );
    return {
      status,
      path: this.text(exports.resultPath()),
      text: this.text(exports.result()),
      dropped: list(this.text(exports.losses())),
      asked: list(this.text(exports.parameters())),
    };
  }

  /** An error answer of the upstream as the client gets it. */
  failure(pair: Pair, status: number, body: string): { status: number; text: string; retryAfter: number } {
    this.begin(pair);
    const converted = lend(this.exports, [body], (pointer, length) =>
      this.exports.failure(status, pointer!, length!),
    );
    return {
      status: converted,
      text: this.text(this.exports.result()),
      retryAfter: this.exports.retryAfter(),
    };
  }

  /** A whole answer. With `isContinued` the exchange of the last `request` goes on. */
  answer(pair: Pair, body: string | Uint8Array, isContinued = false): ConvertedAnswer {
    if (!isContinued) this.begin(pair);
    const { exports } = this;
    exports.answer(0, 1, MAX_RECORD_BYTES);
    lend(exports, [body], (pointer, length) => exports.feedWhole(pointer!, length!));
    return this.outcome([this.text(exports.result())]);
  }

  /** A streamed answer, fed piece by piece; each is overwritten as soon as it was read. */
  stream(
    pair: Pair,
    pieces: Iterable<Uint8Array>,
    options: StreamOptions = {},
    isContinued = false,
  ): ConvertedAnswer {
    if (!isContinued) this.begin(pair);
    const { exports } = this;
    exports.answer(1, Number(options.whole ?? false), options.limit ?? MAX_RECORD_BYTES);
    const sent: string[] = [];
    for (const piece of pieces) {
      const pointer = place(exports, piece);
      exports.feed(pointer, piece.length);
      takeBack(exports, pointer, piece.length);
      sent.push(this.take());
    }
    exports.finish();
    sent.push(this.take());
    return this.outcome(sent);
  }

  /** What the tap lane learns from one record of a stream. */
  observe(upstream: string, record: string): { output: number; isEnd: boolean } {
    this.begin({ client: "openai", upstream });
    const seen = lend(this.exports, [record], (pointer, length) => this.exports.observe(pointer!, length!));
    return { output: Number(BigInt.asIntN(32, seen)), isEnd: seen >> 32n !== 0n };
  }

  /** The event that ends a failed stream where no writer is at work. */
  failureEvent(client: string): string {
    this.begin({ client, upstream: "openai" });
    this.exports.failureEvent();
    return this.text(this.exports.result());
  }

  private outcome(pieces: string[]): ConvertedAnswer {
    const { exports } = this;
    const count = (index: number): number => Number(exports.count(index));
    return {
      text: pieces.join(""),
      pieces,
      failed: exports.failed(),
      begun: exports.hasBegun() !== 0,
      ended: exports.hasEnded() !== 0,
      conversation: this.text(exports.conversationOf()),
      usage: {
        input: count(0),
        output: count(1),
        total: count(2),
        cached: count(3),
        written: count(4),
        reasoning: count(5),
      },
    };
  }

  private take(): string {
    const text = this.text(this.exports.result());
    this.exports.forget();
    return text;
  }

  private text(slice: bigint): string {
    return Buffer.from(readSlice(this.exports, slice)).toString("utf8");
  }
}

/** Bytes of a text, in one piece. */
export function whole(text: string | Uint8Array): Uint8Array[] {
  return [Buffer.from(text)];
}

function list(text: string): string[] {
  return text === "" ? [] : text.split(",");
}
