import { type Bytes, equal, fromHex, hex } from "../base/bytes";
import { type HashName, type Hashed, hashBytes, hashPart, sha256 } from "../base/digests";
import type { Progress } from "../base/progress";
import { Refusal } from "../base/refusal";
import { MEDIA_TYPE, Member, type Members, Window } from "./container";
import { type Destroyed, judgeStatements, namedMembers, readStatements } from "./provenance/destruction";
import type { Earlier, Stated, Whole } from "./provenance/earlier";
import { type JudgedRecord, judgeEvidence } from "./evidence";
import { type Manifest, readManifest } from "./manifest";
import * as names from "./names";
import { readLists, small } from "./parts";
import { comparePrevious, judgeOrigin, stated } from "./provenance/revisions";
import { type Signed, compareSignatures, requireFit, requireFitFor, verifySignatures, verifyTimestamps } from "./signatures";
import { MAX_LIST_BYTES, type SignedList } from "./signed-list";
import { type Source, judgeSources } from "./provenance/sources";
import { readSums } from "./sums";

/** A package that was judged (section 15): no key was needed, nothing was decrypted. */
export interface Judged extends Signed {
  members: Members;
  manifest: Manifest;
  evidence: JudgedRecord[];
  /** The hash function of its signed list. */
  hash: HashName;
  /** What every revision up to this one states, by its number. */
  written: Map<number, Stated>;
  /** The first revision of a later one, and the packages from which this one was split off. */
  origin: Earlier | null;
  sources: Source[];
  /** The units that were taken from a source. */
  taken: Set<string>;
  destroyed: Destroyed[];
  listDigest: string;
  digests: Map<string, Bytes>;
}

const MAX_OPENER_BYTES = 8 << 20;
const MAX_MANIFEST_BYTES = 128 << 20;
/** A member that is read together with those beside it. */
const SMALL = 256 << 10;

/** Judge the members of a package, step by step as in section 15; throws the first thing that does not hold, whoever is believed:
 * what the answer to that changes is judged in `acceptance.ts`. */
export async function judge(members: Members, now: number, progress: Progress): Promise<Judged> {
  const part = (name: string, limit: number): Promise<Bytes> => small(members, name, limit);
  const lists = await readLists(members, names.REQUIRED); // step 2
  const statements = await readStatements(members, part);
  const absent = namedMembers(statements);
  compareNames(members, lists[0]!.digests, absent); // step 3
  requireSize(members);
  const hashed = await compareBytes(members, lists[0]!, progress); // step 4
  const evidence = await judgeEvidence(members, lists[0]!, hashed, now, progress); // step 5
  const signatures = await verifySignatures(members); // step 6
  requireFit(signatures);
  const timestamps = await verifyTimestamps(signatures);
  const manifest = readManifest(await small(members, names.MANIFEST, MAX_MANIFEST_BYTES)); // step 7
  compareManifest(members, manifest, hashed, absent);
  const earlier: Whole = { members, hashed, hash: lists[0]!.hash, now, progress };
  const written = new Map([[manifest.revision, stated(manifest)], ...(await comparePrevious(manifest, earlier))]);
  const origin = await judgeOrigin(manifest, earlier);
  const { sources, taken } = await judgeSources(manifest, earlier);
  compareSignatures(manifest, signatures);
  compareSums(members, hashed, readSums(await small(members, names.SUMS, MAX_LIST_BYTES)), lists[0]!, absent); // step 8
  const destroyed = await judgeStatements(statements, members, manifest, part, now, requireFitFor); // step 9
  const listDigest = hex(sha256(await small(members, names.LISTS[0], MAX_LIST_BYTES)));
  const digests = new Map([...hashed].map(([name, one]) => [name, one.sha256]));
  return { members, manifest, written, signatures, timestamps, evidence, hash: lists[0]!.hash, destroyed, origin, sources, taken, listDigest, digests };
}

/** Which part of the container ties a set: it has no keyring and lists volumes. */
export const isSet = (members: Members): boolean => members.has(names.SET_MANIFEST) && !members.has(names.KEYRING);

