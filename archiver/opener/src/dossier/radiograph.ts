import { type Bytes, ascii, equal, view } from "../base/bytes";
import { Refusal } from "../base/refusal";

/** A DICOM image whose pixels are not compressed (PS3.5): grey of 8 to 16 bits, one frame or several. */
export interface Radiograph {
  rows: number;
  columns: number;
  frames: number;
  /** Stored values of a frame, through slope and intercept (PS3.3, C.11.1). */
  values: (frame: number) => Float32Array;
  center: number;
  width: number;
  /** White is the lowest value (MONOCHROME1). */
  inverted: boolean;
}

const PLAIN = ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1"];
const IMPLICIT = PLAIN[0];
const LONG = new Set(["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "UC", "UN", "UR", "UT", "SV", "UV"]);
const UNDEFINED = 0xffffffff;
const PIXELS = 0x7fe00010;
const MAX_ELEMENTS = 100_000;

export const isDicom = (data: Bytes): boolean => data.length > 132 && equal(data.subarray(128, 132), ascii("DICM"));

const cannot = (reason: string): Refusal => new Refusal("limit-exceeded", "DICOM", reason);

/** Read the image of a DICOM file. Throws `limit-exceeded` for what this page does not draw. */
export function readRadiograph(data: Bytes): Radiograph {
  const elements = readElements(data);
  const number = (tag: number, missing = 0): number => {
    const found = elements.get(tag);
    return found && found.length >= 2 ? view(found).getUint16(0, true) : missing;
  };
  const text = (tag: number): string => String.fromCharCode(...(elements.get(tag) ?? [])).replace(/[\0 ]+$/, "");
  const decimal = (tag: number, missing: number): number => {
    const found = parseFloat(text(tag).split("\\")[0] ?? "");
    return Number.isFinite(found) ? found : missing;
  };
  const [rows, columns, bits, stored] = [number(0x00280010), number(0x00280011), number(0x00280100), number(0x00280101)];
  const frames = Math.max(1, Math.trunc(decimal(0x00280008, 1)));
  const kind = text(0x00280004);
  const pixels = elements.get(PIXELS);
  if (!pixels || ![8, 16].includes(bits) || number(0x00280002, 1) !== 1 || !kind.startsWith("MONOCHROME")) throw cannot("its kind of picture");
  const length = rows * columns;
  if (!length || pixels.length < (length * frames * bits) / 8) throw cannot("its pixels are cut short");
  const signed = number(0x00280103) === 1;
  const [slope, intercept] = [decimal(0x00281053, 1), decimal(0x00281052, 0)];
  const read = valueReader(pixels, bits, stored || bits, signed);
  const values = (frame: number): Float32Array =>
    Float32Array.from({ length }, (_, place) => read(frame * length + place) * slope + intercept);
  const [low, high] = extremes(values(0));
  return {
    rows, columns, frames, values, inverted: kind === "MONOCHROME1",
    center: decimal(0x00281050, (low + high) / 2),
    width: Math.max(1, decimal(0x00281051, high - low)),
  };
}

function valueReader(pixels: Bytes, bits: number, stored: number, signed: boolean): (place: number) => number {
  const data = view(pixels);
  const [mask, half] = [2 ** stored - 1, 2 ** (stored - 1)];
  return (place) => {
    const raw = (bits === 8 ? data.getUint8(place) : data.getUint16(2 * place, true)) & mask;
    return signed && raw >= half ? raw - 2 * half : raw;
  };
}

function extremes(values: Float32Array): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const one of values) {
    if (one < low) low = one;
    if (one > high) high = one;
  }
  return [low, high];
}

/** The elements of the outermost level by their tag; the file's own group first, in explicit little-endian. */
function readElements(data: Bytes): Map<number, Bytes> {
  const found = new Map<number, Bytes>();
  let at = 132;
  let syntax = "";
  for (let count = 0; at + 8 <= data.length; count++) {
    const group = view(data).getUint16(at, true);
    if (group !== 2 && !syntax) {
      syntax = String.fromCharCode(...(found.get(0x00020010) ?? [])).replace(/\0+$/, "");
      if (!PLAIN.includes(syntax)) throw cannot(`compressed: ${syntax}`);
    }
    const one = header(data, at, group === 2 ? "" : syntax);
    if (count > MAX_ELEMENTS) throw cannot("too many elements");
    if (one.length === UNDEFINED) {
      if (one.tag === PIXELS) throw cannot("compressed");
      at = skipSequence(data, one.start, syntax);
      continue;
    }
    if (one.start + one.length > data.length) throw cannot("it is cut short");
    found.set(one.tag, data.subarray(one.start, one.start + one.length));
    at = one.start + one.length;
    if (one.tag === PIXELS) break;
  }
  return found;
}

function header(data: Bytes, at: number, syntax: string): { tag: number; length: number; start: number } {
  const fields = view(data);
  const tag = fields.getUint16(at, true) * 0x10000 + fields.getUint16(at + 2, true);
  if (syntax === IMPLICIT || tag >>> 16 === 0xfffe) return { tag, length: fields.getUint32(at + 4, true), start: at + 8 };
  if (!LONG.has(String.fromCharCode(data[at + 4]!, data[at + 5]!))) return { tag, length: fields.getUint16(at + 6, true), start: at + 8 };
  if (at + 12 > data.length) throw cannot("it is cut short");
  return { tag, length: fields.getUint32(at + 8, true), start: at + 12 };
}

/** Pass over a sequence of undefined length: its items, and what is in them. */
function skipSequence(data: Bytes, start: number, syntax: string): number {
  let [at, depth] = [start, 1];
  while (depth > 0 && at + 8 <= data.length) {
    const one = header(data, at, syntax);
    const ends = one.tag === 0xfffee00d || one.tag === 0xfffee0dd;
    if (ends) depth--;
    else if (one.length === UNDEFINED) depth++;
    at = ends || one.length === UNDEFINED || one.tag === 0xfffee000 ? one.start : one.start + one.length;
  }
  return at;
}
