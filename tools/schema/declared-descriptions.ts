/** What the fields of a declared format mean, in English and Chinese. docs/declared-formats.md has it at length. */
import type { Description } from "./descriptions";

const d = (en: [string, string], zh: [string, string]): Description => ({ en, zh });

export const DECLARED_TYPES: Record<string, Description> = {
  format: d(
    [
      "Declared format",
      "How a service is spoken to whose API is none of the built-in ones; see docs/declared-formats.md.",
    ],
    ["声明的格式", "描述一种非内置 API 的请求和应答，参见 docs/declared-formats.md。"],
  ),
  formatRequest: d(
    [
      "Request of a declared format",
      "What the service gets: texts with expressions in `{{ }}`, and a body in plain JSON.",
    ],
    ["声明格式的请求", "发送给模型服务的内容：文本中可用 `{{ }}` 写表达式，请求体为普通 JSON。"],
  ),
  formatResponse: d(
    ["Answer of a declared format", "Where the parts of an answer stand."],
    ["声明格式的应答", "应答的各个部分所在的位置。"],
  ),
  formatToolCalls: d(
    ["Tool calls of a declared format", "Where the tool calls of an answer stand."],
    ["声明格式的工具调用", "应答中工具调用所在的位置。"],
  ),
  formatUsage: d(
    ["Usage of a declared format", "Where the counts of tokens stand."],
    ["声明格式的用量", "token 计数所在的位置。"],
  ),
  formatStream: d(
    ["Stream of a declared format", "How the service streams its answer."],
    ["声明格式的流", "模型服务流式应答的方式。"],
  ),
  formatEnd: d(
    ["End of a stream of a declared format", "What the end of a stream is known by."],
    ["声明格式的流的结束", "如何判断流已结束。"],
  ),
  formatErrors: d(
    ["Errors of a declared format", "What an error looks like."],
    ["声明格式的错误", "错误应答的形式。"],
  ),
  formatEmbeddings: d(
    ["Embeddings of a declared format", "How `/v1/embeddings` is served."],
    ["声明格式的向量", "如何提供 `/v1/embeddings`。"],
  ),
  formatVectors: d(
    ["Vectors of a declared format", "Where the vectors of an answer stand."],
    ["声明格式的向量应答", "应答中向量所在的位置。"],
  ),
  formatRerank: d(
    ["Rankings of a declared format", "How `/v1/rerank` is served."],
    ["声明格式的重排序", "如何提供 `/v1/rerank`。"],
  ),
  formatRanking: d(
    ["Results of a ranking of a declared format", "Where the results of a ranking stand."],
    ["声明格式的重排序应答", "应答中重排序结果所在的位置。"],
  ),
};

/** A field whose value is an expression. */
const path = (title: string, what: string, zhTitle: string, zhWhat: string): Description =>
  d([title, `Expression: ${what}.`], [zhTitle, `表达式：${zhWhat}。`]);