export function compareNames(members: Members, listed: Map<string, Bytes>, absent?: Set<string>): void {
  const isOwn = (name: string): boolean =>
    names.NOT_DATA_OBJECTS.has(name) || names.isEvidence(name) || (absent !== undefined && names.isDestruction(name));
  for (const name of listed.keys()) if (isOwn(name)) throw new Refusal("lists-disagree", name);
  for (const name of listed.keys()) if (!members.has(name) && !absent?.has(name)) throw new Refusal("member-missing", name);
  for (const name of members.keys()) if (!listed.has(name) && !isOwn(name)) throw new Refusal("member-unlisted", name);
}

export function requireSize(members: Members): void {
  if ((members.get(names.OPENER)?.size ?? 0) > MAX_OPENER_BYTES) throw new Refusal("limit-exceeded", names.OPENER);
}

/** Reads small members of a container together with those that lie behind them. */
class SmallMembers {
  private window: Window | null = null;

  /** The bytes of a small member; null of another, which is read piece by piece. */
  async read({ file, at, size }: Member): Promise<Bytes | null> {
    if (size > SMALL) return null;
    if (this.window?.file !== file) this.window = new Window(file);
    return this.window.read(at, size);
  }
}

export async function compareBytes(members: Members, list: SignedList, progress: Progress): Promise<Map<string, Hashed>> {
  const found = new Map<string, Hashed>();
  const total = [...members.values()].reduce((sum, one) => sum + one.size, 0);
  let done = 0;
  const together = new SmallMembers();
  for (const [name, member] of members) {
    const data = await together.read(member);
    if (data) progress((done += data.length), total);
    const hashed = data ? await hashBytes(data, list.hash) : await hashPart(member.body, list.hash, (bytes) => progress((done += bytes), total));
    const listed = list.digests.get(name);
    const other = listed && !equal(listed, hashed.digest);
    if (other || (member.crc !== null && member.crc !== hashed.crc)) throw new Refusal("digest-mismatch", name);
    found.set(name, hashed);
  }
  return found;
}

function compareManifest(members: Members, manifest: Manifest, hashed: Map<string, Hashed>, absent: Set<string>): void {
  const named = new Set(manifest.keyrings);
  for (const unit of manifest.units) {
    const name = names.unitMember(unit.id);
    const member = members.get(name);
    if (!member && absent.has(name)) continue;
    if (!member) throw new Refusal("member-missing", name);
    if (member.size !== unit.size || !equal(hashed.get(name)!.sha256, fromHex(unit.sha256)))
      throw new Refusal("lists-disagree", name);
    named.add(name);
  }
  for (const name of manifest.keyrings) if (!members.has(name)) throw new Refusal("member-missing", name);
  for (const name of members.keys()) {
    if ((name.startsWith("units/") || names.isKeyring(name)) && !named.has(name)) throw new Refusal("member-unlisted", name);
  }
}

function compareSums(members: Members, hashed: Map<string, Hashed>, sums: Map<string, Bytes>, list: SignedList, absent: Set<string>): void {
  const isSummed = (name: string): boolean => name !== names.SUMS && !name.startsWith("META-INF/");
  for (const name of members.keys()) if (isSummed(name) && !sums.has(name)) throw new Refusal("member-unlisted", names.SUMS, name);
  for (const [name, digest] of sums) {
    if (absent.has(name) && !members.has(name)) {
      if (list.hash === "sha256" && !equal(digest, list.digests.get(name) ?? new Uint8Array())) throw new Refusal("lists-disagree", names.SUMS, name);
      continue;
    }
    if (!members.has(name) || !isSummed(name)) throw new Refusal("member-missing", names.SUMS, name);
    const expected = name === names.MIMETYPE ? sha256(MEDIA_TYPE) : hashed.get(name)!.sha256;
    if (!equal(digest, expected)) throw new Refusal("lists-disagree", names.SUMS, name);
  }
}

/** The members of an unpacked package (section 3.3): order and CRC-32 are not checked there. */
export function membersOfFolder(files: [path: string, file: Blob][]): Members {
  const members: Members = new Map();
  for (const [name, body] of files) {
    names.requireSafeName(name);
    members.set(name, new Member(name, body, 0, body.size, null));
  }
  names.requireDistinct(files.map(([name]) => name));
  return members;
}
