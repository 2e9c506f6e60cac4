import { NONE, Slice, Utf8, borrow, indexOf, lengthOf, same, utf8 } from "../bytes/slice";
import { Failure } from "../chat/failure";
import { Manners } from "../config/manners";
import { Service } from "../config/model";
import { mapModel } from "../config/models";
import { ApiCall, Operation } from "../formats/api";
import { dialectOf } from "../formats/edits/dialect";
import { editRequest } from "../formats/edits/edit";
import { RequestEdits } from "../formats/edits/edits";
import { UpstreamFormat } from "../formats/format";
import { Message } from "../host/message";
import { FileState } from "../upstream/context-files";
import { Deployment } from "../upstream/deployment";
import { RequestHead } from "../upstream/request-head";
import { Conversion } from "./conversion";
import { cannotEdit, hostRefused } from "./refusals";
import { TapRequest } from "./tap-request";

/** What `Service.manners` asks for. Each function costs one comparison where it asks for nothing. */

const DEVELOPER: string = '"developer"';
const STREAM: Utf8 = utf8("stream");

/** Requests for new images are JSON; those that hold images are forms. */
const NEW_IMAGES: string = "/images/generations";

/** Envoy of Higress: milliseconds until the upstream has to begin its answer. */
const FIRST_BYTE: string = "x-envoy-upstream-rq-first-byte-timeout-ms";

/** How far the text is known that the service puts into every chat; `Known` also where it has none. */
export function contextState(service: Service, call: ApiCall, deployment: Deployment): FileState {
  const manners = service.manners;
  if (manners === null || call.api.operation != Operation.Chat) return FileState.Known;
  const file = manners.context;
  return file === null ? FileState.Known : deployment.fileState(file);
}

/**
 * Changes a chat request as its service wants it, in the client's own language. The body is read whole only where there
 * is something to change.
 * @param out the request on its way
 * @param body what is known of it; it reads the changed body anew
 * @param head where headers still can be changed: what the client sent; else null
 * @param isTapped whether the client's language is the service's
 * @returns why the request cannot be sent; null where it can
 */
export function adaptRequest(
  out: Message,
  body: TapRequest,
  service: Service,
  call: ApiCall,
  deployment: Deployment,
  head: RequestHead | null,
  isTapped: bool,
): Failure | null {
  const manners = service.manners;
  if (manners === null) return null;
  if (call.api.operation > Operation.Completions && !service.isOriginal) {
    const images = isTapped && call.api.path == NEW_IMAGES ? manners.images : null;
    if (images === null) return null;
    return adaptImages(out, body, mapModel(service, borrow(body.model)), images, head);
  }
  const file = call.api.operation == Operation.Chat ? manners.context : null;
  const notice = file === null ? NONE : deployment.fileText(file);
  const size = body.size;
  const failure = edit(out, body, service, manners, call, notice, isTapped ? manners.upstream : null);
  if (failure !== null || head === null) return failure;
  correctLength(out, head, size, body.size);
  const isStream = call.info.stream || (manners.firstByteMs > 0 && body.isTrue(STREAM));
  if (manners.firstByteMs > 0 && isStream) out.setNumber(FIRST_BYTE, manners.firstByteMs);
  return null;
}

/**
 * A request that goes on in the client's language: asks for usage, and notes what will be needed to read the answer.
 * @returns null where the answer goes on as it comes
 */
export function watchAnswer(
  out: Message,
  body: TapRequest,
  service: Service,
  call: ApiCall,
  format: UpstreamFormat,
  id: i32,
): Conversion | null {
  const manners = service.manners;
  if (manners === null) return null;
  const isOpenAi = format.name == "openai" && call.api.operation <= Operation.Completions;
  if (manners.asksForUsage && isOpenAi) body.askForUsage();
  if (!manners.changesAnswers || call.api.operation != Operation.Chat) return null;
  const conversion = new Conversion(call.api.client, format, call.info);
  // A request that is not understood here is the upstream's to judge.
  const failure = conversion.watch(out.read(0, body.size), service, borrow(body.model), id);
  return failure === null ? conversion : null;
}

function edit(
  out: Message,
  body: TapRequest,
  service: Service,
  manners: Manners,
  call: ApiCall,
  notice: Slice,
  upstream: RequestEdits | null,
): Failure | null {
  const edits = manners.edits;
  const model = mapModel(service, call.model != NONE ? call.model : borrow(body.model));
  let told = notice;
  if (lengthOf(told) == 0 && edits.notice.byteLength > 0) {
    if (edits.noticeModel.byteLength == 0 || same(model, borrow(edits.noticeModel)))
      told = borrow(edits.notice);
  }
  const isWanted = edits.isWanted || lengthOf(told) > 0;
  if (!isWanted && !edits.renamesDeveloper && upstream === null) return null;
  const isEdited = isWanted || (edits.renamesDeveloper && mentions(out, body.size, DEVELOPER));
  if (!isEdited && upstream === null) return null;
  const text = out.read(0, body.size);
  const dialect = dialectOf(call.api.client.sameAs);
  let edited = isEdited ? editRequest(text, dialect, edits, told, model) : text;
  if (upstream !== null) edited = editRequest(edited, dialect, upstream, NONE, model);
  return replace(out, body, edited);
}

/** A request for images, with what its service wants in it. For the parameters see `adaptRequest`. */
function adaptImages(
  out: Message,
  body: TapRequest,
  model: Slice,
  edits: RequestEdits,
  head: RequestHead | null,
): Failure | null {
  const size = body.size;
  const edited = editRequest(out.read(0, size), dialectOf("openai"), edits, NONE, model);
  const failure = replace(out, body, edited);
  if (failure === null && head !== null) correctLength(out, head, size, body.size);
  return failure;
}

/** The headers are still held: they say how long the changed body is. */
function correctLength(out: Message, head: RequestHead, before: i32, now: i32): void {
  if (head.length < 0 || now == before) return;
  head.length = now;
  out.setNumber("content-length", now);
}

/** Puts the changed body in the place of the one that came, and reads it anew. */
function replace(out: Message, body: TapRequest, edited: Slice): Failure | null {
  if (edited == NONE) return cannotEdit();
  if (!out.replace(edited)) return hostRefused();
  body.reset();
  const isRead = out.isHeld ? body.read(lengthOf(edited)) : body.readKept(edited);
  return isRead && body.finish() ? null : hostRefused();
}

/** Whether a body holds an ASCII text; looked for window by window, so that a large body takes no memory. */
function mentions(out: Message, size: i32, ascii: string): bool {
  let at = 0;
  while (at < size) {
    const window = out.window(at);
    if (indexOf(window, ascii) >= 0) return true;
    // The text may lie across two windows.
    const step = lengthOf(window) - ascii.length + 1;
    if (step <= 0 || at + lengthOf(window) >= size) return false;
    at += step;
  }
  return false;
}
