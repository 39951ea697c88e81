// Takes libraries that were compiled to WebAssembly by Emscripten into a bundle.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/** Bytes deflated (RFC 1951) by a library that the lock pins: those of Node.js differ from version to version. */
export function deflated(modules, bytes) {
  const { deflateSync } = createRequire(join(modules, "fflate", "package.json"))("fflate");
  return deflateSync(bytes, { level: 9 });
}

/** A plugin for esbuild: imported programs (`.wasm`) lie in the bundle as deflated bytes. */
export const webassembly = (modules) => ({
  name: "webassembly",
  setup(build) {
    // what Emscripten writes asks whether it runs in Node.js: it shall read no file by itself, in the tests neither
    build.initialOptions.define = { ...build.initialOptions.define, process: "undefined" };
    build.onResolve({ filter: /^(fs|path)$/ }, ({ path }) => ({ path, namespace: "absent" }));
    build.onLoad({ filter: /.*/, namespace: "absent" }, () => ({ contents: "module.exports = {};" }));
    build.onLoad({ filter: /\.wasm$/ }, ({ path }) => ({ contents: deflated(modules, readFileSync(path)), loader: "binary" }));
  },
});
