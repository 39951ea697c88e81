import { type Bytes, view } from "../base/bytes";
import { decodeWith } from "./codec";
import { cannot } from "./elements";
import { type Samples, type Shape, type Stated, requireStated } from "./samples";

const SOC = 0xff4f, SIZ = 0xff51, SOT = 0xff90;
/** The box with the codestream (T.800, I.5.4): “jp2c”. */
const CODESTREAM = 0x6a703263;
/** Bytes of a codestream up to its first component (T.800, A.5.1). */
const HEAD = 42;

/** Decode JPEG 2000 (ITU-T T.800), reversible and not. Throws `image-unreadable`. */
export async function decodeJpeg2000(file: Bytes, stated: Stated): Promise<Samples> {
  const data = codestreamOf(file);
  const shape = shapeOf(data);
  requireStated(shape, stated);
  requireTiles(data);
  return decodeWith("J2KDecoder", data, shape);
}

/** The codestream, out of its file where somebody left it in one: what boxes say of colours, DICOM says (PS3.5, A.4.4). */
function codestreamOf(data: Bytes): Bytes {
  const fields = view(data);
  if (data.length < 12) throw cannot("it is cut short");
  if (fields.getUint16(0) === SOC) return data;
  for (let at = 0; at + 8 <= data.length; ) {
    const size = fields.getUint32(at);
    if (fields.getUint32(at + 4) === CODESTREAM) return data.subarray(at + 8, size > 8 ? at + size : data.length);
    if (size < 8) break;
    at += size;
  }
  throw cannot("it is no JPEG 2000");
}

/** What the size segment says, which comes first (T.800, A.5.1); components are of one kind, and as large as the picture. */
function shapeOf(data: Bytes): Shape {
  const fields = view(data);
  if (data.length < HEAD) throw cannot("it is cut short");
  if (fields.getUint16(0) !== SOC || fields.getUint16(2) !== SIZ) throw cannot("it is no JPEG 2000");
  const [right, bottom, left, top] = [8, 12, 16, 20].map((at) => fields.getUint32(at)) as [number, number, number, number];
  const components = fields.getUint16(40);
  const kinds = Array.from({ length: components }, (_, place) => [...data.subarray(HEAD + 3 * place, HEAD + 3 * place + 3)].join());
  const [depth, across, down] = [...data.subarray(HEAD, HEAD + 3)] as [number?, number?, number?];
  const bits = ((depth ?? 0) & 0x7f) + 1;
  if (fields.getUint16(4) !== 38 + 3 * components || down === undefined) throw cannot("its head is malformed");
  if (bits > 16 || across !== 1 || down !== 1 || kinds.some((one) => one !== kinds[0])) throw cannot("its kind of JPEG 2000 is none that this page draws");
  return { width: right - left, height: bottom - top, components, bits, signed: depth! > 0x7f };
}

/** Refuse a codestream without all its tiles (T.800, A.4.2): OpenJPEG leaves their place empty, and says nothing. */
function requireTiles(data: Bytes): void {
  const fields = view(data);
  const pair = (at: number): number => (at + 2 <= data.length ? fields.getUint16(at) : 0);
  const [right, bottom] = [fields.getUint32(8), fields.getUint32(12)];
  const [width, height, left, top] = [24, 28, 32, 36].map((at) => fields.getUint32(at)) as [number, number, number, number];
  const tiles = Math.ceil((right - left) / width) * Math.ceil((bottom - top) / height);
  const found = new Set<number>();
  let at = 4 + pair(4);
  while (at < data.length && pair(at) !== SOT) at += 2 + Math.max(2, pair(at + 2));
  while (pair(at) === SOT && at + 12 <= data.length) {
    // the last part may leave its length to the end of the codestream
    const size = fields.getUint32(at + 6) || data.length - at;
    if (size < 12 || at + size > data.length) throw cannot("its pixels are cut short");
    found.add(pair(at + 4));
    at += size;
  }
  if (found.size !== tiles) throw cannot("its pixels are cut short");
}
