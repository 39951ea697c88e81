import type { Judged } from "../judge";
import { manifestDigests } from "../volumes";

/** What several revisions of one package that were given are to each other, each by a number of its own. */
export interface Compared {
  /** Which later revision stands in the place of an earlier one. */
  superseded: [earlier: number, later: number][];
  /** Those that another one contradicts. */
  contradicting: number[];
}

type Numbered = [number: number, one: Judged];

/** Compare revisions of the same packages: the newest must carry what the others say (section 10). */
export function compareRevisions(packages: Numbered[]): Compared {
  const groups = new Map<string, Numbered[]>();
  for (const each of packages) groups.set(each[1].manifest.package, [...(groups.get(each[1].manifest.package) ?? []), each]);
  const found: Compared = { superseded: [], contradicting: [] };
  for (const group of groups.values()) {
    group.sort(([, one], [, other]) => other.manifest.revision - one.manifest.revision);
    const [[latest, newest], ...others] = group as [Numbered, ...Numbered[]];
    const carried = manifestDigests(newest);
    for (const [number, one] of others) {
      if (manifestDigests(one).at(-1) === carried[one.manifest.revision - 1]) found.superseded.push([number, latest]);
      else found.contradicting.push(number, latest);
    }
  }
  return found;
}
