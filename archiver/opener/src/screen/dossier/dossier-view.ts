import { textOf } from "../../base/bytes";
import { type Dossier } from "../../dossier/archive";
import { framedPage } from "../../dossier/page";
import type { PlainMember } from "../../dossier/zip";
import { addressOf, revoke } from "./addresses";
import { make, refusalText, save, sizeText, texts } from "../dom";
import { closeFile, isShown, showFile } from "./file-view";
import { seriesList } from "./series-list";
import type { During } from "../working";

const INDEX = "INDEX.HTM";
const MAX_PAGE = 64 << 20;

/** Forget a dossier that was shown: the key to it, and everything of it that has an address. */
export function closeDossier(dossier: Dossier): void {
  dossier.plain.close();
  closeFile();
  revoke("page");
}

/** One dossier: its page, its radiographs, its files, and how to take them out; `during` shows how far a work is. */
export function dossierView(dossier: Dossier, name: string, note: string, back: () => void, during: During): HTMLElement {
  const words = texts();
  const shown = make("div", { id: "shown" });
  const files = [...dossier.files.values()].filter((one) => !one.isFolder);
  const saving = async (): Promise<void> => save(await during(words.saving, (work) => dossier.plain.whole(work.at(words.saving))), dossier.member);
  const page = make("div", {});
  void showPage(dossier, page);
  return make(
    "section", { id: "dossier", "aria-labelledby": "dossier-title" },
    make("h2", { id: "dossier-title", tabindex: "-1" }, words.dossierTitle(name)),
    make("p", { class: "note" }, note),
    make(
      "p", { class: "actions" },
      make("button", { type: "button", onclick: back }, words.back),
      make("button", { type: "button", id: "save-dossier", onclick: () => void orSay(saving, shown) }, words.saveDossier),
    ),
    make("p", { class: "small" }, words.saveWarning),
    page,
    seriesList(dossier, shown),
    make("h3", {}, words.files),
    shown,
    make(
      "table", { id: "files" },
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, words.file), make("th", { scope: "col" }, words.size), make("td", {}))),
      make("tbody", {}, ...files.map((file) => row(dossier, file, shown, during))),
    ),
  );
}

function row(dossier: Dossier, file: PlainMember, shown: HTMLElement, during: During): HTMLElement {
  const words = texts();
  const known = dossier.names.get(file.name);
  const label = known?.title || known?.original || file.name;
  const saveName = known?.original || file.name.split("/").at(-1)!;
  const saving = async (): Promise<void> => save(new Blob([await during(words.saving, (work) => file.read(work.at(words.saving)))]), saveName);
  return make(
    "tr", {},
    make("td", {}, label, label === file.name ? null : make("span", { class: "small" }, ` ${file.name}`)),
    make("td", {}, sizeText(file.size)),
    make(
      "td", { class: "actions" },
      isShown(file.name) ? make("button", { type: "button", "aria-label": words.showFile(label), onclick: () => void showFile(dossier, file, label, shown) }, words.show) : null,
      make("button", { type: "button", "aria-label": words.saveFile(label), onclick: () => void orSay(saving, shown) }, words.save),
    ),
  );
}

/** Do `work`; what goes wrong is shown in place of the file that is shown. */
async function orSay(work: () => Promise<void>, shown: HTMLElement): Promise<void> {
  try {
    await work();
  } catch (fault) {
    closeFile();
    shown.replaceChildren(make("p", { class: "refused", role: "alert" }, refusalText(fault)));
  }
}

async function showPage(dossier: Dossier, place: HTMLElement): Promise<void> {
  const file = dossier.files.get(INDEX);
  if (!file || file.size > MAX_PAGE) {
    place.replaceChildren(make("p", {}, texts().noPage));
    return;
  }
  try {
    const page = await framedPage(textOf(await file.read(), "page-unsafe", INDEX), dossier);
    // without any token of "sandbox" nothing in the frame runs, sends or leads away
    const frame = make("iframe", { sandbox: "", title: texts().pageTitle, srcdoc: page.framed, referrerpolicy: "no-referrer" });
    // the dossier was closed meanwhile, or is shown in another language
    if (!place.isConnected) return;
    // a frame is not divided between sheets of paper
    const address = addressOf("page", new Blob([page.own], { type: "text/html;charset=utf-8" }));
    const alone = make("a", { class: "button", id: "print", href: address, target: "_blank", rel: "noopener" }, texts().pageAlone);
    place.replaceChildren(
      make("p", { class: "note" }, dossier.made ? texts().served.pageNote : texts().pageNote), frame,
      make("p", { class: "actions" }, alone), make("p", { class: "printed" }, texts().pagePrinted),
    );
  } catch (fault) {
    place.replaceChildren(make("p", { class: "refused", role: "alert" }, refusalText(fault)));
  }
}
