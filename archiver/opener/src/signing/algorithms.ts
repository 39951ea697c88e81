import { ed25519 } from "@noble/curves/ed25519.js";
import type { Bytes } from "../base/bytes";
import type { HashName } from "../base/digests";
import { Refusal } from "../base/refusal";
import policy from "../../../signing/algorithm-policy.json";
import * as der from "./der";

export const HASHES: Record<string, HashName> = {
  "2.16.840.1.101.3.4.2.1": "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512",
};
const NATIVE: Record<HashName, string> = {
  sha256: "SHA-256", sha384: "SHA-384", sha512: "SHA-512", "sha3-256": "", "sha3-384": "", "sha3-512": "",
};
const ECDSA: Record<string, HashName> = {
  "1.2.840.10045.4.3.2": "sha256", "1.2.840.10045.4.3.3": "sha384", "1.2.840.10045.4.3.4": "sha512",
};
const RSA: Record<string, HashName> = {
  "1.2.840.113549.1.1.11": "sha256", "1.2.840.113549.1.1.12": "sha384", "1.2.840.113549.1.1.13": "sha512",
};
const PLAIN_RSA = "1.2.840.113549.1.1.1", EC_KEY = "1.2.840.10045.2.1", ED25519 = "1.3.101.112";
const CURVES: Record<string, [name: string, bytes: number, bits: number]> = {
  "1.2.840.10045.3.1.7": ["P-256", 32, 256], "1.3.132.0.34": ["P-384", 48, 384], "1.3.132.0.35": ["P-521", 66, 521],
};
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
  if (method === ED25519 && keyType === ED25519) {
    const point = der.bits(der.inside(der.single(key, der.SEQUENCE), der.SEQUENCE)[1]);
    const valid = signature.length === 64 && ed25519.verify(signature, message, point, { zip215: false });
    return { valid, use: { oids: [ED25519], bits: 256 } };
  }
  throw unknown(method);
}

async function verifyEcdsa(
  key: Bytes, parameters: der.Element | undefined, hash: HashName, signature: Bytes, message: Bytes, method: string,
): Promise<Verified> {
  const name = parameters?.tag === der.OID ? der.oid(parameters) : "";
  const curve = CURVES[name];
  if (!curve) throw unknown(name || "curve");
  const [native, size, bits] = curve;
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
    const imported = await crypto.subtle.importKey("spki", key, { name: "ECDSA", namedCurve: native }, false, ["verify"]);
    return { valid: await crypto.subtle.verify({ name: "ECDSA", hash: NATIVE[hash] }, imported, raw, message), use };
  } catch {
    return { valid: false, use };
  }
}

async function verifyRsa(key: Bytes, hash: HashName, signature: Bytes, message: Bytes): Promise<Verified> {
  const numbers = der.inside(der.single(der.bits(der.inside(der.single(key, der.SEQUENCE), der.SEQUENCE)[1]), der.SEQUENCE), der.SEQUENCE);
  const modulus = numbers[0]?.content ?? der.fail();
  const plain = modulus[0] === 0 ? modulus.subarray(1) : modulus;
  const bits = 8 * plain.length - Math.clz32(plain[0] ?? 0) + 24;
  const use = { oids: [RSA_OIDS[hash]!], bits };
  try {
    const method = { name: "RSASSA-PKCS1-v1_5", hash: NATIVE[hash] };
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
