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
import { BufferType, DataAction, HeadersAction, MapType } from "./host/abi";
import { holdsHeaders, keepRoute, raiseBufferLimits } from "./host/gateway";
import { getHeaderPairs, removeHeader, setHeaderNumber } from "./host/headers";
import { DraftMessage, Message, REQUEST, RESPONSE } from "./host/message";
import { closeStream, continueRequest } from "./host/reply";
import { address } from "./lanes/address";
import { affinityOf } from "./lanes/affinity";
import { AnswerLane } from "./lanes/answer";
import { Conversion } from "./lanes/conversion";
import { ErrorAnswer } from "./lanes/error-answer";
import { Failover, failed, openFailover } from "./lanes/failover";
import { formFor } from "./lanes/form-request";
import { adaptRequest, contextState, watchAnswer } from "./lanes/manners";
import { isJson, isJsonBody, isStream } from "./lanes/media-type";
import { replyModels } from "./lanes/models";
import { isOpaque, isUnread, nativeFormat } from "./lanes/native-format";
import { officialDetails } from "./lanes/official-details";
import * as refusal from "./lanes/refusals";
import { refuse } from "./lanes/refuse";
import { replyWhole } from "./lanes/reply-whole";
import { TapAnswer } from "./lanes/tap-answer";
import { TapRequest, giveBack, takeTapRequest } from "./lanes/tap-request";
import { conversionOf } from "./lanes/task-conversion";
import { Journal, UNOBSERVED } from "./observe/journal";
import { Observer } from "./observe/observer";
import { randomShare } from "./upstream/balance/random";
import { sendCall } from "./upstream/call";
import { Choice, Verdict } from "./upstream/choice";
import { FileState } from "./upstream/context-files";
import { Deployment } from "./upstream/deployment";
import { evidenceOf, evidenceOfBreak, evidenceOfCall } from "./upstream/evidence";
import { Evidence } from "./upstream/health";
import { Permit, UNLIMITED } from "./upstream/limits/permit";
import { Pool } from "./upstream/pool";
import { RequestHead } from "./upstream/request-head";
import { ResponseHead } from "./upstream/response-head";

/** Where an exchange stands. One can say it aloud: receiving, sent, answering; refused from anywhere. */
enum Phase {
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

/** Who has too many requests is left alone for so long where it does not say for how long. */
const BUSY_SECONDS: i32 = 1;

/** As much of an error's body is looked at to see whose it is. */
const ERROR_TEXT: i32 = 256;

const NO_CONFIG: Config = new Config();
const NO_CHOICE: Choice = new Choice();

/** A path that is being written. */
const rest: Writer = new Writer();

/** Read and used within one callback. */
const responseHead: ResponseHead = new ResponseHead();

/**
 * ONE request and its answer, from top to bottom: the host's callbacks in the order in which they come.
 *
 *     client -> onRequestHeaders -> onRequestBody ... -> route -> send -> upstream
 *     client <- onResponseBody ... <- onResponseHeaders <---------------- upstream
 */
export class Exchange {
  readonly usage: Usage = new Usage();
  private phase: Phase = Phase.Receiving;
  private config: Config = NO_CONFIG;
  private call: ApiCall = new ApiCall();
  private client: ClientFormat = this.call.api.client;
  private head: RequestHead = new RequestHead();
  /** Whether the request's headers are held, so that they may depend on the body. */
  private isHeld: bool = false;
  /** The JSON body or form while it comes; null where there is none, and when it is through. */
  private body: TapRequest | null = null;
  private service: Service | null = null;
  private format: UpstreamFormat = upstreamOf(0);
  /** The instance to send to; valid until the callback that chose it ends. */
  private choice: Choice = NO_CHOICE;
  /** Who is told what became of it; null where the cluster's own load balancing chooses. */
  private pool: Pool | null = null;
  private instance: u64 = 0;
  /** What the answer said of the instance so far. */
  private evidence: Evidence = Evidence.None;
  /** Whether the upstream's answer came to its end. */
  private isComplete: bool = false;
  /** Set in the convert lane: what turns the answer back. */
  private conversion: Conversion | null = null;
  private answer: AnswerLane | null = null;
  private journal: Journal = UNOBSERVED;
  private permit: Permit = UNLIMITED;
  /** What further attempts need; null where there is to be but one. */
  private failover: Failover | null = null;
  /** Where the request is written: what the host holds, or a callout in the making. */
  private out: Message = REQUEST;

