import { defineConfig } from "vitest/config";

/** A job of its own, since its first build takes minutes: `npm run test:image:istio`. */
export default defineConfig({
  test: { include: ["tests/image/istio.slow.ts"], testTimeout: 60_000, hookTimeout: 1_800_000 },
});
