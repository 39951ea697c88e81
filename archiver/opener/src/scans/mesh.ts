import { type Bytes, view } from "../base/bytes";
import { Refusal } from "../base/refusal";

/** A surface of triangles, ready to be drawn: three corners each, with normals and perhaps colours (0 to 255). */
export interface Mesh {
  triangles: number;
  /** x, y, z of each corner. */
  positions: Float32Array<ArrayBuffer>;
  normals: Float32Array<ArrayBuffer>;
  colours: Uint8Array<ArrayBuffer> | null;
  low: [number, number, number];
  high: [number, number, number];
}

/** Triangles of a scan at most: a full arch has some 300,000. */
const MAX_TRIANGLES = 4_000_000;
export const MAX_VERTICES = 4_000_000;
const MAX_BYTES = 512 << 20;

export const cannotScan = (reason: string): Refusal => new Refusal("scan-unreadable", "", reason);

/** Corners by their number, and the triangles between them; what the readers of STL, PLY and OBJ make. */
export interface Surface {
  vertices: Float32Array;
  colours: Uint8Array | null;
  corners: Uint32Array;
}

export function requireCount(triangles: number): void {
  if (triangles < 1) throw cannotScan("it holds no triangles");
  if (triangles > MAX_TRIANGLES) throw cannotScan("it has more triangles than this page takes");
}

export function requireBytes(data: Bytes): void {
  if (data.length > MAX_BYTES) throw cannotScan("it is longer than this page takes");
}

/** Lay a surface out for drawing: flat, with the normals of its triangles made smooth where they share corners. */
export function meshOf({ vertices, colours, corners }: Surface): Mesh {
  const triangles = corners.length / 3;
  requireCount(triangles);
  const [low, high] = [[Infinity, Infinity, Infinity], [-Infinity, -Infinity, -Infinity]] as [Mesh["low"], Mesh["high"]];
  const count = vertices.length / 3;
  const sums = new Float32Array(vertices.length);
  for (let at = 0; at < corners.length; at += 3) {
    const [a, b, c] = [corners[at]!, corners[at + 1]!, corners[at + 2]!];
    if (a >= count || b >= count || c >= count) throw cannotScan("a triangle has a corner that is not there");
    const normal = cross(vertices, 3 * a, 3 * b, 3 * c);
    for (const corner of [a, b, c]) for (let axis = 0; axis < 3; axis++) sums[3 * corner + axis] = sums[3 * corner + axis]! + normal[axis]!;
  }
  const mesh: Mesh = {
    triangles, low, high, positions: new Float32Array(9 * triangles), normals: new Float32Array(9 * triangles),
    colours: colours ? new Uint8Array(9 * triangles) : null,
  };
  for (let at = 0; at < corners.length; at++)
    for (let axis = 0; axis < 3; axis++) {
      const value = vertices[3 * corners[at]! + axis]!;
      if (!Number.isFinite(value)) throw cannotScan("a corner is nowhere");
      if (value < low[axis]!) low[axis] = value;
      if (value > high[axis]!) high[axis] = value;
      mesh.positions[3 * at + axis] = value;
      mesh.normals[3 * at + axis] = sums[3 * corners[at]! + axis]!;
      if (colours) mesh.colours![3 * at + axis] = colours[3 * corners[at]! + axis]!;
    }
  return mesh;
}

function cross(v: Float32Array, a: number, b: number, c: number): [number, number, number] {
  const [ux, uy, uz] = [v[b]! - v[a]!, v[b + 1]! - v[a + 1]!, v[b + 2]! - v[a + 2]!];
  const [wx, wy, wz] = [v[c]! - v[a]!, v[c + 1]! - v[a + 1]!, v[c + 2]! - v[a + 2]!];
  return [uy * wz - uz * wy, uz * wx - ux * wz, ux * wy - uy * wx];
}

/** Read an STL file, binary or in text; a corner that several triangles share becomes one. */
export function readStl(data: Bytes): Surface {
  requireBytes(data);
  const count = data.length >= 84 ? view(data).getUint32(80, true) : -1;
  if (count >= 0 && data.length === 84 + 50 * count) {
    requireCount(count);
    const fields = view(data);
    const flat = new Float32Array(9 * count);
    for (let at = 0; at < flat.length; at++) flat[at] = fields.getFloat32(84 + 50 * Math.floor(at / 9) + 12 + 4 * (at % 9), true);
    return joined(flat);
  }
  if (String.fromCharCode(...data.subarray(0, 5)).toLowerCase() !== "solid") throw cannotScan("its length is not that of its triangles");
  const numbers: number[] = [];
  for (const [, x, y, z] of new TextDecoder().decode(data).matchAll(/\bvertex\s+(\S+)\s+(\S+)\s+(\S+)/gi)) {
    numbers.push(Number(x), Number(y), Number(z));
    if (numbers.length > 9 * MAX_TRIANGLES) requireCount(Infinity);
  }
  if (numbers.length % 9) throw cannotScan("a triangle is cut short");
  requireCount(numbers.length / 9);
  return joined(Float32Array.from(numbers));
}

/** Give corners at one place one number, so that the surface between them is smooth. */
function joined(flat: Float32Array): Surface {
  const corners = new Uint32Array(flat.length / 3);
  const size = 2 ** Math.ceil(Math.log2(corners.length * 2 + 1));
  const table = new Int32Array(size).fill(-1);
  const vertices = new Float32Array(flat.length);
  const bits = new Int32Array(flat.buffer, flat.byteOffset, flat.length);
  let known = 0;
  for (let corner = 0; corner < corners.length; corner++) {
    const at = 3 * corner;
    let slot = (Math.imul(bits[at]!, 73_856_093) ^ Math.imul(bits[at + 1]!, 19_349_663) ^ Math.imul(bits[at + 2]!, 83_492_791)) >>> 0;
    slot = (slot ^ (slot >>> 15)) & (size - 1);
    // NaN is never the same as itself: the look goes on, and ends where nothing is
    for (let held = table[slot]!; ; held = table[(slot = (slot + 1) & (size - 1))]!) {
      if (held < 0) {
        table[slot] = known;
        for (let axis = 0; axis < 3; axis++) vertices[3 * known + axis] = flat[at + axis]!;
        corners[corner] = known++;
        break;
      }
      if (vertices[3 * held] === flat[at] && vertices[3 * held + 1] === flat[at + 1] && vertices[3 * held + 2] === flat[at + 2]) {
        corners[corner] = held;
        break;
      }
    }
  }
  return { vertices: vertices.slice(0, 3 * known), colours: null, corners };
}
