/** Forms that hold images, of OpenAI's clients, through the whole plugin. */
import { describe, expect, it } from "vitest";
import { type FormPart, formOf, PIXEL, SIGNATURES } from "../support/form.ts";
import { acceptsSigV4 } from "../support/signatures.ts";
import { BASE64, FLASH, gemini, inline, NOVA, read, sendForm, serviceOf, url } from "./images.ts";
import { configured } from "./plugin.ts";
import { REFUSED, Stage } from "./retrying.ts";

describe("forms", () => {
  const file = (body: Uint8Array): FormPart => ({ name: "image[]", body, file: "a" });

  it("are converted although nobody maps models", async () => {
    const root = await configured(serviceOf("gemini", FLASH, { modelMapping: {} }));
    const form = formOf("b", [
      { name: "model", body: "gemini-x" },
      { name: "prompt", body: "p" },
      file(PIXEL),
    ]);
    const { upstream } = sendForm(root, form);
    expect(upstream?.headers.get(":path")).toBe("/v1beta/models/gemini-x:generateContent");
  });

  it("choose the service by their field `model`, and go on as they are where they may", async () => {
    const root = await configured({
      allowOnHeadersStopIteration: true,
      services: [
        { name: "g", format: "gemini", cluster: "models", models: ["g"], token: "k" },
        { name: "o", cluster: "models", token: "k", modelMapping: { o: "gpt-image-1" } },
      ],
    });
    const form = (model: string) =>
      formOf("b", [file(PIXEL), { name: "model", body: model }, { name: "prompt", body: "p" }]);
    expect(read(sendForm(root, form("g")).upstream?.text)).toHaveProperty("contents");
    const tapped = sendForm(root, form("o")).upstream;
    expect(Buffer.compare(Buffer.from(tapped?.body ?? []), form("gpt-image-1"))).toBe(0);
  });

  it("may have many images of all formats", async () => {
    const root = await configured(serviceOf("gemini", FLASH));
    const kinds = Object.entries(SIGNATURES);
    const form = formOf("b", [...kinds.map(([, bytes]) => file(bytes)), { name: "prompt", body: "p" }]);
    const { upstream } = sendForm(root, form);
    expect(read(upstream?.text)).toHaveProperty(
      "contents.0.parts",
      [{ text: "p" }].concat(
        kinds.map(([mimeType, bytes]) => ({
          inlineData: { mimeType, data: bytes.toString("base64") },
        })) as never[],
      ),
    );
  });

  const prompt = { name: "prompt", body: "p" };
  it.each<[string, FormPart[], string]>([
    ["an empty file", [prompt, file(Buffer.alloc(0))], "must not be an empty file"],
    ["a file of another kind", [prompt, file(Buffer.from("%PDF-1.7"))], "must be a PNG"],
    ["a URL", [prompt, { name: "image", body: "https://example.com/a.png" }], "data URLs"],
    ["a mask", [prompt, file(PIXEL), { name: "mask", body: PIXEL, file: "m" }], "mask must be left out"],
    ["no image", [prompt], "images must not be empty"],
    ["no prompt", [file(PIXEL)], "prompt must be a string"],
    ["a stream", [prompt, file(PIXEL), { name: "stream", body: "true" }], "stream must be false"],
    ["half a number", [prompt, file(PIXEL), { name: "n", body: "1.5" }], "n must be a number"],
    ["too many fields", Array.from({ length: 70 }, (_, i) => ({ name: `f${i}`, body: "" })), "64 fields"],
  ])("with %s are refused", async (_, parts, problem) => {
    const root = await configured(serviceOf("gemini", FLASH));
    const { upstream, client } = sendForm(root, formOf("b", parts));
    expect(upstream).toBeUndefined();
    expect(client?.status).toBe(400);
    expect(read(client?.text)).toHaveProperty("error.message", expect.stringContaining(problem));
  });

  it.each([
    ["multipart/form-data", "must name its boundary"],
    ["multipart/form-data; boundary=", "must name its boundary"],
    [`multipart/form-data; boundary=${"x".repeat(71)}`, "must name its boundary"],
    ["multipart/form-data; boundary=other", "no form with the boundary"],
  ])("whose content-type is %s are refused", async (mediaType, problem) => {
    const root = await configured(serviceOf("gemini", FLASH));
    const { upstream, client } = sendForm(root, formOf("b", [prompt, file(PIXEL)]), { mediaType });
    expect(upstream).toBeUndefined();
    expect(client?.status).toBe(400);
    expect(client?.text).toContain(problem);
  });

  it("that break off are refused", async () => {
    const root = await configured(serviceOf("gemini", FLASH));
    const form = formOf("b", [prompt, file(PIXEL)]);
    for (let length = 1; length < form.length - 4; length += 3) {
      const { upstream, client } = sendForm(root, form.subarray(0, length));
      expect(upstream).toBeUndefined();
      expect(client?.status).toBe(400);
    }
  });

  it("of what no service has are told so", async () => {
    const root = await configured(serviceOf("gemini", FLASH));
    const form = formOf("b", [{ name: "file", body: "x", file: "a.mp3" }]);
    const { client } = sendForm(root, form, { path: "/v1/audio/transcriptions" });
    expect(client?.status).toBe(404);
    expect(read(client?.text)).toHaveProperty("error.code", "unsupported_api");
  });

  it("are signed as what they become", async () => {
    const keys = { AKIDEXAMPLE: "secret" };
    const auth = { type: "sigv4", accessKey: "AKIDEXAMPLE", secretKey: keys.AKIDEXAMPLE, region: "r" };
    const root = await configured(
      serviceOf("bedrock", NOVA, { token: undefined, authority: "bedrock-runtime.r.amazonaws.com", auth }),
    );
    const { upstream } = sendForm(root, formOf("b", [prompt, file(PIXEL)]));
    expect(read(upstream?.text)).toHaveProperty("taskType", "IMAGE_VARIATION");
    expect(upstream && acceptsSigV4(upstream, keys)).toBe(true);
  });

  it("go on to the next service in its own words where the first one is not reached", async () => {
    const stage = await Stage.open({
      allowOnHeadersStopIteration: true,
      steering: { clusterHeader: "x-ai-proxy-cluster" },
      attempts: {},
      services: [
        { name: "first", cluster: "models", format: "gemini", token: "k" },
        { name: "second", cluster: "second", format: "bedrock", token: "k", modelMapping: { "*": NOVA } },
      ],
    });
    const form = formOf("b", [prompt, { name: "image", body: url(BASE64) }]).toString();
    const turns = [{ headers: { "content-type": "application/json" }, body: '{"images":["eA=="]}' }];
    const asked = stage.ask(form, () => REFUSED, turns, {
      request: {
        headers: { ":path": "/v1/images/edits", "content-type": "multipart/form-data; boundary=b" },
      },
    });
    expect(asked.calls).toHaveLength(1);
    expect(asked.calls[0]?.headers[":path"]).toContain("/invoke");
    expect(asked.calls[0]?.headers["content-type"]).toBe("application/json");
    expect(read(asked.calls[0]?.text)).toEqual({
      taskType: "IMAGE_VARIATION",
      imageVariationParams: { text: "p", images: [BASE64] },
      imageGenerationConfig: { numberOfImages: 1 },
    });
    expect(read(asked.client?.text).data).toEqual([{ b64_json: "eA==" }]);
  });

  it("of 20 MB cost their base64 twice, and that is given back", async () => {
    const root = await configured(serviceOf("gemini", FLASH));
    const form = formOf("b", [prompt, file(Buffer.concat([PIXEL, Buffer.alloc(20 << 20, 7)]))]);
    const before = root.host.memoryBytes;
    const send = (answer = {}) => sendForm(root, form, { cut: 1 << 16, answer });
    const base64 = ((20 << 20) * 4) / 3;
    expect(send().upstream?.body.length).toBeGreaterThan(base64);
    const after = root.host.memoryBytes;
    expect(after - before).toBeLessThan(base64 * 2.2);
    for (let round = 0; round < 5; round++) send();
    expect(root.host.memoryBytes).toBe(after);
    // An answer that is as large takes the same memory once more.
    const answer = gemini(inline("QUJD".repeat(base64 / 4)));
    for (let round = 0; round < 3; round++) expect(send(answer).client?.body.length).toBeGreaterThan(base64);
    expect(root.host.memoryBytes).toBe(after);
  });
});
