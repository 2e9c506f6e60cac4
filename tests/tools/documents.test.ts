/** Every block of YAML and JSON in the documents is what it looks like, and the plugin takes its configurations. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { FIELDS } from "../../assembly/config/fields.ts";
import { check } from "../../tools/check/check.ts";
import { tryExchange } from "../../tools/try/exchange.ts";
import { builtPluginModule } from "../support/built-plugin.ts";
import { declarationOf } from "../support/declared.ts";
import { type Block, documentBlocks, documentFiles, documentText } from "../support/documents.ts";
import { type Resource, resourceProblems } from "../support/kubernetes.ts";

type Values = Record<string, unknown>;

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const BLOCKS = documentBlocks().filter((block) => ["yaml", "json", "jsonc"].includes(block.language));

const CONFIGURATION = FIELDS.filter((field) => field.owner === "config").map((field) => field.name);
const SERVICE = FIELDS.filter((field) => field.owner === "service").map((field) => field.name);
/** Members by which the bodies of the APIs are known. */
const BODY = [
  "prompt",
  "question",
  "inputs",
  "messages",
  "choices",
  "contents",
  "error",
  "data",
  "input",
  "candidates",
  "object",
];

/** What a declared format has at its top; a request of a client has none of it. */
const DECLARED = ["request", "embeddings", "rerank"];

/** What a value is, by its members; undefined: nobody knows. */
function kindOf(
  value: unknown,
): "resource" | "envoy" | "configuration" | "services" | "format" | "template" | "body" | undefined {
  if (hasAny(value, DECLARED)) return "format";
  if (/"\$(value|each|text|if|const)":/.test(JSON.stringify(value)) && !hasAny(value, CONFIGURATION))
    return Array.isArray(value) ? "services" : "template";
  if (Array.isArray(value)) return value.every((item) => hasAny(item, SERVICE)) ? "services" : undefined;
  if (hasAny(value, ["kind"]) && hasAny(value, ["apiVersion"])) return "resource";
  if (hasAny(value, ["static_resources", "stats_config"]) || JSON.stringify(value).includes('"@type"'))
    return "envoy";
  if (hasAny(value, CONFIGURATION)) return "configuration";
  return hasAny(value, BODY) ? "body" : undefined;
}

function hasAny(value: unknown, names: string[]): boolean {
  return typeof value === "object" && value !== null && names.some((name) => Object.hasOwn(value, name));
}

/** The values in a block; a mistake of its syntax fails the test. */
function valuesOf(block: Block): unknown[] {
  if (block.language === "json") return [JSON.parse(block.text)];
  const text = block.language === "jsonc" ? block.text.replaceAll(/^\s*\/\/.*$/gm, "") : block.text;
  return parseAllDocuments(text).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS();
  });
}

async function problemsOf(value: unknown): Promise<string[]> {
  const text = (checked: unknown) => JSON.stringify(checked);
  const plugin = builtPluginModule();
  switch (kindOf(value)) {
    case "resource": {
      const resource = value as Resource;
      const { problems } =
        resource.kind === "WasmPlugin" ? await check(plugin, text(value)) : { problems: [] };
      return [...resourceProblems(resource), ...problems.map((problem) => problem.message)];
    }
    case "envoy": {
      if (!hasAny(value, ["static_resources"])) return [];
      return (await check(plugin, text(value))).problems.map((problem) => problem.message);
    }
    case "services":
      return problemsOf({ services: value, eureka: { servers: [{ cluster: "eureka" }] } });
    case "format":
      return problemsOf({ services: [{ cluster: "a", format: value }] });
    case "template":
      return problemsOf({ request: { path: "/", body: value }, response: { text: "$.text" } });
    case "configuration": {
      const { problems } = await check(plugin, text(value));
      return problems.map((problem) => `${problem.at}: ${problem.message}`);
    }
    case "body":
      return [];
    default:
      return [`nobody knows what this is: ${text(value)}`];
  }
}

describe("blocks of code", () => {
  it.each(BLOCKS.map((block) => [`${block.file}:${block.line}`, block] as const))("%s", async (_, block) => {
    for (const value of valuesOf(block)) expect(await problemsOf(value)).toEqual([]);
  });

  it("are found, and wrong ones fail", async () => {
    expect(BLOCKS.length).toBeGreaterThan(5);
    expect(await problemsOf({ services: [{ cluster: "a", fromat: "x" }] })).toHaveLength(1);
    expect(await problemsOf({ servcies: [] })).toHaveLength(1);
  });
});

describe("examples of declared formats", () => {
  const file = "docs/declared-formats.md";
  const [, examples = ""] = documentText(file).split(/^## Three complete examples$/m);
  const headings = [...examples.matchAll(/^### (.*)$/gm)].map((match) => match[1] ?? "");
  const blocksOf = (heading: string) =>
    documentBlocks().filter((block) => block.file === file && block.heading === heading);

  it("are three", () => expect(headings).toHaveLength(3));

  it.each(headings)("%s", async (heading) => {
    const [configuration, question, asked, answer, text, ...more] = blocksOf(heading);
    expect(more).toEqual([]);
    const [declared] = valuesOf(configuration!) as [{ services: { name: string }[] }];
    const outcome = await tryExchange(builtPluginModule(), {
      configuration: declared,
      host: "higress",
      service: declared.services[0]?.name,
      path: "/v1/chat/completions",
      headers: {},
      body: Buffer.from(question!.text),
      answer: {
        body: Buffer.from(answer!.text),
        status: 200,
        contentType: answer!.language === "ndjson" ? "application/x-ndjson" : "text/event-stream",
      },
    });
    expect(outcome).toMatchObject({ problems: [], isRefused: false, isTorn: false });
    expect(JSON.parse(outcome.upstream?.body ?? "")).toEqual(JSON.parse(asked!.text));
    const events = (outcome.client?.body ?? "").split("\n").filter((line) => line.startsWith("data: {"));
    const choices = events.flatMap((line) => JSON.parse(line.slice(6)).choices as Values[]);
    const said = choices.map(({ delta }) => (delta as { content?: string }).content ?? "").join("");
    expect(`${said}\n`).toBe(text!.text);
    expect(choices.at(-1)?.finish_reason).toBe("stop");
    expect(outcome.client?.body).toContain("data: [DONE]");
  });

  it("have the one that npm start serves", () => {
    const [block] = blocksOf(headings[1] ?? "");
    const [{ services }] = valuesOf(block!) as [{ services: { format: unknown }[] }];
    expect(services[0]?.format).toEqual(declarationOf("spring"));
  });
});

describe("files", () => {
  const files = documentFiles(".yaml").filter((file) => !file.startsWith("docs/kubernetes/"));

  it.each(files)("%s", async (file) => {
    for (const document of parseAllDocuments(documentText(file))) {
      expect(await problemsOf(document.toJS() as Values)).toEqual([]);
    }
  });
});

describe("links", () => {
  it.each(documentFiles(".md"))("%s leads to files that are there", (file) => {
    const text = documentText(file).replaceAll(/```.*?```/gs, "");
    const links = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map((match) => match[1] ?? "");
    for (const link of links.filter((link) => !/^(https?|mailto):/.test(link))) {
      expect(existsSync(join(ROOT, dirname(file), link)), link).toBe(true);
    }
  });
});
