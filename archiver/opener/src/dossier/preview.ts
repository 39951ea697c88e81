/** Previews on the page of a dossier (patient-archive, "Previews"): a small baseline JPEG with nothing besides its picture. */

const DATA_URI = "data:image/jpeg;base64,";
const BASE64 = /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** Bytes of a preview at most, and pixels of its longer side. */
const MAX_BYTES = 40 << 10;
const MAX_SIDE = 320;
const APP0 = 0xe0, DQT = 0xdb, SOF0 = 0xc0, DHT = 0xc4, DRI = 0xdd, SOS = 0xda;
const ONCE = new Set([APP0, SOF0, DRI]);
const NEEDED = [APP0, DQT, SOF0, DHT, SOS];

/** Says whether `uri` begins as a preview does. */
export const isDataUri = (uri: string): boolean => uri.startsWith(DATA_URI);

/** Says whether `uri` is a preview by the rules; nothing of it is decoded but base64. */
export function isPreview(uri: string): boolean {
  const text = uri.slice(DATA_URI.length);
  if (!isDataUri(uri) || text.length > Math.ceil(MAX_BYTES / 3) * 4 || !BASE64.test(text)) return false;
  const binary = atob(text);
  if (btoa(binary) !== text || binary.length > MAX_BYTES) return false;
  return isPlainJpeg(Uint8Array.from(binary, (one) => one.charCodeAt(0)));
}

function isPlainJpeg(data: Uint8Array): boolean {
  const pair = (at: number): number => ((data[at] ?? 0) << 8) | (data[at + 1] ?? 0);
  if (data.length < 4 || pair(0) !== 0xffd8 || pair(data.length - 2) !== 0xffd9) return false;
  const seen = new Set<number>();
  for (let at = 2, marker = 0; marker !== SOS; ) {
    if (data[at] !== 0xff || at + 4 > data.length) return false;
    marker = data[at + 1]!;
    const length = pair(at + 2);
    const content = data.subarray(at + 4, at + 2 + length);
    if (length < 2 || content.length !== length - 2 || !isRight(marker, content)) return false;
    if ((ONCE.has(marker) && seen.has(marker)) || (marker === APP0) !== (at === 2)) return false;
    seen.add(marker);
    at += 2 + length;
    if (marker === SOS && endOfScan(data, at) !== data.length - 2) return false;
  }
  return NEEDED.every((one) => seen.has(one));
}

/** Where the first marker after a scan is: neither a stuffed zero nor a restart (T.81, B.1.1.5, B.2.1). */
function endOfScan(data: Uint8Array, from: number): number {
  for (let at = from; at + 1 < data.length; at++) {
    const next = data[at + 1]!;
    if (data[at] === 0xff && next !== 0 && (next < 0xd0 || next > 0xd7)) return at;
  }
  return -1;
}

function isRight(marker: number, content: Uint8Array): boolean {
  const at = (place: number): number => content[place] ?? -1;
  switch (marker) {
    case APP0: // JFIF 1.0x without a thumbnail
      return content.length === 14 && String.fromCharCode(...content.subarray(0, 6)) === "JFIF\0\x01" && at(6) <= 2 &&
        at(7) <= 2 && at(12) === 0 && at(13) === 0;
    case DQT: // tables of 8 bits alone
      return content.length > 0 && content.length % 65 === 0 && content.every((one, place) => place % 65 !== 0 || one < 4);
    case SOF0: {
      const height = (at(1) << 8) | at(2), width = (at(3) << 8) | at(4);
      return at(0) === 8 && [1, 3].includes(at(5)) && content.length === 6 + 3 * at(5) &&
        width > 0 && width <= MAX_SIDE && height > 0 && height <= MAX_SIDE;
    }
    case DHT:
      return areCodes(content);
    case DRI:
      return content.length === 2;
    case SOS:
      return [1, 3].includes(at(0)) && content.length === 4 + 2 * at(0) &&
        at(content.length - 3) === 0 && at(content.length - 2) === 0x3f && at(content.length - 1) === 0;
    default:
      return false;
  }
}

/** Huffman tables alone: class and number, 16 counts, as many values. */
function areCodes(content: Uint8Array): boolean {
  let at = 0;
  while (at < content.length) {
    if (![0, 1, 16, 17].includes(content[at]!)) return false;
    at += 17 + content.subarray(at + 1, at + 17).reduce((sum, one) => sum + one, 0);
  }
  return content.length > 0 && at === content.length;
}
