import { Refusal } from "../base/refusal";
import type { Dossier } from "./archive";
import { isDataUri, isPreview } from "./preview";

/** Elements of HTML and SVG that show something (patient-archive, section 5): none runs, embeds, refers or takes a form. */
const SHOWING = new Set(
  `a abbr b body br caption cite code col colgroup dd div dl dt em figcaption figure footer g h1 h2 h3 h4 h5 h6
  head header hr html i img li main meta nav ol p path pre s section small span strong style sub sup svg table
  tbody td text tfoot th thead time title tr tspan u ul circle ellipse line polygon polyline rect`.split(/\s+/),
);
const DESCRIBING = new Set(
  `alt aria-label aria-hidden charset class colspan content cx cy d data-label datetime dir fill height href
  http-equiv id lang loading name points r role rowspan rx ry scope src stroke title transform viewBox width
  x x1 x2 y y1 y2 xmlns xml:lang`.split(/\s+/),
);
const SPACES = [null, "http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg"];
/** Where a link may lead: within the page, or to a file of the archive. */
const PLACE = /^(#[\w-]*|[A-Z0-9_]+([./][A-Z0-9_]+)*)$/;
const METAS = new Set(["viewport", "referrer", "robots", "generator", "author", "description"]);
const POLICY = "content-security-policy";
/** In a style sheet, what fetches, runs, or hides what does. */
const FETCHES = /\\|@import|url\s*\(|image-set|src\s*\(|expression|(?<!scroll-)behavior|-moz-binding|\/\*/i;
const MAX_DEPTH = 64;
/** Pictures that are shown inside the page; larger ones are opened from the list of files. */
const MAX_PICTURE = 8 << 20;
const PICTURES: Record<string, string> = { JPG: "image/jpeg", PNG: "image/png", GIF: "image/gif", BMP: "image/bmp", WEB: "image/webp" };

export const mediaTypeOf = (name: string): string => {
  const ending = name.split(".").at(-1)!.toUpperCase();
  return PICTURES[ending] ?? (ending === "PDF" ? "application/pdf" : "");
};

/** The page `INDEX.HTM` of a dossier as a document without scripts, for a frame and for a tab of its own: links away are
 * taken out, pictures put in.
 *
 * Throws `page-unsafe` for a page that does more than show. */
export async function framedPage(text: string, dossier: Dossier): Promise<{ own: string; framed: string }> {
  const page = parse(text);
  requireSafe(page.documentElement, 0);
  for (const link of page.querySelectorAll("a[href]")) {
    const target = link.getAttribute("href")!;
    if (!target.startsWith("#")) link.removeAttribute("href");
  }
  for (const picture of page.querySelectorAll("img")) await putIn(picture, dossier);
  for (const meta of page.querySelectorAll("meta[http-equiv]")) meta.remove();
  const own = `<!DOCTYPE html>${new XMLSerializer().serializeToString(page.documentElement)}`;
  // links within the page lead there, and not to the page around the frame
  const base = page.createElementNS(SPACES[1]!, "base");
  base.setAttribute("href", "about:srcdoc");
  page.querySelector("head")?.prepend(base);
  return { own, framed: `<!DOCTYPE html>${new XMLSerializer().serializeToString(page.documentElement)}` };
}

function parse(text: string): Document {
  const body = text.replace(/^\ufeff/, "").replace(/^<!DOCTYPE html>/i, "");
  if (/<!|<\?|\]\]>/.test(body.replace(/^<\?xml[^?]*\?>/, ""))) throw new Refusal("page-unsafe", "INDEX.HTM");
  const page = new DOMParser().parseFromString(body, "application/xhtml+xml");
  if (page.getElementsByTagName("parsererror").length) throw new Refusal("page-unsafe", "INDEX.HTM");
  return page;
}

function requireSafe(one: Element, depth: number): void {
  const holds = (condition: boolean): void => {
    if (!condition) throw new Refusal("page-unsafe", "INDEX.HTM", one.localName);
  };
  holds(SPACES.includes(one.namespaceURI) && SHOWING.has(one.localName) && depth <= MAX_DEPTH);
  for (const { name, value } of one.attributes) {
    holds(DESCRIBING.has(name) || /^xmlns:\w+$/.test(name));
    if (name === "src" && one.localName === "img" && isDataUri(value)) holds(isPreview(value));
    else if (name === "href" || name === "src") holds(PLACE.test(value));
  }
  if (one.localName === "style") holds(!one.children.length && !FETCHES.test(one.textContent ?? ""));
  if (one.localName === "meta") {
    holds((one.getAttribute("http-equiv") ?? POLICY).toLowerCase() === POLICY);
    holds(METAS.has((one.getAttribute("name") ?? "viewport").toLowerCase()));
  }
  for (const child of one.children) requireSafe(child, depth + 1);
}

async function putIn(picture: Element, dossier: Dossier): Promise<void> {
  const name = picture.getAttribute("src") ?? "";
  if (isDataUri(name)) return;
  const file = dossier.files.get(name);
  const kind = mediaTypeOf(name);
  picture.removeAttribute("src");
  if (!file || file.size > MAX_PICTURE || !kind.startsWith("image/")) return;
  const data = await file.read();
  let binary = "";
  for (let at = 0; at < data.length; at += 32_768) binary += String.fromCharCode(...data.subarray(at, at + 32_768));
  picture.setAttribute("src", `data:${kind};base64,${btoa(binary)}`);
}
