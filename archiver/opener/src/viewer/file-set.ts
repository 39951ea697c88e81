import type { Dossier } from "../dossier/archive";
import type { Series } from "../imaging/directory";
import type { PresentationState } from "../imaging/presentation";
import { reader } from "../worker/reader";
import type { Shown } from "./dicom-source";

const DIRECTORY = "DICOMDIR";
const MAX_DIRECTORY = 64 << 20;
/** Presentation states that are looked through, and the bytes of one. */
const MAX_STATES = 500;
const MAX_STATE = 1 << 20;
/** Modality of presentation states. */
export const STATES = "PR";
const directories = new WeakMap<Dossier, Promise<Series[]>>();
const states = new WeakMap<Dossier, Promise<Shown>>();

/** The series of the dossier's file-set; none where there is no directory, or none that can be read. */
export function seriesOf(dossier: Dossier): Promise<Series[]> {
  const read = async (): Promise<Series[]> => {
    const file = dossier.files.get(DIRECTORY);
    if (!file || file.size > MAX_DIRECTORY) return [];
    try {
      return await reader.ask("directory", { bytes: await file.read() });
    } catch {
      return []; // each file is in the list below all the same
    }
  };
  const found = directories.get(dossier) ?? read();
  directories.set(dossier, found);
  return found;
}

/** How images were shown before, by the presentation states of the dossier. */
export function shownBefore(dossier: Dossier): Promise<Shown> {
  const read = async (): Promise<Shown> => {
    const found: PresentationState[] = [];
    const names = (await seriesOf(dossier)).filter((one) => one.modality === STATES).flatMap((one) => one.files);
    for (const name of names.slice(0, MAX_STATES)) {
      const file = dossier.files.get(name);
      if (!file || file.size > MAX_STATE) continue;
      try {
        const state = await reader.ask("presentation", { bytes: await file.read() });
        if (state) found.push(state);
      } catch {
        continue; // without it the image is shown as it is
      }
    }
    return (instance) => found.find((one) => one.instances.includes(instance))?.shown ?? null;
  };
  const known = states.get(dossier) ?? read();
  states.set(dossier, known);
  return known;
}
