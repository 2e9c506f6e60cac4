import { NONE, equals } from "../../bytes/slice";
import { requestedBudget, requestedEffort } from "../../chat/effort";
import { Failure } from "../../chat/failure";
import { Parameter } from "../../chat/parameters";
import { AnswerShape, ChatRequest, Effort, Thinking } from "../../chat/request";
import { ABSENT, Document } from "../../json/document";
import { JsonWriter } from "../../json/writer";
import { invalid } from "../invalid";
import { Model } from "./model";
import { writeSchema } from "./schema";
import { CONFIG_FIELDS } from "./tiers";

/** Fewest tokens of thinking that 2.5 Pro can be told. */
const PRO_MINIMUM: i32 = 128;

const modalities: Document = new Document();

/**
 * Writes `generationConfig`, if the request has anything for it.
 * Source: Gemini API reference, GenerationConfig and ThinkingConfig.
 */
@final
export class ConfigWriter {
  private isOpen: bool = false;

  constructor(
    private request: ChatRequest,
    private model: Model,
    private json: JsonWriter,
  ) {}

  write(): Failure | null {
    const request = this.request;
    for (let i = 0; i < CONFIG_FIELDS.length; i++) {
      const field = unchecked(CONFIG_FIELDS[i]);
      const value = request.value(field.parameter);
      if (value != NONE) this.key(field.name).raw(value);
    }
    const stop = request.stop;
    if (stop.length > 0) {
      this.key("stopSequences").array();
      for (let i = 0; i < stop.length; i++) this.json.body(unchecked(stop[i]));
      this.json.endArray();
    }
    if (request.has(Parameter.Logprobs)) this.key("responseLogprobs").bool(true);
    this.modalities();
    const problem = this.shape();
    if (problem.length > 0) return invalid(problem);
    this.thinking();
    if (this.isOpen) this.json.endObject();
    return null;
  }

  private key(name: string): JsonWriter {
    if (!this.isOpen) this.json.key("generationConfig").object();
    this.isOpen = true;
    return this.json.key(name);
  }

  /** OpenAI's words in upper case. */
  private modalities(): void {
    const value = this.request.value(Parameter.Modalities);
    if (value == NONE || !modalities.parse(value)) return;
    this.key("responseModalities").array();
    for (
      let item = modalities.firstElement(modalities.root);
      item != ABSENT;
      item = modalities.nextElement(item)
    ) {
      const name = modalities.body(item);
      if (equals(name, "text")) this.json.string("TEXT");
      else if (equals(name, "image")) this.json.string("IMAGE");
      else if (equals(name, "audio")) this.json.string("AUDIO");
      else this.json.raw(modalities.raw(item));
    }
    this.json.endArray();
  }

  private shape(): string {
    const request = this.request;
    if (request.shape == AnswerShape.Text) return "";
    this.key("responseMimeType").string("application/json");
    if (request.shape == AnswerShape.JsonObject) return "";
    if (this.model.takesJsonSchema) {
      this.key("responseJsonSchema").raw(request.schema);
      return "";
    }
    return writeSchema(request.schema, this.key("responseSchema"));
  }

  /** Gemini 3 knows levels, 2.5 a budget, and older models do not think. */
  private thinking(): void {
    const request = this.request;
    const effort = requestedEffort(request);
    if (effort == Effort.Absent) return;
    if (!this.model.thinks) {
      request.adjust(
        request.thinking == Thinking.Absent ? Parameter.ReasoningEffort : Parameter.ThinkingBudget,
      );
      return;
    }
    // Levels begin at "a little".
    if (effort == Effort.None && this.model.thinksByLevel) request.adjust(Parameter.ReasoningEffort);
    this.key("thinkingConfig").object();
    if (this.model.thinksByLevel) this.json.key("thinkingLevel").string(levelOf(effort, this.model.isPro));
    else this.json.key("thinkingBudget").number(this.budget());
    if (effort != Effort.None) this.json.key("includeThoughts").bool(true);
    this.json.endObject();
  }

  /** -1 leaves it to the model. */
  private budget(): i32 {
    const request = this.request;
    if (request.thinking == Thinking.Adaptive && request.effort == Effort.Absent) return -1;
    if (request.thinking == Thinking.Enabled && request.thinkingBudget < 0) return -1;
    const budget = requestedBudget(request);
    if (!this.model.isPro || budget >= PRO_MINIMUM) return budget;
    request.adjust(Parameter.ReasoningEffort);
    return PRO_MINIMUM;
  }
}

/** Pro models know neither `minimal` nor `medium` from the start, and none of them can be switched off. */
function levelOf(effort: Effort, isPro: bool): string {
  switch (effort) {
    case Effort.None:
    case Effort.Minimal:
      return isPro ? "low" : "minimal";
    case Effort.Low:
      return "low";
    case Effort.Medium:
      return isPro ? "high" : "medium";
  }
  return "high";
}
