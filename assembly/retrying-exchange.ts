import { NONE, Slice, borrow } from "./bytes/slice";
import { Failure } from "./chat/failure";
import { Exchange, responseHead } from "./exchange";
import { BufferType, MapType } from "./host/abi";
import { getHeaderPairs } from "./host/headers";
import { DraftMessage, REQUEST } from "./host/message";
import { Failover, failed } from "./lanes/failover";
import { contextState } from "./lanes/manners";
import { isStream } from "./lanes/media-type";
import * as refusal from "./lanes/refusals";
import { replyWhole } from "./lanes/reply-whole";
import { Phase } from "./sending-exchange";
import { sendCall } from "./upstream/call";
import { Choice } from "./upstream/choice";
import { FileState } from "./upstream/context-files";
import { evidenceOf, evidenceOfCall } from "./upstream/evidence";
import { Evidence } from "./upstream/health";

/** Who has too many requests is left alone for so long where it does not say for how long. */
const BUSY_SECONDS: i32 = 1;

/** As much of an error's body is looked at to see whose it is. */
const ERROR_TEXT: i32 = 256;

/**
 * An exchange that may be tried again: what happens between an attempt that failed before its first byte and the
 * answer of another one. `lanes/failover.ts` decides whether and where to.
 *
 *     attempt 1, by the router -> fails, is held -> attempt 2, by a callout -> ... -> the answer, as a reply
 */
@final
export class RetryingExchange extends Exchange {
  /** Whether an answer with such a status is made good by another attempt. */
  protected isTriedAgain(): bool {
    const failover = this.failover;
    const status = responseHead.status;
    if (failover === null || !(this.hasOtherKey || failover.attempts.isRetriable(status))) return false;
    const evidence = evidenceOf(status, responseHead.attempts);
    if (this.tryAgain(failed(status, responseHead.retryAfter), evidence)) return true;
    responseHead.read();
    return false;
  }

  /**
   * An attempt has failed before the client got anything. True: another one is made, or waits for its time, and what
   * this one still says is held back.
   */
  private tryAgain(failure: Failure, evidence: Evidence): bool {
    const failover = this.failover;
    if (failover === null) return false;
    failover.hasOtherKey = this.hasOtherKey;
    if (!failover.isCurable(this.call.api.operation, failure.status, evidence)) return false;
    const service = this.service;
    const format = this.format;
    const conversion = this.conversion;
    const phase = this.phase;
    this.judge(evidence);
    const seconds = failure.retryAfter > 0 ? failure.retryAfter : failure.status == 429 ? BUSY_SECONDS : 0;
    if (seconds > 0 && service !== null && !this.hasOtherKey) {
      this.deployment.pause(service, this.pool, this.instance, seconds);
    }
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
    this.target(failover.degrade(service), choice, this.keptModel(failover));
    const draft = failover.kept.draft();
    this.out = draft;
    this.body = failover.kept.view();
    failover.isTrying = true;
    // Without the text that it puts into every chat the service would answer something else.
    const isReady = contextState(service, this.call, this.deployment) == FileState.Known;
    const isSent = isReady && this.send(this.body);
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
    this.judgeKey();
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
      answer.release();
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

  /** The first that was heard of the upstream was a failure, and another attempt is made; else the client hears it. */
  protected hasFailedFirst(): bool {
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

  /** Nobody can be asked: the last resort, or the failure. Always false, as `refuse`. */
  protected giveUp(failure: Failure): bool {
    const failover = this.failover;
    return failover !== null && failover.kept.isWhole && this.degrade(failover)
      ? false
      : this.refuse(failure);
  }
}
