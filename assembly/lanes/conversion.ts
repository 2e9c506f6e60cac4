import { EMPTY, NONE, Slice, Utf8, borrow, lengthOf, pointerOf, slice, toOwned } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { Failure } from "../chat/failure";
import { PARAMETER_NAMES } from "../chat/parameters";
import { Reasoning } from "../chat/reasoning";
import { ChatRequest } from "../chat/request";
import { ToolNames } from "../chat/tool-names";
import { Usage } from "../chat/usage";
import { Manners } from "../config/manners";
import { Service } from "../config/model";
import { mapModel } from "../config/models";
import { AnswerOptions, ClientFormat, PathInfo, RenderOptions, UpstreamFormat } from "../formats/format";
import { dialectOf } from "../formats/edits/dialect";
import { editRequest } from "../formats/edits/edit";
import { invalid } from "../formats/invalid";
import { NO_SETTINGS, Settings } from "../formats/settings";
import { MapType } from "../host/abi";
import { refusal, unsupported, writeLosses } from "../formats/losses";
import { now } from "../host/clock";
import { getHeader } from "../host/headers";
import { Message } from "../host/message";
import { setProperty } from "../host/property";
import { describeJsonError } from "../json/error";
import { Document } from "../json/document";
import { escape, unescape } from "../json/text";
import { setHeaders } from "../upstream/forward";
import { AnswerLane } from "./answer";
import { ConvertAnswer } from "./convert-answer";
import { cannotEdit } from "./refusals";

/** One of each for all streams and kinds of call: a request is converted within one callback. */
export const document: Document = new Document();
export const body: Writer = new Writer();
export const path: Writer = new Writer();
export const losses: Writer = new Writer();
/** Names and values of headers, each followed by a zero byte. */
export const headers: Writer = new Writer();
const model: Writer = new Writer();
const named: Writer = new Writer();

/**
 * The convert lane of one exchange: the request in the upstream's words on the way there, and what is needed to turn
 * the answer into the client's on the way back.
 *
 * The client's body is read into the canonical request, whose leaves are slices of it, and written as the upstream's
 * format. What the upstream cannot say is decided by its table alone: mapped, dropped and reported, or refused.
 */
export class Conversion {
  /** Path and query below the service's base path. */
  path: Utf8 = EMPTY;
  /** What proves who calls, where the upstream's format says where it stands: a JSON string body, borrowed. Secret. */
  token: Slice = NONE;
  /** Comma-separated names of what the upstream has no word for. */
  protected losses: Utf8 = EMPTY;
  private isStream: bool = false;
  private options: AnswerOptions = new AnswerOptions();
  private names: ToolNames | null = null;
  private accept: string = "application/json";
  private settings: Settings = NO_SETTINGS;
  private conversation: Utf8 = EMPTY;

  private manners: Manners | null = null;
  /** Headers that the service wants with every request. */
  private fixed: Utf8[] = [];

  constructor(
    protected client: ClientFormat,
    protected upstream: UpstreamFormat,
    private info: PathInfo,
  ) {
    const header = upstream.conversationHeader;
    if (header.length > 0) this.conversation = toOwned(getHeader(MapType.RequestHeaders, header));
  }

  /**
   * Reads the client's request and writes it anew, here; `replaceRequest` puts it in its place.
   * @param text the client's body, borrowed
   * @param name the client's name of the model, UTF-8; NONE where the request names none.
   * @returns what is wrong with it, for a 400; null where it is ready.
   */
  convertRequest(text: Slice, service: Service, name: Slice, id: i32): Failure | null {
    const broken = this.parse(text);
    if (broken !== null) return broken;
    const request = new ChatRequest();
    const unreadable = this.client.readRequest(document, this.info, request);
    if (unreadable !== null) return unreadable;
    const refused = refusal(request, this.upstream.tiers, service.strict);
    if (refused !== null) return refused;

    const withheld = this.withhold(request, service);
    if (withheld !== null) return withheld;
    const options = this.optionsFor(service, name, id);
    options.thinkingHistory = service.thinkingHistory;
    options.settings = service.settings;
    options.conversation = borrow(this.conversation);
    this.settings = service.settings;
    options.maxCompletionTokens = service.quirks.maxCompletionTokens;
    options.asksForUsage = service.quirks.asksForUsage;
    options.writesNoneEffort = service.quirks.writesNoneEffort;
    body.reset();
    const unwritable = this.upstream.writeRequest(request, options, body);
    if (unwritable !== null) return unwritable;
    if (!this.amend(service)) return cannotEdit();
    path.reset();
    this.upstream.writePath(request, options, path);
    headers.reset();
    this.upstream.writeHeaders(request, options, headers);
    losses.reset();
    writeLosses(request, this.upstream.tiers, losses);
    this.fixed = service.headers;
    this.manners = service.manners;
    this.keep(request);
    return null;
  }

