/** What every object type and field is for, in the languages of the console. Keys are those of the table. */

import { DECLARED_FIELDS, DECLARED_TYPES } from "./declared-descriptions";
import { PROVIDER_FIELD_DESCRIPTIONS, PROVIDER_TYPE_DESCRIPTIONS } from "./official-descriptions";

/** A title and an explanation. */
export type Text = [title: string, explanation: string];

export interface Description {
  en: Text;
  zh: Text;
}

/** Keyed by object type. */
export const TYPE_DESCRIPTIONS: Record<string, Description> = {
  ...DECLARED_TYPES,
  config: {
    en: [
      "Eureka AI proxy",
      "Calls AI models that are registered in Eureka, through the APIs AI clients already use.",
    ],
    zh: ["Eureka AI 代理", "让 AI 客户端用现有的 API 调用注册在 Eureka 中的模型服务。"],
  },
  variables: {
    en: [
      "Variables",
      "What a vendor's row leaves open. Each vendor needs its own ones: see docs/vendors.md.",
    ],
    zh: ["变量", "厂商定义中由用户填写的部分；各厂商需要的变量参见 docs/vendors.md。"],
  },
  apiPath: {
    en: ["Path of an API", "Where a service has one API."],
    zh: ["接口路径", "服务上某个接口的路径。"],
  },
  rule: {
    en: [
      "Rule",
      "A configuration for some requests. Top-level fields that it does not give are inherited from the global configuration.",
    ],
    zh: ["规则", "只对部分请求生效的配置。未填写的顶层字段继承全局配置。"],
  },
  service: {
    en: ["Model service", "Where a model is served, and how to call it."],
    zh: ["模型服务", "模型服务的位置和调用方式。"],
  },
  auth: {
    en: [
      "Authentication",
      "What the gateway sends to prove who calls. The client's own credentials are removed.",
    ],
    zh: ["认证", "网关访问模型服务时使用的凭证。客户端自带的凭证会被移除。"],
  },
  keys: {
    en: [
      "Keys",
      "How several keys of a service are used, and when one is left alone for a while. See docs/credentials.md.",
    ],
    zh: ["密钥", "如何使用服务的多个密钥，以及何时暂停使用其中一个。参见 docs/credentials.md。"],
  },
  mapping: {
    en: ["Model mapping", "One line of a model mapping, for forms that cannot show maps."],
    zh: ["模型映射", "一条模型映射，供无法展示键值对的表单使用。"],
  },
  settings: {
    en: ["Settings", "What every format and vendor may be told about a service: nothing so far."],
    zh: ["格式设置", "所有格式和厂商通用的服务设置：目前没有。"],
  },
  minimaxSettings: {
    en: ["Settings of MiniMax", "What ChatCompletion Pro wants to know besides the messages."],
    zh: ["MiniMax 设置", "ChatCompletion Pro 在消息之外需要的信息。"],
  },
  cozeSettings: {
    en: [
      "Settings of Coze",
      "Which bot answers. Clients may send the header `ConversationId` with the value that the last answer had: then only what is new goes to the bot.",
    ],
    zh: [
      "扣子设置",
      "由哪个智能体应答。客户端可以把上一次应答的 `ConversationId` 头随请求发送，此时只把新的消息发给智能体。",
    ],
  },
  bedrockSettings: {
    en: [
      "Settings of Amazon Bedrock",
      "What of a prompt the model is told to remember where no client says so. For models of Claude and Nova that can; cache points of clients (`cache_control`) come first, four are the most.",
    ],
    zh: [
      "Amazon Bedrock 设置",
      "客户端未指定时，让模型缓存提示词的哪些部分。仅用于支持缓存的 Claude 和 Nova 模型；客户端的缓存点（`cache_control`）优先，最多四个。",
    ],
  },
  deeplSettings: {
    en: [
      "Settings of DeepL",
      "What is translated: the messages after the last answer. The system prompt and what was said before are its context.",
    ],
    zh: ["DeepL 设置", "翻译最后一次应答之后的消息，系统提示词和之前的对话作为上下文。"],
  },
  kserveSettings: {
    en: ["Settings of KServe and Triton", "Which model answers, beyond its name."],
    zh: ["KServe 与 Triton 设置", "模型名称之外的模型选择。"],
  },
  difySettings: {
    en: [
      "Settings of Dify",
      "Which kind of application answers, and by which of its variables. Clients may send the header `ConversationId` with the value that the last answer had: then only what is new goes to the application.",
    ],
    zh: [
      "Dify 设置",
      "应用的类型及其变量。客户端可以把上一次应答的 `ConversationId` 头随请求发送，此时只把新的消息发给应用。",
    ],
  },
  select: {
    en: ["Selection", "Which instances found in Eureka may be called, and by which address."],
    zh: ["实例选择", "Eureka 中的哪些实例可以调用，以及使用哪个地址。"],
  },
  label: {
    en: ["Metadata entry", "One line of a metadata filter, for forms that cannot show maps."],
    zh: ["元数据条目", "一条元数据过滤条件，供无法展示键值对的表单使用。"],
  },
  balance: {
    en: ["Balancing", "How one of several instances is chosen. See docs/eureka.md."],
    zh: ["负载均衡", "如何在多个实例中选择一个。参见 docs/eureka.md。"],
  },
  outlier: {
    en: [
      "Outlier detection",
      "When an instance that fails is left alone for a while, although Eureka says that it is UP.",
    ],
    zh: ["异常摘除", "实例在 Eureka 中为 UP 但调用失败时，何时暂时停止使用它。"],
  },
  attempts: {
    en: [
      "Attempts",
      "When a request is tried again, before the client has got anything. See docs/failover.md.",
    ],
    zh: ["重试", "在客户端收到任何内容之前，何时再次尝试请求。参见 docs/failover.md。"],
  },
  lastResort: {
    en: ["Last resort", "What is done when every attempt failed. See docs/failover.md."],
    zh: ["降级", "所有尝试都失败后怎么办。参见 docs/failover.md。"],
  },
  eureka: {
    en: ["Eureka", "The registry, and how often it is asked."],
    zh: ["Eureka", "注册中心及其轮询方式。"],
  },
  eurekaServer: {
    en: ["Eureka server", "How one Eureka server is reached."],
    zh: ["Eureka 服务器", "一台 Eureka 服务器的访问方式。"],
  },
  limits: {
    en: ["Limits", "How much the service is asked to do. See docs/limits.md."],
    zh: ["限制", "对该服务的请求量限制。参见 docs/limits.md。"],
  },
  consumerLimits: {
    en: ["Limits of consumers", "How much one consumer may ask for. See docs/limits.md."],
    zh: ["消费者限制", "单个消费者的请求量限制。参见 docs/limits.md。"],
  },
  observe: {
    en: ["Observing", "What is said of requests, and where. See docs/observability.md."],
    zh: ["可观测性", "记录请求的哪些信息，以及记录到哪里。参见 docs/observability.md。"],
  },
  steering: {
    en: [
      "Steering",
      "Plain Envoy: how the router is told which instance was chosen. Higress does not need it.",
    ],
    zh: ["转发控制", "原生 Envoy：如何把选中的实例告诉路由器。Higress 不需要。"],
  },
  ...PROVIDER_TYPE_DESCRIPTIONS,
};

