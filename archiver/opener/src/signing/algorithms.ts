import { ed25519 } from "@noble/curves/ed25519.js";
import { ed448 } from "@noble/curves/ed448.js";
import { ml_dsa44, ml_dsa65, ml_dsa87 } from "@noble/post-quantum/ml-dsa.js";
import { type Bytes, fromHex, join } from "../base/bytes";
import type { HashName } from "../base/digests";
import { Refusal } from "../base/refusal";
import policy from "../../../signing/algorithm-policy.json";
import * as der from "./der";

export const HASHES: Record<string, HashName> = {
  "2.16.840.1.101.3.4.2.1": "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512",
  "2.16.840.1.101.3.4.2.8": "sha3-256",
  "2.16.840.1.101.3.4.2.9": "sha3-384",
  "2.16.840.1.101.3.4.2.10": "sha3-512",
};
/** Those under the signed attributes of a signature: SHAKE256 goes with Ed448 and ML-DSA (RFC 8419, RFC 9882). */
export const MESSAGE_HASHES: Record<string, HashName> = { ...HASHES, "2.16.840.1.101.3.4.2.12": "shake256" };
/** What a browser can hash under a signature by itself. */
const NATIVE: Partial<Record<HashName, string>> = { sha256: "SHA-256", sha384: "SHA-384", sha512: "SHA-512" };
const ECDSA: Record<string, HashName> = {
  "1.2.840.10045.4.3.2": "sha256", "1.2.840.10045.4.3.3": "sha384", "1.2.840.10045.4.3.4": "sha512",
};
const RSA: Record<string, HashName> = {
  "1.2.840.113549.1.1.11": "sha256", "1.2.840.113549.1.1.12": "sha384", "1.2.840.113549.1.1.13": "sha512",
};
const PLAIN_RSA = "1.2.840.113549.1.1.1", EC_KEY = "1.2.840.10045.2.1", ED25519 = "1.3.101.112", ED448 = "1.3.101.113";
const ML_DSA44 = "2.16.840.1.101.3.4.3.17", ML_DSA65 = "2.16.840.1.101.3.4.3.18", ML_DSA87 = "2.16.840.1.101.3.4.3.19";
/** Digests of the content as strong as the signature (RFC 9882, table 1; RFC 8419). */
const FITTING: Record<string, HashName[]> = {
  [ED448]: ["shake256"],
  [ML_DSA44]: ["sha256", "sha384", "sha512", "sha3-256", "sha3-384", "sha3-512", "shake256"],
  [ML_DSA65]: ["sha384", "sha512", "sha3-384", "sha3-512", "shake256"],
  [ML_DSA87]: ["sha512", "sha3-512", "shake256"],
};
/** Signatures whose key alone says how they are made. */
const KEYED: Record<string, (signature: Bytes, message: Bytes, key: Bytes) => boolean> = {
  [ED25519]: (signature, message, key) => ed25519.verify(signature, message, key, { zip215: false }),
  [ED448]: (signature, message, key) => ed448.verify(signature, message, key, { zip215: false }),
  [ML_DSA44]: (signature, message, key) => ml_dsa44.verify(signature, message, key),
  [ML_DSA65]: (signature, message, key) => ml_dsa65.verify(signature, message, key),
  [ML_DSA87]: (signature, message, key) => ml_dsa87.verify(signature, message, key),
};
const CURVES: Record<string, [name: string, bytes: number, bits: number]> = {
  "1.2.840.10045.3.1.7": ["P-256", 32, 256], "1.3.132.0.34": ["P-384", 48, 384], "1.3.132.0.35": ["P-521", 66, 521],
};
const PSS = "1.2.840.113549.1.1.10", MGF1 = "1.2.840.113549.1.1.8";
const RSA_OIDS = Object.fromEntries(Object.entries(RSA).map(([name, hash]) => [hash, name]));

/** A signature algorithm as it was used: its identifiers in the policy, and the length of the key in bits. */
export interface Use {
  oids: string[];
  bits: number;
}

export interface Verified {
  valid: boolean;
  use: Use;
}

const unknown = (name: string): Refusal => new Refusal("signature-algorithm-unknown", "", name);

