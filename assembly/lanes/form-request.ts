import { NONE, Slice, Utf8, lengthOf, startsWithIgnoreCase, subslice, toOwned } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { Failure } from "../chat/failure";
import { taskOf } from "../config/format-of";
import { Config } from "../config/model";
import { usesModel } from "../config/models";
import { Api } from "../formats/api";
import { FormSource, writeForm } from "../formats/images/form";
import { MULTIPART, MultipartScanner, boundaryOf } from "../framing/multipart";
import { PartsScanner } from "../framing/multipart-parts";
import { BufferType } from "../host/abi";
import { readBody, readWindow } from "../host/body";
import { Message } from "../host/message";
import { nativeFormat } from "./native-format";
import { TapRequest } from "./tap-request";

/** A longer name of a model is not one. */
const MAX_NAME_BYTES: i32 = 1024;

const FIELD: string = "model";

const part: Writer = new Writer();

/**
 * A view for a form whose field `model` matters, or that is to be converted; null for any other body.
 * @param mediaType borrowed
 */
export function formFor(api: Api, mediaType: Slice, config: Config): TapRequest | null {
  if (!api.hasForm) return null;
  const isConverted = convertsForms(api, config);
  if (!isConverted && !usesModel(config)) return null;
  const boundary = boundaryOf(mediaType);
  // What is to be converted has to be refused where it cannot be read.
  const isForm = boundary.byteLength > 0 || (isConverted && startsWithIgnoreCase(mediaType, MULTIPART));
  return isForm ? new FormRequest(boundary, isConverted) : null;
}

/** Whether there is a service for which such forms become something else. */
function convertsForms(api: Api, config: Config): bool {
  const services = config.services;
  for (let i = 0; i < services.length; i++) {
    const service = unchecked(services[i]);
    if (nativeFormat(service, api) === null && taskOf(service, api.operation) !== null) return true;
  }
  return false;
}

/**
 * The view of a form (`multipart/form-data`), as images and recordings are sent in. It stays in the host's buffer as a
 * JSON body does. In the tap lane only its field `model` is looked at and changed: everything else, files above all, goes
 * to the upstream byte for byte. Where it is converted, it is first turned into the JSON of the same call.
 */
@final
export class FormRequest extends TapRequest {
  private form: MultipartScanner;
  /** The same, where all parts are wanted. */
  private parts: PartsScanner | null = null;
  /** The form as JSON, until this is disposed of. */
  private json: Writer = new Writer();
  private refused: Failure | null = null;

  /**
   * @param boundary as the media type names it; empty where it names none, which is no form
   * @param isConverted whether there may be JSON wanted
   */
  constructor(
    private boundary: Utf8,
    isConverted: bool,
  ) {
    super();
    if (isConverted) {
      const parts = new PartsScanner(boundary, FIELD);
      this.parts = parts;
      this.form = parts;
    } else {
      this.form = new MultipartScanner(boundary, FIELD);
    }
  }

  get isLent(): bool {
    return false;
  }

  read(size: i32): bool {
    if (this.boundary.byteLength == 0) return false;
    while (this.form.offset < size) {
      const window = readWindow(BufferType.RequestBody, this.form.offset);
      if (lengthOf(window) == 0) break;
      if (!this.form.feed(window)) return false;
    }
    return true;
  }

  readKept(bytes: Slice): bool {
    this.kept = bytes;
    return this.form.feed(bytes);
  }

  /** The last field of the name counts, as the last member of a JSON object does. */
  finish(): bool {
    if (!this.form.isComplete) return false;
    const values = this.form.values;
    const count = values.length;
    if (count < 2) return true;
    const start = unchecked(values[count - 2]);
    const length = unchecked(values[count - 1]) - start;
    if (length > 0 && length <= MAX_NAME_BYTES) this.model = toOwned(partOf(this.kept, start, length));
    return true;
  }

  get problem(): string {
    if (this.boundary.byteLength == 0)
      return "the content-type of a form must name its boundary, of no more than 70 bytes";
    return `request body is no form with the boundary that its content-type names (byte ${this.form.offset})`;
  }

  /** Where the form has no such field, it gets one, before all others. */
  rename(model: Slice): void {
    const values = this.form.values;
    if (values.length >= 2) {
      for (let i = 0; i + 1 < values.length; i += 2) {
        this.patches.replace(unchecked(values[i]), unchecked(values[i + 1]), model);
      }
      return;
    }
    part.reset();
    if (!this.form.isBare) part.ascii("\r\n");
    part.ascii("--");
    part.owned(this.boundary);
    part.ascii('\r\nContent-Disposition: form-data; name="model"\r\n\r\n');
    part.bytes(model);
    if (this.form.isBare) part.ascii("\r\n");
    this.patches.insert(this.form.first, part.view());
  }

  hashMembers(names: Utf8[], most: i32): u64 {
    return 0;
  }

  isTrue(name: Utf8): bool {
    return false;
  }

  /** The form is read window by window: it is never here whole, and what it becomes is here once. */
  toJson(out: Message): Slice {
    const parts = this.parts;
    if (parts === null) return NONE;
    this.refused = writeForm(parts.parts, new FormBody(this.kept), this.json);
    return this.json.view();
  }

  get refusal(): Failure | null {
    return this.refused;
  }

  dispose(): void {
    super.dispose();
    this.form.dispose();
    this.json.dispose();
  }
}

/** The form where it is: kept here, or in the host's buffer. */
@final
class FormBody extends FormSource {
  constructor(private kept: Slice) {
    super();
  }

  read(start: i32, length: i32): Slice {
    return partOf(this.kept, start, length);
  }
}

function partOf(kept: Slice, start: i32, length: i32): Slice {
  if (kept != NONE) return subslice(kept, start, start + length);
  return readBody(BufferType.RequestBody, start, length);
}
