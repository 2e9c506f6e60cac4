import { Utf8, borrow, lengthOf, toOwned, toText, utf8 } from "../../bytes/slice";
import { ReasoningMode } from "../../chat/reasoning";
import { ContextFile, Manners } from "../manners";
import { Values } from "../values";
import { readSettings } from "./settings";
import { readUpstream } from "./upstream";
import { Url } from "./url";

/** Types that know the role `developer`. */
const DEVELOPERS: string[] = ["openai", "azure"];

/** Types that take `responseJsonSchema`. */
const SCHEMAS: string[] = ["openai", "longcat"];

/** The only model that reads files by their ids, and what has to stand before them. Source: DashScope, "long context". */
const FILE_MODEL: string = "qwen-long";
const FILE_PREFIX: string = "fileid://";

/** What Claude Code's keys are meant for: requests that say so. */
const CLAUDE_CODE: string = "You are Claude Code, Anthropic's official CLI for Claude.";

/** Milliseconds for the plugin's own calls where the configuration says 0. */
const DEFAULT_TIMEOUT: i32 = 120000;

/**
 * What a provider wants changed in requests and answers of chat; null where it is nothing.
 * @param isOriginal whether clients speak the vendor's own API
 * @param row what the vendor's row changes
 * @param path where the provider stands in the configuration, for notes
 */
export function readManners(
  values: Values,
  type: string,
  isOriginal: bool,
  row: Manners | null,
  path: string,
  notes: string[],
): Manners | null {
  const manners = new Manners();
  const edits = manners.edits;
  const isTeam = values.flag("hiclawMode") || values.flag("agentteamsMode");
  edits.settings = readSettings(values.objects("customSettings"), isOriginal ? type : "", path, notes);
  manners.firstByteMs = values.integer("firstByteTimeout");
  if (type == "claude" && values.flag("claudeCodeMode")) edits.opening = utf8(CLAUDE_CODE);
  if (isOriginal) return edits.isWanted || manners.firstByteMs > 0 ? manners : null;
  edits.cleanup = values.texts("contextCleanupCommands");
  edits.merges = isTeam || values.flag("mergeConsecutiveMessages");
  edits.renamesDeveloper = !DEVELOPERS.includes(type);
  if (SCHEMAS.includes(type)) edits.responseFormat = values.json("responseJsonSchema");
  manners.promotesReasoning = isTeam || values.flag("promoteThinkingOnEmpty");
  manners.reasoning = values.choice("reasoningContentMode") as ReasoningMode;
  manners.upstream = readUpstream(values, type, row === null ? null : row.upstream);
  if (row !== null) manners.images = row.images;
  manners.asksForUsage = !values.flag("disableStreamUsageStats");
  if (values.has("context")) manners.context = readContext(values.object("context"), values);
  const files = values.texts("qwenFileIds");
  if (type == "qwen" && files.length > 0) {
    edits.notice = fileNotice(files);
    edits.noticeModel = utf8(FILE_MODEL);
  }
  return manners;
}

function readContext(values: Values, provider: Values): ContextFile {
  const file = new ContextFile();
  const address = values.text("fileUrl");
  const url = Url.parse(borrow(address));
  const port = values.integer("servicePort").toString();
  file.fields = "context.fileUrl, serviceName and servicePort";
  file.cluster = utf8("outbound|" + port + "||" + toText(borrow(values.text("serviceName"))));
  file.authority = toOwned(url.host);
  const query = toText(url.query);
  file.path = utf8(
    (lengthOf(url.path) == 0 ? "/" : toText(url.path)) + (query.length == 0 ? "" : "?" + query),
  );
  file.timeoutMs = timeoutOf(provider);
  return file;
}

/** Milliseconds that the answer to a call of the plugin's own may take. */
export function timeoutOf(provider: Values): i32 {
  return provider.positive("timeout", DEFAULT_TIMEOUT);
}

/** `fileid://a,fileid://b`: the text by which the model finds the files. */
function fileNotice(files: Utf8[]): Utf8 {
  const names: string[] = [];
  for (let i = 0; i < files.length; i++) names.push(FILE_PREFIX + toText(borrow(files[i])));
  return utf8(names.join(","));
}
