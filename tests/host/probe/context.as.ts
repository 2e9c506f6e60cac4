/** The contexts of the probe. */

export class Probe {
  script: string = "";
  kept: string = "";
  calls: Map<string, i32> = new Map<string, i32>();

  constructor(
    public id: i32,
    public parent: i32,
  ) {}
}

const probes = new Map<i32, Probe>();
/** Contexts that wait for a callout, by token. */
const callers = new Map<i32, i32>();

/** The context of this id; made if it is not known, so that no callback can trap. */
export function probe(id: i32): Probe {
  if (!probes.has(id)) probes.set(id, new Probe(id, 0));
  return probes.get(id);
}

export function addProbe(created: Probe): void {
  probes.set(created.id, created);
}

export function removeProbe(id: i32): void {
  probes.delete(id);
}

/** Notes who waits for the answer of a callout. */
export function expectAnswer(token: i32, id: i32): void {
  callers.set(token, id);
}

/** Who waits for the answer, else the root. */
export function takeCaller(token: i32, root: i32): i32 {
  const id = callers.has(token) ? callers.get(token) : root;
  callers.delete(token);
  return id;
}
