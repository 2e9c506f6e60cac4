import { NONE, Slice, borrow } from "./bytes/slice";
import { Writer } from "./bytes/writer";
import { Failure } from "./chat/failure";
import { Usage } from "./chat/usage";
import { formatOf } from "./config/format-of";
import { Config, Service } from "./config/model";
import { mapModel, needsModel, selectService } from "./config/models";
import { ApiCall, Operation, findApi } from "./formats/api";
import { ClientFormat, UpstreamFormat } from "./formats/format";
import { upstreamOf } from "./formats/table";
import { DataAction, HeadersAction, MapType } from "./host/abi";
import { holdsHeaders, keepRoute, raiseBufferLimits } from "./host/gateway";
import { removeHeader, setHeaderNumber } from "./host/headers";
import { Message, REQUEST, RESPONSE } from "./host/message";
import { closeStream, continueRequest } from "./host/reply";
import { address } from "./lanes/address";
import { affinityOf, consumerOf } from "./lanes/affinity";
import { AnswerLane } from "./lanes/answer";
import { Conversion } from "./lanes/conversion";
import { ErrorAnswer } from "./lanes/error-answer";
import { Failover, openFailover } from "./lanes/failover";
import { formFor } from "./lanes/form-request";
import { adaptRequest, contextState, watchAnswer } from "./lanes/manners";
import { isJson, isJsonBody, isStream } from "./lanes/media-type";
import { replyModels } from "./lanes/models";
import { isOpaque, isUnread, nativeFormat } from "./lanes/native-format";
import { officialDetails } from "./lanes/official-details";
import * as refusal from "./lanes/refusals";
import { refuse } from "./lanes/refuse";
import { needsSignature, sign } from "./lanes/sign";
import { TapAnswer } from "./lanes/tap-answer";
import { TapRequest, giveBack, takeTapRequest } from "./lanes/tap-request";
import { conversionOf } from "./lanes/task-conversion";
import { Journal, UNOBSERVED } from "./observe/journal";
import { Observer } from "./observe/observer";
import { randomShare } from "./upstream/balance/random";
import { Choice, Verdict } from "./upstream/choice";
import { FileState } from "./upstream/context-files";
import { Deployment } from "./upstream/deployment";
import { evidenceOf, evidenceOfBreak } from "./upstream/evidence";
import { Evidence } from "./upstream/health";
import { KeyRing } from "./upstream/key-ring";
import { Permit, UNLIMITED } from "./upstream/limits/permit";
import { Pool } from "./upstream/pool";
import { RequestHead } from "./upstream/request-head";
import { ResponseHead } from "./upstream/response-head";

/** Where an exchange stands. One can say it aloud: receiving, sent, answering; refused from anywhere. */
export enum Phase {
  /** The request is coming; nothing has gone upstream. */
  Receiving,
  /** The request waits for Eureka's first answer, or for a place. */
  Waiting,
  /** The request is on its way upstream. */
  Sent,
  /** The upstream is answering. */
  Answering,
  /** An attempt has failed, and what it still says is held back: others are made (`lanes/failover.ts`). */
  Retrying,
  /** We have answered ourselves; what the host still reports about this stream is our own answer. */
  Refused,
  /** No rule applies: everything passes. */
  Bystander,
}

const NO_CONFIG: Config = new Config();
const NO_CHOICE: Choice = new Choice();

/** A path that is being written. */
const rest: Writer = new Writer();

/** Read and used within one callback. */
export const responseHead: ResponseHead = new ResponseHead();

/**
 * ONE request and its answer, from top to bottom: the host's callbacks in the order in which they come.
 *
 *     client -> onRequestHeaders -> onRequestBody ... -> route -> send -> upstream
 *     client <- onResponseBody ... <- onResponseHeaders <---------------- upstream
 */
