import type { Bytes } from "../base/bytes";
import { cannot } from "../imaging/elements";
import { orientationOf, withoutExif } from "../imaging/exif";
import { sizeOf } from "../imaging/picture-size";
import { MAX_PIXELS } from "../imaging/samples";
import type { Statement } from "../dossier/statements";
import type { Presentation } from "../imaging/presentation";
import type { Picture, Source } from "./source";

/** The turn clockwise, and whether a mirror follows it, by the value of Orientation (TIFF 6.0, p. 36). */
const ORIENTATIONS: Record<number, [number, boolean]> = {
  2: [0, true], 3: [180, false], 4: [180, true], 5: [90, true], 6: [90, false], 7: [270, true], 8: [270, false],
};

/** A picture that the browser itself decodes, shown as its camera and the practice's viewer say. */
export async function openPicture(data: Bytes, type: string, statement: Statement | null): Promise<Source> {
  const stated = sizeOf(data);
  if (!stated) throw cannot("the browser cannot read it");
  if (stated[0] * stated[1] > MAX_PIXELS) throw cannot("it has more pixels than this page takes");
  const [rotation, flipped] = ORIENTATIONS[orientationOf(data)] ?? [0, false];
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(new Blob([withoutExif(data)], { type }));
  } catch {
    throw cannot("the browser cannot read it");
  }
  const { width, height } = bitmap;
  if (width * height > MAX_PIXELS) throw cannot("it has more pixels than this page takes");
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  if (!context) throw cannot("the browser cannot read it");
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const picture = pictureOf(context.getImageData(0, 0, width, height).data);
  const [low, high] = [...(statement?.window ?? [])].sort((one, other) => one - other);
  const shown = shownAs(rotation, flipped, statement);
  if (shown && low !== undefined && high !== undefined) shown.window = [(low + high + 1) / 2, high - low + 1];
  return {
    width, height, count: 1, slope: 1, intercept: 0, windows: [[128, 256]], inverted: false, shown,
    spacing: { row: 1, column: 1, where: "unknown" }, picture: async () => picture,
  };
}

/** Grey where every pixel is; transparent parts are white. */
function pictureOf(pixels: Uint8ClampedArray): Picture {
  const length = pixels.length / 4;
  const colours = new Uint8ClampedArray(3 * length);
  let grey = true;
  for (let place = 0; place < length; place++) {
    const alpha = pixels[4 * place + 3]!;
    for (let colour = 0; colour < 3; colour++) colours[3 * place + colour] = (pixels[4 * place + colour]! * alpha) / 255 + 255 - alpha;
    grey &&= colours[3 * place] === colours[3 * place + 1] && colours[3 * place] === colours[3 * place + 2];
  }
  return grey ? { grey: Uint16Array.from({ length }, (_, place) => colours[3 * place]!) } : { colours };
}

/** The camera's turn and mirror, then the mirror and the turn of the viewer, as one turn and one mirror after it. */
function shownAs(rotation: number, flipped: boolean, statement: Statement | null): Presentation | null {
  const mirror = flipped !== (statement?.flipped ?? false);
  const turn = statement?.rotation ?? 0;
  const whole = (((rotation + (mirror ? -turn : turn)) % 360) + 360) % 360;
  const [x, y, width, height] = statement?.crop ?? [];
  const area = width && height && x !== undefined && y !== undefined ? { left: x, top: y, right: x + width - 1, bottom: y + height - 1 } : null;
  return whole || mirror || area || statement?.window ? { area, rotation: whole, flipped: mirror, window: null } : null;
}
