/**
 * Fields of Higress's official ai-proxy, as rows of the configuration's table (../fields.ts). What becomes of each is
 * in provider.ts, and for people in docs/migration.md. Like the table, the file keeps to what AssemblyScript and
 * TypeScript have in common.
 *
 * Higress's console writes fields that have no value as null, and numbers as they were typed: both are taken.
 */
import {
  CrossRule,
  Field,
  Shape,
  any,
  atMostOneWhen,
  exactlyOne,
  choice,
  flag,
  integer,
  lenient,
  map,
  object,
  objects,
  requires,
  requiresWhen,
  secret,
  secretJson,
  secretTexts,
  section,
  text,
  texts,
} from "../field";

/** Object type of a provider. */
export const PROVIDER: string = "provider";

/**
 * Object types in which a field that nobody knows is ignored with a warning, as the official plugin ignores it: whoever
 * moves over changes nothing else.
 */
export const TOLERANT_TYPES: string[] = [
  "provider",
  "providerContext",
  "customSetting",
  "providerFailover",
  "providerRetry",
];

/** Values of `type`. */
export const PROVIDER_TYPES: string[] = [
  "openai",
  "azure",
  "moonshot",
  "ai360",
  "github",
  "qwen",
  "groq",
  "grok",
  "baichuan",
  "yi",
  "deepseek",
  "zhipuai",
  "ollama",
  "claude",
  "baidu",
  "hunyuan",
  "stepfun",
  "minimax",
  "cloudflare",
  "spark",
  "gemini",
  "deepl",
  "mistral",
  "cohere",
  "doubao",
  "coze",
  "together-ai",
  "dify",
  "bedrock",
  "vertex",
  "triton",
  "openrouter",
  "longcat",
  "fireworks",
  "vllm",
  "generic",
];

/** Their order is that of `Protocol` in provider.ts. */
export const PROTOCOLS: string[] = ["openai", "original", "auto"];

/** Their order is that of `ReasoningMode` in chat/reasoning.ts. */
export const REASONING_MODES: string[] = ["passthrough", "ignore", "concat"];

/** Largest number of a 32-bit integer. */
const ANY: number = 2147483647;

