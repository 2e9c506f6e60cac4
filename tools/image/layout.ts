/** The plugin's image as an OCI layout: a directory that registry clients push. */
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzip, tar } from "./archive.ts";

/** What goes into the image. */
export interface ImageContents {
  /** The module; the only thing that a gateway reads. */
  plugin: Uint8Array;
  /** Files for people and tools, by media type. They come before the plugin, which has to be the last layer. */
  documents: { name: string; mediaType: string; content: Uint8Array }[];
  name: string;
  version: string;
  description: string;
  license: string;
}

interface Descriptor {
  mediaType: string;
  digest: string;
  size: number;
  annotations?: Record<string, string>;
}

/** The names that the gateways' fetcher and other plugins' images use. */
export const PLUGIN_FILE = "plugin.wasm";
export const PLUGIN_MEDIA_TYPE = "application/vnd.oci.image.layer.v1.tar+gzip";
export const SPEC_MEDIA_TYPE = "application/vnd.module.wasm.spec.v1+yaml";
export const README_MEDIA_TYPE = "application/vnd.module.wasm.doc.v1+markdown";
export const README_CHINESE_MEDIA_TYPE = "application/vnd.module.wasm.doc.v1.zh+markdown";

const MANIFEST_MEDIA_TYPE = "application/vnd.oci.image.manifest.v1+json";
const CONFIG_MEDIA_TYPE = "application/vnd.oci.image.config.v1+json";
const INDEX_MEDIA_TYPE = "application/vnd.oci.image.index.v1+json";
const TITLE = "org.opencontainers.image.title";

/** Writes the layout into an empty directory; the digest of the manifest, as `sha256:...`. */
export async function writeLayout(directory: string, contents: ImageContents): Promise<string> {
  const blobs = join(directory, "blobs", "sha256");
  await mkdir(blobs, { recursive: true });
  const store = async (mediaType: string, content: Uint8Array, title?: string): Promise<Descriptor> => {
    const digest = digestOf(content);
    await writeFile(join(blobs, digest.slice("sha256:".length)), content);
    return { mediaType, digest, size: content.length, ...(title && { annotations: { [TITLE]: title } }) };
  };

  const layers: Descriptor[] = [];
  for (const { name, mediaType, content } of contents.documents) {
    layers.push(await store(mediaType, content, name));
  }
  const archive = tar(PLUGIN_FILE, contents.plugin);
  layers.push(await store(PLUGIN_MEDIA_TYPE, gzip(archive), "plugin.tar.gz"));

  const annotations = {
    [TITLE]: contents.name,
    "org.opencontainers.image.version": contents.version,
    "org.opencontainers.image.description": contents.description,
    "org.opencontainers.image.licenses": contents.license,
  };
  // Gateways that get a list of images take the one for this platform; a plugin runs on all.
  const config = {
    architecture: "amd64",
    os: "linux",
    config: { Labels: annotations },
    rootfs: {
      type: "layers",
      diff_ids: [...layers.slice(0, -1).map((layer) => layer.digest), digestOf(archive)],
    },
  };
  const manifest = await store(
    MANIFEST_MEDIA_TYPE,
    json({
      schemaVersion: 2,
      mediaType: MANIFEST_MEDIA_TYPE,
      config: await store(CONFIG_MEDIA_TYPE, json(config)),
      layers,
      annotations,
    }),
  );
  await writeFile(join(directory, "oci-layout"), json({ imageLayoutVersion: "1.0.0" }));
  const index = { schemaVersion: 2, mediaType: INDEX_MEDIA_TYPE, manifests: [manifest] };
  await writeFile(join(directory, "index.json"), json(index));
  return manifest.digest;
}

function digestOf(content: Uint8Array): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
