/** What the configuration tells a format of its service, and what of it goes to and fro with a request. */
import { describe, expect, it } from "vitest";
import { event, vendorOf } from "../support/upstreams/index.ts";
import { chat, clusterConfiguration, configured } from "./plugin.ts";

const QUESTION = { model: "m", messages: [{ role: "user", content: "Hi" }] };

describe("a conversation that the upstream remembers", async () => {
  const root = await configured(clusterConfiguration({ format: "dify" }));
  const dify = vendorOf("dify");
  const scenario = { text: "Hello", usage: { input: 1, output: 1 } };

  it.each([false, true])("is named to the client, streamed: %s", (stream) => {
    const result = chat(
      root,
      { ...QUESTION, stream },
      {
        request: { headers: { conversationid: "4570-1982" } },
        respond: () => ({
          headers: { "content-type": "text/event-stream" },
          body: Buffer.concat(dify.stream(scenario, "m")),
        }),
      },
    );
    expect(JSON.parse(result.upstream?.text ?? "")).toMatchObject({
      query: "Hi",
      conversation_id: "4570-1982",
    });
    expect(result.upstream?.headers.get("conversationid")).toBeUndefined();
    expect(result.client?.status).toBe(200);
    expect(result.client?.headers.get("conversationid")).toBe("45701982-8118-4bc5-8e9b-64562b4555f2");
  });

  it("is not read by formats that know none", async () => {
    const plain = await configured(clusterConfiguration({ format: "ollama" }));
    const result = chat(plain, QUESTION, { request: { headers: { conversationid: "4570-1982" } } });
    expect(result.upstream?.headers.get("conversationid")).toBe("4570-1982");
    expect(result.upstream?.text).not.toContain("4570-1982");
  });
});

it("a workflow's answer is the output that the settings name", async () => {
  const settings = { botType: "workflow", inputVariable: "question", outputVariable: "answer" };
  const root = await configured(clusterConfiguration({ format: "dify", settings }));
  const result = chat(root, QUESTION, {
    respond: () => ({
      headers: { "content-type": "text/event-stream" },
      body: event({
        event: "workflow_finished",
        workflow_run_id: "r",
        data: { status: "succeeded", outputs: { other: "no", answer: "Hello" } },
      }),
    }),
  });
  expect(result.upstream?.headers.get(":path")).toBe("/v1/workflows/run");
  expect(JSON.parse(result.upstream?.text ?? "").inputs).toEqual({ question: "Hi" });
  expect(JSON.parse(result.client?.text ?? "").choices[0].message.content).toBe("Hello");
});

it.each([true, false])("reasoning of earlier turns goes back: %s", async (thinkingHistory) => {
  const root = await configured(clusterConfiguration({ format: "ollama", thinkingHistory }));
  const earlier = { role: "assistant", content: "Hello", reasoning_content: "They greet me." };
  const result = chat(root, { ...QUESTION, messages: [...QUESTION.messages, earlier, ...QUESTION.messages] });
  expect(result.upstream?.text.includes("They greet me.")).toBe(thinkingHistory);
});
