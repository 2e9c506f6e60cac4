import { Slice, toOwned } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { Failure } from "../chat/failure";
import { Usage } from "../chat/usage";
import { Service } from "../config/model";
import { mapModel } from "../config/models";
import { ApiCall, Operation } from "../formats/api";
import { invalid } from "../formats/invalid";
import { unsupported, writeUnknown } from "../formats/losses";
import { formatAt, upstreamOf } from "../formats/table";
import { Task } from "../formats/task";
import { taskFor } from "../formats/tasks";
import { BufferType, MapType } from "../host/abi";
import { bodySize, readBody, replaceBody } from "../host/body";
import { removeHeader, setHeaderText } from "../host/headers";
import { describeJsonError } from "../json/error";
import { Document } from "../json/document";
import { escape } from "../json/text";
import { AnswerLane } from "./answer";
import { Conversion } from "./conversion";
import { TaskAnswer } from "./task-answer";

/** One of each for all streams: a request is converted within one callback. */
const document: Document = new Document();
const body: Writer = new Writer();
const path: Writer = new Writer();
const lost: Writer = new Writer();
const model: Writer = new Writer();

/** What turns a call into the service's language; null where that has no such call. */
export function conversionOf(call: ApiCall, service: Service): Conversion | null {
  const format = formatAt(service.format);
  const client = call.api.client;
  if (call.api.operation == Operation.Chat) {
    const upstream = format.upstream;
    return upstream === null ? null : new Conversion(client, upstream, call.info);
  }
  const task = taskFor(call.api.operation, format.name);
  return task === null ? null : new TaskConversion(call, service, task);
}

/** The convert lane of a call that is no chat: embeddings and rankings. */
@final
export class TaskConversion extends Conversion {
  constructor(
    call: ApiCall,
    service: Service,
    private task: Task,
  ) {
    super(call.api.client, upstreamOf(service.format), call.info);
  }

  convertRequest(service: Service, name: Slice, id: i32): Failure | null {
    if (!document.parse(readBody(BufferType.RequestBody, 0, bodySize(BufferType.RequestBody)))) {
      return invalid(`request body is not valid JSON: ${describeJsonError(document.error)}`);
    }
    const task = this.task;
    const unreadable = task.read(document);
    if (unreadable !== null) return unreadable;
    lost.reset();
    writeUnknown(task.unknown, lost);
    if (service.strict && task.unknown.length > 0) return unsupported("one of the parameters in the request");
    model.reset();
    escape(model, mapModel(service, name));
    path.reset();
    body.reset();
    const unwritable = task.write(model.view(), path, body);
    if (unwritable !== null) return unwritable;
    this.path = toOwned(path.view());
    this.losses = toOwned(lost.view());
    return null;
  }

  replaceRequest(): bool {
    removeHeader(MapType.RequestHeaders, "content-length");
    setHeaderText(MapType.RequestHeaders, "content-type", "application/json");
    setHeaderText(MapType.RequestHeaders, "accept", "application/json");
    return replaceBody(BufferType.RequestBody, body.view());
  }

  answerLane(mediaType: Slice, isPacked: bool, usage: Usage): AnswerLane {
    return new TaskAnswer(this.client, this.task, this.losses, isPacked, usage);
  }
}
