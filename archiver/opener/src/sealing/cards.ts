import { type Bytes, ascii, equal, hex, join } from "../base/bytes";
import { sha256 } from "../base/digests";
import { Refusal } from "../base/refusal";
import { WORDS } from "./words";

/** The 32 bytes of a key, made of recovery cards (SLIP-39), and their check value. */
export interface RecoveredKey {
  identity: string;
  check: string;
}

interface Card {
  set: number;
  exponent: number;
  x: number;
  needed: number;
  bytes: number[];
}

const CARD_WORDS = 33;
const KEY_BYTES = 32;
const EXTENDABLE = "shamir_extendable";
const RS1024 = [
  0xe0e040, 0x1c1c080, 0x3838100, 0x7070200, 0xe0e0009, 0x1c0c2412, 0x38086c24, 0x3090fc48, 0x21b1f890, 0x3f3f120,
];
const BECH32 = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const PREFIX = "age-secret-key-pq-";
const CHECK = "archiver recovery check value\n";
/** Where in the polynomial the secret and its digest lie (SLIP-39). */
const SECRET_AT = 255, DIGEST_AT = 254;

/** Make the key again of the words of several cards, 33 each; numbers and signs between them are passed over. */
export async function keyOfCards(text: string): Promise<RecoveredKey> {
  const words = text.toLowerCase().match(/[a-z]+/g) ?? [];
  if (!words.length || words.length % CARD_WORDS) throw new Refusal("card-unreadable", "", `${words.length}`);
  const cards: Card[] = [];
  for (let at = 0; at < words.length; at += CARD_WORDS) cards.push(readCard(words.slice(at, at + CARD_WORDS), cards.length + 1));
  const used = enough(cards);
  const secret = polynomial(used, SECRET_AT);
  await requireDigest(used, secret);
  const key = await decipher(secret, used[0]!.exponent);
  for (const extra of cards.slice(used.length))
    if (!equal(Uint8Array.from(extra.bytes), polynomial(used, extra.x))) throw new Refusal("cards-disagree");
  const check = hex(sha256(join(ascii(CHECK), key))).slice(0, 8);
  return { identity: bech32(key), check: `${check.slice(0, 4)}-${check.slice(4)}` };
}

function readCard(words: string[], number: number): Card {
  const values = words.map((word) => WORDS.indexOf(word.slice(0, 4)));
  const unknown = values.indexOf(-1);
  if (unknown >= 0) throw new Refusal("card-word-unknown", `${number}`, `${unknown + 1}. ${words[unknown]}`);
  if (checksum([...ascii(EXTENDABLE), ...values]) !== 1) throw new Refusal("card-checksum-wrong", `${number}`);
  const bits = values.map((value) => value.toString(2).padStart(10, "0")).join("");
  const field = (from: number, length: number): number => parseInt(bits.slice(from, from + length), 2);
  // group index, group threshold and group count are those of one group; the padding is four zeros
  if (field(15, 1) !== 1 || field(20, 12) !== 0 || field(40, 4) !== 0) throw new Refusal("card-unreadable", `${number}`);
  return {
    set: field(0, 15), exponent: field(16, 4), x: field(32, 4), needed: field(36, 4) + 1,
    bytes: Array.from({ length: KEY_BYTES }, (_, place) => field(44 + 8 * place, 8)),
  };
}

/** As many cards as it takes; the others are compared with them. */
function enough(cards: Card[]): Card[] {
  const [first] = cards as [Card];
  const same = (one: Card): boolean => one.set === first.set && one.exponent === first.exponent && one.needed === first.needed;
  if (!cards.every(same)) throw new Refusal("cards-mixed");
  if (new Set(cards.map((one) => one.x)).size !== cards.length) throw new Refusal("card-twice");
  if (cards.length < first.needed) throw new Refusal("cards-too-few", "", `${cards.length}/${first.needed}`);
  return cards.slice(0, first.needed);
}

function checksum(values: number[]): number {
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 20;
    sum = ((sum & 0xfffff) << 10) ^ value;
    RS1024.forEach((one, bit) => (sum ^= (top >>> bit) & 1 ? one : 0));
  }
  return sum;
}

/** GF(256) by x^8 + x^4 + x^3 + x + 1, its generator x + 1. */
const POWERS: number[] = [1];
const LOGS: number[] = [];
for (let at = 0; at < 255; at++) {
  LOGS[POWERS[at]!] = at;
  const twice = POWERS[at]! << 1;
  POWERS.push(POWERS[at]! ^ (twice > 255 ? twice ^ 0x11b : twice));
}

function polynomial(cards: Card[], x: number): Bytes {
  return Uint8Array.from({ length: KEY_BYTES }, (_, place) => {
    let sum = 0;
    for (const one of cards) {
      const value = one.bytes[place]!;
      if (value === 0) continue;
      let factor = LOGS[value]!;
      for (const other of cards) if (other !== one) factor += LOGS[x ^ other.x]! - LOGS[one.x ^ other.x]!;
      sum ^= POWERS[((factor % 255) + 255) % 255]!;
    }
    return sum;
  });
}

/** The digest that tells whether cards belong together (SLIP-39, digest share). */
async function requireDigest(cards: Card[], secret: Bytes): Promise<void> {
  const proof = polynomial(cards, DIGEST_AT);
  const key = await crypto.subtle.importKey("raw", proof.slice(4), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const found = new Uint8Array(await crypto.subtle.sign("HMAC", key, secret));
  if (!equal(found.subarray(0, 4), proof.subarray(0, 4))) throw new Refusal("cards-disagree");
}

/** Four rounds of a Feistel network with an empty passphrase (SLIP-39, encryption of the master secret). */
async function decipher(sealed: Bytes, exponent: number): Promise<Bytes> {
  let [left, right] = [sealed.slice(0, 16), sealed.slice(16)];
  for (const round of [3, 2, 1, 0]) {
    const password = await crypto.subtle.importKey("raw", new Uint8Array([round]), "PBKDF2", false, ["deriveBits"]);
    const method = { name: "PBKDF2", hash: "SHA-256", salt: right, iterations: 2500 * 2 ** exponent };
    const mixed = new Uint8Array(await crypto.subtle.deriveBits(method, password, 128));
    [left, right] = [right, left.map((byte, place) => byte ^ mixed[place]!)];
  }
  return join(right, left);
}

/** The identity as age writes it (BIP 173 without its limit of length). */
function bech32(key: Bytes): string {
  const codes = [...ascii(PREFIX)];
  const bits = [...key].map((byte) => byte.toString(2).padStart(8, "0")).join("").padEnd(260, "0");
  const fives = (bits.match(/.{5}/g) ?? []).map((five) => parseInt(five, 2));
  let sum = 1;
  const spread = [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31), ...fives, 0, 0, 0, 0, 0, 0];
  for (const value of spread) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    BECH32.forEach((one, bit) => (sum ^= (top >>> bit) & 1 ? one : 0));
  }
  const end = [25, 20, 15, 10, 5, 0].map((shift) => ((sum ^ 1) >>> shift) & 31);
  return `${PREFIX}1${[...fives, ...end].map((five) => LETTERS[five]).join("")}`.toUpperCase();
}
