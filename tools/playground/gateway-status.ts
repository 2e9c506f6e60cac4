/** Reads what the playground shows of a running gateway: Eureka's instances, and Envoy's counts of each. */
import type { GatewayStatus } from "./status.ts";

/** Eureka's JSON, as far as it is read: one element may stand without its list. */
interface Registered {
  ipAddr: string;
  status: string;
  port?: { $: number | string };
}
type Listed<T> = T | T[] | undefined;
interface Applications {
  applications?: { application?: Listed<{ name: string; instance?: Listed<Registered> }> };
}

/** Envoy's `/clusters?format=json`, as far as it is read. */
interface Clusters {
  cluster_statuses?: {
    host_statuses?: {
      address?: { socket_address?: { address: string; port_value: number } };
      stats?: { name: string; value?: string }[];
    }[];
  }[];
}

/** Where to ask. */
export interface StatusSources {
  /** Where clients call. */
  gateway: string;
  /** Envoy's admin interface. */
  admin: string;
  /** Eureka's REST interface; may hold `user:password@`. */
  eureka: string;
}

/** Asks both; rejects when one of them cannot be reached. */
export async function readGatewayStatus({ gateway, admin, eureka }: StatusSources): Promise<GatewayStatus> {
  const address = new URL(eureka);
  const authorization = basicAuthentication(address);
  address.username = "";
  address.password = "";
  const shown = address.href.replace(/\/$/, "");
  const [registry, clusters] = await Promise.all([
    readJson<Applications>(`${shown}/apps`, authorization),
    readJson<Clusters>(`${admin}/clusters?format=json`),
  ]);
  const traffic = trafficOf(clusters);
  const instances = listOf(registry.applications?.application).flatMap(({ name, instance }) =>
    listOf(instance).map(({ ipAddr, port, status }) => {
      const endpoint = `${ipAddr}:${port?.$}`;
      return { application: name, address: endpoint, status, ...(traffic.get(endpoint) ?? NONE) };
    }),
  );
  return { gateway, eureka: shown, instances };
}

const NONE = { requests: 0, failures: 0 };

function trafficOf({ cluster_statuses = [] }: Clusters): Map<string, typeof NONE> {
  const found = new Map<string, typeof NONE>();
  for (const host of cluster_statuses.flatMap((cluster) => cluster.host_statuses ?? [])) {
    const socket = host.address?.socket_address;
    if (socket === undefined) continue;
    const count = (name: string) => Number(host.stats?.find((stat) => stat.name === name)?.value ?? 0);
    found.set(`${socket.address}:${socket.port_value}`, {
      requests: count("rq_total"),
      failures: count("rq_error"),
    });
  }
  return found;
}

async function readJson<T>(url: string, authorization?: string): Promise<T> {
  const headers = { accept: "application/json", ...(authorization && { authorization }) };
  const reply = await fetch(url, { headers, signal: AbortSignal.timeout(3000) });
  if (!reply.ok) throw new Error(`${url} answers ${reply.status}`);
  return (await reply.json()) as T;
}

function basicAuthentication({ username, password }: URL): string | undefined {
  if (username === "") return undefined;
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(credentials).toString("base64")}`;
}

function listOf<T>(value: Listed<T>): T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
