import { type DataSet, cannot } from "./elements";
import type { Samples } from "./samples";

/** Red, green and blue of eight bits, pixel by pixel, of what a codec made. */
export function toRgb(samples: Samples, kind: string, data: DataSet): Uint8ClampedArray<ArrayBuffer> {
  const { planes, bits } = samples;
  const length = samples.width * samples.height;
  const found = new Uint8ClampedArray(3 * length);
  if (kind === "PALETTE COLOR") return throughPalette(planes[0]!, data, found);
  const shift = Math.max(0, bits - 8);
  const [first, second, third] = planes as [Uint16Array, Uint16Array, Uint16Array];
  for (let place = 0; place < length; place++) {
    const [one, two, three] = [first[place]! >> shift, second[place]! >> shift, third[place]! >> shift];
    if (kind === "RGB") [found[3 * place], found[3 * place + 1], found[3 * place + 2]] = [one, two, three];
    else {
      // ITU-T T.871, section 7
      const [cb, cr] = [two - 128, three - 128];
      found[3 * place] = one + 1.402 * cr;
      found[3 * place + 1] = one - (0.114 * 1.772 * cb + 0.299 * 1.402 * cr) / 0.587;
      found[3 * place + 2] = one + 1.772 * cb;
    }
  }
  return found;
}

/** Look the colours up (PS3.3, C.7.6.3.1.5 and C.7.6.3.1.6). */
function throughPalette(plane: ArrayLike<number>, data: DataSet, found: Uint8ClampedArray<ArrayBuffer>): Uint8ClampedArray<ArrayBuffer> {
  for (let colour = 0; colour < 3; colour++) {
    const [count, first, bits] = data.shorts(0x00281101 + colour);
    const length = count || 65_536;
    const entry = data.elements.get(0x00281201 + colour)?.value;
    if (first === undefined || (bits !== 8 && bits !== 16) || !entry) throw cannot("its palette is missing");
    const wide = entry.length >= 2 * length;
    if (!wide && entry.length < length) throw cannot("its palette is cut short");
    const fields = new DataView(entry.buffer, entry.byteOffset, entry.byteLength);
    for (let place = 0; place < plane.length; place++) {
      const index = Math.max(0, Math.min(length - 1, plane[place]! - first));
      found[3 * place + colour] = wide ? fields.getUint16(2 * index, data.little) >> (bits === 16 ? 8 : 0) : entry[index]!;
    }
  }
  return found;
}
