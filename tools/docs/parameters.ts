/** What each parameter is, and why a format may refuse it; by its public name. */

export interface ParameterText {
  meaning: string;
  /** Why a request with it is answered 400 where a format has no word for it. */
  refusal?: string;
}

export const PARAMETER_TEXTS: Record<string, ParameterText> = {
  temperature: { meaning: "how random the choice of tokens is" },
  top_p: { meaning: "nucleus sampling" },
  top_k: { meaning: "how many tokens are considered" },
  min_p: { meaning: "least probability of a token, of the best one's" },
  max_tokens: { meaning: "most tokens of the answer (`max_completion_tokens`, `maxOutputTokens`)" },
  stop: { meaning: "texts that end the answer", refusal: "the answer would go on behind them" },
  seed: { meaning: "for answers that can be repeated" },
  n: { meaning: "several answers (`candidateCount`)", refusal: "there would be one answer only" },
  frequency_penalty: { meaning: "against tokens that came often" },
  presence_penalty: { meaning: "against tokens that came at all" },
  repetition_penalty: { meaning: "the same, as a factor" },
  logit_bias: { meaning: "preference for single tokens" },
  logprobs: {
    meaning: "probabilities of the answer's tokens",
    refusal: "the answer would lack what was asked for",
  },
  top_logprobs: {
    meaning: "probabilities of the alternatives",
    refusal: "the answer would lack what was asked for",
  },
  user: { meaning: "who asks, for the vendor's statistics and abuse detection" },
  metadata: { meaning: "labels of the request" },
  service_tier: { meaning: "priority of the request" },
  store: { meaning: "whether the vendor keeps the answer" },
  verbosity: { meaning: "how long answers are" },
  prediction: { meaning: "a draft of the answer, to speed it up" },
  modalities: {
    meaning: "kinds of output: text, audio, images",
    refusal: "there would be text only",
  },
  audio: { meaning: "voice and encoding of spoken answers", refusal: "there would be no sound" },
  web_search: { meaning: "search on the web while answering" },
  prompt_cache_key: { meaning: "hint for the vendor's cache" },
  prompt_cache_retention: { meaning: "how long the vendor remembers the prompt: `in_memory` or `24h`" },
  safety_identifier: { meaning: "who asks, for the vendor's abuse detection" },
  safety_settings: { meaning: "thresholds of Gemini's filters" },
  cached_content: {
    meaning: "a prompt that is stored at the vendor",
    refusal: "the model would not see it",
  },
  json_object: { meaning: "the answer is any JSON object", refusal: "the answer would be no JSON" },
  json_schema: {
    meaning: "the answer follows a schema",
    refusal: "the answer need not follow it",
  },
  reasoning_effort: { meaning: "how much the model thinks, in words" },
  thinking_budget: { meaning: "how much the model thinks, in tokens" },
  tools: { meaning: "functions that the model may call", refusal: "they would never be called" },
  hosted_tools: {
    meaning: "tools that the vendor runs: code execution, file search, ...",
    refusal: "they would not be run",
  },
  tool_choice: { meaning: "whether a tool must be called, and which" },
  parallel_tool_calls: { meaning: "whether several tools may be called at once" },
  tool_strict: { meaning: "arguments follow their schema strictly" },
  system: { meaning: "instructions that stand before the conversation" },
  name: { meaning: "names of participants" },
  image_url: { meaning: "images by URL", refusal: "the model would not see them" },
  image_data: { meaning: "images as data", refusal: "the model would not see them" },
  audio_input: { meaning: "sound in the question", refusal: "the model would not hear it" },
  video_input: { meaning: "video in the question", refusal: "the model would not see it" },
  file_data: { meaning: "documents as data", refusal: "the model would not see them" },
  file_url: { meaning: "documents by URL", refusal: "the model would not see them" },
  file_id: {
    meaning: "documents that were uploaded to the vendor before",
    refusal: "the model would not see them",
  },
  thinking_history: { meaning: "thinking of earlier turns" },
  thinking_signature: { meaning: "the vendor's signature of it" },
  tool_result_image: {
    meaning: "images in results of tools",
    refusal: "the model would not see them",
  },
  tool_result_error: { meaning: "that a tool failed" },
  cache_control: { meaning: "what of the prompt the vendor is to cache" },
  previous_response: {
    meaning: "a conversation that is stored at the vendor",
    refusal: "the model would not see it",
  },
  unknown_fields: { meaning: "fields that the plugin does not know; reported by their own names" },
};
