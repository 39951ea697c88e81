import { type Bytes, equal, textOf, view } from "../base/bytes";
import { crc32 } from "../base/digests";
import type { Progress } from "../base/progress";
import type { RandomAccess } from "../base/random-access";
import { Refusal } from "../base/refusal";

/** A file in a plain archive (patient-archive, section 3). */
export interface PlainMember {
  name: string;
  size: number;
  read: (progress?: Progress) => Promise<Bytes>;
  isFolder: boolean;
}

interface Entry {
  name: string;
  raw: Bytes;
  method: number;
  flags: number;
  crc: number;
  packed: number;
  size: number;
  offset: number;
}

const MAX_MEMBERS = 200_000;
/** Bytes of the directory at most: each member with a name of 1,024 bytes, and fields as long. */
const MAX_DIRECTORY = MAX_MEMBERS * (46 + 2 * 1024);
/** What a browser holds of one file. */
const MAX_FILE = 2 ** 31;
const MAX_TIMES_PACKED = 200;
const LARGE = 64 << 20;
/** Bytes that are read at a time of a file that is unpacked. */
const PIECE = 4 << 20;
const MAX32 = 0xffffffff, MAX16 = 0xffff;
const END = 22, END64 = 76;
const DESCRIPTOR = 8;
const ALLOWED_FLAGS = 0x0800 | DESCRIPTOR | 0x0006;
// eslint-disable-next-line no-control-regex
const FORBIDDEN = /[\u0000-\u001f\u007f<>:"|?*\\]/;
const RESERVED = /^(con|prn|aux|nul|clock\$|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³]) *(\.|$)/i;

const refused = (reason: string, where = ""): Refusal => new Refusal("zip-refused", where, reason);

/** Read the directory of a plain archive and check it against its local headers, as section 3 says. */
export async function readZip(file: RandomAccess, progress: Progress): Promise<Map<string, PlainMember>> {
  const [entries, end] = await readDirectory(file);
  const known = new Set<string>();
  const members = new Map<string, PlainMember>();
  let at = 0;
  for (const entry of [...entries].sort((one, other) => one.offset - other.offset)) {
    progress(at, end);
    requireSafe(entry, known);
    if (entry.offset !== at) throw refused("members do not follow each other", entry.name);
    const start = await compareLocal(file, entry);
    at = start + entry.packed + (await descriptorSize(file, entry, start + entry.packed));
    members.set(entry.name, {
      name: entry.name, size: entry.size, isFolder: entry.name.endsWith("/"),
      read: (done) => unpack(entry, file, start, done),
    });
  }
  if (at !== end) throw refused("something lies between the members and the directory");
  return members;
}

async function readDirectory(file: RandomAccess): Promise<[Entry[], number]> {
  const tail = await file.read(Math.max(0, file.size - END - END64), file.size);
  if (tail.length < END) throw refused("it is no ZIP");
  const ends = view(tail.subarray(tail.length - END));
  if (ends.getUint32(0, true) !== 0x06054b50 || ends.getUint16(20, true) !== 0) throw refused("it does not end in an end record");
  if (ends.getUint32(4, true) !== 0 || ends.getUint16(8, true) !== ends.getUint16(10, true)) throw refused("it is of several parts");
  let [count, length, offset] = [ends.getUint16(10, true), ends.getUint32(12, true), ends.getUint32(16, true)];
  let last = file.size - END;
  if (count === MAX16 || length === MAX32 || offset === MAX32) {
    const more = view(tail.subarray(0, END64));
    if (tail.length < END + END64 || more.getUint32(0, true) !== 0x06064b50 || more.getUint32(56, true) !== 0x07064b50)
      throw refused("ZIP64 records are missing");
    last -= END64;
    [count, length, offset] = [32, 40, 48].map((place) => Number(more.getBigUint64(place, true))) as [number, number, number];
    if (Number(more.getBigUint64(64, true)) !== last) throw refused("the ZIP64 records disagree");
  }
  if (count > MAX_MEMBERS || length > MAX_DIRECTORY) throw new Refusal("limit-exceeded", "", "more than 200,000 files");
  if (offset + length !== last) throw refused("the directory does not end where the end record begins");
  const entries = readEntries(await file.read(offset, last));
  if (entries.length !== count) throw refused("the directory has another number of files than it says");
  return [entries, offset];
}

