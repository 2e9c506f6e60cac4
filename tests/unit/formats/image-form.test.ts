/** Forms of images as JSON: the same wherever a form is cut, and a reason where it is none that can be turned. */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { dataUrl, type FormPart, formOf, SIGNATURES } from "../../support/form";
import { type HarnessExports, lend, openHarness, readSlice } from "../../support/harness";

interface Exports extends HarnessExports {
  toJson(...places: number[]): bigint;
  giveBack(): void;
  pages(): number;
}

const BOUNDARY = "----formdata-x";
const PNG = SIGNATURES["image/png"] ?? Buffer.alloc(0);

let exports: Exports;
beforeAll(async () => {
  exports = await openHarness<Exports>("tests/unit/formats/image-form.as.ts");
});

const convert = (form: Uint8Array, size: number, boundary = BOUNDARY) =>
  lend(exports, [boundary, form], (...places) =>
    Buffer.from(readSlice(exports, exports.toJson(...places, size))).toString(),
  );

/** What a form comes to; the same for every size of pieces. */
function outcome(form: Uint8Array, boundary = BOUNDARY): string {
  const results = new Set<string>();
  for (let size = 1; size <= form.length; size++) results.add(convert(form, size, boundary));
  expect([...results]).toHaveLength(1);
  return [...results][0] ?? "";
}

const json = (...parts: FormPart[]) => JSON.parse(outcome(formOf(BOUNDARY, parts))) as unknown;
const refusal = (...parts: FormPart[]) => outcome(formOf(BOUNDARY, parts));
const file = (name: string, body: Uint8Array = PNG, type?: string): FormPart => ({
  name,
  body,
  file: "a.png",
  ...(type === undefined ? {} : { type }),
});

describe("fields", () => {
  it("keep their names and become texts, numbers or flags", () => {
    const text = 'a "quoted"\r\n\\ 猫 🙂\u0001';
    expect(
      json(
        file("image", PNG, "image/png"),
        { name: "model", body: "gpt-image-1" },
        { name: "prompt", body: text },
        { name: "n", body: "2" },
        { name: "size", body: "1024x1024" },
        { name: "stream", body: "false" },
        { name: "user", body: "42" },
        { name: 'od"d\\name', body: "" },
      ),
    ).toEqual({
      image: [dataUrl("image/png", PNG)],
      model: "gpt-image-1",
      prompt: text,
      n: 2,
      size: "1024x1024",
      stream: false,
      user: "42",
      'od"d\\name': "",
    });
  });

  it.each(["", "01", "-1", "1.5", "1e3", "9999999999", "two", " 2", "2 "])("%j is no number", (body) => {
    expect(json({ name: "n", body })).toEqual({ image: [], n: body });
  });

  it("zero and large numbers are", () => {
    expect(json({ name: "n", body: "0" }, { name: "output_compression", body: "100" })).toEqual({
      image: [],
      n: 0,
      output_compression: 100,
    });
  });

  it("of several with one name the last one counts, and stands at its place", () => {
    const parts = ["a", "b", "c"].map((body) => ({ name: "prompt", body }));
    expect(outcome(formOf(BOUNDARY, [...parts, { name: "user", body: "u" }]))).toBe(
      '{"image":[],"prompt":"c","user":"u"}',
    );
  });

  it("what is not UTF-8 becomes what stands for it", () => {
    expect(json({ name: "prompt", body: Buffer.from([0x61, 0xff, 0xc3]) })).toEqual({
      image: [],
      prompt: "a\ufffd\ufffd",
    });
  });

  it("files among them are told by their names alone", () => {
    expect(json(file("attachment", Buffer.alloc(50, 1)))).toEqual({ image: [], attachment: "" });
  });

  it("there may be none", () => {
    expect(json()).toEqual({ image: [] });
  });
});

