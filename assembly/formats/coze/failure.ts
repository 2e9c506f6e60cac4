import { Slice } from "../../bytes/slice";
import { Failure, FailureKind } from "../../chat/failure";
import { Document, Node } from "../../json/document";
import { Code, codeOf, failureWith, isError } from "../codes";
import { plain } from "../openai/failure";

/** Source: Coze, OpenAPI, "Error codes". */
const CODES: StaticArray<Code> = [
  new Code("4009", FailureKind.Timeout),
  new Code("4013", FailureKind.RateLimit),
  new Code("4027", FailureKind.Billing),
  new Code("4028", FailureKind.Billing),
  new Code("4100", FailureKind.Authentication),
  new Code("4101", FailureKind.Permission),
  new Code("4200", FailureKind.NotFound),
  new Code("4015", FailureKind.NotFound),
  new Code("40", FailureKind.InvalidRequest),
  new Code("50", FailureKind.Internal),
  new Code("700012", FailureKind.Authentication),
];

/** The failure in an error answer: `{"code", "msg"}`. */
export function readFailure(status: i32, body: Document | null, text: Slice): Failure {
  if (body === null || !isFailure(body, body.root)) return plain(status, text);
  return readInnerFailure(body, body.root, status);
}

/** Whether an object has the code of an error. */
export function isFailure(document: Document, node: Node): bool {
  return isError(document, document.find(node, "code"));
}

/** The failure in an object with a code. @param status of the answer; 0 where that was no error */
export function readInnerFailure(document: Document, node: Node, status: i32 = 0): Failure {
  const message = document.body(document.find(node, "msg"));
  return failureWith(CODES, status, codeOf(document, document.find(node, "code")), message);
}
