import { describeUpstream, sse } from "./upstream";

// Fixtures after Dify's API access page, "Send chat message".
describeUpstream({ format: "dify", encode: sse, terminator: 2 });
