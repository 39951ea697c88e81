import type { Bytes } from "../base/bytes";
import { cannot } from "./elements";

/** What a data set says of each of its frames (PS3.3, C.7.6.3). */
export interface Stated {
  width: number;
  height: number;
  components: number;
  /** Bits that a sample has at most. */
  bits: number;
}

/** What the head of a compressed frame says. */
export interface Shape extends Stated {
  signed: boolean;
}

/** What a codec makes of one frame: samples of each component, row by row, one component after the other (planes). */
export interface Samples extends Stated {
  planes: (Uint8Array | Uint16Array | Int8Array | Int16Array)[];
}

/** Pixels of a frame at most. */
export const MAX_PIXELS = 1 << 26;

/** Refuse a head that lies: nothing is decoded, and no memory taken, before it was compared with what the data set says. */
export function requireStated(found: Stated, stated: Stated): void {
  const { width, height } = found;
  if (width !== stated.width || height !== stated.height) throw cannot("its pixels have another size than it says");
  if (!width || !height || width * height > MAX_PIXELS) throw cannot("it has more pixels than this page takes");
  if (found.components !== stated.components) throw cannot("it has another number of colours than it says");
  if (found.bits > stated.bits) throw cannot("its samples have more bits than it says");
}

/** Run length encoding (PS3.5, annex G): a segment for each byte of each component, the high byte first. */
export function decodeRle(data: Bytes, stated: Stated): Samples {
  const { width, height, components } = stated;
  const bytes = stated.bits / 8;
  const fields = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const count = data.length >= 64 ? fields.getUint32(0, true) : 0;
  if (count !== components * bytes) throw cannot("its runs have another number of parts");
  const length = width * height;
  const planes = Array.from({ length: components }, () => (bytes === 1 ? new Uint8Array(length) : new Uint16Array(length)));
  for (let segment = 0; segment < count; segment++) {
    const start = fields.getUint32(4 + 4 * segment, true);
    const end = segment + 1 < count ? fields.getUint32(8 + 4 * segment, true) : data.length;
    if (start < 64 || end < start || end > data.length) throw cannot("its runs are malformed");
    const shift = bytes === 2 && segment % 2 === 0 ? 8 : 0;
    unpackBits(data.subarray(start, end), planes[Math.floor(segment / bytes)]!, shift);
  }
  return { ...stated, planes };
}

function unpackBits(data: Bytes, plane: Uint8Array | Uint16Array, shift: number): void {
  let [at, place] = [0, 0];
  while (place < plane.length) {
    if (at >= data.length) throw cannot("its runs are cut short");
    const code = data[at++]!;
    if (code === 128) continue;
    const length = code < 128 ? code + 1 : 257 - code;
    if (at + (code < 128 ? length : 1) > data.length) throw cannot("its runs are cut short");
    for (let step = 0; step < length && place < plane.length; step++, place++)
      plane[place] = plane[place]! | (data[code < 128 ? at + step : at]! << shift);
    at += code < 128 ? length : 1;
  }
}
