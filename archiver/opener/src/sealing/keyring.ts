import { type Bytes, fromBase64Url, hex, join, textOf, utf8 } from "../base/bytes";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 as sha256Function } from "@noble/hashes/sha2.js";
import { digest, sha256 } from "../base/digests";
import { type JsonObject, canonical, parseCanonical } from "../base/json";
import { Refusal } from "../base/refusal";
import type { Judged } from "../package/judge";
import type { UnitRow } from "../package/manifest";
import { MANIFEST, unitMember } from "../package/names";
import { small } from "../package/parts";
import { firstLine, termsOf } from "../package/provenance/terms";
import { type Secret, openAge } from "./age";

/** A line of the keyring (section 5.2): how a unit opens, whose it is, what it holds. */
export interface Entry {
  unit: string;
  member: string;
  passphrase: string;
  plainSha256: string;
  plainSize: number;
  patient: Map<string, string> | null;
  salt: string | null;
  counts: Map<string, number>;
}

const MAX_LINE = 65_536;
const MAX_KEYRING = 512 << 20;
const MAX_UNITS = 200_000;
const HEADER = "controller_after controller_before keyring legal_ground nonce package receiver revision sender signers";
const LINE = "counts destroy_from hold member passphrase patient plain_sha256 plain_size salt unit";
const KEY = /^[A-Za-z0-9_-]{43}$/;
const MEMBER = /^PAT[0-9]{5}\.ZIP$/;
const PRACTICE = "TRANSV.ZIP";
const LF = 10;

const unreadable = (reason: string): Refusal => new Refusal("key-unreadable", "", reason);

/** Open the first keyring of `judged` that `secret` opens, and compare it with what was signed (section 16, step 2). */
export async function openKeyring(judged: Judged, secret: Secret): Promise<Entry[]> {
  let refusal = new Refusal("wrong-key");
  for (const name of judged.manifest.keyrings) {
    try {
      const plain = await openAge(await small(judged.members, name, MAX_KEYRING), secret, name);
      return readKeyring(plain, judged);
    } catch (fault) {
      if (!(fault instanceof Refusal) || !["wrong-key", "wrong-passphrase"].includes(fault.code)) throw fault;
      if (fault.code === "wrong-passphrase") refusal = fault;
    }
  }
  throw refusal;
}

function readKeyring(plain: Bytes, judged: Judged): Entry[] {
  const first = plain.indexOf(LF);
  if (first < 0) throw unreadable("it has no first line");
  const header = parseLine(plain.subarray(0, first + 1));
  const nonce = compareHeader(header, judged);
  const index = plain.subarray(first + 1);
  const entries: Entry[] = [];
  const leaves = new Map<string, Bytes>();
  const rows = new Map(judged.manifest.units.map((row) => [row.id, row]));
  for (let at = 0; at < index.length; ) {
    const end = index.indexOf(LF, at);
    if (end < 0) throw unreadable("its last line has no end");
    const line = parseLine(index.subarray(at, end + 1));
    at = end + 1;
    const entry = readEntry(line);
    if (leaves.has(entry.unit)) throw unreadable("it names a unit twice");
    leaves.set(entry.unit, entry.patient ? leaf(line) : new Uint8Array());
    entries.push(entry);
    if (entries.length > MAX_UNITS) throw new Refusal("limit-exceeded", "", "more than 200,000 units");
    compareRow(rows.get(entry.unit), entry, line, judged.manifest.revision);
  }
  if (hex(digest("sha512", join(nonce, index))) !== judged.manifest.commitment) throw new Refusal("commitment-mismatch");
  compareUnits(judged, entries, leaves);
  return entries;
}

function parseLine(data: Bytes): JsonObject {
  if (data.length > MAX_LINE) throw new Refusal("limit-exceeded", "", "a line is too long");
  const value = parseCanonical(textOf(data, "key-unreadable").slice(0, -1), "key-unreadable", "");
  if (!(value instanceof Map)) throw unreadable("a line is no object");
  return value;
}

const keysOf = (value: JsonObject): string => [...value.keys()].sort().join(" ");

/** Compare the first line with the manifest and with who really signed; return its nonce. */
function compareHeader(header: JsonObject, judged: Judged): Bytes {
  const { manifest } = judged;
  const [nonce, revision] = [header.get("nonce"), header.get("revision")];
  if (header.get("keyring") !== 1 || keysOf(header) !== HEADER) throw unreadable("it is no keyring of a known form");
  if (typeof nonce !== "string" || !KEY.test(nonce)) throw unreadable("its nonce is malformed");
  // of the revision it was written for; none that is yet to come
  const written = typeof revision === "number" ? judged.written.get(revision) : undefined;
  if (header.get("package") !== manifest.package || !written) throw new Refusal("commitment-mismatch");
  const signed = written.signatures.map((one) => one.certificate);
  if (canonical(header.get("signers")!) !== canonical(signed)) throw new Refusal("signer-unnamed");
  for (const [key, value] of termsOf(written))
    if (canonical(header.get(key)!) !== canonical(value)) throw new Refusal("terms-differ", MANIFEST, key);
  requireProven(judged, nonce);
  return fromBase64Url(nonce);
}

