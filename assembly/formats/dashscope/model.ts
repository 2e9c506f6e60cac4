import { Slice, indexOf } from "../../bytes/slice";
import { Parameter } from "../../chat/parameters";
import { ChatRequest } from "../../chat/request";

/** Parts of the names of models that are called through the other path. Source: Model Studio, model list. */
const MULTIMODAL: StaticArray<string> = ["-vl", "qvq", "-ocr", "-audio", "-omni", "qwen3.5", "qwen3.6"];

/** Whether a request goes to multimodal generation: because of its model (JSON string body), or of its media. */
export function isMultimodal(request: ChatRequest, model: Slice): bool {
  if (request.has(Parameter.ImageUrl) || request.has(Parameter.ImageData)) return true;
  if (request.has(Parameter.AudioInput) || request.has(Parameter.VideoInput)) return true;
  if (request.has(Parameter.ToolResultImage)) return true;
  for (let i = 0; i < MULTIMODAL.length; i++) {
    if (indexOf(model, unchecked(MULTIMODAL[i])) >= 0) return true;
  }
  return false;
}
