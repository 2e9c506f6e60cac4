import { NONE, Slice, same } from "../bytes/slice";
import { Parameter } from "../chat/parameters";
import { ChatRequest, Tool, ToolChoice } from "../chat/request";
import { upstreamName } from "../chat/tool-names";
import { JsonWriter } from "../json/writer";

/** Functions in the shape that OpenAI gave them and several vendors took over. */

/** Writes one function. @param nameBytes most bytes of its name */
export function writeFunction(tool: Tool, nameBytes: i32, hasStrict: bool, json: JsonWriter): void {
  json.object().key("type").string("function").key("function").object();
  json.key("name").body(upstreamName(tool.name, nameBytes));
  if (tool.description != NONE) json.key("description").body(tool.description);
  if (tool.schema != NONE) json.key("parameters").raw(tool.schema);
  if (hasStrict && tool.strict != NONE) json.key("strict").raw(tool.strict);
  json.endObject().endObject();
}

/** Writes the member `tools` with all functions, or only the one named `only`. False where there is none to write. */
export function writeFunctions(request: ChatRequest, only: Slice, nameBytes: i32, json: JsonWriter): bool {
  let written = 0;
  for (let i = 0; i < request.tools.length; i++) {
    const tool = unchecked(request.tools[i]);
    if (tool.hosted != NONE || (only != NONE && !same(tool.name, only))) continue;
    if (written++ == 0) json.key("tools").array();
    writeFunction(tool, nameBytes, false, json);
  }
  if (written > 0) json.endArray();
  return written > 0;
}

/**
 * Writes `tools` for a format that cannot be told which to choose: none where none may be called, only the one that
 * must be called. That one of them must be called is more than such a format can say, and reported.
 */
export function writeOfferedFunctions(request: ChatRequest, nameBytes: i32, json: JsonWriter): void {
  const choice = request.toolChoice;
  if (choice == ToolChoice.None) return;
  if (choice == ToolChoice.Required || choice == ToolChoice.Named) request.adjust(Parameter.ToolChoice);
  writeFunctions(request, choice == ToolChoice.Named ? request.toolName : NONE, nameBytes, json);
}
