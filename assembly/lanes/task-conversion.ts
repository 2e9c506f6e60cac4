import { Slice, toOwned } from "../bytes/slice";
import { Failure } from "../chat/failure";
import { Usage } from "../chat/usage";
import { Service } from "../config/model";
import { ApiCall, Operation } from "../formats/api";
import { unsupported, writeUnknown } from "../formats/losses";
import { formatAt, upstreamOf } from "../formats/table";
import { Task } from "../formats/task";
import { taskFor } from "../formats/tasks";
import { AnswerLane } from "./answer";
import { Conversion, body, document, losses, path } from "./conversion";
import { TaskAnswer } from "./task-answer";

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

  convertRequest(text: Slice, service: Service, name: Slice, id: i32): Failure | null {
    const broken = this.parse(text);
    if (broken !== null) return broken;
    const task = this.task;
    const unreadable = task.read(document);
    if (unreadable !== null) return unreadable;
    losses.reset();
    writeUnknown(task.unknown, losses);
    if (service.strict && task.unknown.length > 0) return unsupported("one of the parameters in the request");
    path.reset();
    body.reset();
    const unwritable = task.write(this.modelFor(service, name), path, body);
    if (unwritable !== null) return unwritable;
    this.path = toOwned(path.view());
    this.losses = toOwned(losses.view());
    return null;
  }

  answerLane(mediaType: Slice, isPacked: bool, usage: Usage): AnswerLane {
    return new TaskAnswer(this.client, this.task, this.losses, isPacked, usage);
  }
}
