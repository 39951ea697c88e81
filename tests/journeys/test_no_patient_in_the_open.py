"""Who has a package and no key learns of no patient: not a name, not a number, not from one single byte."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.instructions.pages import package_pages
from archiver.instructions.readme import set_readme
from archiver.opener import opener_page
from archiver.package import layout
from archiver.signing.certificates.reading import write_pem
from samples.story.book import build_sqlite
from tests.journeys.line import EXPORT, SAMPLES, Line, once
from tests.journeys.program import Program
from tests.open_bytes import Open, open_bytes, shape_of_unit
from tests.traits import Search, Traits, traits_of, words_of_names
from tests.tsa import LocalAuthority, listening

PUBLIC = (
    "Cabinet dentaire des Tilleuls",
    "Cabinet dentaire du Vieux Pressoir",
    "Dr Malo Kerbrat",
    "Dr Sabine Loriot",
    "Horodatage Exemple",
)
"""Who is public: the practices, the practitioners who sign, the authority that stamps. No patient is."""
COMMONPLACE_TEXTS = frozenset({"questionnaire"})
"""Titles and file names that are a word of the format: the manifest counts ``questionnaires``."""
COMMONPLACE_WORDS = frozenset(
    {"d", "da", "de", "des", "e", "la", "le", "n", "org"} | {str(number) for number in range(10)}
)
"""Particles of names, and numbers of patients, that the same program writes about anybody at all."""
PACKAGES = ("handover.asice", "renewed.asice", "together.asice", "whole.asice")
"""A handover, the same opened to others, one of two signers with a time-stamp and evidence, a whole practice."""
PAGES = {layout.OPENER: opener_page(), **{f"docs/{name}": page for name, page in package_pages()}}
"""What the program puts into every package, byte for byte, whoever is in it."""
TEXTS = {**PAGES, "README.TXT": set_readme()}
"""The same, and what it puts into every set."""
EXAMPLE = {
    "Perrichon", "1955-11-23", "1955/11/23", "19551123", "Photographie du sourire", "sourire.jpg", "DICOMDIR",
    "kind: scan", "IM000001", "François", "2004-02-29", "2004/02/29", "20040229", "204021499704753", "2040214997047",
}  # fmt: skip
"""The fictive patients by whom the pages show how to open a package, and take one apart (format, §19); and a given name
of one of the authors of OpenJPEG, whose licence the page that opens packages has to carry.

No package says more of them for that.
"""
SETS = ("years-001.asice", "years-002.asice", "years-set.asice")
"""Volumes of one year, and what ties them."""
REPLACED = (
    "LName",
    "FName",
    "Address",
    "City",
    "Zip",
    "HmPhone",
    "WirelessPhone",
    "Email",
    "ChartNumber",
    "SSN",
)


@pytest.fixture(scope="module")
def desk(demo_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the packages the real program makes of the sample practice, and one of other people."""

    def build(folder: Path) -> None:
        demo_line.copy(folder, "tilleuls.sqlite", "practice.db", "kerbrat", "pressoir", "roster.csv")
        demo_line.copy(folder, "receiver.identity", "roots.pem")
        shutil.copy2(demo_line.folder / "package.asice", folder / "handover.asice")
        program = Program(folder=folder)
        (folder / "words").write_text("quatre mots suffisent ici\n", encoding="utf-8")
        program.here("keys", "new", "loriot", "--name", "Dr Sabine Loriot", "--no-passphrase").ok()
        keys = ("--to", "pressoir/receiver.recipient", "--signer", "kerbrat/signer.p12")
        program(
            "keys", "share", "handover.asice", "renewed.asice", "--identity", "receiver.identity",
            "--roots", "roots.pem", *keys, "--new-passphrase-file", "words",
        ).ok()  # fmt: skip
        _together(program)
        program.here(
            "export", "practice.db", "whole.asice", "--all", *keys, "--passphrase-file", "words"
        ).ok()
        program.here("export", "practice.db", "years.asice", "--all", *keys, "--by-retention-year").ok()
        _others(program, keys)

    return once(tmp_path_factory, "in-the-open", build)


