/** A directory for downloaded and built tools, outside the checkout. Everything in it can be made again. */
import { randomUUID } from "node:crypto";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

/** `EUREKA_AI_PROXY_CACHE`, else `eureka-ai-proxy` under `$XDG_CACHE_HOME` or `~/.cache`. */
export function cacheDirectory(): string {
  const own = process.env.EUREKA_AI_PROXY_CACHE;
  if (own) return own;
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "eureka-ai-proxy");
}

/**
 * The directory `name` of the cache, made by `fill` when it is not there yet.
 *
 * `fill` gets an empty directory beside the final place, which is renamed when `fill` has succeeded: a
 * reader never sees a half-made entry, and of two processes that make the same entry one wins and both
 * go on. What a failed `fill` made is removed. A name is never filled twice with different content: put
 * a version or a hash in it.
 */
export async function cached(name: string, fill: (directory: string) => Promise<void>): Promise<string> {
  const entry = join(cacheDirectory(), name);
  if (await exists(entry)) return entry;
  const draft = `${entry}.${randomUUID()}`;
  await mkdir(draft, { recursive: true });
  try {
    await fill(draft);
    await rename(draft, entry);
  } catch (failure) {
    await rm(draft, { recursive: true, force: true });
    if (!(await exists(entry))) throw failure;
  }
  return entry;
}

/** Whether something is at `path`. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
