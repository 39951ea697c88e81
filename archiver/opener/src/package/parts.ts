import { type Bytes, bytesOf, equal } from "../base/bytes";
import { Refusal } from "../base/refusal";
import type { Members } from "./container";
import * as names from "./names";
import { MAX_LIST_BYTES, type SignedList, readSignedList } from "./signed-list";

/** The bytes of the member `name`, of at most `limit`. Throws `member-missing`, `limit-exceeded`. */
export async function small(members: Members, name: string, limit: number): Promise<Bytes> {
  const member = members.get(name);
  if (!member) throw new Refusal("member-missing", name);
  if (member.size > limit) throw new Refusal("limit-exceeded", name);
  return bytesOf(member.body);
}

/** Read the signed list, and the second one where two sign: it says the same (section 8). */
export async function readLists(members: Members, required: string[]): Promise<SignedList[]> {
  for (const name of required) if (!members.has(name)) throw new Refusal("member-missing", name);
  const found: SignedList[] = [];
  for (const [number, name] of names.LISTS.entries()) {
    const signature = names.SIGNATURES[number]!;
    if (members.has(name) !== members.has(signature)) throw new Refusal("member-missing", members.has(name) ? signature : name);
    if (members.has(name)) found.push(readSignedList(await small(members, name, MAX_LIST_BYTES), name, signature));
  }
  const [first, second] = found as [SignedList, SignedList | undefined];
  if (second && (first.hash !== second.hash || !sameDigests(first.digests, second.digests)))
    throw new Refusal("lists-disagree", names.LISTS[1]);
  return found;
}

const sameDigests = (one: Map<string, Bytes>, other: Map<string, Bytes>): boolean =>
  one.size === other.size && [...one].every(([name, digest]) => equal(digest, other.get(name) ?? new Uint8Array()));
