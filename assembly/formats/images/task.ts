import { EMPTY, Slice, Utf8 } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Failure } from "../../chat/failure";
import { Usage } from "../../chat/usage";
import { Document } from "../../json/document";
import { JsonWriter } from "../../json/writer";
import { writeActionPath } from "../bedrock/model";
import { writeMethodPath } from "../gemini/model";
import { Task } from "../task";
import { writeAnswer } from "./answer";
import { ImagesRequest } from "./request";
import { ImagesShape, imagesShape } from "./shape";
import { writeRequest } from "./write-request";

/** Images for a client that speaks OpenAI's API. What is asked for depends on the model's name upstream. */
export class ImagesTask extends Task {
  private request: ImagesRequest = new ImagesRequest();
  private created: i64 = 0;
  private safetySettings: Utf8 = EMPTY;

  /** @param shape that of a model without a name, until it is known */
  constructor(
    private format: string,
    private shape: ImagesShape,
    /** Whether images are sent along. */
    private takesImages: bool,
    /** Whether the images alone may say what is wanted. */
    private isVariation: bool,
  ) {
    super();
  }

  read(body: Document): Failure | null {
    const shape = imagesShape(this.format, this.options.model);
    if (shape !== null) this.shape = shape;
    this.created = this.options.created;
    this.safetySettings = this.options.safetySettings;
    const request = this.request;
    request.isVariation = this.isVariation;
    const refused = this.takesImages ? request.readImages(body, this.shape) : null;
    return refused === null ? request.read(body, this.shape, this.unknown) : refused;
  }

  write(model: Slice, path: Writer, out: Writer): Failure | null {
    const action = this.shape.action;
    if (this.format == "bedrock") writeActionPath(model, action, path);
    else writeMethodPath(model, this.format == "vertex" ? "/publishers/google" : "", action, path);
    out.reserve(this.request.bytes);
    writeRequest(this.shape, this.request, this.safetySettings, new JsonWriter(out));
    this.request = new ImagesRequest();
    return null;
  }

  convert(answer: Document, usage: Usage, out: Writer): Failure | null {
    return writeAnswer(this.shape, answer, this.created, usage, out);
  }
}
