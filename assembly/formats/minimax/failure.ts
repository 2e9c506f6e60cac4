import { Slice } from "../../bytes/slice";
import { Failure, FailureKind } from "../../chat/failure";
import { Document } from "../../json/document";
import { Code, codeOf, failureWith, isError } from "../codes";
import { readFailure as readOpenAi } from "../openai/failure";

/** Source: MiniMax open platform, "Error codes". */
const CODES: StaticArray<Code> = [
  new Code("1001", FailureKind.Timeout),
  new Code("1002", FailureKind.RateLimit),
  new Code("1004", FailureKind.Authentication),
  new Code("1008", FailureKind.Billing),
  new Code("1013", FailureKind.Internal),
  new Code("1024", FailureKind.Internal),
  new Code("1026", FailureKind.InvalidRequest),
  new Code("1027", FailureKind.InvalidRequest),
  new Code("1033", FailureKind.Overloaded),
  new Code("1039", FailureKind.RateLimit),
  new Code("1041", FailureKind.RateLimit),
  new Code("1042", FailureKind.InvalidRequest),
  new Code("2013", FailureKind.InvalidRequest),
  new Code("2049", FailureKind.Authentication),
  new Code("2056", FailureKind.RateLimit),
];

/** The failure in an error answer: `base_resp`, or OpenAI's shape. Errors mostly come with status 200. */
export function readFailure(status: i32, body: Document | null, text: Slice): Failure {
  if (body !== null && isFailure(body)) return readInnerFailure(body, status);
  return readOpenAi(status, body, text);
}

/** Whether a record or a whole answer reports an error. */
export function isFailure(document: Document): bool {
  return isError(document, document.path(document.root, "base_resp.status_code"));
}

/** The failure in a record. @param status of the answer that it came with; 0 where that was no error */
export function readInnerFailure(document: Document, status: i32 = 0): Failure {
  const base = document.find(document.root, "base_resp");
  const message = document.body(document.find(base, "status_msg"));
  return failureWith(CODES, status, codeOf(document, document.find(base, "status_code")), message);
}
