import { NONE, Slice } from "../bytes/slice";

/** Most bytes that one record may have where a framer is not told otherwise: 16 MiB. */
export const MAX_RECORD_BYTES: i32 = 16 << 20;

/** Why a framer stopped. */
export enum FramingError {
  None = 0,
  /** A record exceeds the bound. */
  TooLarge = 1,
  /** The bytes are not in this framing. */
  Malformed = 2,
  /** A checksum does not match. */
  Corrupt = 3,
}

/**
 * Cuts a stream of bytes into records. How the bytes were cut on their way has no influence on the records.
 *
 * ```
 * framer.feed(chunk);
 * while (framer.next()) read(framer.record);
 * // at the end of the stream:
 * const whole = framer.end();
 * while (framer.next()) read(framer.record);
 * ```
 *
 * Fed bytes have to stay valid and unchanged until `next` has given false, and everything has to be taken out
 * before more is fed. A record is contiguous; it lies in the fed bytes where it came whole in one feed
 * (nothing is copied), else in memory of the framer, and it is borrowed until the next call. Feeding
 * allocates nothing that is managed. After an error no more records come. Whoever owns a framer calls
 * `dispose`.
 */
export abstract class Framer {
  /** The record that `next` gave. */
  record: Slice = NONE;
  /**
   * Name of the event that the record is the data of; NONE where the framing knows no names or none was
   * given.
   */
  event: Slice = NONE;
  /**
   * Whether the end of the stream, not the framing's own terminator, ended this record. It may be cut short:
   * only its content can tell.
   */
  unterminated: bool = false;
  /** Whether the framing itself says that the record reports a failure (AWS: exceptions and errors). */
  failure: bool = false;
  /** Why the framer stopped, or None. */
  error: FramingError = FramingError.None;

  /** Takes the bytes of one callback, borrowed. */
  abstract feed(bytes: Slice): void;

  /** Moves to the next record. False: no more until more is fed, or an error. */
  abstract next(): bool;

  /**
   * Says that no more bytes come; call `next` once more until it gives false, since a last record may have
   * been waiting for the end. False where the stream broke off inside a record or had failed before.
   */
  abstract end(): bool;

  /** Bytes that the framer keeps between calls: for limits and soak tests. */
  abstract get held(): i32;

  /** Frees what the framer keeps. */
  abstract dispose(): void;

  /** Leaves no record, for good where there is an error. Always false, to be returned by `next`. */
  protected stop(error: FramingError): bool {
    this.error = error;
    this.record = NONE;
    this.event = NONE;
    this.failure = false;
    return false;
  }
}
