import { sha1 } from "@noble/hashes/legacy.js";
import { type Bytes, equal, hex } from "../base/bytes";
import { type HashName, digest } from "../base/digests";
import { Refusal } from "../base/refusal";
import { HASHES, MESSAGE_HASHES, type Use, fits, verify } from "./algorithms";
import { type Certificate, readCertificate } from "./certificate";
import * as der from "./der";

/** A signature of the package taken apart and held against its list (RFC 5652, EN 319 122-1). */
export interface Signature {
  signer: Certificate;
  others: Certificate[];
  signingTime: number;
  /** The signature's value, over which a time-stamp is. */
  value: Bytes;
  /** The ContentInfo of the time-stamp, where there is one. */
  token: Bytes | null;
  /** Revocation lists and answers that came with it, where there are some. */
  revocation: der.Element[] | null;
  use: Use;
}

export interface SignerInfo {
  signer: Certificate;
  others: Certificate[];
  attributes: Map<string, der.Element>;
  unsigned: Map<string, der.Element>;
  value: Bytes;
  hash: HashName;
  use: Use;
}

const SIGNED_DATA = "1.2.840.113549.1.7.2", DATA = "1.2.840.113549.1.7.1";
const CONTENT_TYPE = "1.2.840.113549.1.9.3", MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
const SIGNING_TIME = "1.2.840.113549.1.9.5", SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.47";
const OLD_SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12", PROTECTION = "1.2.840.113549.1.9.52";
/** Broken for longer than this format exists: nothing honest was made with it. */
const MD5 = "1.2.840.113549.2.5";
const STAMP = "1.2.840.113549.1.9.16.2.14";
const MAX_CERTIFICATES = 16;
const MAX_REVOCATIONS = 16;
const MAX_SIGNATURE_BYTES = 8 << 20;

/** Verify the signature `data` over the bytes of its list. Throws `signature-invalid`, `signature-algorithm-unknown`. */
export async function verifySignature(data: Bytes, list: Bytes, where: string): Promise<Signature> {
  try {
    if (data.length > MAX_SIGNATURE_BYTES) der.fail();
    return await examine(data, list, where);
  } catch (fault) {
    if (fault instanceof Refusal) throw fault.where ? fault : new Refusal(fault.code, where, fault.reason);
    throw new Refusal("signature-invalid", where, fault instanceof der.NotDer ? "it has another shape" : String(fault));
  }
}

/** The fields of a SignedData in a ContentInfo. */
export function signedData(data: Bytes): der.Element[] {
  const [kind, content, ...more] = der.inside(der.single(data, der.SEQUENCE), der.SEQUENCE);
  if (der.oid(kind) !== SIGNED_DATA || content?.tag !== 0xa0 || more.length) der.fail();
  return der.inside(der.single(content.content, der.SEQUENCE), der.SEQUENCE);
}

async function examine(data: Bytes, list: Bytes, where: string): Promise<Signature> {
  const fields = signedData(data);
  const [version, algorithms, content] = fields;
  requireShape(fields);
  const [type, ...detached] = der.inside(content, der.SEQUENCE);
  const crls = revocations(fields);
  const answered = crls ? der.elements(crls.content).some((one) => one.tag === 0xa1) : false;
  if (der.oid(type) !== DATA || detached.length || der.number(version) !== (answered ? 5 : 1)) der.fail();
  const info = await verifySignerInfo(fields, DATA, list, MAX_CERTIFICATES);
  requireOneDigest(algorithms, info.hash);
  await requireChain(info, where);
  const stated = info.attributes.get(SIGNING_TIME);
  if (!stated || !info.attributes.has(SIGNING_CERTIFICATE)) der.fail();
  const unsigned = [...info.unsigned.keys()];
  if (unsigned.length > 1 || (unsigned.length && unsigned[0] !== STAMP)) der.fail();
  return {
    signer: info.signer,
    others: info.others,
    signingTime: der.moment(stated),
    value: info.value,
    token: info.unsigned.get(STAMP)?.whole ?? null,
    revocation: crls ? der.elements(crls.content) : null,
    use: info.use,
  };
}

