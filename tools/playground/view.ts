/** Puts results on the page. Text is only ever set as text, never as HTML. */
import type { Problem } from "../check/file.ts";
import type { Outcome, Side } from "../try/exchange.ts";

/** The element with an id; the page has it. */
export function element<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element ${id}`);
  return found as T;
}

/** A badge: its text, and its color by what it means. */
export function badge(id: string, text: string, meaning: "" | "good" | "bad" | "wait" = ""): void {
  const target = element(id);
  target.textContent = text;
  target.className = `badge ${meaning}`.trim();
}

/** Headers that say nothing here. */
const HIDDEN = new Set([":scheme", ":method", ":path", ":status"]);

/** What goes upstream. */
export function showUpstream({ upstream, endpoint }: Outcome): void {
  badge("endpoint", endpoint === undefined ? "" : `instance ${endpoint}`, "good");
  const target = element("upstream");
  if (upstream === undefined) {
    target.replaceChildren(span("none", "Nothing: the plugin answers by itself."));
    return;
  }
  const get = (name: string) => upstream.headers.find(([key]) => key === name)?.[1] ?? "";
  target.replaceChildren(
    span("first", `${get(":method")} ${get(":path")}\n`),
    ...headLines(upstream),
    ...body(upstream.body),
  );
}

/** What the client gets; what leaves only after the cut is pale. */
export function showClient(outcome: Outcome): void {
  const { client, dropped, isRefused, isTorn } = outcome;
  const note = element("dropped");
  note.hidden = dropped.length === 0;
  note.textContent = `The service's format has no place for: ${dropped.join(", ")}`;
  const target = element("client");
  if (client === undefined) {
    badge("result", "nothing", "bad");
    target.replaceChildren(span("none", "Nothing arrives at the client."));
    return;
  }
  const isWell = client.status < 400 && !isTorn;
  const what = isTorn ? "torn off" : isRefused ? "made by the plugin" : "";
  badge("result", [client.status, what].filter(Boolean).join(", "), isWell ? "good" : "bad");
  const isWhole = client.arrived === client.body;
  const rest = client.body.slice(client.arrived.length);
  target.replaceChildren(
    span("first", `${client.status}\n`),
    ...headLines(client),
    ...(isWhole ? body(client.body) : [...colored(client.arrived), span("mark", ""), span("later", rest)]),
  );
}

/** What is wrong, each a button that leads to its line. */
export function showProblems(
  problems: Problem[],
  notes: Problem[],
  onChosen: (problem: Problem) => void,
): void {
  const list = element("problems");
  const item = (problem: Problem, className: string): HTMLElement => {
    const button = document.createElement("button");
    button.type = "button";
    const place = document.createElement("b");
    place.textContent = `${problem.line}:${problem.column} `;
    button.append(place, problem.at === "" ? problem.message : `${problem.at}: ${problem.message}`);
    button.addEventListener("click", () => onChosen(problem));
    const entry = document.createElement("li");
    entry.className = className;
    entry.append(button);
    return entry;
  };
  list.replaceChildren(
    ...problems.map((problem) => item(problem, "problem")),
    ...notes.map((note) => item(note, "remark")),
  );
  list.hidden = list.childElementCount === 0;
}

function headLines(side: Side): Node[] {
  const lines = side.headers
    .filter(([name]) => !HIDDEN.has(name))
    .map(([name, value]) => span("line", `${name}: ${value}\n`));
  return [...lines, span("gap", "")];
}

function body(text: string): Node[] {
  return colored(indented(text));
}

/** JSON with line breaks; anything else as it is. */
function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** A string with what tells a member's name, a number or constant, or anything else. */
const TOKEN = /("(?:[^"\\\n]|\\.)*")(\s*:)?|-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b|\b(?:true|false|null)\b/g;

/** Text with its JSON in color. */
function colored(text: string): Node[] {
  const nodes: Node[] = [];
  let at = 0;
  for (const match of text.matchAll(TOKEN)) {
    nodes.push(document.createTextNode(text.slice(at, match.index)));
    const [whole, quoted, colon] = match;
    nodes.push(span(quoted === undefined ? "number" : colon === undefined ? "string" : "name", whole));
    at = match.index + whole.length;
  }
  nodes.push(document.createTextNode(text.slice(at)));
  return nodes;
}

function span(className: string, text: string): HTMLElement {
  const made = document.createElement("span");
  made.className = className;
  made.textContent = text;
  return made;
}
