import { NONE, Utf8, borrow } from "../../bytes/slice";
import { JsonWriter } from "../../json/writer";
import { dataUrlData, dataUrlType, splitDataUrl } from "../data-url";
import { ImagesRequest } from "./request";
import { ImagesKind, ImagesShape } from "./shape";

/** What a model is told that makes other images like one, where the client says nothing. */
const VARY: string = "Make another image like this one: the same subject and style, with other details.";

/** Writes a request in a shape. @param safetySettings JSON text for Gemini's models; empty where there is none */
export function writeRequest(
  shape: ImagesShape,
  request: ImagesRequest,
  safetySettings: Utf8,
  json: JsonWriter,
): void {
  json.object();
  switch (shape.kind) {
    case ImagesKind.Gemini:
      writeGemini(shape, request, json);
      if (safetySettings.byteLength > 0) json.key("safetySettings").raw(borrow(safetySettings));
      break;
    case ImagesKind.Imagen:
      writeImagen(shape, request, json);
      break;
    case ImagesKind.Amazon:
      writeAmazon(request, json);
      break;
    case ImagesKind.Stability:
      writeStability(shape, request, json);
  }
  json.endObject();
}

function writeGemini(shape: ImagesShape, request: ImagesRequest, json: JsonWriter): void {
  json.key("contents").array().object().key("role").string("user").key("parts").array();
  json.object().key("text");
  if (request.prompt == NONE) json.string(VARY);
  else json.body(request.prompt);
  json.endObject();
  for (let i = 0; i < request.images.length; i++) {
    if (!splitDataUrl(unchecked(request.images[i]))) continue;
    json.object().key("inlineData").object().key("mimeType").text(dataUrlType());
    json.key("data").body(dataUrlData()).endObject().endObject();
  }
  json.endArray().endObject().endArray().key("generationConfig").object();
  json.constant('"responseModalities":["TEXT","IMAGE"]');
  const hasType = request.mediaType.length > 0;
  if (request.size.isGiven || hasType) {
    json.key("imageConfig").object();
    if (request.size.isGiven) {
      writeRatio("aspectRatio", shape, request, json);
      writeThousands("imageSize", shape, request, json);
    }
    if (hasType) writeType("imageOutputOptions", request, json);
    json.endObject();
  }
  json.endObject();
}

function writeImagen(shape: ImagesShape, request: ImagesRequest, json: JsonWriter): void {
  json.key("instances").array().object().key("prompt").body(request.prompt);
  if (request.images.length > 0) writeReferences(request, json.key("referenceImages"));
  json.endObject().endArray();
  json.key("parameters").object().key("sampleCount").number(request.count);
  // Without this an image that was filtered out is missing without a word.
  json.key("includeRaiReason").bool(true);
  if (request.size.isGiven) {
    writeRatio("aspectRatio", shape, request, json);
    writeThousands("sampleImageSize", shape, request, json);
  }
  if (request.mediaType.length > 0) writeType("outputOptions", request, json);
  json.endObject();
}

/** Images that the prompt may speak of by their numbers. */
function writeReferences(request: ImagesRequest, json: JsonWriter): void {
  json.array();
  for (let i = 0; i < request.images.length; i++) {
    if (!splitDataUrl(unchecked(request.images[i]))) continue;
    json.object().key("referenceType").string("REFERENCE_TYPE_RAW");
    json.key("referenceId").number(i + 1);
    json.key("referenceImage").object().key("bytesBase64Encoded").body(dataUrlData()).endObject();
    json.endObject();
  }
  json.endArray();
}

function writeAmazon(request: ImagesRequest, json: JsonWriter): void {
  const size = request.size;
  const isEdit = request.images.length > 0;
  json.key("taskType").string(isEdit ? "IMAGE_VARIATION" : "TEXT_IMAGE");
  json.key(isEdit ? "imageVariationParams" : "textToImageParams").object();
  if (request.prompt != NONE) json.key("text").body(request.prompt);
  if (isEdit) writeImages(request, json.key("images"));
  json.endObject();
  json.key("imageGenerationConfig").object().key("numberOfImages").number(request.count);
  if (size.isGiven) json.key("width").number(size.width).key("height").number(size.height);
  if (request.quality.length > 0) json.key("quality").string(request.quality);
  json.endObject();
}

function writeImages(request: ImagesRequest, json: JsonWriter): void {
  json.array();
  for (let i = 0; i < request.images.length; i++) {
    if (splitDataUrl(unchecked(request.images[i]))) json.body(dataUrlData());
  }
  json.endArray();
}

function writeStability(shape: ImagesShape, request: ImagesRequest, json: JsonWriter): void {
  const isEdit = request.images.length > 0;
  json.key("prompt").body(request.prompt);
  if (isEdit && splitDataUrl(unchecked(request.images[0]))) json.key("image").body(dataUrlData());
  if (isEdit && shape.strength.length > 0)
    json.key("mode").string("image-to-image").key("strength").constant(shape.strength);
  // It is that of the image that was sent.
  if (request.size.isGiven && !isEdit) writeRatio("aspect_ratio", shape, request, json);
  if (request.mediaType.length > 0) json.key("output_format").string(request.mediaType.substring(6));
}

function writeType(name: string, request: ImagesRequest, json: JsonWriter): void {
  json.key(name).object().key("mimeType").string(request.mediaType).endObject();
}

function writeRatio(name: string, shape: ImagesShape, request: ImagesRequest, json: JsonWriter): void {
  request.size.writeRatio(shape, json.key(name).beginString());
  json.endString();
}

/** The least size is the default, and models that have but one refuse to be told. */
function writeThousands(name: string, shape: ImagesShape, request: ImagesRequest, json: JsonWriter): void {
  const thousands = min(request.size.thousands, shape.thousands);
  if (thousands > 1) json.key(name).string(thousands == 2 ? "2K" : "4K");
}
