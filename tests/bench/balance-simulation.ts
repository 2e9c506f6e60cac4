/**
 * A seeded simulation of the plugin's policies over model servers of unequal speed: the plugin's own code chooses, the
 * servers and the clients are made up. Time is simulated, so the outcome is the same on every machine.
 */
import { seededRandom } from "../support/random.ts";
import type { Policy, PoolHarness } from "../unit/upstream/pool.ts";

export interface World {
  /** How much longer each instance takes than the fastest. */
  slowness: number[];
  /** Requests that an instance works on at once; the others wait in front of it. */
  slots: number;
  /** Milliseconds that the fastest instance takes on average. */
  meanMs: number;
  /** Requests as a share of what all instances together can do. */
  utilization: number;
  requests: number;
  /** Different beginnings of prompts; the n-th is used 1/n as often as the first. */
  prefixes: number;
  /** Beginnings whose cache an instance keeps. */
  cached: number;
  /** Part of the work that a cached beginning saves. */
  saving: number;
  seed: number;
}

export const WORLD: World = {
  slowness: [1, 1, 1, 1, 1.25, 1.5, 2, 2.5],
  slots: 4,
  meanMs: 400,
  utilization: 0.7,
  requests: 40_000,
  prefixes: 400,
  cached: 40,
  saving: 0.6,
  seed: 42,
};

export interface Outcome {
  /** Milliseconds from sending to the end of the answer. */
  p50: number;
  p90: number;
  p99: number;
  mean: number;
  /** Share of requests whose beginning was in the instance's cache. */
  hitRate: number;
  /** Largest number of requests at one instance, and how often it was above the bound when a request was sent. */
  mostOpen: number;
  aboveBound: number;
}

interface Server {
  slowness: number;
  busy: number;
  waiting: Request[];
  /** Beginnings in the cache, least recently used first. */
  cache: Set<number>;
}

interface Request {
  sentAt: number;
  instance: bigint;
  server: Server;
  /** Work of the fastest instance without cache, in milliseconds. */
  work: number;
  prefix: number;
  isHit: boolean;
}

/** One end of a request to come, ordered by time. */
interface Ending {
  at: number;
  request: Request;
}

export function simulate(pool: PoolHarness, policy: Policy, world: World = WORLD): Outcome {
  const random = seededRandom(world.seed);
  const loadFactor = 1.25;
  pool.start(
    policy,
    world.slowness.map((slowness, index) => ({ number: index + 1, weight: Math.round(100 / slowness) })),
    { loadFactor, seed: world.seed },
  );
  const servers = world.slowness.map(
    (slowness): Server => ({ slowness, busy: 0, waiting: [], cache: new Set() }),
  );
  const capacity = servers.reduce((sum, { slowness }) => sum + world.slots / (slowness * world.meanMs), 0);
  const gapMs = 1 / (capacity * world.utilization);
  const pick = zipf(world.prefixes, random);
  const latencies: number[] = [];
  const endings: Ending[] = [];
  let hits = 0;
  let mostOpen = 0;
  let aboveBound = 0;

  const begin = (request: Request, now: number) => {
    const { server, prefix } = request;
    server.busy++;
    request.isHit = server.cache.delete(prefix);
    server.cache.add(prefix);
    if (server.cache.size > world.cached) server.cache.delete(server.cache.values().next().value ?? -1);
    const work = request.work * (request.isHit ? 1 - world.saving : 1) * server.slowness;
    insert(endings, { at: now + work, request });
  };
  const finish = ({ at, request }: Ending) => {
    latencies.push(at - request.sentAt);
    if (request.isHit) hits++;
    pool.finish(request.instance);
    request.server.busy--;
    const next = request.server.waiting.shift();
    if (next) begin(next, at);
  };

  let now = 0;
  for (let sent = 0; sent < world.requests; sent++) {
    now += -Math.log(1 - random()) * gapMs;
    for (let ending = endings[0]; ending && ending.at <= now; ending = endings[0]) {
      endings.shift();
      finish(ending);
    }
    const prefix = pick();
    const bound = pool.exports.bound();
    const instance = pool.send(BigInt(prefix + 1) * 0x9e3779b97f4a7c1n);
    const open = pool.exports.outstandingOf(instance);
    mostOpen = Math.max(mostOpen, open);
    if (open > bound) aboveBound++;
    const server = servers[pool.numberOf(instance) - 1];
    if (!server) throw new Error("no instance");
    const work = -Math.log(1 - random()) * world.meanMs;
    const request = { sentAt: now, instance, server, work, prefix, isHit: false };
    if (server.busy < world.slots) begin(request, now);
    else server.waiting.push(request);
  }
  for (let ending = endings.shift(); ending; ending = endings.shift()) finish(ending);

  latencies.sort((left, right) => left - right);
  const at = (share: number) => latencies[Math.floor(share * (latencies.length - 1))] ?? 0;
  return {
    p50: at(0.5),
    p90: at(0.9),
    p99: at(0.99),
    mean: latencies.reduce((sum, latency) => sum + latency, 0) / latencies.length,
    hitRate: hits / latencies.length,
    mostOpen,
    aboveBound,
  };
}

function insert(endings: Ending[], ending: Ending): void {
  let from = 0;
  let to = endings.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((endings[middle]?.at ?? 0) <= ending.at) from = middle + 1;
    else to = middle;
  }
  endings.splice(from, 0, ending);
}

/** Numbers below `count`; the n-th is 1/n as likely as the first. */
function zipf(count: number, random: () => number): () => number {
  const sums: number[] = [];
  let sum = 0;
  for (let rank = 1; rank <= count; rank++) {
    sum += 1 / rank;
    sums.push(sum);
  }
  return () => {
    const target = random() * sum;
    let from = 0;
    let to = count - 1;
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((sums[middle] ?? 0) < target) from = middle + 1;
      else to = middle;
    }
    return from;
  };
}
