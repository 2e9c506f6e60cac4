/** What a script can ask for: each operation takes its words and the context, and returns what to log. */
import * as abi from "./abi.as";
import { expectAnswer, Probe } from "./context.as";
import { clearOut, outExtra, outLength, outPointer, pairsOf, shorten, take, Text } from "./text.as";

/** Version of the shared value that was read last. */
let sharedVersion: i32 = 0;

function read(a: string[], s: Probe): string {
  const start = I32.parseInt(a[2]);
  clearOut();
  const status = abi.getBuffer(I32.parseInt(a[1]), start, I32.parseInt(a[3]), outPointer, outLength);
  const length = load<u32>(outLength);
  return `${status} ${length} ${shorten(take())}`;
}

function set(a: string[], s: Probe): string {
  const text = new Text(a.length > 4 ? a[4] : "");
  const status = abi.setBuffer(
    I32.parseInt(a[1]),
    I32.parseInt(a[2]),
    I32.parseInt(a[3]),
    text.pointer,
    text.length,
  );
  return status.toString();
}

function bufferSize(a: string[], s: Probe): string {
  clearOut();
  const status = abi.bufferStatus(I32.parseInt(a[1]), outPointer, outLength);
  return `${status} ${load<u32>(outPointer)}`;
}

/** Rewrites a held body in windows: each is read, turned to lower case and appended; then the original is drained. */
function windows(a: string[], s: Probe): string {
  const type = I32.parseInt(a[1]);
  const step = I32.parseInt(a[2]);
  abi.bufferStatus(type, outPointer, outLength);
  const total = load<i32>(outPointer);
  let count = 0;
  for (let start = 0; start < total; start += step) {
    const status = abi.getBuffer(type, start, min(step, total - start), outPointer, outLength);
    if (status != 0) return `read failed at ${start}: ${status}`;
    const pointer = load<u32>(outPointer);
    const length = load<i32>(outLength);
    for (let i = 0; i < length; i++) {
      const byte = load<u8>(pointer + i);
      if (byte >= 0x41 && byte <= 0x5a) store<u8>(pointer + i, byte | 0x20);
    }
    const written = abi.setBuffer(type, total + start, 0, pointer, length);
    heap.free(pointer);
    if (written != 0) return `append failed at ${start}: ${written}`;
    count++;
  }
  return `${count} windows, drain ${abi.setBuffer(type, 0, total, 0, 0)}, memory ${memory.size()}`;
}

/** The same by turning the body: each window is read and dropped at the front, and appended; size stays the same. */
function rotate(a: string[], s: Probe): string {
  const type = I32.parseInt(a[1]);
  const step = I32.parseInt(a[2]);
  abi.bufferStatus(type, outPointer, outLength);
  const total = load<i32>(outPointer);
  let count = 0;
  for (let done = 0; done < total; done += step) {
    const size = min(step, total - done);
    if (abi.getBuffer(type, 0, size, outPointer, outLength) != 0) return `read failed at ${done}`;
    const pointer = load<u32>(outPointer);
    const length = load<i32>(outLength);
    for (let i = 0; i < length; i++) {
      const byte = load<u8>(pointer + i);
      if (byte >= 0x41 && byte <= 0x5a) store<u8>(pointer + i, byte | 0x20);
    }
    const dropped = abi.setBuffer(type, 0, length, 0, 0);
    const written = abi.setBuffer(type, 0x7fffffff, 0, pointer, length);
    heap.free(pointer);
    if (dropped != 0 || written != 0) return `failed at ${done}: ${dropped} ${written}`;
    count++;
  }
  return `${count} windows, memory ${memory.size()}`;
}

function get(a: string[], s: Probe): string {
  const name = new Text(a[2]);
  clearOut();
  const status = abi.getHeader(I32.parseInt(a[1]), name.pointer, name.length, outPointer, outLength);
  return `${status} ${take()}`;
}

function add(a: string[], s: Probe): string {
  const name = new Text(a[2]);
  const value = new Text(a[3]);
  return abi.addHeader(I32.parseInt(a[1]), name.pointer, name.length, value.pointer, value.length).toString();
}

function replace(a: string[], s: Probe): string {
  const name = new Text(a[2]);
  const value = new Text(a[3]);
  return abi
    .replaceHeader(I32.parseInt(a[1]), name.pointer, name.length, value.pointer, value.length)
    .toString();
}

