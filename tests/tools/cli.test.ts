/** The command line as people and their scripts use it: exit codes, places of mistakes, no stack traces. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { builtPluginFile } from "../support/built-plugin.ts";

const CLI = fileURLToPath(new URL("../../tools/cli.mjs", import.meta.url));

let directory: string;
let plugin: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "cli-test-"));
  plugin = builtPluginFile();
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** Runs the command line in the directory of the test's files. */
function cli(...parameters: string[]): Promise<{ code: number; out: string; errors: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...parameters], { cwd: directory }, (error, out, errors) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, out, errors });
    });
  });
}

async function file(name: string, text: string): Promise<string> {
  await writeFile(join(directory, name), text);
  return name;
}

const RESOURCES = `apiVersion: v1
kind: ConfigMap
---
apiVersion: extensions.higress.io/v1alpha1
kind: WasmPlugin
metadata: {name: ai}
spec:
  defaultConfigDisable: true
  matchRules:
    - ingress: [unused]
      configDisable: true
    - ingress: [qwen]
      config:
        services:
          - application: QWEN-CHAT
            fromat: openai
`;

describe("validate", () => {
  const validate = (...parameters: string[]) => cli("validate", "--plugin", plugin, ...parameters);

  it("says nothing but that all is right", async () => {
    const name = await file("right.yaml", 'services:\n  - cluster: a\n    modelMapping: {"*": b}\n');
    expect(await validate(name)).toEqual({
      code: 0,
      out: "right.yaml: configuration: all is right\n",
      errors: "",
    });
  });

  it("names line, column and path in a resource among others", async () => {
    const { code, errors } = await validate(await file("resources.yaml", RESOURCES));
    expect(code).toBe(1);
    expect(errors).toContain(
      'resources.yaml:16:13: error: _rules_[0].services[0].fromat: unknown field (did you mean "format"?)',
    );
  });

  it("names the place of something that is missing by what is around it", async () => {
    const { errors } = await validate(await file("missing.json", '{\n  "eureka": {}\n}'));
    expect(errors).toContain("missing.json:2:3: error: eureka.servers: is missing");
  });

  it("names mistakes of YAML, duplicate members included", async () => {
    const broken = await validate(await file("broken.yaml", "services:\n  - a: [\n"));
    expect(broken.code).toBe(1);
    expect(broken.errors).toMatch(/^broken\.yaml:\d+:\d+: error: Flow sequence/);
    const follows = await validate(await file("follows.yaml", "a: {b: $.[c, d: {e: 1}}\nf: 1\n"));
    expect(follows.errors.match(/error:/g)).toHaveLength(1);
    const twice = await validate(await file("twice.yaml", "maxBodyBytes: 2048\nmaxBodyBytes: 4096\n"));
    expect(twice.errors).toMatch(/^twice\.yaml:2:1: error: Map keys must be unique/);
  });

  it("finds words that kubectl would read as flags", async () => {
    const text = RESOURCES.replace("[qwen]", "[on]").replace("fromat", "format");
    const { code, errors } = await validate(await file("flags.yaml", text));
    expect(code).toBe(1);
    expect(errors).toMatch(/^flags\.yaml:12:17: error: on: kubectl reads it as true or false/);
  });

  it("compares an Envoy filter's flag with what the plugin's configuration says", async () => {
    const filter = { vm_config: {}, configuration: { value: '{"services":[{"cluster":"a","format":"x"}]}' } };
    const flagged = { static_resources: { ...filter, allow_on_headers_stop_iteration: true } };
    const { code, errors } = await validate(await file("envoy.json", JSON.stringify(flagged)));
    expect(code).toBe(1);
    expect(errors).toContain("allow_on_headers_stop_iteration is true in the filter");
    expect(errors).toContain('services[0].format: unknown "x"');
  });

  it("prints JSON for scripts", async () => {
    const { code, out } = await validate("--json", await file("resources.yaml", RESOURCES));
    expect(code).toBe(1);
    expect(JSON.parse(out)[0].problems[0]).toMatchObject({ line: 16, column: 13 });
  });

  it("finds nothing to check in a file of other resources", async () => {
    const { code, errors } = await validate(await file("other.yaml", "apiVersion: v1\nkind: Secret\n"));
    expect(code).toBe(1);
    expect(errors).toContain("holds no configuration");
  });

  it("ends with 2 and one line where nothing can be checked", async () => {
    for (const parameters of [["nothing.yaml"], ["."], ["--unknown"], []]) {
      const { code, errors } = await validate(...parameters);
      expect(code, errors).toBe(2);
      expect(errors).not.toMatch(/\n\s+at /);
    }
    const { errors } = await cli("validate", "--plugin", await file("no.wasm", "no"), "right.yaml");
    expect(errors).toBe("Error: no.wasm: it is no WebAssembly module\n");
  });
});

