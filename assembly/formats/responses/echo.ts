import { NONE, Slice, Utf8, borrow, same, toOwned } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { compact } from "../../json/compact";
import { ABSENT, Document, Node } from "../../json/document";
import { JsonWriter } from "../../json/writer";
import { present } from "../fields";

/**
 * Every response repeats what was asked for, and SDKs rely on it. So the reader of the request makes these
 * members once, on one line, and the answer takes them over.
 * Source: OpenAI API reference, "The response object".
 */
class Member {
  constructor(
    readonly name: string,
    /** Where the request says nothing: the API's own default. */
    readonly fallback: string,
  ) {}
}

const MEMBERS: Member[] = [
  new Member("instructions", "null"),
  new Member("max_output_tokens", "null"),
  new Member("metadata", "{}"),
  new Member("parallel_tool_calls", "true"),
  new Member("prompt_cache_key", "null"),
  new Member("reasoning", '{"effort":null,"summary":null}'),
  new Member("safety_identifier", "null"),
  new Member("temperature", "1.0"),
  new Member("text", '{"format":{"type":"text"}}'),
  new Member("tool_choice", '"auto"'),
  new Member("tools", "[]"),
  new Member("top_logprobs", "0"),
  new Member("top_p", "1.0"),
  new Member("truncation", '"disabled"'),
  new Member("user", "null"),
];

/** What is the same in all answers of a proxy that stores nothing. */
const STATELESS: string = '"background":false,"previous_response_id":null,"store":false';

const scratch: Writer = new Writer();
const parsed: Document = new Document();

/** The members that a response repeats, owned. `body` may be empty. */
export function echoOf(body: Document): Utf8 {
  scratch.reset();
  writeEcho(body, scratch);
  return toOwned(scratch.view());
}

function writeEcho(body: Document, out: Writer): void {
  const json = new JsonWriter(out);
  out.ascii(STATELESS);
  for (let i = 0; i < MEMBERS.length; i++) {
    const member = unchecked(MEMBERS[i]);
    const node = present(body, body.root, member.name);
    out.byte(0x2c);
    json.key(member.name);
    if (node == ABSENT) out.ascii(member.fallback);
    else compact(out, body.raw(node));
  }
}

/** Writes what was remembered of a request; the defaults where nothing was. */
export function writeRemembered(remembered: Utf8, out: Writer): void {
  if (remembered.byteLength > 0) {
    out.owned(remembered);
    return;
  }
  parsed.reset();
  writeEcho(parsed, out);
}

/** Whether the client knows a tool by this name as one that takes plain text. */
export function isCustomTool(remembered: Utf8, name: Slice): bool {
  if (remembered.byteLength == 0) return false;
  scratch.reset();
  scratch.byte(0x7b);
  scratch.bytes(borrow(remembered));
  scratch.byte(0x7d);
  if (!parsed.parse(scratch.view())) return false;
  const tools = parsed.find(parsed.root, "tools");
  for (let tool: Node = parsed.firstElement(tools); tool != ABSENT; tool = parsed.nextElement(tool)) {
    if (!parsed.isText(parsed.find(tool, "type"), "custom")) continue;
    const known = parsed.body(parsed.find(tool, "name"));
    if (known != NONE && same(known, name)) return true;
  }
  return false;
}