def _together(program: Program) -> None:
    """Let both practitioners sign, with a time-stamp, and give the package evidence."""
    years = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    stamper = LocalAuthority("Horodatage Exemple", *years)
    lines = (program.folder / "roster.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (program.folder / "few.csv").write_text("".join(lines[:6]), encoding="utf-8")
    named = {"package.asice": "together.asice", "roster.csv": "few.csv"}
    with listening(lambda query: (200, stamper.reply(query, datetime.now(UTC)))) as address:
        program.here(
            *(named.get(part, part) for part in EXPORT), "--co-signer", "loriot/signer.p12", "--tsa", address
        ).ok()
        (program.folder / "all.pem").write_text(write_pem(stamper.roots), encoding="utf-8")
        program.here("evidence", "build", "together.asice", "--tsa", address, "--tsa-roots", "all.pem").ok()


def _others(program: Program, keys: tuple[str, ...]) -> None:
    """Make the package of a practice whose patients share no trait with those of the sample."""
    source = program.folder / "others.sqlite"
    build_sqlite((SAMPLES / "successor" / "opendental.sql").read_text(encoding="utf-8"), source)
    with closing(sqlite3.connect(source)) as db, db:
        db.execute("DELETE FROM patfield")
        db.execute("UPDATE patient SET " + ", ".join(f"{one} = 'zyx' || PatNum" for one in REPLACED))
    program.here("collect", "opendental", "others.sqlite", "--into", "others.db").ok()
    program.here("export", "others.db", "others.asice", "--all", *keys).ok()


@pytest.fixture(scope="module")
def traits(desk: Path) -> Traits:
    folders = (SAMPLES / "practice" / name for name in ("images", "imaging", "papers"))
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return traits_of(desk / "tilleuls.sqlite", desk / "practice.db", files)


@pytest.fixture(scope="module")
def search(traits: Traits) -> Search:
    return Search(traits=traits, public=PUBLIC)


def disclosures(package: Path, search: Search) -> set[str]:
    """Return what of the traits shows in the open bytes of ``package``, and where, but for everybody's texts."""
    random = drawn_by_lot(package)
    return {
        f"{part.where}: {one}"
        for part in open_bytes(package)
        if TEXTS.get(part.where) != part.raw
        for one in search.found(uncounted(part), random)
    }


def drawn_by_lot(package: Path) -> list[str]:
    """Return the texts that are random or follow from the sealed bytes: identifiers and digests."""
    with zipfile.ZipFile(package) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    found = []
    for name, data in members.items():
        digest = hashlib.sha256(data).digest()
        found += [
            digest.hex(),
            base64.b64encode(digest).decode("ascii"),
            *re.findall("units/([a-z2-7]{26})", name),
        ]
    for name in (one for one in members if one.endswith("manifest.json")):
        document = json.loads(members[name])
        found += [document["package"], document["keyring_commitment"], document["created"]]
        found += [document["set"]["id"]] if document["set"] else []
    if "set.json" in members:
        document = json.loads(members["set.json"])
        found += [document["set"], document["created"]]
        found += [one[key] for one in document["volumes"] for key in ("package", "manifest_sha256")]
    return found


def uncounted(part: Open) -> Open:
    """Return ``part`` without the totals and sizes of a manifest, each of which is some patient's number."""
    if not part.where.endswith(("manifest.json", "set.json")):
        return part
    return replace(part, texts=tuple(re.sub(r'(": )\d+', r"\1", text) for text in part.texts))


def without(found: set[str], commonplace: set[str]) -> set[str]:
    return {one for one in found if one.partition(": ")[2] not in commonplace}


def commonplace(desk: Path, search: Search) -> set[str]:
    """Return what the program writes about a practice of other people as well."""
    return {one.partition(": ")[2] for one in disclosures(desk / "others.asice", search)}


# -- nothing shows ------------------------------------------------------------------------


def test_the_traits_are_those_of_everybody(traits: Traits) -> None:
    assert len(traits.names) >= 600 and len(traits.texts) >= 800
    words = words_of_names(traits)
    assert {"lemoine", "anne", "leo", "hoa", "rochebrune", "67", "99130"} <= words
    assert {"279031499100115", "0261910001", "patient1@example.org", "TIL-0001"} <= traits.names
    assert {"14/03/1979", "19790314", "14 mars 1979", "Courrier Dr Évrard (1).pdf", "bw1.png"} <= traits.texts


def test_hardly_a_word_is_commonplace(desk: Path, search: Search) -> None:
    expected = {*COMMONPLACE_TEXTS, *(f"the word {one}" for one in COMMONPLACE_WORDS)}
    assert commonplace(desk, search) <= expected


@pytest.mark.parametrize("name", TEXTS)
def test_the_pages_name_nobody_but_their_example(search: Search, name: str) -> None:
    page = Open(where=name, raw=TEXTS[name], texts=())
    assert search.found(page) <= EXAMPLE


@pytest.mark.parametrize("package", [*PACKAGES, *SETS])
def test_no_trait_shows_in_any_package(desk: Path, search: Search, package: str) -> None:
    found = disclosures(desk / package, search)
    assert without(found, commonplace(desk, search)) == set()


def test_the_texts_of_signatures_are_read(desk: Path) -> None:
    texts = {part.where: part.texts for part in open_bytes(desk / "together.asice")}
    assert {"Dr Malo Kerbrat", "Horodatage Exemple"} <= set(texts["META-INF/signature001.p7s"])
    assert {"Dr Sabine Loriot", "Horodatage Exemple"} <= set(texts["META-INF/signature002.p7s"])


@pytest.mark.parametrize("package", PACKAGES)
def test_pages_for_everybody_are_the_same_for_everybody(desk: Path, package: str) -> None:
    with zipfile.ZipFile(desk / package) as ours, zipfile.ZipFile(desk / "others.asice") as theirs:
        pages = [
            name
            for name in ours.namelist()
            if name in {layout.README, layout.OPENER} or name.startswith("docs/")
        ]
        assert set(pages) == {"README.TXT", *PAGES}
        assert {name: ours.read(name) for name in pages} == {name: theirs.read(name) for name in pages}


@pytest.mark.parametrize("package", PACKAGES)
def test_units_differ_in_their_size_alone(desk: Path, package: str) -> None:
    with zipfile.ZipFile(desk / package) as archive:
        names = [name for name in archive.namelist() if name.startswith("units/")]
        shapes = [shape_of_unit(archive.read(name)) for name in names]
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    numbered = [f"PAT{number:05}.ZIP" for number in range(1, len(shapes))]
    # numbered as they lie, which is by lot: a number from the roster would tell who is who
    assert [name for name, _, _ in shapes] == [*numbered, "TRANSV.ZIP"]
    assert len({(date, around - len(name)) for name, date, around in shapes[:-1]}) == 1


# -- and it would be seen -----------------------------------------------------------------


def planted(
    package: Path, target: Path, member: str, change: Callable[[bytes], bytes], comment: bytes = b""
) -> Path:
    """Return a copy of ``package`` with one changed member, or a comment."""
    with zipfile.ZipFile(package) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            data = source.read(name)
            copy.writestr(zipfile.ZipInfo(name), change(data) if name == member else data)
        copy.comment = comment
    return target


def behind(text: bytes) -> Callable[[bytes], bytes]:
    return lambda data: data + text


def inside(text: str) -> Callable[[bytes], bytes]:
    return lambda data: data.replace(b'"sender": {', b'"sender": {"note": "%s", ' % text.encode(), 1)


INS = "279031499100115"
PLANTED: tuple[tuple[str, str, Callable[[bytes], bytes], str], ...] = (
    ("a name", "README.TXT", behind(b"LEMOINE GARNIER"), "Lemoine-Garnier"),
    ("a first name", "README.TXT", behind(b" Chloe "), "the word chloe"),
    ("a name in Latin-1", "README.TXT", behind("Chloé".encode("latin-1")), "the word chloe"),
    ("a name in UTF-16", "README.TXT", behind("Perrichon".encode("utf-16-le")), "Perrichon"),
    ("a name in UTF-16 the other way", "README.TXT", behind(b"x" + "Perrichon".encode("utf-16-be")), "Perrichon"),
    ("a name in Base64", "README.TXT", behind(base64.b64encode(b"xOdile Perrichon").rstrip(b"=")), "Perrichon"),
    ("a name in hexadecimal", "README.TXT", behind(b"Perrichon".hex().encode()), "Perrichon"),
    ("a name with escapes", "manifest.json", inside("Qu\\u0069ll\\u00e9v\\u00e9r\\u00e9"), "Quillévéré"),
    ("a ligature", "manifest.json", inside("ŒUVRARD"), "the word oeuvrard"),
    ("a number in the practice", "manifest.json", inside("47"), "the word 47"),
    ("a birth date", "manifest.json", inside("23.11.1955"), "23/11/1955"),
    ("a birth date in letters", "manifest.json", inside("23 novembre 1955"), "23 novembre 1955"),
    ("an INS with blanks", "manifest.json", inside("2 79 03 14 991 001 15"), INS),
    ("an INS without its key", "manifest.json", inside(INS[:13]), INS[:13]),
    ("a telephone", "manifest.json", inside("+33 2 61 91 00 01"), "33261910001"),
    ("an address", "manifest.json", inside("patient1%40example.org"), "patient1@example.org"),
    ("a file", "SHA256SUMS", behind(b"bw1.png"), "bw1.png"),
    ("a title", "SHA256SUMS", behind(b"devis couronne sur implant"), "Devis couronne sur implant"),
    ("the digest of an INS", "SHA256SUMS", behind(hashlib.sha256(INS.encode()).digest()), f"a digest of {INS}"),
    ("an old digest in digits", "SHA256SUMS", behind(hashlib.md5(INS.encode()).hexdigest().encode()),  # noqa: S324
     f"a digest of {INS}"),
    ("a digest of a name in Base64", "SHA256SUMS",
     behind(base64.b64encode(hashlib.sha1(b"PERRICHON").digest())), "a digest of Perrichon"),  # noqa: S324
    ("a short digest as an identifier", "SHA256SUMS",
     behind(base64.b32encode(hashlib.sha512(b"perrichon").digest()[:16]).lower()), "a digest of Perrichon"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("member", "change", "trait"), [one[1:] for one in PLANTED], ids=[one[0] for one in PLANTED]
)
def test_a_planted_trait_is_seen(
    desk: Path, search: Search, tmp_path: Path, member: str, change: Callable[[bytes], bytes], trait: str
) -> None:
    package = planted(desk / "together.asice", tmp_path / "planted.asice", member, change)
    found = without(disclosures(package, search), commonplace(desk, search))
    assert f"{member}: {trait}" in found


def test_a_trait_in_a_comment_of_the_container_is_seen(desk: Path, search: Search, tmp_path: Path) -> None:
    target = tmp_path / "planted.asice"
    planted(desk / "together.asice", target, "", behind(b""), comment="Gérard Perrichon".encode())
    assert "container: Perrichon" in disclosures(target, search)


def test_a_trait_in_a_certificate_or_a_units_name_is_seen(desk: Path, search: Search, tmp_path: Path) -> None:
    signature = "META-INF/signature001.p7s"
    renamed = lambda data: data.replace(b"Dr Malo Kerbrat", b"Dr Zoe O Brien.")  # noqa: E731
    package = planted(desk / "together.asice", tmp_path / "signed.asice", signature, renamed)
    assert f"{signature}: the word zoe" in disclosures(package, search)
    with zipfile.ZipFile(package) as archive:
        unit = next(name for name in archive.namelist() if name.startswith("units/"))
    renamed_unit = lambda data: data.replace(b"PAT00001.ZIP", b"Perrichon 45")  # noqa: E731
    package = planted(desk / "together.asice", tmp_path / "unit.asice", unit, renamed_unit)
    assert {f"{unit}: Perrichon", f"{unit}: the word 45"} <= disclosures(package, search)


def test_a_patient_named_as_the_receiver_is_seen(desk: Path, search: Search, tmp_path: Path) -> None:
    for name in ("practice.db", "practice.files", "kerbrat", "pressoir", "few.csv"):
        source = desk / name
        (shutil.copytree if source.is_dir() else shutil.copy2)(source, tmp_path / name)
    command = ["few.csv" if part == "roster.csv" else part for part in EXPORT]
    Program(folder=tmp_path)(*command, "--receiver", "Tom Ferrand").ok()
    found = disclosures(tmp_path / "package.asice", search)
    assert {"manifest.json: the word tom", "manifest.json: the word ferrand"} <= found
