import { NONE, Slice, Utf8, borrow, equals, lengthOf, utf8 } from "../../bytes/slice";
import { Failure } from "../../chat/failure";
import { ABSENT, Document, Node } from "../../json/document";
import { dataUrlType, isDataUrl, splitDataUrl } from "../data-url";
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
  /** Images that are sent along: JSON string bodies of data URLs with base64. */
  images: Array<Slice> = [];
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
    // What is an image was read, and is none of the names left out.
    if (this.images.length > 0) leaveOut(unknown);
    if (!this.size.fits(shape)) unknown.push(borrow(SIZE));
    this.readChoices(body);
    return null;
  }

  /** Reads what is to be edited: `image`, a URL or several, or `images`, objects with one. A mask would be lost. */
  readImages(body: Document, shape: ImagesShape): Failure | null {
    const root = body.root;
    if (!shape.takesImages)
      return invalid("this model makes images for a prompt alone, without other images");
    if (present(body, root, "mask") >= 0) return invalid("mask must be left out: this service takes none");
    const image = body.find(root, "image");
    const list = body.isArray(image) ? image : body.find(root, "images");
    if (!body.isArray(list)) return this.addImage(body, image);
    for (let item = body.firstElement(list); item != ABSENT; item = body.nextElement(item)) {
      const refused = this.addImage(body, item);
      if (refused !== null) return refused;
    }
    return this.images.length > 0 ? null : invalid("images must not be empty");
  }

  private addImage(body: Document, item: Node): Failure | null {
    const url = body.body(body.isObject(item) ? body.find(item, "image_url") : item);
    if (!isDataUrl(url) || !splitDataUrl(url) || lengthOf(dataUrlType()) == 0)
      return invalid("images must be data URLs with base64, such as data:image/png;base64,iVBO...");
    this.images.push(url);
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

/** Takes the names of what holds images out of a list. */
function leaveOut(unknown: Array<Slice>): void {
  for (let i = unknown.length - 1; i >= 0; i--) {
    const name = unchecked(unknown[i]);
    if (equals(name, "image") || equals(name, "images") || equals(name, "mask")) unknown.splice(i, 1);
  }
}
