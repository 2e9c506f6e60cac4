import { Outlier } from "../config/policies";
import { Roster, Standing } from "./roster";

/** What one request says of the instance it was sent to. */
export enum Evidence {
  /** Nothing: the client left, or the gateway itself failed. */
  None,
  /** The answer has begun well: enough to end a trial, but not yet a streak of failures. */
  Begun,
  /** The answer was well to its end. */
  Success,
  /** A 5xx of the instance, a time-out, an answer that broke off. */
  Failure,
  /** No connection: nobody is there. */
  Refused,
}

/** An ejection is at most 2^16 times the first one, and never longer than the configuration allows. */
const MAX_DOUBLINGS: i32 = 16;

/**
 * Health by evidence: an instance that fails is left alone for a while although Eureka says that it is UP, because
 * Eureka learns of a dead instance only when its lease is over. Each ejection is twice as long as the one before; then
 * the instance is asked whether it is there, one request tries it, and its outcome decides. No more than a share of all instances is ejected at once,
 * so that a fault of the requests does not take the service away.
 */
@final
export class Health {
  /** Ejections so far, and those that the cap forbade. */
  ejections: i64 = 0;
  spared: i64 = 0;

  constructor(
    private outlier: Outlier,
    private roster: Roster,
  ) {}

  /** A request is sent to a candidate. On probation it is the only one until it is answered. */
  begin(candidate: i32): void {
    if (this.roster.standing(candidate) == Standing.Probation) this.roster.stand(candidate, Standing.Trial);
  }

  /** A request to a candidate was answered, or failed. */
  judge(candidate: i32, evidence: Evidence, now: i64): void {
    if (evidence == Evidence.Success) this.roster.setStreak(candidate, 0);
    if (evidence >= Evidence.Failure) this.fail(candidate, evidence, now);
    else if (evidence != Evidence.None) this.recover(candidate, now);
  }

  /** A request to a candidate is over. A trial that said nothing is repeated. */
  end(candidate: i32, isJudged: bool): void {
    if (!isJudged && this.roster.standing(candidate) == Standing.Trial) {
      this.roster.stand(candidate, Standing.Probation);
    }
  }

  /** A candidate whose ejection is over, which is now asked whether it is there; -1: none. */
  takeDue(now: i64): i32 {
    const roster = this.roster;
    if (roster.ejectedCount == 0) return -1;
    for (let i = 0; i < roster.count; i++) {
      if (roster.standing(i) != Standing.Ejected || now < roster.ejectedUntil(i)) continue;
      roster.stand(i, Standing.Asked);
      return i;
    }
    return -1;
  }

  /** Whether a candidate that was asked is there: then a request may try it, else it is ejected again. */
  answer(candidate: i32, isThere: bool, now: i64): void {
    if (this.roster.standing(candidate) != Standing.Asked) return;
    if (isThere) this.roster.stand(candidate, Standing.Probation);
    else this.eject(candidate, now);
  }

  /** A candidate has said itself until when it wants no requests. The cap on ejections does not count here. */
  pause(candidate: i32, until: i64): void {
    if (this.roster.standing(candidate) != Standing.Healthy) return;
    this.roster.setEjectedUntil(candidate, until);
    this.roster.stand(candidate, Standing.Ejected);
  }

  private recover(candidate: i32, now: i64): void {
    const roster = this.roster;
    const standing = roster.standing(candidate);
    // A request that was sent before the ejection proves nothing of the time since.
    if (standing != Standing.Trial && standing != Standing.Probation) return;
    roster.stand(candidate, Standing.Healthy);
    roster.setRecoveredAt(candidate, now);
    roster.enroll(candidate);
  }

  private fail(candidate: i32, evidence: Evidence, now: i64): void {
    const roster = this.roster;
    const limit = this.outlier.consecutiveFailures;
    if (limit == 0) return;
    const streak = evidence == Evidence.Refused ? limit : roster.streak(candidate) + 1;
    roster.setStreak(candidate, streak);
    const standing = roster.standing(candidate);
    if (standing == Standing.Ejected || standing == Standing.Asked) return;
    if (standing == Standing.Healthy) {
      if (streak < limit) return;
      if ((roster.ejectedCount + 1) * 100 > this.outlier.maxEjectedPercent * roster.count) {
        this.spared++;
        return;
      }
    }
    this.eject(candidate, now);
  }

  private eject(candidate: i32, now: i64): void {
    const roster = this.roster;
    const longest = this.outlier.maxEjectionMs as i64;
    const recoveredAt = roster.recoveredAt(candidate);
    // Who was well for as long as the longest ejection begins anew.
    const isRelapse = recoveredAt == 0 || now - recoveredAt < longest;
    const before = isRelapse ? roster.ejections(candidate) : 0;
    const duration = (this.outlier.baseEjectionMs as i64) << min(before, MAX_DOUBLINGS);
    roster.setEjections(candidate, before + 1);
    roster.setEjectedUntil(candidate, now + min(duration, longest));
    roster.setStreak(candidate, 0);
    roster.stand(candidate, Standing.Ejected);
    this.ejections++;
  }
}
