/** The inverse DCT in whole numbers by Loeffler, Ligtenberg and Moschytz (ICASSP 1989): 11 multiplications a row, 13 bits
 * behind the point, as the reference implementation of JPEG rounds it. */
const BITS = 13;
const fixed = (value: number): number => Math.round(value * (1 << BITS));
const [C0298, C0390, C0541, C0765, C0899, C1175] = [0.298631336, 0.390180644, 0.541196100, 0.765366865, 0.899976223, 1.175875602].map(fixed) as [number, number, number, number, number, number];
const [C1501, C1847, C1961, C2053, C2562, C3072] = [1.501321110, 1.847759065, 1.961570560, 2.053119869, 2.562915447, 3.072711026].map(fixed) as [number, number, number, number, number, number];
const work = new Int32Array(64);

/** Turn the coefficients `block` into 64 samples of `precision` bits at `at` of `target`, whose rows are `stride` long. */
export function inverseDct(block: Int32Array, precision: number, target: Uint16Array, stride: number, at: number): void {
  // bits that the first pass leaves behind the point
  const kept = precision === 8 ? 2 : 1;
  for (let column = 0; column < 8; column++) transform(block, column, 8, work, column, 8, BITS - kept);
  for (let row = 0; row < 8; row++) transform(work, 8 * row, 1, work, 8 * row, 1, BITS + kept + 3);
  const [middle, most] = [1 << (precision - 1), (1 << precision) - 1];
  for (let place = 0; place < 64; place++) {
    const value = work[place]! + middle;
    target[at + (place >> 3) * stride + (place & 7)] = value < 0 ? 0 : value > most ? most : value;
  }
}

function transform(from: Int32Array, at: number, step: number, to: Int32Array, start: number, stride: number, shift: number): void {
  const [v0, v1, v2, v3] = [from[at]!, from[at + step]!, from[at + 2 * step]!, from[at + 3 * step]!];
  const [v4, v5, v6, v7] = [from[at + 4 * step]!, from[at + 5 * step]!, from[at + 6 * step]!, from[at + 7 * step]!];
  // even part
  const z1 = (v2 + v6) * C0541;
  const t2 = z1 - v6 * C1847, t3 = z1 + v2 * C0765;
  const t0 = (v0 + v4) * 8192, t1 = (v0 - v4) * 8192;
  const e0 = t0 + t3, e3 = t0 - t3, e1 = t1 + t2, e2 = t1 - t2;
  // odd part
  const s1 = v7 + v1, s2 = v5 + v3, s3 = v7 + v3, s4 = v5 + v1;
  const s5 = (s3 + s4) * C1175;
  const y1 = -s1 * C0899, y2 = -s2 * C2562, y3 = s5 - s3 * C1961, y4 = s5 - s4 * C0390;
  const o0 = v7 * C0298 + y1 + y3, o1 = v5 * C2053 + y2 + y4, o2 = v3 * C3072 + y2 + y3, o3 = v1 * C1501 + y1 + y4;
  const half = 2 ** (shift - 1), scale = 2 ** shift;
  to[start] = Math.floor((e0 + o3 + half) / scale);
  to[start + 7 * stride] = Math.floor((e0 - o3 + half) / scale);
  to[start + stride] = Math.floor((e1 + o2 + half) / scale);
  to[start + 6 * stride] = Math.floor((e1 - o2 + half) / scale);
  to[start + 2 * stride] = Math.floor((e2 + o1 + half) / scale);
  to[start + 5 * stride] = Math.floor((e2 - o1 + half) / scale);
  to[start + 3 * stride] = Math.floor((e3 + o0 + half) / scale);
  to[start + 4 * stride] = Math.floor((e3 - o0 + half) / scale);
}
