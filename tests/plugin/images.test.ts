/** Images for OpenAI's clients, from Gemini, Imagen, Vertex AI and Amazon Bedrock, through the whole plugin. */
import { describe, expect, it } from "vitest";
import { seededRandom } from "../support/random.ts";
import { mutate } from "../unit/formats/mutate.ts";
import { FLASH, gemini, IMAGEN, inline, NOVA, PROMPT, read, serviceOf, ULTRA, USAGE } from "./images.ts";
import { chat, configured } from "./plugin.ts";

/** The second has an escape, as some encoders of JSON put it in. */
const IMAGES = ["iVBORw0KGgo=", "/9j/4AAQ+w=="];

interface Reply {
  service?: object;
  status?: number;
}

/** One call of the plugin; the service answers `answer`. */
async function call(format: string, model: string, body: object, answer: unknown, more: Reply = {}) {
  const { service = {}, status = 200 } = more;
  const root = await configured(serviceOf(format, model, service));
  const { upstream, client } = chat(
    root,
    { model: "m", prompt: PROMPT, ...body },
    {
      request: { headers: { ":path": "/v1/images/generations" } },
      respond: () => ({
        headers: { ":status": String(status), "content-type": "application/json" },
        body: typeof answer === "string" ? answer : JSON.stringify(answer),
      }),
    },
  );
  return { upstream, client, sent: read(upstream?.text), got: read(client?.text) };
}

const config = (imageConfig?: object) => ({
  contents: [{ role: "user", parts: [{ text: PROMPT }] }],
  generationConfig: { responseModalities: ["TEXT", "IMAGE"], ...(imageConfig ? { imageConfig } : {}) },
});

interface Shape {
  name: string;
  format: string;
  model: string;
  path: string;
  asked: object;
  sent: object;
  dropped: string | undefined;
  answer: object;
  data: object[];
  usage?: object;
}

const SHAPES: Shape[] = [
  {
    name: "Gemini",
    format: "gemini",
    model: FLASH,
    path: `/v1beta/models/${FLASH}:generateContent`,
    asked: { n: 1, size: "1536x1024", quality: "high", response_format: "b64_json", user: "u" },
    sent: config({ aspectRatio: "3:2" }),
    dropped: "quality,user",
    answer: gemini(
      { text: "thinking", thought: true },
      { ...inline("ZHJhZnQ="), thought: true },
      { text: "Here it is" },
      inline(IMAGES[0] ?? ""),
    ),
    data: [{ b64_json: IMAGES[0] }],
    usage: USAGE,
  },
  {
    name: "Gemini 3",
    format: "gemini",
    model: "gemini-3-pro-image-preview",
    path: "/v1beta/models/gemini-3-pro-image-preview:generateContent",
    asked: { size: "4096x4096" },
    sent: config({ aspectRatio: "1:1", imageSize: "4K" }),
    dropped: undefined,
    answer: gemini(inline(IMAGES[0] ?? ""), inline(IMAGES[1] ?? "")),
    data: IMAGES.map((b64_json) => ({ b64_json })),
    usage: USAGE,
  },
  {
    name: "Imagen",
    format: "gemini",
    model: IMAGEN,
    path: `/v1beta/models/${IMAGEN}:predict`,
    asked: { n: 2, size: "2048x2048", output_format: "jpeg", user: "u" },
    sent: {
      instances: [{ prompt: PROMPT }],
      parameters: {
        sampleCount: 2,
        includeRaiReason: true,
        aspectRatio: "1:1",
        sampleImageSize: "2K",
        outputOptions: { mimeType: "image/jpeg" },
      },
    },
    dropped: "user",
    answer: {
      predictions: [
        { bytesBase64Encoded: IMAGES[0], mimeType: "image/jpeg", prompt: "a better one" },
        { bytesBase64Encoded: IMAGES[1], mimeType: "image/jpeg" },
        { raiFilteredReason: "one was filtered" },
      ],
    },
    data: [{ b64_json: IMAGES[0], revised_prompt: "a better one" }, { b64_json: IMAGES[1] }],
  },
  {
    name: "Gemini on Vertex AI",
    format: "vertex",
    model: FLASH,
    path: `/publishers/google/models/${FLASH}:generateContent`,
    asked: { size: "1792x1024", background: "transparent", output_format: "jpeg" },
    sent: config({ aspectRatio: "16:9", imageOutputOptions: { mimeType: "image/jpeg" } }),
    dropped: "background,size",
    answer: gemini(inline(IMAGES[0] ?? "")),
    data: [{ b64_json: IMAGES[0] }],
    usage: USAGE,
  },
  {
    name: "Imagen on Vertex AI",
    format: "vertex",
    model: IMAGEN,
    path: `/publishers/google/models/${IMAGEN}:predict`,
    asked: { size: "auto", style: "vivid", output_format: null },
    sent: { instances: [{ prompt: PROMPT }], parameters: { sampleCount: 1, includeRaiReason: true } },
    dropped: "style",
    answer: { predictions: [{ bytesBase64Encoded: IMAGES[0], mimeType: "image/png" }] },
    data: [{ b64_json: IMAGES[0] }],
  },
  {
    name: "Nova Canvas",
    format: "bedrock",
    model: NOVA,
    path: "/model/amazon.nova-canvas-v1%3A0/invoke",
    asked: { n: 3, size: "1280x720", quality: "hd", moderation: "low" },
    sent: {
      taskType: "TEXT_IMAGE",
      textToImageParams: { text: PROMPT },
      imageGenerationConfig: { numberOfImages: 3, width: 1280, height: 720, quality: "premium" },
    },
    dropped: "moderation",
    answer: { images: IMAGES, error: null },
    data: IMAGES.map((b64_json) => ({ b64_json })),
  },
  {
    name: "Stability AI",
    format: "bedrock",
    model: ULTRA,
    path: "/model/stability.stable-image-ultra-v1%3A1/invoke",
    asked: { size: "1024x1536", output_format: "png", user: "u" },
    sent: { prompt: PROMPT, aspect_ratio: "2:3", output_format: "png" },
    dropped: "user",
    answer: { seeds: [2130420379], finish_reasons: [null], images: [IMAGES[0]] },
    data: [{ b64_json: IMAGES[0] }],
  },
];

