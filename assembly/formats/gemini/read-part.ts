import { lengthOf } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { ChatEvents } from "../../chat/events";
import { Document, Node } from "../../json/document";
import { writeGoogleSignature } from "../thoughts";

const scratch: Writer = new Writer();

/**
 * Reads one part of a candidate's content, other than a function call. A part of text may carry a signature:
 * then it proves the thinking before it, also where the text itself is visible or empty.
 * Source: Gemini API reference, Part; "Thought signatures".
 */
export function readPart(record: Document, part: Node, out: ChatEvents): void {
  const isThought = record.isTrue(record.find(part, "thought"));
  const text = record.find(part, "text");
  if (record.isString(text)) {
    if (isThought) out.thinking(record.body(text));
    else out.text(record.body(text));
  } else {
    readOther(record, part, isThought, out);
  }
  const signature = record.body(record.find(part, "thoughtSignature"));
  if (lengthOf(signature) == 0) return;
  scratch.reset();
  writeGoogleSignature(signature, scratch);
  out.signature(scratch.view());
}

function readOther(record: Document, part: Node, isThought: bool, out: ChatEvents): void {
  const media = record.find(part, "inlineData");
  if (record.isObject(media)) {
    // Images in thoughts are drafts of the one that follows.
    const data = record.body(record.find(media, "data"));
    if (!isThought && lengthOf(data) > 0) out.media(record.body(record.find(media, "mimeType")), data);
    return;
  }
  scratch.reset();
  const code = record.find(part, "executableCode");
  const result = record.find(part, "codeExecutionResult");
  const file = record.find(part, "fileData");
  if (record.isObject(code)) {
    scratch.ascii(record.isText(record.find(code, "language"), "PYTHON") ? "\\n```python\\n" : "\\n```\\n");
    scratch.bytes(record.body(record.find(code, "code")));
    scratch.ascii("\\n```\\n");
  } else if (record.isObject(result)) {
    scratch.ascii("\\n```\\n");
    scratch.bytes(record.body(record.find(result, "output")));
    scratch.ascii("\\n```\\n");
  } else if (record.isObject(file)) {
    scratch.bytes(record.body(record.find(file, "fileUri")));
  }
  out.text(scratch.view());
}
