"""XML that declares, fetches or repeats what no document of ours does."""

from __future__ import annotations

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


def cases() -> Flaws:
    """Yield every case of this family."""
    yield from _declarations()


def _case(family: str, name: str, wrong: str, code: str, data: bytes, reader: str = PACKAGE) -> Case:
    return Case(family=family, name=name, wrong=wrong, reader=reader, code=code, data=data)


def _declarations() -> Flaws:
    for what, (before, use) in DECLARATIONS.items():
        inside = f"<ASiCManifestExtensions>{use}</ASiCManifestExtensions>" if use else ""
        told = {"before": before, "inside": inside}
        yield _case(
            "xxe",
            f"manifest {what}",
            f"the ASiC manifest carries an {what}",
            "list-invalid",
            package(asic_told=told),
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