export const PROVIDER_FIELDS: Field[] = lenient([
  text("provider", "id", Shape.Free),
  choice("provider", "type", PROVIDER_TYPES).required(),
  secretTexts("provider", "apiTokens", Shape.Blank),
  choice("provider", "protocol", PROTOCOLS).orElse("openai"),
  map("provider", "modelMapping", Shape.Pattern, "mapping"),
  object("provider", "eureka", "place"),
  integer("provider", "timeout", 0, ANY).orElse("120000"),
  integer("provider", "firstByteTimeout", 0, ANY).orElse("0"),
  object("provider", "context", "providerContext").alsoListed(),
  objects("provider", "customSettings", "customSetting"),
  map("provider", "capabilities", Shape.Name, "label"),
  text("provider", "basePath", Shape.Free),
  choice("provider", "basePathHandling", ["removePrefix", "prepend"]).orElse("removePrefix"),
  text("provider", "subPath", Shape.Free),
  text("provider", "providerBasePath", Shape.Free),
  text("provider", "providerDomain", Shape.Blank),
  choice("provider", "reasoningContentMode", REASONING_MODES).orElse("passthrough"),
  flag("provider", "promoteThinkingOnEmpty").orElse("false"),
  flag("provider", "mergeConsecutiveMessages").orElse("false"),
  flag("provider", "hiclawMode").orElse("false"),
  flag("provider", "agentteamsMode").orElse("false"),
  texts("provider", "contextCleanupCommands", Shape.Free),
  flag("provider", "disableStreamUsageStats").orElse("false"),
  object("provider", "failover", "providerFailover"),
  object("provider", "retryOnFailure", "providerRetry"),

  text("provider", "openaiCustomUrl", Shape.Blank),
  texts("provider", "openaiExtraCustomUrls", Shape.Free),
  text("provider", "openaiCustomServiceName", Shape.Free),
  integer("provider", "openaiCustomServicePort", 0, 65535),
  any("provider", "responseJsonSchema"),
  text("provider", "authHeaderKey", Shape.Free),
  text("provider", "azureServiceUrl", Shape.Blank),
  text("provider", "moonshotFileId", Shape.Free),
  flag("provider", "qwenEnableCompatible").orElse("true"),
  flag("provider", "qwenEnableSearch").orElse("false"),
  texts("provider", "qwenFileIds", Shape.Name),
  text("provider", "qwenDomain", Shape.Blank),
  text("provider", "doubaoDomain", Shape.Blank),
  text("provider", "zhipuDomain", Shape.Blank),
  flag("provider", "zhipuCodePlanMode").orElse("false"),
  text("provider", "ollamaServerHost", Shape.Blank),
  integer("provider", "ollamaServerPort", 0, 65535).orElse("11434"),
  text("provider", "claudeVersion", Shape.Blank),
  text("provider", "version", Shape.Blank),
  flag("provider", "claudeCodeMode").orElse("false"),
  secret("provider", "hunyuanAuthId", Shape.Blank),
  secret("provider", "hunyuanAuthKey", Shape.Blank),
  choice("provider", "minimaxApiType", ["v2", "pro"]).orElse("v2"),
  text("provider", "minimaxGroupId", Shape.Blank),
  text("provider", "cloudflareAccountId", Shape.Blank),
  text("provider", "apiVersion", Shape.Blank),
  map("provider", "geminiSafetySetting", Shape.Name, "label"),
  map("provider", "vertexGeminiSafetySetting", Shape.Name, "label"),
  integer("provider", "geminiThinkingBudget", -1, ANY),
  secretJson("provider", "vertexAuthKey", Shape.ServiceAccount),
  text("provider", "vertexRegion", Shape.Blank),
  text("provider", "vertexProjectId", Shape.Blank),
  text("provider", "vertexAuthServiceName", Shape.Blank),
  integer("provider", "vertexTokenRefreshAhead", 0, 3600).orElse("60"),
  flag("provider", "vertexOpenAICompatible").orElse("false"),
  secret("provider", "awsAccessKey", Shape.Blank),
  secret("provider", "awsSecretKey", Shape.Blank),
  text("provider", "awsRegion", Shape.Blank),
  any("provider", "bedrockAdditionalFields"),
  text("provider", "promptCacheRetention", Shape.Free),
  any("provider", "bedrockPromptCachePointPositions"),
  text("provider", "targetLang", Shape.Free),
  text("provider", "difyApiUrl", Shape.Blank),
  choice("provider", "botType", ["Chat", "Completion", "Agent", "Workflow"]).orElse("Chat"),
  text("provider", "inputVariable", Shape.Free),
  text("provider", "outputVariable", Shape.Free),
  text("provider", "tritonDomain", Shape.Blank),
  text("provider", "tritonModelVersion", Shape.Blank),
  text("provider", "vllmCustomUrl", Shape.Blank),
  text("provider", "vllmServerHost", Shape.Blank),
  text("provider", "genericHost", Shape.Blank),

  text("place", "application", Shape.Visible),
  text("place", "vip", Shape.Visible),
  text("place", "secureVip", Shape.Visible),
  texts("place", "instances", Shape.Address),
  section("place", "select", "select"),
  section("place", "balance", "balance"),
  section("place", "outlier", "outlier"),

  text("providerContext", "fileUrl", Shape.Visible).required(),
  text("providerContext", "serviceName", Shape.Visible).required(),
  integer("providerContext", "servicePort", 1, 65535).required(),

  text("customSetting", "name", Shape.Visible).required(),
  any("customSetting", "value").required(),
  choice("customSetting", "mode", ["auto", "raw"]).orElse("auto"),
  flag("customSetting", "overwrite").orElse("true"),

  flag("providerFailover", "enabled").orElse("false"),
  integer("providerFailover", "failureThreshold", 0, 1000).orElse("3"),
  integer("providerFailover", "successThreshold", 0, 1000).orElse("1"),
  integer("providerFailover", "healthCheckInterval", 0, ANY).orElse("5000"),
  integer("providerFailover", "healthCheckTimeout", 0, ANY).orElse("5000"),
  text("providerFailover", "healthCheckModel", Shape.Free),
  integer("providerFailover", "cooldownDuration", 0, ANY).orElse("0"),
  texts("providerFailover", "failoverOnStatus", Shape.Free),

  flag("providerRetry", "enabled").orElse("false"),
  integer("providerRetry", "maxRetries", 0, 100).orElse("1"),
  integer("providerRetry", "retryTimeout", 0, ANY).orElse("30000"),
  texts("providerRetry", "retryOnStatus", Shape.Free),
]);

export const PROVIDER_RULES: CrossRule[] = [
  requires("provider", "awsAccessKey", ["awsSecretKey"]),
  requires("provider", "awsSecretKey", ["awsAccessKey"]),
  requires("provider", "hunyuanAuthId", ["hunyuanAuthKey"]),
  requires("provider", "hunyuanAuthKey", ["hunyuanAuthId"]),
  requiresWhen("provider", "minimaxApiType", ["pro"], ["minimaxGroupId"]),
  atMostOneWhen("provider", "type", ["moonshot"], ["context", "moonshotFileId"]),
  // A file of Moonshot is asked for where the route leads, and that is not where instances in Eureka are.
  atMostOneWhen("provider", "type", ["moonshot"], ["eureka", "moonshotFileId"]),
  requiresWhen("provider", "type", ["azure"], ["azureServiceUrl"]),
  requiresWhen("provider", "type", ["bedrock"], ["awsRegion"]),
  requiresWhen("provider", "type", ["cloudflare"], ["cloudflareAccountId"]),
  requiresWhen("provider", "type", ["deepl"], ["targetLang"]),
  exactlyOne("place", ["application", "vip", "secureVip"]),
];
