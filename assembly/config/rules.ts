/**
 * Which configuration serves a request: Higress puts one configuration per route, domain or service into
 * `_rules_` of the global one. The first rule that applies wins, then the global configuration, then none.
 *
 * A rule has what it gives itself and inherits the other fields from the global configuration, field by field at
 * the top level. A broken rule stays in place with its problems, so that its requests can be refused with the
 * reason while all others are served.
 */
import { EMPTY, Slice, Utf8, lengthOf, pointerOf, subslice } from "../bytes/slice";
import { ABSENT, Document, Node } from "../json/document";
import { describeJsonError } from "../json/error";
import { Conditions } from "./conditions";
import { Environment } from "./environment";
import { EXTENDED, EXTENDING, fieldsOf } from "./fields";
import { Config } from "./model";
import { Providers } from "./official/providers";
import { Problems } from "./problems";
import { readConfig } from "./read";
import { Source } from "./source";
import { Validator } from "./validate";
import { Values } from "./values";

/** Which provider serves is said by each object for itself, as in the official plugin. */
const NOT_INHERITED: string[] = ["provider", "activeProviderId"];

/** What serves a request. */
export class Rule {
  /** null where there are problems. */
  config: Config | null = null;
  /** What is wrong, for people; free of secrets. */
  problems: string[] = [];
  /** When the rule applies; the global configuration has none. */
  conditions: Conditions = new Conditions();
}

/** Everything that one configuration of the plugin says. */
export class RuleSet {
  /** false: not even the form is right (not JSON, not an object), so that the host has to refuse it. */
  accepted: bool = true;
  /** Everything that is wrong in any rule, for the log. */
  problems: string[] = [];
  /** What is right but surprising, for the log. */
  notes: string[] = [];
  /** In the order in which they are tried. */
  rules: Rule[] = [];
  /** What serves requests that no rule applies to. */
  fallback: Rule | null = null;

  /** A configuration that does nothing. */
  static empty(): RuleSet {
    return new RuleSet();
  }

  /**
   * Reads a configuration. The bytes are not referenced afterwards. Empty bytes and `{}` are a configuration that
   * does nothing.
   * @param environment variables of the VM, which secrets may name; see `Environment`
   */
  static parse(bytes: Slice, environment: Utf8 = EMPTY): RuleSet {
    const set = new RuleSet();
    if (isBlank(bytes)) return set;
    const source = new Source(new Environment(environment));
    const document = source.document;
    if (!document.parse(bytes)) {
      set.refuse(describeJsonError(document.error) + " at " + place(bytes, document.errorOffset));
    } else if (!document.isObject(document.root)) {
      set.refuse("the configuration is not a JSON object");
    } else {
      new Reading(source, set).read();
    }
    source.dispose();
    return set;
  }

  /**
   * The first rule that applies, else the global configuration; null where the plugin has nothing to do, also
   * because what applies names no services. Slices may be NONE where the host does not know a property.
   * @param route the name of the route
   * @param authority the request's host, with or without port
   * @param cluster Envoy's name of the upstream cluster
   */
  match(route: Slice, authority: Slice, cluster: Slice): Rule | null {
    const rules = this.rules;
    for (let i = 0; i < rules.length; i++) {
      const rule = unchecked(rules[i]);
      if (rule.conditions.hold(route, authority, cluster)) return active(rule);
    }
    return active(this.fallback);
  }

  private refuse(problem: string): void {
    this.accepted = false;
    this.problems.push(problem);
  }
}

/** One configuration while it is read. */
class Reading {
  private document: Document;
  private all: Problems = new Problems();
  private global: Problems = new Problems();
  private providers: Providers;

  constructor(
    private source: Source,
    private set: RuleSet,
  ) {
    this.document = source.document;
    this.providers = new Providers(source);
  }

