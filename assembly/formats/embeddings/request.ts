import { NONE, Slice } from "../../bytes/slice";

/** What the vectors are for. */
export enum Purpose {
  Absent,
  Document,
  Query,
}

/** What a client asks for. Slices borrow from its body. */
export class EmbeddingsRequest {
  /** JSON string bodies. */
  inputs: Array<Slice> = [];
  /** Raw number, or NONE. */
  dimensions: Slice = NONE;
  purpose: Purpose = Purpose.Absent;
  wantsBase64: bool = false;
}
