import { describe, expect, it } from "vitest";
import { chat, configured, eurekaConfiguration, eurekaReply } from "./plugin.ts";

const request = { model: "m", messages: [] };
const endpoint = "x-envoy-original-dst-host";

describe("instances from Eureka", () => {
  it("asks for the application and goes round the instances that are UP", async () => {
    const root = await configured(eurekaConfiguration());
    root.tick();
    const call = root.callouts[0];
    expect(call?.cluster).toBe("eureka");
    expect(call?.headers.get(":path")).toBe("/eureka/apps/QWEN-CHAT");
    expect(call?.headers.get("accept")).toBe("application/json");
    call?.respond({
      body: eurekaReply("QWEN-CHAT", [
        [9001, "UP"],
        [9002, "DOWN"],
        [9003, "UP"],
        [9004, "OUT_OF_SERVICE"],
      ]),
    });
    const chosen = [0, 1, 2, 3].map(() => chat(root, request).upstream?.headers.get(endpoint));
    expect(new Set(chosen)).toEqual(new Set(["10.0.0.1:9001", "10.0.0.1:9003"]));
    expect(chosen[0]).toBe(chosen[2]);
    expect(chosen[1]).toBe(chosen[3]);
    expect(chat(root, request).upstream?.headers.get("x-ai-proxy-cluster")).toBe("eureka-instances");
  });

  it("lets a request wait for the first answer", async () => {
    const root = await configured(eurekaConfiguration());
    root.tick();
    const { upstream, hung } = chat(root, request, {
      onHeld: () => root.callouts[0]?.respond({ body: eurekaReply("QWEN-CHAT", [[9001, "UP"]]) }),
    });
    expect(hung).toBe(false);
    expect(upstream?.headers.get(endpoint)).toBe("10.0.0.1:9001");
    expect(upstream?.text).toBe(JSON.stringify(request));
  });

  it("answers 503 with the reason when Eureka stays silent", async () => {
    let time = 1_000_000;
    const root = await configured(eurekaConfiguration(), { now: () => time });
    const { client, hung } = chat(root, request, {
      onHeld: () => {
        for (let second = 0; second < 7; second++) {
          time += 1000;
          root.tick();
          for (const call of [...root.callouts]) call.fail();
        }
      },
    });
    expect(hung).toBe(false);
    expect(client?.status).toBe(503);
    expect(JSON.parse(client?.text ?? "").error.message).toContain("Eureka has not answered yet");
  });

  it("answers 503 where no instance may be used", async () => {
    const root = await configured(eurekaConfiguration());
    root.tick();
    root.callouts[0]?.respond({ body: eurekaReply("QWEN-CHAT", [[9002, "DOWN"]]) });
    const { client } = chat(root, request);
    expect(client?.status).toBe(503);
    expect(JSON.parse(client?.text ?? "").error).toMatchObject({ code: "no_instance" });
  });
});