describe("images", () => {
  it.each(["image", "images", "image[]", "images[]", "image[0]", "image[17]"])("%s is one", (name) => {
    expect(json(file(name))).toEqual({ image: [dataUrl("image/png", PNG)] });
  });

  it.each(["image[", "image]", "image[a]", "image[-1]", "image[0]x", "imagex", "Image", "[]"])(
    "%s is none",
    (name) => {
      expect(json({ name, body: "x" })).toEqual({ image: [], [name]: "x" });
    },
  );

  it("are taken together, in their order", () => {
    const parts = ["image[1]", "image[]", "image", "image"].map((name, index) =>
      file(name, Buffer.concat([PNG, Buffer.from([index])])),
    );
    const urls = parts.map(({ body }) => dataUrl("image/png", body as Uint8Array));
    expect(json(...parts)).toEqual({ image: urls });
  });

  it.each(Object.entries(SIGNATURES))("%s is known by its first bytes", (type, bytes) => {
    for (const said of [undefined, "application/octet-stream", "text/plain", "IMAGE/", "image/p\tng"])
      expect(json(file("image", bytes, said))).toEqual({ image: [dataUrl(type, bytes)] });
    expect(json({ name: "image", body: bytes })).toEqual({ image: [dataUrl(type, bytes)] });
  });

  it.each(["image/png", "image/svg+xml", "image/vnd.x-y_z; charset=utf-8", "Image/X"])(
    "the media type %s is believed",
    (type) => {
      const bytes = Buffer.from("anything");
      const bare = type.split(";")[0] ?? "";
      expect(json(file("image", bytes, type))).toEqual({ image: [dataUrl(bare, bytes)] });
      expect(json({ name: "image", body: bytes, type })).toEqual({ image: [dataUrl(bare, bytes)] });
    },
  );

  it.each(['image/"x', "image/x\\", "image/x y", "image/", "text/html", `image/${"x".repeat(200)}`])(
    "the media type %j is not",
    (type) => {
      expect(refusal(file("image", Buffer.from("anything"), type))).toContain("image must be a PNG");
    },
  );

  it("may be texts: a data URL, or any URL", () => {
    const url = dataUrl("image/png", PNG);
    expect(
      json(
        { name: "image", body: url },
        { name: "image", body: 'https://example.com/a"b.png', type: "text/plain; charset=utf-8" },
        { name: "mask", body: url },
      ),
    ).toEqual({ image: [url, 'https://example.com/a"b.png'], mask: url });
  });

  it("the mask is one as well, and the last one counts", () => {
    const other = SIGNATURES["image/gif"] ?? PNG;
    expect(json(file("mask"), file("mask", other))).toEqual({ image: [], mask: dataUrl("image/gif", other) });
  });

  it.each([0, 1, 2, 3, 49_151, 49_152, 49_153, 98_304, 100_001])("of %i bytes more are whole", (more) => {
    const bytes = Buffer.concat([PNG, Buffer.alloc(more, 0xab)]);
    const form = formOf(BOUNDARY, [file("image", bytes)]);
    const url = dataUrl("image/png", bytes);
    for (const size of [form.length, 4096, 997])
      expect(convert(form, size) === `{"image":["${url}"]}`).toBe(true);
  });

  it("leave no memory behind", () => {
    const bytes = Buffer.concat([PNG, Buffer.alloc(4 << 20, 0xab)]);
    const form = formOf(BOUNDARY, [file("image", bytes), { name: "prompt", body: "x" }]);
    convert(form, 1 << 20);
    exports.giveBack();
    const pages = exports.pages();
    for (let round = 0; round < 5; round++) {
      convert(form, 1 << 20);
      exports.giveBack();
    }
    expect(exports.pages()).toBe(pages);
  });
});

