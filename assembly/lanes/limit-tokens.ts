import { NONE, Slice, borrow } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { ABSENT, Document } from "../json/document";
import { MemberEdits } from "../json/members";
import { Patches } from "../json/patch";

/** Where the dialects of clients say how long an answer may be; the first name is written where none is there. */
class Limit {
  constructor(
    readonly client: string,
    readonly names: string[],
    /** The object that holds it; "": the outermost one. */
    readonly parent: string,
  ) {}
}

/** Sources: API references of OpenAI (Chat Completions, Responses), Anthropic (Messages) and Gemini (generateContent). */
const LIMITS: Limit[] = [
  new Limit("openai", ["max_tokens", "max_completion_tokens"], ""),
  new Limit("anthropic", ["max_tokens"], ""),
  new Limit("responses", ["max_output_tokens"], ""),
  new Limit("gemini", ["maxOutputTokens"], "generationConfig"),
];

const document: Document = new Document();
const patches: Patches = new Patches();
const edits: MemberEdits = new MemberEdits(document, patches);

/**
 * Writes a client's chat request with a limit of the answer's length; a smaller one of the client's stays.
 * @param client name of the client's format
 * @returns what was written, borrowed; NONE where the request is no JSON object, or the client's format has no limit
 */
export function limitTokens(client: string, request: Slice, most: i32, out: Writer): Slice {
  for (let i = 0; i < LIMITS.length; i++) {
    const limit = unchecked(LIMITS[i]);
    if (limit.client == client) return apply(limit, request, most, out);
  }
  return NONE;
}

function apply(limit: Limit, request: Slice, most: i32, out: Writer): Slice {
  if (!document.parse(request) || !document.isObject(document.root)) return NONE;
  const number = String.UTF8.encode(most.toString());
  const parent = limit.parent.length > 0 ? document.find(document.root, limit.parent) : document.root;
  patches.clear();
  if (parent == ABSENT) {
    edits.open(document.root);
    const whole = String.UTF8.encode(`{"${limit.names[0]}":${most}}`);
    edits.set(limit.parent, borrow(whole));
  } else if (edits.open(parent)) {
    let isThere = false;
    for (let i = 0; i < limit.names.length; i++) {
      const value = document.find(parent, limit.names[i]);
      if (value == ABSENT || document.isNull(value)) continue;
      isThere = true;
      if (document.integer(value, i64.MAX_VALUE) > (most as i64))
        edits.replace(limit.names[i], borrow(number));
    }
    if (!isThere) edits.set(limit.names[0], borrow(number));
  }
  edits.close();
  if (patches.failed) return NONE;
  out.reset();
  patches.apply(request, out);
  return out.view();
}
