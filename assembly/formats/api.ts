import { encodePercent, findParameter, pathOf, queryOf, writeWithoutParameter } from "../bytes/percent";
import {
  NONE,
  Slice,
  Utf8,
  borrow,
  endsWith,
  indexOf,
  indexOfByte,
  lengthOf,
  pointerOf,
  subslice,
  utf8,
} from "../bytes/slice";
import { matchTemplate } from "../bytes/template";
import { Writer } from "../bytes/writer";
import { AnthropicClient } from "./anthropic/format";
import { ClientFormat, PathInfo } from "./format";
import { GeminiClient } from "./gemini/format";
import { OpenAiClient } from "./openai/format";
import { ResponsesClient } from "./responses/format";

/** What a client asks for. */
export enum Operation {
  Chat,
  Completions,
  Embeddings,
  Rerank,
  Models,
  CountTokens,
  /** Images for a prompt. */
  Images,
  /** Images for a prompt and other images. */
  ImageEdits,
  /** Images that vary another one. */
  ImageVariations,
  /** Anything else of the API: goes to a service that speaks the same language, as it is. */
  Other,
}

/** One call of a client API. */
export class Api {
  /** Place in the order of all APIs: its bit in a set of them. */
  index: i32 = 0;
  /** Whether the path names the model, between `/models/` and what `path` holds. */
  hasModel: bool = false;
  /** Whether the path alone says that a stream is asked for. */
  isStream: bool = false;
  /** `path` as bytes. */
  readonly template: Utf8;
  /** Whether the query names the model: there is no body that could. */
  hasModelInQuery: bool = false;
  /** Whether its requests are forms (`multipart/form-data`) with a field `model`. */
  hasForm: bool = false;

  constructor(
    /** For messages and metrics. */
    readonly name: string,
    /** What its requests and errors are written in. */
    readonly client: ClientFormat,
    readonly operation: Operation,
    /** End of the path, behind the version prefix and the model; `{name}` stands for one segment. */
    readonly path: string,
  ) {
    this.template = utf8(path);
  }

  /** A call whose requests are forms that name the model. */
  withForm(): Api {
    this.hasForm = true;
    return this;
  }

  /** A call whose query names the model. */
  withModelInQuery(): Api {
    this.hasModelInQuery = true;
    return this;
  }

  /** Its bit in a set of APIs. */
  get bit(): u64 {
    return (1 as u64) << this.index;
  }

  /** A call whose model stands in its path, as Google's do: `/models/{model}:verb`. */
  static ofModel(
    name: string,
    client: ClientFormat,
    operation: Operation,
    verb: string,
    isStream: bool,
  ): Api {
    const api = new Api(name, client, operation, verb);
    api.hasModel = true;
    api.isStream = isStream;
    return api;
  }
}

const OPENAI: ClientFormat = new OpenAiClient();
const ANTHROPIC: ClientFormat = new AnthropicClient();
const GEMINI: ClientFormat = new GeminiClient();
const RESPONSES: ClientFormat = new ResponsesClient();

/**
 * The paths that clients call, most specific first. A path may stand behind any prefix (`/v1`, `/team-a/v1`, nothing),
 * since gateways publish APIs under prefixes of their own.
 * Sources: OpenAI API reference; Anthropic API reference; Gemini API reference; Jina and Cohere rerank.
 */
const APIS: Api[] = [
  new Api("chat.completions", OPENAI, Operation.Chat, "/chat/completions"),
  new Api("completions", OPENAI, Operation.Completions, "/completions"),
  new Api("embeddings", OPENAI, Operation.Embeddings, "/embeddings"),
  new Api("rerank", OPENAI, Operation.Rerank, "/rerank"),
  new Api("models", OPENAI, Operation.Models, "/models"),
  new Api("responses", RESPONSES, Operation.Chat, "/responses"),
  new Api("moderations", OPENAI, Operation.Other, "/moderations"),
  new Api("images", OPENAI, Operation.Images, "/images/generations"),
  new Api("images", OPENAI, Operation.ImageEdits, "/images/edits").withForm(),
  new Api("images", OPENAI, Operation.ImageVariations, "/images/variations").withForm(),
  new Api("audio", OPENAI, Operation.Other, "/audio/speech"),
  new Api("audio", OPENAI, Operation.Other, "/audio/transcriptions").withForm(),
  new Api("audio", OPENAI, Operation.Other, "/audio/translations").withForm(),
  new Api("messages", ANTHROPIC, Operation.Chat, "/messages"),
  new Api("count_tokens", ANTHROPIC, Operation.CountTokens, "/messages/count_tokens"),
  Api.ofModel("generateContent", GEMINI, Operation.Chat, ":generateContent", false),
  Api.ofModel("streamGenerateContent", GEMINI, Operation.Chat, ":streamGenerateContent", true),
  Api.ofModel("countTokens", GEMINI, Operation.CountTokens, ":countTokens", false),
  Api.ofModel("embedContent", GEMINI, Operation.Other, ":embedContent", false),
  Api.ofModel("batchEmbedContents", GEMINI, Operation.Other, ":batchEmbedContents", false),
  new Api("rerank", OPENAI, Operation.Rerank, "/reranks"),
];

