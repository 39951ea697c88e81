import { type Bytes, fromBase64, textOf } from "../base/bytes";
import { type HashName, digestSize } from "../base/digests";
import { Refusal } from "../base/refusal";
import { requireSafeName } from "./names";

/** A signed list (section 8): the digest of every data object, in its order. */
export interface SignedList {
  hash: HashName;
  digests: Map<string, Bytes>;
}

const ASIC = "http://uri.etsi.org/02918/v1.2.1#", DSIG = "http://www.w3.org/2000/09/xmldsig#";
const METHODS: Record<string, HashName> = {
  "http://www.w3.org/2001/04/xmlenc#sha256": "sha256",
  "http://www.w3.org/2001/04/xmlenc#sha512": "sha512",
  "http://www.w3.org/2001/04/xmldsig-more#sha384": "sha384",
  "http://www.w3.org/2007/05/xmldsig-more#sha3-256": "sha3-256",
  "http://www.w3.org/2007/05/xmldsig-more#sha3-384": "sha3-384",
  "http://www.w3.org/2007/05/xmldsig-more#sha3-512": "sha3-512",
};
const WEAK = [
  "http://www.w3.org/2000/09/xmldsig#sha1", "http://www.w3.org/2001/04/xmldsig-more#md5",
  "http://www.w3.org/2001/04/xmldsig-more#sha224", "http://www.w3.org/2007/05/xmldsig-more#sha3-224",
];
/** The browser holds a document whole: 500,000 members are 165 MB, and take less here (section 18). */
export const MAX_LIST_BYTES = 64 << 20;
const MAX_EXTENSION_ELEMENTS = 1000;
const MAX_DEPTH = 16;
const MAX_PREFIXES = 32;
const SPACE = /^[ \t\r\n]*$/;
const DECLARATION = /^<\?xml[ \t\r\n]+version=("1\.0"|'1\.0')([ \t\r\n]+encoding=("utf-8"|'utf-8'))?([ \t\r\n]+standalone=("yes"|"no"|'yes'|'no'))?[ \t\r\n]*\?>/i;

/** Read the list `data` of the signature `target`. Throws `list-invalid`, `list-algorithm-unknown`, `limit-exceeded`. */
export function readSignedList(data: Bytes, where: string, target: string): SignedList {
  return new Reader(where, target).read(data);
}

class Reader {
  private hash: HashName | null = null;
  private readonly digests = new Map<string, Bytes>();
  private extra = 0;

  constructor(private readonly where: string, private readonly target: string) {}

  read(data: Bytes): SignedList {
    const root = this.parse(data);
    this.requireName(root, ASIC, "ASiCManifest", []);
    const [reference, ...rest] = this.children(root);
    this.requireName(reference, ASIC, "SigReference", ["URI", "MimeType"]);
    if (reference.getAttribute("URI") !== this.target) this.refuse("it refers to another signature");
    if (this.children(reference).length) this.refuse("an element does not belong there");
    if (rest.at(-1)?.localName === "ASiCManifestExtensions") this.extensions(rest.pop()!, "ASiCManifestExtensions");
    for (const one of rest) this.object(one);
    if (!this.digests.size || !this.hash) this.refuse("it lists nothing");
    return { hash: this.hash, digests: this.digests };
  }

  private parse(data: Bytes): Element {
    if (data.length > MAX_LIST_BYTES) throw new Refusal("limit-exceeded", this.where, "the list is too long for this page");
    const text = textOf(data, "list-invalid", this.where);
    const body = text.replace(DECLARATION, "");
    if (text[0] !== "<" || body.includes("<!") || body.includes("<?"))
      this.refuse("it is not plain XML: a document type, a comment or an instruction");
    const prefixes = new Set(body.match(/xmlns(:[^\s=]+)?\s*=/g)?.map((one) => one.replace(/\s*=$/, "")));
    if (prefixes.size > MAX_PREFIXES) throw new Refusal("limit-exceeded", this.where, "too many prefixes");
    const found = new DOMParser().parseFromString(text, "application/xml");
    if (found.getElementsByTagName("parsererror").length) this.refuse("it is no well-formed XML");
    return found.documentElement;
  }

  private object(one: Element): void {
    this.requireName(one, ASIC, "DataObjectReference", ["URI", "MimeType", "Rootfile"]);
    const name = one.getAttribute("URI") ?? "";
    const parts = this.children(one);
    const [method, value] = parts;
    this.requireName(method, DSIG, "DigestMethod", ["Algorithm"]);
    this.requireName(value, DSIG, "DigestValue", []);
    if (parts.length > 3 || this.children(method).length) this.refuse("an element does not belong there");
    if (parts[2]) this.extensions(parts[2], "DataObjectReferenceExtensions");
    const hash = this.method(method.getAttribute("Algorithm") ?? "");
    const digest = fromBase64(this.text(value));
    if (digest?.length !== digestSize(hash)) this.refuse("a data object has no digest that is accepted");
    this.requireNew(name);
    this.digests.set(name, digest);
  }

  private method(uri: string): HashName {
    const hash = METHODS[uri];
    if (!hash && (WEAK.includes(uri) || !uri)) this.refuse("a data object has no digest that is accepted");
    if (!hash) throw new Refusal("list-algorithm-unknown", this.where, uri.slice(0, 200));
    if (this.hash && this.hash !== hash) this.refuse("its digests are of several kinds");
    this.hash = hash;
    return hash;
  }

  private requireNew(name: string): void {
    try {
      requireSafeName(name);
    } catch {
      this.refuse("it names what no package holds");
    }
    if (this.digests.has(name)) this.refuse("it names a data object twice");
  }

  private extensions(holder: Element, name: string): void {
    this.requireName(holder, ASIC, name, []);
    for (const one of this.children(holder)) {
      this.requireName(one, ASIC, "Extension", ["Critical"]);
      if (!["false", "0"].includes(one.getAttribute("Critical") ?? "")) this.refuse("an extension is critical, or does not say plainly");
      this.count(one, 4);
    }
  }

  private count(one: Element, depth: number): void {
    this.extra++;
    if (this.extra > MAX_EXTENSION_ELEMENTS || depth > MAX_DEPTH) throw new Refusal("limit-exceeded", this.where, "extensions");
    for (const child of one.children) this.count(child, depth + 1);
  }

  /** The elements inside `one`, where nothing but white space stands between them. */
  private children(one: Element): Element[] {
    for (const node of one.childNodes)
      if (node.nodeType !== Node.ELEMENT_NODE && !SPACE.test(node.nodeValue ?? "")) this.refuse("text stands where none belongs");
    return [...one.children];
  }

  private text(one: Element): string {
    if (one.children.length) this.refuse("an element stands inside a value");
    return one.textContent ?? "";
  }

  private requireName(one: Element | undefined, space: string, name: string, allowed: string[]): asserts one is Element {
    if (!one || one.namespaceURI !== space || one.localName !== name) this.refuse("an element does not belong there");
    for (const attribute of one.attributes) {
      const declares = attribute.namespaceURI === "http://www.w3.org/2000/xmlns/";
      if (!declares && (attribute.namespaceURI !== null || !allowed.includes(attribute.name)))
        this.refuse("an attribute does not belong there");
    }
  }

  private refuse(reason: string): never {
    throw new Refusal("list-invalid", this.where, reason);
  }
}
