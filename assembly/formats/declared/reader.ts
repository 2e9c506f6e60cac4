import { NONE, Slice, borrow, lengthOf, same, trim } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { BlockKind, ChatEvents, Finish } from "../../chat/events";
import { Failure, FailureKind } from "../../chat/failure";
import { ABSENT, Document, Node } from "../../json/document";
import { Kind } from "../../json/tape";
import { sendObject } from "../arguments";
import { AnswerReader } from "../format";
import { ToolSlots } from "../openai/tool-slots";
import { Context } from "./context";
import { Cumulative } from "./cumulative";
import { ErrorRules, unexpected } from "./errors";
import { Path } from "./path";
import { CallPaths, ResponsePaths } from "./response";
import { EndRule, StreamRules } from "./stream";

/** More choices than this are refused by `ChatEvents`; they need no memory of their own. */
const MAX_TEXTS: i32 = 256;

const context: Context = new Context();
const joined: Writer = new Writer();
const word: Writer = new Writer();

// What a path found, by what it is of: they are looked through inside each other.
const choiceNodes: Array<Node> = [];
const callNodes: Array<Node> = [];
const textNodes: Array<Node> = [];

/** Reads the answers of a declared format. */
@final
export class DeclaredReader extends AnswerReader {
  private slots: ToolSlots = new ToolSlots();
  /** With cumulative texts: text and thinking of each choice in turn. */
  private texts: Array<Cumulative> = [];
  /** Whether any part of an answer was found. */
  private hasAnswer: bool = false;
  private wasCutOff: bool = false;

  constructor(
    private response: ResponsePaths,
    private stream: StreamRules,
    private errors: ErrorRules,
  ) {
    super();
  }

  whole(answer: Document, out: ChatEvents): void {
    context.look(answer);
    if (this.errors.isError(context, NONE)) {
      out.fail(this.errors.inner(context));
      return;
    }
    this.read(this.response, false, out);
    this.complete(out);
  }

  record(record: Document, event: Slice, out: ChatEvents): void {
    const stream = this.stream;
    context.look(record);
    if (stream.errors.isError(context, event)) {
      out.fail(stream.errors.inner(context));
      return;
    }
    const isEnd = stream.endsWith(context, event);
    if (stream.counts(context, event)) this.read(stream.response, stream.isCumulative, out);
    if (isEnd) this.complete(out);
  }

  isEndMark(record: Slice): bool {
    return this.stream.end == EndRule.Data && same(trim(record), borrow(this.stream.mark));
  }

  /** Events that do not count need not be JSON, nor an end or an error that its event tells. */
  plain(event: Slice, out: ChatEvents): bool {
    const stream = this.stream;
    if (stream.errors.events.has(event)) out.fail(unexpected("upstream reported an error that is not JSON"));
    else if (stream.end == EndRule.Event && stream.endEvents.has(event)) this.complete(out);
    else return !stream.events.isEmpty && !stream.events.has(event);
    return true;
  }

  complete(out: ChatEvents): void {
    if (!this.hasAnswer) {
      out.fail(unexpected("upstream's answer has nothing where the declared format looks for it"));
      return;
    }
    out.finishRest(Finish.Stop);
    out.end();
  }

  cutOff(out: ChatEvents): void {
    this.wasCutOff = true;
  }

  end(out: ChatEvents): void {
    if (out.hasEnded) return;
    const rule = this.stream.end;
    if (this.wasCutOff || (rule != EndRule.Body && rule != EndRule.Finish)) out.fail(truncated());
    else if (rule == EndRule.Body) this.complete(out);
    else if (!this.hasAnswer) this.complete(out);
    else out.end();
  }

  dispose(): void {
    for (let i = 0; i < this.texts.length; i++) unchecked(this.texts[i]).dispose();
    this.texts.length = 0;
  }

  private read(paths: ResponsePaths, isCumulative: bool, out: ChatEvents): void {
    paths.usage.read(context, out.usage);
    const choices = paths.choices;
    if (choices === null) {
      this.readChoice(paths, 0, isCumulative, out);
      return;
    }
    collect(choices, choiceNodes);
    for (let i = 0; i < choiceNodes.length && !out.hasEnded; i++) {
      context.current = unchecked(choiceNodes[i]);
      const path = paths.index;
      const index = path === null ? i : context.document.integer(path.first(context), i);
      this.readChoice(paths, index >= 0 && index < i32.MAX_VALUE ? (index as i32) : -1, isCumulative, out);
    }
    context.current = context.root;
  }

