/**
 * The vendors whose APIs are called by no more than an address, paths and a key, one row each. A new one is one row; its
 * documentation is made from it. Sources are the vendors' public API references.
 */
import { Vendor, openai } from "./vendor";

/** Paths of APIs that come together. */
const FILES: string = "/files /files/{file_id} /files/{file_id}/content";
const BATCHES: string = "/batches /batches/{batch_id} /batches/{batch_id}/cancel";
const TUNING: string =
  "/fine_tuning/jobs /fine_tuning/jobs/{fine_tuning_job_id} /fine_tuning/jobs/{fine_tuning_job_id}/cancel " +
  "/fine_tuning/jobs/{fine_tuning_job_id}/events /fine_tuning/jobs/{fine_tuning_job_id}/checkpoints";
const ALL_TUNING: string =
  TUNING +
  " /fine_tuning/jobs/{fine_tuning_job_id}/resume /fine_tuning/jobs/{fine_tuning_job_id}/pause" +
  " /fine_tuning/checkpoints/{fine_tuned_model_checkpoint}/permissions" +
  " /fine_tuning/checkpoints/{fine_tuned_model_checkpoint}/permissions/{permission_id}";
const IMAGES: string = "/images/generations /images/edits /images/variations";
const AUDIO: string = "/audio/speech /audio/transcriptions /audio/translations";
const VIDEOS: string = "/videos /videos/{video_id} /videos/{video_id}/content /videos/{video_id}/remix";
const MESSAGES: string = "/messages /messages/count_tokens";
const GEMINI: string =
  ":generateContent :streamGenerateContent :countTokens :embedContent :batchEmbedContents /models";

/** Parameters that many servers have beyond OpenAI's, and that OpenAI itself answers with 400. */
const EXTRAS: string = "top_k min_p repetition_penalty";

/**
 * Anthropic's API on Vertex AI: the model stands in the path, the version in the body. Anthropic's own clients ask with
 * `?beta=true`, which Google does not know. Sources: Anthropic, "Claude on Vertex AI"; Google Cloud, "Count tokens for
 * Claude models".
 * @param base what stands before the publisher
 */
function claudeOnVertex(name: string, host: string, base: string): Vendor {
  const models = base + "/publishers/anthropic/models/";
  return new Vendor(name, host, "", "anthropic")
    .has(MESSAGES)
    .path("/messages", models + "{model}:{rawPredict|streamRawPredict}?")
    .path("/messages/count_tokens", models + "count-tokens:rawPredict?")
    .drops("anthropic", "model")
    .adds("anthropic_version", '"vertex-2023-10-16"');
}

