import { Refusal } from "../base/refusal";
import type { Evidence } from "../package/evidence";
import { commonName, isMadeForOneHolder } from "../signing/certificate";
import type { ShownEarlier, ShownSignature, ShownTimestamp } from "../worker/package-messages";
import { make, moment, refusalText, texts } from "./dom";
import type { Examined, State } from "./state";

const good = (text: string): HTMLElement => make("li", { class: "good" }, text);
const open = (text: string): HTMLElement => make("li", { class: "open" }, text);
/** What nothing shows to be false, and nobody was believed for. */
const UNASKED = "timestamp-untrusted";

/** What was found about one package, and whose signature it is. */
export function report(one: Examined, state: State, changed: () => void): HTMLElement {
  const words = texts();
  if (!one.judged)
    return make(
      "div", { class: "refused", role: "alert" },
      make("h3", {}, words.refusedTitle(one.name)), make("p", {}, refusalText(one.refusal)), make("p", {}, words.refusedNext),
    );
  const { manifest, signatures, timestamps, evidence, beside, destroyed, origin, sources, existence, held } = one.judged;
  if (one.superseded) return make("div", { class: "judged" }, make("h3", {}, one.name), make("p", {}, words.superseded(manifest.revision, one.superseded)));
  const unasked = timestamps.some((stamp) => stamp?.code === UNASKED) || [...evidence, ...beside].some((each) => each.unproven === UNASKED);
  const notChecked = [...words.notCheckedList, ...(unasked ? [words.stampsNotChecked] : []), ...(one.file === null ? [words.folderNotChecked] : [])];
  const revocation = held.startsWith("revocation-") || held === "certificate-revoked";
  return make(
    "div", { class: "judged", "data-existence": existence.code, "data-held": held },
    make("h3", {}, one.name),
    make("p", {}, words.sender(manifest.sender.name, manifest.receiver?.name ?? "", moment(manifest.created)), ". ", words.dossiers(manifest.patients.size), "."),
    make(
      "ul", {}, good(words.intact), destroyed.length ? null : good(words.complete),
      ...destroyed.map((each) => open(words.destroyed(each.units, moment(each.at), each.keeper, each.requestedBy, each.approvedBy, each.signature.name))),
      ...signatures.map((signature) => good(words.signed(signature.name))),
      ...timestamps.map(stampLine),
      ...signatures.map((signature) => (signature.revocation && !revocation ? good(words.notRevoked) : null)),
      ...[...evidence, ...beside].map(evidenceLine),
      open(words.revision(manifest.revision)),
      origin ? earlierLine(words.origin, origin, state) : null,
      ...sources.flatMap((each) => [
        earlierLine(words.source(each.package, each.sender, moment(each.created), each.revision), each.answers, state),
        each.origin ? earlierLine(words.originOf(each.package), each.origin, state) : null,
      ]),
      manifest.volume && !state.set ? open(words.volume(manifest.volume.number, manifest.volume.of)) : null,
    ),
    held ? make("div", { class: "refused", role: "alert" }, make("p", {}, refusalText(new Refusal(held, one.name))), make("p", {}, words.heldNext)) : null,
    make("details", {}, make("summary", {}, words.notChecked), make("ul", {}, ...notChecked.map((text) => make("li", {}, text)))),
    ...unalike([...signatures, ...destroyed.map((each) => each.signature)]).map((signature) => acceptance(signature.fingerprint, signature.commonName, state, changed)),
  );
}

/** What a time-stamp proves, or what it says and why that proves nothing. */
function stampLine(stamp: ShownTimestamp | null): HTMLElement {
  const words = texts();
  if (!stamp) return open(words.unstamped);
  const { code, authority } = stamp;
  if (code === "timestamp-algorithm-unknown") return open(words.stampUnknown);
  if (code === "timestamped") return good(words.stampProven(moment(stamp.time), authority));
  if (code === UNASKED) return open(words.stamped(moment(stamp.time), authority));
  return open(words.stampUnproven(moment(stamp.time), authority, words.codes[code] ?? "", code));
}

