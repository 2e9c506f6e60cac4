/** The properties a stream has by itself. */

import type { Properties, PropertyValue } from "./properties.ts";
import type { Stream } from "./stream.ts";

/** Names of route and cluster unless a test gives others. */
export const DEFAULT_ROUTE = "default-route";
export const DEFAULT_CLUSTER = "default-cluster";

/** Properties of the request as it stands in its map now, and of the answer as far as there is one. */
export function streamProperties(stream: Stream): Properties {
  const properties: Record<string, PropertyValue> = {
    "xds.route_name": DEFAULT_ROUTE,
    "xds.cluster_name": DEFAULT_CLUSTER,
    "source.address": "127.0.0.1:40000",
    "request.protocol": "HTTP/1.1",
  };
  // Plain Envoy knows these two only once the router has chosen; Higress' fork at any time.
  if (stream.root.host.kind === "higress" || stream.request.headersSent) {
    properties.route_name = stream.properties["xds.route_name"] ?? DEFAULT_ROUTE;
    properties.cluster_name = stream.properties["xds.cluster_name"] ?? DEFAULT_CLUSTER;
  }
  const request = stream.request.headers;
  if (request !== undefined) {
    const path = request.get(":path") ?? "";
    properties["request.path"] = path;
    properties["request.url_path"] = path.split("?")[0];
    properties["request.method"] = request.get(":method") ?? "";
    properties["request.host"] = request.get(":authority") ?? "";
    for (const [name, value] of request.pairs()) properties[`request.headers.${name}`] = value;
  }
  const response = stream.response.headers;
  if (response !== undefined) {
    properties["response.code"] = Number(response.get(":status") ?? 0);
    for (const [name, value] of response.pairs()) properties[`response.headers.${name}`] = value;
    properties["response.code_details"] = stream.codeDetails || "via_upstream";
  }
  return properties;
}
