import { borrow, same } from "../bytes/slice";
import { Server, Settings } from "./settings";

/** Share of the servers that may be in quarantine, in percent; from there on all are tried again. */
const QUARANTINE_PERCENT: i32 = 66;

/** After this time the most preferred server is tried again, and quarantine is lifted: the way back. Milliseconds. */
const RETURN_MS: i64 = 300000;

/**
 * Which server is asked: the good one as long as it is good, else the next that is not in quarantine, in the order of
 * preference (own zone first, then as configured).
 */
@final
export class Servers {
  private ordered: Server[] = [];
  private quarantined: StaticArray<bool> = new StaticArray<bool>(0);
  private current: i32 = 0;
  private returnAt: i64 = 0;

  constructor(settings: Settings) {
    const zone = borrow(settings.zone);
    for (let pass = 0; pass < 2; pass++) {
      for (let i = 0; i < settings.servers.length; i++) {
        const server = settings.servers[i];
        const isLocal = server.zone.byteLength > 0 && same(borrow(server.zone), zone);
        if (isLocal == (pass == 0)) this.ordered.push(server);
      }
    }
    this.quarantined = new StaticArray<bool>(this.ordered.length);
  }

  get count(): i32 {
    return this.ordered.length;
  }

  /** Number of the server to ask now, or -1 where there is none. */
  choose(now: i64): i32 {
    if (this.count == 0) return -1;
    if (now >= this.returnAt) {
      this.returnAt = now + RETURN_MS;
      this.lift();
      this.current = 0;
    }
    return this.current;
  }

  /** The server of this number, which `choose` gave. */
  at(index: i32): Server {
    return this.ordered[index];
  }

  /** A call to this server failed: another one is asked from now on. */
  fail(index: i32): void {
    if (index < 0 || index >= this.count || this.quarantined[index]) return;
    this.quarantined[index] = true;
    if (this.quarantinedCount() * 100 >= QUARANTINE_PERCENT * this.count) this.lift();
    if (index != this.current) return;
    let next = index;
    do next = next + 1 == this.count ? 0 : next + 1;
    while (next != index && this.quarantined[next]);
    this.current = next;
  }

  private quarantinedCount(): i32 {
    let found = 0;
    for (let i = 0; i < this.count; i++) if (this.quarantined[i]) found++;
    return found;
  }

  private lift(): void {
    for (let i = 0; i < this.count; i++) this.quarantined[i] = false;
  }
}
