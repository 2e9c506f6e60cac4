import { describeUpstream, sse } from "./upstream";

// Fixtures after Alibaba Cloud Model Studio, "Qwen API reference", DashScope.
describeUpstream({ format: "dashscope", encode: sse, terminator: 2 });
