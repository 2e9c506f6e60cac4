import { defineConfig } from "vitest/config";

/** Jobs of their own, since their first build takes minutes: `npm run test:image:istio`, `npm run test:kubernetes`. */
export default defineConfig({
  test: { include: ["tests/**/*.slow.ts"], testTimeout: 60_000, hookTimeout: 1_800_000 },
});
