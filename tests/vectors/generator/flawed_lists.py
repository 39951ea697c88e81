"""Lists that say too much, too little or something else, each truly signed by an accepted signer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

from tests.vectors.generator.case import PACKAGE, Case, Flaws
from tests.vectors.generator.chance import unit_id
from tests.vectors.generator.package import (
    ASIC,
    SIGNATURE,
    Parts,
    Row,
    asic_manifest,
    package,
    reference,
    with_units,
)

A, B = unit_id("a"), unit_id("b")


UNIT_A, UNIT_B = f"units/{A}.zip", f"units/{B}.zip"


DSIG, ENC = "http://www.w3.org/2000/09/xmldsig#", "http://www.w3.org/2001/04/xmlenc#"


def cases() -> Flaws:
    """Yield every case of this family."""
    yield from _asic()
    yield from _downgrades()
    yield from _too_much_or_little()
    yield from _sums()
    yield from _changed_afterwards()


def _case(family: str, name: str, wrong: str, code: str, data: bytes, reader: str = PACKAGE) -> Case:
    return Case(family=family, name=name, wrong=wrong, reader=reader, code=code, data=data)


def _asic() -> Flaws:
    def replaced(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
        return lambda data: data.replace(old, new, 1)

    changes: dict[str, Callable[[bytes], bytes]] = {
        "not XML": lambda _: b"Bonjour",
        "empty": lambda _: b"",
        "cut short": lambda data: data[: len(data) // 2],
        "other root": lambda data: data.replace(b"ASiCManifest", b"ASiCArchive"),
        "other namespace": replaced(b"02918/v1.2.1#", b"02918/v9.9.9#"),
        "no namespace": replaced(b' xmlns="http://uri.etsi.org/02918/v1.2.1#"', b""),
        "critical extension": replaced(
            b"</ASiCManifest>",
            b'<ASiCManifestExtensions><Extension Critical="true"/></ASiCManifestExtensions></ASiCManifest>',
        ),
        "other signature": replaced(SIGNATURE.encode(), b"META-INF/signature002.p7s"),
        "signature elsewhere": replaced(SIGNATURE.encode(), b"http://127.0.0.1/s.p7s"),
        "no signature": lambda data: data.replace(b"SigReference", b"DataObjectReference", 1),
        "foreign element": replaced(b"</ASiCManifest>", b"<Evil/></ASiCManifest>"),
        "inclusion": replaced(
            b"</ASiCManifest>",
            b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd"/></ASiCManifest>',
        ),
        "nothing listed": lambda _: asic_manifest([]),
        "name walks": replaced(b'URI="README.TXT"', b'URI="../README.TXT"'),
        "name absolute": replaced(b'URI="README.TXT"', b'URI="file:///etc/passwd"'),
        "name escaped": replaced(b'URI="README.TXT"', b'URI="README%2ETXT"'),
        "name missing": replaced(b'URI="README.TXT"', b""),
        "digest not Base 64": replaced(b"<ds:DigestValue>", b"<ds:DigestValue>*"),
        "digest empty": lambda data: data.replace(
            data[data.index(b"<ds:DigestValue>") :][: 16 + 44], b"<ds:DigestValue>", 1
        ),
        "UTF-7": lambda data: data.replace(b'encoding="UTF-8"', b'encoding="UTF-7"', 1),
    }
    for what, change in changes.items():
        yield _case("asic", what, f"the ASiC manifest: {what}", "list-invalid", package(asic=change))
    twice = package(references=lambda references: [*references, references[0]])
    yield _case("asic", "name twice", "the ASiC manifest names a part twice", "list-invalid", twice)


def _downgrades() -> Flaws:
    algorithms = {
        "SHA-1": (f"{DSIG}sha1", "sha1"),
        "MD5": ("http://www.w3.org/2001/04/xmldsig-more#md5", "md5"),
        "SHA-224": ("http://www.w3.org/2001/04/xmldsig-more#sha224", "sha224"),
        "SHA-1 called SHA-256": (f"{ENC}sha256", "sha1"),
        "SHA-512 called SHA-256": (f"{ENC}sha256", "sha512"),
        "unknown": ("urn:evil:none", "sha256"),
        "none": ("", "sha256"),
    }
    for what, (algorithm, digest) in algorithms.items():

        def references(lines: list[str], algorithm: str = algorithm, digest: str = digest) -> list[str]:
            data = b"LISEZ-MOI\r\n"
            return [
                reference("README.TXT", data, algorithm=algorithm, digest=hashlib.new(digest, data).digest()),
                *lines[1:],
            ]

        yield _case(
            "downgrade",
            f"manifest {what}",
            f"a part is listed with {what}",
            "list-algorithm-unknown" if what == "unknown" else "list-invalid",
            package(references=references),
        )

    def two_methods(data: bytes) -> bytes:
        weak = f'<ds:DigestMethod Algorithm="{DSIG}sha1"/>'.encode()
        return data.replace(b"<ds:DigestMethod", weak + b"<ds:DigestMethod", 1)

    yield _case(
        "downgrade",
        "manifest two methods",
        "a part has two digest algorithms",
        "list-invalid",
        package(asic=two_methods),
    )


def _too_much_or_little() -> Flaws:
    ghost = unit_id("ghost")
    absent = reference("docs/ghost.txt", b"ghost")
    yield _case(
        "too-much",
        "asic lists what is not there",
        "a listed part is missing",
        "member-missing",
        package(references=lambda lines: [*lines, absent]),
    )
    yield _case(
        "too-little",
        "asic without page",
        "a page is not listed",
        "member-unlisted",
        package(
            pages={"docs/a.md": b"a"},
            references=lambda lines: [one for one in lines if "docs/a.md" not in one],
        ),
    )
    yield _case(
        "too-little",
        "asic without unit",
        "a unit is not listed",
        "member-unlisted",
        package(references=lambda lines: [one for one in lines if UNIT_A not in one]),
    )
    yield _case(
        "too-little",
        "asic without manifest",
        "the manifest is not listed",
        "member-unlisted",
        package(references=lambda lines: [one for one in lines if "manifest.json" not in one]),
    )
    yield _case(
        "too-little",
        "asic without keyring",
        "the keyring is not listed",
        "member-unlisted",
        package(references=lambda lines: [one for one in lines if "keyring.age" not in one]),
    )
    for name in (SIGNATURE, "mimetype"):
        extra = reference(name, b"application/vnd.etsi.asic-e+zip")
        yield _case(
            "too-much",
            f"asic lists {name.rpartition('/')[2]}",
            f"the list names {name}",
            "lists-disagree",
            package(references=lambda lines, extra=extra: [*lines, extra]),
        )
    yield _case(
        "too-much",
        "page added afterwards",
        "a page was added after signing",
        "member-unlisted",
        package(parts=lambda parts: {**parts, "docs/evil.md": b"evil"}),
    )
    yield _case(
        "too-much",
        "unit added afterwards",
        "a unit was added after signing",
        "member-unlisted",
        package(parts=lambda parts: {**parts, f"units/{ghost}.zip": b"evil"}),
    )
    yield _case(
        "too-much",
        "keyring added afterwards",
        "a keyring was added after signing",
        "member-unlisted",
        package(parts=lambda parts: {**parts, "keyring-evil.age": b"evil"}),
    )
    yield _case(
        "too-much",
        "signature added afterwards",
        "a second signature was added",
        "member-unlisted",
        package(parts=lambda parts: {**parts, "META-INF/signature002.p7s": parts[SIGNATURE]}),
    )
    yield _case(
        "too-much",
        "asic manifest added afterwards",
        "a second ASiC manifest was added",
        "member-unlisted",
        package(parts=lambda parts: {**parts, "META-INF/ASiCManifest002.xml": parts[ASIC]}),
    )
    for name in ("README.TXT", "keyring.age", "manifest.json", "SHA256SUMS", ASIC, SIGNATURE, UNIT_A):

        def without(parts: Parts, name: str = name) -> Parts:
            return {key: data for key, data in parts.items() if key != name}

        yield _case(
            "too-little",
            f"without {name}",
            f"{name} was taken away",
            "member-missing",
            package(parts=without),
        )
    yield _case(
        "too-little",
        "without mimetype",
        "mimetype was taken away",
        "not-a-package",
        package(parts=lambda parts: {key: data for key, data in parts.items() if key != "mimetype"}),
    )

    def fewer(row: Row) -> Row:
        return with_units(row, row["units"][1:])

    def more(row: Row) -> Row:
        one = {"id": ghost, "member": f"units/{ghost}.zip", "size": 1, "sha256": "0" * 64}
        one |= {"destroy_from": None, "hold": False}
        return with_units(row, [*row["units"], one])

    yield _case(
        "too-little",
        "manifest without unit",
        "the manifest lists one unit too few",
        "member-unlisted",
        package(manifest=fewer),
    )
    yield _case(
        "too-little",
        "manifest without units",
        "the manifest lists no unit",
        "manifest-invalid",
        package(manifest=lambda row: {**row, "units": []}),
    )
    yield _case(
        "too-much",
        "manifest with ghost unit",
        "the manifest lists a unit that is not there",
        "member-missing",
        package(manifest=more),
    )
    yield _case(
        "too-much",
        "manifest with ghost keyring",
        "the manifest lists a keyring that is not there",
        "member-missing",
        package(manifest=lambda row: {**row, "keyrings": ["keyring.age", "keyring-ghost.age"]}),
    )


def _sums() -> Flaws:
    other = b"0" * 64
    changes: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
        "empty": ("list-invalid", lambda _: b""),
        "no last line end": ("list-invalid", lambda data: data[:-1]),
        "Windows line ends": ("list-invalid", lambda data: data.replace(b"\n", b"\r\n")),
        "capitals": ("list-invalid", lambda data: data[:64].upper() + data[64:]),
        "binary mark": ("list-invalid", lambda data: data.replace(b"  ", b" *", 1)),
        "not text": ("list-invalid", lambda data: b"\xff" + data[1:]),
        "name twice": ("list-invalid", lambda data: data + data.splitlines(keepends=True)[0]),
        "name walks": ("list-invalid", lambda data: data + other + b"  ../../evil\n"),
        "name absolute": ("list-invalid", lambda data: data + other + b"  /etc/passwd\n"),
        "name with escape": ("list-invalid", lambda data: data + b"\\" + other + b"  a\\nb\n"),
        "SHA-1": ("list-invalid", lambda data: data + other[:40] + b"  docs/a\n"),
        "comment": ("list-invalid", lambda data: b"# hello\n" + data),
        "other digest": ("lists-disagree", lambda data: data.replace(data[:64], other, 1)),
        "one too many": ("member-missing", lambda data: data + other + b"  docs/ghost\n"),
        "one too few": ("member-unlisted", lambda data: b"".join(data.splitlines(keepends=True)[:-1])),
    }
    for what, (code, change) in changes.items():
        yield _case("sums", what, f"SHA256SUMS: {what}", code, package(sums=change))


def _changed_afterwards() -> Flaws:
    def exchanged(parts: Parts) -> Parts:
        return {**parts, UNIT_A: parts[UNIT_B], UNIT_B: parts[UNIT_A]}

    def reused(parts: Parts) -> Parts:
        return {**parts, UNIT_B: parts[UNIT_A]}

    yield _case(
        "swapped",
        "units afterwards",
        "two units were exchanged after signing",
        "digest-mismatch",
        package(parts=exchanged),
    )
    yield _case(
        "swapped",
        "one unit twice",
        "one unit stands in for another",
        "digest-mismatch",
        package(parts=reused),
    )
    for name in ("README.TXT", UNIT_A, "keyring.age", "manifest.json", "SHA256SUMS"):

        def flipped(parts: Parts, name: str = name) -> Parts:
            data = parts[name]
            return {**parts, name: data[:5] + bytes([data[5] ^ 1]) + data[6:]}

        yield _case(
            "changed",
            f"byte of {name}",
            f"one bit of {name} was changed",
            "digest-mismatch",
            package(parts=flipped),
        )
        yield _case(
            "changed",
            f"end of {name}",
            f"a byte was added to {name}",
            "digest-mismatch",
            package(parts=lambda parts, name=name: {**parts, name: parts[name] + b"\n"}),
        )
    yield _case("changed", "bit rot", "a byte of a unit changed where it lies", "digest-mismatch", _rotten())
    yield _case(
        "changed",
        "manifest rewritten",
        "another manifest stands there",
        "digest-mismatch",
        package(
            parts=lambda parts: {
                **parts,
                "manifest.json": json.dumps(json.loads(parts["manifest.json"])).encode(),
            }
        ),
    )


def _rotten() -> bytes:
    whole = bytearray(package())
    at = whole.index(UNIT_A.encode()) + len(UNIT_A) + 300
    whole[at] ^= 0x10
    return bytes(whole)
