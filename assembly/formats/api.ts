import { NONE, Slice, endsWith, indexOf, indexOfByte, lengthOf, subslice } from "../bytes/slice";
import { ClientFormat, PathInfo } from "./format";
import { OpenAiClient } from "./openai/format";

/** What a client asks for. */
export enum Operation {
  Chat,
  Completions,
  Embeddings,
  Rerank,
  Models,
  CountTokens,
  /** Anything else of the API: goes to a service that speaks the same language, as it is. */
  Other,
}

/** One call of a client API. */
export class Api {
  constructor(
    /** For messages and metrics. */
    readonly name: string,
    /** What its requests and errors are written in. */
    readonly client: ClientFormat,
    readonly operation: Operation,
    /** Path behind the version prefix. */
    readonly path: string,
  ) {}
}

const OPENAI: ClientFormat = new OpenAiClient();

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
  new Api("responses", OPENAI, Operation.Other, "/responses"),
  new Api("moderations", OPENAI, Operation.Other, "/moderations"),
  new Api("images", OPENAI, Operation.Other, "/images/generations"),
  new Api("images", OPENAI, Operation.Other, "/images/edits"),
  new Api("images", OPENAI, Operation.Other, "/images/variations"),
  new Api("audio", OPENAI, Operation.Other, "/audio/speech"),
  new Api("audio", OPENAI, Operation.Other, "/audio/transcriptions"),
  new Api("audio", OPENAI, Operation.Other, "/audio/translations"),
];

/** Files, batches, fine-tuning, stored responses ...: whatever stands behind the version prefix. */
const OTHER: Api = new Api("other", OPENAI, Operation.Other, "");

/** Version prefix of OpenAI's paths. */
const VERSION: string = "/v1/";

/** The call that `findApi` found in a path. */
export class ApiCall {
  api: Api = OTHER;
  /** Path and query behind the version prefix, beginning with "/": what goes behind a service's base path. */
  rest: Slice = NONE;
  /** What the URL says beyond the body. */
  info: PathInfo = new PathInfo();
}

/**
 * Finds which API a request path calls.
 * @param path path and query of the request; `call.rest` borrows from it.
 * @returns false where the path belongs to no API this plugin knows.
 */
export function findApi(path: Slice, call: ApiCall): bool {
  const question = indexOfByte(path, 0x3f);
  const bare = question < 0 ? path : subslice(path, 0, question);
  for (let i = 0; i < APIS.length; i++) {
    const api = unchecked(APIS[i]);
    if (!endsWith(bare, api.path)) continue;
    call.api = api;
    call.rest = from(path, lengthOf(bare) - api.path.length);
    return true;
  }
  const version = indexOf(bare, VERSION);
  if (version < 0) return false;
  call.api = OTHER;
  call.rest = from(path, version + VERSION.length - 1);
  return true;
}


@inline
function from(path: Slice, start: i32): Slice {
  return subslice(path, start, lengthOf(path));
}
