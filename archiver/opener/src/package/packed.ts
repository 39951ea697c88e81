import { crc32 } from "../base/digests";
import { bytesOf } from "../base/bytes";
import { Refusal } from "../base/refusal";
import { type Entry, MAX32, type Members, directoryEntry, endRecords, localHeader } from "./container";
import * as names from "./names";
import { readLists } from "./parts";

const PIECE = 4 << 20;

/** Make the file again that was unpacked in a folder (section 12): `mimetype`, what the signed list names in its order, each list with
 * its signature, and behind them what came later, by number. A part is copied nowhere: the file refers to it. A writer may have
 * reserved room for long sizes; then the file was another one. */
export async function packedFile(members: Members): Promise<Blob> {
  const [list] = await readLists(members, []);
  if (!list) throw new Refusal("member-missing", names.LISTS[0]);
  const signed = names.LISTS.flatMap((name, place) => [name, names.SIGNATURES[place]!]);
  const later = [...members.keys()].filter((name) => names.isDestruction(name) || names.isEvidence(name)).sort(byNumber);
  const order = [names.MIMETYPE, ...list.digests.keys(), ...signed, ...later].filter((name) => members.has(name));
  const parts: BlobPart[] = [];
  const directory: BlobPart[] = [];
  let [offset, length] = [0, 0];
  for (const name of order) {
    const { body, size } = members.get(name)!;
    const large = size >= MAX32;
    const entry: Entry = { name, size, offset, crc: await checksum(body), version: large || offset >= MAX32 ? 45 : 20 };
    const head = localHeader(entry, large);
    const row = directoryEntry(entry);
    parts.push(head, body);
    directory.push(row);
    offset += head.length + size;
    length += row.length;
  }
  return new Blob([...parts, ...directory, endRecords(order.length, length, offset)]);
}

async function checksum(body: Blob): Promise<number> {
  let found = 0;
  for (let at = 0; at < body.size; at += PIECE) found = crc32(await bytesOf(body.slice(at, at + PIECE)), found);
  return found;
}

/** Statements of destruction before evidence, by number; a statement before its signature, a list before its record. */
function byNumber(one: string, other: string): number {
  const key = (name: string): string => `${Number(names.isEvidence(name))}${/\d{3}/.exec(name)![0]}${Number(/\.(p7s|ers)$/.test(name))}`;
  return key(one) < key(other) ? -1 : 1;
}
