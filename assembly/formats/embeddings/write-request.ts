import { NONE, Slice } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { JsonWriter } from "../../json/writer";
import { writeMethodPath } from "../gemini/model";
import { writeTexts } from "../texts";
import { EmbeddingsRequest, Purpose } from "./request";
import { EmbeddingsShape } from "./shape";

/** Writes the path. Google's have the model in them. */
export function writePath(shape: EmbeddingsShape, model: Slice, path: Writer): void {
  if (shape.method.length == 0) path.ascii(shape.path);
  else writeMethodPath(model, shape.path, shape.method, path);
}

/** Writes a request in a format's shape. */
export function writeRequest(
  shape: EmbeddingsShape,
  request: EmbeddingsRequest,
  model: Slice,
  out: Writer,
): void {
  const json = new JsonWriter(out);
  json.object();
  if (shape.isBatch) writeBatch(shape, request, model, json);
  else if (shape.isInstances) writeInstances(shape, request, json);
  else writeOne(shape, request, model, json);
  json.endObject();
}

function writeOne(shape: EmbeddingsShape, request: EmbeddingsRequest, model: Slice, json: JsonWriter): void {
  if (shape.hasModel) json.key("model").body(model);
  if (shape.inputHolder.length > 0) json.key(shape.inputHolder).object();
  json.key(shape.input);
  writeTexts(request.inputs, json);
  if (shape.inputHolder.length > 0) json.endObject();
  if (shape.settingsHolder.length > 0) json.key(shape.settingsHolder).object();
  writeSettings(shape, request, json);
  if (shape.settingsHolder.length > 0) json.endObject();
}

function writeBatch(
  shape: EmbeddingsShape,
  request: EmbeddingsRequest,
  model: Slice,
  json: JsonWriter,
): void {
  json.key("requests").array();
  for (let i = 0; i < request.inputs.length; i++) {
    json.object();
    const name = json.key("model").beginString();
    name.ascii("models/");
    name.bytes(model);
    json.endString().key("content").object().key("parts").array().object();
    json.key("text").body(unchecked(request.inputs[i])).endObject().endArray().endObject();
    writeSettings(shape, request, json);
    json.endObject();
  }
  json.endArray();
}

function writeInstances(shape: EmbeddingsShape, request: EmbeddingsRequest, json: JsonWriter): void {
  json.key("instances").array();
  for (let i = 0; i < request.inputs.length; i++) {
    json.object().key("content").body(unchecked(request.inputs[i]));
    writePurpose(shape, request, json);
    json.endObject();
  }
  json.endArray();
  if (request.dimensions == NONE) return;
  json.key(shape.settingsHolder).object().key(shape.dimensions).raw(request.dimensions).endObject();
}

function writeSettings(shape: EmbeddingsShape, request: EmbeddingsRequest, json: JsonWriter): void {
  if (request.dimensions != NONE) json.key(shape.dimensions).raw(request.dimensions);
  writePurpose(shape, request, json);
  if (shape.constants.length > 0) json.constant(shape.constants);
}

function writePurpose(shape: EmbeddingsShape, request: EmbeddingsRequest, json: JsonWriter): void {
  const purpose = request.purpose;
  if (shape.purpose.length > 0 && (shape.needsPurpose || purpose != Purpose.Absent)) {
    json.key(shape.purpose);
    json.string(purpose == Purpose.Query ? shape.queryPurpose : shape.documentPurpose);
  }
}
