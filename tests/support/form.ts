/** Forms (`multipart/form-data`, RFC 7578) as clients write them. */

export interface FormPart {
  name: string;
  body: string | Uint8Array;
  /** Name of the file; none for a field that is text. */
  file?: string;
  /** Content-Type of the part. */
  type?: string;
}

/** A form's bytes. */
export function formOf(boundary: string, parts: readonly FormPart[]): Buffer {
  const pieces = parts.flatMap(({ name, body, file, type }) => {
    const fileName = file === undefined ? "" : `; filename="${file}"`;
    const typeLine = type === undefined ? "" : `\r\nContent-Type: ${type}`;
    const head = `Content-Disposition: form-data; name="${name}"${fileName}${typeLine}`;
    return [Buffer.from(`--${boundary}\r\n${head}\r\n\r\n`), Buffer.from(body), Buffer.from("\r\n")];
  });
  return Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]);
}

/** The first bytes of files of the usual formats. */
export const SIGNATURES: Record<string, Buffer> = {
  "image/png": Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]),
  "image/jpeg": Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a]),
  "image/gif": Buffer.from("GIF89a-and-more"),
  "image/webp": Buffer.from("RIFF\x10\x00\x00\x00WEBPVP8 ", "latin1"),
};

/** A picture of one pixel. */
export const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

/** The data URL of a file. */
export const dataUrl = (type: string, bytes: Uint8Array) =>
  `data:${type};base64,${Buffer.from(bytes).toString("base64")}`;
