/**
 * The emulator against the real Envoy 1.40: the same probe filter, the same client and upstream, the same
 * observations. Where they differ, Envoy is right.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { playEmulated } from "../host/emulated.ts";
import { PROBE } from "../host/probe.ts";
import { type RealEnvoy, startRealEnvoy } from "../host/real-envoy.ts";
import { SCENARIOS } from "../host/scenarios/index.ts";
import { compile, compileToFile } from "../support/assembly.ts";

/** Compiling the probe and, once on a machine, downloading Envoy. */
const START_MS = 300_000;
const SCENARIO_MS = 20_000;

let envoy: RealEnvoy;
let module: WebAssembly.Module;

beforeAll(async () => {
  module = await compile(PROBE);
  envoy = await startRealEnvoy(await compileToFile(PROBE));
}, START_MS);

afterAll(() => envoy?.stop());

for (const [group, scenarios] of Object.entries(SCENARIOS)) {
  describe(group, () => {
    test.each(scenarios)(
      "$name",
      async (written) => {
        const scenario = { ...written, script: written.script.replaceAll("$SECOND", envoy.secondAddress) };
        expect(await playEmulated(module, scenario)).toEqual(await envoy.play(scenario));
      },
      SCENARIO_MS,
    );
  });
}