/** Whether `signature` over `message` is of the public key `key` (SubjectPublicKeyInfo). `hash` is that of the content. */
export async function verify(
  key: Bytes, algorithm: der.Element, hash: HashName | null, signature: Bytes, message: Bytes,
): Promise<Verified> {
  const [kind, parameters] = der.inside(der.inside(der.single(key, der.SEQUENCE), der.SEQUENCE)[0], der.SEQUENCE);
  const keyType = der.oid(kind);
  const [name, extra] = der.inside(algorithm, der.SEQUENCE);
  const method = der.oid(name);
  if (method in ECDSA && keyType === EC_KEY) {
    if (extra) return { valid: false, use: { oids: [], bits: 0 } };
    return verifyEcdsa(key, parameters, ECDSA[method]!, signature, message, method);
  }
  const rsaHash = RSA[method] ?? (method === PLAIN_RSA ? hash : null);
  if (rsaHash && keyType === PLAIN_RSA) return verifyRsa(key, rsaHash, signature, message);
  if (method === PSS && (keyType === PLAIN_RSA || keyType === PSS)) return verifyPss(key, extra, hash, signature, message);
  if (method in KEYED && keyType === method) return { valid: verifyKeyed(method, key, signature, message), use: { oids: [method], bits: 256 } };
  throw unknown(method);
}

function verifyKeyed(method: string, key: Bytes, signature: Bytes, message: Bytes): boolean {
  const point = der.bits(der.inside(der.single(key, der.SEQUENCE), der.SEQUENCE)[1]);
  try {
    return KEYED[method]!(signature, message, point);
  } catch {
    return false; // it has another length, or is no point
  }
}

/** Whether the digest `hash` of the content is that of the signature `algorithm` (RFC 8933), or fits it. */
export function fits(algorithm: der.Element, hash: HashName): boolean {
  const method = der.oid(der.inside(algorithm, der.SEQUENCE)[0]);
  const implied = ECDSA[method] ?? RSA[method];
  if (implied) return implied === hash;
  return FITTING[method]?.includes(hash) ?? true;
}

/** The name by which the browser knows `hash`. Throws `signature-algorithm-unknown` where it does not. */
const native = (hash: HashName): string => NATIVE[hash] ?? unknownHash(hash);
function unknownHash(hash: HashName): never {
  throw unknown(hash);
}

async function verifyEcdsa(
  key: Bytes, parameters: der.Element | undefined, hash: HashName, signature: Bytes, message: Bytes, method: string,
): Promise<Verified> {
  const name = parameters?.tag === der.OID ? der.oid(parameters) : "";
  const curve = CURVES[name];
  if (!curve) throw unknown(name || "curve");
  const [curveName, size, bits] = curve;
  const use = { oids: [method, name], bits };
  try {
    const numbers = der.inside(der.single(signature, der.SEQUENCE), der.SEQUENCE);
    if (numbers.length !== 2) return { valid: false, use };
    const raw = new Uint8Array(2 * size);
    for (const [place, one] of numbers.entries()) {
      der.requireStrict(one);
      const plain = one.content[0] === 0 ? one.content.subarray(1) : one.content;
      if (one.tag !== der.INTEGER || plain.length > size || one.content[0]! > 127) return { valid: false, use };
      raw.set(plain, (place + 1) * size - plain.length);
    }
    const imported = await crypto.subtle.importKey("spki", key, { name: "ECDSA", namedCurve: curveName }, false, ["verify"]);
    return { valid: await crypto.subtle.verify({ name: "ECDSA", hash: native(hash) }, imported, raw, message), use };
  } catch {
    return { valid: false, use };
  }
}

/** RSASSA-PSS (RFC 4055, 3.1): one hash function for the message and for its mask, and a salt of a stated length. */
async function verifyPss(
  key: Bytes, parameters: der.Element | undefined, hash: HashName | null, signature: Bytes, message: Bytes,
): Promise<Verified> {
  const fields = new Map(der.inside(parameters, der.SEQUENCE).map((one) => [one.tag, der.elements(one.content)[0]]));
  const named = HASHES[der.oid(der.inside(fields.get(0xa0), der.SEQUENCE)[0])];
  const [mask, masked] = der.inside(fields.get(0xa1), der.SEQUENCE);
  const same = masked && HASHES[der.oid(der.inside(masked, der.SEQUENCE)[0])] === named;
  const [salt, trailer] = [fields.get(0xa2), fields.get(0xa3)];
  if (!named || !same || der.oid(mask) !== MGF1 || (trailer && der.number(trailer) !== 1)) throw unknown(PSS);
  const use = { oids: [PSS], bits: bitsOfKey(key) };
  const nativeName = native(named);
  if (hash && hash !== named) return { valid: false, use };
  try {
    // browsers take the key as one of plain RSA alone
    const plain = spkiOfRsa(key);
    const imported = await crypto.subtle.importKey("spki", plain, { name: "RSA-PSS", hash: nativeName }, false, ["verify"]);
    const method = { name: "RSA-PSS", saltLength: salt ? der.number(salt) : 20 };
    return { valid: await crypto.subtle.verify(method, imported, signature, message), use };
  } catch {
    return { valid: false, use };
  }
}

