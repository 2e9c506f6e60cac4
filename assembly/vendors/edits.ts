import { utf8 } from "../bytes/slice";
import { RequestEdits, Setting, Substitute } from "../formats/edits/edits";
import { Vendor } from "./vendor";

/** What a vendor's row changes in chat requests in its own words; null where it changes nothing. */
export function editsOf(vendor: Vendor): RequestEdits | null {
  const texts = vendor.edits;
  if (texts.length == 0) return null;
  const edits = new RequestEdits();
  for (let i = 0; i + 5 < texts.length; i += 6) {
    const name = texts[i + 1];
    const value = texts[i + 3];
    if (name.length == 0) {
      edits.settings.push(new Setting(texts[i + 2], utf8(value), true, true));
      continue;
    }
    const place = value.indexOf("$");
    const before = place < 0 ? value : value.substring(0, place);
    const behind = place < 0 ? "" : value.substring(place + 1);
    const row = new Substitute(texts[i], name, texts[i + 2], before, behind, place >= 0);
    row.when = texts[i + 4];
    if (row.when.length > 0) row.instead = texts[i + 5];
    else if (texts[i + 5].length > 0) row.dropping(texts[i + 5]);
    edits.substitutes.push(row);
  }
  return edits;
}

/** What a vendor's row adds to requests for images; null where it is nothing. */
export function imageEditsOf(vendor: Vendor): RequestEdits | null {
  const texts = vendor.imageDefaults;
  if (texts.length == 0) return null;
  const edits = new RequestEdits();
  for (let i = 0; i + 1 < texts.length; i += 2) {
    edits.settings.push(new Setting(texts[i], utf8(texts[i + 1]), true, false));
  }
  return edits;
}
