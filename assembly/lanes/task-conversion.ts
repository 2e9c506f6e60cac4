import { EMPTY, Slice, Utf8, toOwned } from "../bytes/slice";
import { Failure } from "../chat/failure";
import { Usage } from "../chat/usage";
import { chatFormatOf, formatOf, taskOf } from "../config/format-of";
import { Service } from "../config/model";
import { ApiCall, Operation } from "../formats/api";
import { unsupported, writeUnknown } from "../formats/losses";
import { Task } from "../formats/task";
import { AnswerLane } from "./answer";
import { Conversion, body, document, headers, losses, path } from "./conversion";
import { TaskAnswer } from "./task-answer";

/** What turns a call into the service's language; null where that has no such call. */
export function conversionOf(call: ApiCall, service: Service): Conversion | null {
  const client = call.api.client;
  if (call.api.operation == Operation.Chat) {
    const upstream = chatFormatOf(service);
    return upstream === null ? null : new Conversion(client, upstream, call.info);
  }
  const task = taskOf(service, call.api.operation);
  return task === null ? null : new TaskConversion(call, service, task);
}

/** The convert lane of a call that is no chat: embeddings, rankings and images. */
@final
export class TaskConversion extends Conversion {
  constructor(
    call: ApiCall,
    service: Service,
    private task: Task,
  ) {
    super(call.api.client, formatOf(service), call.info);
  }

  convertRequest(text: Slice, service: Service, name: Slice, id: i32): Failure | null {
    const broken = this.parse(text);
    if (broken !== null) return broken;
    const task = this.task;
    task.options = this.optionsFor(service, name, id);
    task.options.safetySettings = safetySettings(service);
    const unreadable = task.read(document);
    if (unreadable !== null) return unreadable;
    losses.reset();
    writeUnknown(task.unknown, losses);
    if (service.strict && task.unknown.length > 0) return unsupported("one of the parameters in the request");
    path.reset();
    body.reset();
    headers.reset();
    const unwritable = task.write(task.options.model, path, body);
    if (unwritable !== null) return unwritable;
    task.writeHeaders(headers);
    this.path = toOwned(path.view());
    this.losses = toOwned(losses.view());
    return null;
  }

  answerLane(mediaType: Slice, isPacked: bool, usage: Usage): AnswerLane {
    return new TaskAnswer(this.client, this.task, this.losses, isPacked, usage);
  }
}

/** Gemini's thresholds that the configuration names, as JSON; empty where it names none. */
function safetySettings(service: Service): Utf8 {
  const manners = service.manners;
  if (manners === null) return EMPTY;
  const edits = manners.upstream;
  return edits === null ? EMPTY : edits.valueOf("safetySettings");
}
