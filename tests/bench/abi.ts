/** Lets plain Envoy load a plugin that was built for Higress only. */

/**
 * The same module with the export `proxy_abi_version_0_2_100` renamed to the version that plain Envoy knows. Only the
 * export section changes: everything else is copied byte for byte.
 */
export function forPlainEnvoy(wasm: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [wasm.subarray(0, 8)];
  for (let at = 8; at < wasm.length; ) {
    const size = readNumber(wasm, at + 1);
    const end = size.next + size.value;
    parts.push(
      wasm[at] === EXPORT_SECTION
        ? section(renameExports(wasm.subarray(size.next, end)))
        : wasm.subarray(at, end),
    );
    at = end;
  }
  return Buffer.concat(parts);
}

const EXPORT_SECTION = 7;

function section(content: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.of(EXPORT_SECTION), writeNumber(content.length), content]);
}

function renameExports(content: Uint8Array): Uint8Array {
  const count = readNumber(content, 0);
  const parts: Uint8Array[] = [writeNumber(count.value)];
  let at = count.next;
  for (let i = 0; i < count.value; i++) {
    const length = readNumber(content, at);
    const nameEnd = length.next + length.value;
    const name = Buffer.from(content.subarray(length.next, nameEnd)).toString();
    const index = readNumber(content, nameEnd + 1);
    const renamed = Buffer.from(name === "proxy_abi_version_0_2_100" ? "proxy_abi_version_0_2_1" : name);
    parts.push(writeNumber(renamed.length), renamed, content.subarray(nameEnd, index.next));
    at = index.next;
  }
  return Buffer.concat(parts);
}

/** An unsigned LEB128 number. */
function readNumber(bytes: Uint8Array, at: number): { value: number; next: number } {
  let value = 0;
  let factor = 1;
  let next = at;
  for (;;) {
    const byte = bytes[next++] ?? 0;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return { value, next };
    factor *= 128;
  }
}

function writeNumber(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  do {
    const byte = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? byte | 0x80 : byte);
  } while (rest > 0);
  return Uint8Array.from(bytes);
}
