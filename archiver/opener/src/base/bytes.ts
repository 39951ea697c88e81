import { Refusal } from "./refusal";

/** Bytes that no other thread shares. */
export type Bytes = Uint8Array<ArrayBuffer>;

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Lower-case hexadecimal digits. */
export function hex(data: Uint8Array): string {
  let text = "";
  for (const byte of data) text += HEX[byte];
  return text;
}

export function fromHex(text: string): Bytes {
  const data = new Uint8Array(text.length >> 1);
  for (let at = 0; at < data.length; at++) data[at] = parseInt(text.slice(2 * at, 2 * at + 2), 16);
  return data;
}

/** Base64 (RFC 4648, section 4) without white space, in its one spelling; else null. */
export function fromBase64(text: string): Bytes | null {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4) return null;
  const plain = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return btoa(String.fromCharCode(...plain)) === text ? plain : null;
}

export function fromBase64Url(text: string): Bytes {
  const padded = text.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(padded), (letter) => letter.charCodeAt(0));
}

export function equal(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, place) => byte === other[place]);
}

export function join(...pieces: Uint8Array[]): Bytes {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Compare as memcmp does. */
export function order(one: Uint8Array, other: Uint8Array): number {
  const shared = Math.min(one.length, other.length);
  for (let at = 0; at < shared; at++) if (one[at] !== other[at]) return one[at]! - other[at]!;
  return one.length - other.length;
}

export const ascii = (text: string): Bytes => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

export const utf8 = (text: string): Bytes => new TextEncoder().encode(text) as Bytes;

/** The text that `data` is in UTF-8; a byte order mark stays. */
export function textOf(data: Uint8Array, code: string, where = ""): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    throw new Refusal(code, where, "it is not UTF-8");
  }
}

/** All bytes of `blob`. */
export async function bytesOf(blob: Blob): Promise<Bytes> {
  try {
    return new Uint8Array(await blob.arrayBuffer());
  } catch {
    throw new Refusal("unreadable", "", "the browser cannot read the file any more: was it changed or moved, or the medium taken out?");
  }
}

let closed: MessagePort | null = null;

/** Give the memory of `data` back at once, for nobody reads it any more: a browser collects what nothing refers to only after a
 * while, and has much of it by then. It is sent to where nobody receives it. */
export function release(data: Bytes): void {
  if (!closed) {
    closed = new MessageChannel().port1;
    closed.close();
  }
  closed.postMessage(null, [data.buffer]);
}

/** Little-endian numbers of a ZIP record, laid out as `widths` (bytes) and `values`. */
export function record(...fields: [width: 2 | 4 | 8, value: number][]): Bytes {
  const data = new Uint8Array(fields.reduce((sum, [width]) => sum + width, 0));
  const view = new DataView(data.buffer);
  let at = 0;
  for (const [width, value] of fields) {
    if (width === 2) view.setUint16(at, value, true);
    else if (width === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
    at += width;
  }
  return data;
}

export const view = (data: Uint8Array): DataView => new DataView(data.buffer, data.byteOffset, data.byteLength);
