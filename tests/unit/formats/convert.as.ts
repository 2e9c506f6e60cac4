/** Harness: one exchange at a time, from any client format to any upstream format and back. */
import { copiedBytes } from "../../../assembly/bytes/carry";
import { NONE, Slice, borrow, lengthOf, slice, toOwned, toText, utf8 } from "../../../assembly/bytes/slice";
import { Writer } from "../../../assembly/bytes/writer";
import { Answer } from "../../../assembly/chat/answer";
import { ChatEvents } from "../../../assembly/chat/events";
import { Failure } from "../../../assembly/chat/failure";
import { PARAMETERS, PARAMETER_NAMES, Parameter } from "../../../assembly/chat/parameters";
import { ChatRequest } from "../../../assembly/chat/request";
import { ToolNames } from "../../../assembly/chat/tool-names";
import { Usage } from "../../../assembly/chat/usage";
import {
  AnswerOptions,
  AnswerReader,
  ClientFormat,
  Framing,
  PathInfo,
  RenderOptions,
  UpstreamFormat,
} from "../../../assembly/formats/format";
import { invalid } from "../../../assembly/formats/invalid";
import { refusal, writeLosses } from "../../../assembly/formats/losses";
import { NO_SETTINGS, Settings } from "../../../assembly/formats/settings";
import { FORMATS, findFormat } from "../../../assembly/formats/table";
import { takeRecord } from "../../../assembly/formats/take-record";
import { Framer, FramingError } from "../../../assembly/framing/framer";
import { framerAt } from "../../../assembly/framing/table";
import { describeJsonError } from "../../../assembly/json/error";
import { Document } from "../../../assembly/json/document";

const document = new Document();
const body = new Writer();
const path = new Writer();
const lost = new Writer();
const asked = new Writer();

let client: ClientFormat | null = null;
let upstream: UpstreamFormat | null = null;
let info = new PathInfo();
let render = new RenderOptions();
let options = new AnswerOptions();
let names: ToolNames | null = null;

let reader: AnswerReader | null = null;
let framer: Framer | null = null;
let events: ChatEvents | null = null;
let delay: i32 = 0;
let model: ArrayBuffer = new ArrayBuffer(0);
let conversation: ArrayBuffer = new ArrayBuffer(0);

export function allocate(size: usize): usize {
  return heap.alloc(size);
}

export function release(pointer: usize): void {
  heap.free(pointer);
}

/** Frees garbage. Nothing managed is on the stack between two calls of a harness. */
export function collect(): void {
  __collect();
}

export function formatCount(): i32 {
  return FORMATS.length;
}

/** Name of a format, with a sign behind it for each side that it has. */
export function formatName(index: i32): Slice {
  const format = FORMATS[index];
  asked.reset();
  asked.ascii(format.name);
  if (format.client !== null) asked.ascii("<");
  if (format.upstream !== null) asked.ascii(">");
  return asked.view();
}

/** Begins an exchange between two formats. False where one of them is not there. */
export function open(
  clientPointer: usize,
  clientLength: i32,
  upstreamPointer: usize,
  upstreamLength: i32,
  includeUsage: bool,
  isSse: bool,
): bool {
  const from = findFormat(slice(clientPointer, clientLength));
  const to = findFormat(slice(upstreamPointer, upstreamLength));
  client = from === null ? null : from.client;
  upstream = to === null ? null : to.upstream;
  info = new PathInfo();
  info.isSse = isSse;
  render = new RenderOptions();
  options = new AnswerOptions();
  options.includeUsage = includeUsage;
  options.isSse = isSse;
  options.created = 1700000000;
  options.id = utf8("made-up-id");
  options.model = utf8("client-model");
  names = null;
  close();
  return client !== null && upstream !== null;
}

/** What the client's URL says: Gemini's model and whether it streams. */
export function setPath(modelPointer: usize, modelLength: i32, stream: bool): void {
  info.model = borrow(keep(slice(modelPointer, modelLength)));
  info.stream = stream;
}

