/** Builds the plugin's image and pushes it, without a Docker daemon. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "../build.ts";
import { UserError } from "../commands/exit.ts";
import { exists } from "../dev/cache.ts";
import { lastLines, run } from "../dev/command.ts";
import { builtPlugin } from "../dev/plugin.ts";
import { craneBinary } from "./crane.ts";
import {
  type ImageContents,
  README_CHINESE_MEDIA_TYPE,
  README_MEDIA_TYPE,
  SPEC_MEDIA_TYPE,
  writeLayout,
} from "./layout.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Files of the checkout that go into the image, in the order of its layers. */
const DOCUMENTS = [
  { name: "README.md", mediaType: README_MEDIA_TYPE },
  { name: "README.zh-CN.md", mediaType: README_CHINESE_MEDIA_TYPE },
  { name: "NOTICE", mediaType: "text/plain" },
  { name: "spec.yaml", mediaType: SPEC_MEDIA_TYPE },
];

/** `HOST[:PORT]/PATH[:TAG]`; the host needs a dot or a port, or be localhost, so that it is no Docker Hub name. */
const REFERENCE = /^(localhost|[\w-]+(\.[\w-]+)+|[\w.-]+(?=:\d))(:\d+)?\/[a-z0-9._/-]+:[\w][\w.-]{0,127}$/;

/** What to push, and where. */
export interface PushOptions {
  reference: string;
  /** Plain HTTP, or a certificate that is not trusted. Registries on localhost need no such leave. */
  insecure?: boolean;
  /** The build that uses what only Higress has, instead of the one for every host; see docs/eureka.md. */
  forHigress?: boolean;
  /** The plugin's file; default: built from the sources. */
  plugin?: string;
  onProgress?: (line: string) => void;
}

/** What the image holds. */
export async function imageContents(plugin: string): Promise<ImageContents> {
  const { name, version, description, license } = JSON.parse(
    await readFile(join(ROOT, "package.json"), "utf8"),
  );
  const documents: ImageContents["documents"] = [];
  for (const document of DOCUMENTS) {
    const path = join(ROOT, document.name);
    if (await exists(path)) documents.push({ ...document, content: await readFile(path) });
  }
  return { plugin: await readFile(plugin), documents, name, version, description, license };
}

/** The plugin's file, built where it is out of date; the build for Higress is made anew. */
async function builtFor(options: PushOptions, onProgress: (line: string) => void): Promise<string> {
  if (!options.forHigress) return builtPlugin(onProgress);
  onProgress("Building the plugin for Higress ...");
  return build("higress");
}

/** Pushes; the digest of the manifest, which a WasmPlugin's `sha256` is compared with. */
export async function pushImage(options: PushOptions): Promise<string> {
  const { reference, onProgress = () => {} } = options;
  if (!REFERENCE.test(reference)) {
    throw new UserError(
      `"${reference}" is no reference with registry and tag, such as registry.example.com/plugins/eureka-ai-proxy:0.1.0`,
    );
  }
  const contents = await imageContents(options.plugin ?? (await builtFor(options, onProgress)));
  const crane = await craneBinary(onProgress);
  const directory = await mkdtemp(join(tmpdir(), "eureka-ai-proxy-image-"));
  try {
    const digest = await writeLayout(directory, contents);
    onProgress(`Pushing ${reference} ...`);
    const flags = options.insecure ? ["--insecure"] : [];
    const pushed = await run(crane, ["push", ...flags, directory, reference]);
    if (pushed.code !== 0)
      throw new UserError(`The image could not be pushed:\n${lastLines(pushed.output, 5)}`);
    if (!pushed.output.includes(digest))
      throw new Error(`the registry made another manifest of it:\n${pushed.output}`);
    return digest;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
