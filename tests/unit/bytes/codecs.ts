/** What `codecs.as.ts` exports. */
import { type HarnessExports, openHarness, readSlice } from "../../support/harness";

export interface CodecExports extends HarnessExports {
  written(): bigint;
  base64Encode(pointer: number, length: number, alphabet: number, padded: number): void;
  base64Decode(pointer: number, length: number, alphabet: number): number;
  checksum(pointer: number, length: number, previous: number): number;
  hashUpdate(pointer: number, length: number): void;
  hashDigest(): void;
  hashOnce(pointer: number, length: number): void;
  hashHex(pointer: number, length: number): void;
  hmac(key: number, keyLength: number, pointer: number, length: number): void;
  derive(pointer: number, length: number): void;
  setWriter(pointer: number, length: number): void;
  percentEncode(pointer: number, length: number, keepSlash: number): void;
  percentDecode(pointer: number, length: number, form: number): number;
  path(pointer: number, length: number): bigint;
  query(pointer: number, length: number): bigint;
  parameter(pointer: number, length: number, name: number, nameLength: number): bigint;
  removeParameter(pointer: number, length: number, name: number, nameLength: number): void;
  addParameter(start: number, name: number, nameLength: number, value: number, valueLength: number): void;
  carryAppend(pointer: number, length: number): void;
  carryDrop(count: number): void;
  carryClear(): void;
  carryDispose(): void;
  carryView(): bigint;
  carryLength(): number;
  copied(): bigint;
  moved(): bigint;
}

export function openCodecs(): Promise<CodecExports> {
  return openHarness<CodecExports>("tests/unit/bytes/codecs.as.ts");
}

/** A copy of what the last call wrote. */
export function written(exports: CodecExports): Buffer {
  return Buffer.from(readSlice(exports, exports.written()));
}
