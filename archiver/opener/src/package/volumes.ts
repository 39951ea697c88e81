import { hex } from "../base/bytes";
import type { HashName } from "../base/digests";
import type { Progress } from "../base/progress";
import { Refusal } from "../base/refusal";
import type { Members } from "./container";
import { Fields } from "./json-fields";
import { type Judged, compareBytes, compareNames, requireSize } from "./judge";
import { type Manifest, organisation, parseManifest, perhaps, readSignatures } from "./manifest";
import * as names from "./names";
import { readLists, small } from "./parts";
import { type Signed, compareSignatures, requireFit, verifySignatures, verifyTimestamps } from "./signatures";

/** The set file lists volumes (section 12). */
interface Volumes {
  set: string;
  counts: Map<string, number>;
  signatures: Manifest["signatures"];
  volumes: Volume[];
}
interface Volume {
  file: string;
  package: string;
  manifest: string;
  units: number;
  year: number | null;
  destroyFrom: string | null;
}

const MAX_SET_BYTES = 8 << 20;
const MAX_SET_FILE = 16 << 20;
const REQUIRED = [names.MIMETYPE, "README.TXT", names.SET_MANIFEST, names.LISTS[0], names.SIGNATURES[0]];
const OWN = /^(mimetype|README\.TXT|OUVRIR\.HTM|set\.json|docs\/.+|META-INF\/(ASiCManifest|signature)00[12]\.(xml|p7s))$/;
const DIGEST = /^[0-9a-f]{64}$/;
const MIN_VOLUMES = 2, MAX_VOLUMES = 500;

/** A volume that was judged; of several revisions of one that were given it is the newest, and has the names of all their files. */
export interface GivenVolume {
  files: string[];
  volume: Judged;
}

/** Judge the container that ties a set, and that `judged` are its volumes, all of them. Returns its signatures, their time-stamps, and
 * the hash function of its signed list. */
export async function judgeSet(members: Members, judged: GivenVolume[], progress: Progress): Promise<Signed & { hash: HashName }> {
  const size = [...members.values()].reduce((sum, one) => sum + one.size, 0);
  if (size > MAX_SET_FILE) throw new Refusal("limit-exceeded", names.SET_MANIFEST);
  const lists = await readLists(members, REQUIRED);
  compareNames(members, lists[0]!.digests);
  for (const name of members.keys()) if (!OWN.test(name)) throw new Refusal("member-unlisted", name);
  requireSize(members);
  await compareBytes(members, lists[0]!, progress);
  const signatures = await verifySignatures(members);
  requireFit(signatures);
  const timestamps = await verifyTimestamps(signatures);
  const found = readVolumes(parseManifest(await small(members, names.SET_MANIFEST, MAX_SET_BYTES), names.SET_MANIFEST, "volumes", MAX_SET_BYTES));
  compareSignatures(found, signatures);
  compareVolumes(found, judged);
  return { signatures, timestamps, hash: lists[0]!.hash };
}

function readVolumes(whole: Fields): Volumes {
  if (whole.text("format") !== "1") whole.refuse("format", "it is of another version of the format");
  if (!names.isPackageId(whole.text("set"))) whole.refuse("set", "the set has no plain identifier");
  whole.moment("created");
  whole.code("legal_ground");
  for (const key of ["controller_before", "sender"]) organisation(whole.object(key));
  for (const key of ["controller_after", "receiver"]) perhaps(whole, key);
  const volumes = whole.objects("volumes").map(readVolume);
  if (volumes.length < MIN_VOLUMES || volumes.length > MAX_VOLUMES) whole.refuse("volumes", "their number is out of range");
  for (const key of ["file", "package"] as const)
    if (new Set(volumes.map((one) => folded(one[key]))).size !== volumes.length) whole.refuse("volumes", `a ${key} is listed twice`);
  return { set: whole.text("set"), counts: whole.object("counts").counts(), signatures: readSignatures(whole), volumes };
}

/** Without regard to case, letters that become two in capitals included. */
const folded = (text: string): string => text.toUpperCase().toLowerCase();

function readVolume(row: Fields): Volume {
  const file = row.text("file");
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f<>:"|?*\\/]/.test(file) || /[. ]$/.test(file) || file.normalize("NFC") !== file) row.refuse("file", "it would not lie beside the set");
  if (!names.isPackageId(row.text("package"))) row.refuse("package", "the package has no plain identifier");
  row.count("size");
  return {
    file, package: row.text("package"), manifest: row.text("manifest_sha256", DIGEST), units: row.count("units"),
    year: row.get("retention_year") === null ? null : row.count("retention_year"), destroyFrom: row.newYear("destroy_from"),
  };
}

function compareVolumes(found: Volumes, judged: GivenVolume[]): void {
  const totals = new Map<string, number>();
  for (const [place, listed] of found.volumes.entries()) {
    const volume = judged.find((one) => one.files.includes(listed.file))?.volume;
    if (!volume) throw new Refusal("volume-missing", listed.file);
    const { manifest } = volume;
    const stated = manifest.volume;
    const same =
      manifest.package === listed.package && stated?.id === found.set && stated.number === place + 1 && stated.of === found.volumes.length && stated.year === listed.year &&
      manifest.units.length === listed.units && isTerm(manifest, listed.destroyFrom) && manifestDigests(volume).includes(listed.manifest);
    if (!same) throw new Refusal("volume-foreign", listed.file);
    for (const [kind, count] of manifest.counts) totals.set(kind, (totals.get(kind) ?? 0) + count);
  }
  if (judged.length !== found.volumes.length) throw new Refusal("volume-foreign");
  const same = [...found.counts].every(([kind, count]) => (totals.get(kind) ?? 0) === count);
  if (!same || [...totals].some(([kind, count]) => (found.counts.get(kind) ?? 0) !== count)) throw new Refusal("counts-differ", names.SET_MANIFEST);
}

/** Whether the last unit may be destroyed when the set says; a later revision may put that off. */
function isTerm(manifest: Manifest, listed: string | null): boolean {
  const found = latest(manifest);
  return found === listed || (manifest.revision > 1 && listed !== null && (found === null || found > listed));
}

/** The digests of the manifest of a package, and of those of the revisions before it. */
export function manifestDigests({ manifest, digests }: Judged): string[] {
  const places = Array.from({ length: manifest.revision - 1 }, (_, place) => names.placeOf(names.PREVIOUS, place + 1));
  return [...places, ""].map((place) => hex(digests.get(place + names.MANIFEST)!));
}

/** When the last unit may be destroyed; nobody can tell where one of them is unknown. */
function latest(manifest: Manifest): string | null {
  const terms = manifest.units.map((one) => one.destroyFrom);
  return terms.includes(null) ? null : terms.reduce((one, other) => (one! > other! ? one : other), "");
}
