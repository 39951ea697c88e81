import { unsafe } from "@noble/ciphers/aes.js";
import { type Bytes, bytesOf, equal, record, release } from "../base/bytes";
import { hashOf, wholeDigest } from "../base/digests";
import type { Progress } from "../base/progress";
import { isClosed } from "../base/random-access";
import { Refusal } from "../base/refusal";

/** Bytes of a block of AES, and of the words by which it is decrypted. */
const BLOCK = 16, WORD = 4;
/** Bytes of a piece of the ciphertext whose digest is known: a multiple of the block of AES. */
export const PIECE = 4 << 20;

/** Random access to the plaintext of a unit whose MAC was checked.
 *
 * It decrypts what is asked for, when it is asked for (AES-256 in counter mode, the counter in little-endian from 1), and
 * has nothing of it afterwards. Counter mode tells no change of the ciphertext: each piece is compared with its SHA-256 of
 * the pass in which the MAC was checked, for the file may change while the page is open. */
export class UnitReader {
  private schedule: Uint32Array | null;
  /** The piece of the ciphertext that was read last: files in a ZIP follow each other. */
  private last: { number: number; sealed: Bytes } | null = null;
  /** What was asked for before: one thing after the other. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly sealed: Blob, cipher: Bytes, private readonly digests: Bytes[], private readonly where: string) {
    this.schedule = unsafe.expandKeyLE(cipher);
  }

  get size(): number {
    return this.sealed.size;
  }

  /** Decrypt from `from` on and before `to`. Throws `file-changed`, `unreadable`, `dossier-closed`. */
  async read(from: number, to: number, progress: Progress = () => undefined): Promise<Bytes> {
    const start = Math.max(0, from);
    const length = Math.max(0, Math.min(to, this.size) - start);
    const read = this.turn.then(async () => {
      const plain = new Uint8Array(length);
      await this.fill(plain, start, progress);
      return plain;
    });
    // without what was read
    this.turn = read.then(() => undefined, () => undefined);
    return read;
  }

  /** The SHA-256 of the whole plaintext; nobody reads it meanwhile. */
  async digest(progress: Progress): Promise<Bytes> {
    const state = await hashOf("sha256");
    const plain = new Uint8Array(Math.min(PIECE, this.size));
    for (let at = 0; at < this.size; at += PIECE) {
      const piece = plain.subarray(0, this.size - at);
      await this.fill(piece, at, () => undefined);
      state.update(piece);
      progress(at, this.size);
    }
    return state.digest();
  }

  /** Forget the key and what was read last. */
  close(): void {
    this.schedule?.fill(0);
    this.schedule = this.last = null;
  }

  private async piece(number: number): Promise<Bytes> {
    if (this.last?.number === number) return this.last.sealed;
    const sealed = await bytesOf(this.sealed.slice(number * PIECE, (number + 1) * PIECE));
    if (!equal(await wholeDigest("sha256", sealed), this.digests[number]!)) throw new Refusal("file-changed", this.where);
    if (this.last) release(this.last.sealed);
    this.last = this.schedule && { number, sealed };
    return sealed;
  }

  /** Decrypt into `plain` what begins at `start`. */
  private async fill(plain: Bytes, start: number, progress: Progress): Promise<void> {
    for (let at = start; at < start + plain.length; ) {
      const number = Math.floor(at / PIECE);
      const next = Math.min(start + plain.length, (number + 1) * PIECE);
      const sealed = await this.piece(number);
      if (!this.schedule) throw isClosed();
      const begin = at % PIECE;
      const skipped = begin % BLOCK;
      const counter = record([8, (at - skipped) / BLOCK + 1], [8, 0]);
      const blocks = sealed.subarray(begin - skipped, next - number * PIECE);
      const target = plain.subarray(at - start, next - start);
      const straight = !skipped && target.byteOffset % WORD === 0;
      const opened = unsafe.ctr32(this.schedule, true, counter, blocks, straight ? target : undefined);
      if (!straight) target.set(opened.subarray(skipped));
      at = next;
      progress(at - start, plain.length);
    }
  }
}
