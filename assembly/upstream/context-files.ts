import { EMPTY, NONE, Slice, Utf8, borrow, parseDecimal, same, toOwned } from "../bytes/slice";
import { ContextFile } from "../config/manners";
import { BufferType, MapType } from "../host/abi";
import { readBody } from "../host/body";
import { calloutHeaders, httpCall } from "../host/callout";
import { clusterName } from "../host/gateway";
import { getHeader } from "../host/headers";

/** Milliseconds after which a file that could not be read is asked for again. */
const RETRY_MS: i64 = 5000;

/** A file this large is no context. */
const MAX_FILE_BYTES: i32 = 4 << 20;

const OK: i32 = 200;

/** How far a file is known. */
export enum FileState {
  Known,
  /** It was asked for; who needs it waits. */
  Coming,
  Failed,
}

/** One file, for all services that name it. */
class Entry {
  text: Utf8 = EMPTY;
  state: FileState = FileState.Coming;
  /** Token of the callout that is under way, or -1. */
  token: i32 = -1;
  failedAt: i64 = 0;

  constructor(readonly file: ContextFile) {}
}

/**
 * Text files that are put into requests. A file is asked for when the first request needs it, which waits; it is kept as
 * long as the configuration.
 */
@final
export class ContextFiles {
  private entries: Entry[] = [];

  /**
   * How far the file is known; asks for it where it is not. To be called for a request, whose route may lead to it.
   * @param now milliseconds since 1970
   */
  state(file: ContextFile, now: i64): FileState {
    const entry = this.entryOf(file);
    const isDue = entry.state == FileState.Failed && now - entry.failedAt >= RETRY_MS;
    if (entry.token < 0 && (isDue || entry.state == FileState.Coming)) this.ask(entry, now);
    return entry.state;
  }

  /** Text of a known file, UTF-8, borrowed; NONE where it is not known. */
  text(file: ContextFile): Slice {
    const entry = this.entryOf(file);
    return entry.state == FileState.Known ? borrow(entry.text) : NONE;
  }

  /** Takes the answer to a callout; `headers` is 0 where there was none. False: it was not one of these. */
  onCallout(token: i32, headers: i32, size: i32, now: i64): bool {
    for (let i = 0; i < this.entries.length; i++) {
      const entry = unchecked(this.entries[i]);
      if (entry.token != token) continue;
      entry.token = -1;
      const status = headers == 0 ? 0 : parseDecimal(getHeader(MapType.CalloutHeaders, ":status"));
      if (status == OK && size <= MAX_FILE_BYTES) {
        entry.text = toOwned(readBody(BufferType.CalloutBody, 0, size));
        entry.state = FileState.Known;
      } else {
        fail(entry, now);
      }
      return true;
    }
    return false;
  }

  private ask(entry: Entry, now: i64): void {
    const file = entry.file;
    calloutHeaders.reset();
    calloutHeaders.addText(":method", "GET");
    calloutHeaders.add(":path", borrow(file.path));
    calloutHeaders.add(":authority", borrow(file.authority));
    calloutHeaders.addText("accept-encoding", "identity");
    if (file.keyName.byteLength > 0) calloutHeaders.addNamed(borrow(file.keyName), borrow(file.key));
    const cluster = file.cluster.byteLength > 0 ? file.cluster : toOwned(clusterName());
    entry.state = FileState.Coming;
    entry.token = httpCall(cluster, NONE, file.timeoutMs);
    if (entry.token < 0) fail(entry, now);
  }

  private entryOf(file: ContextFile): Entry {
    for (let i = 0; i < this.entries.length; i++) {
      const entry = unchecked(this.entries[i]);
      if (entry.file === file || isSame(entry.file, file)) return entry;
    }
    const entry = new Entry(file);
    this.entries.push(entry);
    return entry;
  }
}

function fail(entry: Entry, now: i64): void {
  entry.state = FileState.Failed;
  entry.failedAt = now;
}

/** Rules that name the same file share it. */
function isSame(left: ContextFile, right: ContextFile): bool {
  return (
    same(borrow(left.cluster), borrow(right.cluster)) &&
    same(borrow(left.authority), borrow(right.authority)) &&
    same(borrow(left.path), borrow(right.path)) &&
    same(borrow(left.key), borrow(right.key))
  );
}
