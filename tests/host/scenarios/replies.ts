/** Scenarios about answers that do not come from the upstream: local replies, Envoy's own, traps. */
import type { Scenario } from "./scenario.ts";

const PARTS = ["abcd", "efghij", "kl"];
const ANSWER = { parts: ["one", "two", "three"], headers: { "x-t-b": "2" } };
const INSTEAD = "reply|200|instead|my details|x-t-r|1";
const REPLY = "reply|429|slow down|my details|x-t-r|1|content-type|application/json";

export const REPLY_SCENARIOS: Scenario[] = [
  {
    name: "local reply with the request headers",
    script:
      `rqh>${REPLY};rsh>get|2|:status,get|2|x-t-r,prop|response.code_details,prop|response.code|i,` +
      "replace|2|x-t-seen|1;rsb>read|1|0|50;log>prop|response.code_details,get|2|:status",
    request: PARTS,
  },
  {
    name: "local reply without a body",
    script: "rqh>reply|503||;rsh>pairs|2|content,pairs|2|:",
    request: PARTS,
  },
  { name: "local reply to a GET", method: "GET", script: "rqh>reply|503|no|" },
  {
    name: "local reply in the middle of a held body",
    script: `rqh>ret|1;rqb>2@${REPLY},ret|1;rsh>get|2|:status,get|0|:path;rsb>read|1|0|50`,
    request: PARTS,
  },
  {
    name: "local reply at the end of a held body",
    script: `rqh>ret|1;rqb>n@ret|1,e@${REPLY},ret|1;rsh>get|2|:status,get|0|:path;rsb>read|1|0|50`,
    request: PARTS,
  },
  { name: "local reply in the middle of a streamed body", script: `rqb>2@${REPLY}`, request: PARTS },
  {
    name: "local reply with the response headers",
    script: `rsh>${REPLY};log>prop|response.code_details,get|2|:status`,
    request: PARTS,
    answer: ANSWER,
  },
  {
    name: "local reply in the middle of a held answer",
    script: `rsh>ret|1;rsb>2@${REPLY},ret|1`,
    request: PARTS,
    answer: ANSWER,
  },
  {
    name: "local reply at the end of a held answer",
    script: `rsh>ret|1;rsb>e@${REPLY},n@ret|1`,
    request: PARTS,
    answer: ANSWER,
  },
  {
    name: "local reply after the response headers have left",
    script: `rsb>2@${REPLY}`,
    request: PARTS,
    answer: ANSWER,
  },
  { name: "the first of two local replies counts", script: "rqh>reply|400|a|,reply|401|b|", request: PARTS },
  { name: "local reply to a local reply", script: "rqh>reply|400|a|;rsh>reply|401|b|", request: PARTS },
  {
    name: "local reply held and rewritten",
    script:
      "rqh>reply|400|abc|;rsh>ret|1;" +
      "rsb>n@ret|1,e@replace|2|:status|402,e@remove|2|content-length,e@set|1|0|3|longer text",
    request: PARTS,
  },
  {
    name: "local reply from a callout",
    script: "rqh>call|upstream|/call|0,ret|1;rqb>ret|1;call>context|self,reply|403|nope|;rsh>get|2|:status",
    request: PARTS,
    callouts: { "/call": { status: 200, body: "hello" } },
  },
  {
    name: "the upstream refuses the connection",
    path: "/refused",
    script:
      "rqh>ret|1;rqb>n@ret|1;rsh>get|2|:status,pairs|2|content,prop|response.code_details,prop|cluster_name;" +
      "rsb>read|1|0|300;log>prop|response.code_details",
    request: PARTS,
  },
  {
    name: "the cluster has no endpoint",
    path: "/empty",
    script: "rsh>get|2|:status,prop|response.code_details;rsb>read|1|0|300",
    request: PARTS,
  },
  {
    name: "the route answers itself",
    path: "/direct",
    script: "rqh>ret|1;rqb>n@ret|1;rsh>get|2|:status,prop|response.code_details;rsb>read|1|0|300",
    request: PARTS,
  },
  {
    name: "a refused connection is held, and answered from a callout",
    path: "/refused",
    script:
      "rqh>ret|1;rqb>n@ret|1;rsh>call|upstream|/call|0,ret|1;rsb>n@ret|1,e@ret|1;" +
      `call>context|self,get|6|:status,read|4|1|3,${INSTEAD};log>prop|response.code_details,get|2|:status`,
    request: PARTS,
    callouts: { "/call": { status: 200, body: "hello" } },
  },
  {
    name: "an upstream's error is held and dropped, and answered from a callout",
    script:
      "rsh>call|upstream|/call|0,ret|1;rsb>set|1|0|99|,ret|1;" +
      `call>context|self,read|4|0|50,${INSTEAD};log>prop|response.code_details,get|2|:status`,
    request: PARTS,
    answer: { status: 503, parts: ["no", "way"], headers: { "x-t-b": "2" } },
    callouts: { "/call": { status: 200, body: "hello" } },
  },
  {
    name: "an error without a body is held, and answered from a callout",
    script: `rsh>call|upstream|/call|0,ret|1;call>context|self,${INSTEAD}`,
    request: PARTS,
    answer: { status: 503 },
    callouts: { "/call": { status: 200, body: "hello" } },
  },
  {
    name: "an upstream that does not answer, answered from a callout",
    script:
      "rqh>call|upstream|/call|0;rsh>get|2|:status,prop|response.code_details;" +
      `call>context|self,get|6|:status,${INSTEAD};log>prop|response.code_details`,
    request: PARTS,
    answer: { hang: true },
    callouts: { "/call": { status: 200, body: "hello" } },
  },
  {
    name: "headers without a body so far, answered from a callout",
    script:
      "rqh>call|upstream|/call|0;rsh>ret|1;rsb>ret|1;" +
      `call>context|self,${INSTEAD};log>prop|response.code_details`,
    request: PARTS,
    answer: { hang: true, parts: [], headers: { "x-t-b": "2" } },
    callouts: { "/call": { status: 200, body: "hello" } },
  },
  { name: "close the request", script: "rqh>close|0", request: PARTS, answer: ANSWER },
  {
    name: "close the answer",
    script: "rsb>2@close|1;log>prop|response.code_details",
    request: PARTS,
    answer: ANSWER,
  },
  {
    name: "kinds of streams that are not HTTP",
    script: "rqh>close|2,continue|2,continue|9,close|9",
    request: PARTS,
    answer: ANSWER,
  },
  {
    name: "trap in request headers",
    listener: "trap1",
    script: "rqh>trap;rsh>get|2|:status",
    request: PARTS,
  },
  { name: "trap in request body", listener: "trap2", script: "rqb>2@trap", request: PARTS },
  { name: "trap in response headers", listener: "trap3", script: "rsh>trap", request: PARTS, answer: ANSWER },
  { name: "trap in response body", listener: "trap4", script: "rsb>2@trap", request: PARTS, answer: ANSWER },
  { name: "after a trap", listener: "trap5", before: "rqh>trap", script: "rqh>ret|0", request: PARTS },
];
