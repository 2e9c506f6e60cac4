import { Parameter } from "../../chat/parameters";
import { Owner } from "./item";

/** What a member of the request, or of one of its items, is. */
export enum Sort {
  /** A text, number, flag or any other JSON value. */
  Value,
  Messages,
  Parts,
  Calls,
  Functions,
  Texts,
}

/** Members of the request and of its items. */
export enum Field {
  Model,
  Stream,
  Messages,
  System,
  LastUser,
  /** A parameter whose raw value the request keeps. */
  Plain,
  Stop,
  Tools,
  ToolChoice,
  ResponseFormat,
  Schema,
  Effort,
  Budget,
  Id,
  Token,
  Input,
  Dimensions,
  Query,
  Documents,
  TopN,

  Role,
  Text,
  Parts,
  Thinking,
  ToolCalls,
  ToolCallId,
  Name,
  IsError,

  Type,
  Url,
  Data,
  MediaType,
  DataUrl,
  FileId,
  FileName,

  Arguments,
  ArgumentsObject,

  Description,
  Parameters,
}

/** One member that an expression may name. */
export class Word {
  sort: Sort = Sort.Value;
  /** With `Field.Plain`, the first of `parameters` is the one. */
  parameters: StaticArray<Parameter> = [];

  constructor(
    readonly owner: Owner,
    readonly name: string,
    readonly field: Field,
  ) {}

  /** A list. */
  as(sort: Sort): Word {
    this.sort = sort;
    return this;
  }

  /** Parameters that reach the service where this is used. */
  carries(parameters: StaticArray<Parameter>): Word {
    this.parameters = parameters;
    return this;
  }
}

function plain(name: string, parameter: Parameter): Word {
  return new Word(Owner.Chat, name, Field.Plain).carries([parameter]);
}

const IN_LINE: StaticArray<Parameter> = [
  Parameter.ImageData,
  Parameter.AudioInput,
  Parameter.VideoInput,
  Parameter.FileData,
  Parameter.ToolResultImage,
];
const BY_URL: StaticArray<Parameter> = [Parameter.ImageUrl, Parameter.FileUrl];
const BOTH: StaticArray<Parameter> = [
  Parameter.ImageData,
  Parameter.AudioInput,
  Parameter.VideoInput,
  Parameter.FileData,
  Parameter.ToolResultImage,
  Parameter.ImageUrl,
  Parameter.FileUrl,
];

