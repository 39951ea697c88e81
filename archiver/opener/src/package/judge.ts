import { type Bytes, bytesOf, equal, fromHex, hex } from "../base/bytes";
import { type Hashed, hashPart, sha256 } from "../base/digests";
import { Refusal } from "../base/refusal";
import { endOf, endOfCertificate, verify } from "../signing/algorithms";
import { type Certificate, isForOneHolder, unfit } from "../signing/certificate";
import { type Signature, verifySignature } from "../signing/signed-data";
import { type Timestamp, verifyTimestamp } from "../signing/timestamp";
import { MEDIA_TYPE, type Member, type Members } from "./container";
import { type Manifest, readManifest } from "./manifest";
import * as names from "./names";
import { MAX_LIST_BYTES, type SignedList, readSignedList } from "./signed-list";
import { readSums } from "./sums";

/** A package that was judged (section 15): no key was needed, nothing was decrypted. */
export interface Judged {
  members: Members;
  manifest: Manifest;
  signatures: Signature[];
  timestamps: (Timestamp | null)[];
  listDigest: string;
  digests: Map<string, Bytes>;
}
export type Progress = (done: number, total: number) => void;

const MAX_OPENER_BYTES = 8 << 20;
const MAX_MANIFEST_BYTES = 128 << 20;
const MAX_SIGNATURE_BYTES = 8 << 20;
/** Between the clock of a signer and that of this machine. */
const CLOCKS = 5 * 60_000;

/** Judge the members of a package, step by step as in section 15; throws the first thing that does not hold. */
export async function judge(members: Members, now: number, progress: Progress): Promise<Judged> {
  const lists = await readLists(members, names.REQUIRED); // step 2
  compareNames(members, lists[0]!.digests); // step 3
  requireSize(members);
  const hashed = await compareBytes(members, lists[0]!, progress); // step 4
  refuseEvidence(members); // step 5
  const signatures = await verifySignatures(members, now); // step 6
  const timestamps = await verifyTimestamps(signatures);
  const manifest = readManifest(await small(members, names.MANIFEST, MAX_MANIFEST_BYTES)); // step 7
  compareManifest(members, manifest, hashed);
  compareSignatures(manifest, signatures);
  compareSums(members, hashed, readSums(await small(members, names.SUMS, MAX_LIST_BYTES))); // step 8
  const listDigest = hex(sha256(await small(members, names.LISTS[0], MAX_LIST_BYTES)));
  const digests = new Map([...hashed].map(([name, one]) => [name, one.sha256]));
  return { members, manifest, signatures, timestamps, listDigest, digests };
}

/** Which part of the container ties a set: it has no keyring and lists volumes. */
export const isSet = (members: Members): boolean => members.has(names.SET_MANIFEST) && !members.has(names.KEYRING);

export async function small(members: Members, name: string, limit: number): Promise<Bytes> {
  const member = members.get(name);
  if (!member) throw new Refusal("member-missing", name);
  if (member.body.size > limit) throw new Refusal("limit-exceeded", name);
  return bytesOf(member.body);
}

export async function readLists(members: Members, required: string[]): Promise<SignedList[]> {
  for (const name of required) if (!members.has(name)) throw new Refusal("member-missing", name);
  const found: SignedList[] = [];
  for (const [number, name] of names.LISTS.entries()) {
    const signature = names.SIGNATURES[number]!;
    if (members.has(name) !== members.has(signature)) throw new Refusal("member-missing", members.has(name) ? signature : name);
    if (members.has(name)) found.push(readSignedList(await small(members, name, MAX_LIST_BYTES), name, signature));
  }
  const [first, second] = found as [SignedList, SignedList | undefined];
  if (second && (first.hash !== second.hash || !sameDigests(first.digests, second.digests)))
    throw new Refusal("lists-disagree", names.LISTS[1]);
  return found;
}

const sameDigests = (one: Map<string, Bytes>, other: Map<string, Bytes>): boolean =>
  one.size === other.size && [...one].every(([name, digest]) => equal(digest, other.get(name) ?? new Uint8Array()));

export function compareNames(members: Members, listed: Map<string, Bytes>): void {
  const isOwn = (name: string): boolean => names.NOT_DATA_OBJECTS.has(name) || names.isEvidence(name);
  for (const name of listed.keys()) if (isOwn(name)) throw new Refusal("lists-disagree", name);
  for (const name of listed.keys()) if (!members.has(name)) throw new Refusal("member-missing", name);
  for (const name of members.keys()) if (!listed.has(name) && !isOwn(name)) throw new Refusal("member-unlisted", name);
}

export function requireSize(members: Members): void {
  if ((members.get(names.OPENER)?.body.size ?? 0) > MAX_OPENER_BYTES) throw new Refusal("limit-exceeded", names.OPENER);
}

export async function compareBytes(members: Members, list: SignedList, progress: Progress): Promise<Map<string, Hashed>> {
  const found = new Map<string, Hashed>();
  const total = [...members.values()].reduce((sum, one) => sum + one.body.size, 0);
  let done = 0;
  for (const [name, member] of members) {
    const hashed = await hashPart(member.body, list.hash, (bytes) => progress((done += bytes), total));
    const listed = list.digests.get(name);
    const other = listed && !equal(listed, hashed.digest);
    if (other || (member.crc !== null && member.crc !== hashed.crc)) throw new Refusal("digest-mismatch", name);
    found.set(name, hashed);
  }
  return found;
}

