/**
 * Everything a chat request may ask for beyond its text, as one enumeration. A client format's reader marks what it
 * found; an upstream format's table says what becomes of each (`Tier`). So "what is lost on the way" is a table
 * look-up, tested and documented from one place, and never decided inside a writer.
 */
export enum Parameter {
  Temperature,
  TopP,
  TopK,
  MinP,
  MaxTokens,
  Stop,
  Seed,
  ChoiceCount,
  FrequencyPenalty,
  PresencePenalty,
  RepetitionPenalty,
  LogitBias,
  Logprobs,
  /** How many alternatives each token's probabilities show; marked along with `Logprobs`. */
  TopLogprobs,
  User,
  Metadata,
  ServiceTier,
  Store,
  Verbosity,
  Prediction,
  Modalities,
  AudioOutput,
  WebSearch,
  PromptCacheKey,
  PromptCacheRetention,
  SafetyIdentifier,
  SafetySettings,
  CachedContent,
  JsonObject,
  JsonSchema,
  ReasoningEffort,
  ThinkingBudget,
  Tools,
  HostedTools,
  ToolChoice,
  ParallelToolCalls,
  ToolStrict,
  SystemPrompt,
  ParticipantName,
  ImageUrl,
  ImageData,
  AudioInput,
  VideoInput,
  FileData,
  FileUrl,
  FileId,
  ThinkingHistory,
  ThinkingSignature,
  ToolResultImage,
  ToolResultError,
  CacheControl,
  PreviousResponse,
  /** A field that the client format's reader does not know. Its name is reported. */
  Unknown,
}

/** How many parameters there are. */
export const PARAMETERS: i32 = (Parameter.Unknown as i32) + 1;

/** What an upstream format does with a parameter. */
export enum Tier {
  /** It goes upstream, in the upstream's own words. */
  Mapped,
  /** The upstream has no word for it and the answer stays right without it: left out and reported. */
  Dropped,
  /** Leaving it out would change what the client gets: the request is answered 400. */
  Refused,
}

/** Public names, in the order of `Parameter`: what `x-ai-proxy-dropped-params` and the documentation show. */
export const PARAMETER_NAMES: StaticArray<string> = [
  "temperature",
  "top_p",
  "top_k",
  "min_p",
  "max_tokens",
  "stop",
  "seed",
  "n",
  "frequency_penalty",
  "presence_penalty",
  "repetition_penalty",
  "logit_bias",
  "logprobs",
  "top_logprobs",
  "user",
  "metadata",
  "service_tier",
  "store",
  "verbosity",
  "prediction",
  "modalities",
  "audio",
  "web_search",
  "prompt_cache_key",
  "prompt_cache_retention",
  "safety_identifier",
  "safety_settings",
  "cached_content",
  "json_object",
  "json_schema",
  "reasoning_effort",
  "thinking_budget",
  "tools",
  "hosted_tools",
  "tool_choice",
  "parallel_tool_calls",
  "tool_strict",
  "system",
  "name",
  "image_url",
  "image_data",
  "audio_input",
  "video_input",
  "file_data",
  "file_url",
  "file_id",
  "thinking_history",
  "thinking_signature",
  "tool_result_image",
  "tool_result_error",
  "cache_control",
  "previous_response",
  "unknown_fields",
];

/** What is more than one text for another: a service that knows nothing but texts cannot give what was asked for. */
export const BEYOND_TEXT: StaticArray<Parameter> = [
  Parameter.ChoiceCount,
  Parameter.JsonSchema,
  Parameter.HostedTools,
  Parameter.AudioOutput,
  Parameter.ImageUrl,
  Parameter.ImageData,
  Parameter.AudioInput,
  Parameter.VideoInput,
  Parameter.FileData,
  Parameter.FileUrl,
  Parameter.FileId,
  Parameter.ToolResultImage,
  Parameter.CachedContent,
  Parameter.PreviousResponse,
];

/**
 * What one upstream format does with every parameter. Built once at start: everything is `Dropped` until the format
 * says otherwise.
 */
export class Tiers {
  private tiers: StaticArray<u8> = new StaticArray<u8>(PARAMETERS);

  constructor() {
    for (let i = 0; i < PARAMETERS; i++) unchecked((this.tiers[i] = Tier.Dropped as u8));
  }

  /** These parameters go upstream. */
  mapped(parameters: StaticArray<Parameter>): Tiers {
    return this.set(parameters, Tier.Mapped);
  }

  /** These parameters are answered 400. */
  refused(parameters: StaticArray<Parameter>): Tiers {
    return this.set(parameters, Tier.Refused);
  }

  /** What becomes of a parameter. */
  of(parameter: Parameter): Tier {
    const index = parameter as i32;
    return index >= 0 && index < PARAMETERS ? (unchecked(this.tiers[index]) as Tier) : Tier.Dropped;
  }

  private set(parameters: StaticArray<Parameter>, tier: Tier): Tiers {
    for (let i = 0; i < parameters.length; i++) unchecked((this.tiers[parameters[i] as i32] = tier as u8));
    return this;
  }
}
