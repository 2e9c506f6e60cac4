import { Slice, equals } from "../bytes/slice";
import { AnthropicClient, AnthropicUpstream } from "./anthropic/format";
import { BedrockUpstream } from "./bedrock/format";
import { ClientFormat, UpstreamFormat } from "./format";
import { CohereUpstream } from "./cohere/format";
import { CozeUpstream } from "./coze/format";
import { DashScopeUpstream } from "./dashscope/format";
import { DeeplUpstream } from "./deepl/format";
import { DifyUpstream } from "./dify/format";
import { GeminiClient, GeminiUpstream } from "./gemini/format";
import { HunyuanUpstream } from "./hunyuan/format";
import { KserveUpstream } from "./kserve/format";
import { MinimaxUpstream } from "./minimax/format";
import { OllamaUpstream } from "./ollama/format";
import { OpenAiClient, OpenAiUpstream } from "./openai/format";
import { ResponsesClient, ResponsesUpstream } from "./responses/format";
import { SparkUpstream } from "./spark/format";

/** A format by its name in the configuration, and which of its two sides there are. */
export class Format {
  constructor(
    readonly name: string,
    readonly upstream: UpstreamFormat | null,
    readonly client: ClientFormat | null,
    /** Base path of a service that does not chat, where the configuration gives none. */
    private plainBasePath: string = "/v1",
  ) {}

  /** Base path of a service where the configuration gives none. */
  get basePath(): string {
    const upstream = this.upstream;
    return upstream === null ? this.plainBasePath : upstream.basePath;
  }
}

const OPENAI_UPSTREAM: UpstreamFormat = new OpenAiUpstream();

/** All formats, in the order of `SERVICE_FORMATS` in config/fields.ts: a service's format is an index into this table. */
export const FORMATS: StaticArray<Format> = [
  new Format("openai", OPENAI_UPSTREAM, new OpenAiClient()),
  new Format("anthropic", new AnthropicUpstream(), new AnthropicClient()),
  new Format("gemini", new GeminiUpstream("gemini", false), new GeminiClient()),
  new Format("vertex", new GeminiUpstream("vertex", true), null),
  new Format("responses", new ResponsesUpstream(), new ResponsesClient()),
  new Format("ollama", new OllamaUpstream(), null),
  new Format("cohere", new CohereUpstream(), null),
  new Format("bedrock", new BedrockUpstream(), null),
  new Format("dashscope", new DashScopeUpstream(), null),
  new Format("dify", new DifyUpstream(), null),
  new Format("kserve", new KserveUpstream(), null),
  new Format("hunyuan", new HunyuanUpstream(), null),
  new Format("spark", new SparkUpstream(), null),
  new Format("minimax", new MinimaxUpstream(), null),
  new Format("coze", new CozeUpstream(), null),
  new Format("deepl", new DeeplUpstream(), null),
  // These two only make embeddings and rankings.
  new Format("jina", null, null),
  new Format("tei", null, null, ""),
];

/** The format of this name, or null. */
export function findFormat(name: Slice): Format | null {
  for (let i = 0; i < FORMATS.length; i++) {
    const format = unchecked(FORMATS[i]);
    if (equals(name, format.name)) return format;
  }
  return null;
}

/** The format at this index of the configuration; the first one where there is none. */
export function formatAt(index: i32): Format {
  return unchecked(FORMATS[index >= 0 && index < FORMATS.length ? index : 0]);
}

/** The upstream side of the format at this index; OpenAI's, for its errors, where the format knows no chat. */
export function upstreamOf(index: i32): UpstreamFormat {
  const upstream = formatAt(index).upstream;
  return upstream !== null ? upstream : OPENAI_UPSTREAM;
}
