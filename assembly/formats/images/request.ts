import { NONE, Slice, Utf8, borrow, equals, lengthOf, utf8 } from "../../bytes/slice";
import { Failure } from "../../chat/failure";
import { ABSENT, Document, Node } from "../../json/document";
import { dataUrlData, dataUrlType, isDataUrl, splitDataUrl } from "../data-url";
import { listOthers, present } from "../fields";
import { invalid } from "../invalid";
import { ImagesKind, ImagesShape } from "./shape";
import { Size } from "./size";

/** No service makes more in one answer; OpenAI's own bound. */
const MAX_IMAGES: i64 = 10;

/** Names of parameters that are reported where the service cannot do just what they say. */
const SIZE: Utf8 = utf8("size");
const TYPE: Utf8 = utf8("output_format");

/** Bytes around an image or a prompt. */
const ROOM: i32 = 1024;

/** What a client asks for. Slices borrow from its body. Source: OpenAI API reference, "Create image". */
export class ImagesRequest {
  /** JSON string body. */
  prompt: Slice = NONE;
  count: i32 = 1;
  size: Size = new Size();
  /** Images that are sent along: JSON string bodies of data URLs with base64. */
  images: Array<Slice> = [];
  /** Whether other images like these are asked for, so that there need be no prompt. To be set before `read`. */
  isVariation: bool = false;
  /** In the words of Amazon's models; empty where the client leaves it to the service. */
  quality: string = "";
  /** Media type that the images are to have; empty where the client leaves it to the service. */
  mediaType: string = "";

  /** Reads a request. @param unknown gets the names of what the service does not get, or not as it is */
  read(body: Document, shape: ImagesShape, unknown: Array<Slice>): Failure | null {
    const root = body.root;
    if (!body.isObject(root)) return invalid("the body must be a JSON object");
    const prompt = present(body, root, "prompt");
    this.prompt = body.body(prompt);
    const isNeeded = shape.needsPrompt || !this.isVariation || prompt >= 0;
    if (this.prompt == NONE && isNeeded) return invalid("prompt must be a string");
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
    const isLost = this.size.isGiven && this.images.length > 0 && shape.kind == ImagesKind.Stability;
    if (isLost || !this.size.fits(shape)) unknown.push(borrow(SIZE));
    this.readChoices(body, shape, unknown);
    return null;
  }

  /** Bytes of JSON that the images and the prompt come to, and something for the rest. */
  get bytes(): i32 {
    let bytes = lengthOf(this.prompt) + ROOM;
    for (let i = 0; i < this.images.length; i++) bytes += lengthOf(unchecked(this.images[i])) + ROOM;
    return bytes;
  }

  /**
   * Reads what is to be edited: `image`, a URL or several, or `images`, objects with one. OpenAI's masks are transparent
   * where the image is to change; Amazon's, Imagen's and Stability's are black and white, so that one would have to be
   * painted anew. Gemini has none.
   */
  readImages(body: Document, shape: ImagesShape): Failure | null {
    const root = body.root;
    if (shape.mostImages == 0)
      return invalid("this model makes images for a prompt alone, without other images");
    if (present(body, root, "mask") >= 0)
      return invalid(
        "mask must be left out: this service takes none with transparent pixels; say in the prompt what is to change",
      );
    const image = body.find(root, "image");
    const list = body.isArray(image) ? image : body.find(root, "images");
    if (!body.isArray(list)) return this.addImage(body, image);
    for (let item = body.firstElement(list); item != ABSENT; item = body.nextElement(item)) {
      const refused = this.addImage(body, item);
      if (refused !== null) return refused;
    }
    const count = this.images.length;
    if (count > shape.mostImages)
      return invalid(`images must not be more than ${shape.mostImages}: this model takes no more`);
    return count > 0 ? null : invalid("images must not be empty");
  }

  private addImage(body: Document, item: Node): Failure | null {
    const url = body.body(body.isObject(item) ? body.find(item, "image_url") : item);
    if (!isDataUrl(url) || !splitDataUrl(url) || lengthOf(dataUrlType()) == 0)
      return invalid(
        "images must be files of a form, or data URLs with base64, such as data:image/png;base64,iVBO...",
      );
    if (lengthOf(dataUrlData()) == 0) return invalid("images must not be empty");
    this.images.push(url);
    return null;
  }

  private readChoices(body: Document, shape: ImagesShape, unknown: Array<Slice>): void {
    const quality = body.find(body.root, "quality");
    const isFine = body.isText(quality, "hd") || body.isText(quality, "high");
    if (isFine) this.quality = "premium";
    else if (body.isString(quality) && !body.isText(quality, "auto")) this.quality = "standard";
    if (!shape.takesType) return;
    const type = present(body, body.root, "output_format");
    if (body.isText(type, "png")) this.mediaType = "image/png";
    else if (body.isText(type, "jpeg")) this.mediaType = "image/jpeg";
    else if (type >= 0) unknown.push(borrow(TYPE));
  }
}

/** Takes the names of what holds images out of a list. */
function leaveOut(unknown: Array<Slice>): void {
  for (let i = unknown.length - 1; i >= 0; i--) {
    const name = unchecked(unknown[i]);
    if (equals(name, "image") || equals(name, "images") || equals(name, "mask")) unknown.splice(i, 1);
  }
}