export class Exchange {
  readonly usage: Usage = new Usage();
  protected phase: Phase = Phase.Receiving;
  protected config: Config = NO_CONFIG;
  protected call: ApiCall = new ApiCall();
  protected client: ClientFormat = this.call.api.client;
  protected head: RequestHead = new RequestHead();
  /** Whether the request's headers are held, so that they may depend on the body. */
  protected isHeld: bool = false;
  /** Whether the request has a body at all. */
  protected hasBody: bool = false;
  /** The JSON body or form while it comes; null where there is none, and when it is through. */
  protected body: TapRequest | null = null;
  protected service: Service | null = null;
  protected format: UpstreamFormat = upstreamOf(0);
  /** The instance to send to; valid until the callback that chose it ends. */
  protected choice: Choice = NO_CHOICE;
  /** Who is told what became of it; null where the cluster's own load balancing chooses. */
  protected pool: Pool | null = null;
  protected instance: u64 = 0;
  /** Where the service has several keys: who is told what became of the one that was taken. */
  protected ring: KeyRing | null = null;
  protected key: i32 = 0;
  /** Whether the request was refused because of its key, and another one is free. */
  protected hasOtherKey: bool = false;
  /** What the answer said of the instance so far. */
  protected evidence: Evidence = Evidence.None;
  /** Whether the upstream's answer came to its end. */
  protected isComplete: bool = false;
  /** Set in the convert lane: what turns the answer back. */
  protected conversion: Conversion | null = null;
  protected answer: AnswerLane | null = null;
  protected journal: Journal = UNOBSERVED;
  protected permit: Permit = UNLIMITED;
  /** What further attempts need; null where there is to be but one. */
  protected failover: Failover | null = null;
  /** Where the request is written: what the host holds, or a callout in the making. */
  protected out: Message = REQUEST;

  constructor(
    /** Context id of the stream. */
    readonly id: i32,
    readonly deployment: Deployment,
    protected observer: Observer,
  ) {}

  // ---- the request comes ------------------------------------------------------------------------------------

  /** Which rule, which API, and must the body be seen before the request can go on? */
  onRequestHeaders(isEnd: bool): HeadersAction {
    const rule = this.deployment.ruleFor(this.head);
    if (rule === null) return this.standBy();
    const config = rule.config;
    this.journal = this.observer.open(config, this.call, this.usage);
    if (config === null) return this.refuseHeaders(refusal.brokenRule(rule));
    this.config = config;
    this.hasBody = !isEnd;
    const head = this.head;
    const isKnown = findApi(borrow(head.path), this.call);
    const form = formFor(this.call.api, isEnd ? NONE : head.mediaType, config);
    const hasJson = !isEnd && isJsonBody(head.mediaType) && !head.isUpgrade;
    this.client = this.call.api.client;
    const leavesAlone = isOpaque(config);
    if (!isKnown && !leavesAlone) return this.refuseHeaders(refusal.unknownPath());
    keepRoute();
    if (leavesAlone && (!hasJson || (isUnread(config) && !needsSignature(config)))) return this.sendUnseen();
    if (!leavesAlone && this.call.api.operation == Operation.Models && replyModels(config))
      return this.stop();
    this.failover = openFailover(this.deployment, config, isEnd);
    if (!hasJson && form === null) return this.sendUnseen();

    if (head.length > config.maxBodyBytes) return this.refuseHeaders(refusal.tooLarge(config));
    raiseBufferLimits(config.maxBodyBytes);
    this.body = form === null ? takeTapRequest() : form;
    this.isHeld = holdsHeaders(config.allowOnHeadersStopIteration);
    if (this.isHeld) return HeadersAction.StopIteration;
    const mustHold = this.call.model == NONE && needsModel(config);
    return mustHold ? this.refuseHeaders(refusal.cannotHold()) : this.sendUnseen();
  }

  /** The body is validated as it arrives, and edited or converted when it is complete. */
  onRequestBody(size: i32, isEnd: bool): DataAction {
    const body = this.body;
    if (body === null) return DataAction.Continue;
    if (size > this.config.maxBodyBytes) return this.refuseBody(refusal.tooLarge(this.config));
    if (!body.read(size)) return this.refuseBody(refusal.invalidBody(body.problem));
    return isEnd ? this.onRequestComplete(body) : DataAction.StopAndBuffer;
  }

