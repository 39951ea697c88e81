import { hmac } from "@noble/hashes/hmac.js";
import { sha1 } from "@noble/hashes/legacy.js";
import { createHMAC, createSHA1 } from "hash-wasm";
import { type Bytes, ascii, bytesOf, equal, fromHex, record, release, view } from "../base/bytes";
import { fastHash, wholeDigest } from "../base/digests";
import type { Progress } from "../base/progress";
import { Refusal } from "../base/refusal";
import { PIECE, UnitReader } from "./unit-reader";

/** A sealed unit whose layout was checked (section 4.2): where its ciphertext lies. */
interface Layout {
  member: string;
  salt: Bytes;
  verifier: Bytes;
  start: number;
  size: number;
}

/** A unit whose seal was checked: the name of its plain archive, and what decrypts it. */
export interface Opened {
  member: string;
  plain: UnitReader;
}

const MAX32 = 0xffffffff;
const SALT = 16, VERIFIER = 2, MAC = 10;
const SEAL = SALT + VERIFIER + MAC;
const ROUNDS = 1000;
const AES_FIELD = fromHex("019907000200414503" + "0000");
const NO_SIZES = record([2, 1], [2, 16], [8, 0], [8, 0]);
const TIMES = [0x000a, 0x5455];
const DESCRIBED = 8;
const END = 22;
const MAX_HEADERS = 512;
const MAX_TAIL = MAX_HEADERS + END;
/** The beginning of an end record: no other disk, one entry. */
const ONE_ENTRY = record([4, 0x06054b50], [2, 0], [2, 0], [2, 1], [2, 1]);
const NAME = /^(PAT[0-9]{5}|TRANSV)\.ZIP$/;
/** Bytes of a unit, so that no size needs the records of ZIP64. */
const MAX_UNIT = MAX32 - 1024;

/** Whether `start` begins a ZIP whose first member is under WinZip AES. */
export const isUnit = (start: Uint8Array): boolean =>
  start.length >= 10 && equal(start.subarray(0, 4), ascii("PK\x03\x04")) && start[8] === 99;

/** Check the whole layout (section 4.3): one end record, one entry, both headers in agreement, no byte besides. */
async function readLayout(unit: Blob, where: string): Promise<Layout> {
  const broken = (reason: string): Refusal => new Refusal("seal-broken", where, reason);
  if (unit.size > MAX_UNIT) throw new Refusal("limit-exceeded", where, "this page opens units of less than 4 GiB");
  const tail = await bytesOf(unit.slice(Math.max(0, unit.size - MAX_TAIL)));
  const end = tail.length - END;
  if (end < 0 || !equal(tail.subarray(end, end + 12), ONE_ENTRY)) throw broken("its end record is missing or not at the end");
  const [length, at, comment] = [view(tail).getUint32(end + 12, true), view(tail).getUint32(end + 16, true), view(tail).getUint16(end + 20, true)];
  if (comment || length > MAX_HEADERS || at + length + END !== unit.size) throw broken("its directory does not end where its end record begins");
  const entry = readHeader(tail.subarray(end - length, end), "directory", broken);
  const local = readHeader(await bytesOf(unit.slice(0, MAX_HEADERS)), "local", broken);
  const described = (entry.flags & DESCRIBED) !== 0;
  const same = (["version", "flags", "moment", "member"] as const).every((key) => entry[key] === local[key]);
  const unstated = described && [0, MAX32].includes(local.packed) && local.packed === local.size;
  if (!same || !(unstated || (local.packed === entry.packed && local.size === entry.size))) throw broken("its two headers contradict each other");
  if (entry.length !== length || entry.packed !== entry.size + SEAL || !NAME.test(entry.member)) throw broken("its directory is malformed");
  const after = await bytesOf(unit.slice(local.length + entry.packed, at));
  if (!(described ? isDescriptor(after, entry) : after.length === 0) || local.length + entry.packed > at) throw broken("something stands between its parts");
  const salt = await bytesOf(unit.slice(local.length, local.length + SALT + VERIFIER));
  return { member: entry.member, size: entry.size, salt: salt.slice(0, SALT), verifier: salt.slice(SALT), start: local.length + SALT + VERIFIER };
}

interface Header {
  version: number;
  flags: number;
  moment: number;
  packed: number;
  size: number;
  member: string;
  length: number;
}