describe.each(SHAPES)("images of $name", (shape) => {
  const { format, model, path, asked, sent, dropped, answer, data, usage } = shape;

  it("are asked for in the service's words, and answered in OpenAI's", async () => {
    const result = await call(format, model, asked, answer);
    expect(result.upstream?.headers.get(":path")).toBe(path);
    expect(result.sent).toEqual(sent);
    expect(result.client?.status).toBe(200);
    expect(result.got).toEqual({ created: expect.any(Number), data, ...(usage ? { usage } : {}) });
    expect(result.got.created).toBeGreaterThan(1e9);
    expect(result.client?.headers.get("x-ai-proxy-dropped-params")).toBe(dropped);
  });

  it("are read from an answer that is cut at every byte", async () => {
    const text = JSON.stringify(answer);
    const root = await configured(serviceOf(format, model));
    const respond = () => ({ headers: { "content-type": "application/json" }, body: text });
    const request = { headers: { ":path": "/v1/images/generations" } };
    for (let cut = 1; cut < text.length; cut++) {
      const { client } = chat(root, { model: "m", prompt: "x" }, { request, respond, cutResponse: [cut] });
      expect(JSON.parse(client?.text ?? "")).toHaveProperty("data", data);
    }
  });

  it("are in nothing else", async () => {
    for (const wrong of [
      "null",
      "{}",
      "[]",
      "not json",
      '{"images":[""]}',
      JSON.stringify(answer).slice(0, -2),
    ]) {
      const result = await call(format, model, {}, wrong);
      expect(result.client?.status).toBe(502);
      expect(result.got).toHaveProperty("error.message");
    }
  });

  it("never trap on a damaged answer or request", async () => {
    const random = seededRandom(41);
    const root = await configured(serviceOf(format, model));
    const question = { model: "m", prompt: PROMPT, ...asked };
    for (let round = 0; round < 150; round++) {
      const body = JSON.stringify(round % 2 === 0 ? question : mutate(question, random));
      const text = JSON.stringify(mutate(answer, random));
      const { client } = chat(root, body, {
        request: { headers: { ":path": "/v1/images/generations" } },
        respond: () => ({ headers: { "content-type": "application/json" }, body: text }),
      });
      expect(client?.text, `${body} -> ${text}`).toBeTruthy();
      expect(() => JSON.parse(client?.text ?? "") as unknown).not.toThrow();
    }
  });
});

