/**
 * Configuration files: which configurations a YAML or JSON text holds, and where in it a value stands. A file may
 * hold WasmPlugin resources among others, an Envoy configuration, or just the plugin's configuration.
 * Runs in Node and in browsers.
 */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  visit,
} from "yaml";
import {
  isObject,
  isWasmPlugin,
  type Json,
  type JsonObject,
  type Path,
  translate,
} from "../higress/wasm-plugin.ts";
import { envoyConfigurations } from "./envoy.ts";
import { type Variables, variablesOfResource } from "./variables.ts";

/** A problem at a place of a text. Lines and columns begin at 1. */
export interface Problem {
  line: number;
  column: number;
  /** The place in the plugin's terms, such as `services[0].format`; empty where it has none. */
  at: string;
  message: string;
}

/** One configuration of the plugin in a file. */
export interface Found {
  /** For people: `WasmPlugin higress-system/eureka-ai-proxy`. */
  title: string;
  host: "higress" | "envoy" | "unknown";
  /** Undefined: the gateway would not load the plugin. */
  configuration: JsonObject | undefined;
  /** Where a value of the configuration stands in the text. */
  place(path: Path): { line: number; column: number };
  /** What is wrong around the configuration. */
  problems: Problem[];
  /** What its virtual machine has of environment variables; undefined: the file does not say. */
  variables: Variables | undefined;
}

/** What a text holds. */
export interface Contents {
  found: Found[];
  /** What keeps the text from being read: then nothing is found. */
  problems: Problem[];
  /** Kinds of the other resources, which are not looked at. */
  others: string[];
}

/** Reads a text. Never throws for what is in the text. */
export function readContents(text: string): Contents {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: true });
  const contents: Contents = { found: [], problems: [], others: [] };
  if ("empty" in documents) return contents;
  for (const document of documents) {
    // What does not read as YAML makes nonsense of what is behind it: one mistake is enough.
    const first = document.errors.find(({ code }) => code !== "DUPLICATE_KEY");
    for (const error of first ? [first] : document.errors) {
      const [start] = error.linePos ?? [{ line: 1, col: 1 }];
      const message = error.message.split(" at line ")[0] ?? error.message;
      contents.problems.push({ line: start.line, column: start.col, at: "", message });
    }
  }
  if (contents.problems.length > 0) return contents;
  for (const document of documents) readDocument(document, lines, contents);
  return contents;
}

function readDocument(document: Document.Parsed, lines: LineCounter, contents: Contents): void {
  const value = document.toJS() as Json;
  if (value === null) return;
  const place = (path: Path) => placeOf(document, lines, path);
  if (isWasmPlugin(value)) {
    const translation = translate(value);
    const { name = "?", namespace } = value.metadata ?? {};
    contents.found.push({
      title: `WasmPlugin ${namespace === undefined ? name : `${namespace}/${name}`}`,
      host: "higress",
      configuration: translation.configuration,
      place: (path) => place(translation.locate(path)),
      problems: [
        ...translation.problems.map(({ path, message }) => ({ ...place(path), at: textOf(path), message })),
        ...oldFlags(document, lines),
      ],
      variables: variablesOfResource(value.spec),
    });
  } else if (isObject(value) && typeof value.kind === "string" && typeof value.apiVersion === "string") {
    contents.others.push(value.kind);
  } else if (isObject(value) && isEnvoy(value)) {
    for (const filter of envoyConfigurations(value)) {
      contents.found.push({
        title: "Envoy filter",
        host: "envoy",
        configuration: filter.configuration,
        place: () => place(filter.path),
        problems: filter.problems.map((message) => ({ ...place(filter.path), at: "", message })),
        variables: filter.variables,
      });
    }
  } else if (isObject(value)) {
    const configuration = value as JsonObject;
    const variables = undefined;
    const problems: Problem[] = [];
    contents.found.push({
      title: "configuration",
      host: "unknown",
      configuration,
      place,
      problems,
      variables,
    });
  } else {
    contents.problems.push({ ...place([]), at: "", message: "the configuration is no object" });
  }
}

/** Words that are flags to kubectl, which reads YAML 1.1, and texts in YAML 1.2. */
const OLD_FLAG = /^(?:y|yes|on|n|no|off)$/i;

function oldFlags(document: Document.Parsed, lines: LineCounter): Problem[] {
  const found: Problem[] = [];
  visit(document, {
    Scalar(_, node) {
      if (node.type !== "PLAIN" || typeof node.value !== "string" || !OLD_FLAG.test(node.value)) return;
      const { line, col } = lines.linePos(node.range?.[0] ?? 0);
      const message = `${node.value}: kubectl reads it as true or false; put it in quotes`;
      found.push({ line, column: col, at: "", message });
    },
  });
  return found;
}

function isEnvoy(value: Record<string, unknown>): boolean {
  return ["static_resources", "admin", "resources", "@type"].some((name) => name in value);
}

/** The place of a value, or of the nearest thing around it that is there. */
function placeOf(
  document: Document.Parsed,
  lines: LineCounter,
  path: Path,
): { line: number; column: number } {
  let node: Node | null = document.contents;
  let offset = node?.range?.[0] ?? 0;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document) ?? null;
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => String(isScalar(item.key) ? item.key.value : item.key) === `${step}`,
      );
      if (pair === undefined) break;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value as Node | null;
    } else if (isSeq(node)) {
      const item = node.items[Number(step)] as Node | undefined;
      if (item === undefined) break;
      offset = item.range?.[0] ?? offset;
      node = item;
    } else {
      break;
    }
  }
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** `spec.matchRules[0].routeType`. */
function textOf(path: Path): string {
  return path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`))
    .join("")
    .replace(/^\./, "");
}