  /** Trailers end a body as well. */
  onRequestTrailers(): DataAction {
    const body = this.body;
    return body === null ? DataAction.Continue : this.onRequestComplete(body);
  }

  protected onRequestComplete(body: TapRequest): DataAction {
    if (this.phase == Phase.Waiting) return DataAction.StopAndBuffer;
    if (!body.finish()) return this.refuseBody(refusal.invalidBody(body.problem));
    this.journal.model = body.model;
    const failover = this.failover;
    if (failover !== null) failover.keep(body.model);
    const sent = this.isHeld ? this.route(this.modelOf(body)) && this.send(body) : this.edit(body);
    return sent ? DataAction.Continue : DataAction.StopAndBuffer;
  }

  // ---- it is routed and sent --------------------------------------------------------------------------------

  /** The model that the path or, once it is complete, the body names. */
  protected modelOf(body: TapRequest | null): Slice {
    if (this.call.model != NONE) return this.call.model;
    return body === null ? NONE : borrow(body.model);
  }

  /** Sends the headers without having seen a body: there is none, it is not ours to read, or it comes later. */
  protected sendUnseen(): HeadersAction {
    const sent = this.route(this.modelOf(null)) && this.send(null);
    return sent ? HeadersAction.Continue : HeadersAction.StopAllAndWatermark;
  }

  /** Chooses the service and its instance. False: the request waits, or was refused. */
  protected route(model: Slice): bool {
    const failover = this.failover;
    const share = this.config.hasWeights ? randomShare() : 0;
    const index = failover === null ? selectService(this.config, model, share) : failover.first(model);
    if (index < 0) return this.refuse(refusal.unknownModel(model));
    const service = unchecked(this.config.services[index]);
    if (!this.hasContext(service)) return false;
    const affinity = affinityOf(service.balance, this.isHeld ? this.body : null);
    this.permit = this.deployment.limits.permitFor(this.permit, this.id);
    const consumer = consumerOf(service, this.call.api);
    const choice = this.deployment.choose(service, this.config, affinity, this.permit, consumer);
    if (choice.verdict == Verdict.NotYet) return this.wait();
    if (choice.verdict != Verdict.Chosen) {
      const isLimited = choice.verdict == Verdict.Limited;
      if (failover !== null && failover.passOver(index, model)) return this.route(model);
      return this.giveUp(
        isLimited ? refusal.limited(this.permit, service) : refusal.notChosen(service, choice),
      );
    }
    if (failover !== null) failover.start(index, choice, this.id, consumer);
    this.target(service, choice);
    this.observer.ask(this.journal, service);
    return true;
  }

  /** From now on the request is one to this service, and its instance. */
  protected target(service: Service, choice: Choice): void {
    this.service = service;
    this.format = formatOf(service);
    this.choice = choice;
    this.pool = choice.pool;
    this.instance = choice.instance;
    this.ring = choice.ring;
    this.key = choice.key;
    this.evidence = Evidence.None;
    this.conversion = null;
  }

  /** Whether the text is there that the service puts into every chat. False: the request waits, or was refused. */
  protected hasContext(service: Service): bool {
    const state = contextState(service, this.call, this.deployment);
    if (state == FileState.Coming) return this.wait();
    return state == FileState.Known || this.refuse(refusal.noContext(service));
  }

  /** Makes the request its target's, and signs it where the service wants that. False: it was refused. */
  protected send(body: TapRequest | null): bool {
    if (!this.render(body)) return false;
    const service = this.service;
    const isWhole = this.isHeld || !this.hasBody;
    const failure = service === null ? refusal.hostRefused() : sign(this.out, service, isWhole);
    return failure === null || this.refuse(failure);
  }

  /** What the service wants changed in the request, whichever lane it takes. False: it was refused. */
  protected adapt(body: TapRequest, service: Service, isTapped: bool): bool {
    if (service.manners === null) return true;
    const out = this.out;
    const head = this.isHeld && out.isHeld ? this.head : null;
    const failure = adaptRequest(out, body, service, this.call, this.deployment, head, isTapped);
    return failure === null || this.refuse(failure);
  }

