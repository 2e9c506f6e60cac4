import { borrow } from "../bytes/slice";
import { EurekaSettings, Service, Where } from "../config/model";
import { LookupKind } from "../discovery/lookup";
import { parseStatus } from "../discovery/status";
import { PortChoice, Selection } from "../discovery/view";

/** Which instances a service may be sent to, as discovery needs it. */
export function selectionOf(service: Service, eureka: EurekaSettings): Selection {
  const select = service.select;
  const selection = new Selection();
  if (select.statuses.length > 0) selection.statuses = 0;
  for (let i = 0; i < select.statuses.length; i++) {
    selection.statuses |= 1 << parseStatus(borrow(select.statuses[i]));
  }
  selection.ports = select.ports as PortChoice;
  selection.preferIp = select.preferIp;
  selection.zone = select.zone.byteLength > 0 ? select.zone : eureka.zone;
  selection.weightKey = select.weightKey;
  selection.metadataKeys = select.metadataKeys;
  selection.metadataValues = select.metadataValues;
  return selection;
}

/** What Eureka is asked for. */
export function lookupKindOf(service: Service): LookupKind {
  switch (service.where) {
    case Where.Vip:
      return LookupKind.Vip;
    case Where.SecureVip:
      return LookupKind.SecureVip;
    default:
      return LookupKind.Application;
  }
}
