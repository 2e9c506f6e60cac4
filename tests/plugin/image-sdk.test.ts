/** OpenAI's own SDK asks for edits and variations with the forms that it writes; the plugin turns them. */
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import OpenAI, { BadRequestError, toFile } from "openai";
import { afterAll, describe, expect, it } from "vitest";
import type { Message, Root } from "../host/index.ts";
import { formOf, PIXEL, SIGNATURES } from "../support/form.ts";
import { FLASH, gemini, inline, NOVA, PROMPT, read, serviceOf, USAGE } from "./images.ts";
import { configured } from "./plugin.ts";

const JPEG = SIGNATURES["image/jpeg"] ?? PIXEL;
const directory = mkdtempSync(join(tmpdir(), "images-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** The SDK, whose requests go through the plugin in `root`; `seen` gets what reaches the service. */
function sdk(root: Root, answer: object, seen: Message[], cut: number): OpenAI {
  return new OpenAI({
    apiKey: "key-of-the-client",
    baseURL: "http://gateway/v1",
    maxRetries: 0,
    fetch: async (url, init) => {
      const request = new Request(url as string, init);
      const body = Buffer.from(await request.arrayBuffer());
      const { upstream, client } = root.exchange({
        request: {
          headers: {
            ":path": new URL(request.url).pathname,
            ...Object.fromEntries(request.headers),
            "content-length": String(body.length),
          },
          body,
        },
        cutRequest: cut,
        respond: () => ({
          headers: { "content-type": "application/json" },
          body: JSON.stringify(answer),
        }),
      });
      if (upstream) seen.push(upstream);
      const headers = { "content-type": client?.headers.get("content-type") ?? "" };
      return new Response(client?.text, { status: client?.status ?? 500, headers });
    },
  });
}

describe.each([1, 13, 1 << 16])("the SDK's forms, in parts of %i bytes", (cut) => {
  it("edit an image", async () => {
    const seen: Message[] = [];
    const client = sdk(await configured(serviceOf("gemini", FLASH)), gemini(inline("eA==")), seen, cut);
    const answer = await client.images.edit({
      model: "gpt-image-1",
      image: await toFile(PIXEL, "a.png", { type: "image/png" }),
      prompt: PROMPT,
      n: 1,
      size: "1024x1024",
    });
    expect(answer.data).toEqual([{ b64_json: "eA==" }]);
    expect(answer.usage).toEqual(USAGE);
    expect(seen[0]?.headers.get(":path")).toBe(`/v1beta/models/${FLASH}:generateContent`);
    expect(read(seen[0]?.text)).toEqual({
      // The lines of a form's text end with CRLF, whatever the client wrote (RFC 7578, HTML).
      contents: [
        {
          role: "user",
          parts: [{ text: PROMPT.replace("\n", "\r\n") }, inline(PIXEL.toString("base64"))],
        },
      ],
      generationConfig: { responseModalities: ["TEXT", "IMAGE"], imageConfig: { aspectRatio: "1:1" } },
    });
  });

  it("edit several images, whose types it does not say", async () => {
    const path = join(directory, "b");
    writeFileSync(path, JPEG);
    const seen: Message[] = [];
    const client = sdk(await configured(serviceOf("vertex", FLASH)), gemini(inline("eA==")), seen, cut);
    await client.images.edit({
      image: [await toFile(PIXEL, "a"), createReadStream(path)],
      prompt: "both",
      output_format: "jpeg",
    });
    const jpeg = { inlineData: { mimeType: "image/jpeg", data: JPEG.toString("base64") } };
    expect(read(seen[0]?.text)).toEqual({
      contents: [{ role: "user", parts: [{ text: "both" }, inline(PIXEL.toString("base64")), jpeg] }],
      generationConfig: {
        responseModalities: ["TEXT", "IMAGE"],
        imageConfig: { imageOutputOptions: { mimeType: "image/jpeg" } },
      },
    });
  });

  it("vary an image", async () => {
    const seen: Message[] = [];
    const client = sdk(await configured(serviceOf("bedrock", NOVA)), { images: ["eA==", "eQ=="] }, seen, cut);
    const answer = await client.images.createVariation({
      model: "dall-e-2",
      image: await toFile(PIXEL, "a.png"),
      n: 2,
      size: "512x512",
      response_format: "b64_json",
    });
    expect(answer.data).toEqual([{ b64_json: "eA==" }, { b64_json: "eQ==" }]);
    expect(read(seen[0]?.text)).toEqual({
      taskType: "IMAGE_VARIATION",
      imageVariationParams: { images: [PIXEL.toString("base64")] },
      imageGenerationConfig: { numberOfImages: 2, width: 512, height: 512 },
    });
  });

  it("are refused in OpenAI's words", async () => {
    const seen: Message[] = [];
    const client = sdk(await configured(serviceOf("gemini", FLASH)), {}, seen, cut);
    const image = await toFile(PIXEL, "a.png");
    const refused = client.images.edit({ model: "m", image, mask: image, prompt: "x" });
    await expect(refused).rejects.toBeInstanceOf(BadRequestError);
    await expect(refused).rejects.toThrow("mask must be left out");
    expect(seen).toEqual([]);
  });
});

it("a form as OpenAI's SDK for Python writes it is read as well", async () => {
  const boundary = "2f1d7a3c9b8e4f60a1b2c3d4e5f60718";
  const form = formOf(boundary, [
    { name: "model", body: "gpt-image-1" },
    { name: "prompt", body: PROMPT },
    { name: "n", body: "1" },
    { name: "image[]", body: PIXEL, file: "a.png", type: "image/png" },
    { name: "image[]", body: JPEG, file: "upload", type: "application/octet-stream" },
  ]);
  const root = await configured(serviceOf("gemini", FLASH));
  const { upstream } = root.exchange({
    request: {
      headers: {
        ":path": "/v1/images/edits",
        "content-type": `multipart/form-data; boundary=${boundary}`,
        "content-length": String(form.length),
      },
      body: form,
    },
  });
  const jpeg = { inlineData: { mimeType: "image/jpeg", data: JPEG.toString("base64") } };
  expect(read(upstream?.text)).toHaveProperty("contents.0.parts", [
    { text: PROMPT },
    inline(PIXEL.toString("base64")),
    jpeg,
  ]);
});