/** Keyed by `type.field`. */
export const FIELD_DESCRIPTIONS: Record<string, Description> = {
  ...DECLARED_FIELDS,
  "config.services": {
    en: [
      "Model services",
      "Services in the order of preference: the first one whose `models` match serves the request. None: the plugin does nothing.",
    ],
    zh: ["模型服务", "按优先级排列：由第一个 `models` 匹配的服务处理请求。为空时插件不做任何事。"],
  },
  "config.eureka": {
    en: ["Eureka", "Registry to ask for the instances of `application`. Absent: Eureka is not asked."],
    zh: ["Eureka", "用来查询 `application` 实例的注册中心。不填则不查询 Eureka。"],
  },
  "config.steering": {
    en: ["Steering", "Plain Envoy: how the router is told which instance was chosen."],
    zh: ["转发控制", "原生 Envoy：如何把选中的实例告诉路由器。"],
  },
  "config.attempts": {
    en: [
      "Attempts",
      "A request that fails before its first byte is tried again, at another instance or the next service. Absent: every request is tried once.",
    ],
    zh: ["重试", "请求在首字节之前失败时，换一个实例或下一个服务再试。不填则只尝试一次。"],
  },
  "config.lastResort": {
    en: ["Last resort", "What is done when every attempt failed. Absent: the client gets the last failure."],
    zh: ["降级", "所有尝试都失败后怎么办。不填则把最后一次失败返回给客户端。"],
  },
  "config.maxBodyBytes": {
    en: ["Greatest body", "Bytes that a request body may have. Larger ones are refused with status 413."],
    zh: ["请求体上限", "请求体的最大字节数，超过时返回 413。"],
  },
  "config.allowOnHeadersStopIteration": {
    en: [
      "Headers may be held",
      "Plain Envoy: says that the filter's own configuration has `allow_on_headers_stop_iteration: true`.",
    ],
    zh: ["允许暂停请求头", "原生 Envoy：表示过滤器配置中已设置 `allow_on_headers_stop_iteration: true`。"],
  },
  "config.limits": {
    en: ["Limits of consumers", "Requests and tokens of one consumer in a minute."],
    zh: ["消费者限制", "单个消费者每分钟的请求数和令牌数。"],
  },
  "consumerLimits.requestsPerMinute": {
    en: [
      "Requests per minute",
      "More are refused with status 429. All workers of a gateway count together. 0: no limit.",
    ],
    zh: ["每分钟请求数", "超出时返回 429。同一网关的所有工作线程一起计数。0 表示不限制。"],
  },
  "consumerLimits.tokensPerMinute": {
    en: [
      "Tokens per minute",
      "Input and output. Counted when an answer has come, so the request that passes the limit is still served. 0: no limit.",
    ],
    zh: ["每分钟令牌数", "输入与输出之和。应答完成后计数，因此越过上限的那个请求仍会被处理。0 表示不限制。"],
  },
  "consumerLimits.consumerHeader": {
    en: [
      "Header of the consumer",
      "Request header that names the consumer, as an authentication plugin sets it. Requests without it count as one consumer.",
    ],
    zh: ["消费者请求头", "标识消费者的请求头，由认证插件设置。没有该请求头的请求视为同一个消费者。"],
  },
  "service.limits": {
    en: ["Limits", "Open requests, requests and tokens per minute, and how long streams may take."],
    zh: ["限制", "并发请求数、每分钟请求数和令牌数，以及流式应答的时长。"],
  },
  "limits.concurrent": {
    en: [
      "Open requests",
      "As many requests may be open on each worker; workers count for themselves. 0: no limit.",
    ],
    zh: ["并发请求数", "每个工作线程上最多同时进行的请求数，各工作线程独立计数。0 表示不限制。"],
  },
  "limits.concurrentPerInstance": {
    en: [
      "Open requests of an instance",
      "The same for each instance that Eureka knows. Another instance that has room is taken instead. 0: no limit.",
    ],
    zh: ["单实例并发请求数", "同上，针对 Eureka 中的每个实例；会改用其他有余量的实例。0 表示不限制。"],
  },
  "limits.queue": {
    en: [
      "Queue",
      "As many requests of a worker may wait for a place; further ones are refused with status 503.",
    ],
    zh: ["队列长度", "每个工作线程上最多有多少请求排队等待；超出时返回 503。"],
  },
  "limits.queueMs": {
    en: ["Patience", "Milliseconds that a request may wait for a place."],
    zh: ["排队时间", "请求排队等待的最长毫秒数。"],
  },
  "limits.requestsPerMinute": {
    en: [
      "Requests per minute",
      "More are refused with status 429. All workers of a gateway count together. 0: no limit.",
    ],
    zh: ["每分钟请求数", "超出时返回 429。同一网关的所有工作线程一起计数。0 表示不限制。"],
  },
  "limits.tokensPerMinute": {
    en: [
      "Tokens per minute",
      "Input and output. Counted when an answer has come, so the request that passes the limit is still served. 0: no limit.",
    ],
    zh: ["每分钟令牌数", "输入与输出之和。应答完成后计数，因此越过上限的那个请求仍会被处理。0 表示不限制。"],
  },
  "limits.maxStreamMs": {
    en: [
      "Longest stream",
      "Milliseconds that a streamed answer may take; then it ends with an error. 0: no limit.",
    ],
    zh: ["流式应答时长上限", "流式应答的最长毫秒数，超出后以错误结束。0 表示不限制。"],
  },
  "limits.idleMs": {
    en: [
      "Longest silence",
      "Milliseconds that may pass between two parts of a streamed answer; then it is broken off. 0: no limit.",
    ],
    zh: ["最长静默时间", "流式应答中两段数据之间的最长毫秒数，超出后中断。0 表示不限制。"],
  },
  "config.observe": {
    en: ["Observing", "Metrics, log attributes and the access log of requests."],
    zh: ["可观测性", "请求的指标、日志属性和访问日志。"],
  },
  "observe.metrics": {
    en: ["Metrics", "Requests are counted and timed in the gateway's metrics."],
    zh: ["指标", "在网关指标中统计请求数量和耗时。"],
  },
  "observe.models": {
    en: [
      "Models told apart",
      "As many models have metrics of their own: the first ones that were answered. All others are counted as `other`.",
    ],
    zh: ["区分的模型数", "最多为这么多个模型单独统计指标（按首次成功应答的先后）。其余模型计入 `other`。"],
  },
  "observe.logAttributes": {
    en: [
      "Log attributes",
      "Sets `model`, `input_token`, `output_token` and others, and `ai_log` with all of them, as properties: `%FILTER_STATE(wasm.ai_log:PLAIN)%` in the gateway's access log.",
    ],
    zh: [
      "日志属性",
      "以属性形式设置 `model`、`input_token`、`output_token` 等，并在 `ai_log` 中汇总：可在网关访问日志中使用 `%FILTER_STATE(wasm.ai_log:PLAIN)%`。",
    ],
  },
  "observe.accessLog": {
    en: ["Access log", "Writes one line of JSON for each request into the gateway's log, at level info."],
    zh: ["访问日志", "为每个请求在网关日志中以 info 级别写一行 JSON。"],
  },
  "config._rules_": {
    en: [
      "Rules",
      "Written by Higress for routes, domains and services. The first rule that applies to a request wins.",
    ],
    zh: ["规则", "由 Higress 按路由、域名和服务生成。第一条匹配的规则生效。"],
  },
  "config._plugin_id_": {
    en: ["Plugin id", "Written by Higress. Ignored."],
    zh: ["插件标识", "由 Higress 写入，插件忽略此字段。"],
  },
  "service.name": {
    en: ["Name", "For logs and metrics. Absent: the application, service or cluster."],
    zh: ["名称", "用于日志和指标。默认取 application、service 或 cluster 的值。"],
  },
  "service.application": {
    en: [
      "Eureka application",
      "Name of the application in Eureka, in any case. Instances that are UP are called.",
    ],
    zh: ["Eureka 应用", "Eureka 中的应用名，不区分大小写。只调用状态为 UP 的实例。"],
  },
  "service.vip": {
    en: [
      "VIP",
      "Virtual address in Eureka (`vipAddress`), in any case. All applications that have it are called.",
    ],
    zh: ["VIP", "Eureka 中的虚拟地址（`vipAddress`），不区分大小写。调用所有具有该地址的应用。"],
  },
  "service.secureVip": {
    en: [
      "Secure VIP",
      "The same with `secureVipAddress`. Set `select.ports` to `secureOnly` to call the secure ports.",
    ],
    zh: [
      "安全 VIP",
      "同上，但使用 `secureVipAddress`。要调用安全端口，请把 `select.ports` 设为 `secureOnly`。",
    ],
  },
  "service.service": {
    en: ["Higress service", "Service of Higress's registry with its port, such as `llm.dns:443`."],
    zh: ["Higress 服务", "Higress 服务来源中的服务名和端口，例如 `llm.dns:443`。"],
  },
  "service.cluster": {
    en: ["Envoy cluster", "Name of a cluster of Envoy."],
    zh: ["Envoy 集群", "Envoy 集群名。"],
  },
  "service.vendor": {
    en: [
      "Vendor",
      "Whose API this is: gives format, paths, the place of the key and, outside Eureka, the host, where they are not given. With a vendor alone, requests go where the gateway's route leads. See docs/vendors.md.",
    ],
    zh: [
      "厂商",
      "模型服务的厂商：未填写格式、路径、密钥位置时使用该厂商的默认值；不在 Eureka 中时还包括主机名。只填写厂商时，请求发往网关路由本身的目标。参见 docs/vendors.md。",
    ],
  },
  "service.variables": {
    en: ["Variables", "What is put into the `{name}`s of the vendor's host and paths."],
    zh: ["变量", "厂商主机名和路径中 `{name}` 的取值。"],
  },
  "service.protocol": {
    en: [
      "Protocol",
      "`original`: path and body go to the service as they came, whatever they are; only host and key are the service's.",
    ],
    zh: ["协议处理", "`original`：路径和请求体原样发往服务，只设置主机名和密钥。"],
  },
  "service.paths": {
    en: [
      "Paths",
      "Paths of single APIs at the service, such as `/embeddings` to `/embed/v2`; the key is the client's path behind `/v1`. `{name}` in it is one segment, and may stand in the service's path; so may `{model}`.",
    ],
    zh: [
      "接口路径",
      "个别接口在服务上的完整路径，例如 `/embeddings` 到 `/embed/v2`；键为客户端路径中 `/v1` 之后的部分，其中 `{name}` 代表一段，可以用于服务的路径，`{model}` 也可以。",
    ],
  },
  "variables.account": {
    en: ["Account", "The customer's account."],
    zh: ["账号", "客户的账号。"],
  },
  "variables.region": {
    en: ["Region", "The region, as the vendor names it."],
    zh: ["地域", "厂商的地域名。"],
  },
  "variables.project": {
    en: ["Project", "The customer's project."],
    zh: ["项目", "客户的项目。"],
  },
  "variables.resource": {
    en: ["Resource", "The customer's resource."],
    zh: ["资源", "客户的资源名。"],
  },
  "variables.deployment": {
    en: ["Deployment", "The only deployment that is called; absent: the one that the model names."],
    zh: ["部署", "固定调用的部署；不填写时由模型名决定。"],
  },
  "variables.apiVersion": {
    en: ["API version", "The version of the API that is asked for."],
    zh: ["API 版本", "请求的 API 版本。"],
  },
  "apiPath.from": {
    en: ["Client's path", "Path of a client's request behind `/v1`; it stands also for all paths below it."],
    zh: ["客户端路径", "客户端请求路径中 `/v1` 之后的部分，也包括其下的所有路径。"],
  },
  "apiPath.to": {
    en: ["Service's path", "The whole path at the service, with or without a query."],
    zh: ["服务路径", "服务上的完整路径，可以带查询参数。"],
  },
  "service.format": {
    en: ["Format", "Which API the service speaks: a built-in one, or one that is declared here."],
    zh: ["协议格式", "模型服务使用的 API 格式：内置格式，或在此声明的格式。"],
  },
  "service.alsoSpeaks": {
    en: [
      "Also speaks",
      "Further formats that the service answers by itself, at that format's own paths: clients that speak them are not converted.",
    ],
    zh: ["还支持", "该服务自身还支持的其他格式（使用该格式自身的路径）：使用这些格式的客户端请求不做转换。"],
  },
  "service.strict": {
    en: [
      "Strict",
      "Refuse a request of which something would be lost on the way to the service's format, instead of reporting the loss in x-ai-proxy-dropped-params.",
    ],
    zh: [
      "严格模式",
      "如果请求转换为该服务的格式时会丢失内容，则拒绝请求，而不是仅在 x-ai-proxy-dropped-params 中报告。",
    ],
  },
  "service.basePath": {
    en: [
      "Base path",
      "Replaces the `/v1` in front of the client's path. `/` is the root. Absent: what the format's own API has, `/v1` for openai.",
    ],
    zh: [
      "基础路径",
      "替换客户端路径开头的 `/v1`。`/` 表示根路径。默认取该格式自身 API 的路径，openai 为 `/v1`。",
    ],
  },
  "service.authority": {
    en: [
      "Host",
      "Host that the service is called by. Absent: `ip:port` of the instance, or the client's host.",
    ],
    zh: ["主机名", "调用服务时使用的 Host。默认为实例的 `ip:port`，或客户端的 Host。"],
  },
  "service.token": {
    en: ["Token", "The service's key, sent where its format wants it: as a bearer token for openai."],
    zh: ["令牌", "服务的密钥，按其格式要求的方式发送：openai 为 Bearer 令牌。"],
  },
  "service.tokens": {
    en: [
      "Tokens",
      "Several keys of the service, as a list or one text with commas: each request takes the next one, and one that is refused is left alone for a while. See `keys`.",
    ],
    zh: [
      "多个令牌",
      "服务的多个密钥，列表或逗号分隔的文本：请求轮流使用，被拒绝的密钥暂停一段时间。参见 `keys`。",
    ],
  },
  "service.keys": {
    en: ["Keys", "How several keys are used, and when one is left alone for a while."],
    zh: ["密钥", "如何使用多个密钥，以及何时暂停使用其中一个。"],
  },
  "service.auth": {
    en: ["Authentication", "How the gateway authenticates at the service. Absent: not at all."],
    zh: ["认证", "网关如何向模型服务认证。默认不认证。"],
  },
  "service.models": {
    en: [
      "Models",
      "Client models that the service answers, as names, `prefix*`, `*suffix`, `~regular expression` or `*`; a list, or one text with commas. Absent: all.",
    ],
    zh: [
      "模型",
      "服务支持的模型：名称、`前缀*`、`*后缀`、`~正则表达式` 或 `*`；可以是列表或逗号分隔的文本。默认支持所有模型。",
    ],
  },
  "service.modelMapping": {
    en: [
      "Model mapping",
      "From the client's name of a model to the service's. Tried in this order: exact names, the longest `prefix*` or `*suffix`, `~regular expressions` as written, `*`. An empty name keeps the client's. May also be one text, `gpt-4o=qwen-max, gpt-*=qwen-plus`.",
    ],
    zh: [
      "模型映射",
      "客户端模型名到服务模型名的映射。匹配顺序：精确名称、最长的 `前缀*` 或 `*后缀`、按书写顺序的 `~正则表达式`、`*`。值为空时保留原名。也可以写成一个文本：`gpt-4o=qwen-max, gpt-*=qwen-plus`。",
    ],
  },
  "service.settings": {
    en: [
      "Settings of the format",
      "Texts that only this format knows; see the tables of settings. Names that the format does not know are an error.",
    ],
    zh: ["格式设置", "仅该格式使用的文本，参见各格式的设置表。格式不认识的名称视为错误。"],
  },
  "service.thinkingHistory": {
    en: [
      "Reasoning goes back",
      "Whether reasoning of earlier turns goes back to the service where a request is converted and the format has a place for it. false: it is left out and reported as thinking_history.",
    ],
    zh: [
      "回传思考内容",
      "请求经过转换且格式支持时，是否把之前轮次的思考内容发回服务。false 表示不发送，并以 thinking_history 报告。",
    ],
  },
  "minimaxSettings.groupId": {
    en: ["Group", "The account's GroupId, which goes into the query."],
    zh: ["用户组", "账户的 GroupId，写入查询参数。"],
  },
  "minimaxSettings.botName": {
    en: ["Name of the bot", "What the model is called. The system prompt is its description."],
    zh: ["机器人名称", "模型的名称，系统提示词作为它的描述。"],
  },
  "minimaxSettings.userName": {
    en: ["Name of the user", "What users are called whom the client gives no name."],
    zh: ["用户名称", "客户端未给出名称时用户的称呼。"],
  },
  "cozeSettings.botId": {
    en: ["Bot", "Id of the bot. None: the model's name is the id."],
    zh: ["智能体", "智能体的 ID。不填时以模型名称作为 ID。"],
  },
  "bedrockSettings.promptCacheRetention": {
    en: [
      "Prompt cache",
      "How long prompts are remembered: `in_memory` for five minutes, `24h` for an hour where the model can (Claude 4.5 and later). Absent: not at all, unless the request says so (`prompt_cache_retention`), which counts before this.",
    ],
    zh: [
      "提示词缓存",
      "提示词的缓存时间：`in_memory` 为五分钟；`24h` 为一小时（Claude 4.5 及更新的模型），其他模型为五分钟。不填则不缓存，除非请求中有 `prompt_cache_retention`，且以请求为准。",
    ],
  },
  "bedrockSettings.promptCachePositions": {
    en: [
      "Cache points",
      "Where what is remembered ends: behind the system prompt, the user's last message, or the last message. A list, or one text with commas. Absent: `systemPrompt`.",
    ],
    zh: [
      "缓存点位置",
      "缓存到哪里为止：系统提示词、最后一条用户消息或最后一条消息之后。列表或逗号分隔的文本，默认 `systemPrompt`。",
    ],
  },
  "deeplSettings.targetLanguage": {
    en: ["Target language", "Language that is translated into, as DeepL names it: `DE`, `EN-US`, `ZH-HANS`."],
    zh: ["目标语言", "译文的语言，用 DeepL 的代码表示：`DE`、`EN-US`、`ZH-HANS`。"],
  },
  "deeplSettings.sourceLanguage": {
    en: ["Source language", "Language that is translated from. None: DeepL finds out."],
    zh: ["源语言", "原文的语言。不填时由 DeepL 识别。"],
  },
  "kserveSettings.modelVersion": {
    en: ["Version of the model", "Goes into the path, unless the model's name has one: `llama/versions/2`."],
    zh: ["模型版本", "写入请求路径；模型名称中已有版本时以后者为准，如 `llama/versions/2`。"],
  },
  "difySettings.botType": {
    en: [
      "Kind of application",
      "What kind of application the key belongs to. Chat flows are `chat`. `completion` and `workflow` get the conversation as one text.",
    ],
    zh: [
      "应用类型",
      "密钥所属应用的类型，对话流属于 `chat`。`completion` 和 `workflow` 收到合并为一段文本的对话。",
    ],
  },
  "difySettings.inputVariable": {
    en: [
      "Input variable",
      "Variable that gets the conversation. `completion` has `query` where none is given; `chat` and `agent` need none.",
    ],
    zh: ["输入变量", "接收对话内容的变量。`completion` 默认为 `query`；`chat` 和 `agent` 不需要。"],
  },
  "difySettings.outputVariable": {
    en: [
      "Output variable",
      "Output of a `workflow` that is the answer. None: the first output that is a text.",
    ],
    zh: ["输出变量", "`workflow` 的哪个输出作为应答。不填时取第一个文本输出。"],
  },
  "service.instances": {
    en: ["Fall-back instances", "`host:port` of instances that are called while Eureka has never answered."],
    zh: ["备用实例", "在 Eureka 从未响应时调用的实例 `主机:端口`。"],
  },
  "service.select": {
    en: ["Selection", "Which instances found in Eureka may be called."],
    zh: ["实例选择", "Eureka 中的哪些实例可以调用。"],
  },
  "service.balance": {
    en: ["Balancing", "How one of several instances found in Eureka is chosen."],
    zh: ["负载均衡", "如何在 Eureka 中的多个实例里选择一个。"],
  },
  "service.outlier": {
    en: ["Outlier detection", "When an instance found in Eureka is left alone because it fails."],
    zh: ["异常摘除", "Eureka 中的实例失败到什么程度会被暂时摘除。"],
  },
  "service.weight": {
    en: [
      "Weight",
      "Services with a weight share the requests for the models they answer, and come before those without. 0: only the order counts.",
    ],
    zh: ["权重", "设置了权重的服务按比例分担请求，并优先于未设置的服务。0 表示只按顺序。"],
  },
  "select.statuses": {
    en: ["Statuses", "Statuses of instances that may be called. Absent: `UP`."],
    zh: ["状态", "可以调用的实例状态。默认只有 `UP`。"],
  },
  "select.ports": {
    en: [
      "Ports",
      "Which port is called; a disabled one never is. `plainFirst` and `secureFirst` use the other one where theirs is disabled.",
    ],
    zh: [
      "端口",
      "调用哪个端口；已禁用的端口不会使用。`plainFirst` 和 `secureFirst` 在首选端口禁用时使用另一个。",
    ],
  },
  "select.preferIp": {
    en: [
      "Prefer the IP",
      "Call instances by `ipAddr`; else by `hostName`, which needs a cluster that resolves names. The other one is used where it is missing.",
    ],
    zh: [
      "优先使用 IP",
      "使用 `ipAddr` 调用；否则使用 `hostName`，此时集群必须能解析域名。缺失时使用另一个。",
    ],
  },
  "select.metadata": {
    en: ["Metadata filter", "Metadata that an instance must have, such as `model: qwen`."],
    zh: ["元数据过滤", "实例必须具有的元数据，例如 `model: qwen`。"],
  },
  "select.zone": {
    en: [
      "Zone",
      "Instances of this zone (metadata `zone`, or Amazon's availability zone) are called as long as one of them can be; else all. Absent: `eureka.zone`.",
    ],
    zh: [
      "可用区",
      "只要该可用区（元数据 `zone` 或亚马逊可用区）有可用实例就只调用它们，否则调用所有实例。默认取 `eureka.zone`。",
    ],
  },
  "select.weightKey": {
    en: [
      "Weight key",
      "Metadata key of an instance's weight, a whole number up to 1000; 1 where it is missing.",
    ],
    zh: ["权重键", "实例权重所在的元数据键，值为不超过 1000 的整数；缺失时为 1。"],
  },
  "label.from": {
    en: ["Key", "Key of the metadata."],
    zh: ["键", "元数据的键。"],
  },
  "label.to": {
    en: ["Value", "Value that the key must have."],
    zh: ["值", "该键必须具有的值。"],
  },
  "balance.policy": {
    en: [
      "Policy",
      "`roundRobin`; `weighted`: round robin by weight; `random`; `leastOutstanding`: the instance with the fewest open requests of this worker; `sessionAffinity`: one instance for a session; `prefixAffinity`: one instance for equal beginnings of prompts, so that its cache is used.",
    ],
    zh: [
      "策略",
      "`roundRobin` 轮询；`weighted` 加权轮询；`random` 随机；`leastOutstanding` 选择当前工作线程未完成请求最少的实例；`sessionAffinity` 同一会话使用同一实例；`prefixAffinity` 提示词开头相同的请求使用同一实例，以利用其缓存。",
    ],
  },
  "balance.header": {
    en: [
      "Session header",
      "`sessionAffinity`: header that names the session. Absent, without `cookie` and `field`: `x-session-id`.",
    ],
    zh: [
      "会话请求头",
      "`sessionAffinity`：标识会话的请求头。与 `cookie`、`field` 都不填时为 `x-session-id`。",
    ],
  },
  "balance.cookie": {
    en: ["Session cookie", "`sessionAffinity`: cookie that names the session."],
    zh: ["会话 Cookie", "`sessionAffinity`：标识会话的 Cookie。"],
  },
  "balance.field": {
    en: [
      "Session field",
      "`sessionAffinity`: member of the JSON body that names the session, such as `user` or `prompt_cache_key`.",
    ],
    zh: ["会话字段", "`sessionAffinity`：请求体 JSON 中标识会话的字段，例如 `user` 或 `prompt_cache_key`。"],
  },
  "balance.prefixBytes": {
    en: [
      "Prefix",
      "`prefixAffinity`: how many bytes of system prompt and messages, as they are written, decide.",
    ],
    zh: ["前缀长度", "`prefixAffinity`：按原文取系统提示和消息的前多少字节来决定实例。"],
  },
  "balance.loadFactor": {
    en: [
      "Load factor",
      "Affinity policies: an instance never has more than so many times the average of open requests of this worker; the next one takes over.",
    ],
    zh: [
      "负载系数",
      "亲和策略：实例未完成的请求数不超过当前工作线程平均值的这么多倍，超过时由下一个实例接替。",
    ],
  },
  "balance.slowStartMs": {
    en: [
      "Slow start",
      "Milliseconds during which an instance that is new, or back after an ejection, gets a growing share of requests. 0: all at once.",
    ],
    zh: ["慢启动", "新实例或摘除后恢复的实例在这段毫秒数内逐步增加请求份额。0 表示立即承担全部份额。"],
  },
  "outlier.consecutiveFailures": {
    en: [
      "Failures in a row",
      "So many answers with status 5xx, time-outs or resets in a row eject an instance; a refused connection ejects it at once. 0: never.",
    ],
    zh: [
      "连续失败次数",
      "连续出现这么多次 5xx、超时或连接中断时摘除实例；连接被拒绝时立即摘除。0 表示从不摘除。",
    ],
  },
  "outlier.baseEjectionMs": {
    en: [
      "First ejection",
      "Milliseconds of the first ejection; each further one is twice as long. Then one request tries the instance.",
    ],
    zh: ["首次摘除时长", "首次摘除的毫秒数，之后每次加倍。到期后用一个请求试探该实例。"],
  },
  "outlier.maxEjectionMs": {
    en: ["Longest ejection", "Most milliseconds of an ejection."],
    zh: ["最长摘除时长", "单次摘除的最大毫秒数。"],
  },
  "outlier.maxEjectedPercent": {
    en: ["Most ejected", "Share of the instances, in percent, that may be ejected at once."],
    zh: ["最大摘除比例", "同时被摘除的实例的最大百分比。"],
  },
  "attempts.max": {
    en: ["Most attempts", "Attempts of a request, the first one included. 1: one."],
    zh: ["最多尝试次数", "每个请求的尝试次数，包括第一次。"],
  },
  "attempts.totalMs": {
    en: [
      "Time for all",
      "Milliseconds since the request came after which no attempt begins. An attempt that the plugin makes itself ends by then, too.",
    ],
    zh: ["总时限", "请求到达后超过这么多毫秒不再开始新的尝试；插件自己发起的尝试也到此为止。"],
  },
  "attempts.firstByteMs": {
    en: [
      "Time to the first byte",
      "Milliseconds after which an attempt without a first byte counts as failed, if there is another target. Whole answers have their first byte when they are complete. 0: no limit.",
    ],
    zh: [
      "首字节时限",
      "超过这么多毫秒没有首字节的尝试视为失败（若还有别的目标）。非流式回答的首字节在其完成时才到。0 表示不限。",
    ],
  },
  "attempts.backoffMs": {
    en: [
      "Back-off",
      "Milliseconds before a target is tried a second time, half of them at random; doubled each time. Another target is tried at once.",
    ],
    zh: ["退避", "再次尝试同一目标前等待的毫秒数，其中一半随机，每次加倍。换目标时不等待。"],
  },
  "attempts.maxBackoffMs": {
    en: ["Longest back-off", "Most milliseconds of a back-off."],
    zh: ["最长退避", "退避的最大毫秒数。"],
  },
  "attempts.statuses": {
    en: [
      "Statuses",
      "Answers with these statuses are tried again: numbers, or `5xx` for all of them. Absent: 408, 429, 500, 502, 503, 504, 529.",
    ],
    zh: [
      "状态码",
      "这些状态码的回答会重试：数字，或用 `5xx` 表示全部。默认 408、429、500、502、503、504、529。",
    ],
  },
  "attempts.budgetPercent": {
    en: [
      "Budget",
      "Attempts beyond the first ones, as a share in percent of the requests of the last ten seconds and of those that are open, for each worker. Ten are always allowed.",
    ],
    zh: ["预算", "额外尝试占最近十秒请求数与进行中请求数之和的百分比，按工作线程计。总是允许十次。"],
  },
  "attempts.maxBodyBytes": {
    en: [
      "Greatest body",
      "Bytes of a request that are kept in the plugin's memory until the first byte of the answer. A larger request is tried once.",
    ],
    zh: ["请求体上限", "在回答的首字节之前保存在插件内存中的请求字节数。更大的请求只尝试一次。"],
  },
  "lastResort.service": {
    en: ["Service", "`name` of the service that is asked then. Absent: the one that failed last."],
    zh: ["服务", "此时调用的服务的 `name`。不填则为最后失败的服务。"],
  },
  "lastResort.model": {
    en: ["Model", "The service's name of the model that is asked for then. Absent: the mapped one."],
    zh: ["模型", "此时请求的模型在该服务中的名称。不填则按映射。"],
  },
  "lastResort.maxTokens": {
    en: ["Tokens", "Most tokens that are asked for then; a smaller number of the client's stays."],
    zh: ["令牌数", "此时请求的最大令牌数；客户端更小的值保持不变。"],
  },
  "lastResort.answer": {
    en: [
      "Answer",
      "A text that chat is answered with when nothing else is left, in the client's own format.",
    ],
    zh: ["固定回答", "别无他法时以客户端自己的格式返回的聊天文本。"],
  },
  "auth.type": {
    en: [
      "Type",
      "`bearer`: header `Authorization: Bearer ...`; `header`: a header; `query`: a query parameter; `sigv4`: AWS Signature Version 4; `tc3`: Tencent Cloud's TC3-HMAC-SHA256; `googleServiceAccount`: an access token of Google; `none`: nothing.",
    ],
    zh: [
      "类型",
      "`bearer`：`Authorization: Bearer ...` 头；`header`：自定义请求头；`query`：查询参数；`sigv4`：AWS 签名版本 4；`tc3`：腾讯云 TC3-HMAC-SHA256；`googleServiceAccount`：Google 访问令牌；`none`：不认证。",
    ],
  },
  "auth.token": {
    en: ["Token", "The secret itself, or `\u0024{NAME}` for an environment variable of the plugin's VM."],
    zh: ["令牌", "凭证内容，或用 `\u0024{NAME}` 引用插件虚拟机的环境变量。"],
  },
  "auth.tokens": {
    en: ["Tokens", "Several keys instead of one, as a list or one text with commas."],
    zh: ["多个令牌", "用多个密钥代替一个，列表或逗号分隔的文本。"],
  },
  "auth.name": {
    en: ["Name", "Name of the header or query parameter, such as `api-key`."],
    zh: ["名称", "请求头或查询参数的名称，例如 `api-key`。"],
  },
  "auth.prefix": {
    en: ["Prefix", "`header`: what stands before the key, with the space, such as `DeepL-Auth-Key `."],
    zh: ["前缀", "`header`：密钥前面的内容（含空格），例如 `DeepL-Auth-Key `。"],
  },
  "auth.accessKey": {
    en: ["Access key", "`sigv4`: the access key ID."],
    zh: ["访问密钥", "`sigv4`：访问密钥 ID。"],
  },
  "auth.secretKey": {
    en: ["Secret key", "`sigv4`: the secret access key. `tc3`: the SecretKey."],
    zh: ["私有密钥", "`sigv4`：私有访问密钥；`tc3`：SecretKey。"],
  },
  "auth.sessionToken": {
    en: ["Session token", "`sigv4` and `tc3`: the token of temporary credentials."],
    zh: ["会话令牌", "`sigv4` 和 `tc3`：临时凭证的令牌。"],
  },
  "auth.secretId": {
    en: ["Secret ID", "`tc3`: the SecretId."],
    zh: ["Secret ID", "`tc3`：SecretId。"],
  },
  "auth.region": {
    en: ["Region", "`sigv4`: the region of the host, such as `us-east-1`. `tc3`: needed by few services."],
    zh: ["地域", "`sigv4`：主机所在的区域，例如 `us-east-1`；`tc3`：少数服务需要。"],
  },
  "auth.service": {
    en: ["Service", "`sigv4`: name of the AWS service; absent: `bedrock`. `tc3`: absent: `hunyuan`."],
    zh: ["服务名", "`sigv4`：AWS 服务名，默认 `bedrock`；`tc3`：默认 `hunyuan`。"],
  },
  "auth.action": {
    en: ["Action", "`tc3`: what is called."],
    zh: ["接口名", "`tc3`：调用的接口。"],
  },
  "auth.version": {
    en: ["Version", "`tc3`: version of the service's API."],
    zh: ["版本", "`tc3`：服务 API 的版本。"],
  },
  "auth.key": {
    en: [
      "Key",
      "`googleServiceAccount`: the JSON of the account's key, as an object, as text, or as `\u0024{NAME}`.",
    ],
    zh: ["密钥", "`googleServiceAccount`：服务账号密钥的 JSON，可以是对象、文本或 `\u0024{NAME}`。"],
  },
  "auth.scope": {
    en: ["Scope", "`googleServiceAccount`: what the access token is good for."],
    zh: ["权限范围", "`googleServiceAccount`：访问令牌的权限范围。"],
  },
  "auth.tokenService": {
    en: [
      "Token service",
      "`googleServiceAccount`: the host that gives out tokens, as a Higress service and port: `oauth2.dns:443`.",
    ],
    zh: [
      "令牌服务",
      "`googleServiceAccount`：发放令牌的主机，写成 Higress 服务名和端口，例如 `oauth2.dns:443`。",
    ],
  },
  "auth.tokenCluster": {
    en: ["Token cluster", "The same as the name of a cluster in plain Envoy."],
    zh: ["令牌集群", "同上，写成原生 Envoy 的集群名。"],
  },
  "auth.refreshAheadMs": {
    en: [
      "Refresh ahead",
      "`googleServiceAccount`: milliseconds before its end at which a token is replaced.",
    ],
    zh: ["提前刷新", "`googleServiceAccount`：令牌到期前多少毫秒更换。"],
  },
  "keys.policy": {
    en: ["Policy", "`roundRobin`: one after the other; `random`: any."],
    zh: ["选择策略", "`roundRobin`：轮流；`random`：随机。"],
  },
  "keys.statuses": {
    en: [
      "Statuses",
      "After an answer with one of these, a key is left alone for a while; a list, or one text with commas. Absent: 401, 403, 429.",
    ],
    zh: ["状态码", "收到这些状态码后暂停使用该密钥；列表或逗号分隔的文本。默认 401、403、429。"],
  },
  "keys.consecutiveFailures": {
    en: [
      "Failures in a row",
      "So many answers with such a status, one after the other, until a key is left alone. All workers count together.",
    ],
    zh: ["连续失败次数", "密钥连续收到多少次这些状态码后暂停使用，所有工作线程一起计数。"],
  },
  "keys.coolDownMs": {
    en: [
      "Cool-down",
      "Milliseconds for which a key is left alone the first time. Each further time is twice as long; `retry-after` of the answer may make it longer.",
    ],
    zh: ["暂停时长", "首次暂停的毫秒数，之后每次加倍；响应中的 `retry-after` 可使其更长。"],
  },
  "keys.maxCoolDownMs": {
    en: ["Longest cool-down", "Milliseconds that the doubling ends at."],
    zh: ["最长暂停", "加倍的上限毫秒数。"],
  },
  "keys.consecutiveSuccesses": {
    en: [
      "Successes in a row",
      "So many requests, one at a time, have to succeed with a key whose cool-down is over until it is used like the others again.",
    ],
    zh: ["连续成功次数", "暂停结束的密钥一次只用于一个请求，连续成功多少次后恢复正常使用。"],
  },
  "keys.consumerHeader": {
    en: [
      "Consumer header",
      "Requests about files, batches, fine-tuning, stored responses and videos keep to one key for each value of this header.",
    ],
    zh: ["消费者请求头", "文件、批处理、微调、已存储的响应和视频请求按此请求头的值固定使用一个密钥。"],
  },
  "mapping.from": {
    en: ["From", "Name of the model at the client, `prefix*`, `*suffix`, `~regular expression` or `*`."],
    zh: ["原模型", "客户端的模型名、`前缀*`、`*后缀`、`~正则表达式` 或 `*`。"],
  },
  "mapping.to": {
    en: ["To", "Name of the model at the service. Empty: the client's."],
    zh: ["目标模型", "服务的模型名。为空则保留客户端的模型名。"],
  },
  "eureka.servers": {
    en: ["Servers", "Eureka servers in the order in which they are tried."],
    zh: ["服务器", "按尝试顺序排列的 Eureka 服务器。"],
  },
  "eureka.pollIntervalMs": {
    en: ["Poll interval", "Milliseconds between two polls."],
    zh: ["轮询间隔", "两次轮询之间的毫秒数。"],
  },
  "eureka.timeoutMs": {
    en: ["Timeout", "Milliseconds that a reply of Eureka may take."],
    zh: ["超时", "等待 Eureka 响应的毫秒数。"],
  },
  "eureka.coldStartMs": {
    en: [
      "Cold start",
      "Milliseconds that a request may wait for Eureka's first reply after the plugin was configured. Then it gets status 503.",
    ],
    zh: ["冷启动等待", "插件加载配置后，请求最多等待 Eureka 首次响应的毫秒数，超过后返回 503。"],
  },
  "eureka.zone": {
    en: ["Own zone", "Zone of this gateway: servers and instances of the same zone come first."],
    zh: ["所在可用区", "网关所在的可用区：优先使用同一可用区的服务器和实例。"],
  },
  "eureka.mode": {
    en: [
      "Reading",
      "`applications`: one small reply for each application; `registry`: the whole registry, then deltas; `auto`: the first for fewer than 16 applications.",
    ],
    zh: [
      "读取方式",
      "`applications` 逐个应用查询；`registry` 读取整个注册表后增量更新；`auto` 在少于 16 个应用时逐个查询。",
    ],
  },
  "eureka.fullIntervalMs": {
    en: ["Full replies", "Where deltas are read: most milliseconds between two full replies."],
    zh: ["全量间隔", "增量读取时，两次全量读取之间的最大毫秒数。"],
  },
  "eureka.maxBackoffMs": {
    en: ["Longest back-off", "Most milliseconds between two tries while no server answers."],
    zh: ["最大退避", "所有服务器都无响应时，两次尝试之间的最大毫秒数。"],
  },
  "eureka.emptyGraceMs": {
    en: [
      "Doubt in empty replies",
      "Milliseconds for which an application that had instances is not believed to have none: a server that was restarted knows nothing at first.",
    ],
    zh: [
      "空响应宽限",
      "应用原有实例，而 Eureka 返回空列表时，在这段毫秒数内不予采信：重启的服务器起初没有任何数据。",
    ],
  },
  "eurekaServer.service": {
    en: ["Higress service", "Service of Higress's registry with its port, such as `eureka.dns:8761`."],
    zh: ["Higress 服务", "Higress 服务来源中的服务名和端口，例如 `eureka.dns:8761`。"],
  },
  "eurekaServer.cluster": {
    en: ["Envoy cluster", "Name of the cluster of Envoy that leads to the server."],
    zh: ["Envoy 集群", "指向该服务器的 Envoy 集群名。"],
  },
  "eurekaServer.path": {
    en: ["Path", "Path of Eureka's API, such as `/eureka` or `/eureka/v2`."],
    zh: ["路径", "Eureka API 的路径，例如 `/eureka` 或 `/eureka/v2`。"],
  },
  "eurekaServer.authority": {
    en: ["Host", "Host that the server is called by. Absent: the name of the service or cluster."],
    zh: ["主机名", "访问服务器时使用的 Host。默认为服务名或集群名。"],
  },
  "eurekaServer.zone": {
    en: ["Zone", "Zone that the server stands in."],
    zh: ["可用区", "服务器所在的可用区。"],
  },
  "eurekaServer.username": {
    en: ["User", "User name for HTTP basic authentication."],
    zh: ["用户名", "HTTP Basic 认证的用户名。"],
  },
  "eurekaServer.password": {
    en: ["Password", "Password for HTTP basic authentication."],
    zh: ["密码", "HTTP Basic 认证的密码。"],
  },
  "steering.endpointHeader": {
    en: [
      "Endpoint header",
      "Request header that carries `ip:port` of the chosen instance, for an original-destination cluster or an override-host policy.",
    ],
    zh: [
      "实例请求头",
      "携带所选实例 `ip:port` 的请求头，供 original-destination 集群或 override-host 策略读取。",
    ],
  },
  "steering.clusterHeader": {
    en: [
      "Cluster header",
      "Request header that carries the cluster, for a route with `cluster_header`. Absent: none is set.",
    ],
    zh: ["集群请求头", "携带集群名的请求头，供使用 `cluster_header` 的路由读取。不填则不设置。"],
  },
  "steering.cluster": {
    en: ["Cluster", "Value of the cluster header for services that are found in Eureka."],
    zh: ["集群", "服务来自 Eureka 时，集群请求头的值。"],
  },
  "steering.routerRetries": {
    en: [
      "Router tries again",
      "The cluster has Envoy's `override_host` policy: the endpoint header lists further instances, which the router tries by itself, so that streams stay streams. Needs `attempts`.",
    ],
    zh: [
      "由路由器重试",
      "集群使用 Envoy 的 `override_host` 策略：端点请求头列出后备实例，由路由器自行重试，流式回答保持流式。需要 `attempts`。",
    ],
  },
  "steering.secureCluster": {
    en: [
      "Secure cluster",
      "Value of the cluster header for instances that are called by their secure port: a cluster with TLS. Absent: `cluster`.",
    ],
    zh: ["安全集群", "实例通过安全端口调用时，集群请求头的值：启用 TLS 的集群。默认与 `cluster` 相同。"],
  },
  "rule._match_route_": {
    en: ["Routes", "Names of routes. Together with services, both have to match."],
    zh: ["路由", "路由名。同时填写服务时，两者都要匹配。"],
  },
  "rule._match_domain_": {
    en: [
      "Domains",
      "Hosts without port; `*.example.com` is an end, `api.*` a beginning. Ignored where routes are given.",
    ],
    zh: ["域名", "不带端口的主机名；`*.example.com` 匹配后缀，`api.*` 匹配前缀。填写路由时忽略。"],
  },
  "rule._match_service_": {
    en: ["Services", "`name` or `name:port` of the upstream service. Ignored where domains decide."],
    zh: ["服务", "上游服务的 `名称` 或 `名称:端口`。由域名决定时忽略。"],
  },
  "rule._match_route_prefix_": {
    en: ["Route prefixes", "Beginnings of names of routes. Ignored where any other condition is given."],
    zh: ["路由前缀", "路由名的前缀。填写其他条件时忽略。"],
  },
  ...PROVIDER_FIELD_DESCRIPTIONS,
};
