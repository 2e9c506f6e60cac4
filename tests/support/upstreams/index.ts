/** Fakes of the vendors' APIs, by the format that the plugin's configuration knows them as. */
import { ANTHROPIC } from "./anthropic.ts";
import { BEDROCK } from "./bedrock.ts";
import { COHERE } from "./cohere.ts";
import { DASHSCOPE } from "./dashscope.ts";
import { DIFY } from "./dify.ts";
import { GEMINI, VERTEX } from "./gemini.ts";
import { KSERVE } from "./kserve.ts";
import { OLLAMA } from "./ollama.ts";
import { OPENAI } from "./openai.ts";
import { RESPONSES } from "./responses.ts";
import type { Vendor } from "./vendor.ts";

const ALL = [OPENAI, RESPONSES, ANTHROPIC, GEMINI, VERTEX, OLLAMA, COHERE, BEDROCK, DASHSCOPE, DIFY, KSERVE];

/** The fake of a format; a format without one cannot be tested, and says so. */
export function vendorOf(format: string): Vendor {
  const vendor = ALL.find((candidate) => candidate.format === format);
  if (!vendor) throw new Error(`tests/support/upstreams has no fake for the format "${format}"`);
  return vendor;
}

export type { Call, Json, Scenario, Vendor } from "./vendor.ts";
export { event } from "./vendor.ts";
