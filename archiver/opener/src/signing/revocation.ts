import type { Certificate } from "./certificate";
import * as der from "./der";
import { ofResponse, readResponse } from "./ocsp-response";
import { againstToken, ofList, readList } from "./revocation-list";
import type { Statement } from "./revocation-statement";
import { issuerOf } from "./signed-data";

/** What is known of a path: `nothing` where no source speaks of its first certificate. */
export interface Revocation {
  status: "good" | "nothing" | "revoked" | "stale" | "unknown" | "unusable";
  /** Since when it is revoked, or until when the sources tell something. */
  moment: number;
}

/** The path from `signer` as far up as `others` and `roots` lead. */
export async function pathOf(signer: Certificate, others: Certificate[], roots: Certificate[]): Promise<Certificate[]> {
  const path = [signer];
  const left = new Set([...others, ...roots]);
  for (let below = signer; ; ) {
    left.delete(below);
    const above = der.same(below.issuer, below.subject) ? undefined : await issuerOf(below, left);
    if (!above) return path;
    path.push(above);
    below = above;
  }
}

/** Judge what came with a signature, by the rules of the program, for its `path` at the moment `now`; a source of the other
 * chain `beside` is left to that. A revocation until `knownBy` counts, however late. */
export async function judgeRevocation(sources: der.Element[], path: Certificate[], beside: Certificate[], now: number, knownBy = now): Promise<Revocation> {
  const found: Statement[] = [];
  for (const source of sources) {
    if (!concerns(source, path) && concerns(source, beside)) continue;
    const one = await statementOf(source, path);
    if (!one) return { status: "unusable", moment: 0 };
    found.push(one);
  }
  const dates = found.flatMap((one) => one.revoked).map((one) => one.since).filter((one) => one <= Math.max(now, knownBy));
  if (dates.length) return { status: "revoked", moment: Math.min(...dates) };
  if (found.some((one) => one.unknown)) return { status: "unknown", moment: 0 };
  const ends = new Map<number, number>();
  for (const one of found) for (const place of one.speaksOf) ends.set(place, Math.max(one.end, ends.get(place) ?? 0));
  const moment = Math.min(...ends.values());
  if (moment < now) return { status: "stale", moment };
  return { status: ends.has(0) ? "good" : "nothing", moment };
}

/** What the sources in a token say against it, heeded where its chain signed them: `made` is the time it tells, `until` when the
 * next one was made. What nobody can read says nothing: nobody signed that it is there. */
export async function tokenRevocation(sources: der.Element[], path: Certificate[], made: number, until: number): Promise<"" | "revoked" | "unknown"> {
  let unknown = false;
  for (const source of sources) {
    const found = await statementOf(source, path, true);
    if (found?.revoked.some(({ since, harmless }) => since <= (harmless ? made : until))) return "revoked";
    unknown ||= found?.unknown ?? false;
  }
  return unknown ? "unknown" : "";
}

/** What `source` states of `path`; null where it counts for nothing. */
async function statementOf(source: der.Element, path: Certificate[], inToken = false): Promise<Statement | null> {
  try {
    if (source.tag !== der.SEQUENCE) return await ofResponse(source, path);
    return await (inToken ? againstToken(source, path) : ofList(source, path));
  } catch {
    return null; // broken bytes tell nothing
  }
}

/** Whether `source` claims to speak of a certificate of `path`, truly or not. */
function concerns(source: der.Element, path: Certificate[]): boolean {
  try {
    if (source.tag === der.SEQUENCE) return path.some((one) => der.same(one.issuer, readList(source).issuer));
    return path.some((one) => der.same(one.serial, readResponse(source).serial));
  } catch {
    return false;
  }
}
