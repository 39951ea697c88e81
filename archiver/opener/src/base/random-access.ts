import { type Bytes, bytesOf } from "./bytes";
import type { Progress } from "./progress";
import { Refusal } from "./refusal";

/** Random access to bytes that lie elsewhere: in a Blob, or sealed in a file that a worker decrypts. */
export interface RandomAccess {
  readonly size: number;
  /** The bytes from `from` on and before `to`, as far as there are any, in memory of their own. Throws `dossier-closed` after {@link close}. */
  read: (from: number, to: number, progress?: Progress) => Promise<Bytes>;
  /** All of it as a Blob, which is made only now. */
  whole: (progress: Progress) => Promise<Blob>;
  /** Forget what it takes to read. */
  close: () => void;
}

export const isClosed = (): Refusal => new Refusal("dossier-closed");

/** Random access to `blob`. */
export function accessTo(blob: Blob): RandomAccess {
  let source: Blob | null = blob;
  const open = (): Blob => {
    if (!source) throw isClosed();
    return source;
  };
  return {
    size: blob.size,
    read: async (from, to) => bytesOf(open().slice(from, to)),
    whole: async () => open(),
    close: () => void (source = null),
  };
}