/** What an evidence record proves, or what it says and why that proves nothing. */
export function evidenceLine({ since, authorities, renewals, unproven, proven }: Evidence): HTMLElement {
  const words = texts();
  const facts = [moment(since), authorities.join("”, “"), renewals] as const;
  if (proven) return good(words.evidenceProven(...facts));
  return open(unproven === UNASKED ? words.evidence(...facts) : words.evidenceUnproven(words.codes[unproven] ?? "", unproven));
}

/** Which of the certificates that were given the person believes for time-stamps; null where there are none to judge. */
export function stampRoots(state: State, changed: () => void): HTMLElement | null {
  const words = texts();
  const judged = state.packages.flatMap((one) => one.judged ?? []);
  const isAsked = state.set?.beside.length || judged.some((one) => one.timestamps.some(Boolean) || one.evidence.length || one.beside.length);
  if (!isAsked) return null;
  const roots = new Map(state.roots.filter((one) => !isMadeForOneHolder(one)).map((one) => [one.fingerprint, one]));
  return make(
    "fieldset", { class: "signer", id: "stamp-roots" },
    make("legend", {}, words.stampRootsTitle), make("p", {}, words.stampRootsText),
    ...[...roots.values()].map(({ fingerprint, subject }) => make(
      "div", {}, make("p", {}, commonName(subject)), make("p", { class: "fingerprint" }, grouped(fingerprint)), ticked(`believe-${fingerprint}`, words.stampRoot, state.stampRoots, fingerprint, changed),
    )),
  );
}

/** A box that puts `one` into the set `chosen`. */
function ticked(id: string, label: string, chosen: Set<string>, one: string, changed: () => void): HTMLElement {
  const box = make("input", {
    type: "checkbox", id,
    onchange: () => {
      if (box.checked) chosen.add(one);
      else chosen.delete(one);
      changed();
    },
  });
  box.checked = chosen.has(one);
  return make("label", { class: "check" }, box, label);
}

/** What is known of an earlier package: whose signatures, since when, and whether anybody here accepts them. */
function earlierLine(what: string, earlier: ShownEarlier, state: State): HTMLElement {
  const words = texts();
  const isKnown = (fingerprint: string): boolean => state.accepted.has(fingerprint) || state.vouched.has(fingerprint);
  const signers = earlier.signatures.map(({ name, fingerprint }) =>
    make("li", {}, words.signed(name), ". ", isKnown(fingerprint) ? words.earlierKnown : words.earlierUnknown, " ", make("span", { class: "fingerprint" }, grouped(fingerprint))));
  return make(
    "li", { class: "open" }, what,
    make(
      "ul", {}, ...signers, earlier.ended ? make("li", {}, words.earlierEnded) : null,
      ...earlier.timestamps.map(stampLine),
      ...earlier.evidence.map(evidenceLine),
      earlier.untrue ? make("li", {}, `${words.earlierUntrue} ${words.codes[earlier.untrue] ?? ""} [${earlier.untrue}]`) : null,
    ),
  );
}

const grouped = (fingerprint: string): string => (fingerprint.match(/.{4}/g) ?? []).join(" ");

/** Signatures by different certificates. */
const unalike = (signatures: ShownSignature[]): ShownSignature[] => [...new Map(signatures.map((one) => [one.fingerprint, one])).values()];

/** The fingerprint of a signer in groups of four, and the question whether it was compared. */
function acceptance(fingerprint: string, name: string, state: State, changed: () => void): HTMLElement {
  const words = texts();
  const shown = make("p", { class: "fingerprint" }, grouped(fingerprint));
  if (state.vouched.has(fingerprint)) return make("div", { class: "signer" }, make("p", { class: "good" }, words.vouched), shown);
  return make(
    "fieldset", { class: "signer" },
    make("legend", {}, words.acceptTitle), make("p", {}, name), make("p", {}, words.acceptText), shown,
    ticked(`accept-${fingerprint}`, words.accept, state.accepted, fingerprint, changed),
  );
}
