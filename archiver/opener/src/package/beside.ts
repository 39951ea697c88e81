import { type Bytes, bytesOf } from "../base/bytes";
import { type HashName, hashPart } from "../base/digests";
import type { Progress } from "../base/progress";
import { Refusal } from "../base/refusal";
import { readEvidenceRecord } from "../signing/evidence-record";
import { type JudgedRecord, judgeRecord } from "./evidence";

/** An evidence record that lies beside the file it covers, under its name and a number. */
export interface RecordBeside {
  name: string;
  data: Blob;
}

const MAX_RECORDS = 16;
const MAX_RECORD_BYTES = 134_217_728;
const NAME = /^(.+)\.((?!000)\d{3})\.ers$/i;
const ANOTHER = "evidence-object-missing";

/** Which file a record covers, by its name; empty where the name says nothing. */
export const coveredBy = (name: string): string => NAME.exec(name)?.[1] ?? "";

/** The name of the file that was unpacked in the folder `path`: that of the folder, with its ending. */
export function packedName(path: string): string {
  const name = path.split("/").filter(Boolean).at(-1) ?? "";
  return /\.asice$/i.test(name) ? name : `${name}.asice`;
}

/** Judge the `records` beside `file`, byte for byte (section 12), by steps 5 to 7 of section 11.4. Each may hold a sibling besides.
 * Where the file was `unpacked` and is made again, it may be another one than a record covers: then nothing is known from that. */
export async function judgeBeside(file: Blob, records: RecordBeside[], now: number, progress: Progress, unpacked = false): Promise<JudgedRecord[]> {
  const numbered = new Map(records.map((one) => [Number(NAME.exec(one.name)![2]), one]));
  const last = Math.max(...numbered.keys());
  if (last > MAX_RECORDS) throw new Refusal("limit-exceeded", numbered.get(last)!.name);
  const known = new Map<HashName, Promise<Bytes>>();
  const found: JudgedRecord[] = [];
  for (let number = 1; number <= last; number++) {
    const one = numbered.get(number);
    if (!one) throw new Refusal("member-missing", records[0]!.name.replace(/\d{3}(?=\.ers$)/i, String(number).padStart(3, "0")));
    if (one.data.size > MAX_RECORD_BYTES) throw new Refusal("limit-exceeded", one.name);
    const record = readEvidenceRecord(await bytesOf(one.data), one.name);
    const digestUnder = (hash: HashName): Promise<Bytes> => {
      const digest = known.get(hash) ?? wholeDigest(file, hash, progress);
      known.set(hash, digest);
      return digest;
    };
    try {
      found.push(await judgeRecord(record, new Map([[coveredBy(one.name), digestUnder]]), { list: null, where: one.name, now, progress }));
    } catch (fault) {
      if (!unpacked || !(fault instanceof Refusal) || fault.code !== ANOTHER) throw fault;
      found.push({ tokens: [], listed: null, reason: ANOTHER });
    }
  }
  return found;
}

async function wholeDigest(file: Blob, hash: HashName, progress: Progress): Promise<Bytes> {
  let done = 0;
  return (await hashPart(file, hash, (bytes) => progress((done += bytes), file.size))).digest;
}
