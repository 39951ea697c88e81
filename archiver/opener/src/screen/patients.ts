import { make, refusalText, texts } from "./dom";
import { keepFocus } from "./focus";
import { birthDate } from "./package-source";
import { type Found, PAGE_ROWS, type Row, type Source } from "./source";

/** What somebody typed, and how far they turned the pages; it stays while a dossier is looked at. */
export interface ListPlace {
  words: string;
  first: number;
}

/** The list of dossiers, a page at a time, and its search. */
export function patientList(source: Source, place: ListPlace, title: string, open: (one: Row) => void): HTMLElement {
  const words = texts();
  const body = make("tbody", {});
  const count = make("p", { id: "found", "aria-live": "polite" });
  const turn = (to: number): void => {
    place.first = to;
    void find().then(() => count.scrollIntoView({ block: "nearest" }));
  };
  const before = make("button", { type: "button", id: "rows-before", onclick: () => turn(Math.max(0, place.first - PAGE_ROWS)) }, words.rowsBefore);
  const after = make("button", { type: "button", id: "rows-after", onclick: () => turn(place.first + PAGE_ROWS) }, words.rowsAfter);
  const draw = async (): Promise<void> => {
    let found: Found | null;
    const asked = place.words;
    try {
      found = await source.find(asked, place.first);
    } catch (fault) {
      keepFocus(whole, () => body.replaceChildren(), () => [input]);
      count.dataset.words = asked;
      count.textContent = refusalText(fault);
      return;
    }
    if (found) keepFocus(whole, () => show(found, asked), (lost) => [...([before, after].includes(lost as HTMLButtonElement) ? [before, after] : []), body.querySelector("button"), input]);
  };
  const show = (found: Found, asked: string): void => {
    count.dataset.words = asked;
    body.replaceChildren(...found.rows.map((one) => row(one, () => void openListed(one))));
    const last = place.first + found.persons;
    count.textContent = found.nearest ? words.nearest(found.persons) : words.found(found.persons ? place.first + 1 : 0, last, found.total);
    before.disabled = place.first === 0;
    after.disabled = found.nearest || last >= found.total;
    before.hidden = after.hidden = before.disabled && after.disabled;
  };
  let drawn: Promise<void>;
  const find = (): Promise<void> => (drawn = draw());
  // whoever was quicker than the list chose what is not listed any more: nothing is opened then
  const openListed = async (one: Row): Promise<void> => {
    for (let seen: Promise<void> | null = null; seen !== drawn; ) await (seen = drawn);
    if (body.querySelector(`[data-key="${CSS.escape(one.key)}"]`)) open(one);
  };
  const input = make("input", {
    type: "search", id: "search", autocomplete: "off", spellcheck: "false", value: place.words,
    oninput: () => {
      Object.assign(place, { words: input.value, first: 0 });
      void find();
    },
  });
  const whole = make(
    "section", { id: "patients", "aria-labelledby": "patients-title" },
    make("h2", { id: "patients-title", tabindex: "-1" }, title),
    make("label", { for: "search" }, words.search), input, count,
    make("table", {}, make("thead", {}, make("tr", {}, ...[words.number, words.name, words.born].map((text) => make("th", { scope: "col" }, text)))), body),
    make("p", { class: "actions" }, before, after),
  );
  void find();
  return whole;
}

function row(one: Row, open: () => void): HTMLElement {
  const label = texts().openDossier([one.name, one.note].filter(Boolean).join(", "));
  return make(
    "tr", {},
    make("td", {}, one.number),
    make(
      "td", {}, make("button", { type: "button", class: "link", "data-key": one.key, "aria-label": label, onclick: open }, one.name),
      one.note ? make("span", { class: "small" }, ` ${one.note}`) : null,
    ),
    make("td", {}, birthDate(one.born)),
  );
}
