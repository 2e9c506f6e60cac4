import { NONE } from "../../bytes/slice";
import { Parameter } from "../../chat/parameters";
import { ChatRequest } from "../../chat/request";
import { parseDecimal } from "../../json/number";
import { JsonWriter } from "../../json/writer";
import { RenderOptions } from "../format";
import { takesSampling, takesTemperatureWithTopP } from "./models";
import { ThinkingPlan } from "./thinking";

/**
 * Writes temperature, top_p and top_k as far as the model takes them. Anthropic's temperatures end at 1, where most
 * vendors' end at 2; a higher one becomes 1.
 */
export function writeSampling(
  request: ChatRequest,
  options: RenderOptions,
  plan: ThinkingPlan,
  json: JsonWriter,
): void {
  const mayWrite = !plan.isOn && takesSampling(options.model);
  const temperature = request.value(Parameter.Temperature);
  const topP = request.value(Parameter.TopP);
  const topK = request.value(Parameter.TopK);
  if (!mayWrite) {
    if (temperature != NONE) request.adjust(Parameter.Temperature);
    if (topP != NONE) request.adjust(Parameter.TopP);
    if (topK != NONE) request.adjust(Parameter.TopK);
    return;
  }
  if (temperature != NONE) {
    const value = parseDecimal(temperature, 1);
    json.key("temperature");
    if (value >= 0 && value <= 1) {
      json.raw(temperature);
    } else {
      json.number(value < 0 ? 0 : 1);
      request.adjust(Parameter.Temperature);
    }
  }
  if (topP != NONE) {
    if (temperature == NONE || takesTemperatureWithTopP(options.model)) json.key("top_p").raw(topP);
    else request.adjust(Parameter.TopP);
  }
  if (topK != NONE) json.key("top_k").raw(topK);
}
