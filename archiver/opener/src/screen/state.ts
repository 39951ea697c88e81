import type { Bytes } from "../base/bytes";
import type { Evidence } from "../package/evidence";
import type { Certificate } from "../signing/certificate";
import type { Trust } from "../signing/trust";
import type { Judgement, ShownSignature } from "../worker/package-messages";
import type { Given } from "./intake";
import type { Source } from "./source";

/** A package that was given: judged, or refused. */
export interface Examined {
  name: string;
  /** The name of its file, or of the one that was unpacked in its folder. */
  fileName: string;
  /** Null of an unpacked folder. */
  file: File | null;
  judged: Judgement | null;
  refusal: unknown;
  /** The name of a later revision of it that was given as well: that one is opened, and this one is not. */
  superseded: string;
}

/** Everything the page holds; it is in memory alone, and gone when the page is. */
export interface State {
  given: Given[];
  roots: Certificate[];
  identities: string[];
  locked: Bytes[];
  units: { name: string; body: Blob }[];
  packages: Examined[];
  /** What became of the list of volumes, where one was given. */
  set: { name: string; volumes: number; beside: Evidence[]; refusal: unknown } | null;
  /** Fingerprints of signers that the person accepted, and of those a certificate vouches for. */
  accepted: Set<string>;
  vouched: Set<string>;
  /** Fingerprints of the certificates that the person believes for time-stamps. */
  stampRoots: Set<string>;
  /** What the keyrings list, once they are open. */
  source: Source | null;
}

export const emptyState = (): State => ({
  given: [], roots: [], identities: [], locked: [], units: [], packages: [], set: null,
  accepted: new Set(), vouched: new Set(), stampRoots: new Set(), source: null,
});

/** Whom the person believes, now: a certificate counts for time-stamps only where they said so. */
export const trustOf = ({ roots, stampRoots }: State): Trust => ({ roots, tsaRoots: roots.filter((one) => stampRoots.has(one.fingerprint)), now: Date.now() });

/** The packages of which no later revision was given. */
export const newest = (state: State): Examined[] => state.packages.filter((one) => !one.superseded);

/** The signatures of `packages`, and those of statements that units of them were destroyed. */
export const signaturesOf = (packages: Examined[]): ShownSignature[] =>
  packages.flatMap((one) => (one.judged ? [...one.judged.signatures, ...one.judged.destroyed.map((each) => each.signature)] : []));

/** Whether everything that was given may be opened: nothing was refused, and every signer is accepted. */
export function mayOpen(state: State): boolean {
  if (state.set?.refusal || state.packages.some((one) => one.refusal || one.judged?.held)) return false;
  return signaturesOf(newest(state)).every(({ fingerprint }) => state.accepted.has(fingerprint) || state.vouched.has(fingerprint));
}
