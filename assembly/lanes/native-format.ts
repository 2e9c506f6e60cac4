import { borrow, equals } from "../bytes/slice";
import { chatFormatOf, formatOf } from "../config/format-of";
import { Config, Service } from "../config/model";
import { ALL_APIS, Api, Operation } from "../formats/api";
import { UpstreamFormat } from "../formats/format";
import { findFormat } from "../formats/table";

/** Whether all requests go to the first service as they are, so that nothing of them needs to be understood. */
export function isOpaque(config: Config): bool {
  if (config.services.length == 0) return false;
  const first = unchecked(config.services[0]);
  return first.isOriginal && first.models.length == 0;
}

/** Whether nothing of such requests is changed either, so that their bodies need not be read. */
export function isUnread(config: Config): bool {
  return config.services.length > 0 && unchecked(config.services[0]).manners === null;
}

/** The service's side of the call's own language; null where it does not speak it. */
export function nativeFormat(service: Service, api: Api): UpstreamFormat | null {
  if (service.isOriginal) return formatOf(service);
  const client = api.client;
  const format = chatFormatOf(service);
  if (format !== null && format.name == client.sameAs) return format;
  const others = service.alsoSpeaks;
  for (let i = 0; i < others.length; i++) {
    const name = borrow(unchecked(others[i]));
    const other = findFormat(name);
    if (other !== null && equals(name, client.sameAs)) return other.upstream;
  }
  return hasItself(service, api) ? format : null;
}

/** Lists of models and files are there in several languages, at the same paths: those that a vendor's row has are its own. */
function hasItself(service: Service, api: Api): bool {
  if (api.operation != Operation.Models && api.operation < Operation.Images) return false;
  return service.apis != ALL_APIS && api.index > 0 && (service.apis & api.bit) != 0;
}
