import { type Bytes, textOf } from "../base/bytes";
import { parseJson } from "../base/json";
import { Refusal } from "../base/refusal";
import { Fields } from "./json-fields";
import { KEYRING, MANIFEST, isKeyring, isPackageId, isUnitId, unitMember } from "./names";

export interface Organisation {
  name: string;
  identifiers: { system: string; value: string }[];
}
export interface UnitRow {
  id: string;
  size: number;
  sha256: string;
  destroyFrom: string | null;
  hold: boolean;
}
export interface Manifest {
  package: string;
  created: string;
  /** 1 for the first; then what it replaces (SHA-256 of that manifest) and what proves that its maker had opened the package. */
  revision: number;
  replaces: string;
  revisionMac: string;
  /** The packages from which its units were taken, where it was split off (section 10.1). */
  sources: { package: string; manifest: string }[];
  legalGround: string;
  scope: { kind: string; leftOut: Map<string, number> };
  controllerBefore: Organisation;
  controllerAfter: Organisation | null;
  sender: Organisation;
  receiver: Organisation | null;
  counts: Map<string, number>;
  keyrings: string[];
  commitment: string;
  patients: { root: string; size: number };
  signatures: { certificate: string; timestamp: boolean; revocation: boolean }[];
  units: UnitRow[];
  volume: { id: string; number: number; of: number; year: number | null } | null;
}

const DIGEST = /^[0-9a-f]{64}$/, LONG_DIGEST = /^[0-9a-f]{128}$/;
const MAX_MANIFEST_BYTES = 128 << 20;
const MAX_ROW = 16_384;
/** Signs between two rows: a comma, a line end, spaces. */
const MAX_SEPARATOR = 8;
const MAX_REST = 1 << 20;
const MAX_UNITS = 200_000;
const MAX_VOLUMES = 500;
const MAX_REVISION = 999;
const MAX_SOURCES = 500;

/** Parse a manifest within the limits of section 18; `rows` is the list whose elements may be many. */
export function parseManifest(data: Bytes, file: string, rows: string, limit: number): Fields {
  if (data.length > limit) throw new Refusal("manifest-invalid", file, "it is too long");
  const text = textOf(data, "manifest-invalid", file);
  let [listed, count] = [0, 0];
  const whole = parseJson(text, "manifest-invalid", file, (key, size) => {
    if (key !== rows) return;
    if (size > MAX_ROW) throw new Refusal("manifest-invalid", file, "a row is too long");
    listed += size;
    count++;
  });
  if (text.length - listed - MAX_SEPARATOR * count > MAX_REST) throw new Refusal("manifest-invalid", file, "it is too long");
  return new Fields(whole, file);
}

/** Read `manifest.json` (section 6). Throws `manifest-invalid`. */
export function readManifest(data: Bytes): Manifest {
  const whole = parseManifest(data, MANIFEST, "units", MAX_MANIFEST_BYTES);
  if (whole.text("format") !== "1") whole.refuse("format", "it is of another version of the format");
  if (!isPackageId(whole.text("package"))) whole.refuse("package", "the package has no plain identifier");
  const scope = whole.object("scope");
  const patients = whole.object("patients_commitment");
  const units = readUnits(whole);
  const manifest = {
    package: whole.text("package"),
    ...readRevision(whole),
    sources: readSources(whole),
    scope: { kind: scope.code("kind"), leftOut: scope.object("left_out").counts() },
    created: whole.moment("created"),
    legalGround: whole.code("legal_ground"),
    controllerBefore: organisation(whole.object("controller_before")),
    controllerAfter: perhaps(whole, "controller_after"),
    sender: organisation(whole.object("sender")),
    receiver: perhaps(whole, "receiver"),
    counts: whole.object("counts").counts(),
    keyrings: readKeyrings(whole),
    commitment: whole.text("keyring_commitment", LONG_DIGEST),
    patients: { root: patients.text("root", DIGEST), size: patients.count("size") },
    signatures: readSignatures(whole),
    units,
    volume: readVolume(whole),
  };
  if (manifest.patients.size + 1 !== units.length) whole.refuse("patients_commitment.size", "it commits to another number of patients");
  requireYear(whole, manifest);
  return manifest;
}

