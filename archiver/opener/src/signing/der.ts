import { type Bytes, equal, order } from "../base/bytes";

/** Bytes in another encoding than DER (ITU-T X.690), or another element than belongs there. */
export class NotDer extends Error {}

export interface Element {
  tag: number;
  content: Bytes;
  whole: Bytes;
}

export const BOOLEAN = 0x01, INTEGER = 0x02, BITS = 0x03, OCTETS = 0x04, OID = 0x06, SEQUENCE = 0x30, SET = 0x31;
const MAX_DEPTH = 32;
const MAX_LENGTH_BYTES = 4;
/** Bytes of an object identifier: the longest in use has 20. */
const MAX_OID = 128;
/** Elements of one that holds others: the digests of 500,000 members. */
const MAX_ELEMENTS = 1 << 20;

export function fail(): never {
  throw new NotDer();
}

function element(data: Bytes): Element {
  if (data.length < 2 || (data[0]! & 0x1f) === 0x1f) fail();
  let [length, header] = [data[1]!, 2];
  if (length & 0x80) {
    const count = length & 0x7f;
    if (count < 1 || count > MAX_LENGTH_BYTES || data.length < 2 + count) fail();
    length = data.subarray(2, 2 + count).reduce((sum, byte) => sum * 256 + byte, 0);
    header = 2 + count;
    if (length < 0x80 || data[2] === 0) fail();
  }
  if (header + length > data.length) fail();
  return { tag: data[0]!, content: data.subarray(header, header + length), whole: data.subarray(0, header + length) };
}

/** The elements that `data` consists of: lengths are definite and as short as can be. */
export function elements(data: Bytes): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < data.length; ) {
    const one = element(data.subarray(at));
    if (found.push(one) > MAX_ELEMENTS) fail();
    at += one.whole.length;
  }
  return found;
}

/** The one element that `data` is, which has the tag `tag`. */
export function single(data: Bytes, tag: number): Element {
  const [first, ...others] = elements(data);
  if (!first || others.length || first.tag !== tag) fail();
  return first;
}

/** The elements inside `one`, which has the tag `tag`. */
export function inside(one: Element | undefined, tag: number): Element[] {
  if (one?.tag !== tag) fail();
  return elements(one.content);
}

/** Refuse a SET OF whose elements do not ascend. */
export function requireSorted(set: Element): Element[] {
  const members = elements(set.content);
  for (let at = 1; at < members.length; at++) if (order(members[at - 1]!.whole, members[at]!.whole) > 0) fail();
  return members;
}

/** Refuse whatever is not DER in `one` and all inside it. */
export function requireStrict(one: Element, depth = 0): void {
  const { tag, content } = one;
  const constructed = (tag & 0x20) !== 0;
  if (depth > MAX_DEPTH || (tag < 0x40 && constructed !== (tag === SET || tag === SEQUENCE))) fail();
  if (tag === BOOLEAN && !(content.length === 1 && (content[0] === 0 || content[0] === 255))) fail();
  if (tag === INTEGER) requireShort(content);
  if (tag === SET) requireSorted(one);
  if (constructed) for (const member of elements(content)) requireStrict(member, depth + 1);
}

function requireShort(content: Bytes): void {
  const [first, second] = content;
  if (first === undefined) fail();
  if (second !== undefined && ((first === 0 && second < 128) || (first === 255 && second > 127))) fail();
}

/** The dotted form of an object identifier. */
export function oid(one: Element | undefined): string {
  if (one?.tag !== OID || !one.content.length || one.content.length > MAX_OID || one.content.at(-1)! & 0x80) fail();
  const numbers: bigint[] = [];
  let value = 0n;
  for (const byte of one.content) {
    value = (value << 7n) | BigInt(byte & 0x7f);
    if (!(byte & 0x80)) {
      numbers.push(value);
      value = 0n;
    }
  }
  const first = numbers[0]! < 80n ? numbers[0]! / 40n : 2n;
  return [first, numbers[0]! - first * 40n, ...numbers.slice(1)].join(".");
}

/** A small whole number. */
export function number(one: Element | undefined): number {
  if (one?.tag !== INTEGER || one.content.length > 4) fail();
  requireShort(one.content);
  return one.content.reduce((sum, byte, place) => sum * 256 + (place === 0 && byte > 127 ? byte - 256 : byte), 0);
}

/** The bytes of a BIT STRING of whole bytes. */
export function bits(one: Element | undefined): Bytes {
  if (one?.tag !== BITS || one.content[0] !== 0) fail();
  return one.content.subarray(1);
}

/** The moment that a UTCTime or GeneralizedTime is, in milliseconds since 1970. */
export function moment(one: Element | undefined): number {
  const text = String.fromCharCode(...(one?.content ?? []));
  const short = one?.tag === 0x17 && /^\d{12}Z$/.test(text);
  const long = one?.tag === 0x18 && /^\d{14}(\.\d+)?Z$/.test(text);
  if (!short && !long) fail();
  const digits = short ? (Number(text.slice(0, 2)) < 50 ? "20" : "19") + text : text;
  const part = (from: number, to: number): string => digits.slice(from, to);
  const iso = `${part(0, 4)}-${part(4, 6)}-${part(6, 8)}T${part(8, 10)}:${part(10, 12)}:${part(12, 14)}Z`;
  const found = Date.parse(iso);
  if (Number.isNaN(found)) fail();
  return found;
}

/** An element written anew. */
export function encode(tag: number, content: Bytes): Bytes {
  const size: number[] = [];
  for (let left = content.length; left; left = Math.floor(left / 256)) size.unshift(left % 256);
  const head = content.length < 128 ? [content.length] : [0x80 | size.length, ...size];
  const whole = new Uint8Array(1 + head.length + content.length);
  whole.set([tag, ...head]);
  whole.set(content, 1 + head.length);
  return whole;
}

export const same = (one: Element | undefined, other: Element | undefined): boolean =>
  one !== undefined && other !== undefined && equal(one.whole, other.whole);
