/** What a vendor's row makes of a service. */
import { utf8 } from "../bytes/slice";
import { ALL_APIS, apisAt } from "../formats/api";
import { ApiPath, sortPaths } from "../vendors/paths";
import { editsOf, imageEditsOf } from "../vendors/edits";
import { quirksOf } from "../vendors/quirks";
import { findVendor } from "../vendors/table";
import { Variables } from "../vendors/variables";
import { Vendor } from "../vendors/vendor";
import { SERVICE_FORMATS } from "./fields";
import { Manners } from "./manners";
import { Family, Service } from "./model";

/**
 * Gives a service all that its vendor's row says of it: host, format, base path, paths and APIs, languages, quirks. What
 * the configuration says itself is to be set afterwards.
 * @param variables values for the `{name}`s of the row
 */
export function adoptVendor(service: Service, vendor: Vendor, variables: Variables): void {
  const isGlobal = vendor.worldwide.length > 0 && variables.get("region") == "global";
  service.authority = utf8(isGlobal ? vendor.worldwide : variables.fill(vendor.host));
  service.isOriginal = vendor.isOriginal;
  adoptLanguage(service, vendor, variables);
}

/**
 * Gives a service the families of its vendor's models. To be called when everything else is known of it, since they
 * share that: its place and its key, what it calls its models, what is changed in requests.
 * @param variables as for `adoptVendor`
 */
export function adoptFamilies(service: Service, vendor: Vendor, variables: Variables): void {
  const families: Family[] = [];
  for (let i = 0; i + 1 < vendor.families.length; i += 2) {
    const row = findVendor(vendor.families[i + 1]);
    if (row === null) continue;
    const member = service.copy();
    adoptLanguage(member, row, variables);
    families.push(new Family(vendor.families[i], member));
  }
  if (families.length > 0) service.families = families;
}

/** What a row says of how a service is called, but not of where. */
function adoptLanguage(service: Service, vendor: Vendor, variables: Variables): void {
  service.format = max(SERVICE_FORMATS.indexOf(vendor.format), 0);
  service.basePath = utf8(variables.fill(vendor.basePath));
  service.alsoSpeaks = vendor.speaks.map<ArrayBuffer>((name) => utf8(name));
  service.apis = setOf(vendor.apis);
  service.quirks = quirksOf(vendor);
  service.manners = mannersOf(vendor, service.manners);
  const paths: ApiPath[] = [];
  for (let i = 0; i + 1 < vendor.paths.length; i += 2) {
    paths.push(new ApiPath(utf8(vendor.paths[i]), utf8(variables.fill(vendor.paths[i + 1]))));
  }
  sortPaths(paths);
  service.paths = paths;
}

/**
 * Gives a service an API of its own: the path upstream of what clients call below `path`. It counts before those that the
 * service has.
 * @param path behind the version prefix, as in the table of APIs, or any other; see `ApiPath`
 */
export function addPath(service: Service, path: string, whole: string): void {
  service.paths = [new ApiPath(utf8(path), utf8(whole))].concat(service.paths);
  service.apis |= apisAt(path);
}

/** The manners that a service has beside its vendor's, with those of the vendor; null where there are none. */
function mannersOf(vendor: Vendor, others: Manners | null): Manners | null {
  const edits = editsOf(vendor);
  const imageEdits = imageEditsOf(vendor);
  if (edits === null && imageEdits === null && others === null) return null;
  const manners = others === null ? new Manners() : others.copy();
  manners.upstream = edits;
  manners.images = imageEdits;
  return manners;
}

/** The set of APIs with these paths; those that have no name are always in it. */
function setOf(paths: string[]): u64 {
  if (paths.length == 0) return ALL_APIS;
  let set: u64 = 1;
  for (let i = 0; i < paths.length; i++) set |= apisAt(paths[i]);
  return set;
}
