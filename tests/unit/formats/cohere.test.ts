import { describeUpstream, sse } from "./upstream";

// Fixtures after Cohere's API reference, "Chat (v2)" and "Chat with streaming (v2)".
describeUpstream({ format: "cohere", encode: sse, terminator: 2 });
