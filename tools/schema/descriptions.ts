/** What every object type and field is for, in the languages of the console. Keys are those of the table. */

/** A title and an explanation. */
export type Text = [title: string, explanation: string];

export interface Description {
  en: Text;
  zh: Text;
}

/** Keyed by object type. */
export const TYPE_DESCRIPTIONS: Record<string, Description> = {
  config: {
    en: [
      "Eureka AI proxy",
      "Calls AI models that are registered in Eureka, through the APIs AI clients already use.",
    ],
    zh: ["Eureka AI 代理", "让 AI 客户端用现有的 API 调用注册在 Eureka 中的模型服务。"],
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
  mapping: {
    en: ["Model mapping", "One line of a model mapping, for forms that cannot show maps."],
    zh: ["模型映射", "一条模型映射，供无法展示键值对的表单使用。"],
  },
  eureka: {
    en: ["Eureka", "The registry, and how often it is asked."],
    zh: ["Eureka", "注册中心及其轮询方式。"],
  },
  eurekaServer: {
    en: ["Eureka server", "How one Eureka server is reached."],
    zh: ["Eureka 服务器", "一台 Eureka 服务器的访问方式。"],
  },
  steering: {
    en: [
      "Steering",
      "Plain Envoy: how the router is told which instance was chosen. Higress does not need it.",
    ],
    zh: ["转发控制", "原生 Envoy：如何把选中的实例告诉路由器。Higress 不需要。"],
  },
};

/** Keyed by `type.field`. */
export const FIELD_DESCRIPTIONS: Record<string, Description> = {
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
  "service.service": {
    en: ["Higress service", "Service of Higress's registry with its port, such as `llm.dns:443`."],
    zh: ["Higress 服务", "Higress 服务来源中的服务名和端口，例如 `llm.dns:443`。"],
  },
  "service.cluster": {
    en: ["Envoy cluster", "Name of a cluster of Envoy."],
    zh: ["Envoy 集群", "Envoy 集群名。"],
  },
  "service.format": {
    en: ["Format", "Which API the service speaks."],
    zh: ["协议格式", "模型服务使用的 API 格式。"],
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
    en: ["Base path", "Replaces the `/v1` in front of the client's path. `/` is the root."],
    zh: ["基础路径", "替换客户端路径开头的 `/v1`。`/` 表示根路径。"],
  },
  "service.authority": {
    en: [
      "Host",
      "Host that the service is called by. Absent: `ip:port` of the instance, or the client's host.",
    ],
    zh: ["主机名", "调用服务时使用的 Host。默认为实例的 `ip:port`，或客户端的 Host。"],
  },
  "service.token": {
    en: ["Token", "Short for `auth` of type `bearer`."],
    zh: ["令牌", "`auth` 类型为 `bearer` 时的简写。"],
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
      "From the client's name of a model to the service's. Tried in this order: exact names, the longest `prefix*` or `*suffix`, `~regular expressions` as written, `*`. An empty name keeps the client's.",
    ],
    zh: [
      "模型映射",
      "客户端模型名到服务模型名的映射。匹配顺序：精确名称、最长的 `前缀*` 或 `*后缀`、按书写顺序的 `~正则表达式`、`*`。值为空时保留原名。",
    ],
  },
  "auth.type": {
    en: [
      "Type",
      "`bearer`: header `Authorization: Bearer ...`; `header`: a header; `query`: a query parameter; `none`: nothing.",
    ],
    zh: [
      "类型",
      "`bearer`：`Authorization: Bearer ...` 头；`header`：自定义请求头；`query`：查询参数；`none`：不认证。",
    ],
  },
  "auth.token": {
    en: ["Token", "The secret itself."],
    zh: ["令牌", "凭证内容。"],
  },
  "auth.name": {
    en: ["Name", "Name of the header or query parameter, such as `api-key`."],
    zh: ["名称", "请求头或查询参数的名称，例如 `api-key`。"],
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
};
