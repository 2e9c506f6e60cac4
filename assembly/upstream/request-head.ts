import {
  EMPTY,
  NONE,
  Slice,
  Utf8,
  borrow,
  equals,
  hash,
  lengthOf,
  parseDecimal,
  toOwned,
  utf8,
} from "../bytes/slice";
import { MapType } from "../host/abi";
import { getHeader, getHeaderPairs } from "../host/headers";
import { PairsReader } from "../host/pairs";

/**
 * Headers in which clients bring credentials for the gateway, and what belongs to a signature of theirs. None of them is
 * meant for an upstream.
 */
const CREDENTIALS: StaticArray<string> = [
  "authorization",
  "x-api-key",
  "api-key",
  "x-goog-api-key",
  "proxy-authorization",
  "x-hi-original-auth",
  "x-amz-security-token",
  "x-amz-content-sha256",
  "x-tc-token",
];

/** One bit for each length that such a name has: most headers need no more than a look at it. */
let lengths: u32 = 0;
for (let i = 0; i < CREDENTIALS.length; i++) lengths |= 1 << CREDENTIALS[i].length;

const UPGRADE: Utf8 = utf8("upgrade");

const pairs: PairsReader = new PairsReader();

/**
 * What of a request's headers matters, read in one host call: each further call would cost more than looking at all
 * headers once. The slices are borrowed until the next host call.
 */
export class RequestHead {
  authority: Slice = NONE;
  mediaType: Slice = NONE;
  /** Path and query, owned: the exchange keeps it. */
  path: Utf8 = EMPTY;
  /** Declared length of the body, or -1. */
  length: i32 = -1;
  /** Whether the client asked for a certain content coding. */
  hasEncoding: bool = false;
  /** Names of headers with credentials that the client sent. */
  readonly credentials: Array<string> = [];
  /** One bit for each name, by hash: see `mayHave`. */
  private names: u64 = 0;

  /** Reads the headers of the current request. */
  read(): void {
    this.authority = NONE;
    this.mediaType = NONE;
    this.path = EMPTY;
    this.length = -1;
    this.hasEncoding = false;
    this.credentials.length = 0;
    this.names = 0;
    pairs.open(getHeaderPairs(MapType.RequestHeaders));
    while (pairs.next()) this.take(pairs.name, pairs.value);
  }

  /** False where the client sent no such header for sure: then it need not be removed, which costs a host call. */
  mayHave(name: Utf8): bool {
    return (this.names & bitOf(borrow(name))) != 0;
  }

  /** Whether the client asks for another protocol, such as WebSocket: what follows is no body. */
  get isUpgrade(): bool {
    return this.mayHave(UPGRADE) && getHeader(MapType.RequestHeaders, "upgrade") != NONE;
  }

  private take(name: Slice, value: Slice): void {
    this.names |= bitOf(name);
    if (equals(name, ":path")) this.path = toOwned(value);
    else if (equals(name, ":authority")) this.authority = value;
    else if (equals(name, "content-type")) this.mediaType = value;
    else if (equals(name, "content-length")) this.length = parseDecimal(value);
    else if (equals(name, "accept-encoding")) this.hasEncoding = true;
    else if (lengthOf(name) < 32 && ((lengths >>> lengthOf(name)) & 1) == 1) {
      for (let i = 0; i < CREDENTIALS.length; i++) {
        if (equals(name, unchecked(CREDENTIALS[i]))) this.credentials.push(unchecked(CREDENTIALS[i]));
      }
    }
  }
}


@inline
function bitOf(name: Slice): u64 {
  return (1 as u64) << (hash(name) & 63);
}
