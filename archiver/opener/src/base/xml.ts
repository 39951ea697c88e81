import { Refusal } from "./refusal";
import { SaxesParser, type SaxesTagNS } from "saxes";

/** An element of an XML document without comments, instructions and a document type. */
export interface XmlElement {
  space: string;
  name: string;
  /** Those that declare name spaces are left out. */
  attributes: { space: string; name: string; value: string }[];
  children: XmlElement[];
  /** All text that stands directly in it. */
  text: string;
}

/** Elements inside one that lies directly below the root: what nobody understands there may have 1,000. */
const MAX_INSIDE = 2_000;
const XMLNS = "http://www.w3.org/2000/xmlns/";

/** Parse `text` (XML 1.0 with name spaces), and throw where it is not well-formed. Each element directly below the root is
 * given to `child` when it has ended, and not kept. */
export function parseXml(text: string, root: (one: XmlElement) => void, child: (one: XmlElement) => void): void {
  const parser = new SaxesParser({ xmlns: true, position: false });
  const open: XmlElement[] = [];
  let inside = 0;
  parser.on("error", (fault) => {
    throw fault;
  });
  parser.on("opentag", (tag) => {
    inside = open.length > 1 ? inside + 1 : 0;
    if (inside > MAX_INSIDE) throw new Refusal("limit-exceeded", "", "one part of it has too many elements");
    open.push(elementOf(tag));
  });
  parser.on("text", (found) => {
    const holder = open.at(-1);
    if (holder) holder.text += found;
  });
  parser.on("closetag", () => {
    const ended = open.pop()!;
    if (open.length > 1) open.at(-1)!.children.push(ended);
    else (open.length ? child : root)(ended);
  });
  parser.write(text).close();
}

function elementOf(tag: SaxesTagNS): XmlElement {
  const attributes = Object.values(tag.attributes)
    .filter((one) => one.uri !== XMLNS)
    .map((one) => ({ space: one.uri, name: one.name, value: one.value }));
  return { space: tag.uri, name: tag.local, attributes, children: [], text: "" };
}
