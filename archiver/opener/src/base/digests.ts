import { sha256 as incremental, sha384, sha512 } from "@noble/hashes/sha2.js";
import { sha3_256, sha3_384, sha3_512 } from "@noble/hashes/sha3.js";
import { type Bytes, bytesOf } from "./bytes";

/** Bytes that are hashed in one piece by the browser; longer parts are hashed piece by piece. */
const AT_ONCE = 16 << 20;
const PIECE = 4 << 20;

export type HashName = "sha256" | "sha384" | "sha512" | "sha3-256" | "sha3-384" | "sha3-512";

const FUNCTIONS = {
  sha256: incremental,
  sha384,
  sha512,
  "sha3-256": sha3_256,
  "sha3-384": sha3_384,
  "sha3-512": sha3_512,
};
const NATIVE: Partial<Record<HashName, string>> = { sha256: "SHA-256", sha384: "SHA-384", sha512: "SHA-512" };

export const digestSize = (name: HashName): number => FUNCTIONS[name].outputLen;

/** The digest of a short text or part, at once. */
export const digest = (name: HashName, data: Uint8Array): Bytes => FUNCTIONS[name](data) as Bytes;

export const sha256 = (data: Uint8Array): Bytes => digest("sha256", data);

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
    const found = await wholeDigest("sha256", data);
    return { sha256: found, digest: name === "sha256" ? found : await wholeDigest(name, data), crc: crc32(data) };
  }
  const [first, second] = [incremental.create(), name === "sha256" ? null : FUNCTIONS[name].create()];
  let crc = 0;
  for (let at = 0; at < blob.size; at += PIECE) {
    const piece = await bytesOf(blob.slice(at, at + PIECE));
    first.update(piece);
    second?.update(piece);
    crc = crc32(piece, crc);
    progress(piece.length);
  }
  const found = first.digest() as Bytes;
  return { sha256: found, digest: second ? (second.digest() as Bytes) : found, crc };
}

async function wholeDigest(name: HashName, data: Bytes): Promise<Bytes> {
  const native = NATIVE[name];
  if (!native || data.length < 4096) return digest(name, data);
  return new Uint8Array(await crypto.subtle.digest(native, data));
}
