import type { Progress } from "../base/progress";
import type { Dossier } from "../dossier/archive";

/** A line of the list: a dossier that can be opened. `note` tells it from another of the same person. */
export interface Row {
  /** Unlike that of any other line. */
  key: string;
  name: string;
  number: string;
  born: string;
  note: string;
  open: (progress: Progress) => Promise<Opened>;
}

/** A dossier that was opened, and what is to be said of it first. */
export interface Opened {
  dossier: Dossier;
  notes: string[];
}

/** `rows` from a place on, of `total` persons who fit; of nobody who fits, those who come nearest. */
export interface Found {
  total: number;
  persons: number;
  nearest: boolean;
  rows: Row[];
}

/** Where the list and its dossiers come from: packages that were opened, or the program on this computer. */
export interface Source {
  /** Who fits `words`, from the place `first` on; nothing when newer words were asked for meanwhile. */
  find: (words: string, first: number) => Promise<Found | null>;
}

/** Persons that are listed at a time: a page of 20,000 answers no key any more. */
export const PAGE_ROWS = 200;
