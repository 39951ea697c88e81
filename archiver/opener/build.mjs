// Builds OUVRIR.HTM: one page, in which everything lies. `node build.mjs TARGET` writes it there.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { deflated, webassembly } from "./webassembly.mjs";

const here = dirname(fileURLToPath(import.meta.url));
// the packages lie where npm installed what package-lock.json pins: here, or in the folder OPENER_MODULES names
const modules = process.env.OPENER_MODULES ?? join(here, "node_modules");
const { build } = createRequire(join(modules, "esbuild", "package.json"))("esbuild");
const MAX_BYTES = 1_200_000;

const bundle = (entry, define = {}) => build({
  entryPoints: [join(here, "src", ...entry)],
  absWorkingDir: here,
  nodePaths: [modules],
  bundle: true,
  write: false,
  minify: true,
  format: "iife",
  target: ["chrome109", "firefox115", "safari16.4"],
  charset: "ascii",
  legalComments: "none",
  metafile: true,
  define,
  plugins: [webassembly(modules)],
});
// the workers lie in the page, deflated: a page from a disk may not fetch one
const enclosed = (built) => JSON.stringify(Buffer.from(deflated(modules, built.outputFiles[0].contents)).toString("base64"));
const worker = await bundle(["worker", "worker.ts"]);
const packages = await bundle(["worker", "packages.ts"]);
const bundled = await bundle(["screen", "main.ts"], {
  WORKER_SOURCE: enclosed(worker), PACKAGES_SOURCE: enclosed(packages),
});
// "</script" and "<!--" would end or change the element in which the program lies
const script = bundled.outputFiles[0].text.trimEnd().replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
const style = readFileSync(join(here, "page.css"), "utf8").trim();

const names = new Set();
for (const input of [worker, packages, bundled].flatMap((one) => Object.keys(one.metafile.inputs))) {
  const found = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
  if (found) names.add(found[1]);
}
const textOf = (path) => readFileSync(path, "utf8").replaceAll("\r", "").trim();
const licences = [...names].sort().map((name) => {
  const { version, license } = JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8"));
  const own = join(modules, name, "LICENSE");
  // a package that brings no text: that of its repository
  const text = textOf(existsSync(own) ? own : join(here, "licences", "packages", `${name.replaceAll("/", "+")}.txt`));
  return `${name} ${version} (${license})\n\n${text}`;
});
// what was compiled into the programs
licences.push(...readdirSync(join(here, "licences", "compiled")).sort().map((name) => textOf(join(here, "licences", "compiled", name))));

const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
// styles may stand in a page: that of a dossier has one, and none of them can lead to a network
const policy = [
  "default-src 'none'",
  // WebAssembly, and no other code that is made while the page runs
  `script-src ${hash(script)} 'wasm-unsafe-eval'`,
  "style-src 'unsafe-inline'", "img-src blob: data:",
  // the worker is under this same policy
  "worker-src blob:",
  "form-action 'none'",
].join("; ");
const parts = { policy, style, licences: licences.join("\n\n\n"), script };
const page = readFileSync(join(here, "page.html"), "utf8").replace(/@([a-z]+)@/g, (_, name) => parts[name]);
if (Buffer.byteLength(page) > MAX_BYTES) throw new Error(`the page has ${Buffer.byteLength(page)} bytes`);
writeFileSync(process.argv[2] ?? join(here, "OUVRIR.HTM"), page);
console.log(`${Buffer.byteLength(page)} bytes; ${[...names].sort().join(", ")}`);
