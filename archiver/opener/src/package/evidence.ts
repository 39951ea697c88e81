import { type Bytes, equal, hex, join } from "../base/bytes";
import { type HashName, type Hashed, digest, hashPart } from "../base/digests";
import type { Progress } from "../base/progress";
import { Refusal } from "../base/refusal";
import { endOfHash } from "../signing/algorithms";
import { pathToRoot } from "../signing/certification-path";
import { type ArchiveStamp, type Chain, type EvidenceRecord, readEvidenceRecord, rootsOf, sequenceOf } from "../signing/evidence-record";
import { endOfStamp } from "../signing/existence";
import { pathOf, tokenRevocation } from "../signing/revocation";
import { type Timestamp, verifyTimestamp } from "../signing/timestamp";
import type { Trust } from "../signing/trust";
import { MEDIA_TYPE, type Members } from "./container";
import { MIMETYPE, isDestruction, isEvidence } from "./names";
import { small } from "./parts";
import { MAX_LIST_BYTES, type SignedList, readSignedList } from "./signed-list";

/** What an evidence record says (section 11): since when everything that is there exists. */
export interface Evidence {
  since: number;
  authorities: string[];
  renewals: number;
  /** Why it proves nothing, as a code of section 17, where nothing in it is false; empty where it proves. */
  unproven: string;
  proven: boolean;
}

/** A record in which nothing is false: its time-stamps up to the moment asked for, and what its list names; null beside a file,
 * every byte of which it covers; `reason` is why nothing is known from it, whoever is believed. */
export interface JudgedRecord {
  tokens: { stamp: Timestamp; chain: Chain }[];
  listed: Set<string> | null;
  reason?: string;
}

const MAX_RECORDS = 16;
const MAX_RECORD_BYTES = 134_217_728;

/** Judge the evidence records of a package by steps 1 to 7 of section 11.4; throws the first thing that is false. */
export async function judgeEvidence(members: Members, signed: SignedList, hashed: Map<string, Hashed>, now: number, progress: Progress): Promise<JudgedRecord[]> {
  const numbers = numbersOf(members); // step 1
  const digests = new Digests(members, signed.hash, hashed, progress);
  const found: JudgedRecord[] = [];
  for (const number of numbers) {
    const [listName, recordName] = namesOf(number);
    const list = readSignedList(await small(members, listName, MAX_LIST_BYTES), listName, recordName); // step 2
    const record = readEvidenceRecord(await small(members, recordName, MAX_RECORD_BYTES), recordName);
    if (record.first !== list.hash) throw new Refusal("list-invalid", listName);
    compareNames(members, signed, list, listName); // step 3
    const present = [...members.keys()].filter((name) => !isEvidence(name) && list.digests.has(name));
    for (const name of present) // step 4
      if (!equal(await digests.of(name, list.hash), list.digests.get(name)!)) throw new Refusal("evidence-object-missing", name);
    const covered = new Map(present.map((name) => [name, (hash: HashName) => digests.of(name, hash)]));
    found.push(await judgeRecord(record, covered, { list: list.digests, where: recordName, now, progress }));
  }
  return found;
}

const namesOf = (number: string): [string, string] => [`META-INF/ASiCEvidenceRecordManifest${number}.xml`, `META-INF/evidencerecord${number}.ers`];

function numbersOf(members: Members): string[] {
  const there = new Set([...members.keys()].filter(isEvidence).map((name) => /(\d{3})\.(?:xml|ers)$/.exec(name)![1]!));
  const numbers = Array.from({ length: Math.max(0, ...[...there].map(Number)) }, (_, place) => String(place + 1).padStart(3, "0"));
  if (numbers.length > MAX_RECORDS) throw new Refusal("limit-exceeded", namesOf(numbers.at(-1)!)[1]);
  for (const name of numbers.flatMap(namesOf)) if (!members.has(name)) throw new Refusal("member-missing", name);
  return numbers;
}

function compareNames(members: Members, signed: SignedList, list: SignedList, where: string): void {
  for (const name of members.keys()) if (!isEvidence(name) && !isDestruction(name) && !list.digests.has(name)) throw new Refusal("member-unlisted", where, name);
  for (const name of list.digests.keys())
    if (isEvidence(name) || (!members.has(name) && !signed.digests.has(name))) throw new Refusal("member-missing", where, name);
}

/** Digests of members under any hash function; one that was not reckoned yet is, by reading the member again. */
export class Digests {
  private readonly known = new Map<string, Bytes>();
  private readonly total: number;
  private done = 0;

  constructor(
    private readonly members: Members, private readonly hash: HashName, private readonly hashed: Map<string, Hashed>, private readonly progress: Progress,
  ) {
    this.total = [...members.values()].reduce((sum, one) => sum + one.size, 0);
  }

  async of(name: string, hash: HashName): Promise<Bytes> {
    if (name === MIMETYPE) return digest(hash, MEDIA_TYPE);
    const first = this.hashed.get(name)!;
    if (hash === "sha256") return first.sha256;
    if (hash === this.hash) return first.digest;
    const key = `${hash} ${name}`;
    const known = this.known.get(key);
    if (known) return known;
    const { digest: found } = await hashPart(this.members.get(name)!.body, hash, (bytes) => this.progress((this.done += bytes), this.total));
    this.known.set(key, found);
    return found;
  }
}

