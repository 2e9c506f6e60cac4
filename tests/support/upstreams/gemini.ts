/**
 * Gemini's generateContent of AI Studio and of Vertex AI. Sources: Gemini API reference, "Generating content",
 * "Thinking" and "Function calling"; Vertex AI reference, "Generate content with the Gemini API".
 */
import type { Candidate, Content, GenerateContentResponse, Part } from "@google/genai";
import { event, type Json, pieces, type Scenario, type Vendor } from "./vendor.ts";

/** What is on the wire: the SDK's class has methods as well, and its enumerations are these strings. */
type Wire = Pick<GenerateContentResponse, "modelVersion" | "responseId" | "usageMetadata"> & {
  candidates: (Omit<Candidate, "finishReason"> & { finishReason?: string })[];
};

function callParts({ calls, thinking }: Scenario, hasIds: boolean): Part[] {
  return (calls ?? []).map((call, index) => ({
    functionCall: { ...(hasIds && { id: call.id }), name: call.name, args: call.arguments },
    // The first of parallel calls carries the signature of the thoughts that led to them.
    ...(thinking && index === 0 && { thoughtSignature: thinking.signature }),
  }));
}

function answer(scenario: Scenario, model: string, parts: Part[], finish?: string): Wire {
  const { input, output } = scenario.usage;
  const content: Content = { role: "model", parts };
  return {
    candidates: [{ index: 0, content, ...(finish && { finishReason: finish }) }],
    usageMetadata: {
      promptTokenCount: input,
      ...(finish && { candidatesTokenCount: output }),
      totalTokenCount: input + (finish ? output : 0),
    },
    modelVersion: model,
    responseId: "UGFyaXM",
  };
}

function finishReason(scenario: Scenario): string {
  return scenario.finish === "length" ? "MAX_TOKENS" : "STOP";
}

function failure(status: number, message: string): Json {
  const names: Record<number, string> = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    503: "UNAVAILABLE",
  };
  return { error: { code: status, message, status: names[status] ?? "INTERNAL" } };
}

function vendor(format: string, path: RegExp, hasIds: boolean, settings: Json): Vendor {
  return {
    format,
    says: { thinking: true, signature: true, calls: true },
    closingEvents: 1,
    settings,
    path,
    isStream: (asked) => asked.includes(":streamGenerateContent"),
    streamType: "text/event-stream",
    whole: (scenario, model) =>
      answer(
        scenario,
        model,
        [
          ...(scenario.thinking ? [{ text: scenario.thinking.text, thought: true }] : []),
          ...(scenario.text === undefined ? [] : [{ text: scenario.text }]),
          ...callParts(scenario, hasIds),
        ],
        finishReason(scenario),
      ),
    stream: (scenario, model) => {
      const parts: Part[] = [
        ...pieces(scenario.thinking?.text ?? "").map((text) => ({ text, thought: true })),
        ...pieces(scenario.text ?? "").map((text) => ({ text })),
        ...callParts(scenario, hasIds),
      ];
      return parts.map((part, index) => {
        const isLast = index === parts.length - 1;
        return event(answer(scenario, model, [part], isLast ? finishReason(scenario) : undefined));
      });
    },
    failure,
    failureEvent: (message) => event(failure(503, message)),
  };
}

const VERB = ":(generateContent|streamGenerateContent(\\?alt=sse)?)$";

export const GEMINI = vendor("gemini", new RegExp(`^/v1beta/models/[^/:]+${VERB}`), true, {});

/** Vertex AI neither takes nor gives ids of calls. */
export const VERTEX = vendor(
  "vertex",
  new RegExp(`^/v1/projects/p/locations/global/publishers/google/models/[^/:]+${VERB}`),
  false,
  { basePath: "/v1/projects/p/locations/global" },
);
