import { Slice, Utf8, borrow, equals, lengthOf, pointerOf, toOwned, toText } from "../../bytes/slice";
import { encodePercent } from "../../bytes/percent";
import { Writer } from "../../bytes/writer";
import { Finish } from "../../chat/events";
import { BEYOND_TEXT, PARAMETERS, PARAMETER_NAMES, Parameter, Tiers } from "../../chat/parameters";
import { Condition } from "../../formats/declared/condition";
import { ErrorRules } from "../../formats/declared/errors";
import { EventNames } from "../../formats/declared/event-names";
import { Declaration, DeclaredFormat } from "../../formats/declared/format";
import { Owner } from "../../formats/declared/item";
import { ExpressionParser } from "../../formats/declared/parse";
import { Path } from "../../formats/declared/path";
import { RankingPaths, VectorPaths } from "../../formats/declared/paths";
import { RequestProgram } from "../../formats/declared/request";
import { CallPaths, FINISHES, FINISH_NAMES, FinishMap, ResponsePaths } from "../../formats/declared/response";
import { EndRule, StreamRules } from "../../formats/declared/stream";
import { TextTemplate } from "../../formats/declared/text-template";
import { Framing } from "../../formats/format";
import { ABSENT, Document, Node } from "../../json/document";
import { Source } from "../source";
import { didYouMean } from "../suggest";
import { Pair, Values } from "../values";
import { Place } from "./place";
import { TemplateCompiler } from "./template-compiler";
import { TextCompiler } from "./text-compiler";

/** Statuses that an error may have. */
const LEAST_STATUS: i64 = 400;
const GREATEST_STATUS: i64 = 599;

/**
 * Makes the program of a declared format out of its configuration, whose form was found right: kinds of values, names of
 * members, choices. What is wrong beyond that is in `places` and `messages`; then the result means nothing.
 */
export class FormatCompiler {
  private place: Place = new Place();
  private document: Document;

  constructor(private source: Source) {
    this.document = source.document;
  }

  /** Where something is wrong, relative to the declaration: `.response.text`. */
  get places(): string[] {
    return this.place.places;
  }

  /** What is wrong there. */
  get messages(): string[] {
    return this.place.messages;
  }

  compile(node: Node): DeclaredFormat {
    const values = new Values(this.source, node, "format");
    let chat: RequestProgram | null = null;
    let response = new ResponsePaths();
    let stream = new StreamRules();
    this.place.enter("errors");
    const errors = this.errors(values.object("errors"));
    this.place.leave();
    if (values.has("request")) {
      chat = this.request(values.object("request"), Owner.Chat, "request");
      this.place.enter("response");
      response = this.response(values.object("response"), new ResponsePaths());
      if (response.text === null && response.calls === null && response.thinking === null)
        this.place.fail("finds nothing: give text, thinking or toolCalls");
      this.place.leave();
      stream = this.stream(values, response, errors);
    }
    if (stream.framing != Framing.Sse && !errors.events.isEmpty) {
      this.failIn2("errors", "events", "only server-sent events have names: remove it, or use framing sse");
    }
    const tiers = this.tiers(chat, values);
    return new DeclaredFormat(
      tiers,
      chat,
      response,
      stream,
      errors,
      this.embeddings(values),
      this.ranking(values),
    );
  }

  private request(values: Values, owner: Owner, name: string): RequestProgram {
    const program = new RequestProgram();
    const texts = new TextCompiler(this.place, program, owner);
    this.place.enter(name);
    program.method = values.text("method");
    program.isPost = equals(borrow(program.method), "POST");
    program.path = this.pathTemplate(values, "path", texts, owner);
    program.streamPath = values.has("streamPath")
      ? this.pathTemplate(values, "streamPath", texts, owner)
      : program.path;
    this.place.enter("query");
    const query = values.pairs("query");
    for (let i = 0; i < query.length; i++) {
      program.queryNames.push(encoded(query[i].from));
      program.queryValues.push(this.pair(query[i], texts, owner));
    }
    this.place.leave();
    this.place.enter("headers");
    const headers = values.pairs("headers");
    for (let i = 0; i < headers.length; i++) {
      program.headerNames.push(lowerCase(headers[i].from));
      program.headerValues.push(this.pair(headers[i], texts, owner));
    }
    this.place.leave();
    this.place.enter("body");
    program.body = new TemplateCompiler(this.source, texts).compile(values.raw("body"), owner);
    this.place.leave();
    this.place.leave();
    return program;
  }

