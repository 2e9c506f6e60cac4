import { NONE, Slice, Utf8, borrow, lengthOf, utf8 } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Failure, FailureKind, statusOf } from "../../chat/failure";
import { Usage } from "../../chat/usage";
import { ABSENT, Document } from "../../json/document";
import { JsonWriter } from "../../json/writer";
import { errorIn, readInnerFailure } from "../gemini/failure";
import { readUsage } from "../gemini/usage";
import { Images } from "./images";
import { ImagesKind, ImagesShape } from "./shape";

/** A longer text is none that explains anything to a client. */
const MAX_TEXT_BYTES: i32 = 2048;

/** OpenAI's own code of a request that its safety system rejected. */
const POLICY: Utf8 = utf8("content_policy_violation");
const NO_IMAGE: Utf8 = utf8("no_image");

const message: Writer = new Writer();

/**
 * Turns an answer into OpenAI's. Images are base64 on both sides, and copied as they are.
 * @param created seconds since 1970
 */
export function writeAnswer(
  shape: ImagesShape,
  answer: Document,
  created: i64,
  usage: Usage,
  out: Writer,
): Failure | null {
  const root = answer.root;
  const error =
    shape.kind == ImagesKind.Gemini || shape.kind == ImagesKind.Imagen ? errorIn(answer, root) : ABSENT;
  if (error != ABSENT) return readInnerFailure(answer, error);
  const images = new Images(answer, shape.kind);
  if (shape.kind == ImagesKind.Gemini) readUsage(answer, answer.find(root, "usageMetadata"), usage);
  if (images.data.length == 0) return missing(images);
  const json = new JsonWriter(out);
  json.object().key("created").number(created).key("data").array();
  for (let i = 0; i < images.data.length; i++) {
    json
      .object()
      .key("b64_json")
      .body(answer.body(unchecked(images.data[i])));
    const prompt = unchecked(images.prompts[i]);
    if (prompt != ABSENT) json.key("revised_prompt").body(answer.body(prompt));
    json.endObject();
  }
  json.endArray();
  if (usage.isKnown) writeUsage(answer, usage, json);
  json.endObject();
  return null;
}

/** Source: OpenAI API reference, "The image generation response". Thoughts are output. */
function writeUsage(answer: Document, usage: Usage, json: JsonWriter): void {
  const input = max<i64>(0, usage.input);
  const pictures = min(input, imageTokens(answer));
  json.key("usage").object().key("total_tokens").number(usage.sum);
  json.key("input_tokens").number(input).key("output_tokens").number(max<i64>(0, usage.output));
  json
    .key("input_tokens_details")
    .object()
    .key("text_tokens")
    .number(input - pictures);
  json.key("image_tokens").number(pictures).endObject().endObject();
}

/** Tokens of the images that were sent. */
function imageTokens(answer: Document): i64 {
  const details = answer.path(answer.root, "usageMetadata.promptTokensDetails");
  for (let item = answer.firstElement(details); item != ABSENT; item = answer.nextElement(item)) {
    if (answer.isText(answer.find(item, "modality"), "IMAGE"))
      return max<i64>(0, answer.integer(answer.find(item, "tokenCount"), 0));
  }
  return 0;
}

/** Why there is no image: the service held it back, the model only talked, or this is no answer at all. */
function missing(images: Images): Failure {
  message.reset();
  if (images.blocked != NONE) {
    const kind = images.hasFailed ? FailureKind.BadGateway : FailureKind.InvalidRequest;
    message.ascii("the service gives no image: ");
    return made(kind, images.blocked, images.hasFailed ? NO_IMAGE : POLICY);
  }
  if (images.text == NONE)
    return Failure.of(FailureKind.BadGateway, "unexpected_format", "upstream did not answer with an image");
  message.ascii("the model answered without an image");
  if (lengthOf(images.text) > MAX_TEXT_BYTES) return made(FailureKind.BadGateway, NONE, NO_IMAGE);
  message.ascii(": ");
  return made(FailureKind.BadGateway, images.text, NO_IMAGE);
}

/** @param reason JSON string body, or NONE */
function made(kind: FailureKind, reason: Slice, code: Utf8): Failure {
  message.bytes(reason);
  return Failure.upstream(statusOf(kind), kind, message.view(), borrow(code));
}
