/** What the plugin itself says about a configuration, by its own parser. Runs in Node and in browsers. */
import { Host, type HostOptions, LogLevel, type Root } from "../emulator.ts";
import { parseRemark, type Remark } from "./path.ts";

/** A configured plugin. */
export interface Configured {
  root: Root;
  /** False: a gateway would refuse the configuration and keep the one it has. */
  accepted: boolean;
  problems: Remark[];
  /** What is right but surprising. */
  notes: Remark[];
}

const PREFIX = "eureka-ai-proxy: configuration: ";

/**
 * Configures a plugin in an emulated host.
 * @param json the configuration as it reaches the plugin
 */
export async function configure(
  module: WebAssembly.Module,
  json: string,
  options: HostOptions = {},
): Promise<Configured> {
  const host = await Host.load(module, options);
  const root = host.root(json, { name: "eureka-ai-proxy" });
  const remarks = (level: LogLevel) =>
    host.logs
      .filter((line) => line.level === level && line.message.startsWith(PREFIX))
      .map((line) => parseRemark(line.message.slice(PREFIX.length)));
  return {
    root,
    accepted: root.accepted,
    problems: remarks(LogLevel.Error),
    notes: remarks(LogLevel.Warn),
  };
}