  /**
   * Makes the request its target's: in the tap lane by small edits, in the convert lane by writing it anew.
   * @param body the complete body of a request whose headers are held; null where headers go first.
   * @returns false where the request was refused.
   */
  private render(body: TapRequest | null): bool {
    const service = this.service;
    if (service === null) return this.refuse(refusal.hostRefused());
    const native = nativeFormat(service, this.call.api);
    if (native !== null) {
      if ((service.apis & this.call.api.bit) == 0)
        return this.refuse(refusal.noSuchApi(service, this.call.api));
      this.format = native;
      if (!this.address(service, this.restFor(service), body)) return false;
      this.phase = Phase.Sent;
      if (body !== null) return this.edit(body);
      // What comes later may be edited, and its length change: the host then sends it in chunks.
      if (this.body !== null) removeHeader(MapType.RequestHeaders, "content-length");
      return true;
    }
    if (body === null)
      return this.refuse(
        this.body === null ? refusal.wrongFormat(service, this.call.api) : refusal.cannotHold(),
      );
    return this.convert(body, service);
  }

  /** Makes the head of the request that of its target. @param rest path as the service's language has it */
  protected address(service: Service, rest: Slice, body: TapRequest | null): bool {
    const isToCome = body === null && this.body !== null;
    const steering = this.config.steering;
    const call = this.call;
    const failure = address(this.out, this.head, service, this.choice, rest, call, body, isToCome, steering);
    if (failure !== null) return this.refuse(failure);
    const failover = this.failover;
    if (failover === null) return true;
    return (
      failover.askRouter(this.out, this.choice, this.call.api.operation) || this.refuse(refusal.hostRefused())
    );
  }

  /** The tap lane: the client's path behind the base path; where it names the model, with the service's name of it. */
  protected restFor(service: Service): Slice {
    const model = this.call.model;
    if (model == NONE) return this.call.rest;
    rest.reset();
    this.call.writeRest(mapModel(service, model), rest);
    return rest.view();
  }

  /** The tap lane: gives the body the model name that the service knows, where it lies. */
  protected edit(body: TapRequest): bool {
    const service = this.service;
    if (service === null) return this.refuse(refusal.hostRefused());
    if (!this.adapt(body, service, true)) return false;
    this.conversion = watchAnswer(this.out, body, service, this.call, this.format, this.id);
    if (this.call.model == NONE && !service.isOriginal) {
      const model = borrow(body.model);
      const mapped = mapModel(service, model);
      if (mapped != model) body.rename(mapped);
    }
    if (!body.apply(this.out)) return this.refuse(refusal.hostRefused());
    if (this.isHeld && this.head.length >= 0 && body.growth != 0 && this.out.isHeld) {
      setHeaderNumber(MapType.RequestHeaders, "content-length", this.head.length + body.growth);
    }
    this.closeBody();
    return true;
  }

  /** The convert lane: the body is written anew in the service's format. */
  protected convert(body: TapRequest, service: Service): bool {
    if (!this.adapt(body, service, false)) return false;
    const conversion = conversionOf(this.call, service);
    if (conversion === null) return this.refuse(refusal.wrongFormat(service, this.call.api));
    const text = this.out.read(0, i32.MAX_VALUE);
    const failure = conversion.convertRequest(text, service, this.modelOf(body), this.id);
    if (failure !== null) return this.refuse(failure);
    if (!this.address(service, borrow(conversion.path), body)) return false;
    if (!conversion.replaceRequest(this.out)) return this.refuse(refusal.hostRefused());
    this.journal.losses = conversion.lost;
    this.conversion = conversion;
    this.phase = Phase.Sent;
    this.closeBody();
    return true;
  }

  /** Eureka has not answered, or there is no place yet: the request is kept until then, or its time is over (`onNews`). */
  protected wait(): bool {
    this.phase = Phase.Waiting;
    this.deployment.wait(this.id);
    return false;
  }

