"""XML that declares, fetches or repeats what no document of ours does."""

from __future__ import annotations

from collections.abc import Callable

from tests.vectors.generator.case import PACKAGE, XML, Case, Flaws
from tests.vectors.generator.package import package

XXE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


LAUGHS = (
    "<!DOCTYPE a [<!ENTITY l0 'ha'>"
    + "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 12))
    + "]>"
)


DECLARATIONS = {
    "external entity": (XXE, "&x;"),
    "entity bomb": (LAUGHS, "&l11;"),
    "quadratic entity": (f"<!DOCTYPE a [<!ENTITY x '{'ha' * 20_000}'>]>", "&x;" * 200),
    "external DTD": ('<!DOCTYPE a SYSTEM "http://127.0.0.1:9/evil.dtd">', ""),
    "public DTD": ('<!DOCTYPE a PUBLIC "-//EVIL//" "file:///etc/passwd">', ""),
    "parameter entity": ('<!DOCTYPE a [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>', ""),
    "entity in itself": ("<!DOCTYPE a [<!ENTITY x '&y;'><!ENTITY y '&x;'>]>", "&x;"),
    "empty DTD": ("<!DOCTYPE a>", ""),
}
"""A document type declaration and what uses it."""


EXTENDED = "<ASiCManifestExtensions>{}</ASiCManifestExtensions></ASiCManifest>"
TWO_READINGS: dict[str, tuple[str, str]] = {
    "comment in a digest": ("</ds:DigestValue>", "<!-- --></ds:DigestValue>"),
    "comment between parts": ("<DataObjectReference", "<!-- --><DataObjectReference"),
    "comment at the end": ("</ASiCManifest>", "</ASiCManifest><!-- -->"),
    "instruction in a digest": ("</ds:DigestValue>", "<?evil ?></ds:DigestValue>"),
    "instruction for a browser": (
        "<ASiCManifest",
        '<?xml-stylesheet type="text/xsl" href="http://127.0.0.1/e.xsl"?><ASiCManifest',
    ),
    "element in a digest": ("</ds:DigestValue>", "<evil/></ds:DigestValue>"),
    "element in a method": ('#sha256"/>', '#sha256"><evil/></ds:DigestMethod>'),
    "element in the signature's place": (
        'MimeType="application/pkcs7-signature"/>',
        'MimeType="application/pkcs7-signature"><evil/></SigReference>',
    ),
    "foreign element in a reference": ("</DataObjectReference>", "<evil/></DataObjectReference>"),
    "text in a reference": ("</DataObjectReference>", "evil</DataObjectReference>"),
    "text between references": ("<DataObjectReference", "evil<DataObjectReference"),
    "foreign attribute": ("<DataObjectReference", '<DataObjectReference Name="evil"'),
    "attribute of the root": ("<ASiCManifest", '<ASiCManifest URI="evil"'),
    "second reference to a signature": (
        "<DataObjectReference",
        '<SigReference URI="META-INF/signature001.p7s"/><DataObjectReference',
    ),
    "extensions twice": (
        "</ASiCManifest>",
        "<ASiCManifestExtensions/>" + EXTENDED.format(""),
    ),
    "extensions before references": ("<DataObjectReference", "<ASiCManifestExtensions/><DataObjectReference"),
    "space in a digest": ("<ds:DigestValue>", "<ds:DigestValue> "),
    "critical by a number": ("</ASiCManifest>", EXTENDED.format('<Extension Critical="1"/>')),
    "critical with a space": ("</ASiCManifest>", EXTENDED.format('<Extension Critical=" true "/>')),
    "critical in capitals": ("</ASiCManifest>", EXTENDED.format('<Extension Critical="TRUE"/>')),
    "critical not said": ("</ASiCManifest>", EXTENDED.format("<Extension/>")),
    "critical in a reference": (
        "</ds:DigestValue>",
        "</ds:DigestValue><DataObjectReferenceExtensions><Extension Critical='1'/></DataObjectReferenceExtensions>",
    ),
    "Latin-1": ('encoding="UTF-8"', 'encoding="ISO-8859-1"'),
    "XML 1.1": ('version="1.0"', 'version="1.1"'),
}
"""What two readers of XML could take in two ways."""


def cases() -> Flaws:
    """Yield every case of this family."""
    yield from _declarations()
    yield from _two_readings()


def _two_readings() -> Flaws:
    for what, (old, new) in TWO_READINGS.items():

        def change(data: bytes, old: str = old, new: str = new) -> bytes:
            return data.replace(old.encode(), new.encode(), 1)

        yield _case("two-readings", what, f"the ASiC manifest: {what}", "list-invalid", package(asic=change))
    encodings: dict[str, Callable[[bytes], bytes]] = {
        "byte order mark": lambda data: b"\xef\xbb\xbf" + data,
        "UTF-16": lambda data: data.decode().encode("utf-16"),
        "UTF-16 called UTF-8, without a mark": lambda data: data.decode().encode("utf-16-le"),
        "line before the declaration": lambda data: b"\n" + data,
    }
    for what, change in encodings.items():
        yield _case("two-readings", what, f"the ASiC manifest: {what}", "list-invalid", package(asic=change))
    deep = EXTENDED.format('<Extension Critical="false">' + "<a>" * 40 + "</a>" * 40 + "</Extension>")
    many = EXTENDED.format('<Extension Critical="false"/>' * 1001)
    for what, new in {"deep": deep, "many elements": many}.items():

        def grown(data: bytes, new: str = new) -> bytes:
            return data.replace(b"</ASiCManifest>", new.encode())

        yield _case("two-readings", what, f"the ASiC manifest: {what}", "limit-exceeded", package(asic=grown))


def _case(family: str, name: str, wrong: str, code: str, data: bytes, reader: str = PACKAGE) -> Case:
    return Case(family=family, name=name, wrong=wrong, reader=reader, code=code, data=data)


def _declarations() -> Flaws:
    for what, (before, use) in DECLARATIONS.items():
        inside = f"<ASiCManifestExtensions>{use}</ASiCManifestExtensions>" if use else ""
        options = {"before": before, "inside": inside}
        yield _case(
            "xxe",
            f"manifest {what}",
            f"the ASiC manifest carries an {what}",
            "list-invalid",
            package(asic_options=options),
        )
        plain = f'<?xml version="1.0"?>{before}<a>{use}</a>'.encode()
        yield _case("xxe", f"XML {what}", f"a document carries an {what}", "format", plain, XML)
    raw = {
        "deep": b"<a>" * 5000 + b"</a>" * 5000,
        "cut short": b"<a><b>",
        "two roots": b"<a/><a/>",
        "zero byte": b"<a>\0</a>",
        "wrong encoding": "<?xml version='1.0' encoding='UTF-8'?><a>é</a>".encode("latin-1"),
        "unknown encoding": b"<?xml version='1.0' encoding='EVIL-8'?><a/>",
        "unbound prefix": b"<evil:a/>",
        "attribute twice": b"<a b='1' b='2'/>",
        "long name": b"<" + b"a" * 11_000_000 + b"/>",
        "empty": b"",
        "text": b"Bonjour",
        "undefined entity": b"<a>&nbsp;</a>",
    }
    for what, data in raw.items():
        yield _case("xml", what, f"the document is no XML: {what}", "format", data, XML)
