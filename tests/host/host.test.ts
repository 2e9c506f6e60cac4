/** The emulator as tests of the plugin use it, driven by the probe filter. */
import { beforeAll, describe, expect, test } from "vitest";
import { compile } from "../support/assembly.ts";
import { Host, type HostOptions, LogLevel, MetricStore, SharedStore } from "./index.ts";
import { HOLD, PROBE, seen, start } from "./probe.ts";

let module: WebAssembly.Module;

// Compiling may take longer than a test may.
beforeAll(async () => {
  module = await compile(PROBE);
}, 120_000);

describe("callouts", () => {
  const SCRIPT =
    "rqh>call|service|/x|100,ret|4;call>status,get|6|:status,get|6|x-a,read|4|0|99,get|7|t,context|self,continue|0";

  test("are answered while the request is held", async () => {
    const { host, root } = await start(SCRIPT);
    const { hung } = root.exchange({
      request: { body: "abc" },
      onHeld: () => {
        const [callout] = root.callouts;
        expect([callout.cluster, callout.timeoutMs, callout.headers.get(":path")]).toEqual([
          "service",
          100,
          "/x",
        ]);
        callout.respond({ headers: { "x-a": "1" }, body: "found", trailers: { t: "2" } });
        expect(() => callout.fail()).toThrow("not pending");
      },
    });
    expect(hung).toBe(false);
    expect(host.messages()).toContain("call failed=false size=5 trailers=1");
    expect(
      ["status", "get|6|:status", "get|6|x-a", "read|4|0|99", "get|7|t"].flatMap((name) => seen(host, name)),
    ).toEqual(["0 0 ", "0 200", "0 1", "0 5 found", "0 2"]);
    expect(root.callouts).toEqual([]);
  });

  test("fail without any header, and get_status says why", async () => {
    const { host, root } = await start(SCRIPT);
    root.exchange({ request: {}, onHeld: () => root.callouts[0].fail() });
    expect(host.messages()).toContain("call failed=true size=0 trailers=0");
    expect([seen(host, "status"), seen(host, "get|6|:status")]).toEqual([["0 11 reset"], ["2 "]]);
  });

  test("time out as a plain 504", async () => {
    const { host, root } = await start(SCRIPT);
    root.exchange({ request: {}, onHeld: () => root.callouts[0].timeOut() });
    expect(seen(host, "get|6|:status")).toEqual(["0 504"]);
  });

  test("for a stream that has ended are still answered", async () => {
    const { host, root } = await start("rqh>call|service|/x|0");
    root.exchange({ request: {} });
    root.callouts[0].respond({ body: "late" });
    expect(host.messages().slice(-2)).toEqual(["delete", "call failed=false size=4 trailers=0"]);
  });
});

describe("roots", () => {
  test("keep their configurations apart in one VM", async () => {
    const { host, root } = await start("rqh>reply|201|one|");
    const other = host.root("rqh>reply|202|two|");
    expect(root.exchange({ request: {} }).client?.text).toBe("one");
    expect(other.exchange({ request: {} }).client?.text).toBe("two");
  });

  test("are refused, in the canary as well", async () => {
    expect((await start("configure>ret|0")).root.accepted).toBe(false);
    expect(await Host.canary(module, "configure>ret|0")).toBe(false);
    expect(await Host.canary(module, "")).toBe(true);
    expect(await Host.canary(module, "configure>trap")).toBe(false);
  });

  test("tick, and say how often they want to", async () => {
    const { host, root } = await start("configure>tick|500;tick>tick|0");
    expect(root.tickPeriodMs).toBe(500);
    root.tick();
    expect([host.messages().at(-2), root.tickPeriodMs]).toEqual(["tick", 0]);
  });

  test("end with done, log and delete, at once or when they say so", async () => {
    const ending = (host: Host) => host.messages().filter((line) => !line.startsWith("  "));
    const quick = await start("");
    quick.root.close();
    expect(ending(quick.host).slice(1)).toEqual(["done", "log", "delete"]);
    const slow = await start("done>ret|0;tick>done");
    slow.root.close();
    expect(ending(slow.host).slice(1)).toEqual(["done"]);
    slow.root.tick();
    expect(ending(slow.host).slice(1)).toEqual(["done", "tick", "log", "delete"]);
  });

  test("lose their callouts when they end", async () => {
    const { root } = await start("configure>call|service|/x|0");
    const [callout] = root.callouts;
    root.close();
    expect(() => callout.respond({})).toThrow("not pending");
  });
});

describe("workers", () => {
  test("share data and metrics when they are given the same stores", async () => {
    const stores = { shared: new SharedStore(), metrics: new MetricStore() };
    const script = "configure>getshared|k,setshared|k|v|0,metric|0|hits|1|0";
    const [first, second] = [await start(script, stores), await start(script, stores)];
    expect([seen(first.host, "getshared|k"), seen(second.host, "getshared|k")]).toEqual([
      ["1  versioned false"],
      ["0 v versioned true"],
    ]);
    expect([stores.metrics.value("hits"), stores.metrics.names()]).toEqual([2, ["hits"]]);
  });

  test("histograms keep what was recorded", async () => {
    const { host } = await start("configure>metric|2|size|1|7,metric|2|size|1|9");
    expect(host.metrics.samples("size")).toEqual([7, 9]);
  });
});

