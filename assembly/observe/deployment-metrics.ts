import { Deployment } from "../upstream/deployment";
import { GateMetrics } from "./gate-metrics";
import { PoolMetrics } from "./pool-metrics";
import { RegistryMetrics } from "./registry-metrics";

/** Milliseconds between two publications: a little less than a second, since ticks are not exact. */
const INTERVAL_MS: i64 = 900;

/** What a configuration's work with Eureka, instances and limits comes to, for the host's metrics. Nothing is published in a request. */
export class DeploymentMetrics {
  private registries: RegistryMetrics[] = [];
  private pools: PoolMetrics[] = [];
  private gates: GateMetrics[] = [];
  private publishedAt: i64 = 0;

  constructor(deployment: Deployment) {
    for (let i = 0; i < deployment.sources.length; i++) {
      this.registries.push(new RegistryMetrics(deployment.sources[i].registry.counters));
    }
    for (let i = 0; i < deployment.pools.length; i++) {
      this.pools.push(new PoolMetrics(deployment.pools[i]));
    }
    const gates = deployment.limits.gates;
    for (let i = 0; i < gates.length; i++) this.gates.push(new GateMetrics(gates[i]));
  }

  /** Time passes. @param now milliseconds since 1970 @returns whether it was time to publish */
  tick(now: i64): bool {
    if (now - this.publishedAt < INTERVAL_MS) return false;
    this.publishedAt = now;
    for (let i = 0; i < this.registries.length; i++) this.registries[i].publish();
    for (let i = 0; i < this.pools.length; i++) this.pools[i].publish(now);
    for (let i = 0; i < this.gates.length; i++) this.gates[i].publish();
    return true;
  }

  /** The configuration goes: what is added up over workers no longer has its part. */
  withdraw(): void {
    for (let i = 0; i < this.pools.length; i++) this.pools[i].withdraw();
    for (let i = 0; i < this.gates.length; i++) this.gates[i].withdraw();
  }
}
