/** Fakes of the clients of every protocol. */
import { ANTHROPIC } from "./anthropic.ts";
import type { Client } from "./client.ts";
import { GEMINI, GEMINI_ARRAY } from "./gemini.ts";
import { OPENAI } from "./openai.ts";
import { RESPONSES } from "./responses.ts";

export const CLIENTS: Client[] = [OPENAI, RESPONSES, ANTHROPIC, GEMINI, GEMINI_ARRAY];