  private pathTemplate(values: Values, name: string, texts: TextCompiler, owner: Owner): TextTemplate {
    this.place.enter(name);
    const template = texts.template(toText(borrow(values.text(name))), owner);
    for (let i = 0; i < template.constants.length; i++) {
      if (!isVisible(borrow(template.constants[i])))
        this.place.fail("may only contain visible ASCII characters outside of {{ }}");
    }
    this.place.leave();
    return template;
  }

  private pair(pair: Pair, texts: TextCompiler, owner: Owner): TextTemplate {
    this.place.enter(toText(borrow(pair.from)));
    const template = texts.template(toText(borrow(pair.to)), owner);
    this.place.leave();
    return template;
  }

  /** @param outer what is taken where a member is absent */
  private response(values: Values, outer: ResponsePaths): ResponsePaths {
    const paths = new ResponsePaths();
    paths.text = this.path(values, "text", outer.text);
    paths.thinking = this.path(values, "thinking", outer.thinking);
    paths.calls = values.has("toolCalls") ? this.calls(values.object("toolCalls")) : outer.calls;
    paths.finish = this.path(values, "finish", outer.finish);
    paths.finishes = outer.finishes;
    if (values.has("finishMap")) this.finishMap(values.raw("finishMap"), paths);
    paths.choices = this.path(values, "choices", outer.choices);
    paths.index = this.path(values, "index", outer.index);
    paths.id = this.path(values, "id", outer.id);
    paths.model = this.path(values, "model", outer.model);
    paths.created = this.path(values, "created", outer.created);
    const usage = values.object("usage");
    this.place.enter("usage");
    paths.usage.input = this.path(usage, "input", outer.usage.input);
    paths.usage.output = this.path(usage, "output", outer.usage.output);
    paths.usage.total = this.path(usage, "total", outer.usage.total);
    paths.usage.cached = this.path(usage, "cached", outer.usage.cached);
    paths.usage.reasoning = this.path(usage, "reasoning", outer.usage.reasoning);
    this.place.leave();
    if (values.has("index") && paths.choices === null) this.failIn("index", "needs choices");
    return paths;
  }

  private calls(values: Values): CallPaths {
    this.place.enter("toolCalls");
    const each = this.path(values, "each", null);
    const calls = new CallPaths(each === null ? new Path(true) : each);
    calls.index = this.path(values, "index", null);
    calls.id = this.path(values, "id", null);
    calls.name = this.path(values, "name", null);
    calls.arguments = this.path(values, "arguments", null);
    this.place.leave();
    return calls;
  }

  private finishMap(map: Node, paths: ResponsePaths): void {
    const document = this.document;
    this.place.enter("finishMap");
    if (!document.isObject(map)) this.place.fail("expected an object");
    if (paths.finish === null) this.place.fail("needs finish");
    paths.finishes = new FinishMap();
    for (let key = document.firstMember(map); key != ABSENT; key = document.nextMember(key)) {
      const word = toText(document.body(document.valueOf(key)));
      const index = FINISH_NAMES.indexOf(word);
      const finish = index < 0 ? Finish.Stop : FINISHES[index];
      if (index < 0) {
        this.failIn(
          toText(this.source.text(key)),
          "expected one of " + FINISH_NAMES.join(", ") + didYouMean(word, FINISH_NAMES),
        );
      } else if (document.isText(key, "*")) {
        paths.finishes.hasRest = true;
        paths.finishes.rest = finish;
      } else {
        paths.finishes.from.push(this.source.owned(key));
        paths.finishes.to.push(finish);
      }
    }
    this.place.leave();
  }

