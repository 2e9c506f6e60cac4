/** Clients of generateContent. Source: Gemini API reference, "Generating content". */
import * as c from "./client.ts";

const USER = { role: "user", parts: [{ text: c.QUESTION }] };
const tools = [
  {
    functionDeclarations: c.TOOLS.map(({ name, description, parameters }) => ({
      name,
      description,
      parametersJsonSchema: parameters,
    })),
  },
];

const REQUESTS: Record<c.Feature, c.Json> = {
  text: {
    systemInstruction: { parts: [{ text: c.SYSTEM }] },
    contents: [
      { role: "user", parts: [{ text: "Hello" }] },
      { role: "model", parts: [{ text: c.EARLIER }] },
      USER,
    ],
  },
  settings: {
    contents: [USER],
    generationConfig: {
      temperature: c.SETTINGS.temperature,
      topP: c.SETTINGS.topP,
      maxOutputTokens: c.SETTINGS.maxTokens,
      stopSequences: [c.SETTINGS.stop],
    },
  },
  tools: { contents: [USER], tools },
  "parallel tools": {
    contents: [
      USER,
      {
        role: "model",
        parts: [c.WEATHER, c.TIME].map((args, index) => ({
          functionCall: { id: `call_${index}`, name: c.TOOLS[index]!.name, args },
        })),
      },
      {
        role: "user",
        parts: c.RESULTS.map((output, index) => ({
          functionResponse: { id: `call_${index}`, name: c.TOOLS[index]!.name, response: { output } },
        })),
      },
    ],
    tools,
  },
  image: withImage({ inlineData: { mimeType: "image/png", data: c.IMAGE } }),
  "image by URL": withImage({ fileData: { mimeType: "image/png", fileUri: c.IMAGE_URL } }),
  "tool result image": {
    contents: [
      USER,
      {
        role: "model",
        parts: [{ functionCall: { id: "call_0", name: "get_weather", args: c.WEATHER } }],
      },
      {
        role: "user",
        parts: [
          {
            functionResponse: {
              id: "call_0",
              name: "get_weather",
              response: { output: c.RESULTS[0] },
              parts: [{ inlineData: { mimeType: "image/png", data: c.IMAGE } }],
            },
          },
        ],
      },
    ],
    tools,
  },
  thinking: {
    contents: [USER],
    generationConfig: { thinkingConfig: { includeThoughts: true, thinkingBudget: c.BUDGET } },
  },
  "structured output": {
    contents: [USER],
    generationConfig: { responseMimeType: "application/json", responseJsonSchema: c.SCHEMA },
  },
};

function withImage(part: c.Json): c.Json {
  return { contents: [{ role: "user", parts: [{ text: c.QUESTION }, part] }] };
}

interface Answer {
  candidates?: { index?: number; content?: { role?: string; parts?: c.Json[] }; finishReason?: string }[];
  usageMetadata?: { promptTokenCount?: number; candidatesTokenCount?: number };
}

const FINISHES: Record<string, c.Said["finish"]> = { STOP: "stop", MAX_TOKENS: "length" };

/** Adds what the answers of a stream say; a whole answer is one of them. */
function gather(answers: Answer[]): c.Said {
  const said: c.Said = { thinking: "", text: "", calls: [], finish: "stop", usage: { input: 0, output: 0 } };
  let finished = 0;
  for (const { candidates, usageMetadata } of answers) {
    c.insist(finished === 0 || !candidates?.some(({ content }) => content?.parts?.length), "the end");
    if (usageMetadata) {
      said.usage = {
        input: c.countOf(usageMetadata.promptTokenCount ?? 0, "promptTokenCount"),
        output: c.countOf(usageMetadata.candidatesTokenCount ?? 0, "candidatesTokenCount"),
      };
    }
    for (const { index, content, finishReason } of candidates ?? []) {
      c.insist((index ?? 0) === 0, "one candidate");
      c.insist(content === undefined || content.role === "model", "role");
      for (const part of content?.parts ?? []) addPart(said, part);
      if (finishReason === undefined) continue;
      const finish = FINISHES[finishReason];
      c.insist(finish, `finishReason ${finishReason}`);
      said.finish = finish;
      finished++;
    }
  }
  c.insist(finished === 1, "one finishReason");
  // Gemini has no reason of its own for an answer that ends with calls.
  if (said.finish === "stop" && said.calls.length > 0) said.finish = "calls";
  return said;
}

function addPart(said: c.Said, part: c.Json): void {
  const call = part.functionCall as { id?: string; name: string; args?: object } | undefined;
  if (call) {
    const id = call.id ?? `${said.calls.length}`;
    said.calls.push({ id, name: c.textOf(call.name, "name"), arguments: call.args ?? {} });
  } else if (part.text !== undefined) {
    said[part.thought === true ? "thinking" : "text"] += c.textOf(part.text, "text");
  } else {
    c.insist(part.thoughtSignature !== undefined, `part ${JSON.stringify(part)}`);
  }
}

function failure(text: string): string {
  const { error } = JSON.parse(text) as { error?: c.Json };
  c.insist(error, "error");
  c.countOf(error.code, "code");
  c.textOf(error.status, "status");
  return c.textOf(error.message, "message");
}

const sse = (text: string) => c.serverSentEvents(text).map(({ data }) => data);
const array = (text: string) => (JSON.parse(text) as c.Json[]).map((value) => JSON.stringify(value));

function client(
  name: string,
  query: string,
  streamType: string,
  split: (text: string) => string[],
): c.Client {
  return {
    name,
    format: "gemini",
    path: (isStream) => `/v1beta/models/m:${isStream ? `streamGenerateContent${query}` : "generateContent"}`,
    streamType,
    request: (feature) => REQUESTS[feature],
    whole: (text) => gather([JSON.parse(text)]),
    stream: (text) => gather(split(text).map((answer) => JSON.parse(answer))),
    failure,
    streamFailure: (text) => {
      c.insist(!text.includes("STOP"), "no finish before the failure");
      return failure(split(text).at(-1) ?? "");
    },
  };
}

export const GEMINI = client("gemini", "?alt=sse", "text/event-stream", sse);

/** Without `alt=sse` a stream is one JSON array. */
export const GEMINI_ARRAY: c.Client = {
  ...client("gemini, JSON array", "", "application/json", array),
  cut: (stream) => Buffer.from(`[${sse(stream.toString()).join("\n,\n")}\n]`),
};
