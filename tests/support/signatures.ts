/** What a service does with a signature: it makes its own with node's crypto, and compares. */
import { createHash, createHmac } from "node:crypto";
/** What of a request a signature covers. */
export interface Sent {
  headers: { get(name: string): string | undefined };
  body: Uint8Array;
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function sha256(bytes: string | Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Path of AWS: each segment encoded once more. The paths of these tests need no other treatment. */
function encodeAgain(path: string): string {
  return path
    .split("/")
    .map((segment) =>
      encodeURIComponent(segment).replace(
        /[!'()*]/g,
        (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
      ),
    )
    .join("/");
}

interface Parts {
  credential: string[];
  signed: string[];
  signature: string;
}

function partsOf(authorization: string, algorithm: string): Parts {
  const found = authorization.match(
    /^(\S+) Credential=(\S+), SignedHeaders=(\S+), Signature=([0-9a-f]{64})$/,
  );
  if (found === null || found[1] !== algorithm) throw new Error(`no signature: ${authorization}`);
  return {
    credential: (found[2] ?? "").split("/"),
    signed: (found[3] ?? "").split(";"),
    signature: found[4] ?? "",
  };
}

function headerOf(request: Sent, name: string): string {
  const value = request.headers.get(name === "host" ? ":authority" : name);
  if (value === undefined) throw new Error(`${name} is signed, but was not sent`);
  return value.trim().replace(/ +/g, " ");
}

/** Whether AWS would accept the request. Throws where it is not even signed. */
export function acceptsSigV4(request: Sent, keys: Record<string, string>): boolean {
  const { credential, signed, signature } = partsOf(
    request.headers.get("authorization") ?? "",
    "AWS4-HMAC-SHA256",
  );
  const [id = "", date = "", region = "", service = "", end = ""] = credential;
  const [path = "", query = ""] = (request.headers.get(":path") ?? "").split("?");
  const canonical = [
    request.headers.get(":method"),
    encodeAgain(path),
    query,
    ...signed.map((name) => `${name}:${headerOf(request, name)}`),
    "",
    signed.join(";"),
    sha256(request.body),
  ].join("\n");
  const scope = [date, region, service, end].join("/");
  const text = ["AWS4-HMAC-SHA256", headerOf(request, "x-amz-date"), scope, sha256(canonical)].join("\n");
  const key = [date, region, service, end].reduce<string | Buffer>(hmac, `AWS4${keys[id]}`);
  return end === "aws4_request" && hmac(key, text).toString("hex") === signature;
}

/** Whether Tencent Cloud would accept the request. */
export function acceptsTc3(request: Sent, keys: Record<string, string>): boolean {
  const { credential, signed, signature } = partsOf(
    request.headers.get("authorization") ?? "",
    "TC3-HMAC-SHA256",
  );
  const [id = "", date = "", service = "", end = ""] = credential;
  const canonical = [
    request.headers.get(":method"),
    "/",
    (request.headers.get(":path") ?? "").split("?")[1] ?? "",
    ...signed.map((name) => `${name}:${headerOf(request, name).toLowerCase()}`),
    "",
    signed.join(";"),
    sha256(request.body),
  ].join("\n");
  const scope = [date, service, end].join("/");
  const text = ["TC3-HMAC-SHA256", headerOf(request, "x-tc-timestamp"), scope, sha256(canonical)].join("\n");
  const key = [date, service, end].reduce<string | Buffer>(hmac, `TC3${keys[id]}`);
  return end === "tc3_request" && hmac(key, text).toString("hex") === signature;
}
