/** Scenarios about the other host functions: header maps, callouts, properties, metrics, shared data. */
import type { Scenario } from "./scenario.ts";

const PARTS = ["abcd", "efghij", "kl"];
const ANSWER = { parts: ["one"], headers: { "x-t-b": "2" } };
const CALLOUTS = { "/call": { status: 200, body: "hello" } };

/** Names whose second value some proxies join to the first. */
const JOINED = [
  "content-type",
  "x-t-dup",
  "accept",
  "authorization",
  "user-agent",
  "te",
  "cookie",
  "via",
  "expect",
];
JOINED.push("cache-control", "accept-encoding", "date", "server", "location", "referer", "origin");
JOINED.push("content-encoding", "x-forwarded-for", "content-length");

function addTwice(map: number): string {
  return JOINED.map((name) => `add|${map}|${name}|first,add|${map}|${name}|second,pairs|${map}|${name}`).join(
    ",",
  );
}

const PROPERTIES = ["plugin_name", "plugin_root_id", "plugin_vm_id", "route_name", "cluster_name"];
PROPERTIES.push(
  "xds.route_name",
  "xds.cluster_name",
  "xds.virtual_host_name",
  "request.path",
  "request.url_path",
);
PROPERTIES.push(
  "request.query",
  "request.method",
  "request.scheme",
  "request.protocol",
  "request.headers.x-t-a",
);
PROPERTIES.push(
  "response.code_details",
  "response.headers.x-t-b",
  "wasm.x",
  "x-own",
  "nope",
  "plugin_vm_memory",
);
const READ_PROPERTIES = [...PROPERTIES.map((path) => `prop|${path}`), "prop|response.code|i"].join(",");

export const SERVICE_SCENARIOS: Scenario[] = [
  { name: "a second value of request headers", script: `rqh>${addTwice(0)},reply|200|x|`, request: PARTS },
  {
    name: "a second value of response headers",
    script: `rsh>${addTwice(2)},reply|200|x|`,
    request: PARTS,
    answer: ANSWER,
  },
  {
    name: "rules of header maps",
    script:
      "rqh>add|0|x-t-b|1,add|0|x-t-c|2,add|0|X-T-B|3,get|0|x-T-b,pairs|0|x-t,replace|0|x-t-b|9,pairs|0|x-t," +
      "remove|0|x-t-b,pairs|0|x-t,replace|0|x-t-new|n,pairs|0|x-t,add|0|x-t-empty|,get|0|x-t-empty,get|0|x-t-none," +
      "get|12|x,add|12|x|y,pairs|12,mapsize|0,add|0|host|more,pairs|0|host," +
      "setall|0|:method|GET|:path|/z|:authority|h|:scheme|http|x-forwarded-proto|http|x-t-q|1,get|0|host,pairs|0|:,pairs|0|x-t",
    request: ["a"],
    answer: ANSWER,
  },
  {
    name: "callout while everything is stopped",
    script:
      "rqh>call|upstream|/call|0,ret|3;" +
      "call>context|self,get|6|:status,read|4|0|100,replace|0|x-t-late|1,continue|0;" +
      "rqb>n@ret|1,read|0|0|100,get|0|:path",
    request: PARTS,
    callouts: CALLOUTS,
    answer: ANSWER,
  },
  {
    name: "callout while headers and body are held",
    script:
      "rqh>call|upstream|/call|0,ret|1;call>context|self,replace|0|x-t-late|1,get|0|:path,continue|0,get|0|:path;" +
      "rqb>ret|1,read|0|0|100;rsh>get|0|:path",
    request: PARTS,
    callouts: CALLOUTS,
    answer: ANSWER,
  },
  {
    name: "callout to an upstream that refuses the connection",
    method: "GET",
    script: "rqh>call|refused|/call|0,ret|4;call>status,read|4|0|300,pairs|6|:status,context|self,continue|0",
    answer: ANSWER,
  },
  {
    name: "callouts that are refused",
    script: "rqh>call|empty|/call|0,call|nope|/call|0,call|upstream||0,call|upstream|/call|-5;call>status",
    request: PARTS,
    answer: ANSWER,
  },
  {
    name: "properties",
    path: "/a/b?c=d",
    headers: { "x-t-a": "1" },
    script: `rqh>setprop|x-own|mine,setprop|wasm.x|y,${READ_PROPERTIES};rsh>${READ_PROPERTIES};log>${READ_PROPERTIES}`,
    request: PARTS,
    answer: ANSWER,
  },
  {
    name: "metrics",
    script:
      "rqh>metric|0|c.one|2|3,metric|0|c.one|-1|3,metric|1|g.one|5|3,metric|1|g.two|-2|7,metric|2|h.one|5|3,metric|3|x|1|1",
    request: PARTS,
    answer: ANSWER,
  },
  {
    name: "shared data and queues",
    script:
      "rqh>getshared|nokey,setshared|k1|v1|0,getshared|k1,setshared|k1|v2|same,setshared|k1|v3|same,getshared|k1," +
      "setshared|k1|v4|other,getshared|k1,setshared|k2|v|other,getshared|k2,queue|q|item",
    request: PARTS,
    answer: ANSWER,
  },
  {
    name: "foreign functions, log level, contexts, wild pointers",
    script:
      "rqh>foreign|nope,foreign|get_log_level,foreign|clear_route_cache,foreign|inject_encoded_data_to_filter_chain," +
      "status,level,wild,context|99999,context|self,tick|100,tick|0,done",
    request: PARTS,
    answer: ANSWER,
  },
];