  constructor(
    /** Context id of the stream. */
    readonly id: i32,
    readonly deployment: Deployment,
    private observer: Observer,
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
    const head = this.head;
    const isKnown = findApi(borrow(head.path), this.call);
    const form = formFor(this.call.api, isEnd ? NONE : head.mediaType, config);
    const hasJson = !isEnd && isJsonBody(head.mediaType) && !head.isUpgrade;
    this.client = this.call.api.client;
    const leavesAlone = isOpaque(config);
    if (!isKnown && !leavesAlone) return this.refuseHeaders(refusal.unknownPath());
    keepRoute();
    if (leavesAlone && (!hasJson || isUnread(config))) return this.sendUnseen();
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

  private onRequestComplete(body: TapRequest): DataAction {
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
  private modelOf(body: TapRequest | null): Slice {
    if (this.call.model != NONE) return this.call.model;
    return body === null ? NONE : borrow(body.model);
  }

  /** Sends the headers without having seen a body: there is none, it is not ours to read, or it comes later. */
  private sendUnseen(): HeadersAction {
    const sent = this.route(this.modelOf(null)) && this.send(null);
    return sent ? HeadersAction.Continue : HeadersAction.StopAllAndWatermark;
  }

  /** Chooses the service and its instance. False: the request waits, or was refused. */
  private route(model: Slice): bool {
    const failover = this.failover;
    const share = this.config.hasWeights ? randomShare() : 0;
    const index = failover === null ? selectService(this.config, model, share) : failover.first(model);
    if (index < 0) return this.refuse(refusal.unknownModel(model));
    const service = unchecked(this.config.services[index]);
    if (!this.hasContext(service)) return false;
    const affinity = affinityOf(service.balance, this.isHeld ? this.body : null);
    this.permit = this.deployment.limits.permitFor(this.permit, this.id);
    const choice = this.deployment.choose(service, this.config, affinity, this.permit);
    if (choice.verdict == Verdict.NotYet) return this.wait();
    if (choice.verdict == Verdict.Limited || choice.verdict == Verdict.None) {
      const isLimited = choice.verdict == Verdict.Limited;
      if (failover !== null && failover.passOver(index, model)) return this.route(model);
      return this.giveUp(
        isLimited ? refusal.limited(this.permit, service) : refusal.noInstance(service, choice.reason),
      );
    }
    if (failover !== null) failover.start(index, choice, this.id);
    this.target(service, choice);
    this.observer.ask(this.journal, service);
    return true;
  }

  /** From now on the request is one to this service, and its instance. */
  private target(service: Service, choice: Choice): void {
    this.service = service;
    this.format = formatOf(service);
    this.choice = choice;
    this.pool = choice.pool;
    this.instance = choice.instance;
    this.evidence = Evidence.None;
    this.conversion = null;
  }

  /** Whether the text is there that the service puts into every chat. False: the request waits, or was refused. */
  private hasContext(service: Service): bool {
    const state = contextState(service, this.call, this.deployment);
    if (state == FileState.Coming) return this.wait();
    return state == FileState.Known || this.refuse(refusal.noContext(service));
  }

  /** What the service wants changed in the request, whichever lane it takes. False: it was refused. */
  private adapt(body: TapRequest, service: Service, isTapped: bool): bool {
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
  private send(body: TapRequest | null): bool {
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
  private address(service: Service, rest: Slice, body: TapRequest | null): bool {
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
  private restFor(service: Service): Slice {
    const model = this.call.model;
    if (model == NONE) return this.call.rest;
    rest.reset();
    this.call.writeRest(mapModel(service, model), rest);
    return rest.view();
  }

  /** The tap lane: gives the body the model name that the service knows, where it lies. */
  private edit(body: TapRequest): bool {
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
  private convert(body: TapRequest, service: Service): bool {
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
  private wait(): bool {
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

  // ---- it is tried again ------------------------------------------------------------------------------------

  /**
   * An attempt has failed before the client got anything. True: another one is made, or waits for its time, and what
   * this one still says is held back.
   */
  private tryAgain(failure: Failure, evidence: Evidence): bool {
    const failover = this.failover;
    if (failover === null || !failover.isCurable(this.call.api.operation, failure.status, evidence))
      return false;
    const service = this.service;
    const format = this.format;
    const conversion = this.conversion;
    const phase = this.phase;
    this.judge(evidence);
    const seconds = failure.retryAfter > 0 ? failure.retryAfter : failure.status == 429 ? BUSY_SECONDS : 0;
    if (seconds > 0 && service !== null) this.deployment.pause(service, this.pool, this.instance, seconds);
    failover.failure = failure;
    // It has been judged: that it did not come to its end says nothing more.
    this.isComplete = true;
    this.leave();
    this.isComplete = false;
    if (this.attempt(failover)) {
      this.observer.retry(this.journal, service, failure);
      return true;
    }
    // The client gets the answer that is there.
    this.service = service;
    this.format = format;
    this.conversion = conversion;
    this.phase = phase;
    return false;
  }

  /** Makes the next attempt, or has it wait for its time, or takes the last resort. False: nothing is left. */
  private attempt(failover: Failover): bool {
    const model = this.keptModel(failover);
    while (failover.mayTry) {
      const choice = failover.next(model, this.permit);
      if (choice !== null) {
        if (this.sendCall(failover, choice)) return true;
        continue;
      }
      if (!failover.waitToRepeat(this.id)) break;
      this.phase = Phase.Retrying;
      return true;
    }
    return this.degrade(failover);
  }

  /** Renders the request for another target, and sends it there by a callout. False: the target does not take it. */
  private sendCall(failover: Failover, choice: Choice): bool {
    const service = failover.service;
    if (service === null) return false;
    this.target(service, choice);
    const draft = failover.kept.draft();
    this.out = draft;
    this.body = failover.kept.view();
    failover.isTrying = true;
    const isSent = this.send(this.body);
    failover.isTrying = false;
    this.out = REQUEST;
    this.closeBody();
    const timeout = failover.timeLeft;
    const token = isSent ? sendCall(draft, service, choice, this.config.steering, timeout) : -1;
    draft.release();
    this.phase = Phase.Retrying;
    if (token < 0) {
      this.leave();
      return false;
    }
    failover.begin(token, this.id);
    this.observer.ask(this.journal, service);
    return true;
  }

  /** The last resort, if there is one: another service or model, a shorter answer, or a fixed one. */
  private degrade(failover: Failover): bool {
    const choice = failover.lastChoice(this.permit);
    if (choice !== null) {
      failover.limitTokens(this.client.name);
      if (this.sendCall(failover, choice)) return true;
    }
    const answer = new DraftMessage(BufferType.CalloutBody);
    if (!failover.writeAnswer(this.call, this.id, answer)) return false;
    this.phase = Phase.Refused;
    replyWhole(answer, failover, null);
    return true;
  }

  /** The answer to a callout of ours has come, whole. `count` is 0 where the host got none. */
  onCallAnswer(token: i32, count: i32, size: i32): void {
    const failover = this.failover;
    if (failover === null || failover.token != token || this.phase != Phase.Retrying) return;
    failover.token = 0;
    const answer = new DraftMessage(BufferType.CalloutBody);
    answer.open(getHeaderPairs(MapType.CalloutHeaders));
    if (count == 0) answer.setText(":status", "502");
    responseHead.readDraft(answer);
    const status = responseHead.status;
    const evidence = evidenceOfCall(status, size > 0 ? answer.read(0, ERROR_TEXT) : NONE);
    if (status >= 400 && this.tryAgain(failed(status, responseHead.retryAfter), evidence)) return;
    this.judge(evidence);
    responseHead.readDraft(answer);
    const lane = this.chooseLane(responseHead);
    lane.message = answer;
    lane.onHeaders(size == 0);
    if (size > 0) lane.onBody(size, true);
    const failure = lane.failure;
    if (status < 400 && failure !== null && this.tryAgain(failure, Evidence.Failure)) {
      lane.dispose();
      return;
    }
    this.answer = lane;
    this.isComplete = true;
    this.journal.answer(status, isStream(responseHead.mediaType));
    this.leave();
    this.phase = Phase.Refused;
    replyWhole(answer, failover, this.service);
    failover.settle();
    this.observer.complete(this.journal);
  }

  /** Whether time has run out for what is under way. @param now milliseconds since 1970 */
  isDue(now: i64): bool {
    const failover = this.failover;
    return failover !== null && failover.dueAt > 0 && now >= failover.dueAt;
  }

  /** Whether there is a time at which something is to be done. */
  get isTimed(): bool {
    const failover = this.failover;
    return failover !== null && failover.dueAt > 0;
  }

  /** The time has come: a back-off is over, or an attempt has taken too long to its first byte. */
  onTime(): void {
    const failover = this.failover;
    if (failover === null) return;
    failover.dueAt = 0;
    if (this.phase == Phase.Retrying) {
      const choice = failover.token == 0 ? failover.repeat(this.permit) : null;
      const isUnderWay = failover.token != 0 || (choice !== null && this.sendCall(failover, choice));
      if (!isUnderWay && !this.degrade(failover)) this.refuse(refusal.attemptsFailed(failover.failure));
      return;
    }
    if (this.phase != Phase.Sent && !this.isHolding) return;
    if (!this.tryAgain(refusal.tooSlow(failover.attempts.firstByteMs), Evidence.Failure)) return;
    this.dropAnswer();
  }

  /** Whether an answer has begun of which the client has not got anything. */
  private get isHolding(): bool {
    const answer = this.answer;
    if (answer === null) return false;
    return answer.holds;
  }

  /** The model of the request, whose own view of its body may be gone. */
  private keptModel(failover: Failover): Slice {
    return this.call.model != NONE ? this.call.model : borrow(failover.model);
  }

  /** What an abandoned attempt has said is not looked at any more. */
  private dropAnswer(): void {
    const answer = this.answer;
    if (answer !== null) answer.dispose();
    this.answer = null;
  }

  // ---- the answer comes -------------------------------------------------------------------------------------

  /** Which lane: converted back, handed on as it is, or made an error in the client's own dialect? */
  onResponseHeaders(isEnd: bool): HeadersAction {
    if (this.phase == Phase.Retrying) return HeadersAction.StopIteration;
    if (this.phase != Phase.Sent) return HeadersAction.Continue;
    responseHead.read();
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

  /** Whether an answer with such a status is made good by another attempt. */
  private isTriedAgain(): bool {
    const failover = this.failover;
    const status = responseHead.status;
    if (failover === null || !failover.attempts.isRetriable(status)) return false;
    const evidence = evidenceOf(status, responseHead.attempts);
    if (this.tryAgain(failed(status, responseHead.retryAfter), evidence)) return true;
    responseHead.read();
    return false;
  }

  /** The instance is told apart by what it does, whatever Eureka says of it. */
  private judge(evidence: Evidence): void {
    const pool = this.pool;
    const service = this.service;
    if (pool === null && this.failover !== null && service !== null)
      this.deployment.judgeService(service, evidence);
    if (pool === null || evidence == Evidence.None) return;
    this.evidence = evidence;
    this.deployment.judge(pool, this.instance, evidence);
  }

  private chooseLane(head: ResponseHead): AnswerLane {
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

  /** The first that was heard of the upstream was a failure, and another attempt is made; else the client hears it. */
  private hasFailedFirst(): bool {
    const answer = this.answer;
    const failover = this.failover;
    if (answer !== null) {
      const failure = answer.failure;
      if (failure !== null && this.tryAgain(failure, Evidence.Failure)) {
        this.dropAnswer();
        return true;
      }
    }
    if (failover !== null) failover.settle();
    return false;
  }

  /** What an attempt still says that was given up is dropped. */
  private holdBack(): DataAction {
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
  private account(): void {
    const answer = this.answer;
    if (answer !== null) {
      answer.settle();
      const failure = answer.failure;
      if (failure !== null) this.journal.fail(failure);
    }
    this.observer.close(this.journal, this.isComplete || this.phase == Phase.Refused);
    this.journal = UNOBSERVED;
  }

  /** The instance has one open request less. An answer that broke off is told by nothing but this. */
  private leave(): void {
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

  private standBy(): HeadersAction {
    this.phase = Phase.Bystander;
    return HeadersAction.Continue;
  }

  /** Answers the client with a failure. Always false, for `return this.refuse(...)`. */
  private refuse(failure: Failure): bool {
    const failover = this.failover;
    if (failover !== null && failover.isTrying) return false;
    this.phase = Phase.Refused;
    this.journal.refuse(failure);
    const details = officialDetails(this.config, this.service, this.body !== null, failure);
    this.closeBody();
    refuse(this.client, failure, details);
    return false;
  }

  /** Nobody can be asked: the last resort, or the failure. Always false, as `refuse`. */
  private giveUp(failure: Failure): bool {
    const failover = this.failover;
    return failover !== null && failover.kept.isWhole && this.degrade(failover)
      ? false
      : this.refuse(failure);
  }

  private refuseHeaders(failure: Failure): HeadersAction {
    this.refuse(failure);
    return this.stop();
  }

  /** The client has its answer, or gets it later: nothing goes upstream now. */
  private stop(): HeadersAction {
    if (this.phase == Phase.Receiving) this.phase = Phase.Refused;
    return HeadersAction.StopAllAndWatermark;
  }

  private refuseBody(failure: Failure): DataAction {
    this.refuse(failure);
    return DataAction.StopAndBuffer;
  }

  private closeBody(): void {
    const body = this.body;
    if (body !== null) giveBack(body);
    this.body = null;
  }
}