/** Read the local header or the entry of the directory; both have the same fields, in other places. */
function readHeader(data: Bytes, kind: "local" | "directory", broken: (reason: string) => Refusal): Header {
  const [signature, shift, fixed] = kind === "local" ? [0x04034b50, 0, 30] : [0x02014b50, 2, 46];
  if (data.length < fixed) throw broken("it is cut short");
  const fields = view(data);
  const short = (place: number): number => fields.getUint16(place + shift, true);
  const long = (place: number): number => fields.getUint32(place + shift, true);
  const [nameSize, extraSize] = [short(26), short(28)];
  const header = {
    version: short(4), flags: short(6), moment: long(10), packed: long(18), size: long(22),
    member: String.fromCharCode(...data.subarray(fixed, fixed + nameSize)), length: fixed + nameSize + extraSize,
  };
  const encrypted = short(8) === 99 && long(14) === 0 && (header.flags & ~DESCRIBED) === 1;
  // comment, disk and offset
  const plain = kind === "local" || (fields.getUint32(32, true) === 0 && fields.getUint32(42, true) === 0);
  if (fields.getUint32(0, true) !== signature || !encrypted || !plain || header.length > data.length) throw broken("its member is not encrypted with AES");
  requireFields(data.subarray(fixed + nameSize, header.length), kind === "local" && header.size === MAX32, broken);
  return header;
}

/** Extra fields: AES of 256 bits over what is stored, long sizes where they are announced, times. */
function requireFields(extra: Bytes, large: boolean, broken: (reason: string) => Refusal): void {
  const found = new Set<number>();
  for (let at = 0; at < extra.length; ) {
    if (at + 4 > extra.length) throw broken("its extra fields are malformed");
    const [kind, size] = [view(extra).getUint16(at, true), view(extra).getUint16(at + 2, true)];
    const whole = extra.subarray(at, at + 4 + size);
    const allowed = kind === 0x9901 ? equal(whole, AES_FIELD) : kind === 1 ? large && equal(whole, NO_SIZES) : TIMES.includes(kind);
    if (!allowed || whole.length !== 4 + size || found.has(kind)) throw broken("its member has fields that no unit has");
    found.add(kind);
    at += 4 + size;
  }
  if (!found.has(0x9901) || (large && !found.has(1))) throw broken("its member is not stored under AE-2 with 256 bits");
}

/** Whether `data` is the descriptor of `entry`: no checksum, sizes of 32 or 64 bits. */
function isDescriptor(data: Bytes, entry: Header): boolean {
  const head: [4, number][] = [[4, 0x08074b50], [4, 0]];
  return [4, 8].some((width) => equal(data, record(...head, [width as 4 | 8, entry.packed], [width as 4 | 8, entry.size])));
}

/** PBKDF2-HMAC-SHA-1 (section 13.2): cipher key, MAC key, verifier. */
async function derive(passphrase: string, salt: Bytes): Promise<[Bytes, Bytes, Bytes]> {
  const password = await crypto.subtle.importKey("raw", ascii(passphrase), "PBKDF2", false, ["deriveBits"]);
  const method = { name: "PBKDF2", hash: "SHA-1", salt, iterations: ROUNDS };
  const key = new Uint8Array(await crypto.subtle.deriveBits(method, password, 66 * 8));
  return [key.slice(0, 32), key.slice(32, 64), key.slice(64)];
}

/** Whether `passphrase` may be that of `unit`: its verifier fits, which one in 65,536 does by chance. */
export async function mayOpen(unit: Blob, passphrase: string, where: string): Promise<boolean> {
  const layout = await readLayout(unit, where);
  return equal((await derive(passphrase, layout.salt))[2], layout.verifier);
}

/** Open a unit: its MAC is checked over the whole ciphertext before anything is decrypted. */
export async function openUnit(unit: Blob, passphrase: string, where: string, progress: Progress = () => undefined): Promise<Opened> {
  const layout = await readLayout(unit, where);
  const [cipher, mac, verifier] = await derive(passphrase, layout.salt);
  if (!equal(verifier, layout.verifier)) throw new Refusal("wrong-passphrase", where);
  const sealed = unit.slice(layout.start, layout.start + layout.size);
  const state = (await fastHash(() => createHMAC(createSHA1(), mac))) ?? hmac.create(sha1, mac);
  const digests: Bytes[] = [];
  for (let at = 0; at < layout.size; at += PIECE) {
    const piece = await bytesOf(sealed.slice(at, at + PIECE));
    // the browser hashes beside this thread
    const digest = wholeDigest("sha256", piece);
    state.update(piece);
    digests.push(await digest);
    release(piece);
    progress(at, layout.size);
  }
  const stated = await bytesOf(unit.slice(layout.start + layout.size, layout.start + layout.size + MAC));
  if (!equal(state.digest().subarray(0, MAC), stated)) throw new Refusal("seal-broken", where, "its content was changed or damaged");
  return { member: layout.member, plain: new UnitReader(sealed, cipher, digests, where) };
}
