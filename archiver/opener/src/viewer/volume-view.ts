import { make, refusalText, texts } from "../screen/dom";
import { keepFocus } from "../screen/focus";
import { viewOf } from "./controls";
import type { Opened } from "./dicom-source";
import { type Plane, planeOf, readVolume } from "./volume";

/** The three planes of a volume, once somebody asks for them: all slices are read then. */
export function volumeView(opened: Opened, label: string, close: () => void): HTMLElement {
  const words = texts().film;
  const place = make("div", { class: "planes" });
  const said = make("p", { role: "status" });
  const begin = async (): Promise<void> => {
    if (start.hasAttribute("aria-disabled")) return;
    start.setAttribute("aria-disabled", "true");
    try {
      const found = await readVolume(opened, (done) => {
        said.textContent = words.slices(done + 1, opened.source.count);
        return place.isConnected;
      });
      said.textContent = "";
      const planes: Plane[] = ["axial", "coronal", "sagittal"];
      place.replaceChildren(
        ...planes.map((plane) => {
          const source = planeOf(opened.source, found, plane);
          const name = words.planes[plane];
          return make("section", { "aria-label": name }, make("h5", { tabindex: "-1" }, name), viewOf(source, `${label}, ${name}`, source.count >> 1).element);
        }),
      );
      about.hidden = false;
      keepFocus(whole.parentElement ?? whole, () => (close(), start.remove()), () => [place.querySelector("h5")]);
    } catch (fault) {
      start.removeAttribute("aria-disabled");
      said.textContent = refusalText(fault);
    }
  };
  const about = make("div", { hidden: true }, make("p", { class: "note" }, texts().notForDiagnosis), make("p", { class: "small" }, words.spacing[opened.source.spacing.where]), make("p", { class: "small" }, words.keys));
  const start = make("button", { type: "button", class: "volume", onclick: () => void begin() }, words.volume);
  const whole = make("div", {}, make("p", {}, start), said, about, place);
  return whole;
}
