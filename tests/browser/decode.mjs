// The readers of pictures and scans of the page, without a browser: every line of stdin names a file; its answer is one
// line of JSON, and what was decoded lies in FILE.raw. `node decode.mjs MODULES`
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";

const [modules, folder] = process.argv.slice(2);
const opener = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "archiver", "opener");
const source = join(opener, "src");
const { webassembly } = await import(pathToFileURL(join(opener, "webassembly.mjs")).href);
const { build } = createRequire(join(modules, "esbuild", "package.json"))("esbuild");
const parts = [
  'export * from "./imaging/elements";', 'export * from "./imaging/image";', 'export * from "./imaging/decode";', 'export * from "./base/refusal";',
  'export * from "./base/xml";', 'export * from "./signing/der";', 'export * from "./dossier/archive";', 'export * from "./imaging/picture-size"; export * from "./base/json";', 'export * from "./base/digests";',
  'export * from "./imaging/directory";', 'export * from "./imaging/presentation";', 'export * from "./scans/mesh";', 'export * from "./scans/ply";', 'export * from "./scans/obj";',
];
const bundle = join(folder, "readers.mjs");
await build({
  stdin: { contents: parts.join("\n"), resolveDir: source, loader: "ts" }, nodePaths: [modules], plugins: [webassembly(modules)],
  bundle: true, format: "esm", platform: "node", target: "node20", outfile: bundle, logLevel: "error",
});
const { parseXml, parseJson, parseCanonical, canonical, oid, single, elements, csv, sizeOf, hashPart, readDicom, readHead, decodeFrame, readDirectory, readPresentation, meshOf, readStl, readPly, readObj, Refusal } = await import(pathToFileURL(bundle).href);

const bytes = (array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength);
const readers = {
  async image(data) {
    const file = await readDicom(data);
    const head = readHead(file);
    const frames = [];
    for (let frame = 0; frame < head.frames; frame++) frames.push(bytes(await decodeFrame(file.data, head, frame)));
    return [{ head }, Buffer.concat(frames)];
  },
  async directory(data) { return [{ series: readDirectory(await readDicom(data)) }, null]; },
  async presentation(data) { return [{ state: readPresentation(await readDicom(data)) }, null]; },
  // what stands below the root, element by element; null of what is not well-formed
  async xml(data) {
    const found = [];
    try {
      parseXml(new TextDecoder().decode(data), (root) => found.push(root), (child) => found.push(child));
    } catch {
      return [{ found: null }, null];
    }
    return [{ found }, null];
  },
  async size(data) { return [{ size: sizeOf(data) }, null]; },
  async oid(data) {
    try {
      return [{ oid: oid(single(data, 6)) }, null];
    } catch (fault) {
      return [{ refused: fault.constructor.name }, null];
    }
  },
  async elements(data) {
    try {
      return [{ count: elements(data).length }, null];
    } catch (fault) {
      return [{ refused: fault.constructor.name }, null];
    }
  },
  async csv(data) { return [{ lengths: csv(new TextDecoder().decode(data)).map((row) => row.map((cell) => cell.length)) }, null]; },
  async json(data) { return [{ parsed: Boolean(parseJson(new TextDecoder().decode(data), "manifest-invalid", "x")) }, null]; },
  // each line, by both readers: whether it is the canonical form of what it says
  async lines(data) {
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(data);
    const tell = (read, one) => { try { return canonical(read(one)); } catch (fault) { return fault instanceof Refusal ? null : String(fault); } };
    const strict = (one) => { const value = parseJson(one, "x", ""); if (canonical(value) !== one) throw new Refusal("x"); return value; };
    return [{ found: text.split("\n").map((one) => [tell((line) => parseCanonical(line, "x", ""), one), tell(strict, one)]) }, null];
  },
  async hash(data, kind) {
    const { WebAssembly } = globalThis;
    if (kind === "plain") delete globalThis.WebAssembly;
    const { sha256, digest, crc } = await hashPart(new Blob([data]), "sha512", () => undefined);
    globalThis.WebAssembly = WebAssembly;
    return [{ sha256: bytes(sha256).toString("hex"), sha512: bytes(digest).toString("hex"), crc }, null];
  },
  async scan(data, kind) {
    const { triangles, low, high, positions, colours } = meshOf({ stl: readStl, ply: readPly, obj: readObj }[kind](data));
    return [{ triangles, low, high, coloured: colours !== null }, bytes(positions)];
  },
};
for await (const line of createInterface({ input: process.stdin })) {
  const { reader, file, kind } = JSON.parse(line);
  const [start, used] = [performance.now(), process.cpuUsage()];
  let answer;
  try {
    const [found, decoded] = await readers[reader](new Uint8Array(readFileSync(file)), kind);
    if (decoded) writeFileSync(`${file}.raw`, decoded);
    answer = found;
  } catch (fault) {
    answer = fault instanceof Refusal ? { code: fault.code, where: fault.where, reason: fault.reason } : { unexpected: String(fault.stack) };
  }
  const { user, system } = process.cpuUsage(used);
  process.stdout.write(`${JSON.stringify({ ...answer, seconds: (performance.now() - start) / 1000, processor: (user + system) / 1e6 })}\n`);
}
