import { Outlier } from "../config/policies";
import { Evidence } from "./health";

/** A pause is at most 2^16 times the first one, and never longer than the configuration allows. */
const MAX_DOUBLINGS: i32 = 16;

/**
 * What this worker thinks of a service whose instances it does not see: one that fails is passed over for a while where
 * another one answers the same models, so that requests go there at once and their streams stay streams. By the
 * service's `outlier` settings, as with instances. After a pause its requests are the trial.
 */
@final
export class ServiceHealth {
  private streak: i32 = 0;
  private pauses: i32 = 0;
  private pausedUntil: i64 = 0;

  /** @param outlier the service's own settings, which tell it apart */
  constructor(readonly outlier: Outlier) {}

  /** Whether it is to be passed over. @param now milliseconds since 1970, here and below */
  isPaused(now: i64): bool {
    return now < this.pausedUntil;
  }

  /** A request was answered, or failed. */
  judge(evidence: Evidence, now: i64): void {
    if (evidence == Evidence.Begun || evidence == Evidence.Success) {
      this.streak = this.pauses = 0;
    } else if (evidence >= Evidence.Failure) {
      this.fail(this.outlier, evidence, now);
    }
  }

  /** It has said itself when to come back. */
  pause(until: i64): void {
    this.pausedUntil = max(this.pausedUntil, until);
  }

  private fail(outlier: Outlier, evidence: Evidence, now: i64): void {
    const limit = outlier.consecutiveFailures;
    if (limit == 0) return;
    this.streak = evidence == Evidence.Refused ? limit : this.streak + 1;
    if (this.streak < limit || this.isPaused(now)) return;
    const duration = (outlier.baseEjectionMs as i64) << min(this.pauses, MAX_DOUBLINGS);
    this.pauses++;
    this.pausedUntil = now + min(duration, outlier.maxEjectionMs as i64);
  }
}
