import { NONE, borrow } from "./bytes/slice";
import { Failure } from "./chat/failure";
import { needsModel } from "./config/models";
import { Operation, findApi } from "./formats/api";
import { DataAction, HeadersAction, MapType } from "./host/abi";
import { holdsHeaders, keepRoute, raiseBufferLimits } from "./host/gateway";
import { setHeaderNumber } from "./host/headers";
import { RESPONSE } from "./host/message";
import { closeStream, continueRequest } from "./host/reply";
import { AnswerLane } from "./lanes/answer";
import { EditAnswer, needsEdits } from "./lanes/edit-answer";
import { ErrorAnswer } from "./lanes/error-answer";
import { openFailover } from "./lanes/failover";
import { formFor } from "./lanes/form-request";
import { isJson, isJsonBody, isStream } from "./lanes/media-type";
import { replyModels } from "./lanes/models";
import { isOpaque, isUnread } from "./lanes/native-format";
import * as refusal from "./lanes/refusals";
import { needsSignature } from "./lanes/sign";
import { TapAnswer } from "./lanes/tap-answer";
import { TapRequest, takeTapRequest } from "./lanes/tap-request";
import { UNOBSERVED } from "./observe/journal";
import { Phase, SendingExchange } from "./sending-exchange";
import { evidenceOf, evidenceOfBreak } from "./upstream/evidence";
import { Evidence } from "./upstream/health";
import { ResponseHead } from "./upstream/response-head";

/** Read and used within one callback. */
export const responseHead: ResponseHead = new ResponseHead();

/**
 * ONE request and its answer, from top to bottom: the host's callbacks in the order in which they come.
 *
 *     client -> onRequestHeaders -> onRequestBody ... -> route -> send -> upstream
 *     client <- onResponseBody ... <- onResponseHeaders <---------------- upstream
 */
export class Exchange extends SendingExchange {
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

  /** Sends the headers without having seen a body: there is none, it is not ours to read, or it comes later. */
  protected sendUnseen(): HeadersAction {
    const sent = this.route(this.modelOf(null)) && this.send(null);
    return sent ? HeadersAction.Continue : HeadersAction.StopAllAndWatermark;
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
    const lane = needsEdits(service, this.client, operation, mediaType)
      ? new EditAnswer(this.client, this.format, this.usage, isJudged, mediaType)
      : new TapAnswer(this.client, this.format, this.usage, isJudged, mediaType);
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
}
