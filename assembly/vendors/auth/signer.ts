import { NONE, Slice } from "../../bytes/slice";

/** A request as signatures see it. Slices are borrowed; they must stay while it is signed. */
export class Signable {
  method: Slice = NONE;
  /** Path and query as they go out. */
  target: Slice = NONE;
  /** Digest of the body (SHA-256), 64 lower-case hexadecimal digits. */
  bodyHash: Slice = NONE;
  /** Wall-clock time, milliseconds since 1970. */
  time: i64 = 0;
  /** Headers that are signed, in the order in which they go out; names in lower case. */
  readonly names: Slice[] = [];
  readonly values: Slice[] = [];

  /** Forgets the headers. */
  reset(): void {
    this.names.length = 0;
    this.values.length = 0;
  }

  /** A header that goes out as it is said here, and is signed. */
  add(name: Slice, value: Slice): void {
    this.names.push(name);
    this.values.push(value);
  }
}

/** Takes the headers that a signature consists of. Values are copied. Answers whether it could be done. */
export abstract class HeaderSink {
  abstract set(name: string, value: Slice): bool;
}

/**
 * A scheme that proves who calls by a signature over the request. It keeps secrets and no state: a request may be signed
 * as often as needed, and each time anew.
 */
export abstract class Signer {
  /**
   * Signs a request, which must have the headers `host` and, where there is a body, `content-type`.
   * @returns false where it cannot be signed, or the sink refused a header
   */
  abstract sign(request: Signable, out: HeaderSink): bool;
}