  /**
   * Reads the client's request only for what its answer needs: the request itself goes on in the client's language.
   * Parameters and result as `convertRequest`.
   */
  watch(text: Slice, service: Service, name: Slice, id: i32): Failure | null {
    const broken = this.parse(text);
    if (broken !== null) return broken;
    const request = new ChatRequest();
    const unreadable = this.client.readRequest(document, this.info, request);
    if (unreadable !== null) return unreadable;
    this.optionsFor(service, name, id);
    path.reset();
    losses.reset();
    this.manners = service.manners;
    this.keep(request);
    return null;
  }

  /** Puts the converted request in the place of the client's. False: the host refused. */
  replaceRequest(out: Message): bool {
    out.remove("content-length");
    out.setText("content-type", "application/json");
    out.setText("accept", this.accept);
    const header = this.upstream.conversationHeader;
    if (header.length > 0) out.remove(header);
    // For the access log: %FILTER_STATE(wasm.ai_proxy_dropped_params)% in Envoy.
    if (this.losses.byteLength > 0) setProperty("ai_proxy_dropped_params", borrow(this.losses));
    const fixed = this.upstream.headers(this.isStream);
    for (let i = 0; i + 1 < fixed.length; i += 2) {
      out.setText(unchecked(fixed[i]), unchecked(fixed[i + 1]));
    }
    this.setHeaders(out);
    const isReplaced = setHeaders(out, this.fixed) && out.replace(body.view());
    // A large one gives its memory back.
    body.reset();
    return isReplaced;
  }

  /** Names of what the upstream did not get, with commas between them. */
  get lost(): Utf8 {
    return this.losses;
  }

  /** The lane that turns the answer back. @param mediaType its content-type, borrowed. */
  answerLane(mediaType: Slice, isPacked: bool, usage: Usage): AnswerLane {
    const lane = new ConvertAnswer(
      this.client,
      this.upstream,
      this.settings,
      this.options,
      this.info,
      this.isStream,
      mediaType,
      this.losses,
      usage,
    );
    lane.expect(this.names, this.reasoning(), isPacked);
    return lane;
  }

  /** What this very service does not take is left out, or refused where nothing may be lost. */
  private withhold(request: ChatRequest, service: Service): Failure | null {
    const refused = service.quirks.refused;
    for (let i = 0; i < refused.length; i++) {
      const parameter = unchecked(refused[i]);
      if (!request.has(parameter)) continue;
      if (service.strict) return unsupported(unchecked(PARAMETER_NAMES[parameter as i32]));
      request.withhold(parameter);
    }
    return null;
  }

  /** Reads a body into `document`; what it says is borrowed for as long as the body is. */
  protected parse(text: Slice): Failure | null {
    if (document.parse(text)) return null;
    return invalid(`request body is not valid JSON: ${describeJsonError(document.error)}`);
  }

  /** What the request does not say. The clock gives no bytes, so what a host call gave before is still there. */
  protected optionsFor(service: Service, name: Slice, id: i32): RenderOptions {
    const options = new RenderOptions();
    const time = now();
    options.model = this.modelFor(service, name);
    options.id = String.UTF8.encode(`${time.toString(36)}${id.toString(36)}`);
    options.token = this.token;
    options.created = time / 1000;
    this.options.created = options.created;
    this.options.id = options.id;
    return options;
  }

  /** Sets the headers that were written with the request. */
  protected setHeaders(out: Message): void {
    let at = pointerOf(headers.view());
    const end = at + headers.length;
    while (at < end) {
      const name = textAt(at, end);
      at += lengthOf(name) + 1;
      const value = textAt(at, end);
      at += lengthOf(value) + 1;
      out.setNamed(name, value);
    }
  }

  /** The service's name of the model, as a JSON string body; borrowed until the next request. */
  private modelFor(service: Service, name: Slice): Slice {
    model.reset();
    escape(model, mapModel(service, name));
    return model.view();
  }

  /** What the service wants changed in its own words. False: it cannot be done. */
  private amend(service: Service): bool {
    const manners = service.manners;
    if (manners === null) return true;
    const edits = manners.upstream;
    if (edits === null) return true;
    named.reset();
    unescape(named, model.view());
    const edited = editRequest(body.view(), dialectOf(this.upstream.name), edits, NONE, named.view());
    if (edited == NONE) return false;
    body.reset();
    body.bytes(edited);
    return true;
  }

  private reasoning(): Reasoning | null {
    const manners = this.manners;
    if (manners === null || !manners.changesAnswers) return null;
    return new Reasoning(manners.reasoning, manners.promotesReasoning);
  }

  /** Copies what the answer needs; the request's own slices end with this callback. */
  private keep(request: ChatRequest): void {
    this.path = toOwned(path.view());
    this.losses = toOwned(losses.view());
    this.isStream = request.stream;
    this.accept = this.upstream.accept(request.stream);
    this.names = this.upstream.toolNames(request);
    const options = this.options;
    options.model = toOwned(lengthOf(request.model) > 0 ? request.model : model.view());
    options.includeUsage = request.includeUsage;
    options.isSse = this.info.isSse;
    options.remembered = this.client.remember(request);
  }
}

/** The bytes up to the next zero byte. */
function textAt(from: usize, end: usize): Slice {
  let to = from;
  while (to < end && load<u8>(to) != 0) to++;
  return slice(from, (to - from) as i32);
}
