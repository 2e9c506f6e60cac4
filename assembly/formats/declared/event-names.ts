import { NONE, Slice, Utf8, borrow, equals, same } from "../../bytes/slice";

/** Names of server-sent events. An event without a name is a `message` (WHATWG HTML, "Server-sent events"). */
export class EventNames {
  names: Array<Utf8> = [];

  get isEmpty(): bool {
    return this.names.length == 0;
  }

  has(event: Slice): bool {
    for (let i = 0; i < this.names.length; i++) {
      const name = borrow(unchecked(this.names[i]));
      if (event == NONE ? equals(name, "message") : same(name, event)) return true;
    }
    return false;
  }
}
