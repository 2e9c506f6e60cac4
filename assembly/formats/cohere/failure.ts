import { Slice } from "../../bytes/slice";
import { Failure, FailureKind } from "../../chat/failure";
import { Document } from "../../json/document";
import { readFailure as readMessage } from "../openai/failure";

/** Status of a token that was blocked. Source: Cohere API reference, "Errors". */
const BLOCKED: i32 = 498;

/** The failure in an error answer: `{"id", "message"}`, in which the status says what kind it is. */
export function readFailure(status: i32, body: Document | null, text: Slice): Failure {
  const failure = readMessage(status, body, text);
  if (status != BLOCKED) return failure;
  failure.kind = FailureKind.Permission;
  failure.status = 403;
  return failure;
}
