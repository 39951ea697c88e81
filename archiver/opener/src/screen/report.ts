import { commonName, nameOf } from "../signing/certificate";
import { make, moment, refusalText, texts } from "./dom";
import type { Examined, State } from "./state";

const good = (text: string): HTMLElement => make("li", { class: "good" }, text);
const open = (text: string): HTMLElement => make("li", { class: "open" }, text);

/** What was found about one package, and whose signature it is. */
export function report(one: Examined, state: State, changed: () => void): HTMLElement {
  const words = texts();
  if (!one.judged)
    return make(
      "div", { class: "refused", role: "alert" },
      make("h3", {}, words.refusedTitle(one.name)), make("p", {}, refusalText(one.refusal)), make("p", {}, words.refusedNext),
    );
  const { manifest, signatures, timestamps } = one.judged;
  const stamps = timestamps.map((stamp) => {
    if (!stamp) return words.unstamped;
    return stamp.unknown ? words.stampUnknown : words.stamped(moment(stamp.time), stamp.authority);
  });
  const notChecked = [...words.notCheckedList, ...(one.folder ? [words.folderNotChecked] : [])];
  return make(
    "div", { class: "judged" },
    make("h3", {}, one.name),
    make("p", {}, words.sender(manifest.sender.name, manifest.receiver?.name ?? "", moment(manifest.created)), ". ", words.dossiers(manifest.patients.size), "."),
    make(
      "ul", {}, good(words.intact), good(words.complete),
      ...signatures.map((signature) => good(words.signed(nameOf(signature.signer.subject)))),
      ...stamps.map(open),
      manifest.volume && !state.set ? open(words.volume(manifest.volume.number, manifest.volume.of)) : null,
    ),
    make("details", {}, make("summary", {}, words.notChecked), make("ul", {}, ...notChecked.map((text) => make("li", {}, text)))),
    ...signatures.map((signature) => acceptance(signature.signer.fingerprint, commonName(signature.signer.subject), state, changed)),
  );
}

/** The fingerprint of a signer in groups of four, and the question whether it was compared. */
function acceptance(fingerprint: string, name: string, state: State, changed: () => void): HTMLElement {
  const words = texts();
  const shown = make("p", { class: "fingerprint" }, (fingerprint.match(/.{4}/g) ?? []).join(" "));
  if (state.vouched.has(fingerprint)) return make("div", { class: "signer" }, make("p", { class: "good" }, words.vouched), shown);
  const box = make("input", {
    type: "checkbox",
    onchange: () => {
      if (box.checked) state.accepted.add(fingerprint);
      else state.accepted.delete(fingerprint);
      changed();
    },
  });
  box.checked = state.accepted.has(fingerprint);
  return make(
    "fieldset", { class: "signer" },
    make("legend", {}, words.acceptTitle), make("p", {}, name), make("p", {}, words.acceptText), shown,
    make("label", { class: "check" }, box, words.accept),
  );
}
