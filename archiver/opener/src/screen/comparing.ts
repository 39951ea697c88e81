import { type Progress, isStopped } from "../base/progress";
import { Refusal } from "../base/refusal";
import { coveredBy, packedName } from "../package/beside";
import type { Evidence } from "../package/evidence";
import { packages } from "../worker/package-reader";
import type { Given } from "./intake";
import { type Examined, type State, trustOf } from "./state";

type Kind<K> = Extract<Given, { kind: K }>;
export type Container = Extract<Given, { files: unknown }>;

/** The name of the file of a container, or of the one that was unpacked in its folder. */
export const fileNameOf = ({ name, folder }: Container): string => (folder ? packedName(name) : name);

/** Whether the file that the evidence record `name` covers was given, or the folder in which it was unpacked. */
export const isBesideGiven = (name: string, given: Given[]): boolean =>
  given.some((one) => "files" in one && fileNameOf(one) === coveredBy(name));

/** What the records prove that lie beside `file` of the name `name`, or beside its folder where there is none; it was read under `number`. */
export async function evidenceBeside(number: number, name: string, file: File | null, state: State, progress: Progress): Promise<Evidence[]> {
  const records = state.given.filter((one): one is Kind<"evidence"> => one.kind === "evidence" && coveredBy(one.name) === name);
  return packages.ask("beside", { number, file, records, trust: trustOf(state) }, progress);
}

/** Judge the evidence that lies beside the file of a package; where it is false, the package is refused. */
export async function judgeEvidenceBeside(one: Examined, state: State, progress: Progress): Promise<void> {
  try {
    await evidenceBeside(one.judged!.number, one.fileName, one.file, state, progress);
  } catch (refusal) {
    if (isStopped(refusal)) throw refusal;
    one.refusal = refusal;
    one.judged = null;
  }
}

/** Of several revisions of one package the newest is opened; it must carry what the others say. */
export async function compareRevisions(state: State): Promise<void> {
  const byNumber = numbered(state);
  const { superseded, contradicting } = await packages.ask("revisions", { packages: [...byNumber.keys()] });
  for (const one of byNumber.values()) one.superseded = "";
  for (const [earlier, later] of superseded) byNumber.get(earlier)!.superseded = byNumber.get(later)!.name;
  for (const one of contradicting.map((number) => byNumber.get(number)!)) {
    one.refusal = new Refusal("lists-disagree", one.name, "two revisions of one package contradict each other");
    one.judged = null;
  }
}

/** Judge again what the certificates change that were given: which signers they vouch for, which time-stamps and evidence are
 * proven, and what nobody opens. */
export async function vouch(state: State, progress?: Progress): Promise<void> {
  const byNumber = numbered(state);
  const { vouched, judged } = await packages.ask("trust", { packages: [...byNumber.keys()], trust: trustOf(state) }, progress);
  state.vouched = new Set(vouched);
  for (const shown of judged) byNumber.get(shown.number)!.judged = shown;
}

/** The packages that were judged, by the number under which the worker knows them. */
const numbered = (state: State): Map<number, Examined> =>
  new Map(state.packages.flatMap((one): [number, Examined][] => (one.judged ? [[one.judged.number, one]] : [])));
