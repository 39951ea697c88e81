import type { Spacing } from "../imaging/image";
import type { Presentation } from "../imaging/presentation";

/** One picture: values of grey, or red, green and blue of eight bits, interleaved. */
export type Grey = Int16Array | Uint16Array;
export type Picture = { grey: Grey } | { colours: Uint8ClampedArray };

/** Pictures of one size that are looked at one after the other: the frames of a file, a series, the slices of a volume. */
export interface Source {
  width: number;
  height: number;
  count: number;
  spacing: Spacing;
  picture: (number: number) => Promise<Picture>;
  /** Grey values are stored values by slope and intercept. */
  slope: number;
  intercept: number;
  windows: [center: number, width: number][];
  /** White is the lowest value. */
  inverted: boolean;
  /** How somebody showed it before; null for as it is. */
  shown: Presentation | null;
}

export interface Shades {
  center: number;
  width: number;
  inverted: boolean;
}

/** The window that a picture is first seen through: the recorded one, the file's first, or all its values. */
export function firstWindow(source: Source, picture: Picture): [center: number, width: number] {
  const stated = source.shown?.window ?? source.windows[0];
  if (stated || !("grey" in picture)) return stated ?? [128, 256];
  let [low, high] = [Infinity, -Infinity];
  for (const one of picture.grey) {
    if (one < low) low = one;
    if (one > high) high = one;
  }
  const [first, last] = [low * source.slope + source.intercept, high * source.slope + source.intercept];
  return [(first + last + 1) / 2, Math.max(1, Math.abs(last - first) + 1)];
}

/** Draw a picture: of grey, through the linear function of PS3.3, C.11.2.1.2. */
export function paint(context: CanvasRenderingContext2D, source: Source, picture: Picture, shades: Shades): void {
  const image = context.createImageData(source.width, source.height);
  if ("colours" in picture) {
    const { colours } = picture;
    const flip = shades.inverted ? 255 : 0;
    for (let place = 0; place < source.width * source.height; place++) {
      for (let colour = 0; colour < 3; colour++) image.data[4 * place + colour] = colours[3 * place + colour]! ^ flip;
      image.data[4 * place + 3] = 255;
    }
  } else {
    const table = tableOf(source, shades, picture.grey instanceof Int16Array ? -32_768 : 0);
    const words = new Uint32Array(image.data.buffer);
    const offset = picture.grey instanceof Int16Array ? 32_768 : 0;
    for (let place = 0; place < words.length; place++) words[place] = table[picture.grey[place]! + offset]!;
  }
  context.putImageData(image, 0, 0);
}

/** The shade of every stored value, from `first` on, as a pixel of a canvas. */
function tableOf(source: Source, shades: Shades, first: number): Uint32Array {
  const low = shades.center - 0.5 - (shades.width - 1) / 2;
  const scale = 255 / Math.max(shades.width - 1, 1e-6);
  const table = new Uint32Array(65_536);
  for (let place = 0; place < table.length; place++) {
    const value = (first + place) * source.slope + source.intercept;
    const grey = Math.round(Math.max(0, Math.min(255, (value - low) * scale)));
    const shade = shades.inverted ? 255 - grey : grey;
    table[place] = (0xff000000 | (shade << 16) | (shade << 8) | shade) >>> 0;
  }
  return table;
}
