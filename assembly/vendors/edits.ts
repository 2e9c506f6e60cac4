import { utf8 } from "../bytes/slice";
import { RequestEdits, Setting, Substitute } from "../formats/edits/edits";
import { MemberEdit, Vendor } from "./vendor";

/** What a vendor's row changes in chat requests in its own words; null where it changes nothing. */
export function editsOf(vendor: Vendor): RequestEdits | null {
  const members = vendor.edits;
  if (members.length == 0) return null;
  const edits = new RequestEdits();
  for (let i = 0; i < members.length; i++) {
    const member = members[i];
    if (member.name.length > 0) edits.substitutes.push(substituteOf(member));
    else edits.settings.push(new Setting(member.newName, utf8(member.value), true, true));
  }
  return edits;
}

function substituteOf(member: MemberEdit): Substitute {
  const value = member.value;
  const place = value.indexOf("$");
  const before = place < 0 ? value : value.substring(0, place);
  const behind = place < 0 ? "" : value.substring(place + 1);
  const row = new Substitute(member.language, member.name, member.newName, before, behind, place >= 0);
  row.when = member.when;
  row.instead = member.instead;
  if (member.drops.length > 0) row.dropping(member.drops);
  return row;
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
