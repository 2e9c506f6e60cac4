import { Alphabet, encodeBase64 } from "../../bytes/base64";
import { pathOf } from "../../bytes/percent";
import { RsaKey } from "../../bytes/rsa";
import {
  EMPTY,
  Slice,
  Utf8,
  borrow,
  indexOfByte,
  lengthOf,
  pointerOf,
  startsWith,
  subslice,
  toOwned,
} from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Document } from "../../json/document";
import { escape, unescape } from "../../json/text";

const DOT: u8 = 0x2e;
const SLASH: u8 = 0x2f;

/** Where Google's access tokens are given out where the key says nothing. */
const TOKEN_URI: string = "https://oauth2.googleapis.com/token";
const SCHEME: string = "https://";

/** A JSON Web Token says that it was made a little earlier than now, since clocks differ. Seconds. */
const SKEW: i64 = 10;
/** Google takes assertions that live for an hour at most. Seconds. */
const LIFETIME: i64 = 3600;
const MS_PER_SECOND: i64 = 1000;

const text: Writer = new Writer();
const part: Writer = new Writer();
const signature: Writer = new Writer();

/**
 * A service account of Google, as the JSON of its key says it. It asks for access tokens by a signed assertion. Source:
 * Google Identity, "Using OAuth 2.0 for Server to Server Applications"; RFC 7523.
 */
export class ServiceAccount {
  /** What is wrong with the JSON that was read, as the end of a sentence about it; free of secrets; "" where nothing is. */
  problem: string = "";
  /** JSON string bodies. */
  email: Utf8 = EMPTY;
  private keyId: Utf8 = EMPTY;
  private tokenUri: Utf8 = EMPTY;
  /** Where access tokens are given out. */
  host: Utf8 = EMPTY;
  path: Utf8 = EMPTY;
  private key: RsaKey = new RsaKey();

  /** Reads the JSON of a key. The bytes are not referenced afterwards. */
  static parse(json: Slice): ServiceAccount {
    const account = new ServiceAccount();
    const document = new Document();
    if (document.parse(json) && document.isObject(document.root)) account.read(document);
    else account.problem = "is not the JSON of a service account's key";
    document.dispose();
    return account;
  }

  /**
   * Writes what is posted for an access token: a form with the signed assertion. Takes the milliseconds of a signature.
   * @param scope what the token is good for: a URL of Google's, JSON text without escapes
   * @param now milliseconds since 1970
   * @returns false where the key cannot sign; nothing is written then
   */
  writeRequest(out: Writer, scope: Utf8, now: i64): bool {
    const issued = now / MS_PER_SECOND - SKEW;
    text.reset();
    part.reset();
    part.ascii('{"alg":"RS256","typ":"JWT"');
    if (this.keyId.byteLength > 0) member(",", "kid", this.keyId);
    part.ascii("}");
    encodeBase64(text, part.view(), Alphabet.Url, false);
    text.byte(DOT);
    part.reset();
    member("{", "iss", this.email);
    member(",", "scope", scope);
    member(",", "aud", this.tokenUri);
    part.ascii(',"iat":');
    part.number(issued);
    part.ascii(',"exp":');
    part.number(issued + LIFETIME);
    part.ascii("}");
    encodeBase64(text, part.view(), Alphabet.Url, false);
    signature.reset();
    if (!this.key.sign(signature, text.view())) return false;
    out.ascii("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=");
    out.bytes(text.view());
    out.byte(DOT);
    encodeBase64(out, signature.view(), Alphabet.Url, false);
    return true;
  }

  private read(document: Document): void {
    const root = document.root;
    const email = document.find(root, "client_email");
    const key = document.find(root, "private_key");
    if (lengthOf(document.body(email)) == 0) this.problem = "has no client_email";
    else if (lengthOf(document.body(key)) == 0) this.problem = "has no private_key";
    if (this.problem.length > 0) return;
    this.email = toOwned(document.body(email));
    this.keyId = toOwned(document.body(document.find(root, "private_key_id")));
    this.readUri(document.body(document.find(root, "token_uri")));
    text.reset();
    unescape(text, document.body(key));
    this.key = RsaKey.parse(text.view());
    memory.fill(pointerOf(text.view()), 0, text.length);
    if (this.problem.length == 0 && this.key.problem.length > 0) {
      this.problem = "has a private_key that " + this.key.problem;
    }
  }

  /** The URI is repeated to Google, which compares it. */
  private readUri(body: Slice): void {
    text.reset();
    if (lengthOf(body) > 0) unescape(text, body);
    else text.ascii(TOKEN_URI);
    const uri = text.view();
    const from = SCHEME.length;
    const slash = indexOfByte(uri, SLASH, from);
    if (!startsWith(uri, SCHEME) || slash <= from) {
      this.problem = "has a token_uri that is not like " + TOKEN_URI;
      return;
    }
    this.host = toOwned(subslice(uri, from, slash));
    this.path = toOwned(pathOf(subslice(uri, slash, lengthOf(uri))));
    part.reset();
    escape(part, uri);
    this.tokenUri = toOwned(part.view());
  }
}

/** Writes a member whose value is a JSON string body. */
function member(before: string, name: string, value: Utf8): void {
  part.ascii(before);
  part.ascii('"');
  part.ascii(name);
  part.ascii('":"');
  part.bytes(borrow(value));
  part.ascii('"');
}
