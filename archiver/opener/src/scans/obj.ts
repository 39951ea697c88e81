import type { Bytes } from "../base/bytes";
import { MAX_VERTICES, type Surface, cannotScan, requireBytes, requireCount } from "./mesh";

/** Signs of a line, and corners of a face, at most. */
const MAX_LINE = 65_536, MAX_CORNERS = 255;

/** Read an OBJ file: `v` (with colours from 0 to 1 behind, where they are there) and `f`; materials are left aside. */
export function readObj(data: Bytes): Surface {
  requireBytes(data);
  const [vertices, colours, corners]: [number[], number[], number[]] = [[], [], []];
  for (const [, kind, rest] of new TextDecoder().decode(data).matchAll(/^[ \t]*(v|f)[ \t]+([^\r\n]*)/gm)) {
    if (rest!.length > MAX_LINE) throw cannotScan("a face has too many corners");
    const words = rest!.trim().split(/\s+/);
    if (kind === "v") {
      if (words.length < 3 || vertices.length >= 3 * MAX_VERTICES) throw cannotScan("a corner is malformed, or there are too many");
      for (const word of words.slice(0, 3)) vertices.push(Number(word));
      if (words.length >= 6) for (const word of words.slice(3, 6)) colours.push(255 * Math.max(0, Math.min(1, Number(word))));
    } else {
      if (words.length > MAX_CORNERS) throw cannotScan("a face has too many corners");
      const count = vertices.length / 3;
      const face = words.map((word) => {
        const number = parseInt(word, 10);
        const corner = number < 0 ? count + number : number - 1;
        if (!Number.isInteger(corner) || corner < 0) throw cannotScan("a triangle has a corner that is not there");
        return corner;
      });
      for (let place = 2; place < face.length; place++) corners.push(face[0]!, face[place - 1]!, face[place]!);
      requireCount(Math.max(1, corners.length / 3));
    }
  }
  return {
    vertices: Float32Array.from(vertices), corners: Uint32Array.from(corners),
    colours: colours.length && colours.length === vertices.length ? Uint8Array.from(colours) : null,
  };
}
