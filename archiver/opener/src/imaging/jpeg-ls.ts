import { type Bytes, view } from "../base/bytes";
import { decodeWith } from "./codec";
import { cannot } from "./elements";
import { type Samples, type Shape, type Stated, requireStated } from "./samples";

const SOI = 0xd8, EOI = 0xd9, SOS = 0xda, SOF55 = 0xf7;
/** A component that is as large as the frame: one sample across and one down (T.87, C.2.2). */
const WHOLE = 0x11;

/** Decode JPEG-LS (ITU-T T.87), lossless and near-lossless. Throws `image-unreadable`. */
export async function decodeJpegLs(data: Bytes, stated: Stated): Promise<Samples> {
  const shape = shapeOf(data);
  requireStated(shape, stated);
  requireEnd(data);
  return decodeWith("JpegLSDecoder", data, shape);
}

/** Refuse what has no end (T.87, C.1.1). CharLS finds that out too, but looks for a bit behind the end for seconds. */
function requireEnd(data: Bytes): void {
  // coded samples hold no marker: behind 0xff there is always a bit of nought
  for (let at = data.length - 2; at > 0; at--) if (data[at] === 0xff && data[at + 1] === EOI) return;
  throw cannot("it is cut short");
}

/** What the frame header says (T.87, C.2.2): the first segment of its kind, which must come before a scan. */
function shapeOf(data: Bytes): Shape {
  if (data[0] !== 0xff || data[1] !== SOI) throw cannot("it is no JPEG-LS");
  const fields = view(data);
  for (let at = 2; at + 4 <= data.length; ) {
    const [marker, length] = [data[at + 1]!, fields.getUint16(at + 2)];
    if (data[at] !== 0xff || marker === SOS) break;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const content = data.subarray(at + 4, at + 2 + length);
    if (length < 2 || content.length !== length - 2) throw cannot("it is cut short");
    if (marker === SOF55) return readFrame(content);
    at += 2 + length;
  }
  throw cannot("its head is malformed");
}

function readFrame(content: Bytes): Shape {
  const components = content[5] ?? 0;
  if (content.length !== 6 + 3 * components) throw cannot("its head is malformed");
  const fields = view(content);
  const bits = content[0]!;
  const sampled = Array.from({ length: components }, (_, place) => content[7 + 3 * place]).some((one) => one !== WHOLE);
  if (bits < 2 || bits > 16 || sampled) throw cannot("its kind of JPEG-LS is none that this page draws");
  return { width: fields.getUint16(3), height: fields.getUint16(1), components, bits, signed: false };
}
