import { type Bytes, equal } from "../base/bytes";
import { type Certificate, readCertificate } from "./certificate";
import * as der from "./der";
import { BASIC_OCSP, COMMON_OCSP, ENUMERATED, type Extensions, HARMLESS, KNOWN, type Statement, hashNamed, isSigned, keeps, readExtensions } from "./revocation-statement";

const OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";
const PURPOSE = "2.5.29.37";
/** How long a response that names no next update counts. */
const UNDATED = 86_400_000;

interface Response {
  tbs: Bytes;
  algorithm: der.Element;
  signature: Bytes;
  certificates: Certificate[];
  produced: number;
  names: der.Element[];
  serial: der.Element;
  status: der.Element;
  made: number;
  end: number;
  extensions: Extensions;
}

/** The one answer of a response, as RFC 5940 (2.1.1) has it in a signature, or as its basic part alone. */
export function readResponse(source: der.Element): Response {
  const [kind, value] = der.elements(source.content);
  if (source.tag !== 0xa1 || !value || ![COMMON_OCSP, BASIC_OCSP].includes(der.oid(kind))) der.fail();
  const basic = der.oid(kind) === BASIC_OCSP ? value : basicOf(value);
  const [tbs, algorithm, signature, enclosed] = der.inside(basic, der.SEQUENCE);
  const fields = der.inside(tbs, der.SEQUENCE).filter((one) => one.tag !== 0xa0);
  const [, produced, answers] = fields;
  const [single, ...others] = der.inside(answers, der.SEQUENCE);
  const [asked, status, made, ...more] = der.inside(single, der.SEQUENCE);
  const names = der.inside(asked, der.SEQUENCE);
  const serial = names[3];
  if (!tbs || !algorithm || others.length || !status || !serial) der.fail();
  const next = more.find((one) => one.tag === 0xa0);
  const extra = more.find((one) => one.tag === 0xa1);
  const since = der.moment(made);
  return {
    tbs: tbs.whole, algorithm, signature: der.bits(signature), names, serial, status, made: since,
    certificates: enclosed ? der.inside(der.elements(enclosed.content)[0], der.SEQUENCE).map((one) => readCertificate(one.whole)) : [],
    produced: der.moment(produced), end: next ? der.moment(der.elements(next.content)[0]) : since + UNDATED,
    extensions: readExtensions(extra ? der.single(extra.content, der.SEQUENCE) : undefined),
  };
}

function basicOf(response: der.Element): der.Element {
  const [status, bytes] = der.inside(response, der.SEQUENCE);
  if (status?.tag !== ENUMERATED || status.content[0] !== 0) der.fail();
  const [kind, value] = der.inside(der.inside(bytes, 0xa0)[0], der.SEQUENCE);
  if (der.oid(kind) !== BASIC_OCSP || value?.tag !== der.OCTETS) der.fail();
  return der.single(value.content, der.SEQUENCE);
}

/** What the response `source` states of `path`: the issuer of whom it names signed it, or one that issuer authorised. */
export async function ofResponse(source: der.Element, path: Certificate[]): Promise<Statement | null> {
  const found = readResponse(source);
  const place = path.slice(0, -1).findIndex((one, at) => isAbout(found, one, path[at + 1]!));
  if (place < 0 || !(await isVouched(found, path[place + 1]!))) return null;
  if (found.extensions.critical.some((name) => !KNOWN.includes(name))) return null;
  const statement: Statement = { speaksOf: [place], revoked: [], end: found.end, unknown: found.status.tag === 0x82 };
  if (found.status.tag === 0xa1) {
    const [since, reason] = der.elements(found.status.content);
    const code = reason ? der.elements(reason.content)[0]?.content[0] ?? -1 : -1;
    statement.revoked.push({ since: der.moment(since), harmless: HARMLESS.includes(code) });
  } else if (found.status.tag === 0x80) {
    if (!keeps(path[place]!, found.made, found.extensions)) statement.speaksOf = [];
  } else if (!statement.unknown) return null;
  return statement;
}

/** Whether the response speaks of `certificate` (RFC 6960, 4.1.1: CertID). */
function isAbout({ names, serial }: Response, certificate: Certificate, issuer: Certificate): boolean {
  const [algorithm, name, key] = names;
  if (!der.same(serial, certificate.serial) || name?.tag !== der.OCTETS || key?.tag !== der.OCTETS) return false;
  const bits = der.bits(der.inside(der.single(issuer.key, der.SEQUENCE), der.SEQUENCE)[1]);
  return equal(name.content, hashNamed(algorithm, issuer.subject.whole)) && equal(key.content, hashNamed(algorithm, bits));
}

/** Whether the issuer signed the response, or one it authorised for that (RFC 6960, 4.2.2.2). */
async function isVouched(found: Response, issuer: Certificate): Promise<boolean> {
  const delegates: Certificate[] = [];
  for (const one of found.certificates) {
    if (equal(one.whole, issuer.whole)) continue;
    const within = one.notBefore <= found.produced && found.produced <= one.notAfter;
    const issued = der.same(one.issuer, issuer.subject) && (await isSigned(issuer, one));
    // nothing but the chain may come along: it would mean nothing
    if (!within || !issued || !maySignResponses(one)) return false;
    delegates.push(one);
  }
  for (const one of [issuer, ...delegates]) if (await isSigned(one, found)) return true;
  return false;
}

function maySignResponses(certificate: Certificate): boolean {
  const purposes = certificate.extensions.get(PURPOSE);
  return purposes !== undefined && der.inside(der.single(purposes, der.SEQUENCE), der.SEQUENCE).map(der.oid).includes(OCSP_SIGNING);
}
