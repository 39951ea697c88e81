// CharLS and OpenJPEG as WebAssembly: the one module that knows what @cornerstonejs/codec-… look like.
import charls from "@cornerstonejs/codec-charls/decodewasm";
import createCharls from "@cornerstonejs/codec-charls/decodewasmjs";
import openJpeg from "@cornerstonejs/codec-openjpeg/decodewasm";
import createOpenJpeg from "@cornerstonejs/codec-openjpeg/decodewasmjs";
import type { Bytes } from "../base/bytes";
import { inflateOwn } from "../base/deflate";
import { cannot } from "./elements";
import type { Samples, Shape } from "./samples";

export interface EmscriptenOptions {
  print: () => void;
  printErr: () => void;
  instantiateWasm: (imports: WebAssembly.Imports, received: (instance: WebAssembly.Instance) => void) => object;
}

interface Decoder {
  getEncodedBuffer(length: number): Uint8Array;
  decode(): void;
  getFrameInfo(): { width: number; height: number; bitsPerSample: number; componentCount: number; isSigned?: boolean };
  /** A view of the memory of the program: samples of one or of two bytes, least significant first. */
  getDecodedBuffer(): ArrayLike<number>;
  /** JPEG-LS alone; 0 where components lie one after the other, else they are interleaved (T.87, C.2.3). */
  getInterleaveMode?(): number;
}

type Library = "JpegLSDecoder" | "J2KDecoder";

const LIBRARIES = {
  JpegLSDecoder: { create: createCharls, program: charls },
  J2KDecoder: { create: createOpenJpeg, program: openJpeg },
};
/** Memory that a program may take, in bytes: what it begins with, and for each sample what decoding it takes at most
 * (its value in 32 bits twice, and in the result; half as much again, for memory grows by leaps). */
const BASE_MEMORY = 1 << 27, SAMPLE_MEMORY = 16;
/** A page of the memory of WebAssembly, in bytes. */
const MEMORY_PAGE = 65_536;

const compiled = new Map<Library, WebAssembly.Module>();

/** Decode `data`, whose head states `shape`. Throws `image-unreadable`.
 *
 * Each frame has an instance, and so a memory, of its own: what a hostile one does to it is seen by no other. */
export async function decodeWith(library: Library, data: Bytes, shape: Shape): Promise<Samples> {
  const { width, height, bits, components, signed } = shape;
  const most = BASE_MEMORY + 2 * data.length + SAMPLE_MEMORY * width * height * components;
  const { decoder, memory } = await instanceOf(library, most);
  try {
    decoder.getEncodedBuffer(data.length).set(data);
    decoder.decode();
    const found = decoder.getFrameInfo();
    const bytes = new Uint8Array(decoder.getDecodedBuffer());
    const alike = found.width === width && found.height === height && found.bitsPerSample === bits && found.componentCount === components;
    if (alike && (found.isSigned ?? false) === signed && bytes.length === width * height * components * (bits > 8 ? 2 : 1))
      return { ...shape, planes: planesOf(valuesOf(bytes, shape), shape, decoder.getInterleaveMode?.() !== 0) };
  } catch {
    // an exception of C++ is a number here, an end of its memory a trap: neither says anything to a person
  }
  throw cannot(memory.refused ? "it needs more memory than this page gives it" : "its pixels are damaged");
}

function valuesOf({ buffer }: Bytes, { bits, signed }: Shape): Samples["planes"][0] {
  if (bits > 8) return signed ? new Int16Array(buffer) : new Uint16Array(buffer);
  return signed ? new Int8Array(buffer) : new Uint8Array(buffer);
}

function planesOf(values: Samples["planes"][0], { width, height, components }: Shape, interleaved: boolean): Samples["planes"] {
  if (components === 1) return [values];
  const length = width * height;
  return Array.from({ length: components }, (_, component) => {
    const plane = values.slice(component * length, (component + 1) * length);
    if (interleaved) for (let place = 0; place < length; place++) plane[place] = values[place * components + component]!;
    return plane;
  });
}

/** Whether an instance asked for more than it may have. */
interface Limited {
  refused: boolean;
}

async function instanceOf(library: Library, most: number): Promise<{ decoder: Decoder; memory: Limited }> {
  const module = await moduleOf(library);
  const memory = { refused: false };
  const running = new Promise<object>((resolve, reject) => {
    const instantiateWasm: EmscriptenOptions["instantiateWasm"] = (imports, received) => {
      WebAssembly.instantiate(module, imports).then((instance) => {
        for (const one of Object.values(instance.exports)) if (one instanceof WebAssembly.Memory) limit(one, most, memory);
        received(instance);
      }).catch(reject);
      return {};
    };
    LIBRARIES[library].create({ print: () => undefined, printErr: () => undefined, instantiateWasm }).then(resolve, reject);
  });
  const { [library]: Decoder } = (await running) as Record<Library, new () => Decoder>;
  return { decoder: new Decoder(), memory };
}

/** The program of `library`, compiled once. */
async function moduleOf(library: Library): Promise<WebAssembly.Module> {
  const found = compiled.get(library);
  if (found) return found;
  // whoever manages a computer may tell its browser to run none
  if (typeof WebAssembly === "undefined") throw cannot("its encoding needs WebAssembly, which this browser does not run");
  const program = await inflateOwn(LIBRARIES[library].program);
  const module = await WebAssembly.compile(program).catch(() => {
    throw cannot("its encoding needs WebAssembly, which this browser does not run");
  });
  compiled.set(library, module);
  return module;
}

/** Let `memory` grow to `most` bytes: Emscripten asks for more here, and nowhere else; first for a fifth more than it needs. */
function limit(memory: WebAssembly.Memory, most: number, limited: Limited): void {
  memory.grow = (pages) => {
    limited.refused = memory.buffer.byteLength + pages * MEMORY_PAGE > most;
    if (limited.refused) throw new RangeError("no more memory");
    return WebAssembly.Memory.prototype.grow.call(memory, pages);
  };
}
