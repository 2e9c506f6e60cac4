import { beforeAll, describe, expect, it } from "vitest";
import { type HarnessExports, lend, openHarness, readSlice } from "../../support/harness";

interface Exports extends HarnessExports {
  begin(merges: number, renamesDeveloper: number): void;
  addSetting(
    name: number,
    nameLength: number,
    value: number,
    valueLength: number,
    isRaw: number,
    overwrites: number,
  ): void;
  addCommand(pointer: number, length: number): void;
  addSubstitutes(): void;
  setOpening(): void;
  limitSetting(pointer: number, length: number): void;
  setResponseFormat(pointer: number, length: number): void;
  edit(
    text: number,
    length: number,
    dialect: number,
    dialectLength: number,
    notice: number,
    noticeLength: number,
  ): bigint;
}

interface Edits {
  settings?: { name: string; value: unknown; raw?: boolean; overwrite?: boolean }[];
  cleanup?: string[];
  merge?: boolean;
  developer?: boolean;
  responseFormat?: unknown;
  notice?: string;
  dialect?: string;
  substitutes?: boolean;
  opening?: boolean;
  models?: string;
}

let room: Exports;
beforeAll(async () => {
  room = await openHarness<Exports>("tests/unit/formats/edits.as.ts");
});

/** The edited text of a request; "" where it was refused. */
function editText(text: string, options: Edits): string {
  room.begin(options.merge ? 1 : 0, options.developer ? 1 : 0);
  for (const { name, value, raw, overwrite } of options.settings ?? []) {
    lend(room, [name, JSON.stringify(value)], (...at) =>
      room.addSetting(at[0], at[1], at[2], at[3], raw ? 1 : 0, overwrite === false ? 0 : 1),
    );
  }
  for (const command of options.cleanup ?? [])
    lend(room, [command], (...at) => room.addCommand(at[0], at[1]));
  if (options.responseFormat !== undefined)
    lend(room, [JSON.stringify(options.responseFormat)], (...at) => room.setResponseFormat(at[0], at[1]));
  if (options.substitutes) room.addSubstitutes();
  if (options.opening) room.setOpening();
  if (options.models !== undefined) lend(room, [options.models], (...at) => room.limitSetting(at[0], at[1]));
  return lend(room, [text, options.dialect ?? "openai", options.notice ?? ""], (...at) =>
    Buffer.from(readSlice(room, room.edit(at[0], at[1], at[2], at[3], at[4], at[5]))).toString(),
  );
}

function edit(request: unknown, options: Edits): unknown {
  return JSON.parse(editText(JSON.stringify(request), options));
}

const user = (content: unknown, rest = {}) => ({ role: "user", content, ...rest });
const assistant = (content: unknown, rest = {}) => ({ role: "assistant", content, ...rest });
const system = (content: unknown) => ({ role: "system", content });

describe("what is not edited", () => {
  it("stays byte for byte", () => {
    const text = '{ "temperature":0,"top_p":1.00, "stop":"x","seed":0,"x":{"é":[1,2 ]}, "messages":[]}';
    expect(editText(text, {})).toBe(text);
  });

  it("is refused where it is no JSON object", () => {
    expect(editText("[]", { merge: true })).toBe("");
    expect(editText("{", { merge: true })).toBe("");
  });
});

