import { Utf8, borrow, toText, utf8 } from "../../bytes/slice";
import { Auth, AuthType, Service } from "../model";
import { Values } from "../values";
import { note } from "./ignored";

/** Types that are called without a key as a matter of course. */
const KEYLESS: string[] = ["ollama", "vllm", "generic", "triton", "openai", "hunyuan", "bedrock", "vertex"];

/** Types whose keys have a scheme of their own before them. */
const SCHEMES: string[] = ["deepl", "DeepL-Auth-Key "];

/**
 * How a provider's keys go to its service.
 * @param place as `Vendor.key`; "authorization" means a bearer token
 */
export function readKeys(
  service: Service,
  values: Values,
  type: string,
  place: string,
  path: string,
  notes: string[],
): void {
  const tokens = values.texts("apiTokens");
  noteEnabled(values, "failover", path, notes);
  if (tokens.length == 0) {
    service.passesKey = type == "openai";
    if (!KEYLESS.includes(type)) {
      note(notes, path + ": there are no apiTokens, so requests of type " + type + " go without a key");
    }
    return;
  }
  if (type == "triton") return;
  const scheme = SCHEMES.indexOf(type);
  const isBearer = values.flag("claudeCodeMode") && type == "claude";
  service.auth = keyAuth(
    tokens[0],
    isBearer ? "authorization" : place,
    scheme < 0 ? "" : SCHEMES[scheme + 1],
  );
  if (tokens.length > 1) note(notes, path + ".apiTokens: only the first key is used");
}

function noteEnabled(values: Values, name: string, path: string, notes: string[]): void {
  if (values.object(name).flag("enabled"))
    note(notes, path + "." + name + " is ignored: it is not supported");
}

function keyAuth(token: Utf8, place: string, scheme: string): Auth {
  const auth = new Auth();
  const isQuery = place.startsWith("?");
  if (place == "none") return auth;
  auth.type = isQuery ? AuthType.Query : place == "authorization" ? AuthType.Bearer : AuthType.Header;
  auth.name = utf8(isQuery ? place.substring(1) : place == "raw" ? "authorization" : place);
  const before = scheme.length > 0 ? scheme : auth.type == AuthType.Bearer ? "Bearer " : "";
  auth.value = before.length == 0 ? token : utf8(before + toText(borrow(token)));
  return auth;
}
