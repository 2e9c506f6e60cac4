import {
  NONE,
  Slice,
  equalsIgnoreCase,
  indexOfByte,
  lastIndexOfByte,
  lengthOf,
  subslice,
} from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Failure, FailureKind, kindOf, statusOf } from "../../chat/failure";
import { Document } from "../../json/document";
import { escape } from "../../json/text";
import { plain } from "../openai/failure";

const HASH: u8 = 0x23;
const COLON: u8 = 0x3a;

const scratch: Writer = new Writer();

class Exception {
  constructor(
    /** In lower case: an error answer and an exception in a stream write it differently. */
    readonly name: string,
    readonly kind: FailureKind,
  ) {}
}

/** Source: Amazon Bedrock API reference, Converse "Errors", ConverseStreamOutput, "Common errors". */
const EXCEPTIONS: StaticArray<Exception> = [
  new Exception("validationexception", FailureKind.InvalidRequest),
  new Exception("accessdeniedexception", FailureKind.Permission),
  new Exception("unrecognizedclientexception", FailureKind.Authentication),
  new Exception("invalidsignatureexception", FailureKind.Authentication),
  new Exception("incompletesignatureexception", FailureKind.Authentication),
  new Exception("missingauthenticationtokenexception", FailureKind.Authentication),
  new Exception("expiredtokenexception", FailureKind.Authentication),
  new Exception("resourcenotfoundexception", FailureKind.NotFound),
  new Exception("throttlingexception", FailureKind.RateLimit),
  new Exception("servicequotaexceededexception", FailureKind.RateLimit),
  new Exception("modelnotreadyexception", FailureKind.Overloaded),
  new Exception("serviceunavailableexception", FailureKind.Overloaded),
  new Exception("modeltimeoutexception", FailureKind.Timeout),
  new Exception("modelerrorexception", FailureKind.BadGateway),
  new Exception("modelstreamerrorexception", FailureKind.BadGateway),
  new Exception("internalserverexception", FailureKind.Internal),
];

/** The failure in an error answer: the message is there, the name of the exception often only in a header. */
export function readFailure(status: i32, body: Document | null, text: Slice): Failure {
  const message = body === null ? NONE : messageIn(body);
  if (body === null || message == NONE) return plain(status, text);
  const name = bareName(body.body(body.find(body.root, "__type")));
  const known = find(name);
  const kind = known === null ? kindOf(status) : known.kind;
  return Failure.upstream(known === null ? status : statusOf(kind), kind, message, name);
}

/** The failure that an exception or error in a stream stands for. @param name of the frame, plain text */
export function readException(body: Document | null, text: Slice, name: Slice): Failure {
  const known = find(name);
  const kind = known === null ? FailureKind.BadGateway : known.kind;
  let message = body === null ? NONE : messageIn(body);
  if (message == NONE) {
    scratch.reset();
    escape(scratch, lengthOf(text) > 0 ? text : name);
    message = scratch.view();
  }
  return Failure.upstream(statusOf(kind), kind, message, isPlain(name) ? name : NONE);
}

function messageIn(body: Document): Slice {
  let message = body.body(body.find(body.root, "message"));
  if (message == NONE) message = body.body(body.find(body.root, "Message"));
  return message;
}

/** `namespace#Name:url` without what is before and after. */
function bareName(type: Slice): Slice {
  const colon = indexOfByte(type, COLON);
  const name = colon < 0 ? type : subslice(type, 0, colon);
  return subslice(name, lastIndexOfByte(name, HASH) + 1, lengthOf(name));
}

function find(name: Slice): Exception | null {
  for (let i = 0; i < EXCEPTIONS.length; i++) {
    const exception = unchecked(EXCEPTIONS[i]);
    if (equalsIgnoreCase(name, exception.name)) return exception;
  }
  return null;
}

/** Whether a frame's header is fit for a JSON string as it is: the names of all exceptions are. */
function isPlain(name: Slice): bool {
  return find(name) !== null;
}
