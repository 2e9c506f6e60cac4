/** What tests of images share: models that make them, their answers, and services that have them. */
import { clusterConfiguration } from "./plugin.ts";

export type Json = Record<string, unknown>;

export const PROMPT = 'a "quoted" 猫\n🙂';

export const FLASH = "gemini-2.5-flash-image";
export const IMAGEN = "imagen-4.0-generate-001";
export const IMAGEN_EDITOR = "imagen-3.0-capability-001";
export const NOVA = "amazon.nova-canvas-v1:0";
export const ULTRA = "stability.stable-image-ultra-v1:1";
export const DIFFUSION = "stability.sd3-5-large-v1:0";
export const INPAINT = "us.stability.stable-image-inpaint-v1:0";

/** A part of Gemini's with an image. */
export const inline = (data: string) => ({ inlineData: { mimeType: "image/png", data } });

/** An answer of Gemini's. */
export const gemini = (...parts: object[]) => ({
  candidates: [{ content: { role: "model", parts }, finishReason: "STOP" }],
  usageMetadata: {
    promptTokenCount: 9,
    candidatesTokenCount: 1290,
    totalTokenCount: 1299,
    promptTokensDetails: [{ modality: "TEXT", tokenCount: 9 }],
  },
});

/** The same in OpenAI's words. */
export const USAGE = {
  total_tokens: 1299,
  input_tokens: 9,
  output_tokens: 1290,
  input_tokens_details: { text_tokens: 9, image_tokens: 0 },
};

/** A configuration with one service that calls every model this. */
export function serviceOf(format: string, model: string, service: object = {}): object {
  return clusterConfiguration({ format, token: "key", modelMapping: { "*": model }, ...service });
}

/** JSON, or an empty object where there is none. */
export const read = (text = ""): Json => JSON.parse(text === "" ? "{}" : text) as Json;
