import { Refusal } from "./refusal";

export type Json = null | boolean | number | string | NotWhole | Json[] | JsonObject;
export type JsonObject = Map<string, Json>;

/** A number that is no whole number every reader agrees about (RFC 8259, section 6). */
export class NotWhole {
  constructor(readonly text: string) {}
}

const MAX_DEPTH = 64;
/** Values of a document: a manifest of 200,000 units has 1,200,000. */
const MAX_VALUES = 4_000_000;
const ESCAPES: Record<string, string> = {
  '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t",
};

/** A strict reader of JSON: a key twice, half a surrogate pair and numbers that are none are refused. */
class Reader {
  private at = 0;
  private values = 0;

  constructor(
    private readonly text: string,
    private readonly fail: (reason: string) => Refusal,
    private readonly row: (key: string, size: number) => void,
  ) {}

  whole(): Json {
    const found = this.value(0, "");
    this.space();
    if (this.at !== this.text.length) throw this.fail("something follows the document");
    return found;
  }

  private space(): void {
    for (let code = this.text.charCodeAt(this.at); code === 32 || code === 9 || code === 13 || code === 10; code = this.text.charCodeAt(++this.at));
  }

  private value(depth: number, key: string): Json {
    if (depth > MAX_DEPTH) throw this.fail("it is nested too deep");
    if (++this.values > MAX_VALUES) throw this.fail("it has too many values");
    this.space();
    const first = this.text[this.at];
    if (first === "{") return this.object(depth);
    if (first === "[") return this.list(depth, key);
    if (first === '"') return this.string();
    for (const [word, found] of [["true", true], ["false", false], ["null", null]] as const)
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return found;
      }
    return this.number();
  }

  private object(depth: number): JsonObject {
    const found: JsonObject = new Map();
    this.at++;
    this.space();
    if (this.skip("}")) return found;
    do {
      this.space();
      if (this.text[this.at] !== '"') throw this.fail("a key is missing");
      const key = this.string();
      this.space();
      if (!this.skip(":")) throw this.fail("a colon is missing");
      if (found.has(key)) throw this.fail(`the key ${key} stands twice`);
      found.set(key, this.value(depth + 1, depth === 0 ? key : ""));
      this.space();
    } while (this.skip(","));
    if (!this.skip("}")) throw this.fail("an object has no end");
    return found;
  }

  private list(depth: number, key: string): Json[] {
    const found: Json[] = [];
    this.at++;
    this.space();
    if (this.skip("]")) return found;
    do {
      this.space();
      const start = this.at;
      found.push(this.value(depth + 1, ""));
      if (key) this.row(key, this.at - start);
      this.space();
    } while (this.skip(","));
    if (!this.skip("]")) throw this.fail("a list has no end");
    return found;
  }

  private skip(letter: string): boolean {
    const there = this.text[this.at] === letter;
    if (there) this.at++;
    return there;
  }

  private string(): string {
    let found = "";
    for (this.at++; ; ) {
      const plain = /[^"\\\u0000-\u001f]*/y;
      plain.lastIndex = this.at;
      found += plain.exec(this.text)![0];
      this.at = plain.lastIndex;
      if (this.skip('"')) break;
      if (!this.skip("\\")) throw this.fail("a text has no end, or a control character");
      found += this.escaped();
    }
    if (SURROGATES.test(found) && /\p{Surrogate}/u.test(found)) throw this.fail("a text has half a surrogate pair");
    return found;
  }

  private escaped(): string {
    const letter = this.text[this.at++] ?? "";
    if (letter !== "u") {
      const found = ESCAPES[letter];
      if (found === undefined) throw this.fail("an escape is none");
      return found;
    }
    const digits = this.text.slice(this.at, this.at + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw this.fail("an escape is none");
    this.at += 4;
    return String.fromCharCode(parseInt(digits, 16));
  }

  private number(): number | NotWhole {
    const form = /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
    form.lastIndex = this.at;
    const found = form.exec(this.text);
    if (!found) throw this.fail("a value is none");
    this.at = form.lastIndex;
    const value = Number(found[0]);
    return found[2] || found[3] || !Number.isSafeInteger(value) ? new NotWhole(found[0]) : value;
  }
}

/** Parse `text`; `row` is told the length of each element of the lists that lie in the outermost object. */
export function parseJson(
  text: string,
  code: string,
  where: string,
  row: (key: string, size: number) => void = () => {},
): Json {
  return new Reader(text, (reason) => new Refusal(code, where, reason), row).whole();
}

/** Parse a short `text` that must be the canonical form of what it says, a third as long as {@link parseJson} takes: the browser's own
 * parser is laxer (a key twice, half a surrogate pair, another spelling of a number), and then another text comes out. */
export function parseCanonical(text: string, code: string, where: string): Json {
  let value: Json;
  try {
    value = typed(JSON.parse(text), 0);
  } catch {
    throw new Refusal(code, where, "it is malformed");
  }
  if (canonical(value) !== text) throw new Refusal(code, where, "it is not in its canonical form");
  return value;
}

function typed(value: unknown, depth: number): Json {
  if (depth > MAX_DEPTH) throw new RangeError("depth");
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : new NotWhole(String(value));
  if (Array.isArray(value)) return value.map((one) => typed(one, depth + 1));
  if (typeof value !== "object" || value === null) return value as Json;
  return new Map(Object.entries(value).map(([key, one]) => [key, typed(one, depth + 1)]));
}

const SHORT: Record<string, string> = {
  '"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t",
};

/** Canonical JSON of the format (section 5.2), without a line end. */
export function canonical(value: Json): string {
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value instanceof Map) {
    const keys = [...value.keys()].sort(byCodePoints);
    return `{${keys.map((key) => `${quoted(key)}:${canonical(value.get(key)!)}`).join(",")}}`;
  }
  return value instanceof NotWhole ? value.text : String(value);
}

// eslint-disable-next-line no-control-regex
const ESCAPED = /["\\\u0000-\u001f]/;
const SURROGATES = /[\ud800-\udfff]/;

function quoted(text: string): string {
  const escape = (letter: string): string =>
    SHORT[letter] ?? `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;
  if (!ESCAPED.test(text)) return `"${text}"`;
  // eslint-disable-next-line no-control-regex
  return `"${text.replace(/["\\\u0000-\u001f]/g, escape)}"`;
}

/** The order of code points; that of JavaScript is of half surrogate pairs. */
export function byCodePoints(one: string, other: string): number {
  if (!SURROGATES.test(one) && !SURROGATES.test(other)) return one < other ? -1 : one > other ? 1 : 0;
  const [first, second] = [[...one], [...other]];
  for (let at = 0; at < Math.min(first.length, second.length); at++) {
    const difference = first[at]!.codePointAt(0)! - second[at]!.codePointAt(0)!;
    if (difference) return difference;
  }
  return first.length - second.length;
}
