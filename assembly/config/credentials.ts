/** What proves to services who calls. */
import { Utf8 } from "../bytes/slice";
import { ServiceAccount } from "../vendors/auth/service-account";
import { Signer } from "../vendors/auth/signer";

/** How the gateway authenticates at a service; the order is that of AUTH_TYPES. */
export enum AuthType {
  Bearer,
  Header,
  Query,
  None,
  /** A signature over the request: AWS Signature Version 4. */
  SigV4,
  /** The same of Tencent Cloud: TC3-HMAC-SHA256. */
  Tc3,
  /** An access token that Google gives for a service account. */
  GoogleServiceAccount,
}

/** One of several keys. */
export class Key {
  constructor(
    /** As `Auth.value`. Secret. */
    readonly value: Utf8,
    /** 32 hexadecimal digits that say nothing of the key: what it is known by to all workers. */
    readonly id: Utf8,
  ) {}
}

/** What proves to a service who calls. */
export class Auth {
  type: AuthType = AuthType.None;
  /** Lower-case name of the header (bearer: `authorization`), or name of the query parameter, percent-encoded. */
  name: Utf8 = new ArrayBuffer(0);
  /**
   * Value of the header (bearer: with `Bearer ` in front) or of the query parameter (percent-encoded), ready to be
   * written. Secret.
   */
  value: Utf8 = new ArrayBuffer(0);
  /** Where there are several keys: all of them, `value` being that of the first; else none. */
  keys: Key[] = [];
  /** Signs every request; null where the type wants no signature. */
  signer: Signer | null = null;
  /** Whose access token is sent, and how it is got; null for the other types. */
  account: TokenSource | null = null;
}

/** How access tokens are got for a Google service account. */
export class TokenSource {
  account: ServiceAccount = new ServiceAccount();
  /** What tokens are good for. */
  scope: Utf8 = new ArrayBuffer(0);
  /** Envoy's cluster of the host that gives tokens out. */
  cluster: Utf8 = new ArrayBuffer(0);
  /** Milliseconds before its end at which a token is replaced. */
  refreshAheadMs: i32 = 0;
}
