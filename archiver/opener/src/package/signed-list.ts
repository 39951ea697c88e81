import { type Bytes, fromBase64, textOf } from "../base/bytes";
import { type HashName, digestSize } from "../base/digests";
import { Refusal } from "../base/refusal";
import { type XmlElement, parseXml } from "../base/xml";
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

const attribute = (one: XmlElement, name: string): string => one.attributes.find((each) => each.name === name)?.value ?? "";

class Reader {
  private hash: HashName | null = null;
  private readonly digests = new Map<string, Bytes>();
  private extra = 0;
  private place = 0;
  private ended = false;

  constructor(private readonly where: string, private readonly target: string) {}

  read(data: Bytes): SignedList {
    if (data.length > MAX_LIST_BYTES) throw new Refusal("limit-exceeded", this.where, "the list is too long for this page");
    const text = textOf(data, "list-invalid", this.where);
    this.requirePlain(text);
    try {
      parseXml(text, (root) => this.root(root), (one) => this.child(one));
    } catch (fault) {
      if (fault instanceof Refusal) throw fault;
      this.refuse("it is no well-formed XML");
    }
    if (!this.digests.size || !this.hash) this.refuse("it lists nothing");
    return { hash: this.hash, digests: this.digests };
  }

  private requirePlain(text: string): void {
    const body = text.replace(DECLARATION, "");
    if (text[0] !== "<" || body.includes("<!") || body.includes("<?"))
      this.refuse("it is not plain XML: a document type, a comment or an instruction");
    const prefixes = new Set(body.match(/xmlns(:[^\s=]+)?\s*=/g)?.map((one) => one.replace(/\s*=$/, "")));
    if (prefixes.size > MAX_PREFIXES) throw new Refusal("limit-exceeded", this.where, "too many prefixes");
  }

  /** The root, when it has ended: what was inside it was read by then. */
  private root(one: XmlElement): void {
    this.requireName(one, ASIC, "ASiCManifest", []);
    if (!SPACE.test(one.text)) this.refuse("text stands where none belongs");
  }

  /** The reference to the signature, then the data objects, then perhaps extensions. */
  private child(one: XmlElement): void {
    const place = this.place++;
    if (this.ended) this.refuse("an element does not belong there");
    if (place === 0) this.reference(one);
    else if (one.name === "ASiCManifestExtensions") {
      this.ended = true;
      this.extensions(one, "ASiCManifestExtensions");
    } else this.object(one);
  }

  private reference(one: XmlElement): void {
    this.requireName(one, ASIC, "SigReference", ["URI", "MimeType"]);
    if (attribute(one, "URI") !== this.target) this.refuse("it refers to another signature");
    if (this.children(one).length) this.refuse("an element does not belong there");
  }

  private object(one: XmlElement): void {
    this.requireName(one, ASIC, "DataObjectReference", ["URI", "MimeType", "Rootfile"]);
    const name = attribute(one, "URI");
    const parts = this.children(one);
    const [method, value] = parts;
    this.requireName(method, DSIG, "DigestMethod", ["Algorithm"]);
    this.requireName(value, DSIG, "DigestValue", []);
    if (parts.length > 3 || this.children(method).length) this.refuse("an element does not belong there");
    if (parts[2]) this.extensions(parts[2], "DataObjectReferenceExtensions");
    const hash = this.method(attribute(method, "Algorithm"));
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

  private extensions(holder: XmlElement, name: string): void {
    this.requireName(holder, ASIC, name, []);
    for (const one of this.children(holder)) {
      this.requireName(one, ASIC, "Extension", ["Critical"]);
      if (!["false", "0"].includes(attribute(one, "Critical"))) this.refuse("an extension is critical, or does not say plainly");
      this.count(one, 4);
    }
  }

  private count(one: XmlElement, depth: number): void {
    this.extra++;
    if (this.extra > MAX_EXTENSION_ELEMENTS || depth > MAX_DEPTH) throw new Refusal("limit-exceeded", this.where, "extensions");
    for (const child of one.children) this.count(child, depth + 1);
  }

  /** The elements inside `one`, where nothing but white space stands between them. */
  private children(one: XmlElement): XmlElement[] {
    if (!SPACE.test(one.text)) this.refuse("text stands where none belongs");
    return one.children;
  }

  private text(one: XmlElement): string {
    if (one.children.length) this.refuse("an element stands inside a value");
    return one.text;
  }

  private requireName(one: XmlElement | undefined, space: string, name: string, allowed: string[]): asserts one is XmlElement {
    if (!one || one.space !== space || one.name !== name) this.refuse("an element does not belong there");
    for (const each of one.attributes)
      if (each.space || !allowed.includes(each.name)) this.refuse("an attribute does not belong there");
  }

  private refuse(reason: string): never {
    throw new Refusal("list-invalid", this.where, reason);
  }
}
