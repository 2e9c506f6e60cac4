import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

/** Rooms from left to right: an import looks only to the left, or into its own room. See docs/architecture.md. */
const ROOMS = [
  "bytes",
  "json",
  "framing",
  "chat",
  "formats",
  "vendors",
  "config",
  "discovery",
  "upstream",
  "observe",
  "lanes",
  "sending-exchange",
  "exchange",
  "retrying-exchange",
  "plugin",
  "index",
];

/** Files and rooms that may talk to the host; everything else is pure. */
const HOST_USERS = [
  /^discovery\/(refresh|lease)\.ts$/,
  /^upstream\//,
  /^observe\//,
  /^lanes\//,
  /^sending-exchange\.ts$/,
  /^exchange\.ts$/,
  /^retrying-exchange\.ts$/,
  /^plugin\.ts$/,
  /^index\.ts$/,
];

const assembly = fileURLToPath(new URL("../../assembly", import.meta.url));

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return entry.name.endsWith(".ts") ? [path] : [];
  });
}

const roomOf = (file: string) =>
  file.includes("/") ? file.slice(0, file.indexOf("/")) : file.replace(/\.ts$/, "");

const imports = sources(assembly).flatMap((path) => {
  const file = relative(assembly, path);
  const text = readFileSync(path, "utf8");
  return [...text.matchAll(/from "(\.[^"]+)"|^import "(\.[^"]+)"/gm)].map((match) => ({
    file,
    target: `${relative(assembly, join(dirname(path), match[1] ?? match[2] ?? ""))}.ts`,
  }));
});

describe("rooms", () => {
  it("import only to the left", () => {
    const breaches = imports.filter(({ file, target }) => {
      const from = roomOf(file);
      const to = roomOf(target);
      if (from === to || to === "version" || to === "host" || from === "host") return false;
      return ROOMS.indexOf(to) < 0 || ROOMS.indexOf(from) < 0 || ROOMS.indexOf(to) > ROOMS.indexOf(from);
    });
    expect(breaches).toEqual([]);
  });

  it("keep the host out of the pure ones", () => {
    const breaches = imports.filter(
      ({ file, target }) =>
        roomOf(target) === "host" && roomOf(file) !== "host" && !HOST_USERS.some((user) => user.test(file)),
    );
    expect(breaches).toEqual([]);
  });

  it("let the host binding know nothing but bytes", () => {
    const breaches = imports.filter(
      ({ file, target }) => roomOf(file) === "host" && !["host", "bytes"].includes(roomOf(target)),
    );
    expect(breaches).toEqual([]);
  });

  it("use no operator that traps on null", () => {
    const breaches = sources(assembly).flatMap((path) =>
      readFileSync(path, "utf8")
        .split("\n")
        .map((line, index) => ({ place: `${relative(assembly, path)}:${index + 1}`, line }))
        .filter(({ line }) =>
          /[\w\])]!(?=[.;,)[])/.test(line.replace(/"[^"]*"|`[^`]*`|\/\/.*|^\s*\*.*/g, "")),
        ),
    );
    expect(breaches).toEqual([]);
  });
});
