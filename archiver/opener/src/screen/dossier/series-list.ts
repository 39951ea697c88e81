import type { Dossier } from "../../dossier/archive";
import type { Series } from "../../imaging/directory";
import { openFile, openSeries } from "../../viewer/dicom-source";
import { STATES, seriesOf, shownBefore } from "../../viewer/file-set";
import { make, texts } from "../dom";
import { dicomView, showIn } from "./file-view";

/** The series of radiographs, each with a button that shows it. */
export function seriesList(dossier: Dossier, shown: HTMLElement): HTMLElement {
  const words = texts().film;
  const list = make("ul", { class: "series" });
  const place = make("div", { id: "series", hidden: true }, make("h3", {}, words.series), list);
  void seriesOf(dossier).then((all) => {
    const pictures = all.filter((one) => one.modality !== STATES && one.modality !== "SR" && one.files.every((name) => dossier.files.has(name)));
    place.hidden = !pictures.length;
    list.replaceChildren(...pictures.map((one) => make("li", {}, make("button", { type: "button", class: "link", onclick: () => void showSeries(dossier, one, shown) }, nameOf(one)))));
  });
  return place;
}

const nameOf = (one: Series): string => texts().film.seriesName(one.modality, one.date.replace(/^(\d{4})(\d\d)(\d\d)$/, "$3/$2/$1"), one.files.length);

function showSeries(dossier: Dossier, series: Series, shown: HTMLElement): Promise<void> {
  const files = series.files.map((name) => dossier.files.get(name)!);
  return showIn(shown, nameOf(series), async (requireAsked) => {
    const before = await shownBefore(dossier);
    if (files.length > 1) return dicomView(await openSeries(files.map((one) => () => one.read()), before), nameOf(series));
    const data = await files[0]!.read();
    requireAsked();
    return dicomView(await openFile(data, before), nameOf(series));
  });
}