/** `dialect`: a bit for each switch of `RenderOptions`. */
export function setDialect(maxCompletionTokens: bool, thinkingHistory: bool): void {
  render.maxCompletionTokens = maxCompletionTokens;
  render.thinkingHistory = thinkingHistory;
}

/** Adds a setting of the service to those of this exchange, and the conversation that the client names. */
export function setSetting(name: usize, nameLength: i32, text: usize, length: i32): void {
  if (render.settings === NO_SETTINGS) render.settings = new Settings();
  render.settings.add(toText(slice(name, nameLength)), toOwned(slice(text, length)));
}

export function setConversation(pointer: usize, length: i32): void {
  conversation = toOwned(slice(pointer, length));
  render.conversation = borrow(conversation);
}

/** The conversation that the upstream named. */
export function conversationOf(): Slice {
  const from = reader;
  return from === null ? NONE : borrow(from.conversation);
}

/**
 * Converts a request; `result`, `resultPath`, `losses` and `parameters` have what became of it.
 * @returns 0, or the status of the failure, whose body in the client's format is then `result`.
 */
export function request(
  pointer: usize,
  length: i32,
  modelPointer: usize,
  modelLength: i32,
  strict: bool,
): i32 {
  const from = client;
  const to = upstream;
  body.reset();
  path.reset();
  lost.reset();
  asked.reset();
  if (from === null || to === null) return -1;
  if (!document.parse(slice(pointer, length))) {
    return refuse(from, invalid(`request body is not valid JSON: ${describeJsonError(document.error)}`));
  }
  const read = new ChatRequest();
  const unreadable = from.readRequest(document, info, read);
  if (unreadable !== null) return refuse(from, unreadable);
  listAsked(read);
  const refused = refusal(read, to.tiers, strict);
  if (refused !== null) return refuse(from, refused);
  render.model = slice(modelPointer, modelLength);
  const unwritable = to.writeRequest(read, render, body);
  if (unwritable !== null) return refuse(from, unwritable);
  to.writePath(read, render, path);
  writeLosses(read, to.tiers, lost);
  names = to.toolNames(read);
  if (lengthOf(read.model) > 0) options.model = toOwned(read.model);
  options.includeUsage = read.includeUsage;
  options.remembered = from.remember(read);
  return 0;
}

/** What was converted last. */
export function result(): Slice {
  return body.view();
}

export function resultPath(): Slice {
  return path.view();
}

/** Names of what was dropped or changed, with commas between them. */
export function losses(): Slice {
  return lost.view();
}

/** Names of all parameters that the client's reader marked, with commas between them. */
export function parameters(): Slice {
  return asked.view();
}

/** Converts an error answer. Gives the status of the failure. */
export function failure(status: i32, pointer: usize, length: i32): i32 {
  const from = client;
  const to = upstream;
  body.reset();
  if (from === null || to === null) return -1;
  const text = slice(pointer, length);
  const isJson = document.parse(text);
  return refuse(from, to.readFailure(status, isJson ? document : null, text));
}

/**
 * Begins an answer. What the upstream sends goes to `feed`, and its end is `finish`.
 * @param isStream whether the upstream streams; @param whole whether the client wants its answer whole
 */
export function answer(isStream: bool, whole: bool, limit: i32): void {
  const from = client;
  const to = upstream;
  close();
  body.reset();
  if (from === null || to === null) return;
  reader = to.readerWith(render.settings);
  framer = isStream ? framerOf(to.framing, limit) : null;
  const receiver: ChatEvents = whole ? new Answer() : from.streamWriter(options, body);
  receiver.toolNames = names;
  events = receiver;
}

/** Feeds bytes of a stream. What came of them is in `result`, until `forget`. */
export function feed(pointer: usize, length: i32): void {
  const cutter = framer;
  if (cutter === null) return;
  cutter.feed(slice(pointer, length));
  drain();
}

/** Forgets what was written so far: it is on its way to the client. */
export function forget(): void {
  body.reset();
}

