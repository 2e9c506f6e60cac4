import { lengthOf } from "../bytes/slice";
import { ChatRequest, Message, Part, PartKind, Role } from "../chat/request";
import { JsonWriter } from "../json/writer";

/** Questions about the parts of a message, and ways to write them, that several formats have in common. */

/** Between the texts of blocks that become one string. String bodies. */
export const PARAGRAPH: string = "\\n\\n";
export const LINE: string = "\\n";

/** Whether any part is of this kind. */
export function hasPart(parts: Array<Part>, kind: PartKind): bool {
  for (let i = 0; i < parts.length; i++) {
    if (unchecked(parts[i]).kind == kind) return true;
  }
  return false;
}

/** Writes one string of all texts of a kind. `between` and `prefix` are string bodies. */
export function writeJoined(
  parts: Array<Part>,
  kind: PartKind,
  between: string,
  prefix: string,
  json: JsonWriter,
): void {
  const out = json.beginString();
  out.ascii(prefix);
  let written = false;
  for (let i = 0; i < parts.length; i++) {
    const part = unchecked(parts[i]);
    if (part.kind != kind || lengthOf(part.text) == 0) continue;
    if (written) out.ascii(between);
    out.bytes(part.text);
    written = true;
  }
  json.endString();
}

/**
 * The messages of a request for a format that takes only text in a tool message: media that tools gave back stand in
 * the user message that follows, or in one of its own. The request itself stays as it is.
 */
export function withoutResultMedia(request: ChatRequest): Array<Message> {
  const messages = new Array<Message>();
  let waiting = new Array<Part>();
  for (let i = 0; i < request.messages.length; i++) {
    let message = unchecked(request.messages[i]);
    if (waiting.length > 0 && message.role != Role.Tool) {
      const isUser = message.role == Role.User;
      const next = new Message(Role.User);
      if (isUser) next.name = message.name;
      next.parts = isUser ? waiting.concat(message.parts) : waiting;
      waiting = new Array<Part>();
      if (isUser) message = next;
      else messages.push(next);
    }
    messages.push(message);
    if (message.role == Role.Tool) takeMedia(message, waiting);
  }
  if (waiting.length > 0) {
    const last = new Message(Role.User);
    last.parts = waiting;
    messages.push(last);
  }
  return messages;
}

function takeMedia(message: Message, media: Array<Part>): void {
  for (let i = 0; i < message.parts.length; i++) {
    const content = unchecked(message.parts[i]).content;
    for (let j = 0; j < content.length; j++) {
      if (unchecked(content[j]).kind == PartKind.Media) media.push(unchecked(content[j]));
    }
  }
}
