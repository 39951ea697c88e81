import { hex } from "../../base/bytes";
import { Refusal } from "../../base/refusal";
import { type Earlier, type Whole, judgeEarlier, selected, under } from "./earlier";
import { type Manifest, readManifest } from "../manifest";
import * as names from "../names";
import { small } from "../parts";
import { comparePrevious, judgeOrigin, requireNoShorter } from "./revisions";

/** A package from which units were taken (section 10.1), as far as it is carried here. */
export interface Source {
  package: string;
  sender: string;
  created: string;
  revision: number;
  answers: Earlier;
  origin: Earlier | null;
}

const MAX_MANIFEST_BYTES = 128 << 20;
const PLACE = /^source\/[0-9]{3}\//;

/** Judge the sources that `manifest` states, each over the units that are here, and theirs; `own` units may be of none. */
export async function judgeSources(manifest: Manifest, whole: Whole, own = 1): Promise<{ sources: Source[]; taken: Set<string> }> {
  const places = manifest.sources.map((_, place) => names.placeOf(names.SOURCE, place + 1));
  const there = new Set([...whole.members.keys()].flatMap((name) => PLACE.exec(name)?.[0] ?? []));
  for (const place of places) if (!there.has(place)) throw new Refusal("member-missing", names.MANIFEST, place + names.MANIFEST);
  for (const place of there) if (!places.includes(place)) throw new Refusal("member-unlisted", names.MANIFEST, place);
  const found: Source[] = [];
  const taken = new Map<string, number>();
  for (const [number, stated] of manifest.sources.entries()) {
    const [members, sources] = await judgeSource(manifest, stated, whole, places[number]!);
    for (const name of members) taken.set(name, (taken.get(name) ?? 0) + 1);
    found.push(...sources);
  }
  if (places.length) requireTaken(manifest, whole, taken, own);
  return { sources: found, taken: new Set(taken.keys()) };
}

/** Every unit but `own` is of one source, and of no other. */
function requireTaken(manifest: Manifest, { members }: Whole, taken: Map<string, number>, own: number): void {
  const here = manifest.units.map((one) => names.unitMember(one.id)).filter((name) => members.has(name));
  const strange = here.filter((name) => !taken.has(name)).slice(own);
  const twice = here.filter((name) => (taken.get(name) ?? 0) > 1);
  for (const name of [...strange, ...twice]) throw new Refusal("lists-disagree", names.MANIFEST, name);
}

/** Judge one source; the units that were taken from it, and what is known of it and of its own sources. */
async function judgeSource(manifest: Manifest, stated: Manifest["sources"][number], whole: Whole, place: string): Promise<[string[], Source[]]> {
  return under(place, async () => {
    const own = selected(whole, (name) => (name.startsWith(place) ? name.slice(place.length) : null));
    const earlier = readManifest(await small(own.members, names.MANIFEST, MAX_MANIFEST_BYTES)); // step 1
    if (hex(own.hashed.get(names.MANIFEST)!.sha256) !== stated.manifest || earlier.package !== stated.package) throw new Refusal("lists-disagree", names.MANIFEST);
    const rows = new Map(earlier.units.map((one) => [one.id, one]));
    const units = new Set([...rows.keys()].map(names.unitMember).filter((name) => whole.members.has(name)));
    const all = selected(whole, (name) => (name.startsWith(place) ? name.slice(place.length) : units.has(name) || name === names.MIMETYPE ? name : null));
    const listed = [...all.members.keys()].filter((name) => name !== names.MIMETYPE && !name.startsWith(names.META));
    const answers = await judgeEarlier(all, listed, place); // step 2
    for (const unit of manifest.units) { // step 3
      const before = rows.get(unit.id);
      if (!before || !whole.members.has(names.unitMember(unit.id))) continue;
      if (unit.size !== before.size || unit.sha256 !== before.sha256) throw new Refusal("lists-disagree", names.MANIFEST, names.unitMember(unit.id));
      requireNoShorter(before, unit);
    }
    await comparePrevious(earlier, all); // step 4
    const origin = await judgeOrigin(earlier, all);
    const inner = await judgeSources(earlier, all, 0);
    const told: Source = { package: earlier.package, sender: earlier.sender.name, created: earlier.created, revision: earlier.revision, answers, origin };
    return [[...units], [told, ...inner.sources]];
  });
}
