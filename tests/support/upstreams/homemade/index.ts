/** Fakes of serving systems that are reached by a declared format. */
import { DIFY, KSERVE, OLLAMA_CHAT } from "./built-in.ts";
import { COZE } from "./coze.ts";
import { DASHSCOPE, DASHSCOPE_CUMULATIVE } from "./dashscope.ts";
import { GEMINI_ARRAY } from "./gemini-array.ts";
import { HUNYUAN } from "./hunyuan.ts";
import { LLAMA_CPP } from "./llama-cpp.ts";
import { MINIMAX } from "./minimax.ts";
import { OLLAMA_GENERATE } from "./ollama-generate.ts";
import type { Shape } from "./shape.ts";
import { SPARK } from "./spark.ts";
import { SPRING } from "./spring.ts";
import { TGI } from "./tgi.ts";
import { WENXIN } from "./wenxin.ts";
import { WORKERS_AI } from "./workers-ai.ts";

export const SHAPES: Shape[] = [
  TGI,
  KSERVE,
  LLAMA_CPP,
  DIFY,
  COZE,
  MINIMAX,
  SPARK,
  WENXIN,
  HUNYUAN,
  DASHSCOPE,
  DASHSCOPE_CUMULATIVE,
  OLLAMA_GENERATE,
  OLLAMA_CHAT,
  SPRING,
  WORKERS_AI,
  GEMINI_ARRAY,
];

export type { Shape } from "./shape.ts";
