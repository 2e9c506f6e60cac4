import { encodePercent } from "../../bytes/percent";
import { NONE, borrow, toOwned } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { writePath } from "../../vendors/paths";
import { ContextFile } from "../manners";
import { Service } from "../model";
import { Values } from "../values";
import { note } from "./ignored";
import { timeoutOf } from "./manners";

const FIELD: string = "moonshotFileId";

/**
 * `moonshotFileId`: the text that Moonshot has extracted of a file goes into every chat. It is asked for where requests
 * go, as a client would: host, paths and key are those of the service, which has to be complete. Source: Moonshot API,
 * "Files", "Get file content", whose examples make the whole answer a system message.
 * @param path where the provider stands in the configuration, for notes
 */
export function readMoonshotFile(service: Service, values: Values, path: string, notes: string[]): void {
  const id = values.text(FIELD);
  if (id.byteLength == 0 || service.official != "moonshot") return;
  const manners = service.manners;
  if (service.isOriginal || manners === null) {
    note(notes, path + "." + FIELD + " is ignored: with protocol original requests stay as they are");
    return;
  }
  const rest = new Writer();
  const whole = new Writer();
  rest.ascii("/files/");
  encodePercent(rest, borrow(id));
  rest.ascii("/content");
  writePath(service.paths, service.basePath, rest.view(), NONE, false, whole);
  const file = new ContextFile();
  file.fields = "moonshotFileId, apiTokens and the route's cluster";
  file.authority = service.authority;
  file.path = toOwned(whole.view());
  file.keyName = service.auth.name;
  file.key = service.auth.value;
  file.timeoutMs = timeoutOf(values);
  manners.context = file;
  rest.dispose();
  whole.dispose();
}
