import { EMPTY, NONE, Slice, Utf8, lengthOf, subslice, toOwned, trim } from "../bytes/slice";
import { DISPOSITION, MultipartScanner, headerOf, parameterOf } from "./multipart";

/** Nobody sends more parts; of a form that has more, so many and one are kept. */
export const MAX_PARTS: i32 = 64;

/** A name may have so many bytes; of a longer one, so many and one are kept. */
export const MAX_NAME_BYTES: i32 = 64;

/** Source: RFC 6838 section 4.2; a longer media type is none, and is not kept. */
const MAX_TYPE_BYTES: i32 = 127;

const CONTENT_TYPE: string = "content-type:";

/** One part of a form. */
export class FormPart {
  /** Behind the last byte of the content; -1 as long as it is not known. */
  end: i32 = -1;

  constructor(
    /** As the form has it; empty where it has none. See MAX_NAME_BYTES. */
    readonly name: Utf8,
    /** The content's media type with its parameters, as the form has it; empty where it has none. */
    readonly mediaType: Utf8,
    /** Whether it has the name of a file, be it an empty one. */
    readonly hasFileName: bool,
    /** Offset of the content in the form. */
    readonly start: i32,
  ) {}

  /** Bytes of the content; 0 as long as its end is not known. */
  get length(): i32 {
    return max(0, this.end - this.start);
  }
}

/** Finds one field's values, and notes which other parts a form has (RFC 7578), and where. */
@final
export class PartsScanner extends MultipartScanner {
  /** In the order of the form. See MAX_PARTS. */
  readonly parts: Array<FormPart> = [];

  protected begin(head: Slice, start: i32): void {
    super.begin(head, start);
    if (this.parts.length > MAX_PARTS) return;
    const line = headerOf(head, DISPOSITION);
    const hasFileName = parameterOf(line, "filename=") != NONE || parameterOf(line, "filename*=") != NONE;
    const name = subslice(parameterOf(line, "name="), 0, MAX_NAME_BYTES + 1);
    this.parts.push(new FormPart(toOwned(name), typeOf(head), hasFileName, start));
  }

  protected end(end: i32): void {
    super.end(end);
    const last = this.parts.length - 1;
    if (last >= 0) unchecked(this.parts[last]).end = end;
  }
}

function typeOf(head: Slice): Utf8 {
  const line = headerOf(head, CONTENT_TYPE);
  const type = trim(subslice(line, CONTENT_TYPE.length, lengthOf(line)));
  return lengthOf(type) > MAX_TYPE_BYTES ? EMPTY : toOwned(type);
}
