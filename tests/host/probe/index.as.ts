/**
 * A filter for testing hosts: it does what a script tells it and logs what it sees. It has its own declarations of the
 * ABI, so it shares no mistake with the plugin. The script stands in the request header `x-probe`, else in the
 * configuration of the root:
 *
 *   script    = phase ">" operation { "," operation } { ";" ... }
 *   operation = [ condition "@" ] name { "|" argument }
 *   condition = n-th call of the phase (1...), "e" at the end of stream, "n" before it
 *
 * `ret|n` is what the callback returns (0 unless given); the other names are in operations.as.ts.
 */
import * as abi from "./abi.as";
import { addProbe, Probe, probe, removeProbe, takeCaller } from "./context.as";
import { OPERATIONS } from "./operations.as";
import { clearOut, log, outLength, outPointer, take, Text } from "./text.as";

/** Callbacks that run: more than one when one came inside of a host call of another. */
let depth = 0;

/** Logs the callback, then runs its part of the script; the value to return. */
function run(context: Probe, phase: string, facts: string, end: bool, fallback: i32 = 0): i32 {
  depth++;
  log(facts == "" ? phase : `${phase} ${facts}`);
  const nth = (context.calls.has(phase) ? context.calls.get(phase) : 0) + 1;
  context.calls.set(phase, nth);
  let result = fallback;
  const parts = context.script.split(";");
  for (let i = 0; i < parts.length; i++) {
    const at = parts[i].indexOf(">");
    if (parts[i].substring(0, at) != phase) continue;
    const operations = parts[i].substring(at + 1).split(",");
    for (let k = 0; k < operations.length; k++) {
      let operation = operations[k];
      const sign = operation.indexOf("@");
      if (sign >= 0) {
        const condition = operation.substring(0, sign);
        operation = operation.substring(sign + 1);
        const holds = condition == "e" ? end : condition == "n" ? !end : condition == nth.toString();
        if (!holds) continue;
      }
      const words = operation.split("|");
      if (words[0] == "ret") result = I32.parseInt(words[1]);
      else if (OPERATIONS.has(words[0])) log(`  ${operation} -> ${OPERATIONS.get(words[0])(words, context)}`);
      else log(`  ${operation} unknown`);
    }
  }
  depth--;
  return result;
}

export function proxy_abi_version_0_2_100(): void {}

export function proxy_abi_version_0_2_1(): void {}

export function proxy_on_memory_allocate(size: i32): usize {
  return heap.alloc(size);
}

export function proxy_on_context_create(id: i32, parent: i32): void {
  const created = new Probe(id, parent);
  if (parent != 0) created.script = probe(parent).script;
  addProbe(created);
}

export function proxy_on_vm_start(id: i32, size: i32): i32 {
  return 1;
}

export function proxy_on_configure(id: i32, size: i32): i32 {
  clearOut();
  abi.getBuffer(7, 0, size, outPointer, outLength);
  probe(id).script = take();
  return run(probe(id), "configure", `size=${size}`, false, 1);
}

export function proxy_on_tick(id: i32): void {
  run(probe(id), "tick", "", false);
}

export function proxy_on_request_headers(id: i32, count: i32, end: i32): i32 {
  clearOut();
  const name = new Text("x-probe");
  if (abi.getHeader(0, name.pointer, name.length, outPointer, outLength) == 0) probe(id).script = take();
  return run(probe(id), "rqh", `eos=${end}`, end != 0);
}

export function proxy_on_request_body(id: i32, size: i32, end: i32): i32 {
  return run(probe(id), "rqb", `size=${size} eos=${end}`, end != 0);
}

export function proxy_on_request_trailers(id: i32, count: i32): i32 {
  return run(probe(id), "rqt", `n=${count}`, true);
}

export function proxy_on_response_headers(id: i32, count: i32, end: i32): i32 {
  return run(probe(id), "rsh", `eos=${end}`, end != 0);
}

export function proxy_on_response_body(id: i32, size: i32, end: i32): i32 {
  return run(probe(id), "rsb", `size=${size} eos=${end}`, end != 0);
}

export function proxy_on_response_trailers(id: i32, count: i32): i32 {
  return run(probe(id), "rst", `n=${count}`, true);
}

export function proxy_on_http_call_response(
  id: i32,
  token: i32,
  headers: i32,
  size: i32,
  trailers: i32,
): void {
  run(probe(takeCaller(token, id)), "call", `failed=${headers == 0} size=${size} trailers=${trailers}`, true);
}

export function proxy_on_queue_ready(id: i32, token: i32): void {
  run(probe(id), "queue", "", false);
}

export function proxy_on_done(id: i32): i32 {
  return run(probe(id), "done", "", true, 1);
}

export function proxy_on_log(id: i32): void {
  run(probe(id), "log", "", true);
}

export function proxy_on_delete(id: i32): void {
  run(probe(id), "delete", "", true);
  removeProbe(id);
  // The end of a stream can come inside of a host call, while the callback that made it still uses its objects.
  if (depth == 0) __collect();
}
