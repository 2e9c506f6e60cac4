import { borrow, equals } from "../bytes/slice";
import { Service } from "../config/model";
import { ClientFormat, UpstreamFormat } from "../formats/format";
import { findFormat, formatAt } from "../formats/table";

/** The service's side of the client's own language; null where it does not speak it. */
export function nativeFormat(service: Service, client: ClientFormat): UpstreamFormat | null {
  const format = formatAt(service.format).upstream;
  if (format !== null && format.name == client.sameAs) return format;
  const others = service.alsoSpeaks;
  for (let i = 0; i < others.length; i++) {
    const name = borrow(unchecked(others[i]));
    const other = findFormat(name);
    if (other !== null && equals(name, client.sameAs)) return other.upstream;
  }
  return null;
}