/** The revocation lists and answers of a SignedData, where there are some. */
export function revocations(fields: der.Element[]): der.Element | undefined {
  const found = fields.slice(3).find((one) => one.tag === 0xa1);
  if (found && der.elements(found.content).length > MAX_REVOCATIONS) der.fail();
  return found;
}

/** Refuse a SignedData that names other digests than its one signer uses. */
export function requireOneDigest(algorithms: der.Element | undefined, hash: HashName): void {
  const named = der.inside(algorithms, der.SET).map((one) => MESSAGE_HASHES[der.oid(der.inside(one, der.SEQUENCE)[0])]);
  if (named.length !== 1 || named[0] !== hash) der.fail();
}

function requireSorted(set: der.Element | undefined): der.Element[] {
  if (set?.tag !== der.SET) der.fail();
  return der.requireSorted(set);
}

/** Refuse what is not DER; what others signed stays as they encoded it. */
function requireShape(fields: der.Element[]): void {
  const [version, algorithms, content, ...more] = fields;
  if (!version || !algorithms || !content) der.fail();
  for (const one of [version, algorithms, content]) der.requireStrict(one);
  const tags = more.map((one) => one.tag).join();
  if (!["160,49", "160,161,49"].includes(tags)) der.fail();
  for (const one of more.slice(0, -1)) der.requireSorted(one);
  const infos = requireSorted(more.at(-1));
  for (const part of der.inside(infos[0], der.SEQUENCE)) {
    if (part.tag === 0xa0) for (const attribute of der.requireSorted(part)) der.requireStrict(attribute);
    else if (part.tag === 0xa1) der.requireSorted(part);
    else der.requireStrict(part);
  }
}

/** The one SignerInfo of the SignedData `fields`, verified over `content`; its certificate is inside. */
export async function verifySignerInfo(
  fields: der.Element[], type: string, content: Bytes, maxCertificates: number,
): Promise<SignerInfo> {
  const [, , , ...more] = fields;
  const certificates = more[0]?.tag === 0xa0 ? der.elements(more[0].content) : [];
  if (certificates.length < 1 || certificates.length > maxCertificates) der.fail();
  const infos = der.inside(more.at(-1), der.SET);
  if (infos.length !== 1) der.fail();
  const [version, sid, digestAlgorithm, signed, algorithm, value, ...rest] = der.inside(infos[0], der.SEQUENCE);
  if (type !== DATA && der.number(version) === 3) throw new Refusal("signature-algorithm-unknown", "", "subjectKeyIdentifier");
  if (der.number(version) !== 1 || signed?.tag !== 0xa0 || value?.tag !== der.OCTETS || rest.length > 1 || !algorithm) der.fail();
  if (rest[0] && rest[0].tag !== 0xa1) der.fail();
  const attributes = attributeMap(signed);
  const parsed = certificates.map((one) => (one.tag === der.SEQUENCE ? readCertificate(one.whole) : der.fail()));
  const signer = namedCertificate(parsed, sid, attributes);
  const [hashName, parameters] = der.inside(digestAlgorithm, der.SEQUENCE);
  if (parameters && !(parameters.tag === 5 && !parameters.content.length)) der.fail();
  const hash = MESSAGE_HASHES[der.oid(hashName)];
  if (der.oid(hashName) === MD5) der.fail();
  if (!hash) throw new Refusal("signature-algorithm-unknown", "", der.oid(hashName));
  if (der.oid(attributes.get(CONTENT_TYPE)) !== type) der.fail();
  const stated = attributes.get(MESSAGE_DIGEST);
  if (stated?.tag !== der.OCTETS || !equal(stated.content, digest(hash, content))) der.fail();
  requireProtected(attributes.get(PROTECTION), digestAlgorithm, algorithm);
  const found = await verify(signer.key, algorithm, hash, value.content, der.encode(der.SET, signed.content));
  // a token whose digests differ is its authority's way; nothing of ours rests on it
  if (!found.valid || (type === DATA && !fits(algorithm, hash))) der.fail();
  return {
    signer, attributes, hash,
    others: parsed.filter((one) => one !== signer),
    unsigned: rest[0] ? attributeMap(rest[0]) : new Map<string, der.Element>(),
    value: value.content,
    use: { ...found.use, oids: [...found.use.oids, der.oid(hashName)] },
  };
}

