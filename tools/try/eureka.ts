/** What a Eureka server answers in a trial: every application has one instance that is UP. */

/** Where an instance is. */
export interface Instance {
  address: string;
  port: number;
}

/**
 * The body for a request to Eureka's REST interface.
 * @param path such as `/eureka/apps/QWEN-CHAT`, or `/eureka/apps` for all of them
 * @param applications what is registered: each name is an application and a VIP address
 */
export function eurekaReply(path: string, applications: string[], instance: Instance): string {
  const name = /\/apps\/([^/?]+)/.exec(path)?.[1];
  if (name !== undefined && name !== "delta")
    return JSON.stringify({ application: applicationOf(decodeURIComponent(name), instance) });
  const vip = /\/s?vips\/([^/?]+)/.exec(path)?.[1];
  if (vip !== undefined) return eurekaReply("/apps", [decodeURIComponent(vip)], instance);
  return JSON.stringify({
    applications: {
      versions__delta: "1",
      apps__hashcode: `UP_${applications.length}_`,
      application: applications.map((application) => applicationOf(application, instance)),
    },
  });
}

function applicationOf(name: string, { address, port }: Instance): object {
  return {
    name: name.toUpperCase(),
    instance: [
      {
        instanceId: `${address}:${name.toLowerCase()}:${port}`,
        hostName: address,
        app: name.toUpperCase(),
        ipAddr: address,
        status: "UP",
        overriddenStatus: "UNKNOWN",
        port: { $: port, "@enabled": "true" },
        securePort: { $: 443, "@enabled": "false" },
        vipAddress: name,
        secureVipAddress: name,
        metadata: { "@class": "java.util.Collections$EmptyMap" },
        actionType: "ADDED",
      },
    ],
  };
}