/** Evidence records prove since when a package exists; false ones must be refused, and this page does not judge them. */
function refuseEvidence(members: Members): void {
  for (const name of members.keys())
    if (names.isEvidence(name)) throw new Refusal("limit-exceeded", name, "this page does not judge evidence records");
}

export async function verifySignatures(members: Members, now: number): Promise<Signature[]> {
  const found: Signature[] = [];
  for (const [number, name] of names.SIGNATURES.entries()) {
    if (!members.has(name)) continue;
    const list = await small(members, names.LISTS[number]!, MAX_LIST_BYTES);
    const signature = await verifySignature(await small(members, name, MAX_SIGNATURE_BYTES), list, name);
    judgeCertificate(signature, name, now);
    found.push(signature);
  }
  return found;
}

/** The certificate is for documents, is valid now and when it was signed; its algorithm is relied on. */
function judgeCertificate(signature: Signature, where: string, now: number): void {
  const { signer } = signature;
  if (signature.revocation) throw new Refusal("limit-exceeded", where, "this page does not weigh revocation lists");
  if (Math.min(endOf(signature.use), endOfCertificate(signer)) <= now) throw new Refusal("signature-algorithm-ended", where);
  let reason = "";
  try {
    reason = unfit(signer);
  } catch {
    reason = "its purposes cannot be read";
  }
  if (reason) throw new Refusal("signer-unfit", where, reason);
  const within = (moment: number): boolean => signer.notBefore <= moment && moment <= signer.notAfter;
  if (!within(now) || !within(signature.signingTime) || signature.signingTime > now + CLOCKS)
    throw new Refusal("certificate-ended", where);
}

export async function verifyTimestamps(signatures: Signature[]): Promise<(Timestamp | null)[]> {
  const found: (Timestamp | null)[] = [];
  for (const [number, one] of signatures.entries())
    found.push(one.token ? await verifyTimestamp(one.token, one.value, names.SIGNATURES[number]!) : null);
  return found;
}

function compareManifest(members: Members, manifest: Manifest, hashed: Map<string, Hashed>): void {
  const stated = new Set(manifest.keyrings);
  for (const unit of manifest.units) {
    const name = names.unitMember(unit.id);
    const member = members.get(name);
    if (!member) throw new Refusal("member-missing", name);
    if (member.body.size !== unit.size || !equal(hashed.get(name)!.sha256, fromHex(unit.sha256)))
      throw new Refusal("lists-disagree", name);
    stated.add(name);
  }
  for (const name of manifest.keyrings) if (!members.has(name)) throw new Refusal("member-missing", name);
  for (const name of members.keys()) {
    if ((name.startsWith("units/") || names.isKeyring(name)) && !stated.has(name)) throw new Refusal("member-unlisted", name);
    if (/^(previous|source)\//i.test(name)) throw new Refusal("member-unlisted", name);
  }
}

/** What the manifest states of the signatures is what is there (section 6.4). */
export function compareSignatures(manifest: { signatures: Manifest["signatures"] }, signatures: Signature[]): void {
  const [stated, there] = [manifest.signatures.length, signatures.length];
  if (stated > there) throw new Refusal("member-missing", names.SIGNATURES[1]);
  if (stated < there) throw new Refusal("member-unlisted", names.SIGNATURES[1]);
  for (const [number, one] of manifest.signatures.entries()) {
    const found = signatures[number]!;
    const where = names.SIGNATURES[number]!;
    if (found.signer.fingerprint !== one.certificate) throw new Refusal("lists-disagree", where);
    if (one.timestamp && !found.token) throw new Refusal("timestamp-missing", where);
    if (one.revocation && !found.revocation) throw new Refusal("revocation-missing", where);
    if ((found.token && !one.timestamp) || (found.revocation && !one.revocation)) throw new Refusal("lists-disagree", where);
  }
}

function compareSums(members: Members, hashed: Map<string, Hashed>, sums: Map<string, Bytes>): void {
  const isSummed = (name: string): boolean => name !== names.SUMS && !name.startsWith("META-INF/");
  for (const name of members.keys()) if (isSummed(name) && !sums.has(name)) throw new Refusal("member-unlisted", names.SUMS, name);
  for (const [name, digest] of sums) {
    if (!members.has(name) || !isSummed(name)) throw new Refusal("member-missing", names.SUMS, name);
    const expected = name === names.MIMETYPE ? sha256(MEDIA_TYPE) : hashed.get(name)!.sha256;
    if (!equal(digest, expected)) throw new Refusal("lists-disagree", names.SUMS, name);
  }
}

/** Whether `roots` vouch for `signer` alone: it is one of them, or a root made for one holder issued it. */
export async function isVouched(signer: Certificate, roots: Certificate[], now: number): Promise<boolean> {
  for (const root of roots) {
    if (root.fingerprint === signer.fingerprint) return true;
    try {
      if (root.notBefore > now || root.notAfter < now || !isForOneHolder(root, signer)) continue;
      const found = await verify(root.key, signer.algorithm, null, signer.signature, signer.tbs);
      if (found.valid && endOf(found.use) > now) return true;
    } catch {
      continue; // it is no root of this signer
    }
  }
  return false;
}

/** The members of an unpacked package (section 3.3): order and CRC-32 are not checked there. */
export function membersOfFolder(files: [path: string, file: Blob][]): Members {
  const members: Members = new Map();
  for (const [name, body] of files) {
    names.requireSafeName(name);
    const member: Member = { name, body, crc: null };
    members.set(name, member);
  }
  names.requireDistinct(files.map(([name]) => name));
  return members;
}
