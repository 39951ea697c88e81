import { Refusal } from "../base/refusal";
import { type Use, hasEnded, verify } from "./algorithms";
import type { Certificate } from "./certificate";
import * as der from "./der";

/** A certification path (RFC 5280, section 6), the certificate first and the root last. */
export interface CertificationPath {
  status: "trusted" | "outside-validity" | "algorithm-ended" | "untrusted";
  /** None where there is no path. */
  certificates: Certificate[];
  /** What its certificates below the root rest on. */
  uses: Use[];
  /** When all certificates below the root are valid; a root is accepted by itself. */
  start: number;
  end: number;
}

const BASIC = "2.5.29.19", KEY_USAGE = "2.5.29.15", PURPOSE = "2.5.29.37", POLICIES = "2.5.29.32", ALTERNATIVE_NAME = "2.5.29.17";
/** Critical extensions that are understood here: of a path with any other one, names that are constrained for instance,
 * nobody here can tell whether it holds. */
const UNDERSTOOD = new Set([BASIC, KEY_USAGE, PURPOSE, POLICIES, ALTERNATIVE_NAME]);
/** The bit of key usage that lets sign certificates. */
const SIGNS_CERTIFICATES = 5;
/** Times an issuer is tried on the ways towards a root, as in the program. */
const MAX_ISSUERS = 128;
const NONE: CertificationPath = { status: "untrusted", certificates: [], uses: [], start: 0, end: 0 };

/** Find the path from `certificate`, through `others`, to one of the `roots`, for the moment `moment`. */
export async function pathToRoot(certificate: Certificate, others: Certificate[], roots: Certificate[], moment: number): Promise<CertificationPath> {
  let left = MAX_ISSUERS;
  let ended = NONE;
  const isRoot = (one: Certificate): boolean => roots.some((root) => root.fingerprint === one.fingerprint);
  const follow = async (path: Certificate[], uses: Use[]): Promise<CertificationPath | null> => {
    const top = path.at(-1)!;
    if (isRoot(top)) {
      const found = judged(path, uses, moment);
      if (found.status === "outside-validity") ended = found;
      return found.status === "trusted" ? found : null;
    }
    for (const issuer of [...roots, ...others]) {
      if (path.some((one) => one.fingerprint === issuer.fingerprint) || !der.same(issuer.subject, top.issuer)) continue;
      if (left-- <= 0) return null;
      const use = await useOfIssuing(issuer, top);
      if (typeof use === "string") {
        // what nobody can verify here leads nowhere; that it is relied on no more can be said all the same
        const within = path.every((one) => one.notBefore <= moment && moment <= one.notAfter);
        if (hasEnded(use, moment) && ended === NONE) ended = { ...NONE, status: within ? "algorithm-ended" : "outside-validity" };
        continue;
      }
      const found = use && (await follow([...path, issuer], [...uses, use]));
      if (found) return found;
    }
    return null;
  };
  return (await follow([certificate], [])) ?? ended;
}

/** What `certificate` rests on where `issuer` signed it, null where it did not; the name of an algorithm that is not known here. */
async function useOfIssuing(issuer: Certificate, certificate: Certificate): Promise<Use | string | null> {
  try {
    const found = await verify(issuer.key, certificate.algorithm, null, certificate.signature, certificate.tbs);
    return found.valid ? found.use : null;
  } catch (fault) {
    return fault instanceof Refusal ? fault.reason : null;
  }
}

function judged(certificates: Certificate[], uses: Use[], moment: number): CertificationPath {
  const below = certificates.length > 1 ? certificates.slice(0, -1) : certificates;
  const start = Math.max(...below.map((one) => one.notBefore));
  const end = Math.min(...below.map((one) => one.notAfter));
  const found = { certificates, uses, start, end };
  try {
    const sound = certificates.length === 1 || below.every((one, place) => isUnderstood(one) && (place === 0 || mayIssue(one, below.slice(1, place))));
    if (!sound) return NONE;
  } catch {
    return NONE; // an extension is malformed
  }
  return { ...found, status: start <= moment && moment <= end ? "trusted" : "outside-validity" };
}

const isUnderstood = ({ critical }: Certificate): boolean => [...critical].every((name) => UNDERSTOOD.has(name));

/** Whether `certificate` may issue others, with the authorities `below` it (RFC 5280, 6.1.4). */
function mayIssue(certificate: Certificate, below: Certificate[]): boolean {
  const basic = certificate.extensions.get(BASIC);
  const [authority, length] = basic ? der.inside(der.single(basic, der.SEQUENCE), der.SEQUENCE) : [];
  if (authority?.tag !== der.BOOLEAN || authority.content[0] !== 255) return false;
  const issued = below.filter((one) => !der.same(one.subject, one.issuer)).length;
  if (length && der.number(length) < issued) return false;
  const usage = certificate.extensions.get(KEY_USAGE);
  return !usage || (((der.single(usage, der.BITS).content[1] ?? 0) >> (7 - SIGNS_CERTIFICATES)) & 1) === 1;
}

/** Whether some of the certificates `inside` a token are of nobody in the `path` (section 15, step 6): nobody vouches for them.
 * An authority that was issued twice may come along. */
export function hasStrangers(inside: Certificate[], path: Certificate[]): boolean {
  const known = new Set(path.map((one) => one.fingerprint));
  return inside.some((one) => {
    if (known.has(one.fingerprint)) return false;
    const again = path.some((each) => der.same(each.subject, one.subject) && each.key.length === one.key.length && each.key.every((byte, at) => byte === one.key[at]));
    return !again || der.same(one.subject, one.issuer);
  });
}
