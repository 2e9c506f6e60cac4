/** The Envoy configuration in docs/operations.md works as it is printed, with this machine's addresses put in. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { startEnvoy } from "../../tools/dev/envoy.ts";
import { startModelService } from "../../tools/dev/model-service.ts";
import { builtPlugin } from "../../tools/dev/plugin.ts";
import { register } from "../../tools/dev/registration.ts";
import { startEurekaServer } from "../support/eureka-server.ts";

const PAGE = fileURLToPath(new URL("../../docs/operations.md", import.meta.url));

/** The YAML blocks of the page, in order. */
async function blocks(): Promise<string[]> {
  return [...(await readFile(PAGE, "utf8")).matchAll(/```yaml\n(.*?)```/gs)].map((match) => match[1] ?? "");
}

/** Puts something else in the place of each text; a text that is not there is an error. */
function replaced(text: string, changes: [string, string][]): string {
  return changes.reduce((result, [from, to]) => {
    if (!result.includes(from)) throw new Error(`docs/operations.md does not say "${from}"`);
    return result.replaceAll(from, to);
  }, text);
}

test("the complete configuration", async () => {
  const eureka = await startEurekaServer();
  const service = await startModelService({ name: "documented" });
  const address = { eurekaUrl: eureka.url, application: "QWEN-CHAT", port: service.port };
  const registration = await register(address);
  const [page = ""] = await blocks();
  const config = replaced(page, [
    ["address: 0.0.0.0, port_value: 10000", "address: 127.0.0.1, port_value: 0"],
    ["port_value: 9901", "port_value: 0"],
    ["/etc/envoy/plugin.wasm", await builtPlugin()],
    ["address: eureka.example.com, port_value: 8761", `address: 127.0.0.1, port_value: ${eureka.port}`],
  ]);
  const envoy = await startEnvoy({ config: parse(config) });
  try {
    const ask = () =>
      fetch(`http://127.0.0.1:${envoy.ports.main}/v1/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: '{"model": "gpt-4o", "messages": [{"role": "user", "content": "Hello"}]}',
      });
    await expect.poll(async () => (await ask()).status, { timeout: 10_000 }).toBe(200);
    expect(await (await ask()).text()).toContain("This is documented as qwen-max. You said: Hello");
  } finally {
    await envoy.stop();
    await registration.deregister();
    await service.stop();
    await eureka.stop();
  }
});

test("the additions for TLS and passwords", async () => {
  const [page = "", ...additions] = await blocks();
  expect(additions).toHaveLength(2);
  const config = parse(page.replace("/etc/envoy/plugin.wasm", await builtPlugin()));
  const { clusters } = config.static_resources;
  Object.assign(clusters[1], ...additions.map((addition) => parse(addition)));
  clusters[1].type = "STATIC";
  clusters[1].load_assignment.endpoints[0].lb_endpoints[0].endpoint.address.socket_address.address =
    "127.0.0.1";
  config.admin.address.socket_address.port_value = 0;
  config.static_resources.listeners[0].address.socket_address.port_value = 0;
  const envoy = await startEnvoy({ config });
  await envoy.stop();
});
