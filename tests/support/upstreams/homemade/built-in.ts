/** APIs that have a built-in format, declared all the same: both must say the same. */
import { expect } from "vitest";
import * as c from "../../clients/client.ts";
import { DIFY as DIFY_VENDOR } from "../dify.ts";
import { KSERVE as KSERVE_VENDOR } from "../kserve.ts";
import { OLLAMA as OLLAMA_VENDOR } from "../ollama.ts";
import { BOTH, CONVERSATION, NEITHER, type Shape, transcript } from "./shape.ts";

const usage = { whole: BOTH, stream: BOTH };

export const DIFY: Shape = {
  ...DIFY_VENDOR,
  name: "dify",
  builtIn: "dify",
  asks: {
    text: (isStream) => ({
      inputs: {},
      query: `${transcript("\n\n")}Assistant:`,
      response_mode: isStream ? "streaming" : "blocking",
      user: "eureka-ai-proxy",
    }),
    loses: ["temperature", "top_p", "max_tokens", "stop"],
    // An app has its own.
    settings: () => ({ inputs: {} }),
  },
  tells: { parallelCalls: false, length: false, usage },
};

export const KSERVE: Shape = {
  ...KSERVE_VENDOR,
  name: "kserve",
  builtIn: "kserve",
  asks: {
    text: (stream, max_tokens) => ({
      text_input: `${transcript("\n")}Assistant:`,
      parameters: { stream, max_tokens },
    }),
    loses: ["stop"],
    settings: () => ({
      parameters: expect.objectContaining({ temperature: 0.25, top_p: 0.75, max_tokens: 3077 }),
    }),
  },
  tells: { parallelCalls: false, length: false, usage: { whole: NEITHER, stream: NEITHER } },
};

export const OLLAMA_CHAT: Shape = {
  ...OLLAMA_VENDOR,
  name: "ollama-chat",
  builtIn: "ollama",
  asks: {
    text: (stream, num_predict) => ({
      model: "up",
      messages: CONVERSATION,
      stream,
      options: { num_predict },
    }),
    settings: (stop) => ({ options: { temperature: 0.25, top_p: 0.75, num_predict: 3077, stop } }),
    tools: () => ({
      tools: c.TOOLS.map((declared) => ({ type: "function", function: declared })),
    }),
    "parallel tools": () => ({
      messages: [
        { role: "user", content: c.QUESTION },
        {
          role: "assistant",
          content: "",
          tool_calls: [c.WEATHER, c.TIME].map((given, index) => ({
            function: { name: c.TOOLS[index]?.name, arguments: given },
          })),
        },
        ...c.RESULTS.map((content, index) => ({
          role: "tool",
          content,
          tool_name: c.TOOLS[index]?.name,
        })),
      ],
    }),
  },
  tells: { parallelCalls: true, length: true, usage },
};