function remove(a: string[], s: Probe): string {
  const name = new Text(a[2]);
  return abi.removeHeader(I32.parseInt(a[1]), name.pointer, name.length).toString();
}

/** Status and whether there are any; with a third argument also the pairs whose name begins with it. */
function pairs(a: string[], s: Probe): string {
  clearOut();
  const status = abi.getPairs(I32.parseInt(a[1]), outPointer, outLength);
  const base = load<u32>(outPointer);
  if (base == 0) return `${status} none`;
  let shown = "";
  const count = load<i32>(base);
  let offset = base + 4 + 8 * count;
  for (let i = 0; i < count; i++) {
    const nameLength = load<u32>(base + 4 + 8 * i);
    const valueLength = load<u32>(base + 8 + 8 * i);
    const name = String.UTF8.decodeUnsafe(offset, nameLength);
    const value = String.UTF8.decodeUnsafe(offset + nameLength + 1, valueLength);
    offset += nameLength + valueLength + 2;
    if (a.length > 2 && name.startsWith(a[2])) shown += ` ${name}=${value}`;
  }
  heap.free(base);
  return `${status} some${shown}`;
}

function setAll(a: string[], s: Probe): string {
  const list = pairsOf(a.slice(2));
  return abi.setPairs(I32.parseInt(a[1]), changetype<usize>(list), list.byteLength).toString();
}

function mapSize(a: string[], s: Probe): string {
  clearOut();
  const status = abi.mapSize(I32.parseInt(a[1]), outPointer);
  return `${status} ${load<u32>(outPointer) != 0}`;
}

function property(a: string[], s: Probe): string {
  const path = new Text(a[1].replaceAll(".", "\0"));
  clearOut();
  const status = abi.getProperty(path.pointer, path.length, outPointer, outLength);
  if (a.length > 2 && load<u32>(outLength) == 8) return `${status} ${load<i64>(load<u32>(outPointer))}`;
  return `${status} ${take()}`;
}

function setProperty(a: string[], s: Probe): string {
  const path = new Text(a[1]);
  const value = new Text(a[2]);
  return abi.setProperty(path.pointer, path.length, value.pointer, value.length).toString();
}

/** Arguments: code, body, details, then names and values of headers. */
function reply(a: string[], s: Probe): string {
  const body = new Text(a.length > 2 ? a[2] : "");
  const details = new Text(a.length > 3 ? a[3] : "");
  const list = pairsOf(a.slice(4));
  return abi
    .reply(
      I32.parseInt(a[1]),
      details.pointer,
      details.length,
      body.pointer,
      body.length,
      changetype<usize>(list),
      list.byteLength,
      -1,
    )
    .toString();
}

function continueStream(a: string[], s: Probe): string {
  return abi.continueStream(I32.parseInt(a[1])).toString();
}

function closeStream(a: string[], s: Probe): string {
  return abi.closeStream(I32.parseInt(a[1])).toString();
}

/** Arguments: cluster, path, timeout; then the answer runs the phase "call" for this stream. */
function call(a: string[], s: Probe): string {
  const cluster = new Text(a[1]);
  const fields: string[] = [":method", "GET", ":path", a[2], ":authority", "callout"];
  if (a[2] == "") fields.splice(2, 2);
  const list = pairsOf(fields);
  clearOut();
  const status = abi.httpCall(
    cluster.pointer,
    cluster.length,
    changetype<usize>(list),
    list.byteLength,
    0,
    0,
    0,
    0,
    I32.parseInt(a[3]),
    outPointer,
  );
  if (status == 0) expectAnswer(load<i32>(outPointer), s.id);
  return `${status} token ${load<u32>(outPointer) != 0}`;
}

function metric(a: string[], s: Probe): string {
  const name = new Text(a[2]);
  clearOut();
  const status = abi.defineMetric(I32.parseInt(a[1]), name.pointer, name.length, outPointer);
  const id = load<i32>(outPointer);
  const added = abi.incrementMetric(id, I64.parseInt(a[3]));
  const recorded = abi.recordMetric(id, I64.parseInt(a[4]));
  const got = abi.getMetric(id, outExtra);
  return `define ${status} add ${added} record ${recorded} get ${got} = ${load<i64>(outExtra)}`;
}

function getShared(a: string[], s: Probe): string {
  const key = new Text(a[1]);
  clearOut();
  const status = abi.getShared(key.pointer, key.length, outPointer, outLength, outExtra);
  sharedVersion = load<i32>(outExtra);
  return `${status} ${take()} versioned ${sharedVersion != 0}`;
}