/**
 * Calls whose paths hold names of their own, or end as the paths of others do: they are looked for right behind the
 * version prefix. Sources: OpenAI API reference; Anthropic API reference, "Create a Text Completion".
 */
const NESTED: Api[] = [
  new Api("complete", ANTHROPIC, Operation.Other, "/complete"),
  new Api("conversations", OPENAI, Operation.Other, "/conversations"),
  new Api("realtime", OPENAI, Operation.Other, "/realtime").withModelInQuery(),
  new Api("files", OPENAI, Operation.Other, "/files"),
  new Api("files", OPENAI, Operation.Other, "/files/{file_id}"),
  new Api("files", OPENAI, Operation.Other, "/files/{file_id}/content"),
  new Api("batches", OPENAI, Operation.Other, "/batches"),
  new Api("batches", OPENAI, Operation.Other, "/batches/{batch_id}"),
  new Api("batches", OPENAI, Operation.Other, "/batches/{batch_id}/cancel"),
  new Api("fine_tuning", OPENAI, Operation.Other, "/fine_tuning/jobs"),
  new Api("fine_tuning", OPENAI, Operation.Other, "/fine_tuning/jobs/{fine_tuning_job_id}"),
  new Api("fine_tuning", OPENAI, Operation.Other, "/fine_tuning/jobs/{fine_tuning_job_id}/events"),
  new Api("fine_tuning", OPENAI, Operation.Other, "/fine_tuning/jobs/{fine_tuning_job_id}/checkpoints"),
  new Api("fine_tuning", OPENAI, Operation.Other, "/fine_tuning/jobs/{fine_tuning_job_id}/cancel"),
  new Api("fine_tuning", OPENAI, Operation.Other, "/fine_tuning/jobs/{fine_tuning_job_id}/resume"),
  new Api("fine_tuning", OPENAI, Operation.Other, "/fine_tuning/jobs/{fine_tuning_job_id}/pause"),
  new Api(
    "fine_tuning",
    OPENAI,
    Operation.Other,
    "/fine_tuning/checkpoints/{fine_tuned_model_checkpoint}/permissions",
  ),
  new Api(
    "fine_tuning",
    OPENAI,
    Operation.Other,
    "/fine_tuning/checkpoints/{fine_tuned_model_checkpoint}/permissions/{permission_id}",
  ),
  new Api("videos", OPENAI, Operation.Other, "/videos").withForm(),
  new Api("videos", OPENAI, Operation.Other, "/videos/{video_id}"),
  new Api("videos", OPENAI, Operation.Other, "/videos/{video_id}/content"),
  new Api("videos", OPENAI, Operation.Other, "/videos/{video_id}/remix"),
];

/** Files, batches, fine-tuning, stored responses ...: whatever stands behind the version prefix. */
const OTHER: Api = new Api("other", OPENAI, Operation.Other, "");

/** A set of all APIs, by `Api.bit`; `OTHER` has the bit 0. */
export const ALL_APIS: u64 = u64.MAX_VALUE;
for (let i = 0; i < APIS.length; i++) APIS[i].index = i + 1;
for (let i = 0; i < NESTED.length; i++) NESTED[i].index = APIS.length + 1 + i;

/** The set of the APIs with this path, as it stands in the tables; 0 where there is none. */
export function apisAt(path: string): u64 {
  let found: u64 = 0;
  for (let i = 0; i < APIS.length; i++) if (APIS[i].path == path) found |= APIS[i].bit;
  for (let i = 0; i < NESTED.length; i++) if (NESTED[i].path == path) found |= NESTED[i].bit;
  return found;
}

