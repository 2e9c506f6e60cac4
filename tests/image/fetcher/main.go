// Command fetcher pulls a plugin's image with the code that gateways use for it, and writes the module it found.
//
//	fetcher REFERENCE FILE
//
// It prints the digest of the manifest, which is what `sha256` of a WasmPlugin with an oci:// URL is compared with.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"istio.io/istio/pkg/wasm"
)

const timeout = 30 * time.Second

func main() {
	if len(os.Args) != 3 {
		fail(fmt.Errorf("usage: fetcher REFERENCE FILE"))
	}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	fetch, digest, err := wasm.NewImageFetcher(ctx, wasm.ImageFetcherOption{}).PrepareFetch(os.Args[1])
	if err != nil {
		fail(err)
	}
	module, err := fetch()
	if err != nil {
		fail(err)
	}
	if err := os.WriteFile(os.Args[2], module, 0o644); err != nil {
		fail(err)
	}
	fmt.Println(digest)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
