/** Harness: the tables that say what formats there are and what becomes of each parameter, for the documentation. */
import { Slice } from "../../../assembly/bytes/slice";
import { Writer } from "../../../assembly/bytes/writer";
import { PARAMETERS, PARAMETER_NAMES, Parameter } from "../../../assembly/chat/parameters";
import { embeddingsShape } from "../../../assembly/formats/embeddings/shape";
import { imagesShape } from "../../../assembly/formats/images/shape";
import { rerankShape } from "../../../assembly/formats/rerank/shape";
import { FORMATS } from "../../../assembly/formats/table";

const text = new Writer();

export function allocate(size: usize): usize {
  return heap.alloc(size);
}

export function release(pointer: usize): void {
  heap.free(pointer);
}

export function formatCount(): i32 {
  return FORMATS.length;
}

export function parameterCount(): i32 {
  return PARAMETERS;
}

export function parameterName(index: i32): Slice {
  return show(PARAMETER_NAMES[index]);
}

export function formatName(index: i32): Slice {
  return show(FORMATS[index].name);
}

/** Base path of a service where the configuration gives none. */
export function basePath(index: i32): Slice {
  return show(FORMATS[index].basePath);
}

/** Header that carries a service's key; empty where the format knows no chat. */
export function keyHeader(index: i32): Slice {
  const upstream = FORMATS[index].upstream;
  return show(upstream === null ? "" : upstream.keyHeader);
}

/** Name of the upstream format that a client of this format needs no conversion for; empty where there is no client. */
export function sameAs(index: i32): Slice {
  const client = FORMATS[index].client;
  return show(client === null ? "" : client.sameAs);
}

/** The `Framing` of streams; -1 where the format knows no chat. */
export function framing(index: i32): i32 {
  const upstream = FORMATS[index].upstream;
  return upstream === null ? -1 : (upstream.framing as i32);
}

/** The `Tier` of a parameter; -1 where the format knows no chat. */
export function tier(index: i32, parameter: i32): i32 {
  const upstream = FORMATS[index].upstream;
  return upstream === null ? -1 : (upstream.tiers.of(parameter as Parameter) as i32);
}

/** Paths of the calls that are no chat, below the base path; "-" where the format has none. */
export function embeddingsPath(index: i32): Slice {
  const shape = embeddingsShape(FORMATS[index].name);
  if (shape === null) return show("-");
  return show(shape.method.length > 0 ? `${shape.path}/models/{model}${shape.method}` : shape.path);
}

export function rerankPath(index: i32): Slice {
  const shape = rerankShape(FORMATS[index].name);
  return show(shape === null ? "-" : shape.path);
}

/** Where a model of which nothing else is known makes images. */
export function imagesPath(index: i32): Slice {
  const format = FORMATS[index].name;
  const shape = imagesShape(format);
  if (shape === null) return show("-");
  const holder =
    format == "bedrock" ? "/model" : format == "vertex" ? "/publishers/google/models" : "/models";
  return show(holder + "/{model}" + shape.action);
}

function show(value: string): Slice {
  text.reset();
  text.ascii(value);
  return text.view();
}
