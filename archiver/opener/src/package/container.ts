import { type Bytes, ascii, bytesOf, equal, join, record, view } from "../base/bytes";
import { Refusal, require } from "../base/refusal";
import { MIMETYPE, requireDistinct, requireSafeName } from "./names";

/** A member of a package: where its bytes lie in which file, and the CRC-32 that the container states. */
export class Member {
  constructor(
    readonly name: string,
    readonly file: Blob,
    readonly at: number,
    readonly size: number,
    /** Null in an unpacked folder. */
    readonly crc: number | null,
  ) {}

  /** Its bytes. Cut out when they are read: a browser takes a quarter of a millisecond for each cut. */
  get body(): Blob {
    return this.file.slice(this.at, this.at + this.size);
  }

  /** The same under another name. */
  called(name: string): Member {
    return new Member(name, this.file, this.at, this.size, this.crc);
  }
}
export type Members = Map<string, Member>;

/** What the container says of a member. */
export interface Entry {
  name: string;
  crc: number;
  size: number;
  offset: number;
  version: number;
}

export const MEDIA_TYPE = ascii("application/vnd.etsi.asic-e+zip");
const MAX_MEMBERS = 500_000;
/** Bytes of the directory at most: each member with a name of 1,024 bytes and the numbers of ZIP64. */
const MAX_DIRECTORY = MAX_MEMBERS * (46 + 1024 + 28);
export const MAX32 = 0xffffffff;
const MAX16 = 0xffff;
/** Bytes of the end record; with its locator and the ZIP64 end record before it. */
const END = 22;
const END64 = 56 + 20;
const MADE_BY = 0x032d;
const DATE = 0x0021;
const FILE_0644 = 0x81a40000;
const WINDOW = 1 << 20;
const irregular = (reason: string, where = ""): Refusal => new Refusal("container-irregular", where, reason);

/** Short reads that follow each other, from a window of the file: each read of a browser's takes a millisecond. */
export class Window {
  private start = 0;
  private held: Bytes = new Uint8Array();

  constructor(readonly file: Blob) {}

  async read(at: number, size: number): Promise<Bytes> {
    if (at < this.start || at + size > this.start + this.held.length) {
      this.start = at;
      this.held = await bytesOf(this.file.slice(at, at + Math.max(size, WINDOW)));
    }
    return this.held.subarray(at - this.start, at - this.start + size);
  }
}

/** Read the container of section 3.1. Every record is written anew from what it says, and must be the same bytes. */
export async function readContainer(file: Blob): Promise<Members> {
  const start = await bytesOf(file.slice(0, 4));
  require(equal(start, ascii("PK\x03\x04")), "not-a-package", "", "it is no ZIP");
  const [entries, directory] = await readDirectory(file);
  require(entries.length > 0, "not-a-package");
  for (const entry of entries) requireSafeName(entry.name);
  requireDistinct(entries.map((entry) => entry.name));
  const members: Members = new Map();
  const window = new Window(file);
  let at = 0;
  for (const [number, entry] of entries.entries()) {
    if (entry.offset !== at) throw irregular("members do not follow each other", entry.name);
    const head = await window.read(at, 30);
    const large = head.length === 30 && view(head).getUint16(28, true) === 20;
    const expected = localHeader(entry, large);
    const found = await window.read(at, expected.length);
    const allowed = large ? number > 0 : entry.size < MAX32;
    const version = large || entry.offset >= MAX32 ? 45 : 20;
    if (!allowed || entry.version !== version || !equal(found, expected))
      throw irregular("a local header is not what the directory says", entry.name);
    const begin = at + expected.length;
    at = begin + entry.size;
    if (at > directory) throw irregular("a member lies over the directory", entry.name);
    members.set(entry.name, new Member(entry.name, file, begin, entry.size, entry.crc));
  }
  if (at !== directory) throw irregular("something lies between the members and the directory");
  await requireMediaType(members, entries[0]!.name);
  return members;
}

/** Refuse a package whose first member does not say that it is one. */
export async function requireMediaType(members: Members, first: string): Promise<void> {
  const member = members.get(MIMETYPE);
  const there = first === MIMETYPE && member !== undefined && member.size === MEDIA_TYPE.length;
  require(there && equal(await bytesOf(member.body), MEDIA_TYPE), "not-a-package", MIMETYPE);
}

async function readDirectory(file: Blob): Promise<[Entry[], number]> {
  const tail = await bytesOf(file.slice(Math.max(0, file.size - END - END64)));
  const end = tail.subarray(tail.length - END);
  if (tail.length < END || view(end).getUint32(0, true) !== 0x06054b50) throw await endless(file);
  const ends = view(end);
  let [count, length, offset] = [ends.getUint16(10, true), ends.getUint32(12, true), ends.getUint32(16, true)];
  let last = file.size - END;
  if (count === MAX16 || length === MAX32 || offset === MAX32) {
    last -= END64;
    const more = view(tail.subarray(0, END64));
    if (tail.length < END + END64 || more.getUint32(0, true) !== 0x06064b50) throw irregular("ZIP64 records are missing");
    [count, length, offset] = [24 + 8, 40, 48].map((place) => Number(more.getBigUint64(place, true))) as [number, number, number];
  }
  require(count <= MAX_MEMBERS && length <= MAX_DIRECTORY, "limit-exceeded", "", "it has more than 500,000 members");
  if (offset + length !== last) throw irregular("the directory does not end where the end record begins");
  if (!equal(endRecords(count, length, offset), tail.subarray(tail.length - (file.size - last))))
    throw irregular("the end record has values that the format does not give it");
  const entries = readEntries(await bytesOf(file.slice(offset, last)));
  if (entries.length !== count) throw irregular("the directory has another number of members than it says");
  return [entries, offset];
}

