import { Writer } from "../bytes/writer";
import { isBlank } from "../chat/body";
import { ChatRequest, Message, Part, PartKind, Role } from "../chat/request";
import { escape } from "../json/text";
import { JsonWriter } from "../json/writer";

/**
 * A conversation as one text, for services that take nothing else: each message under the name of its role, with an
 * empty line between them. A lone message of a user is its own text.
 */

const NAMES: StaticArray<string> = ["SYSTEM", "USER", "ASSISTANT", "TOOL"];

/**
 * Writes the conversation as a JSON string.
 * @param hasCue ends it with the name of the assistant, whose turn it is
 * @param first index of the first message that counts
 */
export function writeTranscript(request: ChatRequest, hasCue: bool, json: JsonWriter, first: i32 = 0): void {
  const messages = request.messages;
  const out = json.beginString();
  if (messages.length == first + 1 && unchecked(messages[first]).role == Role.User) {
    writeContent(unchecked(messages[first]), out);
    json.endString();
    return;
  }
  for (let i = first; i < messages.length; i++) {
    const message = unchecked(messages[i]);
    if (i > first) out.ascii("\\n\\n");
    writeName(message.role, out);
    writeContent(message, out);
  }
  if (hasCue) {
    out.ascii("\\n\\n");
    writeName(Role.Assistant, out);
  }
  json.endString();
}

/** Index of the first message after the last one of the model: what a service that remembers the others is told. */
export function firstNew(request: ChatRequest): i32 {
  let first = request.messages.length;
  while (first > 0 && unchecked(request.messages[first - 1]).role != Role.Assistant) first--;
  return first < request.messages.length ? first : 0;
}

function writeName(role: Role, out: Writer): void {
  const index = role as i32;
  out.ascii(index >= 0 && index < NAMES.length ? unchecked(NAMES[index]) : "USER");
  out.ascii(":\\n");
}

function writeContent(message: Message, out: Writer): void {
  let written = false;
  for (let i = 0; i < message.parts.length; i++) {
    const part = unchecked(message.parts[i]);
    if (part.kind == PartKind.ToolResult) {
      for (let j = 0; j < part.content.length; j++)
        written = writeText(unchecked(part.content[j]), written, out);
    } else if (part.kind == PartKind.ToolCall) {
      writeCall(part, written, out);
      written = true;
    } else if (part.kind == PartKind.Text || part.kind == PartKind.Refusal) {
      written = writeText(part, written, out);
    }
  }
}

function writeText(part: Part, written: bool, out: Writer): bool {
  if (part.kind == PartKind.Media || isBlank(part.text)) return written;
  if (written) out.ascii("\\n");
  out.bytes(part.text);
  return true;
}

/** `name(arguments)`. */
function writeCall(part: Part, written: bool, out: Writer): void {
  if (written) out.ascii("\\n");
  out.bytes(part.name);
  out.ascii("(");
  if (part.argumentsEscaped) out.bytes(part.arguments);
  else escape(out, part.arguments);
  out.ascii(")");
}
