/** Shared data and shared queues: one store serves every VM and worker of a gateway. */

import { Status } from "./abi.ts";

interface SharedValue {
  bytes: Uint8Array;
  /** Version of the value for compare-and-set; never 0. */
  version: number;
}

/** Told when something was put into a queue. */
type QueueListener = () => void;

interface SharedQueue {
  items: Uint8Array[];
  listener: QueueListener;
}

export class SharedStore {
  private values = new Map<string, SharedValue>();
  private queues = new Map<number, SharedQueue>();
  private queueTokens = new Map<string, number>();
  private lastVersion = 0;

  get(key: string): SharedValue | undefined {
    return this.values.get(key);
  }

  /** Stores a copy. A version other than 0 must be the present one, if the key exists. */
  set(key: string, bytes: Uint8Array, version = 0): Status {
    const present = this.values.get(key);
    if (present !== undefined && version !== 0 && version !== present.version) return Status.CasMismatch;
    this.values.set(key, { bytes: bytes.slice(), version: ++this.lastVersion });
    return Status.Ok;
  }

  /** Names a queue; the last one who registers it is told of new items. */
  registerQueue(name: string, listener: QueueListener): number {
    const token = this.queueTokens.get(name) ?? this.queueTokens.size + 1;
    this.queueTokens.set(name, token);
    this.queues.set(token, { items: this.queues.get(token)?.items ?? [], listener });
    return token;
  }

  resolveQueue(name: string): number | undefined {
    return this.queueTokens.get(name);
  }

  enqueue(token: number, bytes: Uint8Array): Status {
    const queue = this.queues.get(token);
    if (queue === undefined) return Status.NotFound;
    queue.items.push(bytes.slice());
    queue.listener();
    return Status.Ok;
  }

  /** The oldest item, or why there is none. */
  dequeue(token: number): Uint8Array | Status {
    const queue = this.queues.get(token);
    if (queue === undefined) return Status.NotFound;
    return queue.items.shift() ?? Status.Empty;
  }
}
