import { Decrypter, armor } from "age-encryption";
import { type Bytes, join } from "../base/bytes";
import { Refusal } from "../base/refusal";

/** What somebody has to open an age file: identities (text), or a passphrase. */
export interface Secret {
  identities: string[];
  passphrase: string;
}

const VERSION = "age-encryption.org/v1";
const ARMOR = "-----BEGIN AGE ENCRYPTED FILE-----";
const MAX_HEADER = 262_144;
const MAX_STANZAS = 64;
const MAX_WORK = 20;
const IDENTITY = /^AGE-SECRET-KEY-(PQ-)?1[A-Z0-9]+$/i;

/** The identities in a text: one a line, as age and this project write them. */
export function identitiesIn(text: string): string[] {
  return text.split(/\r?\n/).map((line) => line.trim()).filter((line) => IDENTITY.test(line)).map((one) => one.toUpperCase());
}

export const isArmored = (text: string): boolean => text.trimStart().startsWith(ARMOR);

export const isAge = (data: Uint8Array): boolean =>
  new TextDecoder().decode(data.subarray(0, VERSION.length)) === VERSION;

/** The kinds of the stanzas of an age file, judged as section 5.1 does, before any cryptography. */
export function stanzasOf(data: Bytes, where: string): string[] {
  const head = new TextDecoder("latin1").decode(data.subarray(0, MAX_HEADER + 1));
  const end = head.indexOf("\n--- ");
  if (!head.startsWith(`${VERSION}\n`)) throw new Refusal("seal-broken", where, "it is no age file");
  if (end < 0) throw new Refusal(head.length > MAX_HEADER ? "limit-exceeded" : "seal-broken", where, "its header has no end");
  const stanzas = head.slice(0, end).split("\n").filter((line) => line.startsWith("-> ")).map((line) => line.slice(3).split(" "));
  if (stanzas.length > MAX_STANZAS) throw new Refusal("limit-exceeded", where, "it has more than 64 stanzas");
  const kinds = stanzas.map((one) => one[0] ?? "");
  const mixed = kinds.includes("X25519") && kinds.includes("mlkem768x25519");
  if (mixed || (kinds.includes("scrypt") && kinds.length > 1)) throw new Refusal("seal-broken", where, "recipients of several kinds");
  if (kinds[0] === "scrypt" && Number(stanzas[0]![2]) > MAX_WORK) throw new Refusal("seal-broken", where, "its work factor is too high");
  return kinds;
}

/** Decrypt an age file. Throws `wrong-key`, `wrong-passphrase`, `seal-broken`. */
export async function openAge(data: Bytes, secret: Secret, where: string): Promise<Bytes> {
  const plain = isArmored(new TextDecoder("latin1").decode(data.subarray(0, 64))) ? dearmored(data, where) : data;
  const kinds = stanzasOf(plain, where);
  const byPassphrase = kinds[0] === "scrypt";
  if (byPassphrase && !secret.passphrase) throw new Refusal("wrong-key", where);
  const decrypter = new Decrypter();
  if (byPassphrase) decrypter.addPassphrase(secret.passphrase);
  else for (const one of secret.identities) addIdentity(decrypter, one);
  if (!byPassphrase && !secret.identities.length) throw new Refusal("wrong-key", where);
  try {
    return join(await decrypter.decrypt(plain));
  } catch (fault) {
    if (/no identity matched/i.test(String(fault))) throw new Refusal(byPassphrase ? "wrong-passphrase" : "wrong-key", where);
    throw new Refusal("seal-broken", where, "an encrypted part was changed, or is of another shape");
  }
}

function addIdentity(decrypter: Decrypter, text: string): void {
  try {
    decrypter.addIdentity(text);
  } catch {
    throw new Refusal("key-unreadable", "", "the identity is mistyped");
  }
}

function dearmored(data: Bytes, where: string): Bytes {
  try {
    return join(armor.decode(new TextDecoder().decode(data)));
  } catch {
    throw new Refusal("seal-broken", where, "its armor is damaged");
  }
}
