import { Slice } from "../../bytes/slice";
import { Failure, FailureKind } from "../../chat/failure";
import { Document } from "../../json/document";
import { Code, codeOf, failureWith, isError } from "../codes";
import { readFailure as readOpenAi } from "../openai/failure";

/** Source: iFlytek open platform, "Spark HTTP API", error codes. */
const CODES: StaticArray<Code> = [
  new Code("10007", FailureKind.RateLimit),
  new Code("10013", FailureKind.InvalidRequest),
  new Code("10014", FailureKind.InvalidRequest),
  new Code("10015", FailureKind.Permission),
  new Code("10019", FailureKind.InvalidRequest),
  new Code("10110", FailureKind.Overloaded),
  new Code("10163", FailureKind.InvalidRequest),
  new Code("10404", FailureKind.NotFound),
  new Code("10907", FailureKind.InvalidRequest),
  new Code("11200", FailureKind.Permission),
  new Code("11201", FailureKind.RateLimit),
  new Code("11202", FailureKind.RateLimit),
  new Code("11203", FailureKind.RateLimit),
];

/** The failure in an error answer: Spark's own, or OpenAI's. */
export function readFailure(status: i32, body: Document | null, text: Slice): Failure {
  if (body !== null && isFailure(body)) return readInnerFailure(body, status);
  return readOpenAi(status, body, text);
}

/** Whether a record or a whole answer reports an error. */
export function isFailure(document: Document): bool {
  return isError(document, document.find(document.root, "code"));
}

/** The failure in a record. @param status of the answer that it came with; 0 where that was no error */
export function readInnerFailure(document: Document, status: i32 = 0): Failure {
  const root = document.root;
  const message = document.body(document.find(root, "message"));
  return failureWith(CODES, status, codeOf(document, document.find(root, "code")), message);
}
