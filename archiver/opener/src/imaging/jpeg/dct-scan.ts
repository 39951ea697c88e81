import { cannot } from "../elements";
import type { Samples } from "../samples";
import { inverseDct } from "./dct";
import type { Component, Frame, Scan } from "./jpeg";
import { enlarge } from "./sampling";

/** Natural places of the coefficients in their order of frequency (T.81, figure 5). */
const ZIGZAG = Uint8Array.from([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
]);

/** Decode a scan of a sequential DCT frame (T.81, annex F); components smaller than the frame are made as large. */
export function decodeDct(frame: Frame, scan: Scan, quantizations: Uint16Array[], before: Samples | null): Samples {
  const { width, height, precision } = frame;
  const samples = before ?? { width, height, components: frame.components.length, bits: precision, planes: frame.components.map(() => new Uint16Array(width * height)) };
  const widest = Math.max(...frame.components.map((one) => one.horizontal));
  const highest = Math.max(...frame.components.map((one) => one.vertical));
  const alone = scan.components.length === 1;
  const parts = scan.components.map(({ component, dc, ac }) => {
    const one = frame.components[component]!;
    const table = quantizations[one.quantization];
    if (!table || !ac) throw cannot("a scan is malformed");
    return { component, one, dc, ac, table, last: 0, grid: new Grid(one, frame, widest, highest) };
  });
  const [across, down] = alone
    ? [Math.ceil(parts[0]!.grid.width / 8), Math.ceil(parts[0]!.grid.height / 8)]
    : [Math.ceil(width / (8 * widest)), Math.ceil(height / (8 * highest))];
  const block = new Int32Array(64);
  const { reader, restart } = scan;
  let restarts = 0;
  for (let unit = 0; unit < across * down; unit++) {
    if (restart && unit && unit % restart === 0) {
      reader.restart(restarts++ & 7);
      for (const part of parts) part.last = 0;
    }
    const [x, y] = [unit % across, Math.floor(unit / across)];
    for (const part of parts) {
      const [columns, rows] = alone ? [1, 1] : [part.one.horizontal, part.one.vertical];
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++) {
          readBlock(scan, part, block);
          inverseDct(block, precision, part.grid.samples, part.grid.stride, (y * rows + row) * 8 * part.grid.stride + (x * columns + column) * 8);
        }
    }
  }
  for (const part of parts) enlarge(part.grid, [widest / part.one.horizontal, highest / part.one.vertical], samples.planes[part.component] as Uint16Array, width, height);
  return samples;
}

/** The samples of a component, up to whole units. */
class Grid {
  readonly width: number;
  readonly height: number;
  readonly stride: number;
  readonly samples: Uint16Array;

  constructor(one: Component, frame: Frame, widest: number, highest: number) {
    this.width = Math.ceil((frame.width * one.horizontal) / widest);
    this.height = Math.ceil((frame.height * one.vertical) / highest);
    this.stride = Math.ceil(frame.width / (8 * widest)) * 8 * one.horizontal;
    this.samples = new Uint16Array(this.stride * Math.ceil(frame.height / (8 * highest)) * 8 * one.vertical);
  }
}

/** Read the coefficients of a block, multiplied with their quantization. */
function readBlock(scan: Scan, part: { dc: Scan["components"][0]["dc"]; ac: NonNullable<Scan["components"][0]["ac"]>; table: Uint16Array; last: number }, block: Int32Array): void {
  const { reader } = scan;
  block.fill(0);
  const size = part.dc.next(reader);
  if (size > 15) throw cannot("its pixels are damaged");
  part.last += reader.signed(size);
  block[0] = part.last * part.table[0]!;
  for (let place = 1; place < 64; place++) {
    const code = part.ac.next(reader);
    const [zeros, bits] = [code >> 4, code & 15];
    if (bits === 0) {
      if (zeros !== 15) return;
      place += 15;
      continue;
    }
    place += zeros;
    if (place > 63) throw cannot("its pixels are damaged");
    block[ZIGZAG[place]!] = reader.signed(bits) * part.table[place]!;
  }
}
