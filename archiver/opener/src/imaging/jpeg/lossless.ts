import { cannot } from "../elements";
import type { Samples } from "../samples";
import type { Frame, Scan } from "./jpeg";

/** Predict a sample of those at its left, above it, and above at the left (T.81, table H.1). */
const PREDICTORS: Record<number, (left: number, above: number, corner: number) => number> = {
  1: (left) => left,
  2: (_, above) => above,
  3: (_, __, corner) => corner,
  4: (left, above, corner) => left + above - corner,
  5: (left, above, corner) => left + ((above - corner) >> 1),
  6: (left, above, corner) => above + ((left - corner) >> 1),
  7: (left, above) => (left + above) >> 1,
};

/** Decode a scan of lossless JPEG (T.81, annex H). */
export function decodeLossless(frame: Frame, scan: Scan, before: Samples | null): Samples {
  const { width, height, precision } = frame;
  if (frame.components.some((one) => one.horizontal !== 1 || one.vertical !== 1)) throw cannot("its colours have another size than it");
  const predict = PREDICTORS[scan.start];
  if (!predict || scan.low >= precision) throw cannot("a scan is malformed");
  const length = width * height;
  const samples = before ?? { width, height, components: frame.components.length, bits: precision, planes: frame.components.map(() => new Uint16Array(length)) };
  const parts = scan.components.map(({ component, dc }) => ({ plane: samples.planes[component]!, table: dc }));
  const { reader, low, restart } = scan;
  const middle = 1 << (precision - low - 1);
  // the first row after a restart is predicted as the first row is
  let [first, restarts] = [0, 0];
  for (let place = 0; place < length; place++) {
    if (restart && place && place % restart === 0) {
      reader.restart(restarts++ & 7);
      first = place;
    }
    const column = place % width;
    for (const { plane, table } of parts) {
      const bits = table.next(reader);
      if (bits > 16) throw cannot("its pixels are damaged");
      const difference = bits === 16 ? 32768 : reader.signed(bits);
      let expected: number;
      if (place === first) expected = middle;
      else if (place - first < width && (column > 0)) expected = plane[place - 1]! >> low;
      else if (column === 0) expected = plane[place - width]! >> low;
      else expected = predict(plane[place - 1]! >> low, plane[place - width]! >> low, plane[place - width - 1]! >> low);
      plane[place] = ((expected + difference) & 0xffff) << low;
    }
  }
  // sums are taken modulo 65,536 whatever the precision is (H.2.1): of one that goes beyond it, the lower bits are meant
  for (const { plane } of parts) for (let place = 0; place < length; place++) plane[place]! &= 2 ** precision - 1;
  return samples;
}
