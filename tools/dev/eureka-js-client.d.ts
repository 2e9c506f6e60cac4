/** The part of the npm package `eureka-js-client` 4.5 that is used here; it ships no types. */
declare module "eureka-js-client" {
  interface Logger {
    debug(...parts: unknown[]): void;
    info(...parts: unknown[]): void;
    warn(...parts: unknown[]): void;
    error(...parts: unknown[]): void;
  }

  interface Configuration {
    logger?: Logger;
    instance: {
      instanceId: string;
      app: string;
      hostName: string;
      ipAddr: string;
      port: { $: number; "@enabled": boolean };
      vipAddress: string;
      dataCenterInfo: { "@class": string; name: string };
      leaseInfo?: { renewalIntervalInSecs: number; durationInSecs: number };
      metadata?: Record<string, unknown>;
    };
    eureka: {
      serviceUrls: { default: string[] };
      fetchRegistry?: boolean;
      /** Milliseconds. */
      heartbeatInterval?: number;
      maxRetries?: number;
      /** Milliseconds. */
      requestRetryDelay?: number;
    };
  }

  export class Eureka {
    constructor(configuration: Configuration);
    /** Registers, then sends heartbeats. */
    start(done: (error?: Error | null) => void): void;
    /** Stops the heartbeats and deregisters. */
    stop(done: (error?: Error | null) => void): void;
  }
}
