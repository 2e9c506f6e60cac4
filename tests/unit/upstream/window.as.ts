/** Harness: the sliding minute. */
export { secondsUntilFree, used } from "../../../assembly/upstream/limits/window";
