import { type Bytes, equal } from "../base/bytes";
import { digest } from "../base/digests";
import { Refusal } from "../base/refusal";
import { HASHES } from "./algorithms";
import { type Certificate, commonName } from "./certificate";
import * as der from "./der";
import { requireOneDigest, revocations, signedData, verifySignerInfo } from "./signed-data";

/** What a time-stamp says (RFC 3161): it is over the value and of its certificate. Whether its authority is to be
 * believed, this page does not judge. */
export interface Timestamp {
  time: number;
  authority: string;
  certificate: Certificate | null;
  /** An algorithm or an encoding that this page does not know: nothing was verified. */
  unknown: string;
}

const TST_INFO = "1.2.840.113549.1.9.16.1.4";
const MAX_TOKEN_CERTIFICATES = 32;
const STAMPING = "1.3.6.1.5.5.7.3.8";
const EXTENDED_KEY_USAGE = "2.5.29.37";

/** Verify the token `data` over `value`, the value of a signature. Throws `timestamp-invalid`. */
export async function verifyTimestamp(data: Bytes, value: Bytes, where: string): Promise<Timestamp> {
  let unread: Timestamp = { time: 0, authority: "", certificate: null, unknown: "?" };
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
    if (!hashed || !equal(hashed.content, digest(hash, value))) der.fail();
    const info = await verifySignerInfo(fields, TST_INFO, content, MAX_TOKEN_CERTIFICATES);
    requireOneDigest(fields[1], info.hash);
    revocations(fields);
    requireStamping(info.signer);
    return { time: der.moment(time), authority: commonName(info.signer.subject), certificate: info.signer, unknown: "" };
  } catch (fault) {
    if (fault instanceof Refusal && fault.code === "signature-algorithm-unknown") return { ...unread, unknown: fault.reason };
    throw new Refusal("timestamp-invalid", where, "the time-stamp is over something else, or is not its certificate's");
  }
}

/** Refuse a certificate that is for anything but time-stamps (RFC 3161, 2.3). */
function requireStamping(certificate: Certificate): void {
  const purposes = certificate.extensions.get(EXTENDED_KEY_USAGE);
  const named = purposes ? der.inside(der.single(purposes, der.SEQUENCE), der.SEQUENCE).map(der.oid) : [];
  if (named.join() !== STAMPING) der.fail();
}
