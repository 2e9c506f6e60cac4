/** A real registry (Debian's package docker-registry) on this machine, for the tests of the image. */
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../tools/dev/ports.ts";
import { startService } from "../../tools/dev/service.ts";

export const USER = "pusher";
export const PASSWORD = "secret";
/** bcrypt of {@link PASSWORD}, in the form of Apache's password files. */
const PASSWORD_HASH = "$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a";

/** A running registry. */
export interface Registry {
  /** `localhost:PORT`. */
  host: string;
  stop: () => Promise<void>;
}

/** Starts a registry that lets everybody in, or only {@link USER}. */
export async function startRegistry(isProtected: boolean): Promise<Registry> {
  const directory = await mkdtemp(join(tmpdir(), "registry-test-"));
  const port = await freePort();
  await mkdir(join(directory, "data"));
  await writeFile(join(directory, "passwords"), `${USER}:${PASSWORD_HASH}\n`);
  const config = {
    version: 0.1,
    log: { level: "warn", accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(directory, "data") } },
    http: { addr: `127.0.0.1:${port}` },
    ...(isProtected && { auth: { htpasswd: { realm: "test", path: join(directory, "passwords") } } }),
  };
  await writeFile(join(directory, "config.yml"), JSON.stringify(config));
  const service = await startService({
    name: "docker-registry (apt-get install docker-registry)",
    program: "docker-registry",
    args: ["serve", join(directory, "config.yml")],
    temporaryDirectory: directory,
    ready: async () => (await fetch(`http://127.0.0.1:${port}/v2/`)).status < 500,
  });
  return { host: `localhost:${port}`, stop: service.stop };
}
