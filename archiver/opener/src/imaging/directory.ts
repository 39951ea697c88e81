import type { DataSet, DicomFile } from "./elements";

/** A series of a file-set: its pictures in their order, and where they lie. */
export interface Series {
  uid: string;
  modality: string;
  date: string;
  files: string[];
}

const MAX_RECORDS = 200_000;
const TYPE = 0x00041430, NEXT = 0x00041400, LOWER = 0x00041420, FILE = 0x00041500;
const FIRST = 0x00041200;

/** Read the series of a `DICOMDIR` (PS3.3, annex F), record by record as their offsets lead. */
export function readDirectory({ data }: DicomFile): Series[] {
  const records = new Map(data.items(0x00041220).map((one) => [one.offset, one]));
  const seen = new Set<number>();
  const found: Series[] = [];
  const place = (one: DataSet, tag: number): number => (one.longs(tag)[0] ?? 0) >>> 0;
  const follow = (start: number, date: string, series: { one: Series; numbers: number[] } | null): void => {
    for (let at = start; at !== 0 && !seen.has(at) && seen.size < MAX_RECORDS; ) {
      seen.add(at);
      const record = records.get(at);
      if (!record) return;
      const type = record.text(TYPE);
      const file = record.text(FILE).replaceAll("\\", "/");
      if (series && file) {
        series.one.files.push(file);
        series.numbers.push(record.decimal(0x00200013, 0));
      }
      let inside = series;
      if (type === "SERIES") inside = { one: { uid: record.text(0x0020000e), modality: record.text(0x00080060), date, files: [] }, numbers: [] };
      follow(place(record, LOWER), type === "STUDY" ? record.text(0x00080020) : date, inside);
      if (inside && inside !== series && inside.one.files.length) found.push(inOrder(inside));
      at = place(record, NEXT);
    }
  };
  follow(place(data, FIRST), "", null);
  return found;
}

function inOrder({ one, numbers }: { one: Series; numbers: number[] }): Series {
  const order = one.files.map((file, place) => ({ file, number: numbers[place]!, place }));
  order.sort((first, second) => first.number - second.number || first.place - second.place);
  return { ...one, files: order.map(({ file }) => file) };
}
