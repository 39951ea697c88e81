import { textOf } from "../base/bytes";
import { type Dossier } from "../dossier/archive";
import { framedPage, mediaTypeOf } from "../dossier/page";
import { isDicom } from "../dossier/radiograph";
import type { PlainMember } from "../dossier/zip";
import { make, refusalText, save, sizeText, texts } from "./dom";
import { showRadiograph } from "./radiograph-view";

const INDEX = "INDEX.HTM";
const MAX_PAGE = 64 << 20;
/** A text that is shown in the page. */
const MAX_TEXT = 2 << 20;
const TEXTS = /\.(TXT|CSV|JSO|NDJ|XML)$/i;

/** One dossier: its page, its files, and how to take them out. */
export function dossierView(dossier: Dossier, name: string, note: string, back: () => void): HTMLElement {
  const words = texts();
  const shown = make("div", { id: "shown", "aria-live": "polite" });
  const files = [...dossier.files.values()].filter((one) => !one.isFolder);
  const page = make("div", {});
  void showPage(dossier, page);
  return make(
    "section", { id: "dossier", "aria-labelledby": "dossier-title" },
    make("h2", { id: "dossier-title", tabindex: "-1" }, words.dossierTitle(name)),
    make("p", { class: "note" }, note),
    make(
      "p", { class: "actions" },
      make("button", { type: "button", onclick: back }, words.back),
      make("button", { type: "button", id: "save-dossier", onclick: () => save(dossier.plain, dossier.member) }, words.saveDossier),
    ),
    make("p", { class: "small" }, words.saveWarning),
    page,
    make("h3", {}, words.files),
    shown,
    make(
      "table", { id: "files" },
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, words.file), make("th", { scope: "col" }, words.size), make("td", {}))),
      make("tbody", {}, ...files.map((file) => row(dossier, file, shown))),
    ),
  );
}

function row(dossier: Dossier, file: PlainMember, shown: HTMLElement): HTMLElement {
  const words = texts();
  const known = dossier.names.get(file.name);
  const label = known?.title || known?.original || file.name;
  const guarded = (work: () => Promise<void>) => (): void => {
    work().catch((fault: unknown) => shown.replaceChildren(make("p", { class: "refused", role: "alert" }, refusalText(fault))));
  };
  const saveName = known?.original || file.name.split("/").at(-1)!;
  return make(
    "tr", {},
    make("td", {}, label, label === file.name ? null : make("span", { class: "small" }, ` ${file.name}`)),
    make("td", {}, sizeText(file.size)),
    make(
      "td", { class: "actions" },
      isShown(file.name) ? make("button", { type: "button", "aria-label": words.showFile(label), onclick: guarded(() => show(file, label, shown)) }, words.show) : null,
      make("button", { type: "button", "aria-label": words.saveFile(label), onclick: guarded(async () => save(new Blob([await file.read()]), saveName)) }, words.save),
    ),
  );
}

const isShown = (name: string): boolean => mediaTypeOf(name) !== "" || TEXTS.test(name) || name.startsWith("DICOM/") || /\.DCM$/i.test(name);

async function showPage(dossier: Dossier, place: HTMLElement): Promise<void> {
  const file = dossier.files.get(INDEX);
  if (!file || file.size > MAX_PAGE) {
    place.replaceChildren(make("p", {}, texts().noPage));
    return;
  }
  try {
    const page = await framedPage(textOf(await file.read(), "page-unsafe", INDEX), dossier);
    // without any token of "sandbox" nothing in the frame runs, sends or leads away
    const frame = make("iframe", { sandbox: "", title: texts().pageTitle, srcdoc: page, referrerpolicy: "no-referrer" });
    place.replaceChildren(make("p", { class: "note" }, texts().pageNote), frame);
  } catch (fault) {
    place.replaceChildren(make("p", { class: "refused", role: "alert" }, refusalText(fault)));
  }
}

async function show(file: PlainMember, label: string, shown: HTMLElement): Promise<void> {
  const data = await file.read();
  const kind = mediaTypeOf(file.name);
  let view: Node;
  let address = "";
  if (isDicom(data)) view = showRadiograph(data);
  else if (kind) {
    address = URL.createObjectURL(new Blob([data], { type: kind }));
    view = kind.startsWith("image/")
      ? make("img", { src: address, alt: label })
      : make("p", {}, make("a", { href: address, target: "_blank", rel: "noopener" }, texts().showFile(label)));
  } else view = make("pre", {}, new TextDecoder().decode(data.subarray(0, MAX_TEXT)));
  const close = (): void => {
    if (address) URL.revokeObjectURL(address);
    shown.replaceChildren();
  };
  shown.replaceChildren(
    make("h4", {}, label), view,
    make("p", {}, make("button", { type: "button", onclick: close }, texts().close)),
  );
  shown.scrollIntoView({ block: "nearest" });
}
