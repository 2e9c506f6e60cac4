import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";

/** Tests of one directory that need nothing but this process. */
function fast(name: string, testTimeout = 20_000): TestProjectInlineConfiguration {
  return { test: { name, include: [`tests/${name}/**/*.test.ts`], testTimeout, hookTimeout: 60_000 } };
}

export default defineConfig({
  test: {
    reporters: ["default", "./tests/support/closing-line.ts"],
    projects: [
      fast("unit"),
      fast("host"),
      fast("plugin"),
      fast("property", 120_000),
      fast("tools", 60_000),
      {
        // Real servers and real time: one file after the other, when everything else is done.
        test: {
          name: "e2e",
          include: ["tests/e2e/**/*.test.ts", "tests/image/**/*.test.ts", "tests/playground/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 300_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