  private stream(format: Values, response: ResponsePaths, errors: ErrorRules): StreamRules {
    const rules = new StreamRules();
    rules.errors = errors;
    rules.response = response;
    if (!format.has("stream")) return rules;
    const values = format.object("stream");
    this.place.enter("stream");
    rules.framing = values.choice("framing") as Framing;
    rules.isAlways = values.flag("always");
    rules.isCumulative = values.choice("mode") == 1;
    rules.events = eventNames(values.texts("events"));
    rules.when = this.condition(values, "when");
    const isSse = rules.framing == Framing.Sse;
    if (!isSse && values.has("events"))
      this.failIn("events", "only server-sent events have names: remove it, or use framing sse");
    if (values.has("response")) {
      this.place.enter("response");
      rules.response = this.response(values.object("response"), response);
      this.place.leave();
    }
    if (values.has("errors")) {
      this.place.enter("errors");
      rules.errors = this.errors(values.object("errors"));
      if (!isSse && !rules.errors.events.isEmpty)
        this.failIn("events", "only server-sent events have names: remove it, or use framing sse");
      this.place.leave();
    }
    rules.end = rules.response.finish === null ? EndRule.Body : EndRule.Finish;
    if (values.has("end")) this.end(values.object("end"), rules, isSse);
    this.place.leave();
    return rules;
  }

  private end(values: Values, rules: StreamRules, isSse: bool): void {
    const framing = rules.framing;
    this.place.enter("end");
    if (values.has("data")) {
      rules.end = EndRule.Data;
      rules.mark = values.text("data");
      if (framing != Framing.Sse && framing != Framing.NdJson)
        this.failIn("data", "only server-sent events and lines can be a text: use when, or body");
    } else if (values.has("event")) {
      rules.end = EndRule.Event;
      rules.endEvents = eventNames(values.texts("event"));
      if (!isSse) this.failIn("event", "only server-sent events have names: use when, or body");
    } else if (values.has("when")) {
      rules.end = EndRule.When;
      rules.endWhen = this.condition(values, "when");
    } else {
      rules.end = EndRule.Body;
      if (!values.flag("body")) this.failIn("body", "is either true or absent");
    }
    this.place.leave();
  }

  private errors(values: Values): ErrorRules {
    const rules = new ErrorRules();
    if (values.has("when")) rules.when = this.condition(values, "when");
    rules.events = eventNames(values.texts("events"));
    rules.code = this.path(values, "code", null);
    rules.message = this.path(values, "message", null);
    if (!values.has("statuses")) return rules;
    const document = this.document;
    const map = values.raw("statuses");
    this.place.enter("statuses");
    if (!document.isObject(map)) this.place.fail("expected an object");
    if (rules.code === null) this.place.fail("needs code");
    for (let key = document.firstMember(map); key != ABSENT; key = document.nextMember(key)) {
      const status = document.integer(document.valueOf(key), 0);
      if (status < LEAST_STATUS || status > GREATEST_STATUS) {
        this.failIn(toText(this.source.text(key)), "expected a status from 400 to 599");
      } else if (document.isText(key, "*")) {
        rules.otherStatus = status as i32;
      } else {
        rules.codes.push(this.source.owned(key));
        rules.statuses.push(status as i32);
      }
    }
    this.place.leave();
    return rules;
  }

  private embeddings(format: Values): Declaration<VectorPaths> | null {
    if (!format.has("embeddings")) return null;
    const values = format.object("embeddings");
    const paths = new VectorPaths();
    this.place.enter("embeddings");
    const request = this.request(values.object("request"), Owner.Embeddings, "request");
    const response = values.object("response");
    this.place.enter("response");
    paths.each = this.pathOr(response, "each", paths.each);
    paths.vector = this.pathOr(response, "vector", paths.vector);
    paths.index = this.path(response, "index", null);
    paths.tokens = this.path(response, "tokens", null);
    this.place.leave();
    this.place.leave();
    return new Declaration<VectorPaths>(request, paths);
  }

