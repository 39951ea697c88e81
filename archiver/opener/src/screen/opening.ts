import type { Progress } from "../base/progress";
import { Refusal } from "../base/refusal";
import { type Dossier, readDossier } from "../dossier/archive";
import { packages } from "../worker/package-reader";
import { accessToUnit } from "../worker/unit-access";
import { en } from "./words/en";
import { fr } from "./words/fr";
import type { Typed } from "./key-form";
import { packageSource } from "./package-source";
import { type State, mayOpen, newest } from "./state";

const UNIT_WORDS = /^[A-Za-z0-9_-]{43}$/;

/** Open every keyring with what was given and typed; returns the check value of cards, where there were some. */
export async function openKeyrings(state: State, { passphrase, cards }: Typed, progress: Progress): Promise<string> {
  requireAccepted(state);
  const keys = { identities: state.identities, locked: state.locked, passphrase, cards };
  const check = await packages.ask("keyrings", { packages: numbers(state), keys, practice: `${fr.practice} ${en.practice}` }, progress);
  state.source = packageSource();
  return check;
}

/** Open the one unit that the words of a dossier open, in what was given; whether it lay in a package that was judged. */
export async function openByWords(state: State, words: string, progress: Progress): Promise<[Dossier, boolean]> {
  if (!UNIT_WORDS.test(words)) throw new Refusal("wrong-passphrase");
  requireAccepted(state);
  const { opened, judged } = await packages.ask("words", { packages: numbers(state), units: state.units, words }, progress);
  return [await readDossier({ member: opened.member, plain: accessToUnit(opened) }, null, progress), judged];
}

const numbers = (state: State): number[] => newest(state).map((one) => one.judged!.number);

function requireAccepted(state: State): void {
  if (!mayOpen(state)) throw new Refusal("signer-untrusted");
}
