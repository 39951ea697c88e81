import { isFrench, make, texts } from "./dom";
import type { Listed, State } from "./state";

/** Rows that are drawn at once: a page of 20,000 answers no key any more. */
const MAX_ROWS = 200;

const folded = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** How a person is called in lists. */
export function nameOfPatient(one: Listed): string {
  const patient = one.entry.patient;
  if (!patient) return texts().practice;
  const family = patient.get("used_family") ?? patient.get("family") ?? "";
  const born = patient.get("family");
  const birth = born && born !== family ? ` (${born})` : "";
  return `${family.toUpperCase()}${birth} ${patient.get("given") ?? ""}`.trim();
}

const birthDate = (text: string): string => {
  const [year, month, day] = text.split("-");
  return isFrench() ? [day, month, year].filter(Boolean).join("/") : text;
};

/** The list of dossiers, and its search. */
export function patientList(state: State, open: (one: Listed) => void): HTMLElement {
  const words = texts();
  const rows = state.listed
    .map((one) => ({ one, name: nameOfPatient(one), number: one.entry.patient?.get("number") ?? "", born: one.entry.patient?.get("birth_date") ?? "" }))
    .sort((first, second) => Number(!first.one.entry.patient) - Number(!second.one.entry.patient) || first.name.localeCompare(second.name, "fr"));
  const keys = rows.map((row) => folded(`${row.name} ${row.number} ${row.born} ${birthDate(row.born)}`));
  const body = make("tbody", {});
  const count = make("p", { "aria-live": "polite" });
  const draw = (): void => {
    const asked = folded(input.value).split(/\s+/).filter(Boolean);
    const found = rows.filter((_, place) => asked.every((word) => keys[place]!.includes(word)));
    body.replaceChildren(
      ...found.slice(0, MAX_ROWS).map((row) =>
        make(
          "tr", {},
          make("td", {}, row.number),
          make("td", {}, make("button", { type: "button", class: "link", "aria-label": words.openDossier(row.name), onclick: () => open(row.one) }, row.name)),
          make("td", {}, birthDate(row.born)),
        ),
      ),
    );
    count.textContent = words.found(Math.min(found.length, MAX_ROWS), found.length);
  };
  const input = make("input", { type: "search", id: "search", autocomplete: "off", oninput: draw });
  draw();
  return make(
    "section", { id: "patients", "aria-labelledby": "patients-title" },
    make("h2", { id: "patients-title", tabindex: "-1" }, words.patientsTitle),
    make("label", { for: "search" }, words.search), input, count,
    make("table", {}, make("thead", {}, make("tr", {}, ...[words.number, words.name, words.born].map((text) => make("th", { scope: "col" }, text)))), body),
  );
}
