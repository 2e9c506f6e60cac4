import { NONE, Slice, indexOf } from "../../bytes/slice";
import { Model } from "../gemini/model";

/** How an image is asked for. */
export enum ImagesKind {
  /** Gemini's image models: a chat whose answer may hold images. */
  Gemini,
  /** Imagen: instances and parameters of a prediction. */
  Imagen,
  /** Titan Image Generator and Nova Canvas. */
  Amazon,
  /** Stable Image and Stable Diffusion 3. */
  Stability,
}

/** Members of a request that are read. The last two of the first line may only say what is so anyway. */
const PLAIN: StaticArray<string> = ["model", "prompt", "n", "size", "response_format", "stream"];
const WITH_TYPE: StaticArray<string> = PLAIN.concat<StaticArray<string>>(["output_format"]);
const WITH_QUALITY: StaticArray<string> = PLAIN.concat<StaticArray<string>>(["quality"]);

/** Aspect ratios, width and height two by two. */
const GEMINI_RATIOS: StaticArray<i32> = [1, 1, 2, 3, 3, 2, 3, 4, 4, 3, 4, 5, 5, 4, 9, 16, 16, 9, 21, 9];
const IMAGEN_RATIOS: StaticArray<i32> = [1, 1, 3, 4, 4, 3, 9, 16, 16, 9];
const STABILITY_RATIOS: StaticArray<i32> = [1, 1, 2, 3, 3, 2, 4, 5, 5, 4, 9, 16, 16, 9, 9, 21, 21, 9];
const PIXELS: StaticArray<i32> = [];

/** How one family of models asks for images and gives them. */
export class ImagesShape {
  constructor(
    readonly kind: ImagesKind,
    /** What follows the model in the path. */
    readonly action: string,
    /** Members of a client's request that are not left out. */
    readonly fields: StaticArray<string>,
    /** Aspect ratios that may be asked for; empty: any size, in pixels. */
    readonly ratios: StaticArray<i32>,
    /** How many thousand pixels the longer side can be asked to have; 0 is any number. */
    readonly thousands: i32,
    /** Whether a request is for one image. */
    readonly isSingle: bool,
  ) {}

  /** How many images can be sent along with the prompt. */
  mostImages: i32 = 0;
  /** How far an image may go away from the one that was sent, from 0 to 1, as JSON; empty where that is not asked. */
  strength: string = "";

  /** A shape that takes images. */
  withImages(most: i32, strength: string = ""): ImagesShape {
    this.mostImages = most;
    this.strength = strength;
    return this;
  }

  /** Whether it can be told which format the images are to have. */
  get takesType(): bool {
    return this.fields === WITH_TYPE;
  }

  /** Whether nothing can be asked for without a prompt. */
  get needsPrompt(): bool {
    return this.kind != ImagesKind.Gemini && this.kind != ImagesKind.Amazon;
  }
}

/** As many as there are in a body. */
const ANY: i32 = i32.MAX_VALUE;

const GENERATE: string = ":generateContent";
const INVOKE: string = "/invoke";

/** How far Stable Diffusion goes away from an image: it has to be told, and the way that OpenAI's clients ask has no word for it. */
const STRENGTH: string = "0.7";

/** Source: Gemini API reference, GenerationConfig, ImageConfig; the size only from the third generation on. */
const GEMINI: ImagesShape = gemini(PLAIN, 1);
const GEMINI_3: ImagesShape = gemini(PLAIN, 4);

/** Source: Vertex AI reference, ImageConfig.ImageOutputOptions, which the Gemini API does not have. */
const VERTEX: ImagesShape = gemini(WITH_TYPE, 1);
const VERTEX_3: ImagesShape = gemini(WITH_TYPE, 4);

/** Source: Vertex AI reference, VisionGenerativeModelParams; Gemini API, "Generate images using Imagen". */
const IMAGEN: ImagesShape = imagen();

/** Source: Vertex AI, "Instruct customization": the prompt calls the images [1], [2] and so on. */
const IMAGEN_EDITOR: ImagesShape = imagen().withImages(4);

/** Sources: Amazon Nova user guide, "Image generation: request and response structure"; Amazon Titan Image Generator. */
const AMAZON: ImagesShape = new ImagesShape(
  ImagesKind.Amazon,
  INVOKE,
  WITH_QUALITY,
  PIXELS,
  0,
  false,
).withImages(5);

/** Source: Amazon Bedrock user guide, "Stable Image Ultra request and response". */
const STABILITY: ImagesShape = stability();

/** Source: Amazon Bedrock user guide, "Stable Diffusion 3.5 Large": image to image. */
const STABLE_DIFFUSION: ImagesShape = stability().withImages(1, STRENGTH);

/** Source: Amazon Bedrock user guide, "Stability AI Image Services". */
const STABILITY_SERVICE: ImagesShape = stability().withImages(1);

function gemini(fields: StaticArray<string>, thousands: i32): ImagesShape {
  return new ImagesShape(ImagesKind.Gemini, GENERATE, fields, GEMINI_RATIOS, thousands, true).withImages(ANY);
}

function imagen(): ImagesShape {
  return new ImagesShape(ImagesKind.Imagen, ":predict", WITH_TYPE, IMAGEN_RATIOS, 2, false);
}

function stability(): ImagesShape {
  return new ImagesShape(ImagesKind.Stability, INVOKE, WITH_TYPE, STABILITY_RATIOS, 1, true);
}

/**
 * How a model of a format makes images; null where the format makes none.
 * @param model JSON string body of the model's name upstream
 */
export function imagesShape(format: string, model: Slice = NONE): ImagesShape | null {
  if (format == "bedrock") return bedrockShape(model);
  if (format != "gemini" && format != "vertex") return null;
  if (has(model, "imagen") || has(model, "imagegeneration"))
    return has(model, "-capability-") ? IMAGEN_EDITOR : IMAGEN;
  const isNew = new Model(model).takesImageSize;
  if (format == "vertex") return isNew ? VERTEX_3 : VERTEX;
  return isNew ? GEMINI_3 : GEMINI;
}

function bedrockShape(model: Slice): ImagesShape {
  if (!has(model, "stability.")) return AMAZON;
  if (has(model, "stability.sd3")) return STABLE_DIFFUSION;
  const makesNew = has(model, "stable-image-ultra") || has(model, "stable-image-core");
  return makesNew || has(model, "stable-diffusion") ? STABILITY : STABILITY_SERVICE;
}

function has(model: Slice, ascii: string): bool {
  return indexOf(model, ascii) >= 0;
}
