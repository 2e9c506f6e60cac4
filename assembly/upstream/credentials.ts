import { Service } from "../config/model";
import { AccessToken } from "./access-token";
import { Choice, Verdict } from "./choice";
import { KeyRing } from "./key-ring";

/** Until the first tick came, and while requests may wait for a token. Milliseconds. */
const WAITING_TICK_MS: i32 = 50;
/** How often the workers look at what the others know. Milliseconds. */
const TICK_MS: i32 = 1000;
/** A request waits for its first token no longer than this after the plugin was configured, in milliseconds. */
const PATIENCE_MS: i64 = 6000;

/**
 * What the credentials of a configuration's services are at the moment, where that changes: which of several keys is
 * used, and which access token. Services with one key have no part in it.
 */
@final
export class Credentials {
  private readonly rings: KeyRing[] = [];
  private readonly tokens: AccessToken[] = [];
  private refreshedAt: i64 = 0;

  /** @param startedAt when the plugin was configured, milliseconds since 1970 */
  constructor(private readonly startedAt: i64) {}

  /** Takes care of a service, where there is anything to do. */
  open(service: Service): void {
    if (service.auth.keys.length > 0 && this.ringOf(service) === null) this.rings.push(new KeyRing(service));
    const source = service.auth.account;
    if (source !== null && this.tokenOf(service) === null) this.tokens.push(new AccessToken(source));
  }

  /** Milliseconds between two ticks from now on; 0: none are needed. */
  get tickPeriodMs(): i32 {
    if (this.tokens.length == 0 && this.rings.length == 0) return 0;
    for (let i = 0; i < this.tokens.length; i++) {
      if (this.tokens[i].value.byteLength == 0 && this.tokens[i].isHoped) return WAITING_TICK_MS;
    }
    return TICK_MS;
  }

  /**
   * Chooses what a request to a service proves who calls with.
   * @param consumer as for `KeyRing.choose`
   * @returns false where there is nothing: see the choice
   */
  choose(service: Service, consumer: u64, now: i64, choice: Choice): bool {
    choice.ring = null;
    choice.credential = service.auth.value;
    if (service.auth.keys.length > 0) {
      const ring = this.ringOf(service);
      if (ring === null) return true;
      choice.ring = ring;
      choice.key = ring.choose(consumer, now);
      choice.credential = ring.valueOf(choice.key);
    } else if (service.auth.account !== null) {
      const token = this.tokenOf(service);
      if (token === null) return true;
      choice.credential = token.value;
      if (token.isGood(now)) return true;
      const isEarly = token.isHoped && now - this.startedAt < PATIENCE_MS;
      choice.verdict = isEarly ? Verdict.NotYet : Verdict.NoCredentials;
      choice.reason = token.isHoped ? "no access token has come yet" : token.reason;
      return false;
    }
    return true;
  }

  /** Time passes. */
  tick(now: i64): void {
    for (let i = 0; i < this.tokens.length; i++) this.tokens[i].tick(now);
    if (now - this.refreshedAt < (TICK_MS as i64)) return;
    this.refreshedAt = now;
    for (let i = 0; i < this.rings.length; i++) this.rings[i].refresh();
  }

  /** A callout was answered; `headers` is 0 where it failed. False: it is not one of these. */
  onCallout(token: i32, headers: i32, size: i32, now: i64): bool {
    for (let i = 0; i < this.tokens.length; i++) {
      if (this.tokens[i].onCallout(token, headers, size, now)) return true;
    }
    return false;
  }

  private ringOf(service: Service): KeyRing | null {
    for (let i = 0; i < this.rings.length; i++) {
      if (unchecked(this.rings[i]).service === service) return unchecked(this.rings[i]);
    }
    return null;
  }

  private tokenOf(service: Service): AccessToken | null {
    for (let i = 0; i < this.tokens.length; i++) {
      if (unchecked(this.tokens[i]).source === service.auth.account) return unchecked(this.tokens[i]);
    }
    return null;
  }
}
