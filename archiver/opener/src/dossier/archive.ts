import { hex, textOf } from "../base/bytes";
import { sha256 } from "../base/digests";
import { canonical, parseJson } from "../base/json";
import { Refusal } from "../base/refusal";
import type { Entry } from "../sealing/keyring";
import { type Opened, openUnit } from "../sealing/unit";
import { type PlainMember, readZip } from "./zip";

/** One dossier, opened: its plain archive and the files in it. */
export interface Dossier {
  member: string;
  plain: Blob;
  files: Map<string, PlainMember>;
  /** What a file was called, by its place (`DATA/NAMES.CSV`). */
  names: Map<string, { original: string; title: string }>;
}

const UNIT = "DATA/UNIT.JSO", NAMES = "DATA/NAMES.CSV", SUMS = "DATA/SHA256.TXT";
const MAX_UNIT_JSON = 65_536;
const MAX_LIST = 64 << 20;

/** Open the unit of `entry` and compare what comes out with the keyring (section 16, step 3). */
export async function openDossier(unit: Blob, entry: Entry): Promise<Dossier> {
  const opened = await openUnit(unit, entry.passphrase, entry.unit);
  if (opened.member !== entry.member || opened.plain.size !== entry.plainSize || opened.sha256 !== entry.plainSha256)
    throw new Refusal("unit-mismatch", entry.unit);
  const dossier = await readArchive(opened);
  if (entry.patient) await compareUnit(dossier, entry);
  return dossier;
}

/** Open a unit by its words alone: nothing says what must come out of it. */
export async function openAlone(unit: Blob, passphrase: string, where: string): Promise<Dossier> {
  return readArchive(await openUnit(unit, passphrase, where));
}

async function readArchive(opened: Opened): Promise<Dossier> {
  const files = await readZip(opened.plain);
  return { member: opened.member, plain: opened.plain, files, names: await readNames(files) };
}

/** Unit and traits of `DATA/UNIT.JSO` are those of the keyring's line. */
async function compareUnit(dossier: Dossier, entry: Entry): Promise<void> {
  const file = dossier.files.get(UNIT);
  if (!file || file.size > MAX_UNIT_JSON) throw new Refusal(file ? "limit-exceeded" : "unit-mismatch", UNIT);
  const text = textOf(await file.read(), "unit-mismatch", UNIT);
  const value = parseJson(text, "unit-mismatch", UNIT);
  const keys = value instanceof Map ? [...value.keys()].sort().join() : "";
  if (!(value instanceof Map) || keys !== "patient,salt,unit" || canonical(value) !== text) throw new Refusal("unit-mismatch", UNIT);
  const same =
    value.get("unit") === entry.unit && value.get("salt") === entry.salt && canonical(value.get("patient")!) === canonical(entry.patient!);
  if (!same) throw new Refusal("unit-mismatch", UNIT);
}

async function readNames(files: Map<string, PlainMember>): Promise<Dossier["names"]> {
  const found: Dossier["names"] = new Map();
  const file = files.get(NAMES);
  if (!file || file.size > MAX_LIST) return found;
  const text = textOf(await file.read(), "table-unreadable", NAMES).replace(/^\ufeff/, "");
  const [heading, ...rows] = csv(text);
  if (heading?.[0] !== "name" || heading[1] !== "original_name" || heading[2] !== "title") throw new Refusal("table-unreadable", NAMES);
  for (const [name, original, title] of rows) found.set(name ?? "", { original: original ?? "", title: title ?? "" });
  return found;
}

/** Rows of a list (patient-archive, section 8): `;`, CRLF, every cell between quotation marks, an apostrophe in front. */
export function csv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const cell = /"((?:[^"]|"")*)"(;|\r\n|$)/y;
  while (cell.lastIndex < text.length) {
    const found = cell.exec(text);
    if (!found) throw new Refusal("table-unreadable");
    row.push(found[1]!.replaceAll('""', '"').replace(/^'/, ""));
    if (found[2] !== ";") {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

/** The names of files that are not what `DATA/SHA256.TXT` says, or that it does not name; each is read. */
export async function differingFiles(dossier: Dossier): Promise<string[]> {
  const file = dossier.files.get(SUMS);
  if (!file) return [SUMS];
  const lines = textOf(await file.read(), "list-invalid", SUMS).trimEnd().split(/\r?\n/);
  const listed = new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
  const differing: string[] = [];
  for (const [name, one] of dossier.files) {
    if (name === SUMS || one.isFolder) continue;
    if (listed.get(name) !== hex(sha256(await one.read()))) differing.push(name);
  }
  return differing;
}

