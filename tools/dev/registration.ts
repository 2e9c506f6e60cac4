/** Registers a service in Eureka the way Node services do: with the npm package `eureka-js-client`. */
import { Eureka } from "eureka-js-client";

/** What to register where. */
export interface RegistrationOptions {
  /** Where Eureka's REST interface begins, for example `http://127.0.0.1:8761/eureka`. */
  eurekaUrl: string;
  application: string;
  port: number;
  /** Default `application:port`. */
  instanceId?: string;
  metadata?: Record<string, unknown>;
  /** Between two heartbeats; Eureka drops the instance after three times as long. Default 30. */
  heartbeatSeconds?: number;
}

/** A registered instance that sends heartbeats. */
export interface Registration {
  instanceId: string;
  /** Stops the heartbeats and deregisters; a Eureka server that is gone is no error. */
  deregister: () => Promise<void>;
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** Registers an instance on 127.0.0.1. Rejects when Eureka does not take it. */
export function register(options: RegistrationOptions): Promise<Registration> {
  const seconds = options.heartbeatSeconds ?? 30;
  const instanceId = options.instanceId ?? `${options.application.toLowerCase()}:${options.port}`;
  const client = new Eureka({
    logger: silent,
    instance: {
      instanceId,
      app: options.application,
      hostName: "127.0.0.1",
      ipAddr: "127.0.0.1",
      port: { $: options.port, "@enabled": true },
      vipAddress: options.application.toLowerCase(),
      dataCenterInfo: { "@class": "com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo", name: "MyOwn" },
      leaseInfo: { renewalIntervalInSecs: seconds, durationInSecs: 3 * seconds },
      metadata: options.metadata,
    },
    eureka: {
      serviceUrls: { default: [`${options.eurekaUrl.replace(/\/$/, "")}/apps/`] },
      fetchRegistry: false,
      heartbeatInterval: seconds * 1000,
      maxRetries: 1,
      requestRetryDelay: 100,
    },
  });
  const deregister = () => new Promise<void>((resolve) => client.stop(() => resolve()));
  return new Promise((resolve, reject) => {
    client.start((error) => (error ? reject(error) : resolve({ instanceId, deregister })));
  });
}
