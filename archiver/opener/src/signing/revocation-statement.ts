import { sha1 } from "@noble/hashes/legacy.js";
import { type Bytes, equal } from "../base/bytes";
import { digest } from "../base/digests";
import { HASHES, verify } from "./algorithms";
import type { Certificate } from "./certificate";
import * as der from "./der";

/** What a revocation list or an OCSP response states of a certification path (RFC 5280, 6.3; RFC 6960, 3.2): of the
 * certificates at which places it speaks, and until when. */
export interface Statement {
  speaksOf: number[];
  revoked: { since: number; harmless: boolean }[];
  end: number;
  unknown: boolean;
}

/** Values of extensions by their name, and which of them are critical. */
export interface Extensions {
  values: Map<string, Bytes>;
  critical: string[];
}

const EXPIRED_ON_LIST = "2.5.29.60", ARCHIVE_CUTOFF = "1.3.6.1.5.5.7.48.1.6", CERT_HASH = "1.3.36.8.3.13";
/** Extensions that are understood here, critical or not. */
export const KNOWN = [EXPIRED_ON_LIST, ARCHIVE_CUTOFF, CERT_HASH];
/** Unspecified, affiliation changed, superseded, cessation: they say nothing against what was stamped before (RFC 3161, 4). */
export const HARMLESS = [0, 3, 4, 5];
export const ENUMERATED = 0x0a;
/** Forms in which an OCSP response comes along: as RFC 5940 has it, or its basic part alone. */
export const COMMON_OCSP = "1.3.6.1.5.5.7.16.2", BASIC_OCSP = "1.3.6.1.5.5.7.48.1.1";
const GENERAL_TIME = 0x18;
const SHA1 = "1.3.14.3.2.26";
/** RSA with PKCS #1 v1.5 and ECDSA, under SHA-2: no weaker one vouches for anything. */
const ACCEPTED = /^1\.2\.840\.(113549\.1\.1\.1[123]|10045\.4\.3\.[234])$/;

/** Whether `by` signed it, in a way that vouches for something; `weighed` asks for no algorithm that is accepted. */
export async function isSigned(by: Certificate, one: { algorithm: der.Element; signature: Bytes; tbs: Bytes }, weighed = true): Promise<boolean> {
  if (weighed && !ACCEPTED.test(der.oid(der.inside(one.algorithm, der.SEQUENCE)[0]))) return false;
  try {
    return (await verify(by.key, one.algorithm, null, one.signature, one.tbs)).valid;
  } catch {
    return false;
  }
}

export function readExtensions(listed: der.Element | undefined): Extensions {
  const found: Extensions = { values: new Map(), critical: [] };
  for (const one of listed ? der.inside(listed, der.SEQUENCE) : []) {
    const parts = der.inside(one, der.SEQUENCE);
    const name = der.oid(parts[0]);
    if (found.values.has(name)) der.fail();
    found.values.set(name, parts.at(-1)!.content);
    if (parts[1]?.tag === der.BOOLEAN && parts[1].content[0]) found.critical.push(name);
  }
  return found;
}

/** Whether a source made at `moment` can tell that `certificate` is good: one made after its end can where it says so. */
export function keeps(certificate: Certificate, moment: number, { values }: Extensions): boolean {
  if (moment <= certificate.notAfter) return true;
  const since = [EXPIRED_ON_LIST, ARCHIVE_CUTOFF].flatMap((name) => values.get(name) ?? []);
  if (since.some((value) => der.moment(der.single(value, GENERAL_TIME)) <= certificate.notAfter)) return true;
  const stated = values.get(CERT_HASH);
  if (!stated) return false;
  const [algorithm, imprint] = der.inside(der.single(stated, der.SEQUENCE), der.SEQUENCE);
  return imprint?.tag === der.OCTETS && equal(imprint.content, hashNamed(algorithm, certificate.whole));
}

/** The digest of `data` under the hash function that an AlgorithmIdentifier names. */
export function hashNamed(algorithm: der.Element | undefined, data: Bytes): Bytes {
  const name = der.oid(der.inside(algorithm, der.SEQUENCE)[0]);
  if (name === SHA1) return sha1(data) as Bytes;
  const hash = HASHES[name];
  return hash ? digest(hash, data) : der.fail();
}
