import { Refusal } from "../base/refusal";
import { type Dossier, openAlone, openDossier } from "../dossier/archive";
import { unitMember } from "../package/names";
import { identitiesIn, openAge } from "../sealing/age";
import { keyOfCards } from "../sealing/cards";
import { openKeyring } from "../sealing/keyring";
import { mayOpen as mayOpenUnit } from "../sealing/unit";
import type { Typed } from "./key-form";
import { type Listed, type State, mayOpen } from "./state";

const UNIT_WORDS = /^[A-Za-z0-9_-]{43}$/;

/** Open every keyring with what was given and typed; returns the check value of cards, where there were some. */
export async function openKeyrings(state: State, typed: Typed): Promise<string> {
  requireAccepted(state);
  const cards = typed.cards.trim() ? await keyOfCards(typed.cards) : null;
  const identities = [...state.identities, ...(await unlocked(state, typed.passphrase)), ...(cards ? [cards.identity] : [])];
  const listed: Listed[] = [];
  for (const one of state.packages) {
    const judged = one.judged!;
    const entries = await openKeyring(judged, { identities, passphrase: typed.passphrase });
    listed.push(...entries.map((entry) => ({ entry, from: judged })));
  }
  state.listed = listed;
  return cards?.check ?? "";
}

function requireAccepted(state: State): void {
  if (!mayOpen(state)) throw new Refusal("signer-untrusted");
}

/** The identities in files under a passphrase. */
async function unlocked(state: State, passphrase: string): Promise<string[]> {
  const found: string[] = [];
  for (const data of state.locked) {
    if (!passphrase) continue;
    const plain = await openAge(data, { identities: [], passphrase }, "");
    found.push(...identitiesIn(new TextDecoder().decode(plain)));
  }
  return found;
}

export async function openListed(one: Listed): Promise<Dossier> {
  const unit = one.from.members.get(unitMember(one.entry.unit));
  if (!unit) throw new Refusal("member-missing", one.entry.unit);
  return openDossier(unit.body, one.entry);
}

/** Open the one unit that the words of a dossier open, in what was given; the words alone tell which. */
export async function openByWords(state: State, words: string, progress: (done: number, total: number) => void): Promise<[Dossier, boolean]> {
  if (!UNIT_WORDS.test(words)) throw new Refusal("wrong-passphrase");
  requireAccepted(state);
  const inside = state.packages.flatMap((one) => one.judged!.manifest.units.map((unit) => ({
    name: unit.id, body: one.judged!.members.get(unitMember(unit.id))!.body, judged: true,
  })));
  const all = [...inside, ...state.units.map((one) => ({ ...one, judged: false }))];
  for (const [number, one] of all.entries()) {
    if (number % 50 === 0) progress(number, all.length);
    if (await mayOpenUnit(one.body, words, one.name)) {
      try {
        return [await openAlone(one.body, words, one.name), one.judged];
      } catch (fault) {
        // one in 65,536 verifiers fits by chance: another unit may be meant, but a single one is damaged
        if (all.length === 1 || !(fault instanceof Refusal) || fault.code !== "seal-broken") throw fault;
      }
    }
  }
  throw new Refusal("wrong-passphrase");
}
