import { type Bytes, textOf } from "../../base/bytes";
import { parseJson } from "../../base/json";
import { Refusal } from "../../base/refusal";
import { type Signature, verifySignature } from "../../signing/signed-data";
import { type Timestamp, verifyTimestamp } from "../../signing/timestamp";
import { digest } from "../../base/digests";
import type { Members } from "../container";
import { Fields } from "../json-fields";
import type { Manifest } from "../manifest";
import { destructionMembers, isDestruction } from "../names";

/** A statement that units were destroyed at the end of their term (section 11.6). Whether its signer is to be believed
 * the person says, as of who signed the package; until then nothing is opened. */
export interface Destroyed {
  keeper: string;
  requestedBy: string;
  approvedBy: string;
  at: number;
  members: string[];
  /** Where the statement and its signature lie. */
  places: string[];
  signature: Signature;
  timestamp: Timestamp | null;
}
interface Statement extends Omit<Destroyed, "places" | "signature" | "timestamp"> {
  where: string;
  package: string;
  units: { member: string; size: number; sha256: string; destroyFrom: string }[];
}

const CODE = "destruction-statement-invalid";
const MAX_STATEMENT_BYTES = 64 << 20;
const MAX_SIGNATURE_BYTES = 8 << 20;
const MAX_UNITS = 200_000;
const UNIT = /^units\/[a-z2-7]{26}\.zip$/;
const DIGEST = /^[0-9a-f]{64}$/;
/** Between the clocks of two machines. */
const CLOCKS = 5 * 60_000;

type Part = (name: string, limit: number) => Promise<Bytes>;

/** Read every statement of a package: steps 1 and 2. Throws `member-missing`, `destruction-statement-invalid`. */
export async function readStatements(members: Members, part: Part): Promise<Statement[]> {
  const numbers = [...members.keys()].filter(isDestruction).map((name) => Number(/(\d{3})\.(?:json|p7s)$/.exec(name)![1]!));
  const found: Statement[] = [];
  for (let number = 1; number <= Math.max(0, ...numbers); number++) {
    const [where, signature] = destructionMembers(number);
    for (const name of [where, signature]) if (!members.has(name)) throw new Refusal("member-missing", name);
    found.push(readStatement(await part(where, MAX_STATEMENT_BYTES), where));
  }
  return found;
}

/** Members that the statements name. */
export const namedMembers = (statements: Statement[]): Set<string> => new Set(statements.flatMap((one) => one.members));

function readStatement(data: Bytes, where: string): Statement {
  try {
    const whole = new Fields(parseJson(textOf(data, CODE, where), CODE, where, () => undefined), where);
    if (whole.count("destruction") !== 1) whole.refuse("destruction", "it is of another version of the format");
    if (whole.code("ground") !== "term-ended") whole.refuse("ground", "it has another ground than the end of a term");
    const [requested, approved, at] = (["requested_at", "approved_at", "destroyed_at"] as const).map((key) => Date.parse(whole.moment(key))) as [number, number, number];
    if (requested > approved + CLOCKS || approved > at + CLOCKS) whole.refuse("destroyed_at", "it was carried out before it was approved");
    whole.text("record");
    const units = whole.objects("units").map((row) => ({
      member: row.text("member", UNIT), size: row.count("size"), sha256: row.text("sha256", DIGEST),
      destroyFrom: row.newYear("destroy_from") ?? row.refuse("destroy_from", "a unit without a term is kept"),
    }));
    const day = whole.moment("destroyed_at").slice(0, 10);
    if (!units.length || units.length > MAX_UNITS || new Set(units.map((one) => one.member)).size !== units.length)
      whole.refuse("units", "it names no unit, too many, or one twice");
    if (units.some((one) => one.destroyFrom > day)) whole.refuse("units", "it was carried out before a term had ended");
    const [requestedBy, approvedBy] = [whole.text("requested_by"), whole.text("approved_by")];
    if (plain(requestedBy) === plain(approvedBy)) whole.refuse("approved_by", "one person asked for the destruction and approved it");
    return { where, package: whole.text("package"), keeper: whole.text("keeper"), requestedBy, approvedBy, at, units, members: units.map((one) => one.member) };
  } catch (fault) {
    throw fault instanceof Refusal ? new Refusal(CODE, fault.where || where, fault.reason) : fault;
  }
}

/** A name as names are compared: NFKC, without case, with single spaces. */
const plain = (name: string): string => name.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean).join(" ");

/** Follow steps 3 and 4 but for whom the person accepts and when; throws the first thing that is false. */
export async function judgeStatements(
  statements: Statement[], members: Members, manifest: Manifest, part: Part, now: number, requireFit: (signature: Signature, where: string) => void,
): Promise<Destroyed[]> {
  const units = new Map(manifest.units.map((one) => [`units/${one.id}.zip`, one]));
  const named = new Set<string>();
  const found: Destroyed[] = [];
  for (const [place, one] of statements.entries()) {
    const refuse = (reason: string): never => {
      throw new Refusal(CODE, one.where, reason);
    };
    if (one.package !== manifest.package) refuse("it is about another package");
    if (one.at > now + CLOCKS) refuse("it was carried out after the moment for which it is judged");
    for (const unit of one.units) {
      const stated = units.get(unit.member) ?? refuse("it names a unit that the package never had");
      if (stated.size !== unit.size || stated.sha256 !== unit.sha256) refuse("it names a unit with other bytes than were signed");
      if (stated.destroyFrom === null || unit.destroyFrom < stated.destroyFrom) refuse("the manifest states a later term, or none");
      if (members.has(unit.member)) refuse("a unit that it names is there");
      if (named.has(unit.member)) refuse("two statements name one unit");
      named.add(unit.member);
    }
    const [statement, name] = destructionMembers(place + 1);
    const signature = await verifySignature(await part(name, MAX_SIGNATURE_BYTES), await part(statement, MAX_STATEMENT_BYTES), name);
    requireFit(signature, name);
    const timestamp = signature.token ? await verifyTimestamp(signature.token, (hash) => digest(hash, signature.value), name) : null;
    const { keeper, requestedBy, approvedBy, at } = one;
    found.push({ keeper, requestedBy, approvedBy, at, members: one.members, places: [statement, name], signature, timestamp });
  }
  return found;
}
