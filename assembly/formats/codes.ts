import { Slice, lengthOf, startsWith } from "../bytes/slice";
import { Failure, FailureKind, kindOf, statusOf } from "../chat/failure";
import { Document, Node } from "../json/document";

/** Error codes of vendors' own, which say more than the status that comes with them. */

/** Codes that begin so, and what they mean. */
export class Code {
  constructor(
    /** JSON string body, or a number as it is written. */
    readonly name: string,
    readonly kind: FailureKind,
  ) {}
}

/** The first row that a code begins like; null where there is none. */
export function findCode(codes: StaticArray<Code>, code: Slice): Code | null {
  for (let i = 0; i < codes.length; i++) {
    const known = unchecked(codes[i]);
    if (startsWith(code, known.name)) return known;
  }
  return null;
}

/** A code: the body of a text, or a number as it is written; NONE where it is neither. */
export function codeOf(document: Document, node: Node): Slice {
  return document.isNumber(node) ? document.raw(node) : document.body(node);
}

/** Whether a member is a code that reports an error: a number that is not 0. */
export function isError(document: Document, node: Node): bool {
  return document.isNumber(node) && document.decimal(node, 1) != 0;
}

/**
 * The failure that a vendor reports with a code of its own.
 * @param status of the answer; 0 where it is 200 or a record of a stream, so that only the code tells
 * @param code as `codeOf` gives it; @param message JSON string body
 */
export function failureWith(codes: StaticArray<Code>, status: i32, code: Slice, message: Slice): Failure {
  const known = findCode(codes, code);
  const kind = known !== null ? known.kind : status > 0 ? kindOf(status) : FailureKind.BadGateway;
  const told = lengthOf(message) > 0 ? message : code;
  if (lengthOf(told) == 0) {
    return Failure.of(kind, "upstream_error", "upstream reported an error without a message");
  }
  return Failure.upstream(known !== null || status == 0 ? statusOf(kind) : status, kind, told, code);
}

/** The failure of an upstream that answers in another language. */
export function foreign(language: string): Failure {
  return Failure.of(
    FailureKind.BadGateway,
    "unexpected_format",
    `upstream did not answer in ${language}'s format`,
  );
}
