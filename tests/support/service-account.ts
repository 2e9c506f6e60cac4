/** Keys of Google service accounts that nobody has. */
import { generateKeyPairSync, type KeyObject } from "node:crypto";

export interface ServiceAccountKey {
  json: {
    type: string;
    private_key_id: string;
    private_key: string;
    client_email: string;
    token_uri: string;
  };
  publicKey: KeyObject;
}

/** A new key. Tests that need only its form take a short one. */
export function serviceAccountKey(bits = 1024): ServiceAccountKey {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: bits });
  return {
    json: {
      type: "service_account",
      private_key_id: "0123456789abcdef",
      private_key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      client_email: "gateway@project.iam.gserviceaccount.com",
      token_uri: "https://oauth2.googleapis.com/token",
    },
    publicKey,
  };
}
