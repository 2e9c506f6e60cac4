/** Paths of single APIs: which client's path they stand for, and what becomes of it. */
import { beforeAll, describe, expect, it } from "vitest";
import { VENDORS } from "../../../assembly/vendors/table";
import { type HarnessExports, lend, openHarness, readSlice } from "../../support/harness";

interface Exports extends HarnessExports {
  clear(): void;
  add(...places: number[]): void;
  write(...places: number[]): bigint;
  needs(...places: number[]): number;
  find(...places: number[]): bigint;
  count(...places: number[]): number;
}

let exports: Exports;
beforeAll(async () => {
  exports = await openHarness<Exports>("tests/unit/vendors/paths.as.ts");
});

const text = (slice: bigint) => Buffer.from(readSlice(exports, slice)).toString();

/** The path upstream of a client's path, with these paths of single APIs. */
function write(paths: [from: string, to: string][], rest: string, isStream = false): string {
  exports.clear();
  for (const pair of paths) lend(exports, pair, (...places) => exports.add(...places));
  return lend(exports, [rest], (...places) => text(exports.write(...places, Number(isStream))));
}

describe("a path of a single API", () => {
  it.each<[from: string, to: string, rest: string, upstream: string]>([
    ["/rerank", "/x/v1/reranks", "/rerank", "/x/v1/reranks"],
    ["/rerank", "/x/v1/reranks", "/reranks", "/base/reranks"],
    ["/rerank", "/x/v1/reranks", "/rerank/a?b=c", "/x/v1/reranks/a?b=c"],
    ["/rerank", "/x/v1/reranks", "/chat/completions?b", "/base/chat/completions?b"],
    ["/files", "/f?v=1", "/files/f-1/content?variant=a", "/f/f-1/content?v=1&variant=a"],
    ["/files", "/f?v=1", "/files?", "/f?v=1"],
    ["/files", "/f?v=1", "/files", "/f?v=1"],
    ["/files", "/f?", "/files/f-1?variant=a", "/f/f-1"],
    ["/files", "/f?", "/files", "/f"],
    ["", "/all?v=1", "/files/f-1", "/all/files/f-1?v=1"],
    ["*", "/one/path", "/files/f-1?a=b", "/one/path?a=b"],
    ["/files*", "/one/path", "/files/f-1", "/one/path"],
    ["/files*", "/one/path", "/batches", "/base/batches"],
    ["/files/{file_id}/content", "/blobs/{file_id}.bin", "/files/f%2F1/content", "/blobs/f%2F1.bin"],
    ["/files/{file_id}/content", "/blobs/{file_id}", "/files//content", "/base/files//content"],
    ["/files/{file_id}", "/blobs/{file_id}", "/files/a/content", "/blobs/a/content"],
    ["/files/{file_id}", "/blobs/{file_id}", "/files", "/base/files"],
    ["/a/{x}/b/{y}", "/{y}/{x}/{y}", "/a/1/b/2", "/2/1/2"],
    ["/chat", "/d/{model}/chat", "/chat", "/d/m%2F1/chat"],
    ["/models/{model}", "/d/{model}/about", "/models/own", "/d/own/about"],
    ["/chat", "/chat?deployment={model}", "/chat?a=b", "/chat?deployment=m%2F1&a=b"],
    ["/chat", "/m:{whole|streamed}", "/chat", "/m:whole"],
    ["/chat", "/d/{unknown}/chat", "/chat", "/d//chat"],
    ["/chat", "/d/{open", "/chat", "/d/{open"],
    ["/a{b", "/c", "/a{b", "/base/a{b"],
  ])("%s to %s: %s is %s", (from, to, rest, upstream) => {
    expect(write([[from, to]], rest)).toBe(upstream);
  });

  it("is the longest that matches", () => {
    const paths: [string, string][] = [
      ["/files", "/short"],
      ["/files/{file_id}/content", "/long"],
      ["", "/all"],
    ];
    expect(write(paths, "/files/f-1/content")).toBe("/long");
    expect(write(paths, "/files/f-1")).toBe("/short/f-1");
    expect(write(paths, "/batches")).toBe("/all/batches");
  });

  it("may be another for a stream", () => {
    const paths: [string, string][] = [["/chat", "/{model}:{raw|streamRaw}Predict"]];
    expect(write(paths, "/chat")).toBe("/m%2F1:rawPredict");
    expect(write(paths, "/chat", true)).toBe("/m%2F1:streamRawPredict");
  });

  it("needs the model where only its own place names it", () => {
    const needs = (rest: string) => lend(exports, [rest], (...places) => exports.needs(...places)) !== 0;
    write([["/chat", "/{model}"]], "/chat");
    expect(needs("/chat?a")).toBe(true);
    expect(needs("/embeddings")).toBe(false);
    write([["/models/{model}", "/{model}"]], "/chat");
    expect(needs("/models/a")).toBe(false);
  });
});

describe("the API that a path calls", () => {
  const found = (path: string) => lend(exports, [path], (...places) => text(exports.find(...places)));

  it.each<[path: string, api: string]>([
    ["/v1/files", "files /files /files"],
    ["/team/v1/files/f-1", "files /files/{file_id} /files/f-1"],
    ["/v1/files/f-1/content?a=b", "files /files/{file_id}/content /files/f-1/content?a=b"],
    ["/v1/batches/b/cancel", "batches /batches/{batch_id}/cancel /batches/b/cancel"],
    [
      "/v1/fine_tuning/jobs/j/checkpoints",
      "fine_tuning /fine_tuning/jobs/{fine_tuning_job_id}/checkpoints /fine_tuning/jobs/j/checkpoints",
    ],
    [
      "/v1/fine_tuning/checkpoints/ft:m/permissions/p",
      "fine_tuning /fine_tuning/checkpoints/{fine_tuned_model_checkpoint}/permissions/{permission_id} /fine_tuning/checkpoints/ft:m/permissions/p",
    ],
    ["/v1/videos/v/remix", "videos /videos/{video_id}/remix /videos/v/remix"],
    ["/v1/realtime?model=m", "realtime /realtime /realtime?model=m"],
    ["/v1/complete", "complete /complete /complete"],
    ["/v1/conversations", "conversations /conversations /conversations"],
    ["/v1/reranks", "rerank /reranks /reranks"],
    // What only looks like one of them keeps its own path.
    ["/v1/vector_stores/vs/files", "other  /vector_stores/vs/files"],
    ["/v1/files/", "other  /files/"],
    ["/v1/responses/resp_1", "other  /responses/resp_1"],
    ["/v1/models/gpt-4o", "other  /models/gpt-4o"],
    ["/files", ""],
    ["/%zz", ""],
  ])("%s is %s", (path, api) => {
    expect(found(path)).toBe(api);
  });
});

describe("every row", () => {
  it("names APIs that there are", () => {
    for (const { name, apis } of VENDORS) {
      for (const api of apis) {
        const count = lend(exports, [api], (...places) => exports.count(...places));
        expect(count, `${name} ${api}`).toBe(1);
      }
    }
  });

  it("names each API once", () => {
    for (const { name, apis } of VENDORS) expect(new Set(apis).size, name).toBe(apis.length);
  });
});
