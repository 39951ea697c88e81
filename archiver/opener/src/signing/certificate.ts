import { type Bytes, hex } from "../base/bytes";
import { sha256 } from "../base/digests";
import * as der from "./der";

/** An X.509 certificate (RFC 5280), as far as this page looks into it. */
export interface Certificate {
  whole: Bytes;
  fingerprint: string;
  tbs: Bytes;
  serial: der.Element;
  issuer: der.Element;
  subject: der.Element;
  notBefore: number;
  notAfter: number;
  key: Bytes;
  algorithm: der.Element;
  signature: Bytes;
  extensions: Map<string, Bytes>;
  /** The names of those extensions that nobody may pass over. */
  critical: Set<string>;
}

const NAMES: Record<string, string> = {
  "2.5.4.3": "CN", "2.5.4.5": "serialNumber", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.10": "O", "2.5.4.11": "OU",
  "2.5.4.4": "SN", "2.5.4.42": "GN",
};
const COMMON_NAME = "2.5.4.3";
const KEY_USAGE = "2.5.29.15", BASIC = "2.5.29.19", PURPOSE = "2.5.29.37";
/** Document signing (RFC 9336), mail, any. */
const PURPOSES = ["1.3.6.1.5.5.7.3.36", "1.3.6.1.5.5.7.3.4", "2.5.29.37.0"];
/** Bytes of a common name before `, root` behind it. */
const MAX_NAME = 58;
const ROOT = ", root";

export function readCertificate(whole: Bytes): Certificate {
  const [tbs, algorithm, signature] = der.inside(der.single(whole, der.SEQUENCE), der.SEQUENCE);
  const fields = der.inside(tbs, der.SEQUENCE);
  if (fields[0]?.tag === 0xa0) fields.shift();
  const [serial, , issuer, validity, subject, key, ...more] = fields;
  const [begin, end] = der.inside(validity, der.SEQUENCE);
  const listed = more.find((one) => one.tag === 0xa3);
  const extensions = new Map<string, Bytes>();
  const critical = new Set<string>();
  for (const one of listed ? der.inside(der.single(listed.content, der.SEQUENCE), der.SEQUENCE) : []) {
    const parts = der.inside(one, der.SEQUENCE);
    const name = der.oid(parts[0]);
    if (extensions.has(name)) der.fail();
    extensions.set(name, parts.at(-1)!.content);
    if (parts.length > 2 && parts[1]!.tag === der.BOOLEAN && parts[1]!.content[0]) critical.add(name);
  }
  if (!serial || !issuer || !subject || !key || !tbs || !algorithm) der.fail();
  return {
    whole, serial, issuer, subject, extensions, critical, algorithm,
    fingerprint: hex(sha256(whole)),
    tbs: tbs.whole,
    notBefore: der.moment(begin),
    notAfter: der.moment(end),
    key: key.whole,
    signature: der.bits(signature),
  };
}

function attributes(name: der.Element): [string, string][] {
  return der.inside(name, der.SEQUENCE).flatMap((set) =>
    der.inside(set, der.SET).map((one): [string, string] => {
      const [kind, value] = der.inside(one, der.SEQUENCE);
      const wide = value?.tag === 0x1e;
      return [der.oid(kind), new TextDecoder(wide ? "utf-16be" : "utf-8").decode(value?.content)];
    }),
  );
}

/** Whom a name names, as a person reads it. */
export function nameOf(name: der.Element): string {
  try {
    return attributes(name).map(([kind, value]) => `${NAMES[kind] ?? kind}=${value}`).join(", ");
  } catch {
    return "?";
  }
}

export function commonName(name: der.Element): string {
  try {
    return attributes(name).find(([kind]) => kind === COMMON_NAME)?.[1] ?? nameOf(name);
  } catch {
    return "?";
  }
}

/** Why a certificate is not for signing documents (section 9); nothing when it is. */
export function unfit(certificate: Certificate): string {
  const usage = certificate.extensions.get(KEY_USAGE);
  // digitalSignature and nonRepudiation are the first two bits
  if (usage && !((der.single(usage, der.BITS).content[1] ?? 0) & 0xc0)) return "its key usage does not allow to sign";
  const purposes = certificate.extensions.get(PURPOSE);
  const named = purposes ? der.inside(der.single(purposes, der.SEQUENCE), der.SEQUENCE).map(der.oid) : [];
  if (purposes && !named.some((one) => PURPOSES.includes(one))) return "it is for another purpose than documents";
  return "";
}

/** Whether `root` was made for one holder alone, whoever that is: it issues for no authority, and is called `…, root`. */
export function isMadeForOneHolder(root: Certificate): boolean {
  try {
    return issuesForNobody(root) && commonName(root.subject).endsWith(ROOT);
  } catch {
    return false;
  }
}

/** Whether `root` may issue no authority. */
function issuesForNobody({ extensions }: Certificate): boolean {
  const basic = extensions.get(BASIC);
  const [authority, length] = basic ? der.inside(der.single(basic, der.SEQUENCE), der.SEQUENCE) : [];
  return authority?.tag === der.BOOLEAN && authority.content[0] === 255 && length !== undefined && der.number(length) === 0;
}

/** Whether `root` can have certified nobody but `signer` (section 9): it names them, and issues for no authority. */
export function isForOneHolder(root: Certificate, signer: Certificate): boolean {
  if (!issuesForNobody(root)) return false;
  const [ours, theirs] = [attributes(root.subject), attributes(signer.subject)];
  return (
    der.same(signer.issuer, root.subject) &&
    ours.length === theirs.length &&
    theirs.every(([kind, value], place) => {
      const expected = kind === COMMON_NAME ? `${cut(value)}${ROOT}` : value;
      return ours[place]![0] === kind && ours[place]![1] === expected;
    })
  );
}

/** The beginning of `text` that has at most 58 bytes in UTF-8. */
function cut(text: string): string {
  const data = new TextEncoder().encode(text);
  return data.length <= MAX_NAME ? text : new TextDecoder("utf-8", { ignoreBOM: true }).decode(data.subarray(0, MAX_NAME)).replace(/\ufffd+$/, "");
}

/** The certificates in a text of PEM. */
export function fromPem(text: string): Certificate[] {
  const blocks = text.matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----/g);
  return [...blocks].map(([, body]) =>
    readCertificate(Uint8Array.from(atob(body!.replace(/\s/g, "")), (letter) => letter.charCodeAt(0))),
  );
}
