/** The host emulator for tools: the one that the tests drive the plugin with. It runs in Node and in browsers. */
export * from "../tests/host/index.ts";
