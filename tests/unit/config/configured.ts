/** The configuration room as tests see it: JSON in, lines of text and JSON out. */
import { type HarnessExports, lend, openHarness, readSlice } from "../../support/harness";

interface ConfigExports extends HarnessExports {
  collect(): void;
  configure(pointer: number, length: number): number;
  problems(): bigint;
  notes(): bigint;
  ruleCount(): number;
  match(...places: number[]): number;
  ruleProblems(index: number): bigint;
  ruleConfig(index: number): bigint;
  select(pointer: number, length: number): number;
  needs(): number;
  map(pointer: number, length: number): bigint;
  suggest(...places: number[]): bigint;
  placement(): bigint;
  registry(): bigint;
  setting(pointer: number, length: number): bigint;
}

/** The plugin does nothing. */
export const NOTHING = -2;
/** The global configuration serves. */
export const GLOBAL = -1;

/** What the harness says of a service; see `describeService` in config.as.ts. */
export interface ReadService {
  name: string;
  where: number;
  application: string;
  cluster: string;
  format: string;
  basePath: string;
  authority: string;
  authType: number;
  authName: string;
  authValue: string;
  models: number;
  mappings: string[];
}

export interface ReadConfig {
  services: ReadService[];
  eureka: null | {
    servers: { cluster: string; path: string; authority: string }[];
    pollIntervalMs: number;
    timeoutMs: number;
  };
  steering: { endpointHeader: string; clusterHeader: string; cluster: string };
  maxBodyBytes: number;
  allowOnHeadersStopIteration: boolean;
}

export interface Request {
  route?: string;
  authority?: string;
  cluster?: string;
}

export async function openConfig(): Promise<Configured> {
  return new Configured(await openHarness<ConfigExports>("tests/unit/config/config.as.ts"));
}

export class Configured {
  constructor(readonly exports: ConfigExports) {}

  /** Configures with a text, or with a value as JSON; whether it was accepted. */
  configure(config: unknown): boolean {
    const text = typeof config === "string" ? config : JSON.stringify(config);
    return lend(this.exports, [text], (pointer, length) => this.exports.configure(pointer, length)) !== 0;
  }

  /** Configures; the problems. */
  problemsOf(config: unknown): string[] {
    this.configure(config);
    return this.problems();
  }

  /** Configures; what the global configuration became. It has to be right. */
  read(config: unknown): ReadConfig {
    const problems = this.problemsOf(config);
    if (problems.length > 0) throw new Error(problems.join("\n"));
    return this.config(GLOBAL) as ReadConfig;
  }

  problems(): string[] {
    return lines(this.text(this.exports.problems()));
  }

  notes(): string[] {
    return lines(this.text(this.exports.notes()));
  }

  ruleProblems(index: number): string[] {
    return lines(this.text(this.exports.ruleProblems(index)));
  }

  /** The configuration of a rule, or null where it has none. */
  config(index: number): ReadConfig | null {
    return JSON.parse(this.text(this.exports.ruleConfig(index)));
  }

  /** Index of the rule that serves, GLOBAL or NOTHING. A property that is left out is one that the host does not know. */
  match(request: Request): number {
    const names = [request.route, request.authority, request.cluster];
    return lend(
      this.exports,
      names.map((name) => name ?? ""),
      (...places) => {
        const known = places.map((place, index) => (names[index >> 1] === undefined ? 0 : place));
        return this.exports.match(...known);
      },
    );
  }

  /** Index of the service for a model. */
  select(model: string | undefined): number {
    if (model === undefined) return this.exports.select(0, 0);
    return lend(this.exports, [model], (pointer, length) => this.exports.select(pointer, length));
  }

  needsModel(): boolean {
    return this.exports.needs() !== 0;
  }

  /** What the first service calls a model; undefined: no name at all. */
  map(model: string | undefined): string | undefined {
    if (model === undefined) {
      const slice = this.exports.map(0, 0);
      return slice === 0n ? undefined : this.text(slice);
    }
    return lend(this.exports, [model], (pointer, length) => this.text(this.exports.map(pointer, length)));
  }

  /** How the first service finds and chooses instances. */
  placement(): Record<string, unknown> {
    return JSON.parse(this.text(this.exports.placement()));
  }

  /** A setting of the first service; undefined where there is none. */
  setting(name: string): string | undefined {
    return lend(this.exports, [name], (pointer, length) => {
      const slice = this.exports.setting(pointer!, length!);
      return slice === 0n ? undefined : this.text(slice);
    });
  }

  /** What the configuration says of Eureka and of secure instances. */
  registry(): Record<string, unknown> {
    return JSON.parse(this.text(this.exports.registry()));
  }

  suggest(word: string, candidates: string[]): string {
    return lend(this.exports, [word, candidates.join(",")], (...places) =>
      this.text(this.exports.suggest(...places)),
    );
  }

  private text(slice: bigint): string {
    return Buffer.from(readSlice(this.exports, slice)).toString();
  }
}

function lines(text: string): string[] {
  return text === "" ? [] : text.split("\n");
}
