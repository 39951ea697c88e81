import type { RandomAccess } from "../base/random-access";
import { isClosed } from "../base/random-access";
import type { OpenUnit } from "./package-messages";
import { packages } from "./package-reader";

/** Bytes of a dossier that are asked for at a time when all of it is. */
const PIECE = 4 << 20;

/** Random access to the unit that the worker has open. Throws what {@link packages} throws: `file-changed`, `unreadable`, `browser-stopped`. */
export function accessToUnit({ number, size }: OpenUnit): RandomAccess {
  let closed = false;
  const read: RandomAccess["read"] = async (from, to, progress) => {
    if (closed) throw isClosed();
    return packages.ask("range", { number, from, to }, progress);
  };
  return {
    size,
    read,
    whole: async (progress) => {
      const pieces: Blob[] = [];
      for (let at = 0; at < size; at += PIECE) {
        progress(at, size);
        pieces.push(new Blob([await read(at, at + PIECE)]));
      }
      return new Blob(pieces, { type: "application/zip" });
    },
    close: () => {
      if (closed) return;
      closed = true;
      // a worker that ended meanwhile has nothing open
      packages.ask("close", { number }).catch(() => undefined);
    },
  };
}
