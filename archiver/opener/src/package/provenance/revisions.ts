import { hex } from "../../base/bytes";
import { canonical } from "../../base/json";
import { Refusal } from "../../base/refusal";
import { type Earlier, type Stated, type Whole, judgeEarlier, selected } from "./earlier";
import { type Manifest, type UnitRow, readManifest } from "../manifest";
import * as names from "../names";
import { small } from "../parts";
import { party } from "./terms";

const MAX_MANIFEST_BYTES = 128 << 20;
/** The package as it was before: what its first revision said of itself. */
const FIRST = names.placeOf(names.PREVIOUS, 1);

/** Compare `manifest` with each one before it, the latest first, down to the first (section 10); what those state, by number. */
export async function comparePrevious(manifest: Manifest, { members, hashed }: Whole): Promise<Map<number, Stated>> {
  const found = new Map<number, Stated>();
  for (let later = manifest; later.revision > 1; ) {
    const name = names.placeOf(names.PREVIOUS, later.revision - 1) + names.MANIFEST;
    if (!members.has(name)) throw new Refusal("member-missing", names.MANIFEST, name);
    if (hex(hashed.get(name)!.sha256) !== later.replaces) throw new Refusal("lists-disagree", names.MANIFEST, name);
    const earlier = readManifest(await small(members, name, MAX_MANIFEST_BYTES));
    if (earlier.revision !== later.revision - 1 || fixed(earlier) !== fixed(later) || !sameUnits(earlier.units, later.units))
      throw new Refusal("lists-disagree", names.MANIFEST, name);
    for (const [place, unit] of later.units.entries()) requireNoShorter(earlier.units[place]!, unit);
    found.set(earlier.revision, stated(earlier));
    later = earlier;
  }
  return found;
}

/** Judge the first revision of a later one; null where there is no other. */
export async function judgeOrigin(manifest: Manifest, whole: Whole): Promise<Earlier | null> {
  if (manifest.revision === 1) return null;
  return judgeEarlier(selected(whole, nameInFirst), [names.MANIFEST, ...manifest.units.map((one) => names.unitMember(one.id))], FIRST);
}

/** Under which name the first revision may have had a part of the later one. */
function nameInFirst(name: string): string | null {
  if (name.startsWith(FIRST)) return name.slice(FIRST.length);
  const others = [names.MANIFEST, names.SUMS].includes(name) || name.startsWith(names.PREVIOUS) || name.startsWith(names.META);
  return others ? null : name;
}

/** Without the units: a package may have 200,000, and only what it states is compared later. */
export const stated = ({ units: _, ...rest }: Manifest): Stated => rest;

/** Refuse a unit that might be destroyed earlier than before, or is no longer held. */
export function requireNoShorter(before: UnitRow, after: UnitRow): void {
  const earlier = after.destroyFrom !== null && (before.destroyFrom === null || after.destroyFrom < before.destroyFrom);
  if (earlier || (before.hold && !after.hold)) throw new Refusal("term-shortened", names.MANIFEST, after.id);
}

const sameUnits = (one: UnitRow[], other: UnitRow[]): boolean =>
  one.length === other.length && one.every((unit, place) => unit.id === other[place]!.id && unit.size === other[place]!.size && unit.sha256 === other[place]!.sha256);

/** What no revision changes besides the units, as one text. */
function fixed(one: Manifest): string {
  const volume = one.volume && [one.volume.id, one.volume.number, one.volume.of, one.volume.year];
  const sources = one.sources.map((each) => [each.package, each.manifest]);
  return canonical([
    one.package, volume, instant(one.created), one.legalGround, party(one.controllerBefore), party(one.sender), one.scope.kind, one.scope.leftOut,
    one.counts, sources, one.commitment, one.patients.root, one.patients.size,
  ]);
}

/** A moment however its zone is written, to a millionth of a second. */
function instant(text: string): string {
  const fraction = /[.,](\d+)/.exec(text)?.[1] ?? "";
  return `${Date.parse(text.replace(/[.,]\d+/, ""))} ${fraction.padEnd(6, "0").slice(0, 6)}`;
}
