import type { Bytes } from "../base/bytes";
import type { Pixels } from "../imaging/decode";
import type { Series } from "../imaging/directory";
import type { ImageHead } from "../imaging/image";
import type { PresentationState } from "../imaging/presentation";
import type { Mesh } from "../scans/mesh";

export type ScanKind = "STL" | "PLY" | "OBJ";

/** What the page asks of the worker that reads pictures and scans: by kind, the question and the answer. */
export interface Asked {
  /** The page numbers its files: a worker that began anew never takes one for another. */
  image: [ask: { file: number; bytes: Bytes }, answer: ImageHead];
  frame: [ask: { file: number; frame: number }, answer: Pixels];
  drop: [ask: { file: number }, answer: null];
  directory: [ask: { bytes: Bytes }, answer: Series[]];
  presentation: [ask: { bytes: Bytes }, answer: PresentationState | null];
  scan: [ask: { bytes: Bytes; scan: ScanKind }, answer: Mesh];
}

export type Question = { [K in keyof Asked]: { number: number; kind: K } & Asked[K][0] }[keyof Asked];

export type Reply =
  | { number: number; answer: unknown }
  | { number: number; refusal: { code: string; where: string; reason: string } };
