// The libraries that codec.ts wraps have no types of their own.
declare module "*/decodewasm" {
  /** The program, deflated (see `webassembly.mjs`). */
  const program: Uint8Array<ArrayBuffer>;
  export default program;
}

declare module "*/decodewasmjs" {
  const create: (options: import("./codec").EmscriptenOptions) => Promise<object>;
  export default create;
}