/** The end of the stream. */
export function finish(): void {
  const cutter = framer;
  const from = reader;
  const to = events;
  if (cutter === null || from === null || to === null) return;
  cutter.end();
  drain();
  from.end(to);
  conclude(to);
}

/** A whole answer at once. */
export function feedWhole(pointer: usize, length: i32): void {
  const from = reader;
  const to = events;
  if (from === null || to === null) return;
  if (document.parse(slice(pointer, length))) from.whole(document, to);
  if (!to.hasEnded) to.end();
  conclude(to);
}

/** Status of the failure of the answer, 0 where it has none. */
export function failed(): i32 {
  const from = events;
  if (from === null) return 0;
  const failure = from.failure;
  return failure === null ? 0 : failure.status;
}

export function hasBegun(): bool {
  const from = events;
  return from !== null && from.hasBegun;
}

export function hasEnded(): bool {
  const from = events;
  return from !== null && from.hasEnded;
}

/** A count of the answer's usage, -1 where it is not known: input, output, total, cached, written, reasoning. */
export function count(index: i32): i64 {
  const from = events;
  if (from === null) return -1;
  const usage = from.usage;
  if (index == 0) return usage.input;
  if (index == 1) return usage.output;
  if (index == 2) return usage.total;
  if (index == 3) return usage.cachedInput;
  if (index == 4) return usage.cacheWrite;
  return usage.reasoning;
}

/** What the tap lane learns from one record: the output tokens in the low 32 bits, above them whether it is the end. */
export function observe(pointer: usize, length: i32): i64 {
  const to = upstream;
  if (to === null || !document.parse(slice(pointer, length))) return -1;
  const usage = new Usage();
  const isEnd = to.observe(document, NONE, usage);
  return (usage.output & 0xffffffff) | ((isEnd ? 1 : 0) << 32);
}

/** Seconds after which the upstream of the last failure said that a retry may succeed; 0 where it said nothing. */
export function retryAfter(): i32 {
  return delay;
}

/** The event that the client's format ends a failed stream with, where no writer is at work. */
export function failureEvent(): void {
  const from = client;
  body.reset();
  if (from !== null) from.writeFailureEvent(invalid("something is wrong"), body);
}

export function copied(): u64 {
  return copiedBytes;
}

function refuse(format: ClientFormat, failure: Failure): i32 {
  body.reset();
  delay = failure.retryAfter;
  format.writeFailure(failure, body);
  return failure.status;
}

function drain(): void {
  const cutter = framer;
  const from = reader;
  const to = events;
  if (cutter === null || from === null || to === null) return;
  while (cutter.next()) takeRecord(cutter, document, from, to);
  if (cutter.error != FramingError.None) to.fail(invalid("malformed stream"));
}

/** The rest of an answer that is at its end: the whole of it, or its failure where nothing was sent. */
function conclude(from: ChatEvents): void {
  const to = client;
  if (to === null) return;
  const failure = from.failure;
  if (failure !== null) {
    if (from instanceof Answer || !from.hasBegun) refuse(to, failure);
  } else if (from instanceof Answer) {
    to.writeAnswer(from as Answer, options, body);
  }
}

function close(): void {
  const cutter = framer;
  if (cutter !== null) cutter.dispose();
  framer = null;
  const from = events;
  if (from !== null) {
    if (from instanceof Answer) (from as Answer).release();
    else from.dispose();
  }
  events = null;
}

function framerOf(framing: Framing, limit: i32): Framer {
  return framerAt(framing as i32, limit);
}

function listAsked(read: ChatRequest): void {
  for (let i = 0; i < PARAMETERS; i++) {
    if (!read.has(i as Parameter)) continue;
    if (asked.length > 0) asked.byte(0x2c);
    asked.ascii(PARAMETER_NAMES[i]);
  }
}

/** The path's model must outlive the call that sets it. */
function keep(bytes: Slice): ArrayBuffer {
  model = toOwned(bytes);
  return model;
}