describe("a form that cannot be turned", () => {
  it("has an empty file, or one that is no image", () => {
    expect(refusal(file("image", Buffer.alloc(0)))).toContain("image must not be an empty file");
    expect(refusal(file("image", Buffer.alloc(0), "image/png"))).toContain("must not be an empty file");
    expect(refusal(file("mask", Buffer.from("x")))).toContain("mask must be a PNG");
    expect(refusal(file("image", PNG.subarray(0, 7)))).toContain("image must be a PNG");
    expect(refusal(file("image", Buffer.from("RIFF\x10\0\0\0WAVEfmt ")))).toContain("image must be a PNG");
  });

  it("has too many parts", () => {
    const parts = Array.from({ length: 64 }, (_, index) => ({ name: `f${index}`, body: "" }));
    expect(convert(formOf(BOUNDARY, parts), 100)).toContain('"f63":""');
    const more = convert(formOf(BOUNDARY, [...parts, ...parts, ...parts]), 100);
    expect(more).toContain("must not have more than 64 fields");
  });

  it("has parts without a name, or with a long one", () => {
    const nameless = (head: string) => Buffer.from(`--${BOUNDARY}\r\n${head}\r\n\r\nx\r\n--${BOUNDARY}--`);
    expect(outcome(nameless("Content-Type: text/plain"))).toContain("must have a name");
    expect(outcome(nameless("Content-Disposition: form-data"))).toContain("must have a name");
    expect(refusal({ name: "", body: "x" })).toContain("must have a name");
    expect(json({ name: "x".repeat(64), body: "" })).toHaveProperty("x".repeat(64));
    expect(refusal({ name: "x".repeat(65), body: "" })).toContain("no more than 64 bytes");
  });

  it("has headers without end, no end, or another boundary", () => {
    const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="a"; x="${"y".repeat(9000)}`;
    expect(convert(Buffer.from(head), 100)).toBe("broken");
    const form = formOf(BOUNDARY, [file("image")]);
    for (let length = 1; length < form.length - 3; length++)
      expect(["open", "broken"]).toContain(convert(form.subarray(0, length), 7));
    expect(convert(form, 7, "other")).toBe("open");
  });
});

it("is the same for every form and every cut", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 40 });
  const bytes = fc
    .uint8Array({ maxLength: 200 })
    .map((body) => Buffer.concat([PNG, body]))
    .filter((body) => !body.includes(`\r\n--${BOUNDARY}`));
  const part = fc.oneof(
    fc.record({ name: fc.constantFrom("prompt", "size", "user"), body: text }),
    fc.record({
      name: fc.constantFrom("image", "image[]", "image[3]"),
      body: bytes,
      file: fc.constantFrom("", "a.png", "x; name=y"),
      type: fc.constantFrom("image/png", "image/webp"),
    }),
  );
  const expected = (parts: FormPart[]) => {
    const images = parts.filter(({ name }) => name.startsWith("image"));
    const others = parts.filter(({ name }) => !name.startsWith("image"));
    return {
      image: images.map(({ type = "", body }) => dataUrl(type, body as Uint8Array)),
      ...Object.fromEntries(others.map(({ name, body }) => [name, body])),
    };
  };
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), fc.integer({ min: 1, max: 300 }), (parts, size) => {
      const form = formOf(BOUNDARY, parts as FormPart[]);
      expect(JSON.parse(convert(form, size))).toEqual(expected(parts as FormPart[]));
    }),
    { seed: 20, numRuns: 300 },
  );
});

it("never traps on damaged forms", () => {
  const form = formOf(BOUNDARY, [
    file("image", PNG, "image/png"),
    { name: "prompt", body: "x" },
    { name: "n", body: "1" },
  ]);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(form.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 60 }),
      (changes, size) => {
        const damaged = Buffer.from(form);
        for (const [at, byte] of changes) damaged[at] = byte;
        const result = convert(damaged, size);
        if (/^(open|broken|refused:)/.test(result)) return;
        expect(() => JSON.parse(result) as unknown).not.toThrow();
      },
    ),
    { seed: 21, numRuns: 2000 },
  );
});
