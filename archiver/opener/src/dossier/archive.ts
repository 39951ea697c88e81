import { hex, textOf } from "../base/bytes";
import { canonical, parseJson } from "../base/json";
import type { Progress } from "../base/progress";
import { type RandomAccess, accessTo } from "../base/random-access";
import { Refusal } from "../base/refusal";
import type { Entry } from "../sealing/keyring";
import { type Opened, openUnit } from "../sealing/unit";
import { type PlainMember, readZip } from "./zip";

/** A plain archive that can be read, and its name. */
export interface PlainArchive {
  member: string;
  plain: RandomAccess;
}

/** One dossier, opened: its plain archive and the files in it. */
export interface Dossier extends PlainArchive {
  files: Map<string, PlainMember>;
  /** What a file was called, by its place (`DATA/NAMES.CSV`). */
  names: Map<string, { original: string; title: string }>;
  /** Whether its page was made from the data by whoever serves it, and did not come with it. */
  made?: boolean;
}

/** What the keyring says that lies in a unit. */
export type Expected = Pick<Entry, "unit" | "salt" | "patient">;

const UNIT = "DATA/UNIT.JSO", NAMES = "DATA/NAMES.CSV";
const MAX_UNIT_JSON = 65_536;
const MAX_LIST = 64 << 20;

/** Open the unit of `entry` and compare what comes out with the keyring (section 16, step 3); nothing of it stays. */
export async function openListed(unit: Blob, entry: Entry, progress: Progress): Promise<Opened> {
  const opened = await openUnit(unit, entry.passphrase, entry.unit, (done, total) => progress(done / 2, total));
  const { member, plain } = opened;
  try {
    const same = member === entry.member && plain.size === entry.plainSize;
    if (!same || hex(await plain.digest((done, total) => progress((total + done) / 2, total))) !== entry.plainSha256)
      throw new Refusal("unit-mismatch", entry.unit);
  } catch (fault) {
    plain.close();
    throw fault;
  }
  return opened;
}

/** Read what came out of a unit, and compare it with what the keyring says of it; the words of a dossier say nothing. It is
 * closed where it is refused. */
export async function readDossier(archive: PlainArchive, expected: Expected | null, progress: Progress): Promise<Dossier> {
  try {
    const dossier = await readArchive(archive, progress);
    if (expected?.patient) await compareUnit(dossier, expected);
    return dossier;
  } catch (fault) {
    archive.plain.close();
    throw fault;
  }
}

/** Read the plain archive that the program on this computer made from its data. */
export async function servedDossier(member: string, plain: Blob, progress: Progress): Promise<Dossier> {
  return { ...(await readArchive({ member, plain: accessTo(plain) }, progress)), made: true };
}

async function readArchive(archive: PlainArchive, progress: Progress): Promise<Dossier> {
  const files = await readZip(archive.plain, progress);
  return { ...archive, files, names: await readNames(files) };
}

/** Unit and traits of `DATA/UNIT.JSO` are those of the keyring's line. */
async function compareUnit(dossier: Dossier, expected: Expected): Promise<void> {
  const file = dossier.files.get(UNIT);
  if (!file || file.size > MAX_UNIT_JSON) throw new Refusal(file ? "limit-exceeded" : "unit-mismatch", UNIT);
  const text = textOf(await file.read(), "unit-mismatch", UNIT);
  const value = parseJson(text, "unit-mismatch", UNIT);
  const keys = value instanceof Map ? [...value.keys()].sort().join() : "";
  if (!(value instanceof Map) || keys !== "patient,salt,unit" || canonical(value) !== text) throw new Refusal("unit-mismatch", UNIT);
  const same =
    value.get("unit") === expected.unit && value.get("salt") === expected.salt && canonical(value.get("patient")!) === canonical(expected.patient!);
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
  for (let at = 0; at < text.length; ) {
    const start = at + 1;
    let end = text[at] === '"' ? text.indexOf('"', start) : -1;
    while (end >= 0 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
    if (end < 0) throw new Refusal("table-unreadable");
    row.push(text.slice(start, end).replaceAll('""', '"').replace(/^'/, ""));
    at = end + 1;
    if (text[at] === ";" && at + 1 < text.length) at++;
    else if (at === text.length || text.startsWith("\r\n", at)) {
      at += 2;
      rows.push(row);
      row = [];
    } else throw new Refusal("table-unreadable");
  }
  return rows;
}
