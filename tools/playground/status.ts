/** What `npm start` tells the page about its gateway. */

export interface InstanceStatus {
  application: string;
  /** `ip:port`. */
  address: string;
  /** Eureka's: UP, DOWN, STARTING, OUT_OF_SERVICE or UNKNOWN. */
  status: string;
  requests: number;
  failures: number;
}

export interface GatewayStatus {
  /** Where clients call. */
  gateway: string;
  /** Eureka's REST interface, without a password. */
  eureka: string;
  instances: InstanceStatus[];
}