/** Everything that an expression in a template may name. docs/declared-formats.md has the same list. */
export const WORDS: StaticArray<Word> = [
  new Word(Owner.Chat, "model", Field.Model),
  new Word(Owner.Chat, "stream", Field.Stream),
  new Word(Owner.Chat, "messages", Field.Messages).as(Sort.Messages),
  new Word(Owner.Chat, "system", Field.System).carries([Parameter.SystemPrompt]),
  new Word(Owner.Chat, "last_user", Field.LastUser),
  plain("temperature", Parameter.Temperature),
  plain("top_p", Parameter.TopP),
  plain("top_k", Parameter.TopK),
  plain("min_p", Parameter.MinP),
  plain("max_tokens", Parameter.MaxTokens),
  plain("seed", Parameter.Seed),
  plain("n", Parameter.ChoiceCount),
  plain("presence_penalty", Parameter.PresencePenalty),
  plain("frequency_penalty", Parameter.FrequencyPenalty),
  plain("repetition_penalty", Parameter.RepetitionPenalty),
  plain("logit_bias", Parameter.LogitBias),
  plain("logprobs", Parameter.Logprobs),
  plain("top_logprobs", Parameter.TopLogprobs),
  plain("user", Parameter.User),
  plain("metadata", Parameter.Metadata),
  plain("service_tier", Parameter.ServiceTier),
  plain("verbosity", Parameter.Verbosity),
  new Word(Owner.Chat, "stop", Field.Stop).as(Sort.Texts).carries([Parameter.Stop]),
  new Word(Owner.Chat, "tools", Field.Tools)
    .as(Sort.Functions)
    .carries([Parameter.Tools, Parameter.ToolResultError]),
  new Word(Owner.Chat, "tool_choice", Field.ToolChoice).carries([Parameter.ToolChoice]),
  new Word(Owner.Chat, "response_format", Field.ResponseFormat).carries([
    Parameter.JsonObject,
    Parameter.JsonSchema,
  ]),
  new Word(Owner.Chat, "schema", Field.Schema).carries([Parameter.JsonSchema]),
  new Word(Owner.Chat, "reasoning_effort", Field.Effort).carries([Parameter.ReasoningEffort]),
  new Word(Owner.Chat, "thinking_budget", Field.Budget).carries([
    Parameter.ThinkingBudget,
    Parameter.ReasoningEffort,
  ]),
  new Word(Owner.Chat, "id", Field.Id),
  new Word(Owner.Chat, "token", Field.Token),

  new Word(Owner.Embeddings, "model", Field.Model),
  new Word(Owner.Embeddings, "input", Field.Input).as(Sort.Texts),
  new Word(Owner.Embeddings, "dimensions", Field.Dimensions),
  new Word(Owner.Embeddings, "id", Field.Id),
  new Word(Owner.Embeddings, "token", Field.Token),

  new Word(Owner.Rerank, "model", Field.Model),
  new Word(Owner.Rerank, "query", Field.Query),
  new Word(Owner.Rerank, "documents", Field.Documents).as(Sort.Texts),
  new Word(Owner.Rerank, "top_n", Field.TopN),
  new Word(Owner.Rerank, "id", Field.Id),
  new Word(Owner.Rerank, "token", Field.Token),

  new Word(Owner.Message, "role", Field.Role),
  new Word(Owner.Message, "text", Field.Text),
  new Word(Owner.Message, "parts", Field.Parts).as(Sort.Parts),
  new Word(Owner.Message, "thinking", Field.Thinking).carries([Parameter.ThinkingHistory]),
  new Word(Owner.Message, "tool_calls", Field.ToolCalls).as(Sort.Calls),
  new Word(Owner.Message, "tool_call_id", Field.ToolCallId),
  new Word(Owner.Message, "name", Field.Name).carries([Parameter.ParticipantName]),
  new Word(Owner.Message, "is_error", Field.IsError).carries([Parameter.ToolResultError]),

  new Word(Owner.Part, "type", Field.Type),
  new Word(Owner.Part, "text", Field.Text),
  new Word(Owner.Part, "url", Field.Url).carries(BY_URL),
  new Word(Owner.Part, "data", Field.Data).carries(IN_LINE),
  new Word(Owner.Part, "media_type", Field.MediaType),
  new Word(Owner.Part, "data_url", Field.DataUrl).carries(BOTH),
  new Word(Owner.Part, "file_id", Field.FileId).carries([Parameter.FileId]),
  new Word(Owner.Part, "file_name", Field.FileName),

  new Word(Owner.Call, "id", Field.Id),
  new Word(Owner.Call, "name", Field.Name),
  new Word(Owner.Call, "arguments", Field.Arguments),
  new Word(Owner.Call, "arguments_object", Field.ArgumentsObject),

  new Word(Owner.Function, "name", Field.Name),
  new Word(Owner.Function, "description", Field.Description),
  new Word(Owner.Function, "parameters", Field.Parameters),
];

/** What reaches the service where a list of messages or parts is written in OpenAI's shape. */
export const OPENAI_CONTENT: StaticArray<Parameter> = [
  Parameter.ImageUrl,
  Parameter.ImageData,
  Parameter.AudioInput,
  Parameter.VideoInput,
  Parameter.FileData,
  Parameter.FileId,
  Parameter.ToolResultImage,
];

/** The member of an owner with this name, or null. */
export function findWord(owner: Owner, name: string): Word | null {
  for (let i = 0; i < WORDS.length; i++) {
    const word = unchecked(WORDS[i]);
    if (word.owner == owner && word.name == name) return word;
  }
  return null;
}

/** The names that an owner's members have. */
export function namesOf(owner: Owner): string[] {
  const names: string[] = [];
  for (let i = 0; i < WORDS.length; i++) {
    if (unchecked(WORDS[i]).owner == owner) names.push(unchecked(WORDS[i]).name);
  }
  return names;
}

/** What the items of a list are. */
export function itemOwner(sort: Sort): Owner {
  switch (sort) {
    case Sort.Messages:
      return Owner.Message;
    case Sort.Parts:
      return Owner.Part;
    case Sort.Calls:
      return Owner.Call;
    case Sort.Functions:
      return Owner.Function;
  }
  return Owner.Text;
}
