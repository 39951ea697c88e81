import type { Bytes } from "../base/bytes";
import type { Dossier } from "../dossier/archive";
import type { Judged } from "../package/judge";
import type { Entry } from "../sealing/keyring";
import type { Certificate } from "../signing/certificate";
import type { Given } from "./intake";

/** A package that was given: judged, or refused. */
export interface Examined {
  name: string;
  folder: boolean;
  judged: Judged | null;
  refusal: unknown;
}

/** A dossier that can be opened, and where it lies. */
export interface Listed {
  entry: Entry;
  from: Judged;
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
  set: { name: string; volumes: number; refusal: unknown } | null;
  /** Fingerprints of signers that the person accepted, and of those a certificate vouches for. */
  accepted: Set<string>;
  vouched: Set<string>;
  listed: Listed[];
  dossier: Dossier | null;
}

export const emptyState = (): State => ({
  given: [], roots: [], identities: [], locked: [], units: [], packages: [], set: null,
  accepted: new Set(), vouched: new Set(), listed: [], dossier: null,
});

/** Whether everything that was given may be opened: nothing was refused, and every signer is accepted. */
export function mayOpen(state: State): boolean {
  if (state.set?.refusal || state.packages.some((one) => one.refusal)) return false;
  const signers = state.packages.flatMap((one) => one.judged?.signatures ?? []).map((one) => one.signer.fingerprint);
  return signers.every((one) => state.accepted.has(one) || state.vouched.has(one));
}
