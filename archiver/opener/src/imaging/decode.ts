import type { Bytes } from "../base/bytes";
import { Refusal } from "../base/refusal";
import { toRgb } from "./colours";
import { DEFLATED, type DataSet } from "./elements";
import { frameBytes } from "./frames";
import type { ImageHead } from "./image";
import { decodeJpeg } from "./jpeg/jpeg";
import { decodeJpeg2000 } from "./jpeg-2000";
import { decodeJpegLs } from "./jpeg-ls";
import { type Samples, type Stated, decodeRle } from "./samples";

/** One frame: stored values of grey, or red, green and blue of eight bits, interleaved. */
export type Pixels = Int16Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Uint8ClampedArray<ArrayBuffer>;

const NATIVE = ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2", DEFLATED];
const RLE = "1.2.840.10008.1.2.5";
const JPEG = ["1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70"];
const JPEG_LS = ["1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81"];
const JPEG_2000 = ["1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91"];
/** The transfer syntaxes whose pixels this page decodes (PS3.5, section 10 and annex A). */
export const SYNTAXES = [...NATIVE, RLE, ...JPEG, ...JPEG_LS, ...JPEG_2000];

/** Decode the frame `frame` (from 0). Throws `image-unreadable`. */
export async function decodeFrame(data: DataSet, head: ImageHead, frame: number): Promise<Pixels> {
  const { syntax, colours } = head;
  if (!SYNTAXES.includes(syntax)) throw new Refusal("image-unreadable", syntax, "its encoding is none that this page knows");
  const stated = { width: head.columns, height: head.rows, components: colours, bits: head.allocated };
  const { samples, kind } = await samplesOf(frameBytes(data, head, frame), head, stated, data.little);
  return colours === 3 || kind === "PALETTE COLOR" ? toRgb(samples, kind, data) : grey(samples, head);
}

/** The samples of a frame, and what they are (PS3.3, C.7.6.3.1.2) after what the codec did to them. */
async function samplesOf(bytes: Bytes, head: ImageHead, stated: Stated, little: boolean): Promise<{ samples: Samples; kind: string }> {
  const { syntax, kind } = head;
  if (NATIVE.includes(syntax)) return { samples: native(bytes, head, stated, little), kind };
  if (syntax === RLE) return { samples: decodeRle(bytes, stated), kind };
  if (JPEG_LS.includes(syntax)) return { samples: await decodeJpegLs(bytes, stated), kind };
  // the codec has undone its own transformation of colours
  if (JPEG_2000.includes(syntax)) return { samples: await decodeJpeg2000(bytes, stated), kind: kind === "YBR_ICT" || kind === "YBR_RCT" ? "RGB" : kind };
  const { samples, transform } = decodeJpeg(bytes, stated);
  return { samples, kind: stated.components === 3 && transform !== null ? (transform === 0 ? "RGB" : "YBR_FULL") : kind };
}

/** Pixels that are not compressed, as planes. */
function native(bytes: Bytes, head: ImageHead, stated: Stated, little: boolean): Samples {
  const { colours } = head;
  const length = stated.width * stated.height;
  const wide = stated.bits === 16;
  const fields = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = (place: number): number => (wide ? fields.getUint16(2 * place, little) : bytes[place]!);
  const planes = Array.from({ length: colours }, (_, colour) => {
    const plane = wide ? new Uint16Array(length) : new Uint8Array(length);
    // two pixels share their colours: Y Y Cb Cr (PS3.3, C.7.6.3.1.2)
    if (head.kind === "YBR_FULL_422")
      for (let place = 0; place < length; place++) plane[place] = read(4 * (place >> 1) + (colour ? 1 + colour : place & 1));
    else {
      const [step, start] = head.byPixel ? [colours, colour] : [1, colour * length];
      for (let place = 0; place < length; place++) plane[place] = read(start + place * step);
    }
    return plane;
  });
  return { ...stated, planes };
}

/** Stored values: the bits that are stored, with their sign. */
function grey(samples: Samples, head: ImageHead): Pixels {
  const [plane] = samples.planes;
  const [mask, half] = [2 ** head.stored - 1, 2 ** (head.stored - 1)];
  const found = head.signed ? new Int16Array(plane!.length) : new Uint16Array(plane!.length);
  for (let place = 0; place < found.length; place++) {
    const raw = plane![place]! & mask;
    found[place] = head.signed && raw >= half ? raw - 2 * half : raw;
  }
  return found;
}
