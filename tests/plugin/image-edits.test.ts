/** Images for OpenAI's clients made from other images, as JSON and as forms, through the whole plugin. */
import { describe, expect, it } from "vitest";
import { formOf, PIXEL } from "../support/form.ts";
import { seededRandom } from "../support/random.ts";
import { mutate } from "../unit/formats/mutate.ts";
import {
  ANSWERS,
  answerOf,
  BASE64,
  DIFFUSION,
  FLASH,
  IMAGEN,
  IMAGEN_EDITOR,
  INPAINT,
  inline,
  NOVA,
  PNG,
  PROMPT,
  read,
  sendForm,
  serviceOf,
  ULTRA,
  url,
} from "./images.ts";
import { chat, configured } from "./plugin.ts";

/** A call with a JSON body. */
async function ask(path: string, format: string, model: string, body: object, service = {}) {
  const root = await configured(serviceOf(format, model, service));
  const { upstream, client } = chat(
    root,
    { model: "m", ...body },
    {
      request: { headers: { ":path": path } },
      respond: () => ({
        headers: { "content-type": "application/json" },
        body: JSON.stringify(answerOf(format, model)),
      }),
    },
  );
  return { upstream, client, sent: read(upstream?.text), got: read(client?.text) };
}

const edit = (format: string, model: string, body: object, service = {}) =>
  ask("/v1/images/edits", format, model, { prompt: PROMPT, ...body }, service);
const vary = (format: string, model: string, body: object) =>
  ask("/v1/images/variations", format, model, body);

/** What a model is asked for, and for which JSON. */
const EDITS: [format: string, model: string, asked: object, sent: object, dropped?: string][] = [
  [
    "gemini",
    FLASH,
    { size: "1536x1024", user: "u" },
    {
      contents: [{ role: "user", parts: [{ text: PROMPT }, inline(BASE64)] }],
      generationConfig: {
        responseModalities: ["TEXT", "IMAGE"],
        imageConfig: { aspectRatio: "3:2" },
      },
    },
    "user",
  ],
  [
    "vertex",
    FLASH,
    { output_format: "jpeg" },
    {
      contents: [{ role: "user", parts: [{ text: PROMPT }, inline(BASE64)] }],
      generationConfig: {
        responseModalities: ["TEXT", "IMAGE"],
        imageConfig: { imageOutputOptions: { mimeType: "image/jpeg" } },
      },
    },
  ],
  [
    "vertex",
    IMAGEN_EDITOR,
    { n: 2, output_format: "png" },
    {
      instances: [
        {
          prompt: PROMPT,
          referenceImages: [
            {
              referenceType: "REFERENCE_TYPE_RAW",
              referenceId: 1,
              referenceImage: { bytesBase64Encoded: BASE64 },
            },
          ],
        },
      ],
      parameters: { sampleCount: 2, includeRaiReason: true, outputOptions: { mimeType: "image/png" } },
    },
  ],
  [
    "bedrock",
    NOVA,
    { n: 2, quality: "high", size: "1024x1024" },
    {
      taskType: "IMAGE_VARIATION",
      imageVariationParams: { text: PROMPT, images: [BASE64] },
      imageGenerationConfig: { numberOfImages: 2, width: 1024, height: 1024, quality: "premium" },
    },
  ],
  [
    "bedrock",
    DIFFUSION,
    { size: "1024x1024", output_format: "jpeg" },
    { prompt: PROMPT, image: BASE64, mode: "image-to-image", strength: 0.7, output_format: "jpeg" },
    "size",
  ],
  ["bedrock", INPAINT, { size: "auto" }, { prompt: PROMPT, image: BASE64 }],
];

describe.each(EDITS)("edits with %s, %s", (format, model, asked, sent, dropped) => {
  it("are asked for in its words", async () => {
    const result = await edit(format, model, { image: url(BASE64), ...asked });
    expect(result.sent).toEqual(sent);
    expect(result.got.data).toEqual([{ b64_json: "eA==" }]);
    expect(result.client?.headers.get("x-ai-proxy-dropped-params")).toBe(dropped);
  });

  it("are the same for a form, wherever it is cut", async () => {
    const fields = Object.entries({ model: "m", prompt: PROMPT, ...asked });
    const form = formOf("b", [
      ...fields.map(([name, value]) => ({ name, body: String(value) })),
      { name: "image", body: PNG, file: "a.png", type: "image/png" },
    ]);
    const root = await configured(serviceOf(format, model));
    for (let cut = 1; cut < form.length; cut++) {
      const { upstream, client } = sendForm(root, form, {
        cut: [cut],
        answer: answerOf(format, model),
      });
      expect(read(upstream?.text)).toEqual(sent);
      expect(upstream?.headers.get("content-type")).toBe("application/json");
      expect(upstream?.lengthMismatch).toBe(false);
      expect(read(client?.text).data).toEqual([{ b64_json: "eA==" }]);
      expect(client?.headers.get("x-ai-proxy-dropped-params")).toBe(dropped);
    }
  });
});

