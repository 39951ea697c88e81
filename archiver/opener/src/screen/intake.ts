import { type Bytes, ascii, bytesOf, equal } from "../base/bytes";
import { type Members, readContainer, requireMediaType } from "../package/container";
import { membersOfFolder } from "../package/judge";
import { MIMETYPE } from "../package/names";
import { identitiesIn, isAge, isArmored } from "../sealing/age";
import { isUnit } from "../sealing/unit";
import { type Certificate, fromPem } from "../signing/certificate";

/** A file that somebody gave, told by what is in it. */
export type Given =
  | { kind: "package" | "folder" | "set"; name: string; read: () => Promise<Members> }
  | { kind: "unit"; name: string; body: Blob }
  | { kind: "roots"; name: string; roots: Certificate[] }
  | { kind: "identity"; name: string; identities: string[] }
  | { kind: "locked"; name: string; data: Bytes }
  | { kind: "evidence" | "unknown"; name: string };

/** Keys and certificates are short; a longer file is none. */
const MAX_SMALL = 1 << 20;

export async function readGiven(file: File): Promise<Given> {
  const { name } = file;
  if (/\.ers$/i.test(name)) return { kind: "evidence", name };
  const start = await bytesOf(file.slice(0, 30));
  if (isUnit(start)) return { kind: "unit", name, body: file };
  const container: Given = { kind: /-set\.asice$/i.test(name) ? "set" : "package", name, read: () => readContainer(file) };
  // what is called a package is judged as one, whatever it is
  if (equal(start.subarray(0, 2), ascii("PK")) || /\.asice$/i.test(name)) return container;
  if (file.size > MAX_SMALL) return { kind: "unknown", name };
  const data = await bytesOf(file);
  const text = new TextDecoder().decode(data);
  if (text.includes("-----BEGIN CERTIFICATE-----")) return { kind: "roots", name, roots: certificates(text) };
  if (isAge(data) || isArmored(text)) return { kind: "locked", name, data };
  const identities = identitiesIn(text);
  if (identities.length) return { kind: "identity", name, identities };
  return { kind: "unknown", name };
}

function certificates(text: string): Certificate[] {
  try {
    return fromPem(text);
  } catch {
    return [];
  }
}

/** Files of an unpacked package, by their path below the folder that was chosen; others lie beside it. */
export async function readFolder(files: [path: string, file: File][]): Promise<Given[]> {
  const root = files.find(([path]) => /(^|\/)mimetype$/.test(path))?.[0].replace(/mimetype$/, "");
  if (root === undefined) return Promise.all(files.map(([, file]) => readGiven(file)));
  const inside = files.filter(([path]) => path.startsWith(root)).map(([path, file]): [string, File] => [path.slice(root.length), file]);
  const beside = files.filter(([path]) => !path.startsWith(root));
  const folder: Given = {
    kind: "folder", name: root || "/",
    read: async () => {
      const members = membersOfFolder(inside);
      await requireMediaType(members, MIMETYPE);
      return members;
    },
  };
  return [folder, ...(await Promise.all(beside.map(([, file]) => readGiven(file))))];
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
