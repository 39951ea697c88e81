import { cannot } from "../imaging/elements";
import type { Spacing } from "../imaging/image";
import type { Opened } from "./dicom-source";
import type { Grey, Source } from "./source";

/** A volume is held whole, at two bytes a value: 512 slices of 512 by 512 are 268 MB. */
const MAX_VOLUME = 512 << 20;
export const MIN_SLICES = 8;

export type Plane = "axial" | "coronal" | "sagittal";

/** Slices of one size, one behind the other, along the normal of the slices. */
export interface Volume {
  values: Grey;
  columns: number;
  rows: number;
  slices: number;
}

/** Whether a series can be seen as a volume. */
export const isVolume = ({ head, source }: Opened): boolean =>
  source.count >= MIN_SLICES && head.colours === 1 && head.kind !== "PALETTE COLOR" && ["CT", "MR", "PT", "OPT", "NM", "OT"].includes(head.modality);

/** Read all slices; `goesOn` says whether somebody still waits. Throws `image-unreadable` for what is too large. */
export async function readVolume(opened: Opened, goesOn: (done: number) => boolean): Promise<{ volume: Volume; spacing: Spacing; between: number }> {
  const { head, source } = opened;
  const size = head.rows * head.columns;
  if (2 * size * source.count > MAX_VOLUME) throw cannot("it is larger than a volume that this page holds");
  const values = head.signed ? new Int16Array(size * source.count) : new Uint16Array(size * source.count);
  const places: (number | null)[] = [];
  for (let number = 0; number < source.count; number++) {
    if (!goesOn(number)) throw cannot("nobody waits for it");
    const { pixels, position } = await opened.slice(number);
    values.set(pixels, number * size);
    places.push(position);
  }
  const known = places.every((one) => one !== null) ? (places as number[]) : null;
  // from the feet to the head, as the slices of a volume lie along their normal
  const falls = known !== null && known[0]! > known.at(-1)!;
  if (falls) reverse(values, size, source.count);
  const between = known ? Math.abs(known.at(-1)! - known[0]!) / (source.count - 1) : 0;
  return { volume: { values, columns: head.columns, rows: head.rows, slices: source.count }, spacing: head.spacing, between };
}

function reverse(values: Grey, size: number, slices: number): void {
  const kept = new (values instanceof Int16Array ? Int16Array : Uint16Array)(size);
  for (let low = 0, high = slices - 1; low < high; low++, high--) {
    kept.set(values.subarray(low * size, (low + 1) * size));
    values.copyWithin(low * size, high * size, (high + 1) * size);
    values.set(kept, high * size);
  }
}

/** Look at a volume in one of the three planes; the head is up in those that stand. */
export function planeOf(base: Source, { volume, spacing, between }: { volume: Volume; spacing: Spacing; between: number }, plane: Plane): Source {
  const { values, columns, rows, slices } = volume;
  const size = columns * rows;
  const common = { ...base, shown: null };
  if (plane === "axial")
    return { ...common, width: columns, height: rows, count: slices, picture: async (number) => ({ grey: values.subarray(number * size, (number + 1) * size) }) };
  const width = plane === "coronal" ? columns : rows;
  const across = plane === "coronal" ? spacing.column : spacing.row;
  const known = between > 0 && spacing.where !== "unknown";
  return {
    ...common, width, height: slices, count: plane === "coronal" ? rows : columns,
    spacing: known ? { row: between, column: across, where: spacing.where } : { row: 1, column: 1, where: "unknown" },
    picture: async (number) => {
      const found = new (values instanceof Int16Array ? Int16Array : Uint16Array)(width * slices);
      for (let slice = 0; slice < slices; slice++) {
        const [from, to] = [(slices - 1 - slice) * size, slice * width];
        if (plane === "coronal") found.set(values.subarray(from + number * columns, from + (number + 1) * columns), to);
        else for (let row = 0; row < rows; row++) found[to + row] = values[from + row * columns + number]!;
      }
      return { grey: found };
    },
  };
}
