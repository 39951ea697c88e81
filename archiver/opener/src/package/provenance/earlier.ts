import { equal } from "../../base/bytes";
import type { HashName, Hashed } from "../../base/digests";
import { type Progress, isStopped } from "../../base/progress";
import { Refusal } from "../../base/refusal";
import type { Timestamp } from "../../signing/timestamp";
import type { Members } from "../container";
import { Digests, type JudgedRecord, judgeEvidence } from "../evidence";
import { type Manifest, readManifest } from "../manifest";
import * as names from "../names";
import { readLists, small } from "../parts";
import { type Signed, compareSignatures, verifySignatures, verifyTimestamps } from "../signatures";

/** A package, or as much as is here of an earlier one: its members by the names they had there, hashed; `hash` is the function
 * of the signed list of the package in which they lie. */
export interface Whole {
  members: Members;
  hashed: Map<string, Hashed>;
  hash: HashName;
  now: number;
  progress: Progress;
}

/** What is known of an earlier package (section 10, *origin*): whose signatures it has, and since when its units exist. */
export interface Earlier extends Signed {
  evidence: JudgedRecord[];
  /** The code of what is false about its time-stamps or evidence; empty where nothing is. */
  untrue: string;
}

const MAX_MANIFEST_BYTES = 128 << 20;

/** Judge the earlier package `earlier`, of which the members `same` must be as its signed list says where they are here; `place` is
 * where its words lie. Throws what refutes *intact*: its evidence and time-stamps, where they are false, are told. */
export async function judgeEarlier(earlier: Whole, same: Iterable<string>, place: string): Promise<Earlier> {
  return under(place, async () => {
    const { members, hashed, now, progress } = earlier;
    const [list] = await readLists(members, [names.LISTS[0], names.SIGNATURES[0], names.MANIFEST]); // step 1
    const digests = new Digests(members, earlier.hash, hashed, progress);
    const isListed = async (name: string): Promise<boolean> => equal(await digests.of(name, list!.hash), list!.digests.get(name) ?? new Uint8Array());
    for (const name of same) if (members.has(name) && !(await isListed(name))) throw new Refusal("lists-disagree", names.LISTS[0], name);
    const told = { timestamps: [] as (Timestamp | null)[], evidence: [] as JudgedRecord[], untrue: "" };
    const unchanged: Members = new Map(); // step 2
    for (const [name, member] of members) {
      const own = name === names.MIMETYPE || name.startsWith(names.META) || (list!.digests.has(name) && (await isListed(name)));
      if (own) unchanged.set(name, member);
    }
    const known = { hash: earlier.hash, digests: list!.digests };
    await orTell(told, async () => {
      told.evidence = await judgeEvidence(unchanged, known, hashed, now, progress);
    });
    const signatures = await verifySignatures(members); // step 3
    await orTell(told, async () => {
      told.timestamps = await verifyTimestamps(signatures);
    });
    compareSignatures(readManifest(await small(members, names.MANIFEST, MAX_MANIFEST_BYTES)), signatures); // step 4
    return { ...told, signatures };
  });
}

/** What the earlier package's time-stamps or evidence are refused for, in place of the refusal. */
async function orTell(told: { untrue: string }, judge: () => Promise<void>): Promise<void> {
  try {
    await judge();
  } catch (fault) {
    if (!(fault instanceof Refusal) || isStopped(fault)) throw fault;
    told.untrue ||= fault.code;
  }
}

/** Whatever `judge` refuses lies below `place`. */
export async function under<T>(place: string, judge: () => Promise<T>): Promise<T> {
  try {
    return await judge();
  } catch (fault) {
    if (!(fault instanceof Refusal) || isStopped(fault) || fault.where.startsWith(place)) throw fault;
    throw new Refusal(fault.code, `${place}${fault.where}`, fault.reason, fault.told);
  }
}

/** The part of `whole` whose names `rename` gives; the others are left out. */
export function selected(whole: Whole, rename: (name: string) => string | null): Whole {
  const found = new Map([...whole.members.keys()].flatMap((name): [string, string][] => {
    const own = rename(name);
    return own === null ? [] : [[own, name]];
  }));
  const members: Members = new Map([...found].map(([own, name]) => [own, whole.members.get(name)!.called(own)]));
  const hashed = new Map([...found].map(([own, name]) => [own, whole.hashed.get(name)!]));
  return { ...whole, members, hashed };
}

/** What a manifest states that every keyring of its revision repeats. */
export type Stated = Pick<Manifest, "package" | "revision" | "signatures" | "legalGround" | "controllerBefore" | "controllerAfter" | "sender" | "receiver">;
