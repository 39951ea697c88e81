import type { Bytes } from "../base/bytes";
import { cannot } from "../imaging/elements";
import type { Pixels } from "../imaging/decode";
import type { ImageHead } from "../imaging/image";
import type { Presentation } from "../imaging/presentation";
import { reader } from "../worker/reader";
import type { Picture, Source } from "./source";

/** Decoded pictures that are held at once, in bytes. */
const MAX_HELD = 256 << 20;

/** A file or a series of them, and what its first file says. */
export interface Opened {
  head: ImageHead;
  source: Source;
  /** Open the stored values of slice after slice, for a volume; the place along the normal where it is known. */
  slice: (number: number) => Promise<{ pixels: Pixels; position: number | null }>;
}

export type Shown = (instance: string) => Presentation | null;

/** The file that `openFile` opened last. */
let last: number | null = null;

/** Close the file that {@link openFile} opened last: the worker forgets it. */
export function closeLast(): void {
  // a worker that was ended meanwhile holds none
  if (last !== null) reader.ask("drop", { file: last }).catch(() => undefined);
  last = null;
}

/** Open one DICOM file with all its frames; the one that was open before is closed, as only one is looked at. */
export async function openFile(bytes: Bytes, shown: Shown): Promise<Opened> {
  const file = reader.nextFile();
  closeLast();
  last = file;
  const head = await reader.ask("image", { file, bytes });
  const get = (number: number): Promise<Pixels> => reader.ask("frame", { file, frame: number });
  return {
    head,
    source: sourceOf(head, head.frames, get, shown(head.instance)),
    slice: async (number) => ({ pixels: await get(number), position: head.positions.length === head.frames ? head.positions[number]! : null }),
  };
}

/** Open a series of files of one frame each; each is read when it is looked at, and none stays open. */
export async function openSeries(files: (() => Promise<Bytes>)[], shown: Shown): Promise<Opened> {
  const one = async (number: number): Promise<{ head: ImageHead; pixels: Pixels }> => {
    const file = reader.nextFile();
    const head = await reader.ask("image", { file, bytes: await files[number]!() });
    try {
      return { head, pixels: await reader.ask("frame", { file, frame: 0 }) };
    } finally {
      await reader.ask("drop", { file });
    }
  };
  const { head } = await one(0);
  const get = async (number: number): Promise<{ pixels: Pixels; position: number | null }> => {
    const found = await one(number);
    const same = found.head.rows === head.rows && found.head.columns === head.columns && found.head.colours === head.colours && found.head.signed === head.signed;
    if (!same || found.head.slope !== head.slope || found.head.intercept !== head.intercept) throw cannot("it is of another kind than the others of its series");
    return { pixels: found.pixels, position: found.head.positions[0] ?? null };
  };
  return { head, source: sourceOf(head, files.length, async (number) => (await get(number)).pixels, shown(head.instance)), slice: get };
}

function sourceOf(head: ImageHead, count: number, get: (number: number) => Promise<Pixels>, shown: Presentation | null): Source {
  const held = new Map<number, Pixels>();
  const most = Math.max(1, Math.floor(MAX_HELD / (head.rows * head.columns * (head.colours === 3 ? 3 : 2))));
  const picture = async (number: number): Promise<Picture> => {
    const pixels = held.get(number) ?? (await get(number));
    held.delete(number);
    held.set(number, pixels);
    if (held.size > most) held.delete(held.keys().next().value!);
    return pixels instanceof Uint8ClampedArray ? { colours: pixels } : { grey: pixels };
  };
  return {
    width: head.columns, height: head.rows, count, spacing: head.spacing, picture, slope: head.slope, intercept: head.intercept,
    windows: head.windows, inverted: head.kind === "MONOCHROME1", shown,
  };
}
