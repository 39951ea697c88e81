import { readDossier } from "../dossier/archive";
import { dayMonthYear } from "../dossier/person";
import type { Listed } from "../worker/package-messages";
import { packages } from "../worker/package-reader";
import { accessToUnit } from "../worker/unit-access";
import { isFrench, texts } from "./dom";
import { PAGE_ROWS, type Row, type Source } from "./source";

/** The list of the keyrings that were opened, and their units. */
export function packageSource(): Source {
  let latest = 0;
  const row = (one: Listed): Row => ({
    key: String(one.place), name: one.practice ? texts().practice : one.name, number: one.number, born: one.born, note: "",
    open: async (progress) => {
      const { opened, expected } = await packages.ask("unit", { place: one.place }, progress);
      return { dossier: await readDossier({ member: opened.member, plain: accessToUnit(opened) }, expected, progress), notes: [] };
    },
  });
  return {
    find: async (words, first) => {
      const turn = ++latest;
      const { total, rows } = await packages.ask("find", { words, first, rows: PAGE_ROWS });
      return turn === latest ? { total, persons: rows.length, nearest: false, rows: rows.map(row) } : null;
    },
  };
}

/** A birth date as people of the language write it. */
export const birthDate = (date: string): string => (isFrench() ? dayMonthYear(date) : date);
