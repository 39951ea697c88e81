import { Refusal } from "../base/refusal";
import { type Judged, judge, isSet, isVouched } from "../package/judge";
import { judgeSet } from "../package/volumes";
import type { Dossier } from "../dossier/archive";
import { drawn, isFrench, make, otherLanguage, refusalText, texts } from "./dom";
import { dossierView } from "./dossier-view";
import { type Given, filesIn, readFolder, readGiven } from "./intake";
import { type Typed, keyForm } from "./key-form";
import { openByWords, openKeyrings, openListed } from "./opening";
import { nameOfPatient, patientList } from "./patients";
import { report } from "./report";
import { type Listed, type State, emptyState, mayOpen } from "./state";

let state: State = emptyState();
const app = document.getElementById("app")!;
const licences = document.getElementById("licences")?.textContent ?? "";
/** What the screen shows besides the choice of files; drawn anew in another language. */
let shown: (() => HTMLElement[]) | null = null;
let messages: string[] = [];

function draw(): void {
  const words = texts();
  document.title = words.title;
  const language = make("button", { type: "button", class: "language", lang: isFrench() ? "en" : "fr", onclick: () => (otherLanguage(), draw()) }, words.other);
  app.replaceChildren(
    make("header", {}, language, make("h1", {}, words.title), make("p", {}, words.lead), make("p", { class: "note" }, words.notForDiagnosis)),
    make("main", {}, ...(shown ? shown() : [])),
    make("footer", {}, make("details", {}, make("summary", {}, words.licences), make("pre", {}, licences))),
  );
}

/** The beginning: what was given, what was found about it, and the key. */
function first(): HTMLElement[] {
  const parts = [choice()];
  if (state.packages.length || state.set) parts.push(verdict());
  if ((state.packages.length || state.units.length) && mayOpen(state)) parts.push(keyForm(state, open));
  if (state.listed.length) parts.push(patientList(state, (one) => void openOne(one)));
  return parts;
}

function choice(): HTMLElement {
  const words = texts();
  const files = make("input", { type: "file", multiple: true, id: "files-input", onchange: () => void take([...(files.files ?? [])]) });
  const folder = make("input", { type: "file", webkitdirectory: true, id: "folder-input", onchange: () => void takeFolder([...(folder.files ?? [])]) });
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
    state.given.length ? make("button", { type: "button", onclick: () => ((state = emptyState()), (messages = []), draw()) }, words.startAgain) : null,
  );
}

function givenLine(one: Given): HTMLElement {
  const words = texts();
  return make("li", {}, one.kind === "unknown" ? words.unknownFile(one.name) : words.taken(one.name, words.kinds[one.kind]));
}

function verdict(): HTMLElement {
  const words = texts();
  const { set } = state;
  const volumes = set?.refusal
    ? make("div", { class: "refused", role: "alert" }, make("h3", {}, words.refusedTitle(set.name)), make("p", {}, refusalText(set.refusal)), make("p", {}, words.refusedNext))
    : set ? make("p", { class: "good" }, words.setGood(set.volumes)) : null;
  return make(
    "section", { id: "verdict", "aria-labelledby": "verdict-title" },
    make("h2", { id: "verdict-title", tabindex: "-1" }, words.verdictTitle),
    volumes,
    ...state.packages.map((one) => report(one, state, draw)),
  );
}

/** Take the files that somebody chose or dropped, and judge what is new. */
async function take(files: File[]): Promise<void> {
  busy(true);
  await takeGiven(await Promise.all(files.map(readGiven)));
}

async function takeFolder(files: File[]): Promise<void> {
  busy(true);
  await takeGiven(await readFolder(files.map((file) => [file.webkitRelativePath || file.name, file])));
}

/** While files are judged or opened, readers of the screen and tests are told so. */
function busy(on: boolean): void {
  app.setAttribute("aria-busy", String(on));
}

async function takeGiven(given: Given[]): Promise<void> {
  state.given.push(...given);
  state.listed = [];
  for (const one of given) {
    if (one.kind === "roots") state.roots.push(...one.roots);
    if (one.kind === "identity") state.identities.push(...one.identities);
    if (one.kind === "locked") state.locked.push(one.data);
    if (one.kind === "unit") state.units.push({ name: one.name, body: one.body });
  }
  for (const one of given) if ("read" in one && one.kind !== "set") await examine(one);
  const sets = state.given.filter((one) => one.kind === "set");
  if (sets.length) await examineSet(sets as Extract<Given, { read: unknown }>[]);
  await vouch();
  shown = first;
  draw();
  busy(false);
  if (given.some((one) => "read" in one)) document.getElementById("verdict-title")?.focus();
}

