import { Refusal } from "../base/refusal";

const MAX_NAME_BYTES = 1024;
const MAX_PARTS = 16;
const RESERVED = /^(con|prn|aux|nul|com[0-9]|lpt[0-9]|conin\$|conout\$)(\.|$)/i;

export const MIMETYPE = "mimetype";
export const KEYRING = "keyring.age";
export const MANIFEST = "manifest.json";
export const SUMS = "SHA256SUMS";
export const SET_MANIFEST = "set.json";
export const OPENER = "OUVRIR.HTM";
export const META = "META-INF/", PREVIOUS = "previous/", SOURCE = "source/";
/** Where revision or source `number` lies, with what it said of itself. */
export const placeOf = (folder: string, number: number): string => `${folder}${String(number).padStart(3, "0")}/`;
export const LISTS = ["META-INF/ASiCManifest001.xml", "META-INF/ASiCManifest002.xml"] as const;
export const SIGNATURES = ["META-INF/signature001.p7s", "META-INF/signature002.p7s"] as const;
export const REQUIRED = [MIMETYPE, "README.TXT", KEYRING, MANIFEST, SUMS, LISTS[0], SIGNATURES[0]];
export const NOT_DATA_OBJECTS = new Set<string>([MIMETYPE, ...LISTS, ...SIGNATURES]);

/** Whether `name` is where an evidence record or its list lies. */
export const isEvidence = (name: string): boolean =>
  /^META-INF\/(ASiCEvidenceRecordManifest(?!000)\d{3}\.xml|evidencerecord(?!000)\d{3}\.ers)$/.test(name);
/** Where the statement of destruction `number` and its signature lie. */
export const destructionMembers = (number: number): [statement: string, signature: string] => {
  const name = `META-INF/destruction${String(number).padStart(3, "0")}`;
  return [`${name}.json`, `${name}.p7s`];
};
/** Whether `name` is where a statement of destruction or its signature lies. */
export const isDestruction = (name: string): boolean => /^META-INF\/destruction(?!000)\d{3}\.(json|p7s)$/.test(name);
export const isKeyring = (name: string): boolean => /^keyring(-[a-z0-9-]{1,32})?\.age$/.test(name);
export const isUnitId = (name: string): boolean => /^[a-z2-7]{26}$/.test(name);
export const isPackageId = (text: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/.test(text);
export const unitMember = (unit: string): string => `units/${unit}.zip`;

/** Refuse a name that could lie elsewhere, or that some system misreads (section 2). */
export function requireSafeName(name: string): void {
  const parts = name.split("/");
  if (name.length > MAX_NAME_BYTES) throw new Refusal("container-irregular", name.slice(0, 200), "a name is too long");
  const safe =
    /^[A-Za-z0-9._/-]+$/.test(name) &&
    parts.length <= MAX_PARTS &&
    parts.every((part) => part && part !== "." && part !== ".." && !part.endsWith(".") && !RESERVED.test(part));
  if (!safe) throw new Refusal("unsafe-name", name.slice(0, 200));
}

/** Refuse names that differ in case only, stand twice, or of which one is the folder of another. */
export function requireDistinct(names: Iterable<string>): void {
  const known = new Set<string>();
  const folders = new Set<string>();
  for (const name of names) {
    const folded = name.toLowerCase();
    if (known.has(folded)) throw new Refusal("container-irregular", name, "the package holds it already");
    known.add(folded);
    for (let at = folded.indexOf("/"); at >= 0; at = folded.indexOf("/", at + 1)) folders.add(folded.slice(0, at));
  }
  for (const folder of folders) if (known.has(folder)) throw new Refusal("container-irregular", folder, "a file is a folder as well");
}
