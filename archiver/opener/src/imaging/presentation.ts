import type { DataSet, DicomFile } from "./elements";
import { windowsOf } from "./image";

/** How somebody showed an image: a part of it, a turn clockwise in degrees and then a mirror, a window. */
export interface Presentation {
  /** The first and the last column and row that are shown, from 0; null for all of them. */
  area: { left: number; top: number; right: number; bottom: number } | null;
  rotation: number;
  flipped: boolean;
  window: [center: number, width: number] | null;
}

/** What one presentation state says of images, by their SOP Instance UID. */
export interface PresentationState {
  instances: string[];
  shown: Presentation;
}

const SOFTCOPY = "1.2.840.10008.5.1.4.1.1.11.";

/** Read a softcopy presentation state (PS3.3, A.33): its displayed area, turn, mirror and window; nothing else of it. */
export function readPresentation({ data }: DicomFile): PresentationState | null {
  if (!data.text(0x00080016).startsWith(SOFTCOPY)) return null;
  const instances = data.items(0x00081115).flatMap((series) => series.items(0x00081140).map((one) => one.text(0x00081155)));
  const rotation = data.short(0x00700042);
  const shown: Presentation = {
    area: areaOf(data.items(0x0070005a)),
    rotation: rotation % 90 === 0 ? rotation % 360 : 0,
    flipped: data.text(0x00700041) === "Y",
    window: data.items(0x00283110).flatMap(windowsOf)[0] ?? null,
  };
  return instances.length ? { instances, shown } : null;
}

/** The displayed area (C.10.4): two corners as they are shown, so that either may be the first one. */
function areaOf(items: DataSet[]): Presentation["area"] {
  const [one, other] = items.length === 1 ? [items[0]!.longs(0x00700052), items[0]!.longs(0x00700053)] : [[], []];
  if (one.length !== 2 || other.length !== 2) return null;
  const [xs, ys] = [[one[0]! - 1, other[0]! - 1], [one[1]! - 1, other[1]! - 1]];
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}