function spkiOfRsa(key: Bytes): Bytes {
  const bits = der.inside(der.single(key, der.SEQUENCE), der.SEQUENCE)[1]!;
  // rsaEncryption with NULL
  const algorithm = fromHex("300d06092a864886f70d0101010500");
  return der.encode(der.SEQUENCE, join(algorithm, bits.whole));
}

function bitsOfKey(key: Bytes): number {
  const numbers = der.inside(der.single(der.bits(der.inside(der.single(key, der.SEQUENCE), der.SEQUENCE)[1]), der.SEQUENCE), der.SEQUENCE);
  const modulus = numbers[0]?.content ?? der.fail();
  const plain = modulus[0] === 0 ? modulus.subarray(1) : modulus;
  return 8 * plain.length - Math.clz32(plain[0] ?? 0) + 24;
}

async function verifyRsa(key: Bytes, hash: HashName, signature: Bytes, message: Bytes): Promise<Verified> {
  const nativeHash = native(hash);
  const use = { oids: [RSA_OIDS[hash]!], bits: bitsOfKey(key) };
  try {
    const method = { name: "RSASSA-PKCS1-v1_5", hash: nativeHash };
    const imported = await crypto.subtle.importKey("spki", key, method, false, ["verify"]);
    return { valid: await crypto.subtle.verify(method, imported, signature, message), use };
  } catch {
    return { valid: false, use };
  }
}

/** The moment from which `use` is not relied on any more, by the policy of the program (ETSI TS 119 312). */
export function endOf(use: Use): number {
  const listed = policy.SecuritySuitabilityPolicy.Algorithm;
  const ends = use.oids.map((name) => {
    const rules = listed.filter((one) => one.AlgorithmIdentifier.ObjectIdentifier === name).flatMap((one) => one.Evaluation);
    const fitting = rules.filter((rule) => bitsOf(rule) <= use.bits).map(endOfRule);
    return Math.max(-Infinity, ...fitting);
  });
  return Math.min(...ends);
}

/** What this page cannot verify and does not want to: SHA-1 and SHA-224, by themselves and under RSA and ECDSA. */
const WEAK = ["1.3.14.3.2.26", "2.16.840.1.101.3.4.2.4", "1.2.840.113549.1.1.5", "1.2.840.113549.1.1.14", "1.2.840.10045.4.1", "1.2.840.10045.4.3.1"];

/** Whether the algorithm `name`, which this page cannot verify, is known to be relied on no more at `moment`. */
export const hasEnded = (name: string, moment: number): boolean => WEAK.includes(name) && endOf({ oids: [name], bits: Infinity }) <= moment;

/** The moment from which a hash function is not relied on any more. */
export const endOfHash = (hash: HashName): number => endOf({ oids: Object.keys(HASHES).filter((name) => HASHES[name] === hash), bits: Infinity });

/** The moment from which the way in which a certificate was signed is not relied on any more, its key as long as any. */
export function endOfCertificate(certificate: { algorithm: der.Element }): number {
  return endOf({ oids: [der.oid(der.inside(certificate.algorithm, der.SEQUENCE)[0])], bits: Infinity });
}

interface Rule {
  Validity: { End?: string };
  Parameter?: { Min: number }[];
}
const bitsOf = (rule: Rule): number => Math.max(0, ...(rule.Parameter ?? []).map((one) => one.Min));
const endOfRule = (rule: Rule): number => (rule.Validity.End ? Date.parse(`${rule.Validity.End}T00:00:00Z`) : Infinity);