  private ranking(format: Values): Declaration<RankingPaths> | null {
    if (!format.has("rerank")) return null;
    const values = format.object("rerank");
    const paths = new RankingPaths();
    this.place.enter("rerank");
    const request = this.request(values.object("request"), Owner.Rerank, "request");
    const response = values.object("response");
    this.place.enter("response");
    paths.each = this.pathOr(response, "each", paths.each);
    paths.score = this.pathOr(response, "score", paths.score);
    paths.index = this.path(response, "index", null);
    paths.tokens = this.path(response, "tokens", null);
    this.place.leave();
    this.place.leave();
    return new Declaration<RankingPaths>(request, paths);
  }

  /** What the request has an expression for goes upstream; what it needs and has none for is refused. */
  private tiers(chat: RequestProgram | null, format: Values): Tiers {
    const tiers = new Tiers();
    if (chat === null) return tiers;
    const dropped = format.texts("drop");
    for (let i = 0; i < BEYOND_TEXT.length; i++) refuse(tiers, BEYOND_TEXT[i], dropped);
    refuse(tiers, Parameter.Tools, dropped);
    for (let i = 0; i < PARAMETERS; i++) {
      if (chat.carries(i as Parameter)) tiers.mapped([i as Parameter]);
    }
    return tiers;
  }

  private path(values: Values, name: string, outer: Path | null): Path | null {
    if (!values.has(name)) return outer;
    const parser = new ExpressionParser(toText(borrow(values.text(name))));
    const path = parser.path();
    this.failIn(name, parser.error);
    return path;
  }

  private pathOr(values: Values, name: string, otherwise: Path): Path {
    const path = this.path(values, name, null);
    return path === null ? otherwise : path;
  }

  private condition(values: Values, name: string): Condition {
    if (!values.has(name)) return new Condition();
    const parser = new ExpressionParser(toText(borrow(values.text(name))));
    const condition = parser.condition();
    this.failIn(name, parser.error);
    return condition;
  }

  private failIn(name: string, message: string): void {
    this.place.enter(name);
    this.place.fail(message);
    this.place.leave();
  }

  private failIn2(outer: string, name: string, message: string): void {
    this.place.enter(outer);
    this.failIn(name, message);
    this.place.leave();
  }
}

function eventNames(names: Array<Utf8>): EventNames {
  const events = new EventNames();
  events.names = names;
  return events;
}

/** Without this the client gets another answer than it asked for: it is refused unless the declaration drops it. */
function refuse(tiers: Tiers, parameter: Parameter, dropped: Utf8[]): void {
  if (!isNamed(dropped, PARAMETER_NAMES[parameter as i32])) tiers.refused([parameter]);
}

function isNamed(names: Array<Utf8>, name: string): bool {
  for (let i = 0; i < names.length; i++) if (equals(borrow(names[i]), name)) return true;
  return false;
}

/** The text as a part of a query (RFC 3986 section 2.1). */
function encoded(text: Utf8): Utf8 {
  const writer = new Writer();
  encodePercent(writer, borrow(text));
  const owned = toOwned(writer.view());
  writer.dispose();
  return owned;
}

function lowerCase(text: Utf8): Utf8 {
  const owned = toOwned(borrow(text));
  const pointer = changetype<usize>(owned);
  for (let i = 0; i < owned.byteLength; i++) {
    const byte = load<u8>(pointer + i);
    if (byte >= 0x41 && byte <= 0x5a) store<u8>(pointer + i, byte | 0x20);
  }
  return owned;
}

function isVisible(text: Slice): bool {
  for (let i = 0; i < lengthOf(text); i++) {
    const byte = load<u8>(pointerOf(text) + i);
    if (byte <= 0x20 || byte >= 0x7f) return false;
  }
  return true;
}