export const DECLARED_FIELDS: Record<string, Description> = {
  "format.request": d(["Request", "How a chat request is written."], ["请求", "聊天请求的写法。"]),
  "format.response": d(
    ["Answer", "Where the parts of an answer stand."],
    ["应答", "应答的各个部分所在的位置。"],
  ),
  "format.stream": d(
    ["Stream", "How an answer is streamed. Absent: the service cannot stream."],
    ["流", "应答如何流式返回。不写表示该服务不支持流式。"],
  ),
  "format.errors": d(["Errors", "What an error looks like."], ["错误", "错误应答的形式。"]),
  "format.embeddings": d(["Embeddings", "How embeddings are made."], ["向量", "如何计算向量。"]),
  "format.rerank": d(["Rankings", "How documents are ranked."], ["重排序", "如何对文档重排序。"]),
  "format.drop": d(
    [
      "Dropped parameters",
      "Parameters to leave out, and report, although the answer changes. Else such a request is refused.",
    ],
    ["丢弃的参数", "即使影响应答也要丢弃（并报告）的参数；否则这样的请求会被拒绝。"],
  ),
  "formatRequest.path": d(
    ["Path", "Path behind `basePath`, perhaps with a query. Expressions in `{{ }}` are percent-encoded."],
    ["路径", "`basePath` 之后的路径，可带查询参数。`{{ }}` 中的表达式会被百分号编码。"],
  ),
  "formatRequest.streamPath": d(
    ["Path of streams", "The same for requests that are streamed. Absent: `path`."],
    ["流式路径", "流式请求的路径。不写则与 `path` 相同。"],
  ),
  "formatRequest.method": d(["Method", "The request's method."], ["方法", "请求方法。"]),
  "formatRequest.query": d(
    [
      "Query",
      "Parameters of the query. One that is a single expression is left out where that finds nothing.",
    ],
    ["查询参数", "查询参数。若值只是一个表达式而没有结果，则省略。"],
  ),
  "formatRequest.headers": d(
    ["Headers", "Further headers. One that is a single expression is left out where that finds nothing."],
    ["请求头", "附加的请求头。若值只是一个表达式而没有结果，则省略。"],
  ),
  "formatRequest.body": d(
    ["Body", "Template of the body: JSON with expressions and directives."],
    ["请求体", "请求体模板：含有表达式和指令的 JSON。"],
  ),
  "formatResponse.text": path("Text", "the visible text", "文本", "可见文本"),
  "formatResponse.thinking": path("Thinking", "reasoning that may be shown", "思考", "可展示的思考过程"),
  "formatResponse.toolCalls": d(
    ["Tool calls", "Where tool calls stand."],
    ["工具调用", "工具调用所在的位置。"],
  ),
  "formatResponse.finish": path("Finish reason", "why the model stopped", "结束原因", "模型停止的原因"),
  "formatResponse.finishMap": d(
    ["Finish reasons", "What the values of `finish` mean; `*` is any other."],
    ["结束原因映射", "`finish` 的值的含义；`*` 表示其他任何值。"],
  ),
  "formatResponse.usage": d(
    ["Usage", "Where the counts of tokens stand."],
    ["用量", "token 计数所在的位置。"],
  ),
  "formatResponse.id": path("Id", "the answer's id", "标识", "应答的标识"),
  "formatResponse.model": path("Model", "the model that answered", "模型", "应答的模型"),
  "formatResponse.created": path(
    "Time",
    "seconds since 1970 when it was made",
    "时间",
    "创建时间，自 1970 年起的秒数",
  ),
  "formatResponse.choices": path("Choices", "the choices of an answer", "候选", "应答的各个候选"),
  "formatResponse.index": path(
    "Index",
    "number of a choice, in the choice",
    "序号",
    "候选的序号（在候选之内）",
  ),
  "formatToolCalls.each": path("Calls", "finds the calls", "调用", "各个调用"),
  "formatToolCalls.index": path("Index", "number of a call, in the call", "序号", "调用的序号（在调用之内）"),
  "formatToolCalls.id": path("Id", "id of a call, in the call", "标识", "调用的标识（在调用之内）"),
  "formatToolCalls.name": path("Name", "name of the function, in the call", "名称", "函数名（在调用之内）"),
  "formatToolCalls.arguments": path(
    "Arguments",
    "an object, or a text that holds JSON, in the call",
    "参数",
    "对象或 JSON 文本（在调用之内）",
  ),
  "formatUsage.input": path("Input", "tokens read", "输入", "输入的 token 数"),
  "formatUsage.output": path("Output", "tokens written", "输出", "输出的 token 数"),
  "formatUsage.total": path("Total", "both together", "合计", "输入输出合计"),
  "formatUsage.cached": path(
    "Cached",
    "share of the input that came from a cache",
    "缓存",
    "输入中命中缓存的部分",
  ),
  "formatUsage.reasoning": path(
    "Reasoning",
    "share of the output that is reasoning",
    "推理",
    "输出中用于推理的部分",
  ),
  "formatStream.framing": d(
    ["Framing", "How the stream is cut into records."],
    ["分帧", "流如何切分为记录。"],
  ),
  "formatStream.always": d(
    [
      "Always",
      "The service streams every answer, whether or not it was asked to; `$.stream` is then always true.",
    ],
    ["总是流式", "无论是否请求，服务总是流式应答；此时 `$.stream` 恒为 true。"],
  ),
  "formatStream.mode": d(
    ["Mode", "Whether each text is new, or repeats the earlier ones."],
    ["模式", "每段文本是新增内容，还是包含之前的全部内容。"],
  ),
  "formatStream.events": d(
    ["Events", "Names of the events that count; only with `sse`. Absent: all."],
    ["事件", "有效事件的名称，仅用于 `sse`。不写表示全部。"],
  ),
  "formatStream.when": d(
    ["Condition", "Condition on the records that count. Absent: all."],
    ["条件", "有效记录的条件。不写表示全部。"],
  ),
  "formatStream.end": d(
    [
      "End",
      "What the end is known by. Absent: the body's end, after a finish reason where `finish` is declared.",
    ],
    ["结束", "如何判断流结束。不写则为响应体结束；若声明了 `finish`，之前须有结束原因。"],
  ),
  "formatStream.response": d(
    ["Parts of a record", "Where they are not those of the whole answer."],
    ["记录的各部分", "与完整应答不同的位置。"],
  ),
  "formatStream.errors": d(
    ["Errors of records", "What an error looks like in a record, where that is not as in a whole answer."],
    ["记录的错误", "流的记录中错误的样子，与完整应答不同时填写；代替外层的 `errors`。"],
  ),
  "formatEnd.data": d(
    ["Text", "A record that is this text, such as `[DONE]`."],
    ["文本", "内容为该文本的记录，例如 `[DONE]`。"],
  ),
  "formatEnd.event": d(["Event", "An event of this name."], ["事件", "该名称的事件。"]),
  "formatEnd.when": d(["Condition", "A record for which this holds."], ["条件", "满足该条件的记录。"]),
  "formatEnd.body": d(
    ["End of the body", "true: the end of the body."],
    ["响应体结束", "true 表示响应体结束即流结束。"],
  ),
  "formatErrors.when": d(
    ["Condition", "An answer with status 200, or a record, for which this holds is an error."],
    ["条件", "满足该条件的 200 应答或记录是错误。"],
  ),
  "formatErrors.events": d(
    ["Events", "Names of events that are errors; only with `sse`."],
    ["事件", "表示错误的事件名称，仅用于 `sse`。"],
  ),
  "formatErrors.code": path("Code", "the error's code", "错误码", "错误码"),
  "formatErrors.message": path("Message", "the error's text", "错误信息", "错误信息"),
  "formatErrors.statuses": d(
    ["Statuses", "From codes to the HTTP status that the client gets; `*` is any other."],
    ["状态码映射", "错误码对应返回给客户端的 HTTP 状态码；`*` 表示其他任何错误码。"],
  ),
  "formatEmbeddings.request": d(["Request", "How a request is written."], ["请求", "请求的写法。"]),
  "formatEmbeddings.response": d(["Answer", "Where the vectors stand."], ["应答", "向量所在的位置。"]),
  "formatVectors.each": path("Items", "finds one item for each text", "条目", "每个文本对应的条目"),
  "formatVectors.vector": path("Vector", "list of numbers, in the item", "向量", "数字列表（在条目之内）"),
  "formatVectors.index": path(
    "Index",
    "number of the text, in the item; absent: the position",
    "序号",
    "文本的序号（在条目之内）；不写则按顺序",
  ),
  "formatVectors.tokens": path("Tokens", "count of tokens", "token 数", "token 计数"),
  "formatRerank.request": d(["Request", "How a request is written."], ["请求", "请求的写法。"]),
  "formatRerank.response": d(["Answer", "Where the results stand."], ["应答", "结果所在的位置。"]),
  "formatRanking.each": path("Results", "finds the results", "结果", "各个结果"),
  "formatRanking.score": path("Score", "the score, in the result", "得分", "得分（在结果之内）"),
  "formatRanking.index": path(
    "Index",
    "number of the document, in the result; absent: the position",
    "序号",
    "文档的序号（在结果之内）；不写则按顺序",
  ),
  "formatRanking.tokens": path("Tokens", "count of tokens", "token 数", "token 计数"),
};
