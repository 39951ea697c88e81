interface Grid {
  width: number;
  height: number;
  stride: number;
  samples: Uint16Array;
}

/** Write a component into a plane of the size of the frame: twice as wide or high between its neighbours (three quarters of
 * the nearer, one of the farther), otherwise repeated. */
export function enlarge(grid: Grid, [across, down]: [number, number], plane: Uint16Array, width: number, height: number): void {
  const { samples, stride } = grid;
  if (across === 2 && down <= 2) {
    for (let y = 0; y < height; y++) {
      const near = down === 2 ? y >> 1 : y;
      const far = down === 2 ? clamp(near + (y & 1 ? 1 : -1), grid.height) : near;
      between(samples.subarray(near * stride), samples.subarray(far * stride), down === 2, grid.width, plane.subarray(y * width, (y + 1) * width));
    }
    return;
  }
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) plane[y * width + x] = samples[Math.floor(y / down) * stride + Math.floor(x / across)]!;
}

const clamp = (value: number, length: number): number => Math.max(0, Math.min(length - 1, value));

function between(near: Uint16Array, far: Uint16Array, both: boolean, length: number, row: Uint16Array): void {
  const sum = (x: number): number => (both ? 3 * near[x]! + far[x]! : near[x]!);
  for (let x = 0; x < row.length; x++) {
    const [here, other] = [x >> 1, (x >> 1) + (x & 1 ? 1 : -1)];
    const beyond = other < 0 || other >= length;
    if (both) row[x] = beyond ? (sum(here) * 4 + (x & 1 ? 7 : 8)) >> 4 : (3 * sum(here) + sum(other) + (x & 1 ? 7 : 8)) >> 4;
    else row[x] = beyond ? sum(here) : (3 * sum(here) + sum(other) + (x & 1 ? 2 : 1)) >> 2;
  }
}