async function examine(one: Extract<Given, { read: unknown }>): Promise<void> {
  const said = make("p", { role: "status" }, texts().judging(0));
  app.querySelector("main")?.append(said);
  await drawn();
  const found = { name: one.name, folder: one.kind === "folder", judged: null, refusal: null };
  let last = performance.now();
  try {
    const members = await one.read();
    if (isSet(members)) {
      state.given = state.given.map((given) => (given === one ? { ...one, kind: "set" } : given));
      return;
    }
    const judged = await judge(members, Date.now(), (done, total) => {
      if (performance.now() - last < 200) return;
      last = performance.now();
      said.textContent = texts().judging(Math.floor((100 * done) / total));
    });
    state.packages.push({ ...found, judged });
  } catch (refusal) {
    state.packages.push({ ...found, refusal });
  } finally {
    said.remove();
  }
}

async function examineSet(sets: Extract<Given, { read: unknown }>[]): Promise<void> {
  const [one] = sets as [Extract<Given, { read: unknown }>];
  const result = { name: one.name, volumes: state.packages.length, refusal: null as unknown };
  try {
    const evidence = state.given.find((each) => each.kind === "evidence");
    if (evidence) throw new Refusal("limit-exceeded", evidence.name, "this page does not judge evidence records");
    if (sets.length > 1) throw new Refusal("volume-foreign", sets[1]!.name);
    const judged = state.packages.flatMap((each): [string, Judged][] => (each.judged ? [[each.name, each.judged]] : []));
    const signatures = await judgeSet(await one.read(), judged, Date.now());
    const signers = new Set(state.packages.flatMap((each) => each.judged?.signatures ?? []).map((each) => each.signer.fingerprint));
    if (signatures.some((each) => !signers.has(each.signer.fingerprint))) throw new Refusal("signer-untrusted", one.name);
  } catch (refusal) {
    result.refusal = refusal;
  }
  state.set = result;
}

/** Which signers the certificates vouch for that were given. */
async function vouch(): Promise<void> {
  for (const one of state.packages.flatMap((each) => each.judged?.signatures ?? []))
    if (await isVouched(one.signer, state.roots, Date.now())) state.vouched.add(one.signer.fingerprint);
}

async function open(typed: Typed, said: HTMLElement): Promise<void> {
  said.textContent = texts().opening;
  busy(true);
  await drawn();
  try {
    if (typed.unitWords) {
      const [dossier, judged] = await openByWords(state, typed.unitWords, (done, total) => (said.textContent = texts().trying(done, total)));
      showDossier(dossier, dossier.member, judged ? texts().wordsNote : texts().aloneNote);
      return;
    }
    const check = await openKeyrings(state, typed);
    messages = check ? [texts().check(check)] : [];
    draw();
    document.getElementById("patients-title")?.focus();
  } catch (fault) {
    said.textContent = `${texts().notOpened} ${refusalText(fault)}`;
  } finally {
    busy(false);
  }
}

async function openOne(one: Listed): Promise<void> {
  const place = document.getElementById("patients")!;
  place.querySelector(".refused")?.remove();
  const said = make("p", { role: "status" }, texts().unpacking);
  place.append(said);
  busy(true);
  await drawn();
  try {
    showDossier(await openListed(one), nameOfPatient(one), "");
  } catch (fault) {
    said.remove();
    place.querySelector("h2")!.after(make("p", { class: "refused", role: "alert" }, `${nameOfPatient(one)} — ${refusalText(fault)}`));
  } finally {
    busy(false);
  }
}

function showDossier(dossier: Dossier, name: string, note: string): void {
  const back = (): void => {
    shown = first;
    draw();
    document.getElementById("search")?.focus();
  };
  shown = () => [dossierView(dossier, name, note, back)];
  draw();
  document.getElementById("dossier-title")?.focus();
}

document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  event.preventDefault();
  const entries = [...(event.dataTransfer?.items ?? [])].flatMap((item) => item.webkitGetAsEntry() ?? []);
  void (async () => {
    const files = (await Promise.all(entries.map((entry) => filesIn(entry)))).flat();
    if (entries.some((entry) => entry.isDirectory)) await takeGiven(await readFolder(files));
    else await take(files.map(([, file]) => file));
  })();
});

document.documentElement.lang = isFrench() ? "fr" : "en";
shown = first;
draw();