  private readChoice(paths: ResponsePaths, index: i32, isCumulative: bool, out: ChatEvents): void {
    if (index != 0 || out.choiceCount() > 1) out.choose(index);
    this.readText(paths.thinking, BlockKind.Thinking, index, paths, isCumulative, out);
    this.readText(paths.text, BlockKind.Text, index, paths, isCumulative, out);
    const calls = paths.calls;
    if (calls !== null) this.readCalls(calls, index, paths, out);
    this.readFinish(paths, out);
  }

  private readText(
    path: Path | null,
    kind: BlockKind,
    choice: i32,
    paths: ResponsePaths,
    isCumulative: bool,
    out: ChatEvents,
  ): void {
    if (path === null || out.hasEnded) return;
    const document = context.document;
    let text: Slice = NONE;
    if (path.isSingular) {
      text = this.textAt(document, path.first(context), out);
    } else {
      collect(path, textNodes);
      joined.reset();
      for (let i = 0; i < textNodes.length; i++) {
        const piece = this.textAt(document, unchecked(textNodes[i]), out);
        if (piece == NONE) continue;
        joined.bytes(piece);
        text = joined.view();
      }
    }
    if (text == NONE || out.hasEnded) return;
    this.begin(paths, out);
    if (isCumulative) text = this.newPart(text, kind, choice);
    if (kind == BlockKind.Text) out.text(text);
    else out.thinking(text);
  }

  /** A text as a JSON string body; NONE where there is none. What cannot be a text fails the answer. */
  private textAt(document: Document, node: Node, out: ChatEvents): Slice {
    switch (document.kind(node)) {
      case Kind.String:
        return document.body(node);
      case Kind.Number:
      case Kind.True:
      case Kind.False:
        return document.raw(node);
      case Kind.Object:
      case Kind.Array:
        out.fail(
          unexpected("upstream's answer has an object or a list where the declared format has a text"),
        );
    }
    return NONE;
  }

  private newPart(text: Slice, kind: BlockKind, choice: i32): Slice {
    const index = (choice << 1) + (kind == BlockKind.Text ? 0 : 1);
    if (choice < 0 || index >= MAX_TEXTS) return text;
    while (this.texts.length <= index) this.texts.push(new Cumulative());
    return unchecked(this.texts[index]).take(text);
  }

  private readCalls(paths: CallPaths, choice: i32, all: ResponsePaths, out: ChatEvents): void {
    const outer = context.current;
    const document = context.document;
    collect(paths.each, callNodes);
    for (let i = 0; i < callNodes.length && !out.hasEnded; i++) {
      const call = unchecked(callNodes[i]);
      if (!document.isObject(call)) continue;
      context.current = call;
      const name = document.body(firstOf(paths.name));
      const id = idOf(document, firstOf(paths.id));
      const index = document.integer(firstOf(paths.index), -1);
      const value = firstOf(paths.arguments);
      this.begin(all, out);
      const key = this.slots.find(choice, index, id, lengthOf(name) > 0);
      out.toolCall(key, id, name);
      if (document.isObject(value)) sendObject(document.raw(value), key, out);
      else out.toolArguments(key, document.body(value));
    }
    context.current = outer;
  }

  private readFinish(paths: ResponsePaths, out: ChatEvents): void {
    const path = paths.finish;
    if (path === null || out.hasEnded) return;
    context.setNode(context.document, path.first(context));
    if (context.kind == Kind.None || context.kind == Kind.Null) return;
    word.reset();
    context.writeText(word);
    if (word.length == 0) return;
    const finish = paths.finishes.of(word.view(), context.kind == Kind.False);
    if (finish == Finish.None) return;
    this.begin(paths, out);
    out.finish(finish);
  }

  /** The answer begins with its first part, so that an error before it can still be a status. */
  private begin(paths: ResponsePaths, out: ChatEvents): void {
    this.hasAnswer = true;
    if (out.hasBegun) return;
    const document = context.document;
    const inner = context.current;
    const created = document.integer(firstOf(paths.created), 0);
    const id = idOf(document, firstOf(paths.id));
    out.begin(id, document.body(firstOf(paths.model)), created);
    context.current = inner;
  }
}

/** An id may be a number; as a JSON string body, NONE where there is none. */
function idOf(document: Document, node: Node): Slice {
  return document.isNumber(node) ? document.raw(node) : document.body(node);
}

function firstOf(path: Path | null): Node {
  return path === null ? ABSENT : path.first(context);
}

function collect(path: Path, found: Array<Node>): void {
  found.length = 0;
  path.collect(context, found);
}

/** The stream stopped before its declared end. */
function truncated(): Failure {
  return Failure.of(
    FailureKind.BadGateway,
    "upstream_truncated",
    "upstream closed the answer before it was complete",
  );
}