/** Refuse a later revision that somebody made who had not opened the package (section 13.8). */
function requireProven({ manifest, written }: Judged, nonce: string): void {
  if (manifest.revision === 1) return;
  const line = utf8(`${canonical(firstLine(written.get(manifest.revision)!, nonce))}\n`);
  if (hex(hmac(sha256Function, fromBase64Url(nonce), line) as Bytes) !== manifest.revisionMac) throw new Refusal("revision-unproven", MANIFEST);
}

function readEntry(line: JsonObject): Entry {
  const text = (key: string, form: RegExp): string => {
    const found = line.get(key);
    if (typeof found !== "string" || !form.test(found)) throw unreadable(`a unit has a malformed ${key}`);
    return found;
  };
  if (keysOf(line) !== LINE) throw unreadable("a unit has missing or foreign fields");
  const [size, patient, counts, salt] = ["plain_size", "patient", "counts", "salt"].map((key) => line.get(key)!);
  if (typeof size !== "number" || size < 0) throw unreadable("a unit has a malformed size");
  if (!(counts instanceof Map) || [...counts.values()].some((one) => typeof one !== "number" || one < 0)) throw unreadable("a unit has malformed counts");
  const practice = patient === null;
  if (!practice && (!(patient instanceof Map) || [...patient.values()].some((one) => typeof one !== "string"))) throw unreadable("a patient has malformed traits");
  if (practice ? salt !== null : typeof salt !== "string" || !KEY.test(salt)) throw unreadable("a unit has a malformed salt");
  const member = text("member", practice ? /^TRANSV\.ZIP$/ : MEMBER);
  const term = line.get("destroy_from");
  if (term !== null && !/^(?!0000)\d{4}-01-01$/.test(String(term))) throw unreadable("a unit has a malformed term");
  if (typeof line.get("hold") !== "boolean") throw unreadable("a unit has a malformed term");
  return {
    member,
    unit: text("unit", /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/),
    passphrase: text("passphrase", KEY),
    plainSha256: text("plain_sha256", /^[0-9a-f]{64}$/),
    plainSize: size,
    salt: salt as string | null,
    patient: patient as Map<string, string> | null,
    counts: counts as Map<string, number>,
  };
}

/** A unit of the first revision has the term and the hold of its line; no later one may be destroyed earlier. */
function compareRow(row: UnitRow | undefined, entry: Entry, line: JsonObject, revision: number): void {
  if (!row) throw new Refusal("unit-mismatch", entry.unit);
  const [term, hold] = [line.get("destroy_from") as string | null, line.get("hold") as boolean];
  const earlier = row.destroyFrom !== null && (term === null || row.destroyFrom < term);
  if (earlier || (hold && !row.hold)) throw new Refusal("term-shortened", MANIFEST, entry.unit);
  if (revision === 1 && (row.destroyFrom !== term || row.hold !== hold)) throw new Refusal("terms-differ", MANIFEST, entry.unit);
}

function compareUnits(judged: Judged, entries: Entry[], leaves: Map<string, Bytes>): void {
  const { units, patients } = judged.manifest;
  const practices = entries.filter((one) => one.member === PRACTICE).length;
  if (entries.length !== units.length || practices !== 1) throw new Refusal("unit-mismatch");
  // where units were taken from other packages, the practice's is of none of them
  const strange = judged.manifest.sources.length ? entries.find((one) => judged.taken.has(unitMember(one.unit)) === (one.patient === null)) : undefined;
  if (strange) throw new Refusal("unit-mismatch", strange.unit);
  const ordered = units.map((row) => leaves.get(row.id)!).filter((one) => one.length);
  const root = hex(treeHash(ordered));
  if (root !== patients.root || ordered.length !== patients.size) throw new Refusal("patients-mismatch");
}

/** The leaf of a patient (section 13.7): SHA-256 of 0x00 and the canonical JSON of its data. */
function leaf(line: JsonObject): Bytes {
  const data: JsonObject = new Map(["patient", "plain_sha256", "salt", "unit"].map((key) => [key, line.get(key)!]));
  return sha256(join(new Uint8Array([0]), utf8(canonical(data))));
}

/** The Merkle Tree Hash of RFC 9162, section 2.1. */
function treeHash(leaves: Bytes[]): Bytes {
  if (!leaves.length) return sha256(new Uint8Array());
  if (leaves.length === 1) return leaves[0]!;
  let left = 1;
  while (left * 2 < leaves.length) left *= 2;
  return sha256(join(new Uint8Array([1]), treeHash(leaves.slice(0, left)), treeHash(leaves.slice(left))));
}

