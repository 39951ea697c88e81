"""Names that walk out of the target, mean something to a system, or collide."""

from __future__ import annotations

from dataclasses import replace

from tests.vectors.generator import dossier
from tests.vectors.generator.case import ARCHIVE, PACKAGE, Case, Flaws
from tests.vectors.generator.package import package
from tests.vectors.generator.zips import Member, plain

WALKING = {
    "parent": "../evil.txt",
    "parent inside": "docs/../../evil.txt",
    "parent at end": "docs/..",
    "parent alone": "..",
    "many parents": "../" * 12 + "etc/cron.d/evil",
    "here": "./evil.txt",
    "here inside": "docs/./evil.txt",
    "empty part": "docs//evil.txt",
    "absolute": "/etc/passwd",
    "network": "//server/share/evil.txt",
    "back-slash parent": "..\\evil.txt",
    "back-slash inside": "docs\\..\\..\\evil.txt",
    "mixed slashes": "docs/..\\../evil.txt",
    "back-slash absolute": "\\Windows\\evil.dll",
    "UNC": "\\\\server\\share\\evil.txt",
    "device path": "\\\\?\\C:\\evil.txt",
    "drive": "C:\\evil.txt",
    "drive with slash": "C:/evil.txt",
    "drive relative": "C:evil.txt",
    "three dots": ".../evil.txt",
    "parent with space": ".. /evil.txt",
    "zero byte": "evil.txt\x00.png",
    "line feed": "docs/evil\n.txt",
    "escape sequence": "docs/\x1b[2Jevil.txt",
    "too deep": "a/" * 40 + "evil.txt",
    "too long": "docs/" + "a" * 1100,
    "empty": "",
}
"""Spellings of a way out; no reader may take one of them."""

RESERVED = {
    "CON": "docs/CON",
    "NUL with ending": "docs/nul.txt",
    "AUX in small letters": "docs/aux",
    "COM1": "docs/COM1.log",
    "LPT with superscript": "docs/LPT¹",
    "CONIN": "docs/CONIN$",
    "reserved folder": "prn/evil.txt",
    "reserved with space": "docs/NUL .txt",
    "dot at end": "docs/evil.",
    "space at end": "docs/evil ",
    "stream": "docs/evil.txt:hidden",
    "data stream": "docs/evil.txt::$DATA",
    "index stream": "docs:$I30:$INDEX_ALLOCATION/evil",
    "star": "docs/*.txt",
    "question mark": "docs/evil?.txt",
    "pipe": "docs/a|b",
    "angle": "docs/<script>.txt",
    "quotation mark": 'docs/"evil".txt',
    "delete character": "docs/evil\x7f.txt",
}

PACKAGE_ONLY = {
    "percent parent": b"%2e%2e/evil.txt",
    "overlong UTF-8": b"\xc0\xae\xc0\xae/evil.txt",
    "full-width dots": "．．/evil.txt".encode(),
    "full-width slash": "..／evil.txt".encode(),
    "two-dot leader": "‥/evil.txt".encode(),
    "home": b"~/.ssh/authorized_keys",
    "variable": b"$HOME/evil.txt",
    "right-to-left": "docs/txt.\u202eexe".encode(),
    "accent": "docs/été.txt".encode(),
    "space": b"docs/evil one.txt",
}
"""A package holds plain letters only, so these go there too."""


def cases() -> Flaws:
    """Yield every case of this family."""
    for kind, names in (("traversal", WALKING), ("reserved", RESERVED)):
        for what, name in names.items():
            yield _in_package(kind, what, name.encode())
            yield _in_archive(kind, what, name)
    for what, raw in PACKAGE_ONLY.items():
        yield _in_package("traversal", what, raw)
    yield from _clashes()
    yield from _kinds()


