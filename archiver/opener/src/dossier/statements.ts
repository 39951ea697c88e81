import { type Bytes, textOf } from "../base/bytes";
import { type Json, type JsonObject, parseJson } from "../base/json";
import type { Dossier } from "./archive";

/** How the practice showed a picture (patient-bundle, image_files): part, turn clockwise after the mirror, grey values. */
export interface Statement {
  crop: number[];
  rotation: number;
  flipped: boolean;
  window: number[];
}

const BUNDLE = "DATA/DOSSIER.JSO", SUMS = "DATA/SHA256.TXT";
/** A bundle, and a list of digests, that are read whole here. */
const MAX_BUNDLE = 64 << 20;
const MAX_SUMS = 32 << 20;
const EXTENSION = /\/StructureDefinition\/(crop|rotation|flipped|window)$/;

const known = new WeakMap<Dossier, Promise<Map<string, Statement>>>();

/** The statements of a dossier about its pictures, by the name of the file. None where they cannot be read: pictures are
 * shown as they are then. */
export function readStatements(dossier: Dossier): Promise<Map<string, Statement>> {
  const found = known.get(dossier) ?? statementsOf(dossier);
  known.set(dossier, found);
  return found;
}

async function statementsOf(dossier: Dossier): Promise<Map<string, Statement>> {
  const found = new Map<string, Statement>();
  const [bundle, sums] = [dossier.files.get(BUNDLE), dossier.files.get(SUMS)];
  if (!bundle || !sums || bundle.size > MAX_BUNDLE || sums.size > MAX_SUMS) return found;
  const names = namesByDigest(textOf(await sums.read(), "list-invalid", SUMS));
  for (const line of lines(await bundle.read())) {
    if (!line.includes('"Media"')) continue;
    let entry: Json;
    try {
      entry = parseJson(line.replace(/,$/, ""), "table-unreadable", BUNDLE);
    } catch {
      continue; // a bundle that is laid out otherwise says nothing here
    }
    const media = field(entry, "resource");
    const digest = /^urn:sha256:([0-9a-f]{64})$/.exec(String(field(field(media, "content"), "url")))?.[1];
    const statement = media instanceof Map ? statementOf(media) : null;
    if (statement) for (const name of names.get(digest ?? "") ?? []) found.set(name, statement);
  }
  return found;
}

function* lines(data: Bytes): Generator<string> {
  const decoder = new TextDecoder();
  for (let at = 0; at < data.length; ) {
    const end = data.indexOf(10, at);
    yield decoder.decode(data.subarray(at, end < 0 ? data.length : end));
    at = end < 0 ? data.length : end + 1;
  }
}

function namesByDigest(text: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const line of text.split(/\r?\n/)) {
    const digest = line.slice(0, 64);
    const names = found.get(digest) ?? [];
    names.push(line.slice(66));
    found.set(digest, names);
  }
  return found;
}

const field = (value: Json | undefined, key: string): Json | undefined => (value instanceof Map ? value.get(key) : undefined);

function statementOf(media: JsonObject): Statement | null {
  const statement: Statement = { crop: [], rotation: 0, flipped: false, window: [] };
  const extensions = media.get("extension");
  let any = false;
  for (const one of Array.isArray(extensions) ? extensions : []) {
    const name = EXTENSION.exec(String(field(one, "url")))?.[1];
    const [whole, truth] = [field(one, "valueInteger"), field(one, "valueBoolean")];
    if (name === "flipped" && truth === true) statement.flipped = any = true;
    if (typeof whole !== "number" || !name || name === "flipped") continue;
    any = true;
    if (name === "rotation") statement.rotation = whole;
    else statement[name as "crop" | "window"].push(whole);
  }
  return any ? statement : null;
}
