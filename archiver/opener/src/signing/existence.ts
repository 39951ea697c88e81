import { endOf, endOfHash, hasEnded } from "./algorithms";
import type { Certificate } from "./certificate";
import { type CertificationPath, hasStrangers, pathToRoot } from "./certification-path";
import type * as der from "./der";
import { type Revocation, judgeRevocation, pathOf, tokenRevocation } from "./revocation";
import type { Signature } from "./signed-data";
import type { Timestamp } from "./timestamp";
import type { Trust } from "./trust";

/** What is proven about when a signature was made, as a code of section 17. */
export interface Existence {
  code: string;
  /** What a proof says, or what is said without one; null where nothing says anything. */
  time: number | null;
}

/** How a signature stands (section 15, step 6): the moment for which its signer's certificate is judged, what its time-stamp
 * proves, and what is known of revocations then. */
export interface Examined {
  moment: number;
  existence: Existence;
  revocation: Revocation | null;
  /** The time of a time-stamp that nobody showed to be false; null without one. */
  stampTime: number | null;
}

const PROVEN = "timestamped";
/** How far the clock of a signer may be ahead of that of an authority. */
const CLOCKS = 5 * 60_000;

interface JudgedStamp {
  code: string;
  path: Certificate[];
}

/** Judge `signature` and its time-stamp for the moment of `trust`, or for the first of `proven`: moments at which evidence proves
 * that it existed, the earliest first. A time that contradicts what else is known proves nothing. */
export async function examine(signature: Signature, stamp: Timestamp | null, proven: number[], trust: Trust): Promise<Examined> {
  const { signer, signingTime, revocation: sources } = signature;
  let moment = Math.min(trust.now, ...proven.slice(0, 1));
  const path = await pathOf(signer, signature.others, trust.roots);
  const judged = stamp && (await judgeStamp(stamp, sources ?? [], path, moment, trust));
  const stamped = stamp && judged!.code === PROVEN ? stamp.time : null;
  const contradicts = (time: number): boolean => time < signer.notBefore || time < signingTime - CLOCKS;
  const [evidence] = proven;
  if (evidence !== undefined && (contradicts(evidence) || (stamped !== null && evidence < stamped - CLOCKS))) {
    const without = await examine(signature, stamp, proven.slice(1), trust);
    return { ...without, existence: { code: "times-contradict", time: evidence } };
  }
  const contradicted = stamped !== null && contradicts(stamped);
  if (stamped !== null && !contradicted) moment = Math.min(moment, stamped);
  const revocation = sources && (await judgeRevocation(sources, path, judged?.path ?? [], moment));
  const code = contradicted ? "times-contradict" : laterCode(judged?.code ?? "no-timestamp", stamp, trust.now);
  return { moment, existence: { code, time: stamp?.time ?? null }, revocation, stampTime: stamp && judged!.code !== "timestamp-authority-revoked" ? stamp.time : null };
}

/** A time-stamp of the future says nothing of now, whatever else is wrong with it. */
const laterCode = (code: string, stamp: Timestamp | null, now: number): string => (stamp && !stamp.unknown && stamp.time > now ? "timestamp-later" : code);

/** What a genuine time-stamp proves at `moment`; `sources` came with the signature over which it is, `beside` is the signer's path. */
async function judgeStamp(stamp: Timestamp, sources: der.Element[], beside: Certificate[], moment: number, { tsaRoots }: Trust): Promise<JudgedStamp> {
  if (stamp.unknown || !stamp.certificate) return { code: hasEnded(stamp.unknown, moment) ? "timestamp-algorithm-ended" : "timestamp-algorithm-unknown", path: [] };
  const { certificate, others, time, foreign } = stamp;
  const found = await pathToRoot(certificate, others, tsaRoots, moment);
  const path = found.certificates.length ? found.certificates : await pathOf(certificate, others, []);
  const inside = await tokenRevocation(stamp.revocation, path, time, moment);
  // a later revocation counts too, for it could have been dated back
  const { status } = await judgeRevocation(sources, path, beside, time, moment);
  const unsettled = inside === "unknown" || ["stale", "unusable", "unknown"].includes(status);
  const cases: [boolean, string][] = [
    [foreign, "timestamp-algorithm-unknown"],
    [inside === "revoked" || status === "revoked", "timestamp-authority-revoked"],
    [found.status === "outside-validity", "timestamp-ended"],
    [found.status === "algorithm-ended", "timestamp-algorithm-ended"],
    [found.status !== "trusted" || !stamp.dedicated, "timestamp-untrusted"],
    [endOfStamp(stamp, found) <= moment, "timestamp-algorithm-ended"],
    [hasStrangers([certificate, ...others], path), "timestamp-strangers"],
    [unsettled, "timestamp-revocation-unclear"],
  ];
  return { code: cases.find(([holds]) => holds)?.[1] ?? PROVEN, path };
}

/** When the first algorithm under a time-stamp and its path ends. */
export const endOfStamp = ({ use, imprint }: Timestamp, { uses }: CertificationPath): number =>
  Math.min(...[use, ...uses].map(endOf), imprint ? endOfHash(imprint) : Infinity);

/** Whether an existence is proven. */
export const isProven = ({ code }: Existence): boolean => code === PROVEN;
