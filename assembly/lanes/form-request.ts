import { NONE, Slice, Utf8, lengthOf, subslice, toOwned } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { Config } from "../config/model";
import { usesModel } from "../config/models";
import { Api } from "../formats/api";
import { MultipartScanner, boundaryOf } from "../framing/multipart";
import { BufferType } from "../host/abi";
import { readBody, readWindow } from "../host/body";
import { TapRequest } from "./tap-request";

/** A longer name of a model is not one. */
const MAX_NAME_BYTES: i32 = 1024;

const FIELD: string = "model";

const part: Writer = new Writer();

/** A view for a form whose field `model` matters; null for any other body. @param mediaType borrowed */
export function formFor(api: Api, mediaType: Slice, config: Config): TapRequest | null {
  if (!api.hasForm || !usesModel(config)) return null;
  const boundary = boundaryOf(mediaType);
  return boundary.byteLength == 0 ? null : new FormRequest(boundary);
}

/**
 * The tap lane's view of a form (`multipart/form-data`), as images and recordings are sent in. It stays in the host's
 * buffer as a JSON body does, and only its field `model` is looked at and changed: everything else, files above all, goes
 * to the upstream byte for byte.
 */
@final
export class FormRequest extends TapRequest {
  private form: MultipartScanner;

  /** @param boundary as the media type names it */
  constructor(private boundary: Utf8) {
    super();
    this.form = new MultipartScanner(boundary, FIELD);
  }

  get isLent(): bool {
    return false;
  }

  read(size: i32): bool {
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
    if (length > 0 && length <= MAX_NAME_BYTES) {
      const kept = this.kept;
      const isKept = kept != NONE;
      this.model = toOwned(
        isKept ? subslice(kept, start, start + length) : readBody(BufferType.RequestBody, start, length),
      );
    }
    return true;
  }

  get problem(): string {
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

  dispose(): void {
    super.dispose();
    this.form.dispose();
  }
}
