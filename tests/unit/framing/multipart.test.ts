/** Forms: which bytes are the values of one field, wherever the form is cut. */
import { beforeAll, describe, expect, it } from "vitest";
import { type HarnessExports, lend, openHarness, readSlice } from "../../support/harness";

interface Exports extends HarnessExports {
  boundary(...places: number[]): bigint;
  scan(...places: number[]): bigint;
}

let exports: Exports;
beforeAll(async () => {
  exports = await openHarness<Exports>("tests/unit/framing/multipart.as.ts");
});

const text = (slice: bigint) => Buffer.from(readSlice(exports, slice)).toString();
const boundaryOf = (mediaType: string) =>
  lend(exports, [mediaType], (...places) => text(exports.boundary(...places)));

/** What is found in a form with the boundary `b`; the same for every size of pieces. */
function scan(form: string) {
  const results = new Set<string>();
  for (let size = 1; size <= form.length; size++) {
    results.add(lend(exports, [`b${form}`], (...places) => text(exports.scan(...places, size))));
  }
  expect([...results]).toHaveLength(1);
  const [state, first, ...rest] = ([...results][0] ?? "").split(" ");
  const offsets = rest.filter((word) => word !== "bare").map(Number);
  const values: string[] = [];
  for (let i = 0; i < offsets.length; i += 2) values.push(form.slice(offsets[i], offsets[i + 1]));
  return { state, first: Number(first), isBare: rest.includes("bare"), values };
}

const part = (head: string, body: string) => `--b\r\n${head}\r\n\r\n${body}\r\n`;
const field = (name: string, body: string) => part(`Content-Disposition: form-data; name="${name}"`, body);

describe("boundaryOf", () => {
  it.each([
    ["multipart/form-data; boundary=abc", "abc"],
    ['Multipart/Form-Data; charset=utf-8; Boundary="a;b c"', "a;b c"],
    ["multipart/form-data;boundary=----WebKitFormBoundary7MA4YWxk", "----WebKitFormBoundary7MA4YWxk"],
    ["multipart/form-data", ""],
    ["multipart/form-data; boundary=", ""],
    ["multipart/mixed; boundary=abc", ""],
    ["application/json", ""],
    [`multipart/form-data; boundary=${"a".repeat(71)}`, ""],
  ])("%s: %s", (mediaType, boundary) => {
    expect(boundaryOf(mediaType)).toBe(boundary);
  });
});

describe("a form", () => {
  it("has its field before or behind files", () => {
    const file = part(
      'Content-Disposition: form-data; name="image"; filename="a.png"\r\nContent-Type: image/png',
      "\r\n--\r\n-b\r\n--c",
    );
    for (const form of [
      `${field("model", "gpt-image-1")}${file}--b--\r\n`,
      `${file}${field("model", "gpt-image-1")}--b--`,
    ]) {
      expect(scan(form)).toEqual({ state: "ok", first: 0, isBare: true, values: ["gpt-image-1"] });
    }
  });

  it("may have none, several or empty ones", () => {
    expect(scan(`${field("prompt", "model")}--b--`).values).toEqual([]);
    expect(scan(`${field("model", "a")}${field("model", "b")}--b--`).values).toEqual(["a", "b"]);
    expect(scan(`${field("model", "")}--b--`).values).toEqual([""]);
  });

  it("names its fields exactly, in any spelling of the header", () => {
    expect(scan(`${part("content-disposition:form-data;name=model", "m")}--b--`).values).toEqual(["m"]);
    expect(
      scan(`${part('Content-Disposition: form-data; filename="x; name=\\"model"; name="file"', "m")}--b--`)
        .values,
    ).toEqual([]);
    expect(scan(`${field("Model", "m")}${field("model[]", "m")}--b--`).values).toEqual([]);
    expect(
      scan(`${part('Content-Type: text/plain\r\nContent-Disposition: form-data; name="model"', "m")}--b--`)
        .values,
    ).toEqual(["m"]);
  });

  it("may begin with text, or a line end", () => {
    const form = `${field("model", "m")}--b--`;
    expect(scan(`note\r\n${form}`)).toMatchObject({ state: "ok", first: 4, isBare: false, values: ["m"] });
    expect(scan(`\r\n${form}`)).toMatchObject({ state: "ok", first: 0, isBare: false, values: ["m"] });
  });

  it("takes near delimiters for content", () => {
    const body = "\r\r\n-\r\n--\r\n--a\r\n\r\n-b\n--b";
    expect(scan(`${field("model", body)}--b--`).values).toEqual([body]);
  });

  it("is open without its end, and broken where a delimiter goes on", () => {
    expect(scan(field("model", "m")).state).toBe("open");
    expect(scan(`${field("model", "m")}--bx\r\n`).state).toBe("broken");
    expect(scan("{}").state).toBe("open");
    expect(scan(`--b\r\n${"x".repeat(9000)}`).state).toBe("broken");
  });
});