describe("settings", () => {
  it("overwrite, or fill in what the client left out", () => {
    const settings = [
      { name: "temperature", value: 0 },
      { name: "seed", value: 7, overwrite: false },
      { name: "top_p", value: 0.5, overwrite: false },
    ];
    expect(edit({ temperature: 1, seed: 1 }, { settings })).toEqual({ temperature: 0, seed: 1, top_p: 0.5 });
  });

  it.each([
    ["openai", { max_tokens: 5, top_k: 3 }],
    ["anthropic", { max_tokens: 5, top_k: 3 }],
    ["gemini", { generationConfig: { maxOutputTokens: 5, topK: 3 } }],
    ["responses", { max_output_tokens: 5 }],
  ])("have the names of the client's language: %s", (dialect, expected) => {
    const settings = [
      { name: "max_tokens", value: 5 },
      { name: "top_k", value: 3 },
    ];
    expect(edit({}, { settings, dialect })).toEqual(expected);
  });

  it("take the place of the newer name of max_tokens, so that a request never has both", () => {
    const settings = [{ name: "max_tokens", value: 5 }];
    expect(edit({ max_completion_tokens: 9 }, { settings })).toEqual({ max_completion_tokens: 5 });
  });

  it("are left out where their name is not known and they are not raw", () => {
    expect(edit({ a: 1 }, { settings: [{ name: "b", value: 1 }] })).toEqual({ a: 1 });
  });

  it("that are raw may lie anywhere, and have any value", () => {
    const settings = [
      { name: "extra", value: { a: [1] }, raw: true },
      { name: "deep.er.x", value: "y", raw: true },
      { name: "deep.z", value: null, raw: true },
      { name: "list.1", value: 5, raw: true },
      { name: "list.0.name", value: 6, raw: true },
    ];
    expect(edit({ deep: {}, list: [{}, 1] }, { settings })).toEqual({
      extra: { a: [1] },
      deep: { er: { x: "y" }, z: null },
      list: [{ name: 6 }, 5],
    });
  });

  it("that lead through a text, or behind a list, change nothing", () => {
    const settings = [
      { name: "text.a", value: 1, raw: true },
      { name: "list.5", value: 1, raw: true },
    ];
    expect(edit({ text: "x", list: [0] }, { settings })).toEqual({ text: "x", list: [0] });
  });

  it("that lie deep keep what is there unless they overwrite", () => {
    const settings = [{ name: "a.b", value: 1, raw: true, overwrite: false }];
    expect(edit({ a: { b: 0 } }, { settings })).toEqual({ a: { b: 0 } });
    expect(edit({ a: { c: 0 } }, { settings })).toEqual({ a: { b: 1, c: 0 } });
  });
});

describe("settings for some models", () => {
  const settings = [{ name: "a", value: 1, raw: true }];

  it("are made for those only", () => {
    expect(edit({}, { settings, models: "model-" })).toEqual({ a: 1 });
    expect(edit({}, { settings, models: "other" })).toEqual({});
  });
});

describe("substitutes", () => {
  it("take the place of what a service does not know", () => {
    expect(edit({ a: 1, reasoning_effort: "low", limit: 5, effort: 1 }, { substitutes: true })).toEqual({
      a: 1,
      thinking: { type: "enabled" },
      reasoning: { max: 5 },
    });
  });

  it("leave what the client said in the service's own words", () => {
    const thinking = { type: "disabled" };
    expect(edit({ reasoning_effort: "low", thinking }, { substitutes: true })).toEqual({ thinking });
    expect(edit({ reasoning_effort: null }, { substitutes: true })).toEqual({ reasoning_effort: null });
  });

  it("are those of the request's language", () => {
    expect(edit({ tool_choice: "auto" }, { substitutes: true })).toEqual({ tool_choice: "auto" });
    expect(edit({ tool_choice: "auto" }, { substitutes: true, dialect: "responses" })).toEqual({});
  });
});

describe("an opening", () => {
  it("is for requests without any system text", () => {
    expect(edit({ messages: [user("a")] }, { opening: true })).toEqual({
      messages: [system("opening"), user("a")],
    });
    expect(edit({ messages: [user("a"), system("s")] }, { opening: true })).toEqual({
      messages: [user("a"), system("s")],
    });
    expect(edit({}, { opening: true, notice: "n", dialect: "anthropic" })).toEqual({
      system: "opening\n\nn",
    });
    expect(edit({ system: "s" }, { opening: true, dialect: "anthropic" })).toEqual({ system: "s" });
  });
});

describe("commands that make the model forget", () => {
  const cleanup = ["clear context", "清理上下文"];

  it("drop what the last of them ends, but not what the system said", () => {
    const messages = [
      system("s"),
      user("a"),
      assistant("b"),
      user("clear context"),
      user("c"),
      assistant("d"),
    ];
    expect(edit({ messages }, { cleanup })).toEqual({ messages: [system("s"), user("c"), assistant("d")] });
  });

  it("are met as one part of text and with escapes, too", () => {
    const messages = [user("a"), user([{ type: "text", text: "清理上下文" }]), user("b")];
    const text = JSON.stringify({ messages }).replace("清", "\\u6e05");
    expect(JSON.parse(editText(text, { cleanup }))).toEqual({ messages: [user("b")] });
  });

  it("are no command in another role, or as a part of a text", () => {
    const messages = [user("a"), assistant("clear context"), user("please clear context")];
    expect(edit({ messages }, { cleanup })).toEqual({ messages });
  });
});