/** Third argument: "0" always, "same" if unchanged since the last get, else an outdated version. */
function setShared(a: string[], s: Probe): string {
  const key = new Text(a[1]);
  const value = new Text(a[2]);
  const version = a[3] == "0" ? 0 : a[3] == "same" ? sharedVersion : sharedVersion + 1000;
  return abi.setShared(key.pointer, key.length, value.pointer, value.length, version).toString();
}

function queue(a: string[], s: Probe): string {
  const name = new Text(a[1]);
  const item = new Text(a[2]);
  abi.registerQueue(name.pointer, name.length, outPointer);
  const token = load<i32>(outPointer);
  const put = abi.enqueue(token, item.pointer, item.length);
  clearOut();
  const first = abi.dequeue(token, outPointer, outLength);
  const text = take();
  const second = abi.dequeue(token, outPointer, outLength);
  return `put ${put} got ${first} ${text} then ${second}, unknown ${abi.dequeue(9999, outPointer, outLength)}`;
}

function foreign(a: string[], s: Probe): string {
  const name = new Text(a[1]);
  clearOut();
  const status = abi.foreign(name.pointer, name.length, 0, 0, outPointer, outLength);
  return `${status} ${load<u32>(outLength)}`;
}

function status(a: string[], s: Probe): string {
  clearOut();
  const result = abi.getStatus(outExtra, outPointer, outLength);
  return `${result} ${load<u32>(outExtra)} ${take()}`;
}

function tick(a: string[], s: Probe): string {
  return abi.setTick(I32.parseInt(a[1])).toString();
}

function level(a: string[], s: Probe): string {
  clearOut();
  const result = abi.getLogLevel(outPointer);
  return `${result} ${load<u32>(outPointer)}, log at 6: ${abi.log(6, 0, 0)}`;
}

function context(a: string[], s: Probe): string {
  return abi.setContext(a[1] == "self" ? s.id : I32.parseInt(a[1])).toString();
}

function done(a: string[], s: Probe): string {
  return abi.done().toString();
}

function trap(a: string[], s: Probe): string {
  unreachable();
  return "";
}

/** A host call with a pointer outside of the memory. */
function wild(a: string[], s: Probe): string {
  return abi.getHeader(0, 0xfffffff0, 32, outPointer, outLength).toString();
}

/** Keeps the chunk in the VM (pattern "no buffer"); `emit` writes all that was kept over the last chunk. */
function keep(a: string[], s: Probe): string {
  clearOut();
  abi.getBuffer(I32.parseInt(a[1]), 0, 0x7fffffff, outPointer, outLength);
  s.kept += take();
  return s.kept.length.toString();
}

function emit(a: string[], s: Probe): string {
  const text = new Text(s.kept);
  s.kept = "";
  return abi.setBuffer(I32.parseInt(a[1]), 0, 0x7fffffff, text.pointer, text.length).toString();
}

export const OPERATIONS = new Map<string, (a: string[], s: Probe) => string>();
OPERATIONS.set("read", read);
OPERATIONS.set("set", set);
OPERATIONS.set("buffer", bufferSize);
OPERATIONS.set("windows", windows);
OPERATIONS.set("rotate", rotate);
OPERATIONS.set("get", get);
OPERATIONS.set("add", add);
OPERATIONS.set("replace", replace);
OPERATIONS.set("remove", remove);
OPERATIONS.set("pairs", pairs);
OPERATIONS.set("setall", setAll);
OPERATIONS.set("mapsize", mapSize);
OPERATIONS.set("prop", property);
OPERATIONS.set("setprop", setProperty);
OPERATIONS.set("reply", reply);
OPERATIONS.set("continue", continueStream);
OPERATIONS.set("close", closeStream);
OPERATIONS.set("call", call);
OPERATIONS.set("metric", metric);
OPERATIONS.set("getshared", getShared);
OPERATIONS.set("setshared", setShared);
OPERATIONS.set("queue", queue);
OPERATIONS.set("foreign", foreign);
OPERATIONS.set("status", status);
OPERATIONS.set("tick", tick);
OPERATIONS.set("level", level);
OPERATIONS.set("context", context);
OPERATIONS.set("done", done);
OPERATIONS.set("trap", trap);
OPERATIONS.set("wild", wild);
OPERATIONS.set("keep", keep);
OPERATIONS.set("emit", emit);
