import { sha256 as plainSha256, sha384, sha512 } from "@noble/hashes/sha2.js";
import { sha3_256, sha3_384, sha3_512, shake256_64 } from "@noble/hashes/sha3.js";
import { type IHasher, createCRC32, createSHA256, createSHA384, createSHA512 } from "hash-wasm";
import { type Bytes, bytesOf, release, view } from "./bytes";

/** Bytes that the browser hashes in one piece, ten times as fast as this page; longer parts are hashed piece by piece. */
const AT_ONCE = 32 << 20;
/** Bytes that are hashed here: asking the browser takes longer. */
const SHORT = 4 << 10;
const PIECE = 4 << 20;

/** Those of a list, of evidence, of a signature. SHAKE256, with 64 bytes (RFC 8702, 3.1), is of signatures alone. */
export type HashName = "sha256" | "sha384" | "sha512" | "sha3-256" | "sha3-384" | "sha3-512" | "shake256";

/** A hash that is fed piece by piece. */
export interface Hash {
  update: (data: Uint8Array) => unknown;
  digest: () => Bytes;
}

const FUNCTIONS = {
  sha256: plainSha256,
  sha384,
  sha512,
  "sha3-256": sha3_256,
  "sha3-384": sha3_384,
  "sha3-512": sha3_512,
  "shake256": shake256_64,
};
const NATIVE: Partial<Record<HashName, string>> = { sha256: "SHA-256", sha384: "SHA-384", sha512: "SHA-512" };
const FAST: Partial<Record<HashName, () => Promise<IHasher>>> = { sha256: createSHA256, sha384: createSHA384, sha512: createSHA512 };

export const digestSize = (name: HashName): number => FUNCTIONS[name].outputLen;

/** The digest of a short text or part, at once. */
export const digest = (name: HashName, data: Uint8Array): Bytes => FUNCTIONS[name](data) as Bytes;

export const sha256 = (data: Uint8Array): Bytes => digest("sha256", data);

/** The hash that `make` makes of WebAssembly; null where the browser runs none, as under a strict policy. */
export async function fastHash(make: (() => Promise<IHasher>) | undefined): Promise<Hash | null> {
  if (!make || typeof WebAssembly === "undefined") return null;
  try {
    const hash = await make();
    hash.init();
    return { update: (data) => hash.update(data), digest: () => hash.digest("binary") as Bytes };
  } catch {
    return null;
  }
}

/** A hash to be fed piece by piece: in WebAssembly, or three times slower in JavaScript. */
export async function hashOf(name: HashName): Promise<Hash> {
  return (await fastHash(FAST[name])) ?? (FUNCTIONS[name].create() as Hash);
}

/** CRC-32 (APPNOTE 4.4.7), four bytes at a time. */
const TABLES = [0, 1, 2, 3].map(() => new Uint32Array(256));
for (let byte = 0; byte < 256; byte++) {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  TABLES[0]![byte] = value;
}
for (let byte = 0; byte < 256; byte++)
  for (let table = 1; table < 4; table++) {
    const before = TABLES[table - 1]![byte]!;
    TABLES[table]![byte] = (before >>> 8) ^ TABLES[0]![before & 255]!;
  }

export function crc32(data: Uint8Array, before = 0): number {
  const [t0, t1, t2, t3] = TABLES as [Uint32Array, Uint32Array, Uint32Array, Uint32Array];
  let crc = ~before;
  let at = 0;
  for (const end = data.length - 3; at < end; at += 4) {
    crc ^= data[at]! | (data[at + 1]! << 8) | (data[at + 2]! << 16) | (data[at + 3]! << 24);
    crc = t3[crc & 255]! ^ t2[(crc >>> 8) & 255]! ^ t1[(crc >>> 16) & 255]! ^ t0[crc >>> 24]!;
  }
  for (; at < data.length; at++) crc = (crc >>> 8) ^ t0[(crc ^ data[at]!) & 255]!;
  return ~crc >>> 0;
}

export interface Hashed {
  digest: Bytes;
  sha256: Bytes;
  crc: number;
}

/** Digests and CRC-32 of a part, however long; `name` is the hash function of the signed list. */
export async function hashPart(blob: Blob, name: HashName, progress: (bytes: number) => void): Promise<Hashed> {
  if (blob.size <= AT_ONCE) {
    const data = await bytesOf(blob);
    progress(data.length);
    return hashBytes(data, name);
  }
  const [first, second] = [await hashOf("sha256"), name === "sha256" ? null : await hashOf(name)];
  const checksum = await fastHash(createCRC32);
  let crc = 0;
  for (let at = 0; at < blob.size; at += PIECE) {
    const piece = await bytesOf(blob.slice(at, at + PIECE));
    first.update(piece);
    second?.update(piece);
    if (checksum) checksum.update(piece);
    else crc = crc32(piece, crc);
    progress(piece.length);
    release(piece);
  }
  const found = first.digest();
  return { sha256: found, digest: second?.digest() ?? found, crc: checksum ? view(checksum.digest()).getUint32(0) : crc };
}

/** The same of a part that is in memory. */
export async function hashBytes(data: Bytes, name: HashName): Promise<Hashed> {
  const found = await wholeDigest("sha256", data);
  return { sha256: found, digest: name === "sha256" ? found : await wholeDigest(name, data), crc: crc32(data) };
}

/** The digest of what is in memory whole: by the browser itself, where it is long enough. */
export async function wholeDigest(name: HashName, data: Bytes): Promise<Bytes> {
  const native = NATIVE[name];
  if (!native || data.length < SHORT) return digest(name, data);
  return new Uint8Array(await crypto.subtle.digest(native, data));
}
