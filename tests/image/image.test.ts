/** The image: pushed to a real registry and pulled back, byte for byte what was built. */
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { run } from "../../tools/dev/command.ts";
import { gzip, tar } from "../../tools/image/archive.ts";
import { craneBinary } from "../../tools/image/crane.ts";
import { PLUGIN_MEDIA_TYPE, SPEC_MEDIA_TYPE, writeLayout } from "../../tools/image/layout.ts";
import { imageContents, pushImage } from "../../tools/image/push.ts";
import { builtPluginFile } from "../support/built-plugin.ts";
import { PASSWORD, type Registry, startRegistry, USER } from "./registry.ts";

const NAME = `plugins/eureka-ai-proxy:${packageJson.version}`;

interface Manifest {
  mediaType: string;
  config: { digest: string };
  layers: { mediaType: string; digest: string; size: number; annotations: Record<string, string> }[];
  annotations: Record<string, string>;
}

let directory: string;
let crane: string;
let plugin: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "image-test-"));
  crane = await craneBinary();
  // A copy: what is built may change while the tests run.
  plugin = join(directory, "plugin.wasm");
  await writeFile(plugin, await readFile(builtPluginFile()));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** Runs a program; its output. */
async function output(program: string, ...parameters: string[]): Promise<string> {
  const result = await run(program, parameters);
  if (result.code !== 0) throw new Error(result.output);
  return result.output;
}

describe("an open registry", () => {
  let registry: Registry;
  let reference: string;
  let digest: string;
  beforeAll(async () => {
    registry = await startRegistry(false);
    reference = `${registry.host}/${NAME}`;
    digest = await pushImage({ reference, plugin });
  });
  afterAll(() => registry?.stop());

  it("has the image under the digest that was printed", async () => {
    expect((await output(crane, "digest", reference)).trim()).toBe(digest);
    const manifest = await output(crane, "manifest", reference);
    expect(`sha256:${createHash("sha256").update(manifest).digest("hex")}`).toBe(digest);
  });

  it("has the plugin in the last layer, the documents before it", async () => {
    const manifest: Manifest = JSON.parse(await output(crane, "manifest", reference));
    expect(manifest.mediaType).toBe("application/vnd.oci.image.manifest.v1+json");
    expect(manifest.annotations).toMatchObject({
      "org.opencontainers.image.title": "eureka-ai-proxy",
      "org.opencontainers.image.version": packageJson.version,
      "org.opencontainers.image.licenses": packageJson.license,
    });
    expect(manifest.layers.at(-1)?.mediaType).toBe(PLUGIN_MEDIA_TYPE);
    expect(manifest.layers.filter((layer) => layer.mediaType === PLUGIN_MEDIA_TYPE)).toHaveLength(1);
    expect(manifest.layers.map((layer) => layer.mediaType)).toContain(SPEC_MEDIA_TYPE);
    const config = JSON.parse(await output(crane, "config", reference));
    expect(config.config.Labels["org.opencontainers.image.version"]).toBe(packageJson.version);
    expect(config.rootfs.diff_ids).toHaveLength(manifest.layers.length);
  });

  it("gives back the very bytes of the plugin", async () => {
    const manifest: Manifest = JSON.parse(await output(crane, "manifest", reference));
    const layer = manifest.layers.at(-1);
    const repository = reference.slice(0, reference.lastIndexOf(":"));
    const reply = await fetch(
      `http://${registry.host}/v2/${repository.slice(registry.host.length + 1)}/blobs/${layer?.digest}`,
    );
    const archive = join(directory, "pulled.tar");
    await writeFile(archive, gunzipSync(Buffer.from(await reply.arrayBuffer())));
    expect(await output("tar", "-tvf", archive)).toMatch(
      /^-rw-r--r-- 0\/0 +\d+ 1970-01-01 .* plugin\.wasm\n$/,
    );
    await output("tar", "-xf", archive, "-C", directory, "--one-top-level=pulled");
    expect(await readFile(join(directory, "pulled", "plugin.wasm"))).toEqual(await readFile(plugin));
  });

  it("is the same image when it is pushed again", async () => {
    expect(await pushImage({ reference: `${registry.host}/other/name:1`, plugin })).toBe(digest);
  });
});

describe("a registry with passwords", () => {
  let registry: Registry;
  const before = process.env.DOCKER_CONFIG;
  beforeAll(async () => {
    registry = await startRegistry(true);
    process.env.DOCKER_CONFIG = directory;
  });
  afterAll(async () => {
    if (before === undefined) delete process.env.DOCKER_CONFIG;
    else process.env.DOCKER_CONFIG = before;
    await registry?.stop();
  });

  it("takes the credentials of docker login", async () => {
    const reference = `${registry.host}/${NAME}`;
    const config = (auth: string) =>
      writeFile(join(directory, "config.json"), JSON.stringify({ auths: { [registry.host]: { auth } } }));
    await config(Buffer.from(`${USER}:wrong`).toString("base64"));
    await expect(pushImage({ reference, plugin })).rejects.toThrow(/could not be pushed.*401 Unauthorized/s);
    await config(Buffer.from(`${USER}:${PASSWORD}`).toString("base64"));
    expect(await pushImage({ reference, plugin })).toMatch(/^sha256:[0-9a-f]{64}$/);
  });
});

describe("without a registry", () => {
  it("says what failed", async () => {
    await expect(pushImage({ reference: "localhost:9/a/b:1", plugin })).rejects.toThrow(
      "could not be pushed",
    );
  });

  it("depends on nothing but what is in it", async () => {
    const contents = await imageContents(plugin);
    const [first, second] = [join(directory, "first"), join(directory, "second")];
    const digest = await writeLayout(first, contents);
    expect(await writeLayout(second, contents)).toBe(digest);
    const changed = { ...contents, plugin: Buffer.concat([contents.plugin, Buffer.from([0])]) };
    expect(await writeLayout(join(directory, "third"), changed)).not.toBe(digest);
  });

  it("packs files whose length is a multiple of a block, too", async () => {
    for (const length of [0, 1, 511, 512, 513]) {
      const content = Buffer.alloc(length, 7);
      const archive = join(directory, "blocks.tar");
      await writeFile(archive, tar("plugin.wasm", content));
      await output("tar", "-xf", archive, "-C", directory, "--one-top-level=blocks");
      expect(await readFile(join(directory, "blocks", "plugin.wasm"))).toEqual(content);
      expect(gunzipSync(gzip(content))).toEqual(content);
    }
  });
});
