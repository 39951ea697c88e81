import type { Bytes } from "../base/bytes";
import type { RecordBeside } from "../package/beside";
import type { Destroyed } from "../package/provenance/destruction";
import type { Earlier } from "../package/provenance/earlier";
import type { Evidence } from "../package/evidence";
import type { Expected } from "../dossier/archive";
import type { Manifest } from "../package/manifest";
import type { Source } from "../package/provenance/sources";
import type { Compared } from "../package/provenance/superseding";
import type { Existence } from "../signing/existence";
import type { Timestamp } from "../signing/timestamp";
import type { Trust } from "../signing/trust";

/** A signature, as the page shows it: whose certificate it is of, and whether revocation lists came with it. */
export interface ShownSignature {
  fingerprint: string;
  name: string;
  commonName: string;
  revocation: boolean;
}

/** A time-stamp, and what it proves, as a code. */
export type ShownTimestamp = Pick<Timestamp, "time" | "authority"> & { code: string };

/** The signatures of a container, and their time-stamps in the same order. */
export interface ShownSigned {
  signatures: ShownSignature[];
  timestamps: (ShownTimestamp | null)[];
}

/** A statement that units were destroyed by law, and how many. */
export type ShownDestroyed = Pick<Destroyed, "keeper" | "requestedBy" | "approvedBy" | "at"> & { units: number; signature: ShownSignature };
/** An earlier package; `ended`: nothing proves that it was signed before an algorithm under its signature ended. */
export type ShownEarlier = Pick<Earlier, "untrue"> & ShownSigned & { evidence: Evidence[]; ended: boolean };
export type ShownSource = Omit<Source, "answers" | "origin"> & { answers: ShownEarlier; origin: ShownEarlier | null };

/** What the page learns of a package that was judged; its parts and units stay where it was judged, under `number`. */
export interface Judgement extends ShownSigned {
  number: number;
  manifest: Omit<Manifest, "units" | "keyrings">;
  /** The code of what keeps it from being opened, whoever its signers are; empty where nothing does. */
  held: string;
  evidence: Evidence[];
  beside: Evidence[];
  existence: Existence;
  destroyed: ShownDestroyed[];
  origin: ShownEarlier | null;
  sources: ShownSource[];
}

/** A line of the keyrings, as the list shows it: `place` is asked for to open it. */
export interface Listed {
  place: number;
  /** Whether it is the unit of the practice. */
  practice: boolean;
  name: string;
  number: string;
  born: string;
}

/** What opens the keyrings: identities, files with identities under a passphrase, words of recovery cards. */
export interface Keys {
  identities: string[];
  locked: Bytes[];
  passphrase: string;
  cards: string;
}

/** A unit that the worker has open: its number, the name of its plain archive, and the bytes of that. */
export interface OpenUnit {
  number: number;
  member: string;
  size: number;
}

/** What the page asks of the worker that reads packages: by kind, the question and the answer. */
export interface PackageAsked {
  /** One file, or the files of an unpacked package with their paths. */
  read: [ask: { files: [path: string, file: Blob][]; folder: boolean }, answer: { number: number; isSet: boolean }];
  judge: [ask: { number: number; trust: Trust }, answer: Judgement];
  /** The evidence records beside what was read under `number`: beside its `file`, or the folder in which it was unpacked. */
  beside: [ask: { number: number; file: Blob | null; records: RecordBeside[]; trust: Trust }, answer: Evidence[]];
  /** What of these packages are revisions of one, and whether the newest carries the others. */
  revisions: [ask: { packages: number[] }, answer: Compared];
  /** The list of volumes under `number`, with the packages that are its volumes and the names of their files; `held` as of a package. */
  set: [
    ask: { number: number; packages: { files: string[]; number: number }[]; trust: Trust },
    answer: { signers: string[]; held: string },
  ];
  /** What `trust` changes: the fingerprints of the signers for whom its roots vouch, those of statements of destruction too, and the
   * packages as they are judged then. */
  trust: [ask: { packages: number[]; trust: Trust }, answer: { vouched: string[]; judged: Judgement[] }];
  /** The check value of the cards, where there were some. `practice` are the words by which the practice's unit is found. */
  keyrings: [ask: { packages: number[]; keys: Keys; practice: string }, answer: string];
  find: [ask: { words: string; first: number; rows: number }, answer: { total: number; rows: Listed[] }];
  /** Open a unit; the one that was open before is closed. */
  unit: [ask: { place: number }, answer: { opened: OpenUnit; expected: Expected }];
  /** The one unit that the words of a dossier open, of the packages and beside them. */
  words: [
    ask: { packages: number[]; units: { name: string; body: Blob }[]; words: string },
    answer: { opened: OpenUnit; judged: boolean },
  ];
  /** Bytes of the plain archive of an open unit. */
  range: [ask: { number: number; from: number; to: number }, answer: Bytes];
  close: [ask: { number: number }, answer: null];
  /** Forget everything. */
  forget: [ask: object, answer: null];
}

export type PackageQuestion = { [K in keyof PackageAsked]: { number: number; kind: K; ask: PackageAsked[K][0] } }[keyof PackageAsked];

export type PackageReply =
  | { number: number; answer: unknown }
  | { number: number; refusal: { code: string; where: string; reason: string; told: boolean } }
  | { number: number; done: number; total: number };
