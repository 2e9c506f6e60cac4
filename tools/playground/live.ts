/** The panel of the gateway that `npm start` runs: Eureka's instances, their status, and their traffic. */
import type { GatewayStatus } from "./status.ts";
import { badge, element } from "./view.ts";

const INTERVAL_MS = 2000;

/** Shows the panel when this page is served by a running gateway, and keeps it up to date. */
export async function watchGateway(): Promise<void> {
  const status = await readStatus();
  if (status === undefined) return;
  element("live").hidden = false;
  show(status);
  setInterval(async () => {
    const next = await readStatus();
    if (next === undefined) badge("live-state", "not reached", "bad");
    else show(next);
  }, INTERVAL_MS);
}

async function readStatus(): Promise<GatewayStatus | undefined> {
  try {
    const reply = await fetch("./api/status");
    const isJson = reply.headers.get("content-type")?.startsWith("application/json");
    return reply.ok && isJson ? ((await reply.json()) as GatewayStatus) : undefined;
  } catch {
    return undefined;
  }
}

function show({ gateway, eureka, instances }: GatewayStatus): void {
  const link = element<HTMLAnchorElement>("gateway");
  link.textContent = gateway;
  link.href = `${gateway}/v1/models`;
  const up = instances.filter((instance) => instance.status === "UP").length;
  const state = instances.length === 0 ? "no instances" : `${up} of ${instances.length} UP`;
  badge("live-state", state, up === 0 ? "bad" : up < instances.length ? "wait" : "good");
  element("live-caption").textContent = `Registered in ${eureka}`;
  const total = instances.reduce((sum, instance) => sum + instance.requests, 0);
  element("instances").replaceChildren(
    ...instances.map(({ application, address, status, requests, failures }) => {
      const row = document.createElement("tr");
      const statusBadge = document.createElement("span");
      statusBadge.className = `badge ${status === "UP" ? "good" : "bad"}`;
      statusBadge.textContent = status;
      const code = document.createElement("code");
      code.textContent = address;
      const meter = document.createElement("meter");
      meter.max = Math.max(total, 1);
      meter.value = requests;
      meter.title = `${requests} of ${total} requests`;
      row.append(
        cell(application),
        cell(code),
        cell(statusBadge),
        cell(String(requests), "amount"),
        cell(String(failures), "amount"),
        cell(meter),
      );
      return row;
    }),
  );
}

function cell(content: string | Node, className = ""): HTMLElement {
  const made = document.createElement("td");
  made.className = className;
  made.append(content);
  return made;
}
