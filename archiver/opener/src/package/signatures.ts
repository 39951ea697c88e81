import { type HashName, digest } from "../base/digests";
import { Refusal } from "../base/refusal";
import { endOf, endOfCertificate, endOfHash } from "../signing/algorithms";
import { unfit } from "../signing/certificate";
import { type Signature, verifySignature } from "../signing/signed-data";
import { type Timestamp, verifyTimestamp } from "../signing/timestamp";
import type { Members } from "./container";
import type { Manifest } from "./manifest";
import * as names from "./names";
import { small } from "./parts";
import { MAX_LIST_BYTES } from "./signed-list";

/** The signatures of a container, and their time-stamps in the same order. */
export interface Signed {
  signatures: Signature[];
  timestamps: (Timestamp | null)[];
}

const MAX_SIGNATURE_BYTES = 8 << 20;

/** Verify each signature over its list; whose certificate it is, nobody was asked yet. */
export async function verifySignatures(members: Members): Promise<Signature[]> {
  const found: Signature[] = [];
  for (const [number, name] of names.SIGNATURES.entries()) {
    if (!members.has(name)) continue;
    const list = await small(members, names.LISTS[number]!, MAX_LIST_BYTES);
    found.push(await verifySignature(await small(members, name, MAX_SIGNATURE_BYTES), list, name));
  }
  return found;
}

/** Refuse signers whose certificates are not for documents, at whatever moment. */
export function requireFit(signatures: Signature[]): void {
  for (const [number, one] of signatures.entries()) requireFitFor(one, names.SIGNATURES[number]!);
}

/** Refuse a signer whose certificate is not for documents. */
export function requireFitFor({ signer }: Signature, where: string): void {
  let reason = "";
  try {
    reason = unfit(signer);
  } catch {
    reason = "its purposes cannot be read";
  }
  if (reason) throw new Refusal("signer-unfit", where, reason);
}

/** When the first algorithm under `signature`, and under what it signs by the hash function `hash`, is not relied on any more. */
export const endOfSignature = ({ use, signer }: Signature, hash: HashName): number => Math.min(endOf(use), endOfCertificate(signer), endOfHash(hash));

export async function verifyTimestamps(signatures: Signature[]): Promise<(Timestamp | null)[]> {
  const found: (Timestamp | null)[] = [];
  for (const [number, one] of signatures.entries())
    found.push(one.token ? await verifyTimestamp(one.token, (hash) => digest(hash, one.value), names.SIGNATURES[number]!) : null);
  return found;
}

/** What the manifest states of the signatures is what is there (section 6.4). */
export function compareSignatures(manifest: { signatures: Manifest["signatures"] }, signatures: Signature[]): void {
  const [stated, there] = [manifest.signatures.length, signatures.length];
  if (stated > there) throw new Refusal("member-missing", names.SIGNATURES[1]);
  if (stated < there) throw new Refusal("member-unlisted", names.SIGNATURES[1]);
  for (const [number, one] of manifest.signatures.entries()) {
    const found = signatures[number]!;
    const where = names.SIGNATURES[number]!;
    if (found.signer.fingerprint !== one.certificate) throw new Refusal("lists-disagree", where);
    if (one.timestamp && !found.token) throw new Refusal("timestamp-missing", where);
    if (one.revocation && !found.revocation) throw new Refusal("revocation-missing", where);
    if ((found.token && !one.timestamp) || (found.revocation && !one.revocation)) throw new Refusal("lists-disagree", where);
  }
}