function readEntries(data: Bytes): Entry[] {
  const entries: Entry[] = [];
  for (let at = 0; at < data.length; ) {
    if (data.length - at < 46) throw refused("the directory is cut short");
    const fields = view(data.subarray(at));
    const [nameSize, extraSize, comment] = [28, 30, 32].map((place) => fields.getUint16(place, true)) as [number, number, number];
    const raw = data.subarray(at + 46, at + 46 + nameSize);
    const extra = data.subarray(at + 46 + nameSize, at + 46 + nameSize + extraSize);
    const entry = {
      raw,
      name: textOf(raw, "zip-refused"),
      flags: fields.getUint16(8, true),
      method: fields.getUint16(10, true),
      crc: fields.getUint32(16, true),
      packed: fields.getUint32(20, true),
      size: fields.getUint32(24, true),
      offset: fields.getUint32(42, true),
    };
    const plain = fields.getUint32(0, true) === 0x02014b50 && comment === 0 && fields.getUint16(34, true) === 0;
    if (!plain || entry.flags & ~ALLOWED_FLAGS || ![0, 8].includes(entry.method)) throw refused("an entry is no plain file", entry.name);
    const kind = fields.getUint16(4, true) >> 8 === 3 ? fields.getUint32(38, true) >>> 28 : 8;
    if (![0, 4, 8].includes(kind)) throw refused("an entry is neither file nor folder", entry.name);
    readLarge(entry, extra);
    entries.push(entry);
    at += 46 + nameSize + extraSize;
  }
  return entries;
}

/** Take the numbers of ZIP64 that do not fit. */
function readLarge(entry: Entry, extra: Bytes): void {
  const fields = view(extra);
  for (let at = 0; at < extra.length; ) {
    if (at + 4 > extra.length) throw refused("an extra field is cut short", entry.name);
    const [kind, size] = [fields.getUint16(at, true), fields.getUint16(at + 2, true)];
    let place = at + 4;
    at = place + size;
    if (at > extra.length) throw refused("an extra field is cut short", entry.name);
    if (kind !== 1) continue;
    for (const key of ["size", "packed", "offset"] as const) {
      if (entry[key] !== MAX32) continue;
      if (place + 8 > at) throw refused("a ZIP64 field is cut short", entry.name);
      entry[key] = Number(fields.getBigUint64(place, true));
      place += 8;
    }
  }
}

function requireSafe(entry: Entry, known: Set<string>): void {
  const path = entry.name.replace(/\/$/, "");
  const parts = path.split("/");
  const safe =
    path !== "" && entry.raw.length <= 1024 && parts.length <= 16 && !FORBIDDEN.test(path) && path.normalize("NFC") === path &&
    parts.every((part) => part !== "" && part !== "." && part !== ".." && !/[. ]$/.test(part) && !RESERVED.test(part));
  const folded = path.toLowerCase();
  if (!safe || known.has(folded)) throw new Refusal("unsafe-name", entry.name.slice(0, 200));
  known.add(folded);
  const bomb = entry.size > LARGE && entry.size > entry.packed * MAX_TIMES_PACKED;
  if (bomb || entry.size > 64 * 2 ** 30) throw new Refusal("limit-exceeded", entry.name, "it unpacks to far more than it is");
  if (entry.method === 0 && entry.size !== entry.packed) throw refused("two sizes differ", entry.name);
  if (entry.name.endsWith("/") && entry.size) throw refused("a folder has content", entry.name);
}

