import { describeUpstream, ndjson } from "./upstream";

// Fixtures after Ollama's API reference, "Generate a chat message".
describeUpstream({ format: "ollama", encode: ndjson, terminator: 1 });
