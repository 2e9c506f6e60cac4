import { Slice } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Answer } from "../../chat/answer";
import { ChatEvents, Finish } from "../../chat/events";
import { Failure } from "../../chat/failure";
import { ChatRequest } from "../../chat/request";
import { ToolNames } from "../../chat/tool-names";
import { Usage } from "../../chat/usage";
import { ABSENT, Document, Node } from "../../json/document";
import {
  AnswerOptions,
  AnswerReader,
  ClientFormat,
  Framing,
  PathInfo,
  RenderOptions,
  UpstreamFormat,
} from "../format";
import { toolNamesOf } from "../names";
import { readFailure, writeFailure } from "./failure";
import { finishOf } from "./finish";
import { OpenAiReader } from "./read-answer";
import { readRequest } from "./read-request";
import { MAX_NAME_BYTES, TIERS } from "./tiers";
import { readUsage, usageOfChoice } from "./usage";
import { writeAnswer } from "./write-answer";
import { writeRequest } from "./write-request";
import { OpenAiStream } from "./write-stream";

/** Chat Completions of OpenAI, and of the many servers that speak it, as a client's language. */
export class OpenAiClient extends ClientFormat {
  constructor() {
    super("openai", "openai");
  }

  readRequest(body: Document, path: PathInfo, request: ChatRequest): Failure | null {
    return readRequest(body, request);
  }

  streamWriter(request: AnswerOptions, out: Writer): ChatEvents {
    return new OpenAiStream(request, out);
  }

  writeAnswer(answer: Answer, request: AnswerOptions, out: Writer): void {
    writeAnswer(answer, request, out);
  }

  writeFailure(failure: Failure, out: Writer): void {
    writeFailure(failure, out);
  }
}

/** The same as an upstream's language. */
export class OpenAiUpstream extends UpstreamFormat {
  constructor() {
    super("openai", TIERS, Framing.Sse);
  }

  writePath(request: ChatRequest, options: RenderOptions, writer: Writer): void {
    writer.ascii("/chat/completions");
  }

  writeRequest(request: ChatRequest, options: RenderOptions, writer: Writer): Failure | null {
    return writeRequest(request, options, writer);
  }

  toolNames(request: ChatRequest): ToolNames | null {
    return toolNamesOf(request, MAX_NAME_BYTES);
  }

  reader(): AnswerReader {
    return new OpenAiReader();
  }

  readFailure(status: i32, body: Document | null, text: Slice): Failure {
    return readFailure(status, body, text);
  }

  readUsage(document: Document, node: Node, usage: Usage): void {
    readUsage(document, node, usage);
  }

  observe(record: Document, event: Slice, usage: Usage): bool {
    const root = record.root;
    readUsage(record, record.find(root, "usage"), usage);
    if (record.isObject(record.find(root, "error"))) return true;
    const choices = record.find(root, "choices");
    for (let node = record.firstElement(choices); node != ABSENT; node = record.nextElement(node)) {
      if (finishOf(record.body(record.find(node, "finish_reason"))) == Finish.None) continue;
      readUsage(record, usageOfChoice(record, choices), usage);
      return true;
    }
    return false;
  }
}