describe("Higress", () => {
  const higress: HostOptions = { kind: "higress" };

  test("holds headers without being told to", async () => {
    const { host, root } = await start("rqh>ret|1;rqb>n@ret|1", higress);
    expect(host.abiVersion).toBe("0_2_100");
    expect(root.exchange({ request: { body: "abc" } }).hung).toBe(false);
  });

  test("buffers little, unless a property says otherwise", async () => {
    const request = { body: "x".repeat(40_000) };
    const script = "rqb>n@ret|1";
    expect((await start(script, higress)).root.exchange({ request }).client?.status).toBe(413);
    const raised = await start(`rqh>setprop|set_decoder_buffer_limit|50000;${script}`, higress);
    expect(raised.root.exchange({ request }).client?.status).toBe(200);
    const envoy = await start(`rqh>setprop|set_decoder_buffer_limit|50000;${script}`, { bufferLimit: 32768 });
    expect(envoy.root.exchange({ request }).client?.status).toBe(413);
  });

  test("the limit of the answer is a property of its own", async () => {
    const respond = () => ({ body: "x".repeat(40_000) });
    const script = "rsh>ret|1;rsb>n@ret|1";
    expect((await start(script, higress)).root.exchange({ request: {}, respond }).client?.status).toBe(500);
    const raised = await start(`rqh>setprop|set_encoder_buffer_limit|50000;${script}`, higress);
    expect(raised.root.exchange({ request: {}, respond }).client?.status).toBe(200);
  });

  test("names route and cluster plainly, and tells the memory of the VM", async () => {
    const script = "rqh>prop|route_name,prop|cluster_name,prop|plugin_vm_memory|i";
    const there = await start(script, higress);
    there.root.exchange({ request: {}, properties: { "xds.route_name": "r1" } });
    expect(seen(there.host, "prop|route_name")).toEqual(["0 r1"]);
    expect(seen(there.host, "prop|plugin_vm_memory|i")).toEqual([`0 ${there.host.memoryBytes}`]);
    const plain = await start(script);
    plain.root.exchange({ request: {} });
    expect(seen(plain.host, "prop|route_name")).toEqual(["1 "]);
  });

  test("can keep the route that was chosen", async () => {
    const script = "rqh>setprop|clear_route_cache|off,add|0|x|1";
    expect((await start(script, higress)).root.exchange({ request: {} }).routeCacheClears).toBe(0);
    expect((await start(script)).root.exchange({ request: {} }).routeCacheClears).toBe(1);
  });

  test("has foreign functions of its own", async () => {
    const { host, root } = await start("rqh>foreign|get_log_level", { ...higress, logLevel: LogLevel.Debug });
    root.exchange({ request: {} });
    expect(seen(host, "foreign|get_log_level")).toEqual(["0 4"]);
  });
});

describe("what tests look at", () => {
  test("the call log has callbacks and host calls with their results", async () => {
    const { host, root } = await start("rqh>replace|0|x-a|1,get|0|nope,ret|1;rqb>e@set|0|0|3|", {
      ...HOLD,
      trace: true,
    });
    host.log.length = 0;
    root.exchange({ request: { body: "abc" }, end: "joined" });
    expect(host.log.filter((line) => !line.startsWith("  log "))).toEqual([
      "on_context_create #2 1",
      "on_request_headers #2 n=5 eos=false -> 1",
      "  get_header_map_value RequestHeaders x-probe -> NotFound",
      '  replace_header_map_value RequestHeaders x-a "1" -> Ok',
      "  get_header_map_value RequestHeaders nope -> NotFound",
      "on_request_body #2 size=3 eos=true -> 0",
      "  set_buffer_bytes RequestBody 0+3 (0 bytes) -> Ok",
      "on_log #2",
      "on_done #2 -> 1",
      "on_delete #2",
    ]);
  });

  test("copies are counted", async () => {
    const { host, root } = await start("rqb>1@read|0|0|5,1@set|0|0|2|ab");
    host.resetCounters();
    root.exchange({ request: { body: "0123456789" } });
    const { counters } = host;
    expect(counters.byName).toMatchObject({
      get_buffer_bytes: 1,
      set_buffer_bytes: 1,
      get_header_map_value: 1,
    });
    expect([counters.bytesIn, counters.allocations, counters.callbacks]).toEqual([5, 1, 8]);
    const logged = host.messages().slice(1).join("").length;
    expect(counters.bytesOut).toBe("x-probe".length + "ab".length + logged);
  });

  test("the log is cut at the level", async () => {
    const { host } = await start("", { logLevel: LogLevel.Warn });
    expect(host.logs).toEqual([]);
  });

  test("a trap is kept, its streams get 503, and the VM stays dead", async () => {
    const { host, root } = await start("rqh>trap");
    const { client, localReply } = root.exchange({ request: {} });
    expect([client?.status, client?.text, localReply?.details]).toEqual([503, "", "wasm_fail_stream"]);
    expect([host.failed, host.trap?.message]).toEqual([true, "unreachable"]);
    host.logs.length = 0;
    expect(root.exchange({ request: {} }).client?.status).toBe(503);
    expect(host.messages()).toEqual([]);
  });

  test("the memory of the VM does not grow with the number of streams", async () => {
    const { host, root } = await start("rqh>ret|1;rqb>n@ret|1,e@read|0|0|100");
    const run = () => root.exchange({ request: { body: "x".repeat(1000) } });
    for (let count = 0; count < 50; count++) run();
    const before = host.memoryBytes;
    for (let count = 0; count < 500; count++) run();
    expect(host.memoryBytes).toBe(before);
  });
});
