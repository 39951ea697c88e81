import type { Bytes } from "../../base/bytes";
import { cannot } from "../elements";
import { type Samples, type Stated, requireStated } from "../samples";
import { decodeDct } from "./dct-scan";
import { BitReader, HuffmanTable } from "./entropy";
import { decodeLossless } from "./lossless";

/** A component of a frame (T.81, B.2.2). */
export interface Component {
  id: number;
  horizontal: number;
  vertical: number;
  quantization: number;
}

export interface Frame {
  precision: number;
  width: number;
  height: number;
  components: Component[];
}

/** A scan (T.81, B.2.3) with the tables that hold for it. */
export interface Scan {
  components: { component: number; dc: HuffmanTable; ac: HuffmanTable | null }[];
  start: number;
  low: number;
  restart: number;
  reader: BitReader;
}

export interface Decoded {
  samples: Samples;
  /** What an Adobe segment says: 0 no transformation, 1 YCbCr; null without one. */
  transform: number | null;
}

const SOF0 = 0xc0, SOF1 = 0xc1, SOF3 = 0xc3, DHT = 0xc4, EOI = 0xd9, SOS = 0xda, DQT = 0xdb, DRI = 0xdd, APP14 = 0xee;
const MAX_SCANS = 64;

/** Decode JPEG (ITU-T T.81): baseline and extended sequential with Huffman codes, and lossless with any predictor. */
export function decodeJpeg(data: Bytes, stated: Stated): Decoded {
  const state = new State(data, stated);
  state.run();
  if (!state.samples) throw cannot("it holds no pixels");
  if (state.decoded.size !== state.samples.components) throw cannot("its pixels are cut short");
  return { samples: state.samples, transform: state.transform };
}

class State {
  samples: Samples | null = null;
  transform: number | null = null;
  /** The components that a scan held, by their place in the frame. */
  readonly decoded = new Set<number>();
  private frame: Frame | null = null;
  private kind = 0;
  private restart = 0;
  private readonly quantizations: Uint16Array[] = [];
  private readonly tables = new Map<number, HuffmanTable>();
  private readonly scans: Scan[] = [];

  constructor(private readonly data: Bytes, private readonly stated: Stated) {}

  run(): void {
    if (this.pair(0) !== 0xffd8) throw cannot("it is no JPEG");
    let at = 2;
    for (;;) {
      while (this.data[at] === 0xff && this.data[at + 1] === 0xff) at++;
      if (at + 1 >= this.data.length || this.data[at] !== 0xff) {
        if (this.samples) return;
        throw cannot("it is cut short");
      }
      const marker = this.data[at + 1]!;
      if (marker === EOI) return;
      const length = this.pair(at + 2);
      const content = this.data.subarray(at + 4, at + 2 + length);
      if (length < 2 || content.length !== length - 2) throw cannot("it is cut short");
      at += 2 + length;
      if (marker === SOS) at = this.scan(content, at);
      else this.segment(marker, content);
    }
  }

  private pair(at: number): number {
    return ((this.data[at] ?? 0) << 8) | (this.data[at + 1] ?? 0);
  }

  private segment(marker: number, content: Bytes): void {
    if (marker === DQT) this.quantization(content);
    else if (marker === DHT) this.huffman(content);
    else if (marker === DRI) this.restart = ((content[0] ?? 0) << 8) | (content[1] ?? 0);
    else if (marker === APP14 && String.fromCharCode(...content.subarray(0, 5)) === "Adobe" && content.length >= 12) this.transform = content[11]!;
    else if ([SOF0, SOF1, SOF3].includes(marker)) this.begin(marker, content);
    else if (marker >= SOF0 && marker <= 0xcf && marker !== 0xcc && marker !== 0xc8) throw cannot("its kind of JPEG is none that this page draws");
  }

  private begin(marker: number, content: Bytes): void {
    if (this.frame || content.length < 6 || content.length !== 6 + 3 * content[5]!) throw cannot("its head is malformed");
    const [precision, height, width, count] = [content[0]!, (content[1]! << 8) | content[2]!, (content[3]! << 8) | content[4]!, content[5]!];
    requireStated({ width, height, components: count, bits: precision }, this.stated);
    const right = marker === SOF3 ? precision >= 2 && precision <= 16 : precision === 8 || (marker === SOF1 && precision === 12);
    const components = Array.from({ length: count }, (_, place) => {
      const [id, sampling, quantization] = [...content.subarray(6 + 3 * place, 9 + 3 * place)] as [number, number, number];
      return { id, horizontal: sampling >> 4, vertical: sampling & 15, quantization };
    });
    if (!right || components.some((one) => ![1, 2, 4].includes(one.horizontal) || ![1, 2, 4].includes(one.vertical))) throw cannot("its head is malformed");
    this.kind = marker;
    this.frame = { precision, width, height, components };
  }

  private quantization(content: Bytes): void {
    for (let at = 0; at < content.length; ) {
      const [wide, number] = [content[at]! >> 4, content[at]! & 15];
      if (wide > 1 || number > 3 || at + 1 + 64 * (wide + 1) > content.length) throw cannot("a table is malformed");
      this.quantizations[number] = Uint16Array.from({ length: 64 }, (_, place) =>
        wide ? (content[at + 1 + 2 * place]! << 8) | content[at + 2 + 2 * place]! : content[at + 1 + place]!,
      );
      at += 1 + 64 * (wide + 1);
    }
  }

  private huffman(content: Bytes): void {
    for (let at = 0; at < content.length; ) {
      const lengths = content.subarray(at + 1, at + 17);
      const count = lengths.reduce((sum, one) => sum + one, 0);
      if (lengths.length < 16 || at + 17 + count > content.length || content[at]! > 0x13) throw cannot("a table is malformed");
      this.tables.set(content[at]!, new HuffmanTable(lengths, content.subarray(at + 17, at + 17 + count)));
      at += 17 + count;
    }
  }

  private scan(content: Bytes, at: number): number {
    const { frame } = this;
    const count = content[0] ?? 0;
    if (!frame || count < 1 || content.length !== 4 + 2 * count || this.scans.length >= MAX_SCANS) throw cannot("a scan is malformed");
    const lossless = this.kind === SOF3;
    const components = Array.from({ length: count }, (_, place) => {
      const [id, tables] = [content[1 + 2 * place]!, content[2 + 2 * place]!];
      const component = frame.components.findIndex((one) => one.id === id);
      const [dc, ac] = [this.tables.get(tables >> 4), this.tables.get(0x10 | (tables & 15)) ?? null];
      if (component < 0 || !dc || (!ac && !lossless)) throw cannot("a scan is malformed");
      return { component, dc, ac };
    });
    const [start, low] = [content[1 + 2 * count]!, content[3 + 2 * count]! & 15];
    const scan = { components, start, low, restart: this.restart, reader: new BitReader(this.data, at) };
    this.scans.push(scan);
    this.samples = lossless ? decodeLossless(frame, scan, this.samples) : decodeDct(frame, scan, this.quantizations, this.samples);
    for (const { component } of components) this.decoded.add(component);
    return this.nextMarker(scan.reader.at);
  }

  private nextMarker(at: number): number {
    for (; at + 1 < this.data.length; at++) {
      const next = this.data[at + 1]!;
      if (this.data[at] === 0xff && next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
    }
    return this.data.length;
  }
}
