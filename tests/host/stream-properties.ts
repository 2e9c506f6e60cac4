/** The properties a stream has by itself. */

import { MapType } from "./abi.ts";
import type { Properties, PropertyValue } from "./properties.ts";
import type { Stream } from "./stream.ts";

/** Names of virtual host, route and cluster unless a test gives others. */
export const DEFAULT_ROUTE = "default-route";
export const DEFAULT_VIRTUAL_HOST = "default-host";
export const DEFAULT_CLUSTER = "default-cluster";

/** Headers are there as properties as long as the filter may read their map. */
export function streamProperties(stream: Stream): Properties {
  const properties: Record<string, PropertyValue> = {
    "xds.route_name": DEFAULT_ROUTE,
    "xds.cluster_name": DEFAULT_CLUSTER,
    "xds.virtual_host_name": DEFAULT_VIRTUAL_HOST,
    "source.address": "127.0.0.1:40000",
    "request.protocol": "HTTP/1.1",
  };
  // Plain Envoy has these two only under "xds"; Higress' fork has both.
  if (stream.root.host.kind === "higress") {
    properties.route_name = stream.properties["xds.route_name"] ?? DEFAULT_ROUTE;
    properties.cluster_name = stream.properties["xds.cluster_name"] ?? DEFAULT_CLUSTER;
  }
  const request = stream.readableMap(MapType.RequestHeaders);
  if (request !== undefined) {
    const path = request.get(":path") ?? "";
    properties["request.path"] = path;
    const [urlPath, ...query] = path.split("?");
    properties["request.url_path"] = urlPath;
    properties["request.query"] = query.join("?");
    properties["request.scheme"] = request.get(":scheme") ?? "";
    properties["request.method"] = request.get(":method") ?? "";
    properties["request.host"] = request.get(":authority") ?? "";
    for (const [name, value] of request.pairs()) properties[`request.headers.${name}`] = value;
  }
  for (const [name, value] of stream.readableMap(MapType.ResponseHeaders)?.pairs() ?? []) {
    properties[`response.headers.${name}`] = value;
  }
  const response = stream.response.headers;
  if (response !== undefined) {
    properties["response.code"] = Number(response.get(":status") ?? 0);
    properties["response.code_details"] = stream.codeDetails || "via_upstream";
  }
  return properties;
}
