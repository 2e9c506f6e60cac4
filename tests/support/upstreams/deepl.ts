/** Translation by DeepL. Source: DeepL API, "Translate text". Nothing is streamed or counted. */
import type { Vendor } from "./vendor.ts";

export const DEEPL: Vendor = {
  format: "deepl",
  says: { thinking: false, signature: false, calls: false },
  answers: "whole",
  closingEvents: 1,
  settings: { settings: { targetLanguage: "DE" } },
  path: /^\/v2\/translate$/,
  isStream: () => false,
  streamType: "application/json",
  whole: ({ text }) => ({ translations: [{ detected_source_language: "EN", text: text ?? "" }] }),
  stream: () => [],
  failure: (_, message) => ({ message }),
  failureEvent: (message) => Buffer.from(JSON.stringify({ message })),
};
