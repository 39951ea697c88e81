import { make, texts } from "./dom";
import type { State } from "./state";

/** What somebody typed to open the archive. */
export interface Typed {
  passphrase: string;
  cards: string;
  unitWords: string;
}

/** The form for the key; what is typed is handed on and not kept. */
export function keyForm(state: State, open: (typed: Typed, said: HTMLElement) => Promise<void>): HTMLElement {
  const words = texts();
  const said = make("p", { id: "said", role: "status", "aria-live": "assertive" });
  const field = (id: string, label: string, input: HTMLInputElement | HTMLTextAreaElement): HTMLElement => {
    input.id = id;
    input.autocomplete = "off";
    input.spellcheck = false;
    return make("p", {}, make("label", { for: id }, label), input);
  };
  const passphrase = make("input", { type: "password" });
  const cards = make("textarea", { rows: "4", autocapitalize: "off" });
  const unitWords = make("input", { type: "text", autocapitalize: "off" });
  const button = make("button", { type: "submit", class: "main" }, words.open);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    // while it is opened nothing can be used, and so not twice; the focus comes back to where it was
    await open({ passphrase: passphrase.value, cards: cards.value, unitWords: unitWords.value.trim() }, said);
  };
  const onlyUnits = state.packages.length === 0;
  return make(
    "section", { id: "key", "aria-labelledby": "key-title" },
    make("h2", { id: "key-title" }, words.keyTitle),
    make("p", {}, words.keyText),
    make("p", {}, words.keyHeld(state.identities.length + state.locked.length)),
    make(
      "form", { onsubmit: (event) => void submit(event) },
      onlyUnits ? null : field("passphrase", words.passphrase, passphrase),
      onlyUnits ? null : field("cards", words.cards, cards),
      field("unit-words", words.unitWords, unitWords),
      button,
    ),
    said,
  );
}
