/** What a poll asks for. */
export enum Ask {
  /** `/apps/{APP}` */
  Application,
  /** `/apps` */
  Full,
  /** `/apps/delta` */
  Delta,
}

/** One question that is put to Eureka again and again. Times in milliseconds since 1970. */
@final
export class Poll {
  ask: Ask = Ask.Application;
  /** Token of the call that is in flight, or -1. There is never more than one. */
  token: i32 = -1;
  /** Number of the server that was asked. */
  server: i32 = 0;
  sentAt: i64 = 0;
  /** When to ask next. */
  dueAt: i64 = 0;
  /** Servers tried in this round. */
  tries: i32 = 0;
  /** Rounds without news since the last one that brought some. */
  failures: i32 = 0;
  /** Of the last reply that brought news. */
  answeredAt: i64 = 0;

  /** @param entry number of the name; -1: all of them */
  constructor(public readonly entry: i32) {}
}
