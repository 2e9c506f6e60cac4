/** Published examples of signatures: what is signed, and the signature that comes out. */

export interface Vector {
  name: string;
  method: string;
  target: string;
  headers: [name: string, value: string][];
  body: string;
  /** Headers that the published signature covers. */
  signed: string;
  signature: string;
}

type Case = [name: string, target: string, signature: string, headers?: [string, string][], body?: string];

/** What every request of AWS's suite is signed with. */
export const AWS = {
  accessKey: "AKIDEXAMPLE",
  secretKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  region: "us-east-1",
  service: "service",
  time: Date.UTC(2015, 7, 30, 12, 36),
  scope: "20150830/us-east-1/service/aws4_request",
};

const ROOT = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";
const UNRESERVED = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const FORM = "application/x-www-form-urlencoded";

/**
 * The cases of AWS's published suite (`aws-sig-v4-test-suite`), under their names there. A header of several lines is
 * left out: HTTP has them no more (RFC 9112 section 5.2).
 */
const CASES: Case[] = [
  ["get-vanilla", "/", ROOT],
  ["get-vanilla-query", "/", ROOT],
  ["get-relative", "/example/..", ROOT],
  ["get-relative-relative", "/example1/example2/../..", ROOT],
  ["get-slash", "//", ROOT],
  ["get-slash-dot-slash", "/./", ROOT],
  ["get-slashes", "//example//", "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"],
  [
    "get-slash-pointless-dot",
    "/./example",
    "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5",
  ],
  ["get-space", "/example space/", "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"],
  ["get-unreserved", `/${UNRESERVED}`, "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"],
  ["get-utf8", "/ሴ", "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"],
  [
    "get-vanilla-empty-query-key",
    "/?Param1=value1",
    "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb",
  ],
  [
    "get-vanilla-query-order-key-case",
    "/?Param2=value2&Param1=value1",
    "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
  ],
  [
    "get-vanilla-query-order-value",
    "/?Param1=value2&Param1=value1",
    "5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694",
  ],
  [
    "get-vanilla-query-unreserved",
    `/?${UNRESERVED}=${UNRESERVED}`,
    "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197",
  ],
  ["get-vanilla-utf8-query", "/?ሴ=bar", "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"],
  [
    "get-header-key-duplicate",
    "/",
    "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea",
    ["value2", "value2", "value1"].map((value) => ["my-header1", value]),
  ],
  [
    "get-header-value-order",
    "/",
    "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01",
    ["value4", "value1", "value3", "value2"].map((value) => ["my-header1", value]),
  ],
  [
    "get-header-value-trim",
    "/",
    "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
    [
      ["my-header1", " value1"],
      ["my-header2", ' "a   b   c"'],
    ],
  ],
  ["post-vanilla", "/", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"],
  [
    "post-vanilla-query",
    "/?Param1=value1",
    "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11",
  ],
  [
    "post-header-key-sort",
    "/",
    "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c",
    [["my-header1", "value1"]],
  ],
  [
    "post-header-value-case",
    "/",
    "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d",
    [["my-header1", "VALUE1"]],
  ],
  [
    "post-x-www-form-urlencoded",
    "/",
    "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
    [["content-type", FORM]],
    "Param1=value1",
  ],
  [
    "post-x-www-form-urlencoded-parameters",
    "/",
    "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe",
    [["content-type", `${FORM}; charset=utf8`]],
    "Param1=value1",
  ],
];

export const AWS_VECTORS: Vector[] = CASES.map(([name, target, signature, headers = [], body = ""]) => ({
  name,
  method: name.startsWith("get") ? "GET" : "POST",
  target,
  headers: [["host", "example.amazonaws.com"], ...headers],
  body,
  signed: [...new Set([...headers.map(([header]) => header), "host", "x-amz-date"])].sort().join(";"),
  signature,
}));

/** The suite's `post-sts-header-before`: temporary credentials, whose token is signed. */
export const AWS_SESSION = {
  token:
    "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==",
  signature: "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead",
};

/** The example of Tencent Cloud's documentation "Signature v3". Its key is made of asterisks, as printed there. */
export const TENCENT = {
  secretId: `AKID${"*".repeat(32)}`,
  secretKey: "*".repeat(32),
  service: "cvm",
  action: "DescribeInstances",
  version: "2017-03-12",
  region: "ap-guangzhou",
  time: 1551113065000,
  host: "cvm.tencentcloudapi.com",
  contentType: "application/json; charset=utf-8",
  body: '{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}',
  authorization: `TC3-HMAC-SHA256 Credential=AKID${"*".repeat(32)}/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host;x-tc-action, Signature=10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f`,
};
