import { writeDate } from "../../bytes/date";
import { deriveKey, hmacSha256 } from "../../bytes/hmac";
import { queryOf } from "../../bytes/percent";
import { sha256Hex } from "../../bytes/sha256";
import {
  NONE,
  Slice,
  Utf8,
  borrow,
  equals,
  lengthOf,
  pointerOf,
  subslice,
  trim,
  utf8,
} from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { HeaderSink, Signable, Signer } from "./signer";

const NEW_LINE: u8 = 0x0a;
const SLASH: u8 = 0x2f;

const ALGORITHM: string = "TC3-HMAC-SHA256";
const TERMINATION: string = "tc3_request";
const TERMINATION_NAME: Utf8 = utf8(TERMINATION);

/** Headers that are signed, in the order of their names. */
const SIGNED: string = "content-type;host;x-tc-action";

const DATE_BYTES: i32 = 10;
const MS_PER_SECOND: i64 = 1000;

const seconds: Writer = new Writer();
const scope: Writer = new Writer();
const canonical: Writer = new Writer();
const key: Writer = new Writer();
const signature: Writer = new Writer();
const text: Writer = new Writer();

/**
 * Tencent Cloud's signature TC3-HMAC-SHA256, version 3 of its API signatures. What is called is named by headers; the
 * path is always "/". Source: Tencent Cloud API documentation, "Signature v3".
 */
@final
export class Tc3 extends Signer {
  /**
   * @param token of temporary credentials; empty: none
   * @param service the service's short name, such as `hunyuan`
   * @param action what is called, such as `ChatCompletions`
   * @param version of the service's API, such as `2023-09-01`
   * @param region empty: the service has none
   */
  constructor(
    private readonly secretId: Utf8,
    private readonly secretKey: Utf8,
    private readonly token: Utf8,
    private readonly service: Utf8,
    private readonly action: Utf8,
    private readonly version: Utf8,
    private readonly region: Utf8,
  ) {
    super();
  }

  /** Sets `x-tc-action`, `x-tc-version`, `x-tc-timestamp`, `x-tc-region`, `x-tc-token` and `authorization`. */
  sign(request: Signable, out: HeaderSink): bool {
    seconds.reset();
    seconds.number(request.time / MS_PER_SECOND);
    scope.reset();
    writeDate(scope, request.time, true);
    scope.byte(SLASH);
    scope.owned(this.service);
    scope.byte(SLASH);
    scope.ascii(TERMINATION);
    this.writeCanonicalRequest(request);

    text.reset();
    text.ascii(ALGORITHM);
    text.byte(NEW_LINE);
    text.bytes(seconds.view());
    text.byte(NEW_LINE);
    text.bytes(scope.view());
    text.byte(NEW_LINE);
    sha256Hex(text, canonical.view());
    this.makeKey();
    signature.reset();
    hmacSha256(signature, key.view(), text.view());
    key.reset();

    text.reset();
    text.ascii(ALGORITHM);
    text.ascii(" Credential=");
    text.owned(this.secretId);
    text.byte(SLASH);
    text.bytes(scope.view());
    text.ascii(", SignedHeaders=");
    text.ascii(SIGNED);
    text.ascii(", Signature=");
    text.hex(signature.view());
    return (
      out.set("x-tc-action", borrow(this.action)) &&
      out.set("x-tc-version", borrow(this.version)) &&
      out.set("x-tc-timestamp", seconds.view()) &&
      (this.region.byteLength == 0 || out.set("x-tc-region", borrow(this.region))) &&
      (this.token.byteLength == 0 || out.set("x-tc-token", borrow(this.token))) &&
      out.set("authorization", text.view())
    );
  }

  private writeCanonicalRequest(request: Signable): void {
    canonical.reset();
    canonical.bytes(request.method);
    canonical.ascii("\n/\n");
    canonical.bytes(queryOf(request.target));
    canonical.ascii("\ncontent-type:");
    writeLowerCase(valueOf(request, "content-type"));
    canonical.ascii("\nhost:");
    writeLowerCase(valueOf(request, "host"));
    canonical.ascii("\nx-tc-action:");
    writeLowerCase(borrow(this.action));
    canonical.ascii("\n\n");
    canonical.ascii(SIGNED);
    canonical.byte(NEW_LINE);
    canonical.bytes(request.bodyHash);
  }

  private makeKey(): void {
    key.reset();
    key.ascii("TC3");
    key.owned(this.secretKey);
    deriveKey(key, subslice(scope.view(), 0, DATE_BYTES));
    deriveKey(key, borrow(this.service));
    deriveKey(key, borrow(TERMINATION_NAME));
  }
}

function valueOf(request: Signable, name: string): Slice {
  for (let i = 0; i < request.names.length; i++) {
    if (equals(unchecked(request.names[i]), name)) return unchecked(request.values[i]);
  }
  return NONE;
}

/** A header's value as it is signed: in lower case, without blanks at its ends. */
function writeLowerCase(value: Slice): void {
  const trimmed = trim(value);
  for (let i = 0; i < lengthOf(trimmed); i++) {
    const byte = load<u8>(pointerOf(trimmed) + i);
    canonical.byte(byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte);
  }
}
