import { Utf8, indexOfByte } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { PARAMETERS, Parameter } from "../../chat/parameters";
import { Context } from "./context";
import { Template } from "./template";
import { TextTemplate } from "./text-template";

const QUESTION_MARK: u8 = 0x3f;
const AMPERSAND: u8 = 0x26;
const EQUALS: u8 = 0x3d;

/** A compiled request: where it goes, and what is in it. */
export class RequestProgram {
  /** Upper case. */
  method: Utf8 = String.UTF8.encode("POST");
  isPost: bool = true;
  path: TextTemplate = new TextTemplate();
  streamPath: TextTemplate = this.path;
  /** Names of parameters, percent-encoded, and their values. */
  queryNames: Array<Utf8> = [];
  queryValues: Array<TextTemplate> = [];
  /** Names in lower case, and their values. */
  headerNames: Array<Utf8> = [];
  headerValues: Array<TextTemplate> = [];
  body: Template | null = null;

  /** Parameters that some expression puts into the request. */
  carried: StaticArray<bool> = new StaticArray<bool>(PARAMETERS);
  /** Whether more of a conversation than its last message may be put into the request. */
  usesMessages: bool = false;
  /** Whether the service's token is put into the request. */
  usesToken: bool = false;

  carry(parameters: StaticArray<Parameter>): void {
    for (let i = 0; i < parameters.length; i++) {
      unchecked((this.carried[unchecked(parameters[i]) as i32] = true));
    }
  }

  carries(parameter: Parameter): bool {
    return unchecked(this.carried[parameter as i32]);
  }

  /** Path and query. */
  writePath(context: Context, out: Writer): void {
    (context.stream ? this.streamPath : this.path).writeEncoded(context, false, out);
    let hasQuery = indexOfByte(out.view(), QUESTION_MARK) >= 0;
    for (let i = 0; i < this.queryNames.length; i++) {
      const value = unchecked(this.queryValues[i]);
      if (value.isAbsent(context)) continue;
      out.byte(hasQuery ? AMPERSAND : QUESTION_MARK);
      hasQuery = true;
      out.owned(unchecked(this.queryNames[i]));
      out.byte(EQUALS);
      value.writeEncoded(context, true, out);
    }
  }

  /** Names and values of headers, each followed by a zero byte. */
  writeHeaders(context: Context, out: Writer): void {
    if (!this.isPost) {
      out.ascii(":method");
      out.byte(0);
      out.owned(this.method);
      out.byte(0);
    }
    for (let i = 0; i < this.headerNames.length; i++) {
      const value = unchecked(this.headerValues[i]);
      if (value.isAbsent(context)) continue;
      out.owned(unchecked(this.headerNames[i]));
      out.byte(0);
      value.writeHeader(context, out);
      out.byte(0);
    }
  }

  writeBody(context: Context, out: Writer): void {
    const body = this.body;
    if (body !== null && !body.write(context, out)) out.ascii("null");
  }
}
