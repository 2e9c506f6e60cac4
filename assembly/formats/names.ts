import { NONE } from "../bytes/slice";
import { ChatRequest } from "../chat/request";
import { ToolNames } from "../chat/tool-names";

/** The tools of a request whose names an upstream with this limit does not take; null where it takes all. */
export function toolNamesOf(request: ChatRequest, limit: i32): ToolNames | null {
  const names = new ToolNames();
  for (let i = 0; i < request.tools.length; i++) {
    const tool = unchecked(request.tools[i]);
    if (tool.hosted == NONE) names.add(tool.name, limit);
  }
  return names.isEmpty ? null : names;
}