/** Attributes by their type; each is there once, with one value. */
function attributeMap(set: der.Element): Map<string, der.Element> {
  const found = new Map<string, der.Element>();
  for (const one of der.elements(set.content)) {
    const [kind, values, ...more] = der.inside(one, der.SEQUENCE);
    const [value, ...others] = der.inside(values, der.SET);
    const name = der.oid(kind);
    if (more.length || !value || others.length || found.has(name)) der.fail();
    found.set(name, value);
  }
  return found;
}

/** Refuse other algorithms than the signed attributes name (RFC 6211). */
function requireProtected(stated: der.Element | undefined, hash: der.Element | undefined, algorithm: der.Element): void {
  if (!stated) return;
  const [first, second] = der.inside(stated, der.SEQUENCE);
  if (!der.same(first, hash) || second?.tag !== 0xa1 || !equal(second.content, algorithm.content)) der.fail();
}

function namedCertificate(
  certificates: Certificate[], sid: der.Element | undefined, attributes: Map<string, der.Element>,
): Certificate {
  const [issuer, serial] = der.inside(sid, der.SEQUENCE);
  const named = certificates.filter((one) => der.same(issuer, one.issuer) && der.same(serial, one.serial));
  const found = named.find((one) => isStated(one, attributes));
  return found ?? der.fail();
}

/** Whether the signing certificate attribute names `certificate` (RFC 5035, 5.4). */
function isStated(certificate: Certificate, attributes: Map<string, der.Element>): boolean {
  const old = attributes.get(OLD_SIGNING_CERTIFICATE);
  if (old && !isStatedOld(old, certificate)) return false;
  const value = attributes.get(SIGNING_CERTIFICATE);
  if (!value) return true;
  const parts = der.inside(der.inside(der.inside(value, der.SEQUENCE)[0], der.SEQUENCE)[0], der.SEQUENCE);
  let hash: HashName | undefined = "sha256";
  if (parts[0]?.tag === der.SEQUENCE) hash = HASHES[der.oid(der.inside(parts.shift(), der.SEQUENCE)[0])];
  const [imprint, issued] = parts;
  if (!hash || !imprint || hex(digest(hash, certificate.whole)) !== hex(imprint.content)) return false;
  if (!issued) return true;
  const [names, serial] = der.inside(issued, der.SEQUENCE);
  const [name, ...more] = der.inside(names, der.SEQUENCE);
  if (more.length || name?.tag !== 0xa4) return false;
  return equal(name.content, certificate.issuer.whole) && der.same(serial, certificate.serial);
}

/** Whether the older attribute, whose digest is always SHA-1 (RFC 2634, 5.4), names `certificate`. */
function isStatedOld(value: der.Element, certificate: Certificate): boolean {
  const [imprint] = der.inside(der.inside(der.inside(value, der.SEQUENCE)[0], der.SEQUENCE)[0], der.SEQUENCE);
  return imprint?.tag === der.OCTETS && equal(imprint.content, sha1(certificate.whole));
}

/** Refuse certificates that are not of one chain from the signer: each must have signed the one before it. */
async function requireChain(info: SignerInfo, where: string): Promise<void> {
  const left = new Set(info.others);
  const names = new Set(info.others.map((one) => hex(one.subject.whole)));
  // where authorities are called alike, there are more ways towards a root than anybody can go
  if (names.size !== left.size) throw new Refusal("signature-invalid", where, "two of its authorities have one name");
  for (let below: Certificate | undefined = info.signer; below && left.size; ) {
    const issuer: Certificate | undefined = await issuerOf(below, left);
    if (issuer) left.delete(issuer);
    below = issuer;
  }
  if (left.size) throw new Refusal("signature-invalid", where, "it holds certificates that are not of the signer's chain");
}

/** Who of `others` signed `certificate`; where nobody here knows the algorithm, the name alone tells. */
export async function issuerOf(certificate: Certificate, others: Iterable<Certificate>): Promise<Certificate | undefined> {
  for (const one of others) {
    if (!equal(one.subject.whole, certificate.issuer.whole)) continue;
    try {
      if ((await verify(one.key, certificate.algorithm, null, certificate.signature, certificate.tbs)).valid) return one;
    } catch {
      return one;
    }
  }
  return undefined;
}
