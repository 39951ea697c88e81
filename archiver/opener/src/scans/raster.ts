import type { Mesh } from "./mesh";

/** How a scan is looked at: turned (rows of the matrix of rotation), enlarged, moved on the screen. */
export interface Look {
  rotation: number[];
  zoom: number;
  x: number;
  y: number;
}

/** Dark grey, as a pixel of a canvas. */
const BACKGROUND = 0xff3a3430;
/** Teeth and gums are lit from where one looks; what is turned away is darker. */
const AMBIENT = 0.25;

export const FRONT: number[] = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** Turn by angles around the upright and the level axis of the screen. */
export function turned(rotation: number[], around: number, over: number): number[] {
  const [c, s, d, t] = [Math.cos(around), Math.sin(around), Math.cos(over), Math.sin(over)];
  const step = [c, 0, s, t * s, d, -t * c, -d * s, t, d * c];
  return Array.from({ length: 9 }, (_, place) => {
    const [row, column] = [3 * Math.floor(place / 3), place % 3];
    return step[row]! * rotation[column]! + step[row + 1]! * rotation[3 + column]! + step[row + 2]! * rotation[6 + column]!;
  });
}

/** Draws scans on a canvas without a graphics card: each pixel shows the triangle that is nearest (a depth buffer). */
export class Rasterizer {
  private readonly depth: Float32Array;
  private readonly words: Uint32Array;

  constructor(private readonly picture: ImageData) {
    this.depth = new Float32Array(picture.width * picture.height);
    this.words = new Uint32Array(picture.data.buffer);
  }

  draw(mesh: Mesh, look: Look): void {
    const { width, height } = this.picture;
    this.depth.fill(-Infinity);
    this.words.fill(BACKGROUND);
    const size = Math.hypot(...mesh.high.map((one, axis) => one - mesh.low[axis]!)) || 1;
    const scale = (look.zoom * Math.min(width, height)) / size;
    const [cx, cy, cz] = mesh.high.map((one, axis) => (one + mesh.low[axis]!) / 2) as [number, number, number];
    const r = look.rotation;
    const { positions, normals, colours } = mesh;
    const corner = new Float64Array(12);
    for (let at = 0; at < positions.length; at += 9) {
      for (let place = 0; place < 3; place++) {
        const from = at + 3 * place;
        const [x, y, z] = [positions[from]! - cx, positions[from + 1]! - cy, positions[from + 2]! - cz];
        corner[4 * place] = width / 2 + look.x + scale * (r[0]! * x + r[1]! * y + r[2]! * z);
        corner[4 * place + 1] = height / 2 + look.y - scale * (r[3]! * x + r[4]! * y + r[5]! * z);
        corner[4 * place + 2] = r[6]! * x + r[7]! * y + r[8]! * z;
        const [nx, ny, nz] = [normals[from]!, normals[from + 1]!, normals[from + 2]!];
        const long = Math.sqrt(nx * nx + ny * ny + nz * nz) || 1;
        corner[4 * place + 3] = AMBIENT + ((1 - AMBIENT) * Math.abs(r[6]! * nx + r[7]! * ny + r[8]! * nz)) / long;
      }
      const colour = colours ? [colours[at]!, colours[at + 1]!, colours[at + 2]!] : [226, 217, 200];
      this.triangle(corner, colour as [number, number, number]);
    }
  }

  private triangle(p: Float64Array, [red, green, blue]: [number, number, number]): void {
    const { width, height } = this.picture;
    const [ax, ay, bx, by, cx, cy] = [p[0]!, p[1]!, p[4]!, p[5]!, p[8]!, p[9]!];
    const area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay);
    const left = Math.max(0, Math.ceil(Math.min(ax, bx, cx))), right = Math.min(width - 1, Math.floor(Math.max(ax, bx, cx)));
    const top = Math.max(0, Math.ceil(Math.min(ay, by, cy))), bottom = Math.min(height - 1, Math.floor(Math.max(ay, by, cy)));
    if (!area) return;
    for (let y = top; y <= bottom; y++)
      for (let x = left; x <= right; x++) {
        const v = ((x - ax) * (cy - ay) - (cx - ax) * (y - ay)) / area;
        const w = ((bx - ax) * (y - ay) - (x - ax) * (by - ay)) / area;
        const u = 1 - v - w;
        if (u < 0 || v < 0 || w < 0) continue;
        const depth = u * p[2]! + v * p[6]! + w * p[10]!;
        const place = y * width + x;
        if (depth <= this.depth[place]!) continue;
        this.depth[place] = depth;
        const light = u * p[3]! + v * p[7]! + w * p[11]!;
        this.words[place] = (0xff000000 | ((blue * light) << 16) | ((green * light) << 8) | (red * light)) >>> 0;
      }
  }
}
