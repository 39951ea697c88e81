import { type Bytes, view } from "../base/bytes";
import { MAX_VERTICES, type Surface, cannotScan, requireBytes, requireCount } from "./mesh";

interface Property {
  name: string;
  type: string;
  /** The type of the count in front of a list; empty for a single value. */
  counted: string;
}
interface Group {
  name: string;
  count: number;
  properties: Property[];
}

const SIZES: Record<string, number> = {
  char: 1, uchar: 1, int8: 1, uint8: 1, short: 2, ushort: 2, int16: 2, uint16: 2, int: 4, uint: 4, int32: 4, uint32: 4, float: 4, float32: 4, double: 8, float64: 8,
};
const MAX_HEAD = 65_536;
const MAX_PROPERTIES = 64;
const MAX_CORNERS = 255;

/** Read a PLY file: text, or binary of either byte order; of its elements, corners with their colours, and faces. */
export function readPly(data: Bytes): Surface {
  requireBytes(data);
  const text = String.fromCharCode(...data.subarray(0, Math.min(MAX_HEAD, data.length)));
  const head = /^ply\r?\n[\s\S]*?\bend_header\r?\n/.exec(text)?.[0];
  const format = /^format (ascii|binary_little_endian|binary_big_endian) 1\.0\s*$/m.exec(head ?? "")?.[1];
  if (!head || !format) throw cannotScan("it is no PLY");
  const body = data.subarray(head.length);
  const next = format === "ascii" ? words(body) : numbers(body, format === "binary_little_endian");
  const [vertices, colours, corners]: [number[], number[], number[]] = [[], [], []];
  for (const group of groupsOf(head)) readGroup(group, next, vertices, colours, corners);
  return {
    vertices: Float32Array.from(vertices), corners: Uint32Array.from(corners),
    colours: colours.length && colours.length === vertices.length ? Uint8Array.from(colours) : null,
  };
}

function groupsOf(head: string): Group[] {
  const groups: Group[] = [];
  for (const line of head.split(/\r?\n/)) {
    const [word, ...rest] = line.trim().split(/\s+/);
    if (word === "element") groups.push({ name: rest[0] ?? "", count: Number(rest[1]), properties: [] });
    if (word !== "property") continue;
    const list = rest[0] === "list";
    const property = { name: rest.at(-1)!, type: list ? rest[2]! : rest[0]!, counted: list ? rest[1]! : "" };
    const known = property.type in SIZES && (!list || property.counted in SIZES);
    if (!known || !groups.length || groups.at(-1)!.properties.push(property) > MAX_PROPERTIES) throw cannotScan("its head is malformed");
  }
  for (const { name, count } of groups) {
    if (!Number.isSafeInteger(count) || count < 0 || count > MAX_VERTICES) throw cannotScan("it has more parts than this page takes");
    if (name === "face") requireCount(count);
  }
  return groups;
}

function readGroup(group: Group, next: (type: string) => number, vertices: number[], colours: number[], corners: number[]): void {
  const places = ["x", "y", "z"].map((name) => group.properties.findIndex((one) => one.name === name));
  const shades = ["red", "green", "blue"].map((name) => group.properties.findIndex((one) => one.name === name));
  const whole = shades.every((place) => place >= 0 && SIZES[group.properties[place]!.type] === 1);
  if (group.name === "vertex" && places.includes(-1)) throw cannotScan("its head is malformed");
  for (let row = 0; row < group.count; row++) {
    const values = group.properties.map((one) => {
      if (!one.counted) return next(one.type);
      const count = next(one.counted);
      if (!Number.isInteger(count) || count < 0 || count > MAX_CORNERS) throw cannotScan("a face has too many corners");
      const list = Array.from({ length: count }, () => next(one.type));
      if (group.name === "face" && /^vertex_ind/.test(one.name))
        for (let place = 2; place < count; place++) corners.push(list[0]!, list[place - 1]!, list[place]!);
      return 0;
    });
    if (group.name === "face") requireCount(Math.max(1, corners.length / 3));
    if (group.name !== "vertex") continue;
    for (const place of places) vertices.push(values[place]!);
    if (whole) for (const place of shades) colours.push(values[place]!);
  }
}

const short = (): never => {
  throw cannotScan("it is cut short");
};

function words(body: Bytes): () => number {
  const all = new TextDecoder().decode(body).matchAll(/\S+/g);
  return () => {
    const { value } = all.next() as { value: RegExpExecArray | undefined };
    return value ? Number(value[0]) : short();
  };
}

function numbers(body: Bytes, little: boolean): (type: string) => number {
  const fields = view(body);
  let at = 0;
  return (type) => {
    const size = SIZES[type]!;
    if (at + size > body.length) return short();
    const here = at;
    at += size;
    if (size === 8) return fields.getFloat64(here, little);
    if (type.startsWith("float")) return fields.getFloat32(here, little);
    const unsigned = type.startsWith("u");
    if (size === 1) return unsigned ? fields.getUint8(here) : fields.getInt8(here);
    if (size === 2) return unsigned ? fields.getUint16(here, little) : fields.getInt16(here, little);
    return unsigned ? fields.getUint32(here, little) : fields.getInt32(here, little);
  };
}
