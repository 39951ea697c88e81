import type { Dossier } from "../dossier/archive";
import { isBesideGiven } from "./comparing";
import { isFrench, make, otherLanguage, refusalText, texts } from "./dom";
import { closeDossier, dossierView } from "./dossier/dossier-view";
import { keepFocus } from "./focus";
import { believe, takeIn } from "./examining";
import { type Given, filesIn, readFolder, readGiven } from "./intake";
import { type Typed, keyForm } from "./key-form";
import { openByWords, openKeyrings } from "./opening";
import { type ListPlace, patientList } from "./patients";
import { evidenceLine, report, stampRoots } from "./report";
import { isServed } from "../served/session";
import { servedBeginning } from "../served/start";
import type { Row } from "./source";
import { type State, emptyState, mayOpen } from "./state";
import { type During, working } from "./working";
import { packages } from "../worker/package-reader";

let state: State = emptyState();
const app = document.getElementById("app")!;
const licences = document.getElementById("licences")?.textContent ?? "";
/** What the screen shows besides the choice of files; drawn anew in another language. */
let shown: (() => HTMLElement[]) | null = null;
let messages: string[] = [];
/** The dossier that is open. */
let opened: Dossier | null = null;
/** The beginning, to which one comes back from a dossier. */
let beginning: () => HTMLElement[] = first;
const place: ListPlace = { words: "", first: 0 };

function draw(): void {
  const words = texts();
  const { title, lead } = isServed() ? words.served : words;
  document.title = title;
  const language = make("button", { type: "button", id: "language", class: "language", lang: isFrench() ? "en" : "fr", onclick: () => (otherLanguage(), draw()) }, words.other);
  const parts = [
    make("header", {}, language, make("h1", {}, title), make("p", {}, lead), make("p", { class: "note" }, words.notForDiagnosis)),
    make("main", {}, ...(shown ? shown() : [])),
    make("footer", {}, make("details", {}, make("summary", {}, words.licences), make("pre", {}, licences))),
  ];
  keepFocus(app, () => app.replaceChildren(...parts), () => ["files-input", "search", "language"].map((id) => document.getElementById(id)));
}

/** The beginning: what was given, what was found about it, and the key. */
function first(): HTMLElement[] {
  const words = texts();
  const parts = [choice()];
  if (state.packages.length || state.set) parts.push(verdict());
  if ((state.packages.length || state.units.length) && mayOpen(state)) parts.push(keyForm(state, open));
  if (state.source) parts.push(patientList(state.source, place, words.patientsTitle, (one) => void openOne(one)));
  return parts;
}

function choice(): HTMLElement {
  const words = texts();
  const files = make("input", { type: "file", multiple: true, id: "files-input", onchange: () => void take([...(files.files ?? [])]) });
  const folder = make("input", { type: "file", webkitdirectory: true, id: "folder-input", onchange: () => void takeFolder(chosen(folder)) });
  return make(
    "section", { id: "choose", "aria-labelledby": "choose-title" },
    make("h2", { id: "choose-title" }, words.chooseTitle),
    make("p", {}, words.chooseText),
    make(
      "div", { class: "drop" },
      make("p", { "aria-hidden": "true" }, words.dropHere),
      make("p", { class: "actions" }, make("label", { class: "button" }, words.chooseFiles, files), make("label", { class: "button" }, words.chooseFolder, folder)),
    ),
    make("ul", { id: "given", "aria-live": "polite" }, ...state.given.map(givenLine), ...messages.map((text) => make("li", {}, text))),
    state.given.length ? make("button", { type: "button", id: "start-again", onclick: startAgain }, words.startAgain) : null,
  );
}

function givenLine(one: Given): HTMLElement {
  const words = texts();
  if (one.kind === "unknown") return make("li", {}, words.unknownFile(one.name));
  const stray = one.kind === "evidence" && !isBesideGiven(one.name, state.given);
  return make("li", {}, stray ? words.strayEvidence(one.name) : words.taken(one.name, words.kinds[one.kind]));
}

/** The files of a folder that was chosen, with their paths. */
const chosen = (input: HTMLInputElement): [string, File][] => [...(input.files ?? [])].map((file) => [file.webkitRelativePath || file.name, file]);

/** Close the dossier that is open: its key and what was read of it are forgotten. */
function close(): void {
  if (opened) closeDossier(opened);
  opened = null;
}

function startAgain(): void {
  close();
  state = emptyState();
  messages = [];
  void packages.ask("forget", {});
  draw();
}

function verdict(): HTMLElement {
  const words = texts();
  const { set } = state;
  const volumes = set?.refusal
    ? make("div", { class: "refused", role: "alert" }, make("h3", {}, words.refusedTitle(set.name)), make("p", {}, refusalText(set.refusal)), make("p", {}, words.refusedNext))
    : set ? make("div", {}, make("p", { class: "good" }, words.setGood(set.volumes)), make("ul", {}, ...set.beside.map(evidenceLine))) : null;
  return make(
    "section", { id: "verdict", "aria-labelledby": "verdict-title" },
    make("h2", { id: "verdict-title", tabindex: "-1" }, words.verdictTitle),
    volumes,
    ...state.packages.map((one) => report(one, state, draw)),
    stampRoots(state, () => void judgeAnew()),
  );
}

