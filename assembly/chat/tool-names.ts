import { Slice, Utf8, borrow, hash, lengthOf, pointerOf, same, toOwned } from "../bytes/slice";
import { Writer } from "../bytes/writer";

/** Bytes of a replaced name that tell it from others: `_` and eight hexadecimal digits. */
const SUFFIX_BYTES: i32 = 9;

const HYPHEN: u8 = 0x2d;
const UNDERSCORE: u8 = 0x5f;

const scratch: Writer = new Writer();
const digits: Writer = new Writer();

/**
 * Names of tools that an upstream would not take, and what stands for them there. A replacement depends on nothing but
 * the name, so the same tool has the same one in every turn of a conversation.
 */
export class ToolNames {
  private originals: Array<Utf8> = [];
  private replacements: Array<Utf8> = [];

  /** Whether any name had to be replaced. */
  get isEmpty(): bool {
    return this.originals.length == 0;
  }

  /** Remembers a name (JSON string body, copied) if it has to be replaced where names have at most `limit` bytes. */
  add(name: Slice, limit: i32): void {
    if (isPlainName(name, limit)) return;
    this.originals.push(toOwned(name));
    this.replacements.push(toOwned(replacement(name, limit)));
  }

  /** The client's name of a tool that the upstream calls `name`: a JSON string body, borrowed. */
  original(name: Slice): Slice {
    for (let i = 0; i < this.replacements.length; i++) {
      if (same(name, borrow(unchecked(this.replacements[i])))) return borrow(unchecked(this.originals[i]));
    }
    return name;
  }
}

/** The name (JSON string body) as an upstream takes it: as it is, or its replacement, borrowed until the next call. */
export function upstreamName(name: Slice, limit: i32): Slice {
  return isPlainName(name, limit) ? name : replacement(name, limit);
}

/** Whether a name has only letters, digits, `_` and `-`, and at most `limit` of them: what every vendor takes. */
export function isPlainName(name: Slice, limit: i32): bool {
  const length = lengthOf(name);
  if (length > limit) return false;
  const pointer = pointerOf(name);
  for (let i = 0; i < length; i++) {
    if (!isNameByte(load<u8>(pointer + i))) return false;
  }
  return true;
}

/** The beginning of the name with `_` for what is not allowed, and a checksum of the whole. */
function replacement(name: Slice, limit: i32): Slice {
  scratch.reset();
  const kept = max(0, min(lengthOf(name), limit - SUFFIX_BYTES));
  const pointer = pointerOf(name);
  for (let i = 0; i < kept; i++) {
    const byte = load<u8>(pointer + i);
    scratch.byte(isNameByte(byte) ? byte : UNDERSCORE);
  }
  const checksum = bswap<u32>(hash(name) as u32);
  scratch.byte(UNDERSCORE);
  digits.reset();
  store<u32>(digits.reserve(4), checksum);
  digits.advance(4);
  scratch.hex(digits.view());
  return scratch.view();
}

function isNameByte(byte: u8): bool {
  const letter = byte | 0x20;
  return (
    (letter >= 0x61 && letter <= 0x7a) ||
    (byte >= 0x30 && byte <= 0x39) ||
    byte == UNDERSCORE ||
    byte == HYPHEN
  );
}
