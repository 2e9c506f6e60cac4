/** ABI of Higress: StopIteration from a headers callback holds the headers. */
export function proxy_abi_version_0_2_100(): void {}

/** ABI of plain Envoy 1.40. */
export function proxy_abi_version_0_2_1(): void {}
