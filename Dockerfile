# Layout that gateways' Wasm fetchers read: the file plugin.wasm in the last layer. `npm run build` makes it.
FROM scratch
COPY build/plugin.wasm plugin.wasm
