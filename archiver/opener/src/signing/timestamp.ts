import { type Bytes, equal } from "../base/bytes";
import type { HashName } from "../base/digests";
import { Refusal } from "../base/refusal";
import { HASHES, type Use } from "./algorithms";
import { type Certificate, commonName } from "./certificate";
import * as der from "./der";
import { BASIC_OCSP, COMMON_OCSP } from "./revocation-statement";
import { requireOneDigest, revocations, signedData, verifySignerInfo } from "./signed-data";

/** What a time-stamp says (RFC 3161): it is over the value and of its certificate. Whether its authority is to be
 * believed is judged in `existence.ts`. */
export interface Timestamp {
  time: number;
  authority: string;
  certificate: Certificate | null;
  /** The certificates beside that one. */
  others: Certificate[];
  /** Whether that certificate is for time-stamps and nothing else (2.3). */
  dedicated: boolean;
  /** An algorithm or an encoding that this page does not know: nothing was verified. */
  unknown: string;
  /** The hash function of what it is over. */
  imprint: HashName | null;
  /** Revocation lists and answers that came with it. */
  revocation: der.Element[];
  /** Whether something came with it about revocations in a form that this page does not know. */
  foreign: boolean;
  use: Use;
}

const TST_INFO = "1.2.840.113549.1.9.16.1.4";
const MAX_TOKEN_CERTIFICATES = 32;
const STAMPING = "1.3.6.1.5.5.7.3.8";
const EXTENDED_KEY_USAGE = "2.5.29.37";

/** The codes of a token that is over something else, and of one that is false otherwise. */
export interface Codes {
  imprint: string;
  token: string;
}
const OF_SIGNATURES: Codes = { imprint: "timestamp-invalid", token: "timestamp-invalid" };

/** Verify the token `data`; `expected` tells what it must be over under a hash function, null where it must not be under
 * that one. Throws one of `codes`. */
export async function verifyTimestamp(
  data: Bytes, expected: (hash: HashName) => Bytes | null, where: string, codes = OF_SIGNATURES,
): Promise<Timestamp> {
  let unread: Timestamp = { time: 0, authority: "", certificate: null, others: [], dedicated: false, unknown: "?", imprint: null, revocation: [], foreign: false, use: { oids: [], bits: 0 } };
  let code = codes.token;
  try {
    const fields = signedData(data);
    const [type, explicit] = der.inside(fields[2], der.SEQUENCE);
    if (der.oid(type) !== TST_INFO || explicit?.tag !== 0xa0) der.fail();
    const content = der.single(explicit.content, der.OCTETS).content;
    const [version, , imprint, , time] = der.inside(der.single(content, der.SEQUENCE), der.SEQUENCE);
    if (der.number(version) !== 1) der.fail();
    const [algorithm, hashed] = der.inside(imprint, der.SEQUENCE);
    const name = der.oid(der.inside(algorithm, der.SEQUENCE)[0]);
    const hash = HASHES[name];
    unread = { ...unread, time: der.moment(time), unknown: name };
    if (!hash) return unread;
    const covered = expected(hash);
    code = codes.imprint;
    if (!hashed || !covered || !equal(hashed.content, covered)) der.fail();
    code = codes.token;
    const info = await verifySignerInfo(fields, TST_INFO, content, MAX_TOKEN_CERTIFICATES);
    requireOneDigest(fields[1], info.hash);
    const crls = revocations(fields);
    const others = crls ? der.elements(crls.content).filter((one) => one.tag === 0xa1) : [];
    return {
      time: der.moment(time), authority: commonName(info.signer.subject), certificate: info.signer, others: info.others, unknown: "", imprint: hash,
      dedicated: isDedicated(info.signer),
      revocation: crls ? der.elements(crls.content) : [], use: info.use,
      foreign: others.some((one) => ![COMMON_OCSP, BASIC_OCSP].includes(der.oid(der.elements(one.content)[0]))),
    };
  } catch (fault) {
    if (fault instanceof Refusal && fault.code === "signature-algorithm-unknown") return { ...unread, unknown: fault.reason };
    throw new Refusal(code, where, "the time-stamp is over something else, or is not its certificate's");
  }
}

/** Whether a certificate is for time-stamps and nothing else (RFC 3161, 2.3): nobody may pass that over. */
function isDedicated({ extensions, critical }: Certificate): boolean {
  const purposes = extensions.get(EXTENDED_KEY_USAGE);
  const named = purposes ? der.inside(der.single(purposes, der.SEQUENCE), der.SEQUENCE).map(der.oid) : [];
  return named.join() === STAMPING && critical.has(EXTENDED_KEY_USAGE);
}