/** Judge again when the person said whom they believe. */
async function judgeAnew(): Promise<void> {
  state.source = null;
  // stopped half-way, what is shown would not be what was said
  await during(texts().reading, (work) => believe(state, (name) => work.at(texts().judging(name))), null);
  draw();
}

/** Take the files that somebody chose or dropped, and judge what is new. */
async function take(files: File[]): Promise<void> {
  await takeGiven(() => Promise.all(files.map(readGiven)));
}

async function takeFolder(files: [path: string, file: File][]): Promise<void> {
  await takeGiven(() => readFolder(files));
}

const during: During = async (label, work, stop = isServed() ? null : () => packages.stop()) => {
  const shownWork = working(app, label, stop);
  try {
    return await work(shownWork);
  } finally {
    shownWork.end();
  }
};

async function takeGiven(read: () => Promise<Given[]>): Promise<void> {
  const words = texts();
  close();
  state.source = null;
  Object.assign(place, { words: "", first: 0 });
  messages = [];
  let judged = false;
  try {
    await during(words.reading, async (work) => {
      const given = await read();
      await takeIn(state, given, (name) => work.at(words.judging(name)));
      judged = given.some((one) => "files" in one);
    });
  } catch (fault) {
    messages = [refusalText(fault)];
  }
  shown = first;
  draw();
  if (judged) document.getElementById("verdict-title")?.focus();
}

async function open(typed: Typed, said: HTMLElement): Promise<void> {
  const words = texts();
  said.textContent = "";
  try {
    if (typed.unitWords) {
      const [dossier, judged] = await during(words.trying, (work) => openByWords(state, typed.unitWords, work.at(words.trying)));
      showDossier(dossier, dossier.member, judged ? words.wordsNote : words.aloneNote);
      return;
    }
    const check = await during(words.opening, (work) => openKeyrings(state, typed, work.at(words.opening)));
    messages = check ? [words.check(check)] : [];
    draw();
    document.getElementById("patients-title")?.focus();
  } catch (fault) {
    said.textContent = `${words.notOpened} ${refusalText(fault)}`;
  }
}

async function openOne(one: Row): Promise<void> {
  const list = document.getElementById("patients")!;
  list.querySelector(".refused")?.remove();
  const { unpacking } = texts();
  try {
    const { dossier, notes } = await during(unpacking, (work) => one.open(work.at(unpacking)));
    showDossier(dossier, one.name, notes.join(" "));
  } catch (fault) {
    list.querySelector("h2")!.after(make("p", { class: "refused", role: "alert" }, `${one.name} — ${refusalText(fault)}`));
  }
}

function showDossier(dossier: Dossier, name: string, note: string): void {
  close();
  opened = dossier;
  const back = (): void => {
    close();
    shown = beginning;
    draw();
    document.getElementById("search")?.focus();
  };
  shown = () => [dossierView(dossier, name, note, back, during)];
  draw();
  document.getElementById("dossier-title")?.focus();
}

/** Take what is dropped anywhere on the page. */
function takeDropped(): void {
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    if (app.getAttribute("aria-busy") === "true") return;
    const entries = [...(event.dataTransfer?.items ?? [])].flatMap((item) => item.webkitGetAsEntry() ?? []);
    // a text that was dragged is no file
    if (!entries.length) return;
    void takeGiven(async () => {
      const files = (await Promise.all(entries.map((entry) => filesIn(entry)))).flat();
      return entries.some((entry) => entry.isDirectory) ? readFolder(files) : Promise.all(files.map(([, file]) => readGiven(file)));
    });
  });
}

/** Show the store that the program serves. */
async function readStore(): Promise<void> {
  shown = () => [make("p", { role: "status" }, texts().served.entering)];
  app.setAttribute("aria-busy", "true");
  draw();
  beginning = await servedBeginning(place, (one) => void openOne(one));
  shown = beginning;
  draw();
  app.setAttribute("aria-busy", "false");
  document.getElementById("search")?.focus();
}

/** What was not checked is printed with the rest, though nobody unfolded it on the screen. */
function unfoldForPrint(): void {
  let unfolded: HTMLDetailsElement[] = [];
  addEventListener("beforeprint", () => {
    unfolded = [...document.querySelectorAll<HTMLDetailsElement>(".judged details:not([open])")];
    for (const one of unfolded) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of unfolded) one.open = false;
  });
}

unfoldForPrint();
document.documentElement.lang = isFrench() ? "fr" : "en";
if (isServed()) void readStore();
else {
  takeDropped();
  shown = first;
  draw();
}
