/** Exchanges whole and step by step, driven by the probe filter. */
import { beforeAll, describe, expect, test } from "vitest";
import { compile } from "../support/assembly.ts";
import { type ExchangeOptions, toText } from "./index.ts";
import { PROBE, seen, start } from "./probe.ts";

const UPPER: ExchangeOptions["respond"] = ({ text }) => ({ body: text.toUpperCase() });

// Compiling may take longer than a test may.
beforeAll(() => compile(PROBE), 120_000);

describe("exchange", () => {
  test("an echo is the same wherever request and answer are cut", async () => {
    const body = "hello, world";
    const { root } = await start(
      "rqh>ret|1;rqb>n@ret|1,e@set|0|0|0|> ,e@remove|0|content-length;rsb>e@set|1|0|0|.",
    );
    for (let cut = 1; cut <= body.length; cut++) {
      for (const end of ["joined", "separate"] as const) {
        const result = root.exchange({
          request: { body },
          respond: UPPER,
          cutRequest: cut,
          cutResponse: [cut],
          end,
        });
        expect(result.upstream?.text).toBe(`> ${body}`);
        // The mark stands before the last part if the end comes with it, and after everything if it comes alone.
        expect(result.client?.text.replace(".", "")).toBe(`> ${body.toUpperCase()}`);
        expect([result.hung, result.reset, result.client?.complete]).toEqual([false, false, true]);
      }
    }
  });

  test("parts of the answer are told by the part that brought them", async () => {
    const { root } = await start("rsh>ret|1;rsb>1@ret|1,2@ret|1,3@ret|0");
    const chunks = ["a", "b", "c", "d"];
    const { client } = root.exchange({ request: {}, respond: () => ({ chunks }) });
    expect(client?.chunks.map(toText)).toEqual(["abc", "d"]);
    expect(client?.arrivals).toEqual([2, 3]);
  });

  test("missing request headers are filled in", async () => {
    const { root } = await start("");
    const { upstream } = root.exchange({
      request: { headers: { ":path": "/a", "X-Own": "1" }, body: "four" },
    });
    expect(upstream?.headers.toObject()).toEqual({
      ":path": "/a",
      ":scheme": "http",
      ":authority": "gateway.test",
      ":method": "POST",
      "x-own": "1",
      "content-length": "4",
    });
  });

  test("something held by nobody hangs, and the upstream is not called", async () => {
    const { root } = await start("rqh>ret|1;rqb>ret|1");
    const respond = () => expect.unreachable();
    const { hung, client, upstream } = root.exchange({ request: { body: "abc" }, respond });
    expect([hung, client, upstream]).toEqual([true, undefined, undefined]);
  });

  test("held headers hang where the gateway does not allow it", async () => {
    const script = "rqh>ret|1";
    const refused = await start(script, {});
    expect(refused.root.exchange({ request: { body: "abc" } }).hung).toBe(true);
    expect(refused.host.messages()).not.toContain("rqb size=3 eos=0");
    const allowed = await start(script);
    expect(allowed.root.exchange({ request: { body: "abc" } }).hung).toBe(false);
  });

  test("a held answer hangs as well", async () => {
    const { root } = await start("rsh>ret|1;rsb>ret|1");
    expect(root.exchange({ request: {}, respond: () => ({ body: "abc" }) })).toMatchObject({
      hung: true,
      client: undefined,
    });
  });

  test("a stale content-length is an error, not an answer", async () => {
    const { root } = await start("rqh>ret|1;rqb>n@ret|1,e@set|0|0|0|more");
    const respond = () => expect.unreachable();
    const { hung, upstream } = root.exchange({ request: { body: "abc" }, respond });
    expect([hung, upstream?.lengthMismatch]).toEqual([true, true]);
  });

  test("the route can refuse a request as soon as its headers leave", async () => {
    const { root } = await start("");
    const { client, upstream, localReply } = root.exchange({
      request: { body: "abc" },
      route: (headers) =>
        headers.get(":path") === "/" ? { status: 404, details: "route_not_found" } : undefined,
    });
    expect([client?.status, upstream, localReply?.details]).toEqual([404, undefined, "route_not_found"]);
  });

  test("route cache clears are counted", async () => {
    const { root } = await start("rqh>add|0|x|1,replace|0|x|2,remove|0|x,get|0|x,foreign|clear_route_cache");
    expect(root.exchange({ request: {} }).routeCacheClears).toBe(4);
  });

  test("trailers pass in both directions", async () => {
    const { root } = await start("rqt>replace|1|a|2;rst>add|3|c|4");
    const result = root.exchange({
      request: { body: "x", trailers: { a: "1" } },
      respond: ({ trailers }) => ({ body: "y", trailers: trailers?.toObject() }),
    });
    expect(result.client?.trailers?.toObject()).toEqual({ a: "2", c: "4" });
  });

  test("properties can be given", async () => {
    const { host, root } = await start("rqh>prop|xds.route_name,prop|source.address,prop|request.id");
    root.exchange({ request: {}, properties: { "xds.route_name": "r1", "request.id": "i1" } });
    const paths = ["xds.route_name", "source.address", "request.id"];
    expect(paths.flatMap((path) => seen(host, `prop|${path}`))).toEqual([
      "0 r1",
      "0 127.0.0.1:40000",
      "0 i1",
    ]);
  });
});

describe("stream by hand", () => {
  const request = { ":method": "POST", ":path": "/", ":authority": "a" };

  test("each step returns what left because of it", async () => {
    const { root } = await start("rqh>ret|1;rqb>1@ret|1");
    const stream = root.stream();
    expect(stream.requestHeaders(request, false)).toEqual([]);
    expect(stream.requestBody("ab", false)).toEqual([]);
    const left = stream.requestBody("cd", false);
    expect(left.map((frame) => (frame.kind === "data" ? toText(frame.bytes) : frame.kind))).toEqual([
      "headers",
      "abcd",
    ]);
    expect(stream.requestBody("", true)).toEqual([{ kind: "data", bytes: new Uint8Array(0), end: true }]);
    expect(stream.request.ended).toBe(true);
    stream.close();
  });

  test("the client goes away: the end comes, nothing else", async () => {
    const { host, root } = await start("rqh>ret|1;log>prop|response.code_details");
    const stream = root.stream();
    stream.requestHeaders(request, false);
    stream.abort();
    host.logs.length = 0;
    expect(stream.requestBody("late", true)).toEqual([]);
    stream.close();
    stream.close();
    expect(host.messages().filter((line) => !line.startsWith(" "))).toEqual(["log", "done", "delete"]);
  });

  test("an answer made by the gateway passes the filter", async () => {
    const { root } = await start("rsh>replace|2|x-seen|1");
    const stream = root.stream();
    stream.requestHeaders(request, true);
    const [headers] = stream.gatewayReply({ status: 503, body: "no healthy upstream" });
    expect(headers.kind === "headers" && headers.headers.toObject()).toEqual({
      ":status": "503",
      "content-length": "19",
      "content-type": "text/plain",
      "x-seen": "1",
    });
    stream.close();
  });
});
