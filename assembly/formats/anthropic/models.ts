import { Slice, indexOf, lengthOf, pointerOf } from "../../bytes/slice";

/**
 * What the name of a Claude model says about the requests that it takes. Names are `claude-<family>-<major>-<minor>`,
 * formerly `claude-<major>-<minor>-<family>`, with a date, a vendor's prefix or a version suffix around them. Other
 * models behind the Messages API are 0 here, and get what every version takes.
 */

const FAMILY: string = "claude-";

/** Source: Anthropic, "Adaptive thinking" and "Effort"; from this version on the model decides how much to think. */
const ADAPTIVE: i32 = 406;
/** From this version on a budget and sampling parameters are refused. */
const ADAPTIVE_ONLY: i32 = 407;
/** From this version on temperature and top_p exclude each other. */
const ONE_SAMPLING_PARAMETER: i32 = 401;

export function takesAdaptiveThinking(model: Slice): bool {
  return versionOf(model) >= ADAPTIVE;
}

export function takesThinkingBudget(model: Slice): bool {
  return versionOf(model) < ADAPTIVE_ONLY;
}

export function takesSampling(model: Slice): bool {
  return versionOf(model) < ADAPTIVE_ONLY;
}

export function takesTemperatureWithTopP(model: Slice): bool {
  return versionOf(model) < ONE_SAMPLING_PARAMETER;
}

/** A hundred times the major version plus the minor one; 0 where the name is none of Claude's. */
export function versionOf(model: Slice): i32 {
  const from = indexOf(model, FAMILY);
  if (from < 0) return 0;
  const pointer = pointerOf(model);
  const length = lengthOf(model);
  let major = -1;
  let at = from + FAMILY.length;
  while (at < length) {
    let value = 0;
    let digits = 0;
    const start = at;
    for (; at < length && isDigit(load<u8>(pointer + at)); at++) {
      if (++digits <= 2) value = value * 10 + (load<u8>(pointer + at) - 0x30);
    }
    const isWord = at < length && !isSeparator(load<u8>(pointer + at));
    while (at < length && !isSeparator(load<u8>(pointer + at))) at++;
    at++;
    // A date has more digits than any version.
    const isVersion = digits > 0 && digits <= 2 && !isWord && start < length;
    if (major >= 0) return major * 100 + (isVersion ? value : 0);
    if (isVersion) major = value;
  }
  return major < 0 ? 0 : major * 100;
}


@inline
function isDigit(byte: u8): bool {
  return byte >= 0x30 && byte <= 0x39;
}


@inline
function isSeparator(byte: u8): bool {
  return byte == 0x2d || byte == 0x2e || byte == 0x40 || byte == 0x3a || byte == 0x5f;
}