describe("try", () => {
  const attempt = (...parameters: string[]) => cli("try", "--plugin", plugin, ...parameters);
  const CONFIG = JSON.stringify({
    services: [
      { name: "first", cluster: "a", models: ["a"] },
      { name: "second", application: "LLM", token: "sk-hidden", modelMapping: { "*": "mapped" } },
    ],
    eureka: { servers: [{ cluster: "eureka" }] },
    allowOnHeadersStopIteration: true,
  });
  const REQUEST = '{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}]}';

  it("shows what goes upstream, without secrets", async () => {
    const config = await file("try.json", CONFIG);
    const { code, out } = await attempt(config, "--request", await file("request.json", REQUEST));
    expect(code).toBe(0);
    expect(out).toContain("What goes upstream (to the instance 192.0.2.10:8080)");
    expect(out).toContain('"model":"mapped"');
    expect(out).toContain("authorization: Bearer ***");
    expect(out).not.toContain("sk-hidden");
    expect(out).not.toContain("What the client gets");
  });

  it("shows a stream as the client gets it", async () => {
    await file("try.json", CONFIG);
    await file("request.json", REQUEST);
    const stream = await file("answer.sse", 'data: {"choices":[]}\n\ndata: [DONE]\n\n');
    const { code, out } = await attempt("try.json", "--request", "request.json", "--stream", stream);
    expect(code, out).toBe(0);
    expect(out).toContain("content-type: text/event-stream");
    expect(out).toContain("data: [DONE]");
  });

  it("calls the service that is asked for", async () => {
    await file("try.json", CONFIG);
    await file("request.json", REQUEST);
    const { out } = await attempt("try.json", "--request", "request.json", "--service", "first", "--json");
    expect(JSON.parse(out).upstream.body).toContain("gpt-4o");
    const unknown = await attempt("try.json", "--request", "request.json", "--service", "third");
    expect(unknown).toMatchObject({ code: 2, errors: expect.stringContaining("it has: first, second") });
  });

  it("shows a declared format both ways, and what was lost", async () => {
    const format = {
      request: { path: "/ask", body: { q: "$.last_user", key: "$.token" } },
      response: { text: "$.a" },
      stream: { end: { data: "[END]" } },
      errors: { when: "$.code", code: "$.code", message: "$.msg", statuses: { "7": 429 } },
    };
    const service = { name: "home", cluster: "a", token: 'sk-"hidden"', format };
    await file("declared.json", JSON.stringify({ services: [service], allowOnHeadersStopIteration: true }));
    const streamed = { ...JSON.parse(REQUEST), stream: true, seed: 7 };
    await file("seed.json", JSON.stringify(streamed));
    await file("home.sse", 'data: {"a":"hel"}\n\ndata: {"a":"lo"}\n\ndata: [END]\n\n');
    const parameters = ["declared.json", "--service", "home", "--request", "seed.json"];
    const { code, out } = await attempt(...parameters, "--stream", "home.sse");
    expect(code, out).toBe(0);
    expect(out).toContain('{"q":"hi","key":"***"}');
    expect(out).not.toContain("hidden");
    expect(out).toContain('"content":"lo"');
    expect(out).toContain("Lost on the way to the service: seed");

    const cut = await attempt(...parameters, "--stream", await file("cut.sse", 'data: {"a":"hel"}\n\n'));
    expect(cut.out).toContain("upstream_truncated");
    const answer = await file("error.json", '{"code":7,"msg":"slow down"}');
    const failed = await attempt(...parameters, "--response", answer);
    expect(failed.out).toContain(":status: 429");
    expect(failed.out).toContain("slow down");

    const wrong = { ...service, format: { ...format, response: { text: "a" } } };
    await file("wrong.json", JSON.stringify({ services: [wrong] }));
    const refused = await attempt("wrong.json", "--request", "seed.json");
    expect(refused.code).toBe(1);
    expect(refused.errors).toContain("services[0].format.response.text");
  });

  it("ends with 1 where the plugin refuses", async () => {
    await file("try.json", CONFIG);
    const { code, out } = await attempt("try.json", "--request", await file("no.json", "{no"));
    expect(code).toBe(1);
    expect(out).toContain("What the client gets (made by the plugin)");
  });
});

describe("the program", () => {
  it("has help for itself and each command", async () => {
    expect((await cli("--help")).out).toContain("Exit codes");
    for (const command of ["validate", "try", "image", "start"]) {
      const { code, out } = await cli(command, "--help");
      expect(code).toBe(0);
      expect(out).toContain("Usage:");
    }
    expect((await cli("--version")).out).toBe(`${packageJson.version}\n`);
  });

  it("refuses references without a registry or a tag", async () => {
    for (const reference of ["eureka-ai-proxy", "registry.example.com/eureka-ai-proxy", "Bad/x:1"]) {
      expect(await cli("image", reference)).toMatchObject({
        code: 2,
        errors: expect.stringContaining("no reference"),
      });
    }
  });
});