  /** Eureka has answered, a place is free, or time has passed: a request that waited is tried again. */
  onNews(): void {
    if (this.phase != Phase.Waiting) return;
    this.phase = Phase.Receiving;
    const body = this.isHeld ? this.body : null;
    if (this.route(this.modelOf(body)) && this.send(body)) continueRequest();
  }

  // ---- what further attempts do (`retrying-exchange.ts`) ----------------------------------------------------

  /** The answer's head is a failure. True: another attempt is made, and what this one says is held back. */
  protected isTriedAgain(): bool {
    return false;
  }

  /** The first that is known of the answer's body may be a failure. True: as above. */
  protected hasFailedFirst(): bool {
    return false;
  }

  /** Nobody can be asked. Always false, as `refuse`. */
  protected giveUp(failure: Failure): bool {
    return this.refuse(failure);
  }

  /** Whether an answer has begun of which the client has not got anything. */
  protected get isHolding(): bool {
    const answer = this.answer;
    if (answer === null) return false;
    return answer.holds;
  }

  // ---- the answer comes -------------------------------------------------------------------------------------

  /** Which lane: converted back, handed on as it is, or made an error in the client's own dialect? */
  onResponseHeaders(isEnd: bool): HeadersAction {
    if (this.phase == Phase.Retrying) return HeadersAction.StopIteration;
    if (this.phase != Phase.Sent) return HeadersAction.Continue;
    responseHead.read();
    if (this.judgeKey()) responseHead.read();
    if (this.failover !== null && this.isTriedAgain()) return HeadersAction.StopIteration;
    this.phase = Phase.Answering;
    const status = responseHead.status;
    const attempts = responseHead.attempts;
    this.journal.answer(status, isStream(responseHead.mediaType));
    this.permit.begin(isStream(responseHead.mediaType));
    const lane = this.chooseLane(responseHead);
    this.answer = lane;
    this.isComplete = isEnd;
    if (this.failover !== null && attempts > 1)
      setHeaderNumber(MapType.ResponseHeaders, "x-ai-proxy-attempts", attempts);
    const action = lane.onHeaders(isEnd);
    this.judge(evidenceOf(status, attempts));
    return action;
  }

  /** So is one of several keys. True: host calls were made. */
  protected judgeKey(): bool {
    const ring = this.ring;
    const status = responseHead.status;
    this.hasOtherKey = false;
    if (ring === null || !ring.isNews(this.key, status)) return false;
    this.hasOtherKey = this.deployment.judgeKey(ring, this.key, status, responseHead.retryAfter);
    return true;
  }

  /** The instance is told apart by what it does, whatever Eureka says of it. */
  protected judge(evidence: Evidence): void {
    const pool = this.pool;
    const service = this.service;
    if (pool === null && this.failover !== null && service !== null)
      this.deployment.judgeService(service, evidence);
    if (pool === null || evidence == Evidence.None) return;
    this.evidence = evidence;
    this.deployment.judge(pool, this.instance, evidence);
  }

  protected chooseLane(head: ResponseHead): AnswerLane {
    const conversion = this.conversion;
    const service = this.service;
    if (service !== null && service.isOriginal)
      return new TapAnswer(this.client, this.format, this.usage, false, NONE);
    if (head.status >= 400 && !head.isPacked && (conversion !== null || !isJson(head.mediaType))) {
      return new ErrorAnswer(this.client, this.format, head.status);
    }
    if (conversion !== null) return conversion.answerLane(head.mediaType, head.isPacked, this.usage);
    const operation = this.call.api.operation;
    const isJudged = operation == Operation.Chat || operation == Operation.Completions;
    const mediaType = head.isPacked ? NONE : head.mediaType;
    const lane = new TapAnswer(this.client, this.format, this.usage, isJudged, mediaType);
    if (this.failover !== null) lane.watchBeginning();
    return lane;
  }

