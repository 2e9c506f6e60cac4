/** What tests of images share: models that make them, their answers, and services that have them. */
import type { Root } from "../host/index.ts";
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

/** The first bytes of a PNG, and their base64. */
export const PNG = Buffer.from("iVBORw0KGgo=", "base64");
export const BASE64 = PNG.toString("base64");

/** The data URL of a PNG. */
export const url = (data: string) => `data:image/png;base64,${data}`;

/** An answer of each format with one image, `eA==`. */
export const ANSWERS: Record<string, object> = {
  gemini: gemini(inline("eA==")),
  vertex: gemini(inline("eA==")),
  imagen: { predictions: [{ bytesBase64Encoded: "eA==" }] },
  bedrock: { images: ["eA=="], finish_reasons: [null] },
};

export const answerOf = (format: string, model: string) =>
  ANSWERS[model.startsWith("imagen") ? "imagen" : format] ?? {};

export interface Sending {
  path?: string;
  boundary?: string;
  cut?: number | number[];
  answer?: object;
  mediaType?: string;
}

/** A form, sent to the plugin. */
export function sendForm(root: Root, form: Uint8Array, sending: Sending = {}) {
  const { path = "/v1/images/edits", boundary = "b", cut, answer = {} } = sending;
  return root.exchange({
    request: {
      headers: {
        ":path": path,
        "content-type": sending.mediaType ?? `multipart/form-data; boundary=${boundary}`,
        "content-length": String(form.length),
      },
      body: form,
    },
    ...(cut === undefined ? {} : { cutRequest: cut }),
    respond: () => ({ headers: { "content-type": "application/json" }, body: JSON.stringify(answer) }),
  });
}
