import { type Bytes, ascii, bytesOf, equal } from "../base/bytes";
import { coveredBy } from "../package/beside";
import { identitiesIn, isAge, isArmored } from "../sealing/age";
import { isUnit } from "../sealing/unit";
import { type Certificate, fromPem, readCertificate } from "../signing/certificate";

/** A file that somebody gave, told by what is in it. */
export type Given =
  | { kind: "package" | "folder" | "set"; name: string; files: [path: string, file: File][]; folder: boolean }
  | { kind: "unit"; name: string; body: Blob }
  | { kind: "roots"; name: string; roots: Certificate[] }
  | { kind: "identity"; name: string; identities: string[] }
  | { kind: "locked"; name: string; data: Bytes }
  | { kind: "evidence"; name: string; data: File }
  | { kind: "unknown"; name: string };

/** Keys and certificates are short; a longer file is none. */
const MAX_SMALL = 1 << 20;
/** With which DER of a certificate begins. */
const SEQUENCE = 0x30;

export async function readGiven(file: File): Promise<Given> {
  const { name } = file;
  if (coveredBy(name)) return { kind: "evidence", name, data: file };
  const start = await bytesOf(file.slice(0, 30));
  if (isUnit(start)) return { kind: "unit", name, body: file };
  const container: Given = { kind: /-set\.asice$/i.test(name) ? "set" : "package", name, files: [[name, file]], folder: false };
  // what is called a package is judged as one, whatever it is
  if (equal(start.subarray(0, 2), ascii("PK")) || /\.asice$/i.test(name)) return container;
  if (file.size > MAX_SMALL) return { kind: "unknown", name };
  const data = await bytesOf(file);
  const text = new TextDecoder().decode(data);
  const roots = certificates(data, text);
  if (roots.length) return { kind: "roots", name, roots };
  if (isAge(data) || isArmored(text)) return { kind: "locked", name, data };
  const identities = identitiesIn(text);
  if (identities.length) return { kind: "identity", name, identities };
  return { kind: "unknown", name };
}

/** The certificates in a file of PEM, or the one that it is in DER. */
function certificates(data: Bytes, text: string): Certificate[] {
  try {
    return data[0] === SEQUENCE ? [readCertificate(data)] : fromPem(text);
  } catch {
    return [];
  }
}

/** Files of unpacked packages, by their path below the folder that was chosen; others lie beside them. */
export async function readFolder(files: [path: string, file: File][]): Promise<Given[]> {
  const places = files.flatMap(([path]) => /^(.*\/|)mimetype$/.exec(path)?.[1] ?? []);
  const roots = places.filter((one) => !places.some((other) => other !== one && one.startsWith(other)));
  const rootOf = (path: string): string | undefined => roots.find((one) => path.startsWith(one));
  const folders = roots.map((root): Given => {
    const inside = files.filter(([path]) => rootOf(path) === root).map(([path, file]): [string, File] => [path.slice(root.length), file]);
    return { kind: "folder", name: root || "/", files: inside, folder: true };
  });
  const beside = files.filter(([path]) => rootOf(path) === undefined);
  return [...folders, ...(await Promise.all(beside.map(([, file]) => readGiven(file))))];
}

/** Every file below what was dropped, with its path. */
export async function filesIn(entry: FileSystemEntry, path = ""): Promise<[string, File][]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [[path + entry.name, file]];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: [string, File][] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return found;
    for (const one of some) found.push(...(await filesIn(one, `${path}${entry.name}/`)));
  }
}