describe("no image", () => {
  it.each([
    ["gemini", FLASH, { promptFeedback: { blockReason: "PROHIBITED_CONTENT" } }, "PROHIBITED_CONTENT"],
    ["vertex", FLASH, { candidates: [{ finishReason: "IMAGE_SAFETY" }] }, "IMAGE_SAFETY"],
    [
      "gemini",
      FLASH,
      { candidates: [{ finishReason: "SAFETY", finishMessage: 'not "this"', content: { parts: [] } }] },
      'not "this"',
    ],
    ["gemini", IMAGEN, { predictions: [{ raiFilteredReason: "filtered: 58061214" }] }, "58061214"],
    ["bedrock", NOVA, { images: [], error: "blocked by our content filters" }, "content filters"],
    ["bedrock", ULTRA, { finish_reasons: ["Filter reason: prompt"] }, "Filter reason: prompt"],
    ["bedrock", ULTRA, { finish_reasons: ["Filter reason: output image"], images: ["YQ=="] }, "output image"],
  ])("%s, %s: what was held back is a violation of the policy: %j", async (format, model, answer, why) => {
    const result = await call(format, model, {}, answer);
    expect(result.client?.status).toBe(400);
    expect(result.got).toHaveProperty("error.code", "content_policy_violation");
    expect(result.got).toHaveProperty("error.message", expect.stringContaining(why));
  });

  it.each([
    ["gemini", FLASH, gemini({ text: 'Which "cat"?\n' }), 'Which "cat"?\n'],
    ["gemini", FLASH, gemini({ text: "x".repeat(5000) }), "answered without an image"],
    ["bedrock", ULTRA, { finish_reasons: ["Inference error"] }, "Inference error"],
  ])("%s, %s: an answer without one is an error that says so", async (format, model, answer, why) => {
    const result = await call(format, model, {}, answer);
    expect(result.client?.status).toBe(502);
    expect(result.got).toHaveProperty("error.code", "no_image");
    expect(result.got).toHaveProperty("error.message", expect.stringContaining(why));
    expect(result.client?.text.length).toBeLessThan(1000);
  });

  it("errors of the service are OpenAI's", async () => {
    const google = { error: { code: 429, message: "Quota exceeded", status: "RESOURCE_EXHAUSTED" } };
    for (const status of [429, 200]) {
      const result = await call("gemini", FLASH, {}, google, { status });
      expect(result.client?.status).toBe(429);
      expect(result.got).toHaveProperty("error.message", "Quota exceeded");
    }
    const amazon = await call("bedrock", NOVA, {}, { message: "text: too long" }, { status: 400 });
    expect(amazon.client?.status).toBe(400);
    expect(amazon.got).toHaveProperty("error.message", "text: too long");
  });
});

