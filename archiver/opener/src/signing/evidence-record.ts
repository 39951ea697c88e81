import { type Bytes, join, order } from "../base/bytes";
import { type HashName, digest } from "../base/digests";
import { Refusal } from "../base/refusal";
import { HASHES } from "./algorithms";
import * as der from "./der";

/** An archive time-stamp (RFC 4998, 4.1): lists of hashes that lead to what its token is over. */
export interface ArchiveStamp {
  lists: Bytes[][];
  token: Bytes;
}

/** A chain of archive time-stamps under one hash function, each over those before it (RFC 4998, 5). */
export interface Chain {
  hash: HashName;
  stamps: ArchiveStamp[];
  whole: Bytes;
}

export interface EvidenceRecord {
  first: HashName;
  chains: Chain[];
}

const MAX_CHAINS = 64;
const MAX_STAMPS = 256;

/** Read an evidence record (RFC 4998, section 3.1), strict DER. Throws `evidence-unreadable`; `limit-exceeded` for what
 * this page does not judge. */
export function readEvidenceRecord(data: Bytes, where: string): EvidenceRecord {
  try {
    const whole = der.single(data, der.SEQUENCE);
    der.requireStrict(whole);
    const [version, algorithms, sequence, ...more] = der.elements(whole.content);
    if (der.number(version) !== 1 || more.length) der.fail();
    const named = der.inside(algorithms, der.SEQUENCE).map((one) => hashNamed(der.inside(one, der.SEQUENCE)[0], where));
    const chains = der.inside(sequence, der.SEQUENCE);
    if (!named.length || !chains.length) der.fail();
    if (chains.length > MAX_CHAINS) throw new Refusal("limit-exceeded", where);
    const found = chains.map((one) => readChain(one, where));
    if (found.some((one) => !named.includes(one.hash))) der.fail();
    return { first: named[0]!, chains: found };
  } catch (fault) {
    if (fault instanceof Refusal) throw fault;
    throw new Refusal("evidence-unreadable", where);
  }
}

function hashNamed(one: der.Element | undefined, where: string): HashName {
  const name = der.oid(one);
  const found = HASHES[name];
  if (!found) throw new Refusal("limit-exceeded", where, "this page does not know a hash function of the evidence");
  return found;
}

function readChain(chain: der.Element, where: string): Chain {
  const members = der.inside(chain, der.SEQUENCE);
  if (!members.length) der.fail();
  if (members.length > MAX_STAMPS) throw new Refusal("limit-exceeded", where);
  const found = members.map((one) => readStamp(one, where));
  const hash = found[0]!.hash;
  if (found.some((one) => one.hash !== hash)) throw new Refusal("evidence-link-broken", where);
  return { hash, stamps: found, whole: chain.whole };
}

function readStamp(stamp: der.Element, where: string): ArchiveStamp & { hash: HashName } {
  const parts = der.inside(stamp, der.SEQUENCE);
  const token = parts.pop();
  if (token?.tag !== der.SEQUENCE) der.fail();
  const named = parts[0]?.tag === 0xa0 ? parts.shift() : undefined;
  if (parts[0]?.tag === 0xa1) throw new Refusal("limit-exceeded", where);
  const tree = parts[0]?.tag === 0xa2 ? parts.shift() : undefined;
  if (parts.length) der.fail();
  const [imprintHash, imprint] = imprintOf(token.whole);
  const hash = hashNamed(named ? der.elements(named.content)[0] : imprintHash, where);
  const size = digest(hash, new Uint8Array()).length;
  const lists = tree
    ? der.elements(tree.content).map((list) => der.inside(list, der.SEQUENCE).map((one) => (one.tag === der.OCTETS && one.content.length === size ? one.content : der.fail())))
    : [[imprint.content]];
  if (!lists.length || lists.some((one) => !one.length)) der.fail();
  return { hash, lists, token: token.whole };
}

/** The hash function and the imprint that a token names, before anything of it is verified. */
function imprintOf(token: Bytes): [der.Element, der.Element] {
  const [, explicit] = der.inside(der.single(token, der.SEQUENCE), der.SEQUENCE);
  const fields = der.inside(der.inside(explicit, 0xa0)[0], der.SEQUENCE);
  const [, content] = der.inside(fields[2], der.SEQUENCE);
  const info = der.inside(der.single(der.single(der.inside(content, 0xa0)[0]!.whole, der.OCTETS).content, der.SEQUENCE), der.SEQUENCE);
  const [algorithm, imprint] = der.inside(info[2], der.SEQUENCE);
  const name = der.inside(algorithm, der.SEQUENCE)[0];
  return name && imprint?.tag === der.OCTETS ? [name, imprint] : der.fail();
}

/** The roots that the lists lead to (RFC 4998, 4.3): several values stand for the hash of them in order; of a first list of one
 * value there are two, for programs read the RFC in two ways: the value leads on as it is, or hashed once more. */
export function rootsOf([first, ...lists]: Bytes[][], hash: HashName): Bytes[] {
  const over = (values: Bytes[]): Bytes => digest(hash, join(...values.sort(order)));
  const begun = first!.length === 1 ? [first![0]!, digest(hash, first![0]!)] : [over([...first!])];
  return begun.map((one) => lists.reduce((node, list) => over([...list, node]), one));
}

/** What all chains before `count` are as one sequence, for the first list of the next chain. */
export const sequenceOf = (chains: Chain[], count: number): Bytes => der.encode(der.SEQUENCE, join(...chains.slice(0, count).map((one) => one.whole)));