/** Version prefix of OpenAI's paths. */
const VERSION: string = "/v1/";
const MODELS: string = "/models/";

/** Query parameter of Google's APIs that carries the client's key. */
const KEY: Utf8 = utf8("key");

/** Query parameter that names the model of a socket. */
const MODEL: Utf8 = utf8("model");
const PERCENT: u8 = 0x25;

/** The call that `findApi` found in a path. Slices borrow from the path. */
export class ApiCall {
  api: Api = OTHER;
  /** Path and query behind the version prefix, beginning with "/": what goes behind a service's base path. */
  rest: Slice = NONE;
  /** The model that path or query name, visible ASCII; NONE where the body does. */
  model: Slice = NONE;
  /** What the URL says beyond the body. */
  info: PathInfo = new PathInfo();

  /** Writes `rest` with another model in it, and without the key that Google's clients may put into the query. */
  writeRest(model: Slice, writer: Writer): void {
    const path = pathOf(this.rest);
    const before = (pointerOf(this.model) - pointerOf(path)) as i32;
    if (before > lengthOf(path)) {
      writer.bytes(subslice(this.rest, 0, before));
      encodePercent(writer, model);
      writer.bytes(subslice(this.rest, before + lengthOf(this.model), lengthOf(this.rest)));
      return;
    }
    writer.bytes(subslice(path, 0, before));
    writer.bytes(model);
    writer.bytes(subslice(path, before + lengthOf(this.model), lengthOf(path)));
    const query = queryOf(this.rest);
    if (lengthOf(query) == 0) return;
    const mark = writer.length;
    writer.byte(0x3f);
    writeWithoutParameter(writer, query, borrow(KEY));
    if (writer.length == mark + 1) writer.truncate(mark);
  }
}

/**
 * Finds which API a request path calls.
 * @param path path and query of the request.
 * @returns false where the path belongs to no API this plugin knows.
 */
export function findApi(path: Slice, call: ApiCall): bool {
  const question = indexOfByte(path, 0x3f);
  const bare = question < 0 ? path : subslice(path, 0, question);
  for (let i = 0; i < APIS.length; i++) {
    const api = unchecked(APIS[i]);
    if (!endsWith(bare, api.path)) continue;
    call.api = api;
    const end = lengthOf(bare) - api.path.length;
    if (api.hasModel) return findModel(path, end, call);
    call.rest = from(path, end);
    return true;
  }
  const version = indexOf(bare, VERSION);
  if (version < 0) return false;
  call.rest = from(path, version + VERSION.length - 1);
  call.api = nestedAt(from(bare, version + VERSION.length - 1));
  if (call.api.hasModelInQuery) {
    const model = findParameter(queryOf(path), borrow(MODEL));
    if (isPlain(model) && indexOfByte(model, PERCENT) < 0) call.model = model;
  }
  return true;
}

/** The call with this path behind the version prefix. */
function nestedAt(path: Slice): Api {
  for (let i = 0; i < NESTED.length; i++) {
    const api = unchecked(NESTED[i]);
    if (matchTemplate(borrow(api.template), path) == lengthOf(path)) return api;
  }
  return OTHER;
}

/** The model stands between `/models/` and the verb at `end`; it must be fit for a JSON string as it is. */
function findModel(path: Slice, end: i32, call: ApiCall): bool {
  const start = indexOf(subslice(path, 0, end), MODELS);
  if (start < 0) return false;
  const model = subslice(path, start + MODELS.length, end);
  if (!isPlain(model)) return false;
  call.rest = from(path, start);
  call.model = model;
  call.info.model = model;
  call.info.stream = call.api.isStream;
  call.info.isSse = indexOf(path, "alt=sse", end) >= 0;
  return true;
}

/** Visible ASCII without quotes and backslashes. */
function isPlain(text: Slice): bool {
  const pointer = pointerOf(text);
  const length = lengthOf(text);
  for (let i = 0; i < length; i++) {
    const byte = load<u8>(pointer + i);
    if (byte <= 0x20 || byte >= 0x7f || byte == 0x22 || byte == 0x5c) return false;
  }
  return length > 0;
}


@inline
function from(path: Slice, start: i32): Slice {
  return subslice(path, start, lengthOf(path));
}
