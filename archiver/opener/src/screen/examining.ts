import { type Progress, isStopped } from "../base/progress";
import { Refusal } from "../base/refusal";
import { coveredBy } from "../package/beside";
import { packages } from "../worker/package-reader";
import { type Container, compareRevisions, evidenceBeside, fileNameOf, judgeEvidenceBeside, vouch } from "./comparing";
import type { Given } from "./intake";
import { type State, newest, trustOf } from "./state";

/** Take what was given: keys and certificates as they are; packages are judged, with the evidence beside them, a set with all its
 * volumes.
 *
 * Throws `stopped`, where somebody stopped it: then nothing of these packages is taken, nor of the evidence. */
export async function takeIn(state: State, given: Given[], at: (name: string) => Progress): Promise<void> {
  for (const one of given) {
    if (one.kind === "roots") state.roots.push(...one.roots);
    if (one.kind === "identity") state.identities.push(...one.identities);
    if (one.kind === "locked") state.locked.push(one.data);
    if (one.kind === "unit") state.units.push({ name: one.name, body: one.body });
  }
  const before = { packages: state.packages.map((one) => ({ ...one })), given: [...state.given], set: state.set };
  state.given.push(...given);
  try {
    for (const one of given) if ("files" in one && one.kind !== "set") await examine(state, one, at(one.name));
    for (const one of state.packages) if (one.judged && given.some((each) => concerns(each, one.fileName))) await judgeEvidenceBeside(one, state, at(one.name));
    await compareRevisions(state);
    await believe(state, at);
  } catch (fault) {
    Object.assign(state, before);
    state.given.push(...given.filter((one) => !("files" in one) && one.kind !== "evidence"));
    // certificates that were taken may tell something of packages given before
    await vouch(state);
    throw fault;
  }
}

/** Judge again what depends on whom the person believes: the list of volumes, and every package. */
export async function believe(state: State, at: (name: string) => Progress): Promise<void> {
  const sets = state.given.filter((one): one is Container => one.kind === "set");
  if (sets.length) await examineSet(state, sets, at(sets[0]!.name));
  await vouch(state, at(state.packages.at(-1)?.name ?? ""));
}

/** Whether what the evidence beside the file `name` proves depends on `one`. */
const concerns = (one: Given, name: string): boolean => (one.kind === "evidence" ? coveredBy(one.name) : "files" in one && fileNameOf(one)) === name;

const fileOf = (one: Container): File | null => (one.folder ? null : one.files[0]![1]);

async function examine(state: State, one: Container, progress: Progress): Promise<void> {
  const found = { name: one.name, fileName: fileNameOf(one), file: fileOf(one), judged: null, refusal: null, superseded: "" };
  try {
    const { number, isSet } = await packages.ask("read", one);
    if (isSet) {
      state.given = state.given.map((given) => (given === one ? { ...one, kind: "set" } : given));
      return;
    }
    const judged = await packages.ask("judge", { number, trust: trustOf(state) }, progress);
    state.packages.push({ ...found, judged });
  } catch (refusal) {
    if (isStopped(refusal)) throw refusal;
    state.packages.push({ ...found, refusal });
  }
}

async function examineSet(state: State, sets: Container[], progress: Progress): Promise<void> {
  const [one] = sets as [Container];
  const volumes = newest(state).flatMap((each) => (each.judged ? [{ files: [each.fileName, ...earlierNames(state, each.name)], number: each.judged.number }] : []));
  const result: NonNullable<State["set"]> = { name: one.name, volumes: volumes.length, beside: [], refusal: null };
  try {
    if (sets.length > 1) throw new Refusal("volume-foreign", sets[1]!.name);
    const { number } = await packages.ask("read", one);
    result.beside = await evidenceBeside(number, fileNameOf(one), fileOf(one), state, progress);
    const { signers, held } = await packages.ask("set", { number, packages: volumes, trust: trustOf(state) }, progress);
    if (held) throw new Refusal(held, one.name);
    const known = new Set(state.packages.flatMap((each) => each.judged?.signatures ?? []).map((each) => each.fingerprint));
    if (signers.some((each) => !known.has(each))) throw new Refusal("signer-untrusted", one.name);
  } catch (refusal) {
    if (isStopped(refusal)) throw refusal;
    result.refusal = refusal;
  }
  state.set = result;
}

/** The names of the files of the earlier revisions in whose place `name` is. */
const earlierNames = (state: State, name: string): string[] => state.packages.filter((one) => one.superseded === name).map((one) => one.fileName);