  onResponseBody(size: i32, isEnd: bool): DataAction {
    if (this.phase == Phase.Retrying) return this.holdBack();
    if (this.phase == Phase.Refused) return DataAction.Continue;
    this.isComplete = isEnd;
    this.journal.touch();
    this.permit.touch();
    const isFirst = this.failover !== null && this.isHolding;
    const answer = this.answer;
    if (answer !== null && this.permit.isOverdue) return answer.cutShort(refusal.overdue(this.permit), size);
    const action = answer === null ? DataAction.Continue : answer.onBody(size, isEnd);
    if (isFirst && action == DataAction.Continue && this.hasFailedFirst()) return this.holdBack();
    if (isEnd) this.observer.complete(this.journal);
    return action;
  }

  /** What an attempt still says that was given up is dropped. */
  protected holdBack(): DataAction {
    RESPONSE.replace(NONE);
    return DataAction.StopAndBuffer;
  }

  onResponseTrailers(): DataAction {
    if (this.phase == Phase.Retrying) return DataAction.StopAndBuffer;
    this.isComplete = true;
    const answer = this.answer;
    const action = answer === null ? DataAction.Continue : answer.onTrailers();
    this.observer.complete(this.journal);
    return action;
  }

  /** The answer takes too long: its error stands in the place of its next part, or it is broken off. */
  onOverdue(): void {
    const answer = this.answer;
    if (answer === null || this.phase != Phase.Answering) return;
    if (this.permit.mustBreakOff() && !answer.giveUp(refusal.overdue(this.permit))) closeStream();
  }

  // ---- the end ----------------------------------------------------------------------------------------------

  /** The exchange is over, whatever became of it: what it came to is noted. */
  onLog(): void {
    this.account();
    this.permit.close(this.usage);
    this.leave();
    const failover = this.failover;
    if (failover !== null) failover.end();
  }

  /** Closes the journal: what the answer has told so far counts, also where it was cut short. */
  protected account(): void {
    const answer = this.answer;
    if (answer !== null) {
      answer.settle();
      const failure = answer.failure !== null ? answer.failure : answer.reported;
      if (failure !== null) this.journal.fail(failure);
    }
    this.observer.close(this.journal, this.isComplete || this.phase == Phase.Refused);
    this.journal = UNOBSERVED;
  }

  /** The instance has one open request less. An answer that broke off is told by nothing but this. */
  protected leave(): void {
    const pool = this.pool;
    if (pool === null) return;
    const isSent = this.phase == Phase.Sent || this.phase == Phase.Answering;
    if (isSent && !this.isComplete) this.judge(evidenceOfBreak());
    else if (this.evidence == Evidence.Begun) this.judge(Evidence.Success);
    this.deployment.end(pool, this.instance, this.evidence != Evidence.None);
    this.pool = null;
  }

  /** The stream is gone: frees what it kept. */
  onDelete(): void {
    this.closeBody();
    const answer = this.answer;
    if (answer !== null) answer.dispose();
  }

  // ---- ways out ---------------------------------------------------------------------------------------------

  protected standBy(): HeadersAction {
    this.phase = Phase.Bystander;
    return HeadersAction.Continue;
  }

  /** Answers the client with a failure. Always false, for `return this.refuse(...)`. */
  protected refuse(failure: Failure): bool {
    const failover = this.failover;
    if (failover !== null && failover.isTrying) return false;
    this.phase = Phase.Refused;
    this.journal.refuse(failure);
    const details = officialDetails(this.config, this.service, this.body !== null, failure);
    this.closeBody();
    refuse(this.client, failure, details);
    return false;
  }

  protected refuseHeaders(failure: Failure): HeadersAction {
    this.refuse(failure);
    return this.stop();
  }

  /** The client has its answer, or gets it later: nothing goes upstream now. */
  protected stop(): HeadersAction {
    if (this.phase == Phase.Receiving) this.phase = Phase.Refused;
    return HeadersAction.StopAllAndWatermark;
  }

  protected refuseBody(failure: Failure): DataAction {
    this.refuse(failure);
    return DataAction.StopAndBuffer;
  }

  protected closeBody(): void {
    const body = this.body;
    if (body !== null) giveBack(body);
    this.body = null;
  }
}
