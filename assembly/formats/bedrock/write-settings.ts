import { NONE } from "../../bytes/slice";
import { EFFORT_NAMES, requestedEffort } from "../../chat/effort";
import { Parameter } from "../../chat/parameters";
import { ChatRequest, Effort, Thinking } from "../../chat/request";
import { parseDecimal } from "../../json/number";
import { JsonWriter } from "../../json/writer";
import { takesSampling, takesTemperatureWithTopP } from "../anthropic/models";
import { ThinkingPlan, planThinking } from "../anthropic/thinking";
import { RenderOptions } from "../format";
import { Turn } from "../turns";
import { Family, familyOf, novaReasons } from "./model";

/** Writes `inferenceConfig`, which all models know, and `additionalModelRequestFields`, which belong to each vendor. */
@final
export class SettingsWriter {
  private family: Family = familyOf(this.options.model);
  private plan: ThinkingPlan = new ThinkingPlan();
  private isOpen: bool = false;

  constructor(
    private request: ChatRequest,
    private options: RenderOptions,
    private turns: Array<Turn>,
    private json: JsonWriter,
  ) {}

  write(): void {
    if (this.family == Family.Anthropic) {
      this.plan = planThinking(this.request, this.options, this.turns);
    }
    this.inference();
    this.close();
    this.additional();
    this.close();
  }

  // ---- inferenceConfig ----------------------------------------------------------------------------------------

  private inference(): void {
    const request = this.request;
    const limit = request.value(Parameter.MaxTokens);
    if (this.plan.isOn) this.key("inferenceConfig", "maxTokens").number(this.plan.maxTokens);
    else if (limit != NONE) this.key("inferenceConfig", "maxTokens").raw(limit);
    const takesNumbers = this.takesSampling();
    const hasTemperature = takesNumbers && request.value(Parameter.Temperature) != NONE;
    const takesBoth =
      this.family != Family.Anthropic || !hasTemperature || takesTemperatureWithTopP(this.options.model);
    this.number(Parameter.Temperature, "temperature", takesNumbers);
    this.number(Parameter.TopP, "topP", takesNumbers && takesBoth);
    const stop = request.stop;
    if (stop.length == 0) return;
    this.key("inferenceConfig", "stopSequences").array();
    for (let i = 0; i < stop.length; i++) this.json.body(unchecked(stop[i]));
    this.json.endArray();
  }

  /** Both numbers end at 1, where other vendors' temperatures end at 2. Source: API reference, InferenceConfiguration. */
  private number(parameter: Parameter, name: string, isTaken: bool): void {
    const value = this.request.value(parameter);
    if (value == NONE) return;
    if (!isTaken) {
      this.request.adjust(parameter);
      return;
    }
    const json = this.key("inferenceConfig", name);
    const number = parseDecimal(value, 1);
    if (number >= 0 && number <= 1) {
      json.raw(value);
    } else {
      json.number(number < 0 ? 0 : 1);
      this.request.adjust(parameter);
    }
  }

  /** Claude takes no sampling parameters while it thinks, and newer ones never. */
  private takesSampling(): bool {
    if (this.family != Family.Anthropic) return true;
    return !this.plan.isOn && takesSampling(this.options.model);
  }

  // ---- additionalModelRequestFields ---------------------------------------------------------------------------

  private additional(): void {
    switch (this.family) {
      case Family.Anthropic:
        this.topK();
        this.claudeThinking();
        break;
      case Family.Nova:
        this.topK();
        this.novaThinking();
        break;
      case Family.OpenAi:
        this.drop(Parameter.TopK);
        this.openAiThinking();
        break;
      default:
        this.drop(Parameter.TopK);
        this.dropThinking();
    }
  }

  private topK(): void {
    const value = this.request.value(Parameter.TopK);
    if (value == NONE) return;
    if (this.family == Family.Nova) this.field("inferenceConfig").object().key("topK").raw(value).endObject();
    else if (this.takesSampling()) this.field("top_k").raw(value);
    else this.request.adjust(Parameter.TopK);
  }

  private claudeThinking(): void {
    const plan = this.plan;
    if (plan.mode == Thinking.Absent) return;
    const json = this.field("thinking").object().key("type");
    if (plan.mode == Thinking.Disabled) json.string("disabled");
    else if (plan.mode == Thinking.Adaptive) json.string("adaptive");
    else json.string("enabled").key("budget_tokens").number(plan.budget);
    json.endObject();
    if (plan.effort == Effort.Absent) return;
    json.key("output_config").object().key("effort").string(effortName(plan.effort)).endObject();
  }

  private novaThinking(): void {
    const effort = requestedEffort(this.request);
    if (effort == Effort.Absent) return;
    if (!novaReasons(this.options.model)) {
      this.dropThinking();
      return;
    }
    const json = this.field("reasoningConfig").object().key("type");
    if (effort == Effort.None) json.string("disabled");
    else json.string("enabled").key("maxReasoningEffort").string(threeLevels(effort));
    json.endObject();
  }

  private openAiThinking(): void {
    const effort = requestedEffort(this.request);
    if (effort == Effort.Absent) return;
    if (effort == Effort.None) this.dropThinking();
    else this.field("reasoning_effort").string(threeLevels(effort));
  }

  private dropThinking(): void {
    this.drop(Parameter.ReasoningEffort);
    this.drop(Parameter.ThinkingBudget);
  }

  private drop(parameter: Parameter): void {
    if (this.request.has(parameter)) this.request.adjust(parameter);
  }

  // ---- objects that are there only with a member in them ------------------------------------------------------

  private field(name: string): JsonWriter {
    return this.key("additionalModelRequestFields", name);
  }

  private key(object: string, name: string): JsonWriter {
    if (!this.isOpen) this.json.key(object).object();
    this.isOpen = true;
    return this.json.key(name);
  }

  private close(): void {
    if (this.isOpen) this.json.endObject();
    this.isOpen = false;
  }
}

function effortName(effort: Effort): string {
  const index = effort as i32;
  return index < EFFORT_NAMES.length ? unchecked(EFFORT_NAMES[index]) : "high";
}

function threeLevels(effort: Effort): string {
  if (effort <= Effort.Low) return "low";
  return effort == Effort.Medium ? "medium" : "high";
}
