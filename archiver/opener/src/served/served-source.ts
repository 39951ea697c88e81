import { servedDossier } from "../dossier/archive";
import { calledName } from "../dossier/person";
import { texts } from "../screen/dom";
import type { Row, Source } from "../screen/source";
import type { Session } from "./session";

/** Milliseconds in which somebody types the next letter. */
const PAUSE = 80;

interface Person {
  id: string;
  number: string;
  family: string;
  birth_family: string;
  given: string;
  birth_date: string;
  records: number;
}
interface Persons {
  total: number;
  persons: number;
  nearest: boolean;
  rows: Person[];
}

/** The list of a store, and its dossiers as the program makes them of the data. */
export function servedSource(session: Session): Source {
  let latest = 0;
  const row = (one: Person): Row => ({
    key: one.id, name: calledName(one.family, one.birth_family, one.given), number: one.number, born: one.birth_date,
    note: one.records > 1 ? texts().served.oneOf(one.records) : "",
    open: async (progress) => {
      const { degraded, gone, lost } = await session.json<{ degraded: number; gone: number; lost: number }>("/notes", { id: one.id });
      const archive = await session.blob("/dossier", { id: one.id });
      const { served } = texts();
      const notes = [degraded ? served.degraded(degraded) : "", gone ? served.gone(gone) : "", lost ? served.lost(lost) : ""].filter(Boolean);
      return { dossier: await servedDossier(`${one.number || one.id}.zip`, archive, progress), notes };
    },
  });
  return {
    find: async (words, first) => {
      const turn = ++latest;
      if (words) await new Promise((resolve) => setTimeout(resolve, PAUSE));
      if (turn !== latest) return null;
      const found = await session.json<Persons>("/patients", { words, from: String(first) });
      return turn === latest ? { ...found, rows: found.rows.map(row) } : null;
    },
  };
}
