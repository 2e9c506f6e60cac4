import { SHA256_BYTES, Sha256 } from "../bytes/sha256";
import { NONE, Slice, Utf8, borrow, lengthOf, toOwned, utf8 } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { Message } from "../host/message";
import { HeaderSink, Signable, Signer } from "../vendors/auth/signer";

const HOST: Utf8 = utf8("host");
const CONTENT_TYPE: Utf8 = utf8("content-type");

const hash: Sha256 = new Sha256();
const digest: Writer = new Writer();
const request: Signable = new Signable();

/** Sets the headers of a signature on a message. */
class MessageSink extends HeaderSink {
  message: Message | null = null;

  set(name: string, value: Slice): bool {
    const message = this.message;
    return message !== null && message.set(name, value);
  }
}

const sink: MessageSink = new MessageSink();

/**
 * Signs a request as it goes out: its method, path, authority, content type and body have to be final. The body is
 * hashed in windows, so that one of any size costs no memory. A request that goes out again is signed again.
 * @param out held by the host, or in the making for a callout
 * @param now milliseconds since 1970
 * @returns false where the host refused, or the request cannot be signed
 */
export function signRequest(out: Message, signer: Signer, now: i64): bool {
  request.reset();
  request.time = now;
  // Each of these is borrowed until the next host call only.
  const method = toOwned(out.get(":method"));
  const target = toOwned(out.get(":path"));
  const authority = toOwned(out.get(":authority"));
  const found = out.get("content-type");
  const mediaType = toOwned(found);
  request.method = borrow(method);
  request.target = borrow(target);
  request.add(borrow(HOST), borrow(authority));
  if (found != NONE) request.add(borrow(CONTENT_TYPE), borrow(mediaType));
  hashBody(out);
  request.bodyHash = digest.viewFrom(SHA256_BYTES);
  sink.message = out;
  const isSigned = signer.sign(request, sink);
  sink.message = null;
  request.reset();
  return isSigned;
}

/** Leaves the digest in hexadecimal digits behind its bytes in `digest`. */
function hashBody(out: Message): void {
  hash.reset();
  let start = 0;
  for (let window = out.outgoing(0); lengthOf(window) > 0; window = out.outgoing(start)) {
    hash.update(window);
    start += lengthOf(window);
  }
  digest.reset();
  hash.digest(digest);
  digest.hex(digest.view());
}
