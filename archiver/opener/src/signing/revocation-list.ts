import type { Bytes } from "../base/bytes";
import type { Certificate } from "./certificate";
import * as der from "./der";
import { ENUMERATED, type Extensions, HARMLESS, KNOWN, type Statement, isSigned, keeps, readExtensions } from "./revocation-statement";

const KEY_USAGE = "2.5.29.15", BASIC = "2.5.29.19", SCOPE = "2.5.29.28", DELTA = "2.5.29.27", REASON = "2.5.29.21";
const UTC_TIME = 0x17, GENERAL_TIME = 0x18;

interface List {
  tbs: Bytes;
  algorithm: der.Element;
  signature: Bytes;
  issuer: der.Element;
  made: number;
  end: number;
  entries: der.Element[];
  extensions: Extensions;
}
const isTime = (one: der.Element | undefined): boolean => one?.tag === UTC_TIME || one?.tag === GENERAL_TIME;

export function readList(source: der.Element): List {
  const [tbs, algorithm, signature] = der.inside(source, der.SEQUENCE);
  const fields = der.inside(tbs, der.SEQUENCE);
  if (fields[0]?.tag === der.INTEGER) fields.shift();
  const [, issuer, made, ...more] = fields;
  // a list without a next update tells nothing about any moment
  if (!tbs || !algorithm || !issuer || !isTime(more[0])) der.fail();
  const end = der.moment(more.shift());
  const entries = more[0]?.tag === der.SEQUENCE ? der.elements(more.shift()!.content) : [];
  const extra = more[0]?.tag === 0xa0 ? der.single(more[0].content, der.SEQUENCE) : undefined;
  return { tbs: tbs.whole, algorithm, signature: der.bits(signature), issuer, made: der.moment(made), end, entries, extensions: readExtensions(extra) };
}

/** What the list `source` states of `path`: a certificate of it signed the list, which is whole. */
export async function ofList(source: der.Element, path: Certificate[]): Promise<Statement | null> {
  const list = readList(source);
  const place = await placeOfIssuer(list, path);
  const scope = scopeOf(list.extensions);
  if (place < 0 || !scope) return null;
  const found: Statement = { speaksOf: [], revoked: [], end: list.end, unknown: false };
  for (const [at, below] of path.slice(0, -1).entries()) {
    if (path[at + 1] !== path[place] || !scope(isAuthority(below))) continue;
    const entry = entryOf(list, below);
    if (entry) found.revoked.push(entry);
    if (entry || keeps(below, list.made, list.extensions)) found.speaksOf.push(at);
  }
  return found;
}

/** What the list `source`, in a token, says against a certificate of `path`: whoever is above it there signed the list. */
export async function againstToken(source: der.Element, path: Certificate[]): Promise<Statement | null> {
  const list = readList(source);
  const found: Statement = { speaksOf: [], revoked: [], end: list.end, unknown: false };
  for (const [at, below] of path.slice(0, -1).entries()) {
    const entry = entryOf(list, below);
    if (entry && der.same(path[at + 1]!.subject, list.issuer) && (await isSigned(path[at + 1]!, list, false))) found.revoked.push(entry);
  }
  return found;
}

function entryOf(list: List, certificate: Certificate): Statement["revoked"][number] | null {
  const entry = list.entries.map((one) => der.inside(one, der.SEQUENCE)).find(([serial]) => der.same(serial, certificate.serial));
  return entry ? { since: der.moment(entry[1]), harmless: HARMLESS.includes(reasonOfEntry(entry[2])) } : null;
}

async function placeOfIssuer(list: List, path: Certificate[]): Promise<number> {
  for (const [place, one] of path.entries()) {
    if (!der.same(one.subject, list.issuer) || !mayUse(one, 6)) continue;
    if (await isSigned(one, list)) return place;
  }
  return -1;
}

/** Whether the key usage of `certificate`, where it states one, has the bit `bit`: the sixth signs lists. */
function mayUse(certificate: Certificate, bit: number): boolean {
  const usage = certificate.extensions.get(KEY_USAGE);
  return !usage || (((der.single(usage, der.BITS).content[1] ?? 0) >> (7 - bit)) & 1) === 1;
}

/** Of whom a list speaks: of authorities, of others; null where it is partial (RFC 5280, 5.2.4 and 5.2.5). */
function scopeOf({ values, critical }: Extensions): ((authority: boolean) => boolean) | null {
  if (values.has(DELTA) || critical.some((name) => ![SCOPE, ...KNOWN].includes(name))) return null;
  const stated = values.get(SCOPE);
  const set = stated ? der.inside(der.single(stated, der.SEQUENCE), der.SEQUENCE) : [];
  const has = (tag: number): boolean => set.some((one) => one.tag === tag && one.content.length === 1 && one.content[0] !== 0);
  if (set.some((one) => one.tag === 0x83) || has(0x84) || has(0x85)) return null;
  return (authority) => (authority ? !has(0x81) : !has(0x82));
}

function isAuthority(certificate: Certificate): boolean {
  const basic = certificate.extensions.get(BASIC);
  const [first] = basic ? der.inside(der.single(basic, der.SEQUENCE), der.SEQUENCE) : [];
  return first?.tag === der.BOOLEAN && first.content[0] === 255;
}

/** Why an entry was revoked; -1 where nobody says, which is the gravest. */
function reasonOfEntry(listed: der.Element | undefined): number {
  const value = listed ? readExtensions(listed).values.get(REASON) : undefined;
  return value ? der.single(value, ENUMERATED).content[0] ?? -1 : -1;
}
