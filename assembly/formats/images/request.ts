import { NONE, Slice, Utf8, borrow, utf8 } from "../../bytes/slice";
import { Failure } from "../../chat/failure";
import { Document } from "../../json/document";
import { listOthers, present } from "../fields";
import { invalid } from "../invalid";
import { ImagesShape } from "./shape";
import { Size } from "./size";

/** No service makes more in one answer; OpenAI's own bound. */
const MAX_IMAGES: i64 = 10;

/** Name of the parameter that is reported where the size can only be come near to. */
const SIZE: Utf8 = utf8("size");

/** What a client asks for. Slices borrow from its body. Source: OpenAI API reference, "Create image". */
export class ImagesRequest {
  /** JSON string body. */
  prompt: Slice = NONE;
  count: i32 = 1;
  size: Size = new Size();
  /** In the words of Amazon's models; empty where the client leaves it to the service. */
  quality: string = "";
  /** Media type that the images are to have; empty where the client leaves it to the service. */
  mediaType: string = "";

  /** Reads a request. @param unknown gets the names of what the service does not get, or not as it is */
  read(body: Document, shape: ImagesShape, unknown: Array<Slice>): Failure | null {
    const root = body.root;
    if (!body.isObject(root)) return invalid("the body must be a JSON object");
    this.prompt = body.body(body.find(root, "prompt"));
    if (this.prompt == NONE) return invalid("prompt must be a string");
    if (body.isTrue(body.find(root, "stream")))
      return invalid("stream must be false: this service gives images in one answer");
    if (body.isText(body.find(root, "response_format"), "url"))
      return invalid("response_format must be b64_json: this service gives images as data, not as URLs");
    const count = present(body, root, "n");
    const wanted = body.integer(count, count < 0 ? 1 : 0);
    if (wanted < 1 || wanted > MAX_IMAGES) return invalid("n must be a number from 1 to 10");
    if (wanted > 1 && shape.isSingle) return invalid("n must be 1: this model makes one image in each call");
    this.count = wanted as i32;
    const size = present(body, root, "size");
    if (size >= 0 && !body.isText(size, "auto") && !this.size.read(body.body(size)))
      return invalid("size must be width and height in pixels, such as 1024x1024, or auto");
    listOthers(body, root, shape.fields, unknown);
    if (!this.size.fits(shape)) unknown.push(borrow(SIZE));
    this.readChoices(body);
    return null;
  }

  private readChoices(body: Document): void {
    const quality = body.find(body.root, "quality");
    const isFine = body.isText(quality, "hd") || body.isText(quality, "high");
    if (isFine) this.quality = "premium";
    else if (body.isString(quality) && !body.isText(quality, "auto")) this.quality = "standard";
    const type = body.find(body.root, "output_format");
    if (body.isText(type, "png")) this.mediaType = "image/png";
    else if (body.isText(type, "jpeg")) this.mediaType = "image/jpeg";
  }
}
