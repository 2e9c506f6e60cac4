import { beforeAll, describe, expect, it } from "vitest";
import { type HarnessExports, lend, openHarness, readSlice } from "../../support/harness";
import { AWS, AWS_SESSION, AWS_VECTORS, TENCENT, type Vector } from "./vectors";

interface AuthExports extends HarnessExports {
  give(pointer: number, length: number): void;
  mark(): number;
  begin(time: number, piece: number): void;
  header(name: number): void;
  sign(scheme: number, from: number): bigint;
}

let exports: AuthExports;
beforeAll(async () => {
  exports = await openHarness<AuthExports>("tests/unit/auth/auth.as.ts");
});

type Request = Pick<Vector, "method" | "target" | "headers" | "body">;

/** The headers that a signature consists of; undefined where the request cannot be signed. */
function sign(
  scheme: "sigv4" | "tc3",
  credentials: string[],
  request: Request,
  time: number,
  piece = 1 << 20,
): Record<string, string> | undefined {
  const give = (text: string) => lend(exports, [text], exports.give);
  for (const text of [request.method, request.target, request.body]) give(text);
  exports.begin(time, piece);
  for (const [name, value] of request.headers) {
    const place = exports.mark();
    give(name);
    give(value);
    exports.header(place);
  }
  const place = exports.mark();
  for (const text of credentials) give(text);
  const lines = Buffer.from(readSlice(exports, exports.sign(scheme === "sigv4" ? 0 : 1, place))).toString();
  if (lines === "") return undefined;
  return Object.fromEntries(
    lines
      .trimEnd()
      .split("\n")
      .map((line) => line.split(": ") as [string, string]),
  );
}

const aws = (token = "") => [AWS.accessKey, AWS.secretKey, token, AWS.region, AWS.service];
const tencent = (token = "", region = TENCENT.region) => [
  TENCENT.secretId,
  TENCENT.secretKey,
  token,
  TENCENT.service,
  TENCENT.action,
  TENCENT.version,
  region,
];
const tencentRequest: Request = {
  method: "POST",
  target: "/",
  headers: [
    ["content-type", TENCENT.contentType],
    ["host", TENCENT.host],
  ],
  body: TENCENT.body,
};

describe("AWS Signature Version 4", () => {
  it.each(AWS_VECTORS)("signs $name as published", (vector) => {
    expect(sign("sigv4", aws(), vector, AWS.time)).toEqual({
      "x-amz-date": "20150830T123600Z",
      authorization: `AWS4-HMAC-SHA256 Credential=${AWS.accessKey}/${AWS.scope}, SignedHeaders=${vector.signed}, Signature=${vector.signature}`,
    });
  });

  it("signs the same however the body is cut while it is hashed", () => {
    for (const vector of AWS_VECTORS.filter(({ body }) => body !== "")) {
      const whole = sign("sigv4", aws(), vector, AWS.time);
      for (let piece = 1; piece <= vector.body.length; piece++) {
        expect(sign("sigv4", aws(), vector, AWS.time, piece)).toEqual(whole);
      }
    }
  });

  it("signs the token of temporary credentials, as published", () => {
    const request: Request = {
      method: "POST",
      target: "/",
      headers: [["host", "example.amazonaws.com"]],
      body: "",
    };
    expect(sign("sigv4", aws(AWS_SESSION.token), request, AWS.time)).toEqual({
      "x-amz-date": "20150830T123600Z",
      "x-amz-security-token": AWS_SESSION.token,
      authorization: `AWS4-HMAC-SHA256 Credential=${AWS.accessKey}/${AWS.scope}, SignedHeaders=host;x-amz-date;x-amz-security-token, Signature=${AWS_SESSION.signature}`,
    });
  });

  it("encodes a path once more, and a query anew", () => {
    const signature = (target: string) =>
      sign("sigv4", aws(), { method: "GET", target, headers: [["host", "a"]], body: "" }, AWS.time)
        ?.authorization;
    expect(signature("/model/a%3Ab/converse")).not.toBe(signature("/model/a:b/converse"));
    expect(signature("/a%2Fb")).not.toBe(signature("/a/b"));
    expect(signature("/?a=%7E%41")).toBe(signature("/?a=~A"));
    expect(signature("/?b&a=1&&")).toBe(signature("/?a=1&b="));
    // "=" is greater than "-": names are sorted, not whole parameters.
    expect(signature("/?Param-3=a&Param=b")).toBe(signature("/?Param=b&Param-3=a"));
    expect(signature("/..")).toBe(signature("/"));
    expect(signature("/a/../../b")).toBe(signature("/b"));
  });

  it("refuses a query that would take long to sort", () => {
    const request = (count: number): Request => ({
      method: "GET",
      target: `/?${"a&".repeat(count)}`,
      headers: [["host", "a"]],
      body: "",
    });
    expect(sign("sigv4", aws(), request(64), AWS.time)).toBeDefined();
    expect(sign("sigv4", aws(), request(65), AWS.time)).toBeUndefined();
  });
});

describe("dates", () => {
  it("are those of the calendar, from 1970 to 2200", () => {
    const request: Request = { method: "GET", target: "/", headers: [["host", "a"]], body: "" };
    for (let time = 0; time < Date.UTC(2200, 0); time += 61 * 86_400_000 + 1_234_567) {
      const written = new Date(time).toISOString().replace(/[-:]|\.\d+/g, "");
      expect(sign("sigv4", aws(), request, time)?.["x-amz-date"]).toBe(written);
    }
    for (const date of ["2000-02-29", "2024-02-29", "2023-12-31", "2100-02-28", "2100-03-01", "1970-01-01"]) {
      const headers = sign("tc3", tencent(), tencentRequest, Date.parse(`${date}T23:59:59.999Z`));
      expect(headers?.authorization).toContain(`/${date}/cvm/`);
    }
  });
});

describe("TC3-HMAC-SHA256", () => {
  it("signs Tencent's example as published, however the body is cut", () => {
    for (let piece = 1; piece <= TENCENT.body.length; piece += 7) {
      expect(sign("tc3", tencent(), tencentRequest, TENCENT.time, piece)).toEqual({
        "x-tc-action": "DescribeInstances",
        "x-tc-version": "2017-03-12",
        "x-tc-timestamp": "1551113065",
        "x-tc-region": "ap-guangzhou",
        authorization: TENCENT.authorization,
      });
    }
  });

  it("sends a token, and no region, where it is told so", () => {
    expect(sign("tc3", tencent("token", ""), tencentRequest, TENCENT.time)).toEqual({
      "x-tc-action": "DescribeInstances",
      "x-tc-version": "2017-03-12",
      "x-tc-timestamp": "1551113065",
      "x-tc-token": "token",
      authorization: TENCENT.authorization,
    });
  });
});
