/** Fakes of the vendors' APIs, by the format that the plugin's configuration knows them as. */
import { ANTHROPIC } from "./anthropic.ts";
import { BEDROCK } from "./bedrock.ts";
import { COHERE } from "./cohere.ts";
import { COZE } from "./coze.ts";
import { DASHSCOPE } from "./dashscope.ts";
import { DEEPL } from "./deepl.ts";
import { DIFY } from "./dify.ts";
import { GEMINI, VERTEX } from "./gemini.ts";
import { HUNYUAN } from "./hunyuan.ts";
import { KSERVE } from "./kserve.ts";
import { MINIMAX } from "./minimax.ts";
import { OLLAMA } from "./ollama.ts";
import { OPENAI } from "./openai.ts";
import { RESPONSES } from "./responses.ts";
import { SPARK } from "./spark.ts";
import type { Vendor } from "./vendor.ts";

const ALL = [
  OPENAI,
  RESPONSES,
  ANTHROPIC,
  GEMINI,
  VERTEX,
  OLLAMA,
  COHERE,
  BEDROCK,
  DASHSCOPE,
  DIFY,
  KSERVE,
  HUNYUAN,
  SPARK,
  MINIMAX,
  COZE,
  DEEPL,
];

/** The fake of a format; a format without one cannot be tested, and says so. */
export function vendorOf(format: string): Vendor {
  const vendor = ALL.find((candidate) => candidate.format === format);
  if (!vendor) throw new Error(`tests/support/upstreams has no fake for the format "${format}"`);
  return vendor;
}

export type { Call, Json, Scenario, Vendor } from "./vendor.ts";
export { event } from "./vendor.ts";
