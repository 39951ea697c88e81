import { make, texts } from "../screen/dom";
import { keepFocus } from "../screen/focus";
import { Film, type Tool } from "./film";
import type { Source } from "./source";

/** A film with its controls: what the mouse does, the window, enlarging, turning, and which picture of several. */
export function viewOf(source: Source, label: string, number = 0): { element: HTMLElement; film: Film } {
  const { film: words } = texts();
  const film = new Film(source, label, () => update());
  const button = (text: string, work: () => void): HTMLButtonElement => make("button", { type: "button", onclick: work }, text);
  const tools: [Tool, HTMLButtonElement][] = (["window", "move", "measure"] as const).map((tool) => [tool, button(words.tools[tool], () => film.choose(tool))]);
  const slider = (text: string, take: (value: number) => void): [HTMLElement, HTMLInputElement] => {
    const input = make("input", { type: "range", oninput: () => take(Number(input.value)) });
    return [make("label", {}, text, input), input];
  };
  const [levelLabel, level] = slider(texts().level, (value) => ((film.shades.center = value), film.repaint()));
  const [widthLabel, width] = slider(texts().width, (value) => ((film.shades.width = value), film.repaint()));
  const [numberLabel, place] = slider(words.number, (value) => void film.show(value - 1));
  const counted = make("span", {});
  const choice = windowsOf(film);
  const invert = button(texts().invert, () => film.invert());
  const recorded = button(words.recorded, () => (film.placement.restore(!film.placement.recorded), film.fit()));
  const update = (): void => keepFocus(element, refresh, () => [film.element]);
  const refresh = (): void => {
    for (const [tool, one] of tools) {
      one.setAttribute("aria-pressed", String(film.tool === tool));
      one.hidden = tool === "window" && !film.isGrey;
    }
    const { first } = film;
    setRange(level, first.center - 2 * first.width, first.center + 2 * first.width, film.shades.center);
    setRange(width, Math.min(1, first.width), 4 * first.width, film.shades.width);
    setRange(place, 1, source.count, film.number + 1, 1);
    levelLabel.hidden = widthLabel.hidden = !film.isGrey;
    counted.textContent = words.counted(film.number + 1, source.count);
    invert.setAttribute("aria-pressed", String(film.shades.inverted !== film.first.inverted));
    recorded.setAttribute("aria-pressed", String(film.placement.recorded));
  };
  const element = make(
    "div", { class: "viewer" },
    make("p", { class: "note" }, texts().notForDiagnosis),
    make("p", { class: "actions", role: "group", "aria-label": words.toolsLabel }, ...tools.map(([, one]) => one)),
    film.element, film.said,
    source.count > 1 ? make("p", { class: "actions" }, numberLabel, counted) : null,
    make(
      "p", { class: "actions" }, choice, levelLabel, widthLabel,
      button(words.larger, () => film.enlarge(1.25)), button(words.smaller, () => film.enlarge(0.8)),
      button(words.turn, () => (film.placement.turn(), film.fit())),
      button(words.mirror, () => ((film.placement.flipped = !film.placement.flipped), film.fit())),
      invert, source.shown ? recorded : null, button(texts().reset, () => film.reset()),
    ),
    make("p", { class: "small" }, words.spacing[source.spacing.where], " ", source.shown ? words.asRecorded : ""),
    make("p", { class: "small" }, words.keys),
  );
  void film.show(number);
  return { element, film };
}

function setRange(input: HTMLInputElement, low: number, high: number, value: number, step = (high - low) / 1000): void {
  Object.assign(input, { min: String(low), max: String(high), step: String(step || 1), value: String(value) });
}

/** The windows that the file states, where there are several. */
function windowsOf(film: Film): HTMLElement | null {
  const { windows } = film.source;
  if (windows.length < 2) return null;
  const choice = make(
    "select", {
      "aria-label": texts().film.windows,
      onchange: () => {
        const [center, width] = windows[Number(choice.value)]!;
        Object.assign(film.shades, { center, width });
        film.repaint();
      },
    },
    ...windows.map(([center, width], place) => make("option", { value: String(place) }, `${center} / ${width}`)),
  );
  return choice;
}