/** What is wrong with a file that does not end in an end record: its end is missing, or something follows it. */
async function endless(file: Blob): Promise<Refusal> {
  const data = await bytesOf(file.slice(Math.max(0, file.size - 66_000)));
  for (let at = data.length - 4; at >= 0; at--)
    if (data[at] === 0x50 && data[at + 1] === 0x4b && data[at + 2] === 5 && data[at + 3] === 6)
      return irregular("something follows the end record");
  return new Refusal("package-truncated", "", "it begins like a package, its end is missing");
}

function readEntries(data: Bytes): Entry[] {
  const entries: Entry[] = [];
  for (let at = 0; at < data.length; ) {
    if (data.length - at < 46) throw irregular("the directory is cut short");
    const fields = view(data.subarray(at));
    const [nameSize, extra] = [fields.getUint16(28, true), fields.getUint16(30, true)];
    const name = String.fromCharCode(...data.subarray(at + 46, at + 46 + nameSize));
    const entry = {
      name,
      crc: fields.getUint32(16, true),
      size: fields.getUint32(24, true),
      offset: fields.getUint32(42, true),
      version: fields.getUint16(6, true),
    };
    if (extra) readLarge(entry, data.subarray(at + 46 + nameSize, at + 46 + nameSize + extra));
    const expected = directoryEntry(entry);
    if (!equal(expected, data.subarray(at, at + expected.length)))
      throw irregular("an entry of the directory has values that the format does not give it", name.slice(0, 200));
    entries.push(entry);
    at += expected.length;
  }
  return entries;
}

/** Take the numbers of a ZIP64 field: those that do not fit, in their order. */
function readLarge(entry: Entry, extra: Bytes): void {
  const numbers = view(extra);
  let at = 4;
  const next = (): number => {
    if (at + 8 > extra.length) throw irregular("a ZIP64 field is cut short", entry.name);
    at += 8;
    return Number(numbers.getBigUint64(at - 8, true));
  };
  if (entry.size === MAX32) {
    entry.size = next();
    if (next() !== entry.size) throw irregular("two sizes differ", entry.name);
  }
  if (entry.offset === MAX32) entry.offset = next();
}

export function localHeader(entry: Entry, large: boolean): Bytes {
  const stated = large ? MAX32 : entry.size;
  return join(
    record(
      [4, 0x04034b50], [2, entry.version], [2, 0], [2, 0], [2, 0], [2, DATE], [4, entry.crc],
      [4, stated], [4, stated], [2, entry.name.length], [2, large ? 20 : 0],
    ),
    ascii(entry.name),
    large ? record([2, 1], [2, 16], [8, entry.size], [8, entry.size]) : new Uint8Array(),
  );
}

export function directoryEntry(entry: Entry): Bytes {
  const long = entry.size >= MAX32;
  const far = entry.offset >= MAX32;
  const numbers = [...(long ? [entry.size, entry.size] : []), ...(far ? [entry.offset] : [])];
  const size = Math.min(entry.size, MAX32);
  const extra = numbers.length
    ? record([2, 1], [2, 8 * numbers.length], ...numbers.map((one): [8, number] => [8, one]))
    : new Uint8Array();
  return join(
    record(
      [4, 0x02014b50], [2, MADE_BY], [2, entry.version], [2, 0], [2, 0], [2, 0], [2, DATE], [4, entry.crc],
      [4, size], [4, size], [2, entry.name.length], [2, extra.length], [2, 0], [2, 0], [2, 0],
      [4, FILE_0644], [4, Math.min(entry.offset, MAX32)],
    ),
    ascii(entry.name),
    extra,
  );
}

export function endRecords(count: number, length: number, offset: number): Bytes {
  const needed = count >= MAX16 || length >= MAX32 || offset >= MAX32;
  const [few, short, near] = [Math.min(count, MAX16), Math.min(length, MAX32), Math.min(offset, MAX32)];
  const end = record([4, 0x06054b50], [2, 0], [2, 0], [2, few], [2, few], [4, short], [4, near], [2, 0]);
  if (!needed) return end;
  return join(
    record(
      [4, 0x06064b50], [8, 44], [2, MADE_BY], [2, 45], [4, 0], [4, 0],
      [8, count], [8, count], [8, length], [8, offset],
    ),
    record([4, 0x07064b50], [4, 0], [8, offset + length], [4, 1]),
    end,
  );
}