/** Compare the local header with the directory; return where the content begins. */
async function compareLocal(file: RandomAccess, entry: Entry): Promise<number> {
  const head = await file.read(entry.offset, entry.offset + 30 + entry.raw.length + 64);
  if (head.length < 30) throw refused("a member is cut short", entry.name);
  const fields = view(head);
  const [nameSize, extraSize] = [fields.getUint16(26, true), fields.getUint16(28, true)];
  const described = (entry.flags & DESCRIPTOR) !== 0;
  const [crc, packed, size] = [14, 18, 22].map((place) => fields.getUint32(place, true)) as [number, number, number];
  const stated = (found: number, real: number): boolean =>
    found === real || (described && found === 0) || (found === MAX32 && extraSize >= 20);
  const agrees =
    fields.getUint32(0, true) === 0x04034b50 && fields.getUint16(6, true) === entry.flags &&
    fields.getUint16(8, true) === entry.method && equal(head.subarray(30, 30 + nameSize), entry.raw) &&
    (crc === entry.crc || (described && crc === 0)) && stated(packed, entry.packed) && stated(size, entry.size);
  if (!agrees) throw refused("a local header is not what the directory says", entry.name);
  return entry.offset + 30 + nameSize + extraSize;
}

/** Bytes of the descriptor behind a member that has one: with or without its signature, sizes of 32 or 64 bits. */
async function descriptorSize(file: RandomAccess, entry: Entry, at: number): Promise<number> {
  if (!(entry.flags & DESCRIPTOR)) return 0;
  const data = view(await file.read(at, at + 24));
  const signed = data.byteLength >= 16 && data.getUint32(0, true) === 0x08074b50 ? 4 : 0;
  const has = (size: 4 | 8): boolean =>
    data.byteLength >= signed + 4 + 2 * size && data.getUint32(signed, true) === entry.crc &&
    [entry.packed, entry.size].every((one, place) => {
      const where = signed + 4 + place * size;
      return (size === 4 ? data.getUint32(where, true) : Number(data.getBigUint64(where, true))) === one;
    });
  // of a member without content both forms begin alike: what follows tells, and the longer one comes first
  if (has(8)) return signed + 20;
  if (has(4)) return signed + 12;
  throw refused("a descriptor is not what the directory says", entry.name);
}

async function unpack(entry: Entry, file: RandomAccess, start: number, progress?: Progress): Promise<Bytes> {
  if (entry.size > MAX_FILE) throw new Refusal("limit-exceeded", entry.name, "the browser cannot hold a file as long as this one");
  const data = entry.method === 0 ? await file.read(start, start + entry.packed, progress) : await inflate(entry, file, start, progress);
  if (data.length !== entry.size || crc32(data) !== entry.crc) throw new Refusal("zip-damaged", entry.name);
  return data;
}

async function inflate(entry: Entry, file: RandomAccess, start: number, progress?: Progress): Promise<Bytes> {
  const data = new Uint8Array(entry.size);
  let at = 0;
  let fault: unknown = new Refusal("zip-damaged", entry.name);
  const read = async (from: number, to: number): Promise<Bytes> => {
    try {
      progress?.(from - start, entry.packed);
      return await file.read(from, to);
    } catch (found) {
      throw (fault = found);
    }
  };
  const packed = streamOf(read, start, start + entry.packed);
  const reader = packed.pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      if (at + piece.value.length > data.length) throw fault;
      data.set(piece.value, at);
      at += piece.value.length;
    }
  } catch {
    throw fault;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
  return data.subarray(0, at);
}

/** What `read` gives from `start` to `end`, piece by piece, as it is asked for. */
function streamOf(read: RandomAccess["read"], start: number, end: number): ReadableStream<Bytes> {
  let at = start;
  return new ReadableStream<Bytes>({
    async pull(target) {
      const from = at;
      at = Math.min(end, from + PIECE);
      if (from < end) target.enqueue(await read(from, at));
      else target.close();
    },
  }, { highWaterMark: 0 });
}