/** Which revision it is; the first has none of the three keys. */
function readRevision(whole: Fields): Pick<Manifest, "revision" | "replaces" | "revisionMac"> {
  if (!["revision", "replaces", "revision_mac"].some((key) => whole.has(key))) return { revision: 1, replaces: "", revisionMac: "" };
  const revision = whole.count("revision");
  if (revision < 2 || revision > MAX_REVISION) whole.refuse("revision", "a whole number is out of range");
  return { revision, replaces: whole.text("replaces", DIGEST), revisionMac: whole.text("revision_mac", DIGEST) };
}

function readSources(whole: Fields): Manifest["sources"] {
  if (!whole.has("sources")) return [];
  const found = whole.objects("sources").map((one) => ({ package: one.text("package"), manifest: one.text("manifest_sha256", DIGEST) }));
  const plain = found.every((one) => isPackageId(one.package));
  const different = new Set(found.map((one) => one.package)).size === found.length;
  if (!plain || !different || found.length < 1 || found.length > MAX_SOURCES) whole.refuse("sources", "it does not name the packages it was taken from");
  return found;
}

export function organisation(found: Fields): Organisation {
  return {
    name: found.text("name"),
    identifiers: found.objects("identifiers").map((one) => ({ system: one.text("system"), value: one.text("value") })),
  };
}

export const perhaps = (whole: Fields, key: string): Organisation | null =>
  whole.get(key) === null ? null : organisation(whole.object(key));

export function readSignatures(whole: Fields): Manifest["signatures"] {
  const found = whole.objects("signatures").map((one) => ({
    certificate: one.text("certificate", DIGEST),
    timestamp: one.truth("timestamp"),
    revocation: one.truth("revocation"),
  }));
  const different = new Set(found.map((one) => one.certificate)).size === found.length;
  if (found.length < 1 || found.length > 2 || !different) whole.refuse("signatures", "it does not name one or two signers");
  return found;
}

function readKeyrings(whole: Fields): string[] {
  const names = whole.list("keyrings");
  const plain = names.filter((name): name is string => typeof name === "string" && isKeyring(name));
  if (plain.length !== names.length || !plain.includes(KEYRING) || new Set(plain).size !== plain.length)
    whole.refuse("keyrings", "it does not say where its keyring lies");
  return plain;
}

function readUnits(whole: Fields): UnitRow[] {
  const known = new Set<string>();
  return whole.objects("units").map((row) => {
    const id = row.text("id");
    if (!isUnitId(id) || known.has(id)) row.refuse("id", "a unit has no identifier of its own");
    if (row.text("member") !== unitMember(id)) row.refuse("member", "a unit does not lie where its identifier says");
    known.add(id);
    if (known.size > MAX_UNITS) row.refuse("id", "it lists more units than any keyring opens");
    return {
      id,
      size: row.count("size"),
      sha256: row.text("sha256", DIGEST),
      destroyFrom: row.newYear("destroy_from"),
      hold: row.truth("hold"),
    };
  });
}

function readVolume(whole: Fields): Manifest["volume"] {
  if (whole.get("set") === null) return null;
  const found = whole.object("set");
  const [id, number, of] = [found.text("id"), found.count("volume"), found.count("of")];
  if (!isPackageId(id)) found.refuse("id", "the set has no plain identifier");
  if (number < 1 || number > of || of < 2 || of > MAX_VOLUMES) found.refuse("volume", "a whole number is out of range");
  const year = found.get("retention_year") === null ? null : found.count("retention_year");
  if (year !== null && (year < 1 || year >= 9999)) found.refuse("retention_year", "a whole number is out of range");
  return { id, number, of, year };
}

function requireYear(whole: Fields, manifest: Manifest): void {
  const year = manifest.volume?.year ?? null;
  if (year === null) return;
  const first = `${String(year + 1).padStart(4, "0")}-01-01`;
  if (manifest.units.some((one) => one.destroyFrom !== first)) whole.refuse("units", "a unit is not of the year of its volume");
}
