/** A tar.gz with one file whose bytes depend on nothing but the file's: no time, no user, no file system. */
import { gzipSync } from "node:zlib";

const BLOCK = 512;
/** Fields of a ustar header (POSIX.1-1988): offset, and length. Numbers are octal and end with NUL. */
const NAME: Field = [0, 100];
const MODE: Field = [100, 8];
const OWNER: Field = [108, 8];
const GROUP: Field = [116, 8];
const SIZE: Field = [124, 12];
const MODIFIED: Field = [136, 12];
const CHECKSUM: Field = [148, 8];
const TYPE: Field = [156, 1];
const MAGIC: Field = [257, 8];

type Field = readonly [offset: number, length: number];

/** The byte of a gzip header that names the operating system (RFC 1952, section 2.3.1); 255: unknown. */
const GZIP_SYSTEM_BYTE = 9;
const GZIP_SYSTEM_UNKNOWN = 255;

/** An archive in ustar form: header, content, and two empty blocks at the end. */
export function tar(name: string, content: Uint8Array): Buffer {
  const header = Buffer.alloc(BLOCK);
  const put = ([offset]: Field, text: string) => header.write(text, offset, "latin1");
  const octal = (field: Field, value: number) => put(field, value.toString(8).padStart(field[1] - 1, "0"));
  put(NAME, name);
  octal(MODE, 0o644);
  octal(OWNER, 0);
  octal(GROUP, 0);
  octal(SIZE, content.length);
  octal(MODIFIED, 0);
  put(TYPE, "0");
  put(MAGIC, "ustar\u000000");
  // The sum is made with spaces in its own place.
  header.fill(" ", CHECKSUM[0], CHECKSUM[0] + CHECKSUM[1]);
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(CHECKSUM, `${sum.toString(8).padStart(6, "0")}\u0000 `);
  const padding = (BLOCK - (content.length % BLOCK)) % BLOCK;
  return Buffer.concat([header, content, Buffer.alloc(padding + 2 * BLOCK)]);
}

/** Compressed; the header has no time and no system. The same Node gives the same bytes on every machine. */
export function gzip(content: Uint8Array): Buffer {
  const packed = gzipSync(content, { level: 9 });
  packed[GZIP_SYSTEM_BYTE] = GZIP_SYSTEM_UNKNOWN;
  return packed;
}
