import type { Certificate } from "./certificate";

/** Whom a person believes, and for which moment: the roots of signers and those of time-stamping authorities are two sets, and
 * neither vouches for what belongs to the other (section 15, step 6). */
export interface Trust {
  roots: Certificate[];
  tsaRoots: Certificate[];
  now: number;
}

/** Before anybody was named. */
export const nobody = (now: number): Trust => ({ roots: [], tsaRoots: [], now });
