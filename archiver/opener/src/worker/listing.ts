import { calledName, dayMonthYear } from "../dossier/person";
import type { Entry } from "../sealing/keyring";
import type { Listed } from "./package-messages";

/** A line of a keyring, and the number of the package in which it lies. */
export interface Line {
  entry: Entry;
  from: number;
}

const folded = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** The lines of the keyrings that were opened, in the order of the names, and their search. */
export class Listing {
  private readonly rows: Listed[];
  private readonly keys: string[];

  constructor(readonly lines: Line[], practice: string) {
    const collator = new Intl.Collator("fr");
    this.rows = lines
      .map(({ entry }, place) => rowOf(entry, place))
      .sort((one, other) => Number(one.practice) - Number(other.practice) || collator.compare(one.name, other.name));
    this.keys = this.rows.map((row) => folded(`${row.practice ? practice : row.name} ${row.number} ${row.born} ${dayMonthYear(row.born)}`));
  }

  find(words: string, first: number, rows: number): { total: number; rows: Listed[] } {
    const asked = folded(words).split(/\s+/).filter(Boolean);
    const found = asked.length ? this.rows.filter((_, place) => asked.every((word) => this.keys[place]!.includes(word))) : this.rows;
    return { total: found.length, rows: found.slice(first, first + rows) };
  }
}

function rowOf({ patient }: Entry, place: number): Listed {
  const field = (key: string): string => patient?.get(key) ?? "";
  const name = calledName(field("used_family"), field("family"), field("given"));
  return { place, practice: !patient, name, number: field("number"), born: field("birth_date") };
}
