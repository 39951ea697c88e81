/** Where something is shown that the browser reads from an address: the page of the dossier, or one of its files. */
type Place = "page" | "file";

const addresses = new Map<Place, string>();

/** The address of what is shown in `place` now; that of what was shown there before is revoked. */
export function addressOf(place: Place, shown: Blob): string {
  revoke(place);
  const address = URL.createObjectURL(shown);
  addresses.set(place, address);
  return address;
}

/** Revoke the address of what was shown in `place`: the browser may forget it. */
export function revoke(place: Place): void {
  URL.revokeObjectURL(addresses.get(place) ?? "");
  addresses.delete(place);
}