/** Judge a record that covers the objects `covered`, by name; `list` is what it names besides, null where it may hold more. */
export async function judgeRecord(
  record: EvidenceRecord, covered: Map<string, (hash: HashName) => Promise<Bytes>>, about: { list: Map<string, Bytes> | null; where: string; now: number; progress: Progress },
): Promise<JudgedRecord> {
  const { list, where, now, progress } = about;
  const total = record.chains.reduce((sum, one) => sum + one.stamps.length, 0);
  const tokens: JudgedRecord["tokens"] = [];
  for (const [place, chain] of record.chains.entries()) {
    const first = chain.stamps[0]!.lists[0]!;
    const stamped = new Set(first.map(hex));
    const earlier = place ? digest(chain.hash, sequenceOf(record.chains, place)) : null;
    const expected = new Set<string>(); // step 6
    for (const [name, digestUnder] of covered) {
      const own = await digestUnder(chain.hash);
      const value = hex(earlier ? digest(chain.hash, join(own, earlier)) : own);
      if (!stamped.has(value)) throw new Refusal("evidence-object-missing", name);
      expected.add(value);
    }
    if (list) requireNoMore(first, expected, place ? null : list, list.size - covered.size, where);
    const before: string[] = [];
    for (const stamp of chain.stamps) { // step 7
      const values = new Set(stamp.lists[0]!.map(hex));
      if (before.some((one) => !values.has(one))) throw new Refusal("evidence-link-broken", where);
      before.push(hex(digest(chain.hash, stamp.token)));
      tokens.push({ stamp: await verifyStamp(stamp, chain.hash, where), chain });
      progress(tokens.length, total);
    }
  }
  return { tokens: tokens.filter(({ stamp }) => stamp.time <= now), listed: list && new Set(list.keys()) }; // step 5
}

/** Verify the token of an archive time-stamp over the root that its lists lead to, in one of the two ways. */
async function verifyStamp(stamp: ArchiveStamp, hash: HashName, where: string): Promise<Timestamp> {
  const [first, second] = rootsOf(stamp.lists, hash);
  const over = (root: Bytes): Promise<Timestamp> =>
    verifyTimestamp(stamp.token, (named) => (named === hash ? root : null), where, { imprint: "evidence-imprint-mismatch", token: "evidence-token-invalid" });
  try {
    return await over(first!);
  } catch (fault) {
    if (!second || !(fault instanceof Refusal) || fault.code !== "evidence-imprint-mismatch") throw fault;
    return over(second);
  }
}

/** The first list of a chain holds nothing but members; of those that are not there any more, as many as the list names. */
function requireNoMore(first: Bytes[], expected: Set<string>, list: Map<string, Bytes> | null, gone: number, where: string): void {
  const others = first.map(hex).filter((one) => !expected.has(one));
  const listed = new Set([...(list?.values() ?? [])].map(hex));
  if (others.length > gone || (list && others.some((one) => !listed.has(one)))) throw new Refusal("evidence-excess", where);
}

/** What a record proves for `trust` (steps 7 to 9): each time-stamp lasts until the next one was made, the last one until now. What
 * proves nothing for certain comes before what nobody can tell. */
export async function answerOf({ tokens, reason }: JudgedRecord, trust: Trust, progress: Progress): Promise<Evidence> {
  const [first] = tokens;
  if (!first) return { since: 0, authorities: [], renewals: 0, unproven: reason ?? "evidence-later", proven: false };
  let [failure, doubt] = ["", ""];
  for (const [place, { stamp, chain }] of tokens.entries()) {
    const next = tokens[place + 1]?.stamp.time ?? trust.now;
    const nextChain = tokens.slice(place).find((one) => one.chain !== chain)?.stamp.time ?? trust.now;
    const [code, open] = await answerOfStamp(stamp, next, trust);
    failure ||= code || (endOfHash(chain.hash) <= nextChain ? "evidence-algorithm-ended" : "");
    doubt ||= open;
    progress(place + 1, tokens.length);
  }
  const authorities = [...new Set(tokens.map(({ stamp }) => stamp.authority))];
  return { since: first.stamp.time, authorities, renewals: tokens.length - 1, unproven: failure || doubt, proven: !failure && !doubt };
}

/** Why an archive time-stamp that was renewed at `next` proves nothing, and else why nobody can tell; empty where it proves. */
async function answerOfStamp(stamp: Timestamp, next: number, { tsaRoots }: Trust): Promise<[failure: string, doubt: string]> {
  if (stamp.unknown || !stamp.certificate) return ["evidence-algorithm-unknown", ""];
  if (next < stamp.time) return ["evidence-order-wrong", ""];
  const { certificate, others } = stamp;
  const found = await pathToRoot(certificate, others, tsaRoots, next);
  const path = found.certificates.length ? found.certificates : await pathOf(certificate, others, []);
  const [start, end] = found.certificates.length ? [found.start, found.end] : [certificate.notBefore, certificate.notAfter];
  const status = await tokenRevocation(stamp.revocation, path, stamp.time, next);
  if (status === "revoked") return ["evidence-authority-revoked", ""];
  if (stamp.time < start || end < next) return ["evidence-authority-ended", ""];
  if (found.status === "algorithm-ended" || endOfStamp(stamp, found) <= next) return ["evidence-algorithm-ended", ""];
  if (status === "unknown") return ["", "timestamp-revocation-unclear"];
  return ["", found.status === "trusted" && stamp.dedicated ? "" : "timestamp-untrusted"];
}
