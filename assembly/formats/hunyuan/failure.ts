import { Slice } from "../../bytes/slice";
import { Failure, FailureKind } from "../../chat/failure";
import { Document, Node } from "../../json/document";
import { Code, codeOf, failureWith } from "../codes";
import { plain } from "../openai/failure";

/** Source: Tencent Cloud API 3.0, common error codes; Hunyuan, ChatCompletions, error codes. More special ones first. */
const CODES: StaticArray<Code> = [
  new Code("AuthFailure", FailureKind.Authentication),
  new Code("UnauthorizedOperation", FailureKind.Permission),
  new Code("RequestLimitExceeded", FailureKind.RateLimit),
  new Code("LimitExceeded", FailureKind.RateLimit),
  new Code("FailedOperation.EngineRequestTimeout", FailureKind.Timeout),
  new Code("FailedOperation.EngineServerLimitExceeded", FailureKind.RateLimit),
  new Code("FailedOperation.FreeResourcePackExhausted", FailureKind.Billing),
  new Code("FailedOperation.ResourcePackExhausted", FailureKind.Billing),
  new Code("FailedOperation.ServiceStopArrears", FailureKind.Billing),
  new Code("FailedOperation.Service", FailureKind.Permission),
  new Code("InvalidParameter", FailureKind.InvalidRequest),
  new Code("MissingParameter", FailureKind.InvalidRequest),
  new Code("UnknownParameter", FailureKind.InvalidRequest),
  new Code("UnsupportedOperation", FailureKind.InvalidRequest),
  new Code("OperationDenied", FailureKind.InvalidRequest),
  new Code("ResourceNotFound", FailureKind.NotFound),
  new Code("ResourceInsufficient", FailureKind.Overloaded),
  new Code("ResourceUnavailable", FailureKind.Overloaded),
  new Code("InternalError", FailureKind.Internal),
];

/** The failure in an error answer; mostly they come with status 200, see `readInnerFailure`. */
export function readFailure(status: i32, body: Document | null, text: Slice): Failure {
  if (body === null) return plain(status, text);
  const error = body.path(body.root, "Response.Error");
  return body.isObject(error) ? failureIn(body, error, status, "Message") : plain(status, text);
}

/** The failure in `Response.Error`, or in `ErrorMsg` of a record, whose message is named otherwise. */
export function readInnerFailure(document: Document, error: Node): Failure {
  return failureIn(document, error, 0, document.isString(document.find(error, "Msg")) ? "Msg" : "Message");
}

function failureIn(document: Document, error: Node, status: i32, name: string): Failure {
  const code = codeOf(document, document.find(error, "Code"));
  return failureWith(CODES, status, code, document.body(document.find(error, name)));
}
