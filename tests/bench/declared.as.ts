/** Harness: the same requests and answers through a built-in format, and through one that is declared. */
import { Slice, borrow, slice, toOwned } from "../../assembly/bytes/slice";
import { Writer } from "../../assembly/bytes/writer";
import { Source } from "../../assembly/config/source";
import { FormatCompiler } from "../../assembly/config/declared/format-compiler";
import { ChatRequest } from "../../assembly/chat/request";
import { AnswerOptions, PathInfo, RenderOptions, UpstreamFormat } from "../../assembly/formats/format";
import { OpenAiClient } from "../../assembly/formats/openai/format";
import { findFormat, upstreamOf } from "../../assembly/formats/table";
import { takeRecord } from "../../assembly/formats/take-record";
import { framerAt } from "../../assembly/framing/table";
import { Document } from "../../assembly/json/document";

const client: OpenAiClient = new OpenAiClient();
const document: Document = new Document();
const out: Writer = new Writer();
const info: PathInfo = new PathInfo();
let format: UpstreamFormat = upstreamOf(0);
let model: ArrayBuffer = String.UTF8.encode("model");

export function allocate(size: usize): usize {
  return heap.alloc(size);
}

export function release(pointer: usize): void {
  heap.free(pointer);
}

export function collect(): void {
  __collect();
}

/** Bytes of the managed heap and of raw blocks together. */
export function memorySize(): i32 {
  return memory.size();
}

/** Takes a built-in format by its name; false where there is none. */
export function useBuiltIn(pointer: usize, length: i32): bool {
  const found = findFormat(slice(pointer, length));
  if (found === null) return false;
  const upstream = found.upstream;
  if (upstream === null) return false;
  format = upstream;
  return true;
}

/** Takes a declared format; the number of mistakes in it. */
export function useDeclared(pointer: usize, length: i32): i32 {
  const source = new Source();
  const text = toOwned(slice(pointer, length));
  if (!source.document.parse(borrow(text))) return -1;
  const compiler = new FormatCompiler(source);
  format = compiler.compile(source.document.root);
  source.dispose();
  return compiler.places.length;
}

/** Reads a request and writes it for the upstream. */
export function request(pointer: usize, length: i32): Slice {
  out.reset();
  if (!document.parse(slice(pointer, length))) return out.view();
  const read = new ChatRequest();
  client.readRequest(document, info, read);
  const options = new RenderOptions();
  options.model = borrow(model);
  format.writeRequest(read, options, out);
  return out.view();
}

/** Turns a streamed answer into the client's. */
export function answer(pointer: usize, length: i32): Slice {
  out.reset();
  const events = client.streamWriter(new AnswerOptions(), out);
  const reader = format.reader();
  const framer = framerAt(format.framing as i32);
  framer.feed(slice(pointer, length));
  while (framer.next()) takeRecord(framer, document, reader, events);
  framer.end();
  while (framer.next()) takeRecord(framer, document, reader, events);
  reader.end(events);
  if (!events.hasEnded) events.end();
  reader.dispose();
  framer.dispose();
  events.dispose();
  return out.view();
}