def _in_package(family: str, what: str, raw: bytes) -> Case:
    data = package(members=lambda members: [*members, Member(name=raw, data=b"evil")])
    return Case(
        family=family,
        name=f"package {what}",
        wrong=f"a member is called {raw[:60]!r}",
        reader=PACKAGE,
        code="container-irregular" if len(raw) > 1024 else "unsafe-name",
        data=data,
    )


def _in_archive(family: str, what: str, name: str) -> Case:
    zero = "\x00" in name
    return Case(
        family=family,
        name=f"archive {what}",
        wrong=f"a member is called {name[:60]!r}",
        reader=ARCHIVE,
        code="zip-refused" if zero else "unsafe-name",
        data=dossier.archive(extra=[plain(name, b"evil")]),
    )


def _clashes() -> Flaws:
    twice = {
        "same name": ("docs/a.txt", "docs/a.txt"),
        "case": ("docs/a.txt", "docs/A.TXT"),
        "case of folder": ("docs/a.txt", "DOCS/a.txt"),
    }
    for what, pair in twice.items():
        pages = [Member(name=name.encode(), data=name.encode()) for name in pair]
        yield Case(
            family="clash",
            name=f"package {what}",
            wrong=f"two members are called {pair}",
            reader=PACKAGE,
            code="container-irregular",
            data=package(members=lambda members, pages=pages: [*members, *pages]),
        )
    inner = {
        **twice,
        "sharp s": ("docs/straße.txt", "docs/STRASSE.TXT"),
        "accents in case": ("docs/été.txt", "docs/ÉTÉ.TXT"),
        "file and folder": ("docs/a", "docs/a/b"),
        "file and folder in case": ("docs/A", "docs/a/b"),
    }
    for what, pair in inner.items():
        yield Case(
            family="clash",
            name=f"archive {what}",
            wrong=f"two members are called {pair}",
            reader=ARCHIVE,
            code="zip-refused",
            data=dossier.archive(extra=[plain(name, b"x") for name in pair]),
        )
    for what, name in {
        "decomposed": "docs/e\u0301te\u0301.txt",
        "compatibility": "docs/\u212bngstrom",
    }.items():
        yield Case(
            family="clash",
            name=f"archive {what}",
            wrong="a name is not in normal form",
            reader=ARCHIVE,
            code="unsafe-name",
            data=dossier.archive(extra=[plain(name, b"x")]),
        )
    yield Case(
        family="clash",
        name="package manifest twice",
        wrong="a second manifest.json follows the first",
        reader=PACKAGE,
        code="container-irregular",
        data=package(members=lambda members: [*members, plain("manifest.json", b"{}")]),
    )
    yield Case(
        family="clash",
        name="archive dossier twice",
        wrong="a second dossier follows the first",
        reader=ARCHIVE,
        code="zip-refused",
        data=dossier.archive(extra=[plain(dossier.DOSSIER, b"{}")]),
    )


def _kinds() -> Flaws:
    modes = {"link": 0o120777, "folder": 0o040755, "pipe": 0o010644, "device": 0o060644, "socket": 0o140644}
    for what, mode in modes.items():
        evil = plain("docs/evil", b"/etc/passwd", central={"attributes": mode << 16})
        yield Case(
            family="symlink",
            name=f"package {what}",
            wrong=f"a member says it is a {what}",
            reader=PACKAGE,
            code="container-irregular",
            data=package(members=lambda members, evil=evil: [*members, evil]),
        )
        if what != "folder":
            yield Case(
                family="symlink",
                name=f"archive {what}",
                wrong=f"a member says it is a {what}",
                reader=ARCHIVE,
                code="zip-refused",
                data=dossier.archive(extra=[evil]),
            )
    folder = replace(plain("docs/", b"bytes"), central={"attributes": 0o040755 << 16})
    yield Case(
        family="symlink",
        name="archive folder with bytes",
        wrong="a folder holds bytes",
        reader=ARCHIVE,
        code="zip-refused",
        data=dossier.archive(extra=[folder]),
    )
