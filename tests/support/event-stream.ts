/** Writes AWS event stream frames, with the checksums of `node:zlib`. */
import { crc32 } from "node:zlib";

export type HeaderValue =
  | string
  | boolean
  | { type: "byte" | "short" | "integer"; value: number }
  | { type: "long" | "timestamp"; value: bigint }
  | { type: "bytes" | "uuid"; value: Uint8Array };

/** One frame. */
export function encodeFrame(headers: Record<string, HeaderValue>, payload: string | Uint8Array = ""): Buffer {
  const pairs = Object.entries(headers).map(([name, value]) => encodeHeader(name, value));
  return encodeRawFrame(Buffer.concat(pairs), Buffer.from(payload));
}

/** One frame whose headers are given as bytes, right or wrong. */
export function encodeRawFrame(headers: Uint8Array, payload: Uint8Array): Buffer {
  const frame = Buffer.alloc(12 + headers.length + payload.length + 4);
  frame.writeUInt32BE(frame.length, 0);
  frame.writeUInt32BE(headers.length, 4);
  frame.writeUInt32BE(crc32(frame.subarray(0, 8)), 8);
  frame.set(headers, 12);
  frame.set(payload, 12 + headers.length);
  frame.writeUInt32BE(crc32(frame.subarray(0, -4)), frame.length - 4);
  return frame;
}

/** An event as Bedrock sends it. */
export function encodeEvent(type: string, payload: string): Buffer {
  const headers = { ":event-type": type, ":content-type": "application/json", ":message-type": "event" };
  return encodeFrame(headers, payload);
}

function encodeHeader(name: string, value: HeaderValue): Buffer {
  const bytes = Buffer.from(name);
  return Buffer.concat([Buffer.from([bytes.length]), bytes, encodeValue(value)]);
}

function encodeValue(value: HeaderValue): Buffer {
  if (value === true) return Buffer.from([0]);
  if (value === false) return Buffer.from([1]);
  if (typeof value === "string") return prefixed(7, Buffer.from(value));
  switch (value.type) {
    case "byte":
      return Buffer.from([2, value.value & 0xff]);
    case "short":
      return Buffer.from([3, (value.value >> 8) & 0xff, value.value & 0xff]);
    case "integer":
      return wide(4, BigInt(value.value), 4);
    case "long":
      return wide(5, value.value, 8);
    case "bytes":
      return prefixed(6, value.value);
    case "timestamp":
      return wide(8, value.value, 8);
    case "uuid":
      return Buffer.concat([Buffer.from([9]), value.value]);
  }
}

function prefixed(type: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([type, bytes.length >> 8, bytes.length & 0xff]), bytes]);
}

function wide(type: number, value: bigint, size: 4 | 8): Buffer {
  const bytes = Buffer.alloc(9);
  bytes[0] = type;
  if (size === 8) bytes.writeBigInt64BE(value, 1);
  else bytes.writeInt32BE(Number(value), 1);
  return bytes.subarray(0, 1 + size);
}