describe("neighbours of one role", () => {
  it("become one, with an empty line between their texts", () => {
    const messages = [user("a"), user("b"), user("c"), assistant("d"), assistant("e"), user("f")];
    expect(edit({ messages }, { merge: true })).toEqual({
      messages: [user("a\n\nb\n\nc"), assistant("d\n\ne"), user("f")],
    });
  });

  it("keep images and other parts", () => {
    const image = { type: "image_url", image_url: { url: "data:image/png;base64,AA==" } };
    const messages = [user("a"), user([image])];
    expect(edit({ messages }, { merge: true })).toEqual({
      messages: [user([{ type: "text", text: "a" }, image])],
    });
  });

  it("keep every tool call, and content that only a later one has", () => {
    const call = (id: string) => ({ id, type: "function", function: { name: "f", arguments: "{}" } });
    const messages = [
      assistant(null, { tool_calls: [call("1")] }),
      assistant("text", { tool_calls: [call("2")], reasoning_content: "r" }),
    ];
    expect(edit({ messages }, { merge: true })).toEqual({
      messages: [assistant("text", { tool_calls: [call("1"), call("2")], reasoning_content: "r" })],
    });
  });

  it("stay apart where they contradict each other, and where they are no talk", () => {
    const tool = { role: "tool", tool_call_id: "1", content: "x" };
    const messages = [
      user("a", { name: "A" }),
      user("b", { name: "B" }),
      tool,
      tool,
      system("s"),
      system("t"),
    ];
    expect(edit({ messages }, { merge: true })).toEqual({ messages });
  });

  it("become one in the words of the other languages", () => {
    const parts = (role: string, ...texts: string[]) => ({ role, parts: texts.map((text) => ({ text })) });
    expect(
      edit({ contents: [parts("model", "a"), parts("model", "b")] }, { merge: true, dialect: "gemini" }),
    ).toEqual({ contents: [parts("model", "a", "b")] });
    const input = [assistant("a"), assistant([{ type: "output_text", text: "b" }])];
    expect(edit({ input }, { merge: true, dialect: "responses" })).toEqual({
      input: [
        assistant([
          { type: "output_text", text: "a" },
          { type: "output_text", text: "b" },
        ]),
      ],
    });
  });
});

describe("a notice", () => {
  const notice = 'know "this"\n';

  it("goes behind the system messages that come first", () => {
    const messages = [system("s"), user("a"), system("late")];
    expect(edit({ messages }, { notice })).toEqual({
      messages: [system("s"), system(notice), user("a"), system("late")],
    });
    expect(edit({ messages: [user("a")] }, { notice })).toEqual({ messages: [system(notice), user("a")] });
  });

  it.each([
    ["anthropic", {}, { system: notice }],
    ["anthropic", { system: "s" }, { system: `s\n\n${notice}` }],
    [
      "anthropic",
      { system: [{ type: "text", text: "s" }] },
      {
        system: [
          { type: "text", text: "s" },
          { type: "text", text: notice },
        ],
      },
    ],
    ["gemini", {}, { systemInstruction: { parts: [{ text: notice }] } }],
    [
      "gemini",
      { systemInstruction: { parts: [{ text: "s" }] } },
      { systemInstruction: { parts: [{ text: "s" }, { text: notice }] } },
    ],
    ["responses", { instructions: "s", input: "x" }, { instructions: `s\n\n${notice}`, input: "x" }],
  ])("goes behind the system text of %s: %j", (dialect, request, expected) => {
    expect(edit(request, { notice, dialect })).toEqual(expected);
  });
});

describe("developer messages", () => {
  it("become system messages; what else they hold stays", () => {
    const messages = [{ content: "d", role: "developer", name: "n" }, user("a")];
    expect(edit({ messages, temperature: 0 }, { developer: true })).toEqual({
      messages: [{ content: "d", role: "system", name: "n" }, user("a")],
      temperature: 0,
    });
    expect(edit({ messages }, { merge: true })).toEqual({ messages });
  });
});

describe("a response format", () => {
  it("takes the place of the client's", () => {
    const responseFormat = { type: "json_object" };
    expect(edit({ response_format: { type: "text" } }, { responseFormat })).toEqual({
      response_format: responseFormat,
    });
  });
});

it("several edits go together", () => {
  const request = {
    model: "m",
    messages: [user("x"), user("forget"), { role: "developer", content: "d" }, user("a"), user("b")],
  };
  expect(
    edit(request, {
      cleanup: ["forget"],
      merge: true,
      developer: true,
      notice: "n",
      settings: [{ name: "temperature", value: 0 }],
    }),
  ).toEqual({
    temperature: 0,
    model: "m",
    messages: [system("d"), system("n"), user("a\n\nb")],
  });
});