  read(): void {
    const root = this.document.root;
    new Validator(this.source, this.global, "").check(root, EXTENDED);
    this.all.addAll(this.global);
    this.providers.check(root, "", this.all);
    const rules = this.document.find(root, "_rules_");
    const config = this.readOwn(root, "", EXTENDED, null, this.global);
    // Where rules do the work, the global configuration may only hold what they share. A mistake in it must not
    // stop requests that no rule was made for.
    const serves =
      this.document.find(root, "services") != ABSENT ||
      this.providers.isGiven(root) ||
      this.document.firstElement(rules) == ABSENT;
    if (serves) this.set.fallback = finished(config, this.global);
    let index = 0;
    for (
      let rule = this.document.firstElement(rules);
      rule != ABSENT;
      rule = this.document.nextElement(rule)
    ) {
      this.set.rules.push(this.readRule(rule, "_rules_[" + (index++).toString() + "]", config));
    }
    this.set.problems = this.all.lines();
  }

  /** @param base the global configuration, as far as it is right */
  private readRule(node: Node, name: string, base: Config): Rule {
    const problems = new Problems();
    new Validator(this.source, problems, name).check(node, EXTENDING);
    this.inheritProblems(node, name, problems);
    this.all.addAll(problems);
    this.providers.check(node, name, this.all);
    const config = this.readOwn(node, name, EXTENDING, base, problems);
    const rule = finished(config, problems);
    rule.conditions = readConditions(new Values(this.source, node, EXTENDING));
    if (problems.isEmpty && config.services.length == 0) {
      this.set.notes.push(name + ": no services, so requests of this rule are left alone");
    }
    return rule;
  }

  /** What an object says itself, with the provider that it chooses. */
  private readOwn(node: Node, name: string, type: string, base: Config | null, problems: Problems): Config {
    const wrong = new Problems();
    const provider = this.providers.choose(node, name, problems, wrong);
    this.all.addAll(wrong);
    return readConfig(this.source, node, type, base, problems, provider, this.set.notes);
  }

  /** What a rule takes from the global configuration has to be right there. */
  private inheritProblems(node: Node, name: string, problems: Problems): void {
    const fields = fieldsOf(EXTENDING);
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i].name;
      const problem = this.global.of(field);
      if (NOT_INHERITED.includes(field)) continue;
      if (problem.length == 0 || this.document.find(node, field) != ABSENT) continue;
      problems.add(
        name,
        "inherits " + field + " from the global configuration, where it is wrong: " + problem,
      );
    }
  }
}

function finished(config: Config, problems: Problems): Rule {
  const rule = new Rule();
  if (problems.isEmpty) rule.config = config;
  rule.problems = problems.lines();
  return rule;
}

function readConditions(values: Values): Conditions {
  const conditions = new Conditions();
  conditions.routes = values.texts("_match_route_");
  conditions.domains = values.texts("_match_domain_");
  conditions.services = values.texts("_match_service_");
  conditions.routePrefixes = values.texts("_match_route_prefix_");
  return conditions;
}

/** The rule, or null where it neither serves nor refuses anything. */
function active(rule: Rule | null): Rule | null {
  if (rule == null) return null;
  const config = rule.config;
  return config != null && config.services.length == 0 ? null : rule;
}

/** Whether there is nothing but white space of JSON. */
function isBlank(bytes: Slice): bool {
  const pointer = pointerOf(bytes);
  for (let i = 0; i < lengthOf(bytes); i++) {
    const byte = load<u8>(pointer + i);
    if (byte != 0x20 && byte != 0x09 && byte != 0x0a && byte != 0x0d) return false;
  }
  return true;
}

/** `byte 17, line 2, column 5`: lines and columns begin at 1, and a column is a byte. */
function place(bytes: Slice, offset: i32): string {
  const before = subslice(bytes, 0, offset);
  let line = 1;
  let column = 1;
  for (let i = 0; i < lengthOf(before); i++) {
    const isBreak = load<u8>(pointerOf(before) + i) == 0x0a;
    line = isBreak ? line + 1 : line;
    column = isBreak ? 1 : column + 1;
  }
  return "byte " + offset.toString() + ", line " + line.toString() + ", column " + column.toString();
}
