import { type Bytes, view } from "../base/bytes";

const SOF0 = 0xc0, SOF15 = 0xcf, SOS = 0xda;
/** Markers among those of frames that begin none: tables of codes, an extension, arithmetic coding (T.81, table B.1). */
const NO_FRAMES = [0xc4, 0xc8, 0xcc];

/** How wide and high a picture says it is, in pixels: a PNG, JPEG, GIF, BMP or WebP. Null where nothing says so. A browser takes the
 * memory of the whole picture before it tells. */
export function sizeOf(data: Bytes): [width: number, height: number] | null {
  if (data.length < 30) return null;
  const fields = view(data);
  const letters = (from: number, to: number): string => String.fromCharCode(...data.subarray(from, to));
  if (fields.getUint32(0) === 0x89504e47 && letters(12, 16) === "IHDR") return [fields.getUint32(16), fields.getUint32(20)];
  if (/^GIF8[79]a/.test(letters(0, 6))) return [fields.getUint16(6, true), fields.getUint16(8, true)];
  if (letters(0, 2) === "BM") return fields.getUint32(14, true) === 12 ? [fields.getUint16(18, true), fields.getUint16(20, true)] : [Math.abs(fields.getInt32(18, true)), Math.abs(fields.getInt32(22, true))];
  if (letters(0, 4) === "RIFF" && letters(8, 12) === "WEBP") return sizeOfWebp(fields, letters(12, 16));
  return data[0] === 0xff && data[1] === 0xd8 ? sizeOfJpeg(data) : null;
}

/** RFC 9649, 2.5 to 2.7. */
function sizeOfWebp(fields: DataView, kind: string): [number, number] | null {
  const three = (at: number): number => fields.getUint16(at, true) | (fields.getUint8(at + 2) << 16);
  if (kind === "VP8X") return [three(24) + 1, three(27) + 1];
  if (kind === "VP8 ") return [fields.getUint16(26, true) & 0x3fff, fields.getUint16(28, true) & 0x3fff];
  if (kind !== "VP8L") return null;
  const bits = fields.getUint32(21, true);
  return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1];
}

function sizeOfJpeg(data: Bytes): [number, number] | null {
  const fields = view(data);
  for (let at = 2; at + 9 <= data.length && data[at] === 0xff; ) {
    const marker = data[at + 1]!;
    if (marker === 0xff) at++;
    else if (marker >= SOF0 && marker <= SOF15 && !NO_FRAMES.includes(marker)) return [fields.getUint16(at + 7), fields.getUint16(at + 5)];
    else if (marker === SOS) return null;
    else at += 2 + fields.getUint16(at + 2);
  }
  return null;
}
