import { type DataSet, type DicomFile, PIXELS, cannot } from "./elements";
import { MAX_PIXELS } from "./samples";

/** How long a pixel is, in millimetres, and where: in the patient, at the detector (magnified there), or unknown. */
export interface Spacing {
  row: number;
  column: number;
  where: "patient" | "detector" | "unknown";
}

/** What a DICOM file says of its picture (PS3.3, C.7.6.3). Numbers of grey are stored values until slope and intercept. */
export interface ImageHead {
  syntax: string;
  rows: number;
  columns: number;
  frames: number;
  colours: 1 | 3;
  /** MONOCHROME1, MONOCHROME2, RGB, YBR_…, PALETTE COLOR. */
  kind: string;
  allocated: 8 | 16;
  stored: number;
  signed: boolean;
  byPixel: boolean;
  slope: number;
  intercept: number;
  /** The windows that the file states (C.11.2), as centre and width. */
  windows: [center: number, width: number][];
  spacing: Spacing;
  /** Where slices lie in the patient, in millimetres along their normal, by frame; empty where nobody says. */
  positions: number[];
  instance: string;
  series: string;
  number: number;
  modality: string;
}

const MAX_FRAMES = 16_384;
const KINDS = ["MONOCHROME1", "MONOCHROME2", "RGB", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT", "PALETTE COLOR"];

/** Read what a file says of its picture. Throws `image-unreadable` for what this page does not draw. */
export function readHead({ syntax, data }: DicomFile): ImageHead {
  if (!data.elements.has(PIXELS)) throw cannot("it holds no picture");
  const [rows, columns, allocated] = [data.short(0x00280010), data.short(0x00280011), data.short(0x00280100)];
  const [frames, colours, kind] = [Math.max(1, data.decimal(0x00280008, 1)), data.short(0x00280002, 1), data.text(0x00280004)];
  if ((allocated !== 8 && allocated !== 16) || !KINDS.includes(kind)) throw cannot("its kind of picture is none that this page draws");
  const expected = kind.startsWith("MONO") || kind === "PALETTE COLOR" ? 1 : 3;
  const stored = data.short(0x00280101) || allocated;
  if (colours !== expected || stored > allocated || !Number.isInteger(frames)) throw cannot("its head is malformed");
  if (!rows || !columns || rows * columns > MAX_PIXELS || frames > MAX_FRAMES) throw cannot("it has more pixels than this page takes");
  const shared = data.items(0x52009229)[0];
  const first = data.items(0x52009230)[0];
  const group = (tag: number): DataSet | undefined => first?.items(tag)[0] ?? shared?.items(tag)[0];
  const mapping = group(0x00289145) ?? data;
  return {
    syntax, rows, columns, frames, colours: expected, kind, allocated, stored,
    signed: data.short(0x00280103) === 1,
    byPixel: data.short(0x00280006) === 0,
    slope: mapping.decimal(0x00281053, 1) || 1,
    intercept: mapping.decimal(0x00281052, 0),
    windows: windowsOf(group(0x00289132) ?? data),
    spacing: spacingOf(data, group(0x00289110)),
    positions: positionsOf(data, shared),
    instance: data.text(0x00080018), series: data.text(0x0020000e), number: data.decimal(0x00200013, 0), modality: data.text(0x00080060),
  };
}

export function windowsOf(data: DataSet): [number, number][] {
  const [centers, widths] = [data.decimals(0x00281050), data.decimals(0x00281051)];
  return centers.flatMap((center, place): [number, number][] => {
    const width = widths[place] ?? NaN;
    return Number.isFinite(center) && width >= 1 ? [[center, width]] : [];
  });
}

/** Where the spacing holds (C.7.6.1.1.2, 10.7.1.3): a radiograph by projection knows that of its detector, unless calibrated. */
function spacingOf(data: DataSet, measures: DataSet | undefined): Spacing {
  const read = (from: DataSet, tag: number): [number, number] | null => {
    const [row, column] = from.decimals(tag);
    return row && column && row > 0 && column > 0 && Number.isFinite(row) && Number.isFinite(column) ? [row, column] : null;
  };
  const inPatient = (measures && read(measures, 0x00280030)) ?? read(data, 0x00280030);
  const atDetector = read(data, 0x00181164);
  const projected = ["IO", "PX", "DX", "CR", "RG", "XC"].includes(data.text(0x00080060));
  const uncalibrated = projected && !data.text(0x00280a02) && (!inPatient || (atDetector && inPatient.join() === atDetector.join()));
  const found = uncalibrated ? (atDetector ?? inPatient) : inPatient;
  if (!found) return { row: 1, column: 1, where: "unknown" };
  return { row: found[0], column: found[1], where: uncalibrated ? "detector" : "patient" };
}

/** The place of each frame along the normal of the slices (C.7.6.2.1.1). */
function positionsOf(data: DataSet, shared: DataSet | undefined): number[] {
  const frames = data.items(0x52009230);
  const holders = frames.length ? frames : [data];
  const found = holders.map((one) => {
    const place = (one.items(0x00209113)[0] ?? one).decimals(0x00200032);
    const turned = (one.items(0x00209116)[0] ?? shared?.items(0x00209116)[0] ?? one).decimals(0x00200037);
    if (place.length !== 3 || turned.length !== 6) return NaN;
    const [rx, ry, rz, cx, cy, cz] = turned as [number, number, number, number, number, number];
    return (ry * cz - rz * cy) * place[0]! + (rz * cx - rx * cz) * place[1]! + (rx * cy - ry * cx) * place[2]!;
  });
  return found.every(Number.isFinite) ? found : [];
}
