import { endOf, verify } from "./algorithms";
import { type Certificate, isForOneHolder } from "./certificate";
import type { Examined } from "./existence";
import type { Signature } from "./signed-data";

/** Why a signer is not accepted whatever their certificate says, by what its revocation lists tell. */
const CODES = { stale: "revocation-stale", unknown: "revocation-unknown", unusable: "revocation-unusable" };
/** Between the clock of a signer and that of this machine. */
const CLOCKS = 5 * 60_000;

/** Whether `roots` vouch for `signer` alone at the moment that counts: it is one of them, or a root made for one holder issued it. */
export async function isVouched(signer: Certificate, roots: Certificate[], moment: number): Promise<boolean> {
  for (const root of roots) {
    if (root.fingerprint === signer.fingerprint) return true;
    try {
      if (root.notBefore > moment || root.notAfter < moment || !isForOneHolder(root, signer)) continue;
      const found = await verify(root.key, signer.algorithm, null, signer.signature, signer.tbs);
      if (found.valid && endOf(found.use) > moment) return true;
    } catch {
      continue; // it is no root of this signer
    }
  }
  return false;
}

/** The code of why nobody accepts a signature that was `examined`, whoever its signer is, and now is `now`; empty where nothing says so.
 * `ended` is when the first algorithm under it ends. */
export function heldBack({ signer, signingTime }: Signature, { moment, revocation, stampTime }: Examined, ended: number, now: number): string {
  if (ended <= moment) return "signature-algorithm-ended";
  const status = revocation?.status ?? "good";
  if (status === "revoked") return "certificate-revoked";
  const within = (time: number): boolean => signer.notBefore <= time && time <= signer.notAfter;
  if (!within(moment) || !within(signingTime) || signingTime > now + CLOCKS) {
    const inTime = stampTime !== null && within(stampTime) && signer.notAfter < moment;
    return inTime ? "stamp-unproven" : "certificate-ended";
  }
  return CODES[status as keyof typeof CODES] ?? "";
}
