#!/usr/bin/env node
// Runs tools/cli.ts, which is TypeScript.
import { register } from "tsx/esm/api";

register();
await import("./cli.ts");
