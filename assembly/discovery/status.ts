import { Slice, equals } from "../bytes/slice";
import { Writer } from "../bytes/writer";

/**
 * What Eureka says of an instance. The order is that of the names, which is the order the hash code of a registry
 * lists them in. An unknown word is `Unknown`, as in Eureka itself.
 */
export enum Status {
  Down,
  OutOfService,
  Starting,
  Unknown,
  Up,
}

/** How many statuses there are. */
export const STATUSES: i32 = 5;

/** Eureka's word for a status. */
export function statusName(status: Status): string {
  switch (status) {
    case Status.Down:
      return "DOWN";
    case Status.OutOfService:
      return "OUT_OF_SERVICE";
    case Status.Starting:
      return "STARTING";
    case Status.Up:
      return "UP";
    default:
      return "UNKNOWN";
  }
}

/** The status that a word of Eureka names. */
export function parseStatus(word: Slice): Status {
  for (let status = 0; status < STATUSES; status++) {
    if (equals(word, statusName(status as Status))) return status as Status;
  }
  return Status.Unknown;
}

/**
 * Writes the hash code of a registry with this many instances of each status: `DOWN_1_UP_2_`, nothing for an empty
 * one (`Applications.getReconcileHashCode` of Eureka's client).
 */
export function writeHashCode(writer: Writer, counts: StaticArray<i32>): void {
  for (let status = 0; status < STATUSES; status++) {
    const count = unchecked(counts[status]);
    if (count == 0) continue;
    writer.ascii(statusName(status as Status));
    writer.byte(0x5f);
    writer.number(count);
    writer.byte(0x5f);
  }
}