/** All vendors, in the order of the documentation. */
export const VENDORS: Vendor[] = [
  openai("openai", "api.openai.com", "/v1")
    .has("/completions /embeddings /models /moderations /realtime /responses /conversations")
    .has([IMAGES, AUDIO, VIDEOS, FILES, BATCHES, ALL_TUNING].join(" "))
    .also("responses")
    .without(EXTRAS)
    .completionLimit(),
  openai("ai360", "api.360.cn", "/v1").has("/embeddings").keyIn("raw"),
  // Deployments stand in the path, what is not a deployment's beside them. Videos are in the API without versions only.
  openai("azure", "{resource}.openai.azure.com", "")
    .has("/completions /embeddings /models /realtime /responses")
    .has([IMAGES, AUDIO, VIDEOS, FILES, BATCHES, ALL_TUNING].join(" "))
    .also("responses")
    .path("", "/openai/deployments/{model}?api-version={apiVersion}")
    .path("/models", "/openai/models?api-version={apiVersion}")
    .path("/files", "/openai/files?api-version={apiVersion}")
    .path("/batches", "/openai/batches?api-version={apiVersion}")
    .path("/fine_tuning", "/openai/fine_tuning?api-version={apiVersion}")
    .path("/responses", "/openai/responses?api-version={apiVersion}")
    .path("/realtime", "/openai/realtime?api-version={apiVersion}&deployment={model}")
    .path("/videos", "/openai/v1/videos")
    .keyIn("api-key")
    .without(EXTRAS)
    .completionLimit(),
  openai("baichuan", "api.baichuan-ai.com", "/v1").has("/embeddings"),
  openai("baidu", "qianfan.baidubce.com", "/v2").has("/embeddings /models /rerank /images/generations"),
  openai("cloudflare", "api.cloudflare.com", "/client/v4/accounts/{account}/ai/v1")
    .has("/embeddings /responses")
    .also("responses"),
  openai("deepseek", "api.deepseek.com", "/v1")
    .has("/models /completions /messages")
    .also("anthropic")
    .path("/messages", "/anthropic/v1/messages")
    .path("/completions", "/beta/completions"),
  openai("doubao", "ark.cn-beijing.volces.com", "/api/v3")
    .has("/embeddings /images/generations /responses")
    .has(FILES)
    .also("responses")
    .drops("responses", "parallel_tool_calls tool_choice")
    // Ark marks images as its own unless it is told not to; OpenAI's clients have no word for that.
    .imageDefault("watermark", "false"),
  openai("fireworks", "api.fireworks.ai", "/inference/v1")
    .has("/completions /embeddings /models /rerank /responses /messages")
    .also("responses")
    .also("anthropic"),
  openai("github", "models.github.ai", "/inference")
    .has("/embeddings /models")
    .path("/models", "/catalog/models")
    .without(EXTRAS),
  openai("grok", "api.x.ai", "/v1")
    .has("/completions /models /responses /messages /images/generations")
    .also("responses")
    .also("anthropic"),
  openai("groq", "api.groq.com", "/openai/v1")
    .has("/models /responses")
    .has([AUDIO, FILES, BATCHES].join(" "))
    .also("responses")
    .without(EXTRAS)
    .without("logprobs top_logprobs logit_bias name prompt_cache_key prompt_cache_retention"),
  openai("hunyuan", "api.hunyuan.cloud.tencent.com", "/v1").has("/embeddings"),
  openai("longcat", "api.longcat.chat", "/openai/v1")
    .has("/models /messages")
    .also("anthropic")
    .path("/messages", "/anthropic/v1/messages")
    .thinkingSwitch(),
  openai("minimax", "api.minimax.chat", "/v1")
    .has("/messages")
    .also("anthropic")
    .path("/chat/completions", "/v1/text/chatcompletion_v2")
    .path("/messages", "/anthropic/v1/messages"),
  openai("mistral", "api.mistral.ai", "/v1")
    .has("/embeddings /models /moderations /conversations /audio/transcriptions")
    .has([FILES, TUNING].join(" "))
    .without(EXTRAS)
    .without("seed logit_bias logprobs top_logprobs user name service_tier store verbosity")
    .without("modalities web_search safety_identifier prompt_cache_retention")
    .usageAnyway(),
  openai("moonshot", "api.moonshot.cn", "/v1")
    .has("/models /messages")
    .has(FILES)
    .also("anthropic")
    .path("/messages", "/anthropic/v1/messages")
    .usageInChoice(),
  openai("openrouter", "openrouter.ai", "/api/v1")
    .has("/completions /embeddings /models /responses /messages")
    .also("responses")
    .also("anthropic")
    // The object must not have an effort besides.
    .swaps("openai", "reasoning_max_tokens", "reasoning", '{"max_tokens":$}', "reasoning_effort"),
  openai("qwen", "dashscope.aliyuncs.com", "/compatible-mode/v1")
    .has("/completions /embeddings /models /responses /conversations /rerank /reranks /messages")
    .has([FILES, BATCHES].join(" "))
    .also("responses")
    .also("anthropic")
    .path("/messages", "/apps/anthropic/v1/messages")
    .path("/rerank", "/compatible-api/v1/reranks")
    .path("/reranks", "/compatible-api/v1/reranks"),
  openai("stepfun", "api.stepfun.com", "/v1")
    .has("/models /messages /images/generations /images/edits /audio/speech /audio/transcriptions")
    .has(FILES)
    .also("anthropic"),
  openai("together-ai", "api.together.xyz", "/v1")
    .has("/completions /embeddings /models /rerank /images/generations")
    .has([AUDIO, FILES, BATCHES].join(" ")),
  openai("yi", "api.lingyiwanwu.com", "/v1").has("/models"),
  openai("zhipuai", "open.bigmodel.cn", "/api/paas/v4")
    .has("/embeddings /rerank /moderations /images/generations /audio/speech /audio/transcriptions")
    .has([FILES, BATCHES, MESSAGES].join(" "))
    .also("anthropic")
    .path("/messages", "/api/anthropic/v1/messages")
    .thinkingSwitch(),

  openai("ollama", "", "/v1").has("/completions /embeddings /models /responses").has(MESSAGES),
  openai("vllm", "", "/v1")
    .has("/completions /embeddings /models /rerank /responses /audio/transcriptions /audio/translations")
    .has(MESSAGES),

  new Vendor("claude", "api.anthropic.com", "/v1", "anthropic")
    .has("/complete /models")
    .has([MESSAGES, FILES].join(" ")),
  new Vendor("gemini", "generativelanguage.googleapis.com", "/v1beta", "gemini").has(GEMINI),
  new Vendor(
    "vertex",
    "{region}-aiplatform.googleapis.com",
    "/v1/projects/{project}/locations/{region}",
    "vertex",
  )
    .global("aiplatform.googleapis.com")
    .has(":generateContent :streamGenerateContent :countTokens")
    .also("gemini")
    .path("/models", "/v1/projects/{project}/locations/{region}/publishers/google/models")
    .family("claude", "vertex-claude"),
  claudeOnVertex(
    "vertex-claude",
    "{region}-aiplatform.googleapis.com",
    "/v1/projects/{project}/locations/{region}",
  )
    .global("aiplatform.googleapis.com")
    .keyIn("authorization"),
  new Vendor("vertex-express", "aiplatform.googleapis.com", "/v1", "vertex")
    .has(":generateContent :streamGenerateContent :countTokens")
    .also("gemini")
    .path("/models", "/v1/publishers/google/models")
    .keyIn("?key")
    .family("claude", "vertex-express-claude"),
  claudeOnVertex("vertex-express-claude", "aiplatform.googleapis.com", "/v1").keyIn("?key"),
  openai(
    "vertex-openai",
    "{region}-aiplatform.googleapis.com",
    "/v1/projects/{project}/locations/{region}/endpoints/openapi",
  ).global("aiplatform.googleapis.com"),
  new Vendor("cohere", "api.cohere.com", "/v2", "cohere"),
  new Vendor("dify", "api.dify.ai", "/v1", "dify"),
  new Vendor("spark", "spark-api-open.xf-yun.com", "/v1", "spark"),
  new Vendor("hunyuan-tc3", "hunyuan.tencentcloudapi.com", "", "hunyuan"),
  new Vendor("minimax-pro", "api.minimax.chat", "/v1", "minimax"),
  new Vendor("coze-chat", "api.coze.cn", "/v3", "coze"),
  new Vendor("deepl", "api.deepl.com", "/v2", "deepl"),
  new Vendor("deepl-free", "api-free.deepl.com", "/v2", "deepl"),
  new Vendor("bedrock", "bedrock-runtime.{region}.amazonaws.com", "", "bedrock"),
  new Vendor("triton", "", "/v2", "kserve"),
  openai("coze", "api.coze.cn", "").original(),
  openai("generic", "", "").original(),
];

/** The names, as the configuration knows them. */
export const VENDOR_NAMES: string[] = VENDORS.map<string>((vendor) => vendor.name);

/** The vendor of this name, or null. */
export function findVendor(name: string): Vendor | null {
  for (let i = 0; i < VENDORS.length; i++) if (VENDORS[i].name == name) return VENDORS[i];
  return null;
}
