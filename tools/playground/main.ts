/** The page: what is typed goes through the plugin, and what comes out is shown. */
import pluginUrl from "../../build/plugin.wasm?url";
import { check } from "../check/check.ts";
import { type Problem, readContents } from "../check/file.ts";
import type { JsonObject } from "../higress/wasm-plugin.ts";
import { type Trial, type TrialAnswer, tryExchange } from "../try/exchange.ts";
import { EXAMPLES } from "./examples.ts";
import { watchGateway } from "./live.ts";
import { conditionsOf, type RuleChoice } from "./rules.ts";
import { badge, element, showClient, showProblems, showUpstream } from "./view.ts";

/** Typing is followed after this pause. */
const PAUSE_MS = 120;

const configuration = element<HTMLTextAreaElement>("configuration");
const request = element<HTMLTextAreaElement>("request");
const answer = element<HTMLTextAreaElement>("answer");
const path = element<HTMLInputElement>("path");
const type = element<HTMLSelectElement>("type");
const status = element<HTMLInputElement>("status");
const cut = element<HTMLInputElement>("cut");
const then = element<HTMLSelectElement>("then");
const rule = element<HTMLSelectElement>("rule");
const example = element<HTMLSelectElement>("example");
const theme = element<HTMLButtonElement>("theme");

let module: WebAssembly.Module;
/** Number of the run that was started last: an older one that ends later shows nothing. */
let latest = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

function showExample(index: number): void {
  const chosen = EXAMPLES[index];
  if (chosen === undefined) return;
  configuration.value = chosen.configuration;
  path.value = chosen.path;
  request.value = JSON.stringify(chosen.request, null, 2);
  type.value = chosen.contentType;
  status.value = "200";
  answer.value = chosen.answer;
  then.value = "rest";
  measure(true);
}

/** The slider goes over the bytes of the answer. */
function measure(isWhole: boolean): void {
  const wasWhole = cut.value === cut.max;
  const { length } = new TextEncoder().encode(answer.value);
  cut.max = String(length);
  if (isWhole || wasWhole) cut.value = cut.max;
}

/** Checks and tries what is on the page now. */
async function run(): Promise<void> {
  const own = ++latest;
  const text = configuration.value;
  const report = await check(module, text);
  if (own !== latest) return;
  const { length } = report.problems;
  if (length === 0) badge("verdict", "all is right", "good");
  else badge("verdict", length === 1 ? "1 mistake" : `${length} mistakes`, "bad");
  showProblems(report.problems, report.notes, goTo);

  const [found] = readContents(text).found;
  const settings = found?.configuration;
  const choice = chosenRule(settings);
  element("cut-text").textContent = `${cut.value} / ${cut.max} B`;
  if (settings === undefined) return;
  const host = found?.host === "higress" ? "higress" : "envoy";
  const outcome = await tryExchange(module, trialOf(settings, host, choice));
  if (own !== latest) return;
  showUpstream(outcome);
  showClient(outcome);
  element("log").textContent = outcome.log.join("\n");
}

function trialOf(settings: JsonObject, host: "higress" | "envoy", choice: RuleChoice | undefined): Trial {
  // Without the flag, plain Envoy does not hold headers: then most of what is to be seen here is refused.
  const configuration = host === "envoy" ? { allowOnHeadersStopIteration: true, ...settings } : settings;
  return {
    configuration,
    host,
    path: path.value,
    body: request.value,
    answer: answerOf(),
    ...choice?.request,
  };
}

function answerOf(): TrialAnswer {
  const whole = new TextEncoder().encode(answer.value);
  const arrived = Number(cut.value);
  const code = Number(status.value);
  const common = {
    status: code >= 200 && code <= 599 ? code : 200,
    contentType: type.value,
  };
  if (then.value === "rest") return { ...common, body: whole, cuts: [arrived] };
  return { ...common, body: whole.subarray(0, arrived), isBroken: then.value === "break" };
}

/** The rule whose request is tried; the choice is only there where there are rules. */
function chosenRule(settings: JsonObject | undefined): RuleChoice | undefined {
  const choices = conditionsOf(settings ?? {});
  element("rule-field").hidden = choices.length === 0;
  const titles = choices.map((choice) => choice.title);
  if (titles.join() !== [...rule.options].map((option) => option.text).join()) {
    rule.replaceChildren(...titles.map((title) => new Option(title)));
  }
  return choices[Math.max(rule.selectedIndex, 0)];
}

/** Puts the cursor to a problem's place and scrolls there. */
function goTo({ line, column }: Problem): void {
  const lines = configuration.value.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
  configuration.focus();
  configuration.setSelectionRange(before + column - 1, before + (lines[line - 1]?.length ?? 0));
}

function soon(): void {
  clearTimeout(timer);
  timer = setTimeout(run, PAUSE_MS);
}

/** Follows the system until a choice is made, which is kept. */
function showTheme(): void {
  const chosen = localStorage.getItem("theme");
  if (chosen === null) delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
  theme.textContent = isDark() ? "☀ Light" : "☾ Dark";
}

function isDark(): boolean {
  const chosen = localStorage.getItem("theme");
  return chosen === null ? matchMedia("(prefers-color-scheme: dark)").matches : chosen === "dark";
}

async function start(): Promise<void> {
  showTheme();
  theme.addEventListener("click", () => {
    localStorage.setItem("theme", isDark() ? "light" : "dark");
    showTheme();
  });
  example.replaceChildren(...EXAMPLES.map(({ title }, index) => new Option(title, String(index))));
  example.addEventListener("change", () => {
    showExample(example.selectedIndex);
    soon();
  });
  for (const input of [configuration, request, path, type, status, cut, then, rule]) {
    input.addEventListener("input", soon);
  }
  answer.addEventListener("input", () => {
    measure(false);
    soon();
  });
  showExample(0);
  module = new WebAssembly.Module(await (await fetch(pluginUrl)).arrayBuffer());
  await run();
  document.documentElement.dataset.ready = "";
  await watchGateway();
}

start().catch((error) => badge("verdict", `The page cannot run the plugin: ${error}`, "bad"));
