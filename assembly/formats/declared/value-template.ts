import { Slice, Utf8, borrow, same } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Parameter } from "../../chat/parameters";
import { parseDecimal } from "../../json/number";
import { Kind } from "../../json/tape";
import { Context } from "./context";
import { Selection } from "./selection";
import { Template } from "./template";

/** What a value is turned into. */
export enum As {
  Same,
  Number,
  Integer,
  String,
  Boolean,
}

/** Names in the order of `As`, from the second on. */
export const AS_NAMES: string[] = ["number", "integer", "string", "boolean"];

/** A double of this size and above has no fraction, and may not fit into 64 bits. */
const LARGEST_WHOLE: f64 = 9007199254740992;

const text: Writer = new Writer();
const made: Writer = new Writer();

/** `$value`: mapped, turned, limited, and with a value for when there is none. */
@final
export class Value extends Template {
  as: As = As.Same;
  hasMin: bool = false;
  hasMax: bool = false;
  min: f64 = 0;
  max: f64 = 0;
  /** As they were written. */
  minText: Utf8 = new ArrayBuffer(0);
  maxText: Utf8 = new ArrayBuffer(0);
  /** Texts (UTF-8) of values, and the JSON that stands for each. */
  from: Array<Utf8> = [];
  to: Array<Utf8> = [];
  /** JSON for every other value; null: it stays. */
  rest: Utf8 | null = null;
  /** JSON; null: the value is then absent. */
  fallback: Utf8 | null = null;
  /** Reported where a limit changed the value; `Unknown`: nothing is. */
  parameter: Parameter = Parameter.Unknown;

  constructor(private selection: Selection) {
    super();
  }

  write(context: Context, out: Writer): bool {
    this.selection.read(context);
    if (context.kind != Kind.None) this.map(context);
    if (context.kind != Kind.None && this.as != As.Same) turn(context, this.as);
    if (context.kind == Kind.Number) this.limit(context);
    if (context.writeJson(out)) return true;
    const fallback = this.fallback;
    if (fallback === null) return false;
    out.owned(fallback);
    return true;
  }

  private map(context: Context): void {
    const rest = this.rest;
    if (this.from.length == 0 && rest === null) return;
    text.reset();
    context.writeText(text);
    for (let i = 0; i < this.from.length; i++) {
      if (!same(text.view(), borrow(unchecked(this.from[i])))) continue;
      context.setRaw(borrow(unchecked(this.to[i])));
      return;
    }
    if (rest !== null) context.setRaw(borrow(rest));
  }

  private limit(context: Context): void {
    if (!this.hasMin && !this.hasMax) return;
    const value = parseDecimal(context.value, NaN);
    let limit: Utf8 | null = null;
    if (this.hasMin && value < this.min) limit = this.minText;
    else if (this.hasMax && value > this.max) limit = this.maxText;
    if (limit === null) return;
    context.setRaw(borrow(limit));
    if (this.parameter != Parameter.Unknown) context.request.adjust(this.parameter);
  }
}

/** Turns the context's value; what cannot be turned becomes absent. */
function turn(context: Context, as: As): void {
  text.reset();
  context.writeText(text);
  const value = text.view();
  switch (as) {
    case As.String: {
      if (context.kind == Kind.String) return;
      made.reset();
      context.writeBody(made);
      context.setText(made.view());
      return;
    }
    case As.Boolean:
      turnBoolean(context, value);
      return;
  }
  if (context.kind == Kind.True || context.kind == Kind.False) {
    made.reset();
    made.number(context.kind == Kind.True ? 1 : 0);
    context.setRaw(made.view());
    return;
  }
  const number = context.kind == Kind.Number || context.kind == Kind.String ? parseDecimal(value, NaN) : NaN;
  if (isNaN(number)) {
    context.setNone();
    return;
  }
  made.reset();
  if (as == As.Integer && Math.abs(number) < LARGEST_WHOLE) made.number(number as i64);
  else made.bytes(value);
  context.setRaw(made.view());
}

function turnBoolean(context: Context, value: Slice): void {
  if (context.kind == Kind.True || context.kind == Kind.False) return;
  if (context.kind == Kind.Number) context.setFlag(parseDecimal(value, 0) != 0);
  else if (same(value, borrow(TRUE))) context.setFlag(true);
  else if (same(value, borrow(FALSE))) context.setFlag(false);
  else context.setNone();
}

const TRUE: Utf8 = String.UTF8.encode("true");
const FALSE: Utf8 = String.UTF8.encode("false");
