/**
 * As much of PromQL as dashboards need, to hold their queries against what a gateway really exposes: which metrics a
 * query names, which labels it matches or groups by, and whether its brackets and functions are right. Also the text
 * format of a scrape.
 */

/** Series by the name of the metric: the labels of each, and its value. */
export type Scrape = Map<string, { labels: Record<string, string>; value: number }[]>;

/** Reads the Prometheus text exposition format. */
export function parseScrape(text: string): Scrape {
  const scrape: Scrape = new Map();
  for (const line of text.split("\n")) {
    const match = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (line.startsWith("#") || !match) continue;
    const [, name = "", labels = "", value] = match;
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
    const series = scrape.get(name) ?? [];
    series.push({
      labels: Object.fromEntries(pairs.map(([, label, text]) => [label, text])),
      value: Number(value),
    });
    scrape.set(name, series);
  }
  return scrape;
}

const FUNCTIONS = new Set([
  ...["sum", "max", "min", "avg", "count", "topk", "bottomk"],
  ...["rate", "irate", "increase", "histogram_quantile", "clamp_min", "label_replace", "vector"],
]);
const KEYWORDS = new Set([
  "by",
  "without",
  "on",
  "ignoring",
  "group_left",
  "group_right",
  "or",
  "and",
  "unless",
]);

type Token = { kind: "name" | "number" | "text" | "range" | "sign"; text: string };

function tokensOf(query: string): Token[] {
  const tokens: Token[] = [];
  const pattern =
    /\s+|([a-zA-Z_:][\w:]*)|(\d+(?:\.\d+)?)|"((?:[^"\\]|\\.)*)"|\[((?:\d+[smhd])+|\$__\w+)\]|([(){},]|=~|!~|!=|==|>=|<=|[=<>+\-*/])/gy;
  while (pattern.lastIndex < query.length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(query);
    if (!match) throw new Error(`cannot be read from "${query.slice(at, at + 20)}" on`);
    const [, name, number, text, range, sign] = match;
    if (name !== undefined) tokens.push({ kind: "name", text: name });
    else if (number !== undefined) tokens.push({ kind: "number", text: number });
    else if (text !== undefined) tokens.push({ kind: "text", text });
    else if (range !== undefined) tokens.push({ kind: "range", text: range });
    else if (sign !== undefined) tokens.push({ kind: "sign", text: sign });
  }
  return tokens;
}

/** One metric in a query, with the labels that matchers and groupings around it name. */
export interface Selector {
  metric: string;
  labels: Set<string>;
}

/** The selectors of a query. Throws where it is no PromQL that this knows. */
export function selectorsOf(query: string): Selector[] {
  const tokens = tokensOf(query);
  const selectors: Selector[] = [];
  const groupings: string[] = [];
  let depth = 0;
  for (let at = 0; at < tokens.length; at++) {
    const { kind, text } = tokens[at] as Token;
    const next = tokens[at + 1]?.text;
    if (kind === "sign" && text === "(") depth++;
    else if (kind === "sign" && text === ")") {
      if (--depth < 0) throw new Error("a bracket is closed that was not opened");
    } else if (kind === "name" && KEYWORDS.has(text)) {
      if (!["by", "without", "on", "ignoring", "group_left", "group_right"].includes(text)) continue;
      at = readNames(tokens, at + 1, groupings);
    } else if (kind === "name" && (next === "(" || next === "by" || next === "without")) {
      if (!FUNCTIONS.has(text)) throw new Error(`there is no function "${text}"`);
    } else if (kind === "name") {
      const selector: Selector = { metric: text, labels: new Set() };
      if (next === "{") at = readMatchers(tokens, at + 1, selector.labels);
      selectors.push(selector);
    }
  }
  if (depth !== 0) throw new Error("a bracket is not closed");
  if (selectors.length === 0) throw new Error("it names no metric");
  for (const { labels } of selectors) for (const label of groupings) labels.add(label);
  return selectors;
}

/** `(a, b)` from `at` on; the index of its end. */
function readNames(tokens: Token[], at: number, names: string[]): number {
  if (tokens[at]?.text !== "(") throw new Error("a grouping has no brackets");
  for (let index = at + 1; index < tokens.length; index++) {
    const { kind, text } = tokens[index] as Token;
    if (text === ")") return index;
    if (kind === "name") names.push(text);
    else if (text !== ",") throw new Error(`"${text}" stands in a grouping`);
  }
  throw new Error("a grouping is not closed");
}

/** `{a="x",b=~"y"}` from `at` on; the index of its end. */
function readMatchers(tokens: Token[], at: number, labels: Set<string>): number {
  let index = at + 1;
  while (tokens[index]?.text !== "}") {
    const [label, operator, value] = tokens.slice(index, index + 3);
    const isRight = label?.kind === "name" && value?.kind === "text";
    if (!isRight || !["=", "!=", "=~", "!~"].includes(operator?.text ?? "")) {
      throw new Error(`a matcher is wrong near "${label?.text}"`);
    }
    labels.add(label.text);
    index += 3;
    if (tokens[index]?.text === ",") index++;
  }
  return index;
}

/** What a scrape does not have of a query: metrics, or labels of them. */
export function missing(query: string, scrape: Scrape): string[] {
  return selectorsOf(query).flatMap(({ metric, labels }) => {
    const series = scrape.get(metric);
    if (series === undefined) return [`no metric ${metric}`];
    return [...labels]
      .filter((label) => !series.some((one) => label in one.labels))
      .map((label) => `no label ${label} of ${metric}`);
  });
}
