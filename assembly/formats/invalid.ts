import { Failure, FailureKind } from "../chat/failure";

/** A 400 for a request that breaks the rules of its own format. ASCII without quotes and backslashes. */
export function invalid(problem: string): Failure {
  return Failure.of(FailureKind.InvalidRequest, "invalid_value", problem);
}

/** The same for something in the message at `index`; null where `problem` is empty. */
export function invalidMessage(index: i32, problem: string): Failure | null {
  return problem.length == 0 ? null : invalid(`messages[${index}]: ${problem}`);
}
