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
const WITH_TYPE: StaticArray<string> = [
  "model",
  "prompt",
  "n",
  "size",
  "response_format",
  "stream",
  "output_format",
];
const WITH_QUALITY: StaticArray<string> = [
  "model",
  "prompt",
  "n",
  "size",
  "response_format",
  "stream",
  "quality",
];

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

  /** Whether images can be sent along with the prompt. */
  get takesImages(): bool {
    return this.kind == ImagesKind.Gemini || this.kind == ImagesKind.Amazon;
  }
}

/** Source: Gemini API reference, GenerationConfig, ImageConfig; the size only from the third generation on. */
const GEMINI: ImagesShape = new ImagesShape(
  ImagesKind.Gemini,
  ":generateContent",
  PLAIN,
  GEMINI_RATIOS,
  1,
  true,
);
const GEMINI_3: ImagesShape = new ImagesShape(
  ImagesKind.Gemini,
  ":generateContent",
  PLAIN,
  GEMINI_RATIOS,
  4,
  true,
);

/** Source: Vertex AI reference, VisionGenerativeModelParams; Gemini API, "Generate images using Imagen". */
const IMAGEN: ImagesShape = new ImagesShape(
  ImagesKind.Imagen,
  ":predict",
  WITH_TYPE,
  IMAGEN_RATIOS,
  2,
  false,
);

/** Source: Amazon Nova user guide, "Image generation: request and response structure". */
const AMAZON: ImagesShape = new ImagesShape(ImagesKind.Amazon, "/invoke", WITH_QUALITY, PIXELS, 0, false);

/** Source: Amazon Bedrock user guide, "Stable Image Ultra request and response". */
const STABILITY: ImagesShape = new ImagesShape(
  ImagesKind.Stability,
  "/invoke",
  WITH_TYPE,
  STABILITY_RATIOS,
  1,
  true,
);

/**
 * How a model of a format makes images; null where the format makes none.
 * @param model JSON string body of the model's name upstream
 */
export function imagesShape(format: string, model: Slice = NONE): ImagesShape | null {
  if (format == "bedrock") return indexOf(model, "stability.") >= 0 ? STABILITY : AMAZON;
  if (format != "gemini" && format != "vertex") return null;
  if (indexOf(model, "imagen") >= 0 || indexOf(model, "imagegeneration") >= 0) return IMAGEN;
  return new Model(model).takesImageSize ? GEMINI_3 : GEMINI;
}
