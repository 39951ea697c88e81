import type { Bytes } from "../../base/bytes";
import { cannot } from "../elements";

/** The bits of an entropy-coded segment (T.81, F.2.2.5): stuffed zeros are left out, a marker ends it. */
export class BitReader {
  private held = 0;
  private count = 0;
  private beyond = 0;

  constructor(private readonly data: Bytes, public at: number) {}

  bit(): number {
    if (this.count === 0) this.fill();
    this.count--;
    return (this.held >>> this.count) & 1;
  }

  bits(length: number): number {
    let value = 0;
    for (let left = length; left > 0; ) {
      if (this.count === 0) this.fill();
      const taken = Math.min(left, this.count);
      this.count -= taken;
      value = (value << taken) | ((this.held >>> this.count) & ((1 << taken) - 1));
      left -= taken;
    }
    return value;
  }

  /** The value of `length` bits whose first one is the sign (T.81, EXTEND). */
  signed(length: number): number {
    if (length === 0) return 0;
    const value = this.bits(length);
    return value < 2 ** (length - 1) ? value - 2 ** length + 1 : value;
  }

  private fill(): void {
    const byte = this.data[this.at];
    this.count = 8;
    if (byte === undefined || (byte === 0xff && this.data[this.at + 1] !== 0)) {
      // an encoder may leave out the last zeros; more than that are missing pixels
      if (++this.beyond > 8) throw cannot("its pixels are cut short");
      this.held = 0;
      return;
    }
    this.held = byte;
    this.at += byte === 0xff ? 2 : 1;
  }

  /** Go on behind the restart marker `number` (0 to 7), which must be next. */
  restart(number: number): void {
    this.count = 0;
    this.beyond = 0;
    while (this.data[this.at] === 0xff && this.data[this.at + 1] === 0xff) this.at++;
    if (this.data[this.at] !== 0xff || this.data[this.at + 1] !== 0xd0 + number) throw cannot("its pixels are damaged");
    this.at += 2;
  }
}

/** A Huffman table (T.81, annex C): lengths of codes and their values. */
export class HuffmanTable {
  /** By the next eight bits: length and value of a short code. */
  private readonly first = new Int32Array(17);
  private readonly last = new Int32Array(17).fill(-1);
  private readonly offset = new Int32Array(17);

  constructor(lengths: Bytes, private readonly values: Bytes) {
    let [code, place] = [0, 0];
    for (let length = 1; length <= 16; length++) {
      const count = lengths[length - 1]!;
      this.first[length] = code;
      this.offset[length] = place - code;
      this.last[length] = count ? code + count - 1 : -1;
      code += count;
      place += count;
      if (code > 1 << length) throw cannot("a table of codes is malformed");
      code <<= 1;
    }
  }

  next(reader: BitReader): number {
    let code = 0;
    for (let length = 1; length <= 16; length++) {
      code = (code << 1) | reader.bit();
      const last = this.last[length]!;
      if (last >= 0 && code <= last && code >= this.first[length]!) return this.values[code + this.offset[length]!] ?? 0;
    }
    throw cannot("its pixels are damaged");
  }
}