describe("edits", () => {
  it.each([
    ["a text", { image: url("YQ==") }, ["YQ=="]],
    ["texts", { image: [url("YQ=="), url("Yg==")] }, ["YQ==", "Yg=="]],
    ["objects", { images: [{ image_url: url("YQ==") }], mask: null }, ["YQ=="]],
  ])("%s reach Gemini and Amazon", async (_, body, sent) => {
    const google = await edit("vertex", FLASH, body);
    expect(google.sent).toHaveProperty("contents.0.parts", [{ text: PROMPT }, ...sent.map(inline)]);
    const amazon = await edit("bedrock", NOVA, body);
    expect(amazon.sent).toHaveProperty("imageVariationParams", { text: PROMPT, images: sent });
  });

  it.each([
    ["gemini", FLASH, {}, "data URLs"],
    ["gemini", FLASH, { image: "https://example.com/a.png" }, "data URLs"],
    ["gemini", FLASH, { image: "data:image/png,YQ" }, "data URLs"],
    ["gemini", FLASH, { image: "data:;base64,YQ==" }, "data URLs"],
    ["gemini", FLASH, { image: "data:image/png;base64," }, "must not be empty"],
    ["gemini", FLASH, { images: [{ file_id: "file-1" }] }, "data URLs"],
    ["gemini", FLASH, { images: [] }, "must not be empty"],
    ["gemini", FLASH, { image: url("YQ=="), mask: url("YQ==") }, "mask must be left out"],
    ["bedrock", NOVA, { image: url("YQ=="), mask: { image_url: url("YQ==") } }, "mask must be left out"],
    ["gemini", IMAGEN, { image: url("YQ==") }, "for a prompt alone"],
    ["bedrock", ULTRA, { image: url("YQ==") }, "for a prompt alone"],
    ["bedrock", NOVA, { image: Array(6).fill(url("YQ==")) }, "must not be more than 5"],
    ["vertex", IMAGEN_EDITOR, { image: Array(5).fill(url("YQ==")) }, "must not be more than 4"],
    ["bedrock", DIFFUSION, { image: [url("YQ=="), url("YQ==")] }, "must not be more than 1"],
    ["gemini", FLASH, { image: url("YQ=="), prompt: null }, "prompt must be a string"],
  ])("%s, %s: %j is refused", async (format, model, body, problem) => {
    const { upstream, client, got } = await edit(format, model, body);
    expect(upstream).toBeUndefined();
    expect(client?.status).toBe(400);
    expect(got).toHaveProperty("error.message", expect.stringContaining(problem));
  });

  it("never trap on damaged requests", async () => {
    const random = seededRandom(42);
    for (const [format, model] of [
      ["gemini", FLASH],
      ["bedrock", DIFFUSION],
      ["vertex", IMAGEN_EDITOR],
    ] as const) {
      const root = await configured(serviceOf(format, model));
      const question = { model: "m", prompt: PROMPT, images: [{ image_url: url("YQ==") }, url("Yg==")] };
      for (let round = 0; round < 100; round++) {
        const body = JSON.stringify(mutate(question, random));
        for (const path of ["/v1/images/edits", "/v1/images/variations"]) {
          const { client } = chat(root, body, {
            request: { headers: { ":path": path } },
            respond: () => ({ headers: { "content-type": "application/json" }, body: "{}" }),
          });
          expect(() => JSON.parse(client?.text ?? "") as unknown, body).not.toThrow();
        }
      }
    }
  });
});

describe("variations", () => {
  const image = url(BASE64);

  it.each(["gemini", "vertex"])("%s is told what to make of the image", async (format) => {
    const { sent, got } = await vary(format, FLASH, { image, response_format: "b64_json" });
    expect(sent).toHaveProperty("contents.0.parts", [
      { text: expect.stringContaining("Make another image like this one") },
      inline(BASE64),
    ]);
    expect(got.data).toEqual([{ b64_json: "eA==" }]);
  });

  it("Amazon varies images without a word", async () => {
    const { sent } = await vary("bedrock", NOVA, { image, n: 3, size: "512x512" });
    expect(sent).toEqual({
      taskType: "IMAGE_VARIATION",
      imageVariationParams: { images: [BASE64] },
      imageGenerationConfig: { numberOfImages: 3, width: 512, height: 512 },
    });
  });

  it("what the client says of it counts, where it says something", async () => {
    const { sent } = await vary("gemini", FLASH, { image, prompt: PROMPT });
    expect(sent).toHaveProperty("contents.0.parts.0.text", PROMPT);
    const amazon = await vary("bedrock", NOVA, { image, prompt: PROMPT });
    expect(amazon.sent).toHaveProperty("imageVariationParams.text", PROMPT);
  });

  it.each([
    ["bedrock", DIFFUSION, { image }, "prompt must be a string"],
    ["vertex", IMAGEN_EDITOR, { image }, "prompt must be a string"],
    ["gemini", IMAGEN, { image }, "for a prompt alone"],
    ["gemini", FLASH, {}, "data URLs"],
    ["gemini", FLASH, { image, prompt: 5 }, "prompt must be a string"],
    ["gemini", FLASH, { image, response_format: "url" }, "response_format must be b64_json"],
    ["gemini", FLASH, { image, n: 2 }, "n must be 1"],
  ])("%s, %s: %j is refused", async (format, model, body, problem) => {
    const { upstream, client, got } = await vary(format, model, body);
    expect(upstream).toBeUndefined();
    expect(client?.status).toBe(400);
    expect(got).toHaveProperty("error.message", expect.stringContaining(problem));
  });

  it("may come as a form", async () => {
    const root = await configured(serviceOf("gemini", FLASH));
    const form = formOf("b", [{ name: "image", body: PIXEL, file: "a" }]);
    const { upstream } = sendForm(root, form, {
      path: "/v1/images/variations",
      answer: ANSWERS.gemini ?? {},
    });
    expect(read(upstream?.text)).toHaveProperty("contents.0.parts.1", inline(PIXEL.toString("base64")));
  });
});
