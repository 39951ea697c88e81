import type { HashName } from "../base/digests";
import type { Progress } from "../base/progress";
import { type Examined, type Existence, examine, isProven } from "../signing/existence";
import type { Trust } from "../signing/trust";
import { heldBack, isVouched } from "../signing/vouching";
import { type Evidence, type JudgedRecord, answerOf } from "./evidence";
import type { Destroyed } from "./provenance/destruction";
import { type Signed, endOfSignature } from "./signatures";

/** What the answer to whom a person believes changes of a container (section 15, step 6). */
export interface Acceptance {
  /** The fingerprints of those of its signers for whom a root vouches. */
  vouched: string[];
  /** The code of why it is not opened, whoever its signers are; empty where nothing keeps it. */
  held: string;
  /** What each of its time-stamps proves, and what all of them and the evidence do together. */
  stamps: Existence[];
  existence: Existence;
  evidence: Evidence[];
  beside: Evidence[];
}

/** A container in which nothing is false, with the statements of what was destroyed in it. */
export interface Container extends Signed {
  evidence: JudgedRecord[];
  beside: JudgedRecord[];
  destroyed: Destroyed[];
  hash: HashName;
}

/** Judge what `found` proves for `trust`, and whether it may be opened. */
export async function accept(found: Container, trust: Trust, progress: Progress): Promise<Acceptance> {
  const [evidence, beside] = [await answersOf(found.evidence, trust, progress), await answersOf(found.beside, trust, progress)];
  const proven = provenTimes([...evidence, ...beside]);
  const { vouched, held, examined } = await examineAll(found, found.hash, () => proven, trust);
  const stated: Signed = { signatures: found.destroyed.map((one) => one.signature), timestamps: found.destroyed.map((one) => one.timestamp) };
  // a statement may be younger than the evidence inside, of which only a record that lists it proves anything
  const covering = (places: string[]): Evidence[] => evidence.filter((_, number) => places.every((name) => found.evidence[number]!.listed?.has(name)));
  const destroyed = await examineAll(stated, "sha256", (number) => provenTimes([...covering(found.destroyed[number]!.places), ...beside]), trust);
  const stamps = examined.map((one) => one.existence);
  return {
    vouched: [...vouched, ...destroyed.vouched], held: held || destroyed.held, stamps, evidence, beside,
    existence: existenceOf(stamps, [...evidence, ...beside]),
  };
}

/** Whether an algorithm under a signature of an earlier package was relied on no more when it provably existed; and what it proves. */
export async function acceptEarlier(
  found: Signed & { evidence: JudgedRecord[] }, hash: HashName, trust: Trust, progress: Progress,
): Promise<{ ended: boolean; stamps: Existence[]; evidence: Evidence[] }> {
  const evidence = await answersOf(found.evidence, trust, progress);
  const { examined } = await examineAll(found, hash, () => provenTimes(evidence), trust);
  const ended = found.signatures.some((one, number) => endOfSignature(one, hash) <= examined[number]!.moment);
  return { ended, stamps: examined.map((one) => one.existence), evidence };
}

/** What each of `records` proves: one after the other, for each may hold thousands of time-stamps. */
export async function answersOf(records: JudgedRecord[], trust: Trust, progress: Progress): Promise<Evidence[]> {
  const found: Evidence[] = [];
  for (const one of records) found.push(await answerOf(one, trust, progress));
  return found;
}

/** The moments at which evidence proves that what it covers existed, the earliest first. */
const provenTimes = (records: Evidence[]): number[] => records.filter((one) => one.proven).map((one) => one.since).sort((one, other) => one - other);

async function examineAll(
  { signatures, timestamps }: Signed, hash: HashName, proven: (number: number) => number[], trust: Trust,
): Promise<{ vouched: string[]; held: string; examined: Examined[] }> {
  const vouched: string[] = [];
  const examined: Examined[] = [];
  let held = "";
  for (const [number, one] of signatures.entries()) {
    const found = await examine(one, timestamps[number] ?? null, proven(number), trust);
    if (await isVouched(one.signer, trust.roots, found.moment)) vouched.push(one.signer.fingerprint);
    held ||= heldBack(one, found, endOfSignature(one, hash), trust.now);
    examined.push(found);
  }
  return { vouched, held, examined };
}

/** Since when all of it exists: times that contradict each other say nothing; else the earliest moment that anything proves. */
function existenceOf(stamps: Existence[], records: Evidence[]): Existence {
  const contradiction = stamps.find((one) => one.code === "times-contradict");
  if (contradiction) return contradiction;
  const silent = stamps.filter((one) => !isProven(one) && !SILENT.includes(one.code));
  const proofs = [...(silent.length ? [] : stamps.filter(isProven)), ...records.filter((one) => one.proven).map((one) => ({ code: "evidenced", time: one.since }))];
  if (proofs.length) return proofs.reduce((one, other) => (other.time! < one.time! ? other : one));
  const [record] = records;
  return record ? { code: record.unproven, time: record.since || null } : (silent[0] ?? stamps.find((one) => one.code !== "no-timestamp") ?? stamps[0]!);
}

/** Codes of a signature that says nothing of when. */
const SILENT = ["no-timestamp", "timestamp-algorithm-unknown"];
