import { type Bytes, ascii, equal } from "../base/bytes";
import { Refusal } from "../base/refusal";
import { inflate } from "./inflate";

/** A data element (PS3.5, section 7): its bytes, or the data sets of a sequence, or the fragments of encapsulated pixels. */
export interface Element {
  vr: string;
  value: Bytes;
  items: DataSet[];
  fragments: Bytes[] | null;
}

/** Why a picture is not shown: it is malformed, or more than this page takes. */
export const cannot = (reason: string): Refusal => new Refusal("image-unreadable", "", reason);

export const PIXELS = 0x7fe00010;
export const DEFLATED = "1.2.840.10008.1.2.1.99";
const IMPLICIT = "1.2.840.10008.1.2", BIG_ENDIAN = "1.2.840.10008.1.2.2";
const LONG = new Set(["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "UC", "UN", "UR", "UT", "SV", "UV"]);
/** The sequences that are read where no value representation says so. */
const SEQUENCES = new Set([
  0x00041220, 0x00081115, 0x00081140, 0x00180026, 0x00209113, 0x00209116, 0x00283010, 0x00283110, 0x00289110, 0x00289132,
  0x00289145, 0x0070005a, 0x52009229, 0x52009230,
]);
const UNDEFINED = 0xffffffff;
const ITEM = 0xfffee000, ITEM_END = 0xfffee00d, SEQUENCE_END = 0xfffee0dd;
const MAX_ELEMENTS = 400_000;
const MAX_DEPTH = 16;
const NOTHING: Bytes = new Uint8Array();

/** A data set: its elements by tag. Numbers are read in the byte order of the file. */
export class DataSet {
  readonly elements = new Map<number, Element>();

  /** `offset` is where its item begins in the file; 0 for that of the file itself. */
  constructor(readonly little: boolean, readonly offset = 0) {}

  private fields(tag: number): DataView {
    const value = this.elements.get(tag)?.value ?? NOTHING;
    return new DataView(value.buffer, value.byteOffset, value.byteLength);
  }

  /** The first whole number of 16 bits. */
  short(tag: number, missing = 0): number {
    const fields = this.fields(tag);
    return fields.byteLength >= 2 ? fields.getUint16(0, this.little) : missing;
  }

  shorts(tag: number): number[] {
    const fields = this.fields(tag);
    return Array.from({ length: Math.min(fields.byteLength >> 1, 1 << 16) }, (_, place) => fields.getUint16(2 * place, this.little));
  }

  /** Whole numbers of 32 bits. */
  longs(tag: number): number[] {
    const fields = this.fields(tag);
    return Array.from({ length: Math.min(fields.byteLength >> 2, 1 << 16) }, (_, place) => fields.getInt32(4 * place, this.little));
  }

  text(tag: number): string {
    const value = this.elements.get(tag)?.value.subarray(0, 4096) ?? NOTHING;
    return String.fromCharCode(...value).replace(/[\0 ]+$/, "").trim();
  }

  /** Numbers as decimal strings (DS, IS); one that is none is NaN. */
  decimals(tag: number): number[] {
    const text = this.text(tag);
    return text ? text.split("\\").map((one) => (one.trim() ? Number(one) : NaN)) : [];
  }

  decimal(tag: number, missing: number): number {
    const found = this.decimals(tag)[0];
    return found !== undefined && Number.isFinite(found) ? found : missing;
  }

  items(tag: number): DataSet[] {
    return this.elements.get(tag)?.items ?? [];
  }
}

export const isDicom = (data: Bytes): boolean => data.length > 132 && equal(data.subarray(128, 132), ascii("DICM"));

export interface DicomFile {
  syntax: string;
  data: DataSet;
}

/** Read a DICOM file (PS3.10). Throws `image-unreadable`. */
export async function readDicom(file: Bytes): Promise<DicomFile> {
  if (!isDicom(file)) throw cannot("it is no DICOM file");
  const meta = new Reader(file, true, false);
  const group = meta.read(132, file.length, 0, (tag) => tag >>> 16 !== 2);
  const syntax = group.set.text(0x00020010);
  let [body, start] = [file, group.end];
  if (syntax === DEFLATED) [body, start] = [await inflate(file.subarray(group.end)), 0];
  const little = syntax !== BIG_ENDIAN;
  return { syntax, data: new Reader(body, little, syntax === IMPLICIT).read(start, body.length, 0).set };
}

class Reader {
  private count = 0;
  private readonly fields: DataView;

  constructor(private readonly data: Bytes, private readonly little: boolean, private readonly implicit: boolean) {
    this.fields = new DataView(data.buffer, data.byteOffset, data.byteLength);
  }

  /** The elements from `at`, up to `end`, to the end of an item, or to the first tag that `stops`. */
  read(at: number, end: number, depth: number, stops: (tag: number) => boolean = () => false, offset = 0): { set: DataSet; end: number } {
    const set = new DataSet(this.little, offset);
    if (depth > MAX_DEPTH) throw cannot("it is nested too deep");
    while (at + 8 <= end) {
      const tag = this.tag(at);
      if (tag === ITEM_END) return { set, end: at + 8 };
      if (stops(tag)) break;
      if (++this.count > MAX_ELEMENTS) throw cannot("it has too many elements");
      const { vr, length, start } = this.header(at, tag);
      const element: Element = { vr, value: NOTHING, items: [], fragments: null };
      if (length === UNDEFINED && tag === PIXELS) [element.fragments, at] = this.fragments(start);
      else if (length === UNDEFINED || vr === "SQ" || (this.implicit && SEQUENCES.has(tag)))
        [element.items, at] = this.sequence(start, length, depth);
      else {
        at = start + length;
        if (at > this.data.length) throw cannot("it is cut short");
        element.value = this.data.subarray(start, at);
      }
      set.elements.set(tag, element);
    }
    return { set, end: at };
  }

  private tag(at: number): number {
    return this.fields.getUint16(at, this.little) * 0x10000 + this.fields.getUint16(at + 2, this.little);
  }

  private header(at: number, tag: number): { vr: string; length: number; start: number } {
    if (this.implicit || tag >>> 16 === 0xfffe) return { vr: "", length: this.fields.getUint32(at + 4, this.little), start: at + 8 };
    const vr = String.fromCharCode(this.data[at + 4]!, this.data[at + 5]!);
    if (!LONG.has(vr)) return { vr, length: this.fields.getUint16(at + 6, this.little), start: at + 8 };
    if (at + 12 > this.data.length) throw cannot("it is cut short");
    return { vr, length: this.fields.getUint32(at + 8, this.little), start: at + 12 };
  }

  private sequence(start: number, length: number, depth: number): [DataSet[], number] {
    const items: DataSet[] = [];
    const end = length === UNDEFINED ? this.data.length : start + length;
    if (end > this.data.length) throw cannot("it is cut short");
    for (let at = start; at + 8 <= end; ) {
      const tag = this.tag(at);
      const size = this.fields.getUint32(at + 4, this.little);
      if (tag === SEQUENCE_END) return [items, at + 8];
      if (tag !== ITEM) throw cannot("a sequence is malformed");
      if (size !== UNDEFINED && at + 8 + size > end) throw cannot("it is cut short");
      if (++this.count > MAX_ELEMENTS) throw cannot("it has too many elements");
      const found = this.read(at + 8, size === UNDEFINED ? end : at + 8 + size, depth + 1, undefined, at);
      items.push(found.set);
      at = size === UNDEFINED ? found.end : at + 8 + size;
    }
    return [items, end];
  }

  private fragments(start: number): [Bytes[], number] {
    const found: Bytes[] = [];
    for (let at = start; at + 8 <= this.data.length; ) {
      const [tag, size] = [this.tag(at), this.fields.getUint32(at + 4, true)];
      if (tag === SEQUENCE_END) return [found, at + 8];
      if (tag !== ITEM || at + 8 + size > this.data.length) break;
      if (++this.count > MAX_ELEMENTS) throw cannot("it has too many elements");
      found.push(this.data.subarray(at + 8, at + 8 + size));
      at += 8 + size;
    }
    throw cannot("its pixels are cut short");
  }
}
