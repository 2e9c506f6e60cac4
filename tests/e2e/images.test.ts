/** Images edited and varied by OpenAI's SDK, through Envoy and the plugin, at services that speak other languages. */
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import OpenAI, { BadRequestError, toFile } from "openai";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { serverCluster } from "../../tools/dev/envoy-config.ts";
import { type Gateway, startGateway } from "../../tools/dev/gateway.ts";
import { PIXEL } from "../support/form.ts";

const BASE64 = PIXEL.toString("base64");
const MADE = Buffer.from("what was made").toString("base64");
const GOOGLE = {
  candidates: [
    {
      content: { role: "model", parts: [{ inlineData: { mimeType: "image/png", data: MADE } }] },
      finishReason: "STOP",
    },
  ],
  usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 1290, totalTokenCount: 1299 },
};

interface Asked {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Answers as Google's API, and Amazon's, whichever is asked. */
function startService(asked: Asked[]): Promise<Server> {
  const server = createServer((request, reply) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const path = request.url ?? "";
      asked.push({ path, headers: request.headers, body: Buffer.concat(parts).toString() });
      reply.setHeader("content-type", "application/json");
      reply.end(JSON.stringify(path.endsWith("/invoke") ? { images: [MADE] } : GOOGLE));
    });
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

const asked: Asked[] = [];
let server: Server;
let gateway: Gateway;
let client: OpenAI;

beforeAll(async () => {
  server = await startService(asked);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const service = { cluster: "images", token: "key-of-the-service" };
  gateway = await startGateway({
    eurekaUrls: [],
    pollIntervalMs: 60_000,
    settings: { eureka: undefined },
    services: [
      {
        ...service,
        name: "google",
        format: "gemini",
        models: ["gpt-image-*"],
        modelMapping: { "*": "gemini-2.5-flash-image" },
      },
      {
        ...service,
        name: "amazon",
        format: "bedrock",
        modelMapping: { "*": "amazon.nova-canvas-v1:0" },
      },
    ],
    clusters: [serverCluster("images", new URL(url))],
  });
  client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: "key-of-the-client", maxRetries: 0 });
});

afterAll(async () => {
  await gateway?.stop();
  server?.close();
});

beforeEach(() => {
  asked.length = 0;
});

/** The one request that the service got. */
function received() {
  expect(asked).toHaveLength(1);
  const [{ path, headers, body } = { path: "", headers: {}, body: "{}" }] = asked;
  expect(headers["content-type"]).toBe("application/json");
  expect(JSON.stringify(headers)).not.toContain("key-of-the-client");
  return { path, json: JSON.parse(body) as unknown };
}

describe("the OpenAI SDK", () => {
  test("edits an image", async () => {
    const answer = await client.images.edit({
      model: "gpt-image-1",
      image: await toFile(PIXEL, "a.png", { type: "image/png" }),
      prompt: "A hat",
      size: "1536x1024",
    });
    expect(answer.data).toEqual([{ b64_json: MADE }]);
    expect(answer.usage?.total_tokens).toBe(1299);
    expect(received()).toEqual({
      path: "/v1beta/models/gemini-2.5-flash-image:generateContent",
      json: {
        contents: [
          {
            role: "user",
            parts: [{ text: "A hat" }, { inlineData: { mimeType: "image/png", data: BASE64 } }],
          },
        ],
        generationConfig: { responseModalities: ["TEXT", "IMAGE"], imageConfig: { aspectRatio: "3:2" } },
      },
    });
  });

  test("edits images of megabytes, which arrive in many parts", async () => {
    const large = Buffer.concat([PIXEL, Buffer.alloc(3 << 20, "image")]);
    const images = [await toFile(large, "a"), await toFile(PIXEL, "b")];
    const answer = await client.images.edit({ model: "gpt-image-1", image: images, prompt: "Both" });
    expect(answer.data).toEqual([{ b64_json: MADE }]);
    const data = [large, PIXEL].map((bytes) => bytes.toString("base64"));
    const parts = data.map((each) => ({ inlineData: { mimeType: "image/png", data: each } }));
    expect(received().json).toHaveProperty("contents.0.parts", [{ text: "Both" }, ...parts]);
  });

  test("varies an image", async () => {
    const answer = await client.images.createVariation({
      model: "dall-e-2",
      image: await toFile(PIXEL, "a.png"),
      n: 2,
      size: "512x512",
    });
    expect(answer.data).toEqual([{ b64_json: MADE }]);
    expect(received()).toEqual({
      path: "/model/amazon.nova-canvas-v1%3A0/invoke",
      json: {
        taskType: "IMAGE_VARIATION",
        imageVariationParams: { images: [BASE64] },
        imageGenerationConfig: { numberOfImages: 2, width: 512, height: 512 },
      },
    });
  });

  test("is told what it cannot have", async () => {
    const image = await toFile(PIXEL, "a.png");
    const refused = client.images.edit({ model: "gpt-image-1", image, mask: image, prompt: "x" });
    await expect(refused).rejects.toBeInstanceOf(BadRequestError);
    await expect(refused).rejects.toThrow("mask must be left out");
    expect(asked).toHaveLength(0);
  });
});
