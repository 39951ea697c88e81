import { type Bytes, join } from "../base/bytes";
import { type DataSet, PIXELS, cannot } from "./elements";
import type { ImageHead } from "./image";

const OFFSETS = 0x7fe00001, LENGTHS = 0x7fe00002;

/** The bytes of one frame: of native pixels a part, of encapsulated ones its fragments (PS3.5, A.4). */
export function frameBytes(data: DataSet, head: ImageHead, frame: number): Bytes {
  const pixels = data.elements.get(PIXELS)!;
  if (!pixels.fragments) {
    const subsampled = head.kind === "YBR_FULL_422" ? 2 : head.colours;
    const size = (head.rows * head.columns * subsampled * head.allocated) / 8;
    if (pixels.value.length < size * head.frames) throw cannot("its pixels are cut short");
    const found = pixels.value.subarray(frame * size, (frame + 1) * size);
    return !data.little && pixels.vr === "OW" && head.allocated === 8 ? swapped(pixels.value).subarray(frame * size, (frame + 1) * size) : found;
  }
  return join(...fragmentsOf(data, pixels.fragments, head.frames, frame));
}

function swapped(data: Bytes): Bytes {
  const found = data.slice();
  for (let at = 0; at + 1 < found.length; at += 2) [found[at], found[at + 1]] = [found[at + 1]!, found[at]!];
  return found;
}

function fragmentsOf(data: DataSet, [table, ...fragments]: Bytes[], frames: number, frame: number): Bytes[] {
  if (!fragments.length) throw cannot("it holds no pixels");
  if (frames === 1) return fragments;
  if (fragments.length === frames) return [fragments[frame]!];
  const starts = startsOf(data, table!, fragments);
  if (starts.length !== frames) throw cannot("nobody can tell where its frames begin");
  let at = 0;
  const end = starts[frame + 1] ?? Infinity;
  return fragments.filter((one) => {
    const here = at;
    at += one.length + 8;
    return here >= starts[frame]! && here < end;
  });
}

/** Where frames begin, from the first fragment: as a table of offsets says, or by what begins a picture. */
function startsOf(data: DataSet, table: Bytes, fragments: Bytes[]): number[] {
  const extended = data.elements.get(OFFSETS)?.value;
  if (extended?.length && data.elements.has(LENGTHS)) {
    const fields = new DataView(extended.buffer, extended.byteOffset, extended.byteLength);
    return Array.from({ length: extended.length >> 3 }, (_, place) => Number(fields.getBigUint64(8 * place, true)));
  }
  if (table.length) {
    const fields = new DataView(table.buffer, table.byteOffset, table.byteLength);
    return Array.from({ length: table.length >> 2 }, (_, place) => fields.getUint32(4 * place, true));
  }
  const starts: number[] = [];
  let at = 0;
  for (const one of fragments) {
    if (one[0] === 0xff && (one[1] === 0xd8 || one[1] === 0x4f)) starts.push(at);
    at += one.length + 8;
  }
  return starts;
}
