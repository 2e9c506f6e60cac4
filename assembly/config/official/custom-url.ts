import { Slice, endsWith, lengthOf, toText, utf8 } from "../../bytes/slice";
import { ALL_APIS } from "../../formats/api";
import { ApiPath } from "../../vendors/paths";
import { NO_QUIRKS } from "../../vendors/quirks";
import { Service } from "../model";
import { Url } from "./url";

/** Ends of paths that are an API, not the base of several. */
const ENDPOINTS: string[] = [
  "/completions",
  "/embeddings",
  "/audio/speech",
  "/audio/transcriptions",
  "/audio/translations",
  "/images/generations",
  "/images/variations",
  "/images/edits",
  "/models",
  "/responses",
  "/fine_tuning/jobs",
  "/fine_tuning/checkpoints",
  "/realtime",
  "/videos",
  "/rerank",
];

/**
 * A server of one's own that speaks OpenAI's language: its host, and either the base of its paths or the one path to which
 * everything goes. What the vendor itself can do says nothing of it.
 */
export function readCustomUrl(service: Service, address: Slice): void {
  const url = Url.parse(address);
  const query = lengthOf(url.query) == 0 ? "" : "?" + toText(url.query);
  const path = toText(url.path);
  service.authority = utf8(toText(url.host));
  service.basePath = utf8(path);
  service.paths = [];
  service.apis = ALL_APIS;
  service.quirks = NO_QUIRKS;
  if (isEndpoint(url.path)) service.paths = [new ApiPath(utf8("*"), utf8(path + query))];
  else if (query.length > 0) service.paths = [new ApiPath(utf8(""), utf8(path + query))];
}

function isEndpoint(path: Slice): bool {
  for (let i = 0; i < ENDPOINTS.length; i++) if (endsWith(path, ENDPOINTS[i])) return true;
  return false;
}
