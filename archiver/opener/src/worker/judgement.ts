import type { HashName } from "../base/digests";
import type { Progress } from "../base/progress";
import { acceptEarlier, accept } from "../package/acceptance";
import type { Destroyed } from "../package/provenance/destruction";
import type { Earlier } from "../package/provenance/earlier";
import type { JudgedRecord } from "../package/evidence";
import type { Judged } from "../package/judge";
import type { Signed } from "../package/signatures";
import { commonName, nameOf } from "../signing/certificate";
import type { Existence } from "../signing/existence";
import type { Signature } from "../signing/signed-data";
import type { Trust } from "../signing/trust";
import type { Judgement, ShownDestroyed, ShownEarlier, ShownSignature, ShownSigned } from "./package-messages";

/** What the page shows of a package, with the evidence `beside` it, as it stands with `trust`, and the signers for whom its roots vouch; the rest is long, and of no
 * use there. */
export async function shownOf(
  found: Judged, beside: JudgedRecord[], about: { number: number; trust: Trust; progress: Progress },
): Promise<{ shown: Judgement; vouched: string[] }> {
  const { number, trust, progress } = about;
  const { units: _units, keyrings: _keyrings, ...manifest } = found.manifest;
  const { vouched, held, stamps, existence, evidence, beside: outside } = await accept({ ...found, beside }, trust, progress);
  const earlier = (one: Earlier): Promise<ShownEarlier> => shownEarlier(one, found.hash, trust, progress);
  const sources = await Promise.all(found.sources.map(async (one) => ({ ...one, answers: await earlier(one.answers), origin: one.origin && (await earlier(one.origin)) })));
  const origin = found.origin && (await earlier(found.origin));
  const shown = { number, manifest, held, ...signed(found, stamps), existence, evidence, beside: outside, destroyed: found.destroyed.map(destroyed), origin, sources };
  return { shown, vouched };
}

async function shownEarlier(found: Earlier, hash: HashName, trust: Trust, progress: Progress): Promise<ShownEarlier> {
  const { ended, stamps, evidence } = await acceptEarlier(found, hash, trust, progress);
  return { untrue: found.untrue, ended, evidence, ...signed(found, stamps) };
}

const signed = ({ signatures, timestamps }: Signed, stamps: Existence[]): ShownSigned => ({
  signatures: signatures.map(signature),
  timestamps: timestamps.map((one, number) => one && { time: one.time, authority: one.authority, code: stamps[number]!.code }),
});

const destroyed = ({ keeper, requestedBy, approvedBy, at, members, signature: own }: Destroyed): ShownDestroyed => ({
  keeper, requestedBy, approvedBy, at, units: members.length, signature: signature(own),
});

const signature = ({ signer, revocation }: Signature): ShownSignature => ({
  fingerprint: signer.fingerprint, name: nameOf(signer.subject), commonName: commonName(signer.subject), revocation: revocation !== null,
});
