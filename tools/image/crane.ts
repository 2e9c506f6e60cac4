/** crane, the registry client of go-containerregistry: where it comes from. See docs/decisions/0007-image.md. */
import { join } from "node:path";
import { UserError } from "../commands/exit.ts";
import { cached, exists } from "../dev/cache.ts";
import { lastLines, run } from "../dev/command.ts";

const CRANE_VERSION = "0.20.7";
const CRANE_PACKAGE = "github.com/google/go-containerregistry/cmd/crane";

const OWN_BINARY = "Set CRANE_BIN to a crane binary of your own to use that instead.";

/** Path of crane: `CRANE_BIN` if set, else one that is built once with Go and kept in the cache. */
export async function craneBinary(onProgress: (line: string) => void = () => {}): Promise<string> {
  const own = process.env.CRANE_BIN;
  if (own) {
    if (!(await exists(own))) throw new UserError(`CRANE_BIN is set to "${own}", but there is no such file.`);
    return own;
  }
  const directory = await cached(`crane-${CRANE_VERSION}`, async (draft) => {
    onProgress(`Building crane ${CRANE_VERSION} (a minute, once) ...`);
    const install = ["install", `${CRANE_PACKAGE}@v${CRANE_VERSION}`];
    const built = await run("go", install, { environment: { GOBIN: draft, CGO_ENABLED: "0", GOFLAGS: "" } });
    if (built.missing)
      throw new UserError(`Go is missing; it builds crane, which pushes images. ${OWN_BINARY}`);
    if (built.code !== 0)
      throw new UserError(`crane could not be built. ${OWN_BINARY}\n${lastLines(built.output)}`);
  });
  return join(directory, "crane");
}