describe("requests for images", () => {
  it.each([
    [FLASH, { response_format: "url" }, "response_format must be b64_json"],
    [FLASH, { stream: true }, "stream must be false"],
    [FLASH, { n: 2 }, "n must be 1"],
    [IMAGEN, { n: 0 }, "n must be a number from 1 to 10"],
    [IMAGEN, { n: "2" }, "n must be a number from 1 to 10"],
    [IMAGEN, { n: 11 }, "n must be a number from 1 to 10"],
    [FLASH, { size: "large" }, "size must be"],
    [FLASH, { size: "0x100" }, "size must be"],
    [FLASH, { size: "99999999999x1" }, "size must be"],
    [FLASH, { size: 1024 }, "size must be"],
    [FLASH, { prompt: 5 }, "prompt must be a string"],
  ])("%s: %j is refused", async (model, body, problem) => {
    const result = await call("gemini", model, body, "{}");
    expect(result.upstream).toBeUndefined();
    expect(result.client?.status).toBe(400);
    expect(result.got).toHaveProperty("error.message", expect.stringContaining(problem));
  });

  it("null is not given", async () => {
    const body = { n: null, size: null, response_format: null, stream: null };
    const result = await call("gemini", FLASH, body, gemini(inline("YQ==")));
    expect(result.sent).toEqual(config());
    expect(result.client?.headers.get("x-ai-proxy-dropped-params")).toBeUndefined();
  });

  it.each([
    ["256x256", "1:1", undefined],
    ["1000x990", "1:1", "size"],
    ["3000x1000", "21:9", "size"],
    ["1x99999", "9:16", "size"],
    ["2048x2048", "1:1", "size"],
  ])("%s is asked for as %s, and that is told: %s", async (size, aspectRatio, dropped) => {
    const result = await call("gemini", FLASH, { size }, gemini(inline("YQ==")));
    expect(result.sent).toEqual(config({ aspectRatio }));
    expect(result.client?.headers.get("x-ai-proxy-dropped-params")).toBe(dropped);
  });

  it.each([
    ["gemini", FLASH, "png", undefined, "output_format"],
    ["vertex", FLASH, "png", "image/png", undefined],
    ["vertex", FLASH, "webp", undefined, "output_format"],
    ["vertex", "gemini-3-pro-image-preview", "jpeg", "image/jpeg", undefined],
  ])("%s, %s: %s is asked for as %s", async (format, model, output_format, mimeType, dropped) => {
    const result = await call(format, model, { output_format }, gemini(inline("YQ==")));
    expect(result.sent).toEqual(config(mimeType ? { imageOutputOptions: { mimeType } } : undefined));
    expect(result.client?.headers.get("x-ai-proxy-dropped-params")).toBe(dropped);
  });

  it("strict services refuse what they would not get", async () => {
    const result = await call("gemini", FLASH, { user: "u" }, "{}", { service: { strict: true } });
    expect(result.client?.status).toBe(400);
    expect(result.got).toHaveProperty("error.code", "unsupported_parameter");
  });

  it.each([
    ["gemini", {}, FLASH, `generativelanguage.googleapis.com/v1beta/models/${FLASH}:generateContent`],
    [
      "vertex",
      { region: "us-central1", project: "p" },
      IMAGEN,
      `us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1/publishers/google/models/${IMAGEN}:predict`,
    ],
    [
      "vertex-express",
      {},
      FLASH,
      `aiplatform.googleapis.com/v1/publishers/google/models/${FLASH}:generateContent?key=key`,
    ],
    [
      "bedrock",
      { region: "eu-west-1" },
      NOVA,
      "bedrock-runtime.eu-west-1.amazonaws.com/model/amazon.nova-canvas-v1%3A0/invoke",
    ],
  ])("vendor %s has them", async (vendor, variables, model, address) => {
    const services = [{ vendor, token: "key", variables, modelMapping: { "*": model } }];
    const root = await configured({ allowOnHeadersStopIteration: true, services });
    const { upstream } = chat(
      root,
      { model: "m", prompt: PROMPT },
      { request: { headers: { ":path": "/v1/images/generations" } } },
    );
    expect(`${upstream?.headers.get(":authority")}${upstream?.headers.get(":path")}`).toBe(address);
  });

  it("other formats have none", async () => {
    const result = await call("cohere", "x", {}, "{}");
    expect(result.upstream).toBeUndefined();
    expect(result.client?.status).toBe(404);
    expect(result.got).toHaveProperty("error.code", "unsupported_api");
  });

  it("services that speak OpenAI's API get and give what they do", async () => {
    const answer = '{"created": 1.0, "data": [{"url": "x"}]}';
    const result = await call("openai", "m", { response_format: "url", n: 10 }, answer);
    expect(result.sent).toMatchObject({ response_format: "url", n: 10 });
    expect(result.client?.text).toBe(answer);
  });
});

describe("large images", () => {
  it("20 MB are copied as they are", async () => {
    const data = "QUJD".repeat(5 << 20);
    const result = await call("gemini", FLASH, {}, gemini(inline(data)));
    expect(result.client?.status).toBe(200);
    expect((result.got.data as { b64_json: string }[])[0]?.b64_json === data).toBe(true);
  });

  it("more than 64 MiB are refused", async () => {
    const result = await call("bedrock", NOVA, {}, { images: ["QUJD".repeat(17 << 20)] });
    expect(result.client?.status).toBe(502);
    expect(result.got).toHaveProperty("error.code", "upstream_too_large");
  });
});
