import { type Json, type JsonObject } from "../base/json";
import { Refusal } from "../base/refusal";

const MAX_TEXT = 1024;
const CODE = /^[a-z][a-z0-9_-]{0,63}$/;
const MOMENT = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?(Z|[+-]\d\d:?\d\d(:\d\d)?)$/;

/** A JSON object whose keys are asked for with the type they must have (section 6.1). */
export class Fields {
  private readonly value: JsonObject;

  constructor(value: Json, private readonly file: string, private readonly path = "") {
    if (!(value instanceof Map)) throw new Refusal("manifest-invalid", `${file} ${path}`.trim(), "an object is missing");
    this.value = value;
  }

  refuse(key: string, reason: string): never {
    throw new Refusal("manifest-invalid", `${this.file} ${this.at(key)}`, reason);
  }

  private at(key: string): string {
    return this.path ? `${this.path}.${key}` : key;
  }

  has(key: string): boolean {
    return this.value.has(key);
  }

  get(key: string): Json {
    const found = this.value.get(key);
    return found === undefined ? this.refuse(key, "a key is missing") : found;
  }

  text(key: string, form?: RegExp): string {
    const found = this.get(key);
    if (typeof found !== "string" || !found || [...found].length > MAX_TEXT) this.refuse(key, "a text is missing, empty or too long");
    if (form && !form.test(found)) this.refuse(key, "a text does not have its form");
    return found;
  }

  code(key: string): string {
    return this.text(key, CODE);
  }

  count(key: string): number {
    const found = this.get(key);
    if (typeof found !== "number" || found < 0) this.refuse(key, "a whole number is missing or out of range");
    return found;
  }

  truth(key: string): boolean {
    const found = this.get(key);
    return typeof found === "boolean" ? found : this.refuse(key, "a yes or no is missing");
  }

  /** A 1 January, or nothing. */
  newYear(key: string): string | null {
    if (this.get(key) === null) return null;
    const found = this.text(key, /^\d{4}-01-01$/);
    return found.startsWith("0000") ? this.refuse(key, "a text does not have its form") : found;
  }

  moment(key: string): string {
    const found = this.text(key, MOMENT);
    if (Number.isNaN(Date.parse(found))) this.refuse(key, "a time is not one");
    return found;
  }

  list(key: string): Json[] {
    const found = this.get(key);
    return Array.isArray(found) ? found : this.refuse(key, "a list is missing");
  }

  object(key: string): Fields {
    return new Fields(this.get(key), this.file, this.at(key));
  }

  objects(key: string): Fields[] {
    return this.list(key).map((one, place) => new Fields(one, this.file, `${this.at(key)}[${place}]`));
  }

  counts(): Map<string, number> {
    const found = new Map<string, number>();
    for (const key of this.value.keys()) {
      if (!CODE.test(key)) this.refuse(key, "a kind is not a plain word");
      found.set(key, this.count(key));
    }
    return found;
  }
}
