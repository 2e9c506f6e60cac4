/**
 * Gemini's streams as they come to who does not ask for server-sent events: one JSON array. Source: Gemini API
 * reference, "streamGenerateContent".
 */
import * as c from "../../clients/client.ts";
import { GEMINI } from "../gemini.ts";
import { BOTH, type Shape } from "./shape.ts";

const OPEN = Buffer.from("[");
const BETWEEN = Buffer.from(",\r\n");
const CLOSE = Buffer.from("]");

export const GEMINI_ARRAY: Shape = {
  ...GEMINI,
  name: "gemini-array",
  says: { thinking: true, signature: false, calls: true },
  tells: { parallelCalls: true, length: true, usage: { whole: BOTH, stream: BOTH } },
  asks: {
    text: (_, maxOutputTokens) => ({
      systemInstruction: { parts: [{ text: c.SYSTEM }] },
      contents: [
        { role: "user", parts: [{ text: "Hello" }] },
        { role: "model", parts: [{ text: c.EARLIER }] },
        { role: "user", parts: [{ text: c.QUESTION }] },
      ],
      generationConfig: { maxOutputTokens },
    }),
    settings: (stopSequences) => ({
      generationConfig: { temperature: 0.25, topP: 0.75, maxOutputTokens: 3077, stopSequences },
    }),
    tools: () => ({
      tools: [
        {
          functionDeclarations: c.TOOLS.map(({ parameters, ...tool }) => ({
            ...tool,
            parametersJsonSchema: parameters,
          })),
        },
      ],
    }),
  },
  path: /^\/v1beta\/models\/up:(generateContent|streamGenerateContent)$/,
  isStream: (path) => path.endsWith(":streamGenerateContent"),
  streamType: "application/json",
  stream: (scenario, model) =>
    GEMINI.stream(scenario, model).map((event) =>
      Buffer.from(event.toString().slice("data: ".length).trim()),
    ),
  failureEvent: (message) => Buffer.from(JSON.stringify(GEMINI.failure(503, message))),
  join: (events) =>
    Buffer.concat([OPEN, ...events.flatMap((event, index) => (index ? [BETWEEN, event] : [event])), CLOSE]),
};
