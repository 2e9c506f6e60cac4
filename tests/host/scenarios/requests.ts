/** Scenarios about the request: holding headers, buffering, changing bodies, trailers. */
import type { Scenario } from "./scenario.ts";

const PARTS = ["abcd", "efghij", "kl"];
const ANSWER = { parts: ["x"] };

export const REQUEST_SCENARIOS: Scenario[] = [
  {
    name: "parts stream through",
    script: "",
    request: PARTS,
    answer: { parts: ["one", "two"], headers: { "x-t-a": "1" } },
  },
  {
    name: "held headers and body are changed at the end",
    script:
      "rqh>ret|1;rqb>n@ret|1,read|0|0|100,read|0|3|4,e@replace|0|:path|/new,e@remove|0|content-length,e@set|0|0|4|HELLO",
    request: PARTS,
    answer: ANSWER,
  },
  {
    name: "windows beyond the end are clipped",
    script: "rqh>ret|1;rqb>n@ret|1,e@read|0|5|3,e@read|0|10|50,e@read|0|12|3",
    request: PARTS,
    answer: ANSWER,
  },
  {
    name: "end of stream joined to the last part (HTTP/2)",
    http: 2,
    script: "rqh>ret|1;rqb>n@ret|1,read|0|0|100",
    request: PARTS,
    answer: { parts: ["x", "y"] },
  },
  {
    name: "only part replaced (HTTP/2)",
    http: 2,
    script: "rqh>remove|0|content-length;rqb>e@set|0|0|99|last",
    request: ["abc"],
    answer: ANSWER,
  },
  { name: "watermark shows parts alone", script: "rqb>n@ret|2,read|0|0|100", request: PARTS, answer: ANSWER },
  {
    name: "no buffer drops parts",
    script: "rqh>remove|0|content-length;rqb>n@ret|3,read|0|0|100",
    request: PARTS,
    answer: ANSWER,
  },
  {
    name: "parts kept by the filter do not count against the limit",
    listener: "small",
    script: "rqh>remove|0|content-length,ret|1;rqb>keep|0,n@ret|3,e@emit|0",
    request: ["a".repeat(1000), "b".repeat(500), "c".repeat(10)],
    answer: ANSWER,
  },
  {
    name: "a body as long as the limit",
    listener: "small",
    script: "rqh>ret|1;rqb>n@ret|1",
    request: ["a".repeat(1000), "b".repeat(24)],
    answer: ANSWER,
  },
  {
    name: "a body beyond the limit",
    listener: "small",
    script: "rqh>ret|1;rqb>ret|1;rsh>get|2|:status,prop|response.code_details;rsb>read|1|0|300",
    request: ["a".repeat(1000), "b".repeat(500), "c".repeat(10)],
  },
  {
    name: "a single part beyond the limit",
    listener: "small",
    script: "rqh>ret|1;rqb>ret|1;rsh>get|2|:status",
    request: ["a".repeat(3000)],
  },
  {
    name: "a write beyond the limit",
    listener: "small",
    script: `rqh>ret|1,remove|0|content-length;rqb>n@ret|1,e@set|0|1000|0|${"z".repeat(500)}`,
    request: ["a".repeat(900)],
  },
  {
    name: "everything stopped beyond the limit",
    listener: "small",
    script: "rqh>ret|3,call|upstream|/call|0;call>context|self,continue|0",
    request: ["a".repeat(1000), "b".repeat(500), "c".repeat(10)],
    callouts: { "/call": { status: 200, body: "hello" } },
  },
  {
    name: "20 MB rewritten by appending windows, original dropped at the end",
    listener: "large",
    coarse: true,
    script: "rqh>ret|1,remove|0|content-length;rqb>n@ret|1,e@windows|0|65536",
    request: ["ABCDEFGHIJ".repeat(2 * 1024 * 1024)],
    answer: ANSWER,
  },
  {
    name: "appending windows needs room for both bodies",
    listener: "small",
    script: "rqh>ret|1,remove|0|content-length;rqb>n@ret|1,e@windows|0|100",
    request: ["ABCDEFGHIJ".repeat(60)],
  },
  {
    name: "20 MB rewritten by turning the body",
    listener: "large",
    coarse: true,
    script: "rqh>ret|1,remove|0|content-length;rqb>n@ret|1,e@rotate|0|65536",
    request: ["ABCDEFGHIJ".repeat(2 * 1024 * 1024)],
    answer: ANSWER,
  },
  {
    name: "turning the body needs no more room than the body",
    listener: "small",
    script: "rqh>ret|1,remove|0|content-length;rqb>n@ret|1,e@rotate|0|100",
    request: ["ABCDEFGHIJ".repeat(100)],
    answer: ANSWER,
  },
  {
    name: "rules of writing and reading buffers",
    script:
      "rqh>ret|1,remove|0|content-length,set|0|0|0|early,read|0|0|10,buffer|0;" +
      "rqb>n@ret|1,1@set|0|2|1|XX,1@set|0|4|0|APP,1@set|0|99|0|+++,1@read|0|0|100," +
      "e@set|0|0|2147483647|,e@read|0|0|100,e@buffer|0,e@set|0|0|0|final,e@set|0|5|0|!," +
      "e@set|7|0|0|x,e@set|4|0|0|x,e@set|9|0|0|x,e@read|9|0|5,e@read|7|0|5,e@read|6|0|5",
    request: PARTS,
    answer: ANSWER,
  },
  {
    name: "a stale content-length that promises more",
    script: "rqh>ret|1;rqb>n@ret|1,e@set|0|0|2147483647|short",
    request: PARTS,
  },
  {
    name: "held headers without the permission hang",
    listener: "plain",
    script: "rqh>ret|1;rqb>read|0|0|100",
    request: PARTS,
  },
  { name: "held headers without a body hang", script: "rqh>ret|1", method: "GET" },
  { name: "results out of range: headers", script: "rqh>ret|9", request: PARTS },
  { name: "results out of range: data", script: "rqh>ret|2;rqb>n@ret|7", request: PARTS },
  {
    name: "headers in every phase when held",
    script:
      "rqh>ret|1,get|0|:path,get|2|:status,pairs|0|x-t,pairs|2,mapsize|0,mapsize|2;" +
      "rqb>n@ret|1,get|0|:path,pairs|0|x-t;" +
      "rsh>ret|1,get|0|:path,pairs|0|x-t,replace|0|x-t-a|z,get|2|:status,pairs|2|x-t,read|0|0|9;" +
      "rsb>n@ret|1,get|0|:path,get|2|:status,pairs|2|x-t,replace|2|:status|201,read|0|0|9;" +
      "log>get|0|:path,get|2|:status,pairs|0|x-t,pairs|2|x-t,replace|0|x-t-a|z;done>get|0|:path,get|2|:status",
    headers: { "x-t-a": "1" },
    request: PARTS,
    answer: { parts: ["one", "two"], headers: { "x-t-b": "2" } },
  },
  {
    name: "headers in every phase when let go",
    script:
      "rqh>get|0|:path;rqb>get|0|:path,pairs|0,replace|0|x-t-a|z,mapsize|0;rsh>get|0|:path,pairs|0,get|2|:status;" +
      "rsb>get|0|:path,get|2|:status,pairs|2,replace|2|x-t-b|9,read|0|0|9,set|0|0|0|zz;" +
      "log>get|0|:path,get|2|:status,pairs|0|x-t,pairs|2|x-t",
    headers: { "x-t-a": "1" },
    request: PARTS,
    answer: { parts: ["one", "two"], headers: { "x-t-b": "2" } },
  },
  {
    name: "request trailers while held",
    script:
      "rqh>ret|1;rqb>ret|1,read|0|0|99;" +
      "rqt>read|0|0|99,get|1|x-t-sum,replace|1|x-t-sum|9,replace|0|:path|/t,set|0|0|2|ZZ,pairs|1",
    request: PARTS,
    requestTrailers: { "x-t-sum": "1" },
    answer: ANSWER,
  },
  {
    name: "request trailers of a streamed body",
    script: "rqt>read|0|0|99,get|1|x-t-sum,get|0|:path",
    request: PARTS,
    requestTrailers: { "x-t-sum": "1" },
    answer: ANSWER,
  },
  {
    name: "the cluster is chosen at the end of the body",
    script: "rqh>ret|1;rqb>n@ret|1,e@add|0|x-t-cluster|second",
    request: PARTS,
  },
  {
    name: "an unknown cluster is chosen",
    script:
      "rqh>ret|1;rqb>n@ret|1,e@add|0|x-t-cluster|unknown;rsh>get|2|:status,prop|response.code_details;rsb>read|1|0|99",
    request: PARTS,
  },
  {
    name: "the endpoint is chosen at the end of the body",
    script: "rqh>ret|1;rqb>n@ret|1,e@replace|0|:path|/instances/x,e@add|0|x-envoy-original-dst-host|$SECOND",
    request: PARTS,
  },
  {
    name: "the endpoint is chosen with the headers",
    path: "/instances",
    script: "rqh>add|0|x-envoy-original-dst-host|$SECOND",
    request: PARTS,
  },
  {
    name: "no endpoint is chosen",
    path: "/instances",
    script: "rsh>get|2|:status,prop|response.code_details",
    request: PARTS,
  },
];
