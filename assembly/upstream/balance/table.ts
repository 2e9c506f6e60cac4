import { Balance, Policy } from "../../config/policies";
import { Affinity } from "./affinity";
import { Balancer } from "./balancer";
import { LeastOutstanding } from "./least-outstanding";
import { RandomChoice } from "./random-choice";
import { RoundRobin } from "./round-robin";
import { Weighted } from "./weighted";

/** The balancer that a configuration names. */
export function balancerOf(balance: Balance): Balancer {
  switch (balance.policy) {
    case Policy.Weighted:
      return new Weighted();
    case Policy.Random:
      return new RandomChoice();
    case Policy.LeastOutstanding:
      return new LeastOutstanding();
    case Policy.SessionAffinity:
    case Policy.PrefixAffinity:
      return new Affinity(balance.loadFactor);
    default:
      return new RoundRobin();
  }
}
