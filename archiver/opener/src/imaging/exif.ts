import { type Bytes, join, view } from "../base/bytes";

const SOS = 0xda, APP1 = 0xe1, ORIENTATION = 0x0112;
const MAX_TAGS = 512;

/** The segments of a JPEG before its scan, as marker, beginning and end; none where it is no JPEG. */
function* segments(data: Bytes): Generator<[marker: number, start: number, end: number]> {
  if (data[0] !== 0xff || data[1] !== 0xd8) return;
  for (let at = 2; at + 4 <= data.length && data[at] === 0xff && data[at + 1] !== SOS; ) {
    const end = at + 2 + ((data[at + 2]! << 8) | data[at + 3]!);
    yield [data[at + 1]!, at, end];
    at = end;
  }
}

const isExif = (data: Bytes, start: number): boolean => String.fromCharCode(...data.subarray(start + 4, start + 10)) === "Exif\0\0";

/** How the camera was held (Exif 2.3, tag Orientation), from 1 to 8; 1 where nobody says. */
export function orientationOf(data: Bytes): number {
  for (const [marker, start, end] of segments(data)) {
    if (marker !== APP1 || !isExif(data, start) || end > data.length || end - start < 24) continue;
    const tiff = view(data.subarray(start + 10, end));
    const little = tiff.getUint16(0) === 0x4949;
    const directory = tiff.getUint32(4, little);
    if (directory + 2 > tiff.byteLength) return 1;
    const count = Math.min(MAX_TAGS, tiff.getUint16(directory, little));
    for (let at = directory + 2; at + 12 <= tiff.byteLength && at < directory + 2 + 12 * count; at += 12)
      if (tiff.getUint16(at, little) === ORIENTATION) return tiff.getUint16(at + 8, little);
  }
  return 1;
}

/** The picture without what makes a browser turn it. */
export function withoutExif(data: Bytes): Bytes {
  const taken = [...segments(data)].filter(([marker, start, end]) => marker === APP1 && isExif(data, start) && end <= data.length);
  let at = 0;
  const kept: Bytes[] = [];
  for (const [, start, end] of taken) {
    kept.push(data.subarray(at, start));
    at = end;
  }
  return taken.length ? join(...kept, data.subarray(at)) : data;
}
