/** Scenarios about the upstream's answer: editing parts, holding, limits, broken answers. */
import type { Scenario } from "./scenario.ts";

const PARTS = ["abcd", "efghij", "kl"];
const ANSWER = { parts: ["one", "two", "three"], headers: { "x-t-b": "2" } };
const SIX = { parts: ["one", "two", "three", "four", "five", "six"] };

export const ANSWER_SCENARIOS: Scenario[] = [
  {
    name: "parts become longer, empty, and more at the end",
    script: "rsb>1@set|1|0|3|LONGER,2@set|1|0|3|,3@set|1|5|0|++,e@set|1|0|0|END",
    request: PARTS,
    answer: ANSWER,
  },
  {
    name: "all parts emptied, one at the end",
    script: "rsb>n@set|1|0|99|,e@set|1|0|0|END",
    request: PARTS,
    answer: ANSWER,
  },
  { name: "all parts emptied", script: "rsb>n@set|1|0|99|", request: PARTS, answer: ANSWER },
  {
    name: "content-length kept, body shorter",
    script: "rsb>1@set|1|0|3|x",
    request: PARTS,
    answer: { parts: ["one"], headers: { "content-length": "3" } },
  },
  {
    name: "content-length removed",
    script: "rsh>remove|2|content-length;rsb>e@set|1|0|0|END",
    request: PARTS,
    answer: { parts: ["one"], headers: { "content-length": "3" } },
  },
  {
    name: "kept by the filter, headers let go",
    script: "rsb>keep|1,n@ret|3,e@emit|1",
    request: PARTS,
    answer: ANSWER,
  },
  {
    name: "kept by the filter, headers held",
    script: "rsh>ret|1;rsb>keep|1,n@ret|3,e@emit|1,e@replace|2|x-t-b|3",
    request: PARTS,
    answer: ANSWER,
  },
  {
    name: "watermark, then changed",
    script: "rsb>1@ret|2,2@set|1|0|3|TWO,2@ret|2",
    request: PARTS,
    answer: ANSWER,
  },
  {
    name: "headers held for one part, then streamed",
    script: "rsh>ret|1;rsb>1@ret|1,2@replace|2|x-t-b|3,2@set|1|0|1|_,3@get|2|x-t-b",
    request: PARTS,
    answer: ANSWER,
  },
  {
    name: "a part dropped in the middle",
    script: "rsh>ret|1;rsb>1@ret|3,2@ret|1,3@ret|3,4@read|1|0|99",
    request: PARTS,
    answer: ANSWER,
  },
  {
    name: "everything stopped until a callout is answered",
    script:
      "rsh>ret|4,call|upstream|/call|0;" +
      "call>context|self,get|2|:status,replace|2|x-t-b|4,continue|1,get|2|:status;rsb>get|2|:status,read|1|0|99",
    request: PARTS,
    answer: ANSWER,
    callouts: { "/call": { status: 200, body: "hello" } },
  },
  {
    name: "held headers of an answer without a body hang",
    script: "rsh>ret|1",
    request: PARTS,
    answer: { status: 204 },
  },
  {
    name: "response trailers of a held body",
    script: "rsb>ret|1;rst>read|1|0|99,get|3|x-t-sum,get|2|:status,set|1|0|3|ONE,add|3|x-t-more|7",
    request: PARTS,
    answer: { ...ANSWER, trailers: { "x-t-sum": "5" } },
  },
  {
    name: "response trailers of a held answer",
    script: "rsh>ret|1;rsb>ret|1;rst>get|2|:status,replace|2|:status|206,set|1|0|3|ONE",
    request: PARTS,
    answer: { ...ANSWER, trailers: { "x-t-sum": "5" } },
  },
  {
    name: "a held answer beyond the limit",
    listener: "small",
    script: "rsh>ret|1;rsb>ret|1;log>prop|response.code_details",
    request: PARTS,
    answer: { parts: ["a".repeat(1000), "b".repeat(500), "c".repeat(10)] },
  },
  {
    name: "a held body beyond the limit, headers let go",
    listener: "small",
    script: "rsb>ret|1;log>prop|response.code_details",
    request: PARTS,
    answer: { parts: ["a".repeat(1000), "b".repeat(500), "c".repeat(10)] },
  },
  {
    name: "a write beyond the limit ends the stream inside of the host call",
    listener: "small",
    script: "rsh>ret|1,remove|2|content-length;rsb>n@ret|1,e@windows|1|100",
    request: PARTS,
    answer: { parts: ["ABCDEFGHIJ".repeat(60)] },
  },
  {
    name: "20 MB rewritten by turning the body",
    listener: "large",
    coarse: true,
    script: "rsh>ret|1,remove|2|content-length;rsb>n@ret|1,e@rotate|1|65536",
    request: PARTS,
    answer: { parts: ["ABCDEFGHIJ".repeat(2 * 1024 * 1024)] },
  },
  {
    name: "turning the body needs no more room than the body",
    listener: "small",
    script: "rsh>ret|1,remove|2|content-length;rsb>n@ret|1,e@rotate|1|100",
    request: PARTS,
    answer: { parts: ["ABCDEFGHIJ".repeat(100)] },
  },
  {
    name: "the upstream breaks off in the middle",
    script: "log>prop|response.code_details",
    request: PARTS,
    answer: { ...ANSWER, abort: true },
  },
  {
    name: "the upstream breaks off while its answer is held",
    script: "rsh>ret|1;rsb>ret|1;log>prop|response.code_details,get|2|:status",
    request: PARTS,
    answer: { ...ANSWER, abort: true },
  },
  {
    name: "the upstream breaks off before it answers",
    script: "rsh>get|2|:status,prop|response.code_details",
    request: PARTS,
    answer: { abort: true },
  },
  {
    name: "the client leaves",
    script: "log>prop|response.code_details",
    request: PARTS,
    answer: SIX,
    clientLeavesAfter: 4,
  },
];
