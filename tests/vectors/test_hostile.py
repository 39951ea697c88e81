"""Every hostile input of the corpus is refused, with its code, before anything is decrypted or written."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from archiver.evidence.records import MAX_RECORD_BYTES
from archiver.examination.examine import examine_whole
from archiver.handover.opening import OpenRequest, open_for_reading
from archiver.package.checks.check_package import check
from archiver.practice.store import PracticeStore, open_store
from archiver.verdict import State
from formats.errors import Failure
from formats.pdlgc.page.generator import PAGE_VERSION
from tests.journeys.line import contents
from tests.tools import need, run
from tests.vectors.generator import (
    age,
    case,
    corpus,
    dossier,
    flawed_destruction,
    flawed_ended,
    flawed_pages,
    flawed_tokens,
    flawed_units,
    later,
    package,
    people,
    practice as practices,
    split,
    unit,
    volumes,
)
from tests.vectors.generator.chance import unit_id
from tests.vectors.generator.package import ASIC, SIGNATURE
from tests.vectors.hostile_readers import IDENTITIES, READERS, TRUST, Reader, archive, importing
from tests.vectors.watch import UNSEALS, Watch, watching

GENERATOR = Path(corpus.__file__).parent
MINIMUM = {
    "flawed_names": 125,
    "flawed_containers": 100,
    "flawed_zips": 75,
    "flawed_lists": 80,
    "flawed_xml": 55,
    "flawed_manifests": 45,
    "flawed_signatures": 60,
    "flawed_tokens": 30,
    "flawed_co_signatures": 40,
    "flawed_revisions": 45,
    "flawed_sources": 34,
    "flawed_terms": 50,
    "flawed_sets": 55,
    "flawed_set_signatures": 22,
    "flawed_set_lists": 150,
    "flawed_volumes": 60,
    "flawed_evidence": 65,
    "flawed_evidence_members": 30,
    "flawed_set_evidence": 60,
    "flawed_ended": 40,
    "flawed_destruction": 55,
    "flawed_age": 95,
    "flawed_keyrings": 50,
    "flawed_units": 85,
    "flawed_dossiers": 73,
    "flawed_pages": 38,
    "flawed_practices": 155,
    "flawed_pictures": 30,
    "flawed_tables": 70,
    "flawed_exports": 95,
}
"""Cases of each family at least, so that none can be lost by accident."""

STEPS_PER_BYTE = 3
STEPS_OF_ANY = 40_000
"""Function calls a reader may make: so many for each byte of its input, and so many for an empty one."""
SECONDS = 20
"""Processor time no single case may take, on a machine however slow; the steps are the real measure."""


# -- the generator ------------------------------------------------------------------------


def test_the_generator_knows_neither_package() -> None:
    modules = sorted(GENERATOR.glob("*.py"))
    assert len(modules) >= 15
    allowed = {*sys.stdlib_module_names, "cryptography", "tests"}
    for module in modules:
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                assert name.partition(".")[0] in allowed, f"{module.name} imports {name}"
                assert not name.startswith("tests.") or name.startswith("tests.vectors.generator")


def test_every_family_has_a_minimum() -> None:
    assert {family.__name__.rpartition(".")[2] for family in corpus.FAMILIES} == set(MINIMUM)
    assert sum(MINIMUM.values()) >= 150


def test_the_corpus_is_the_same_every_time() -> None:
    def digest() -> str:
        data = b"".join(one.data for one in flawed_units.cases()) + package.package()
        return hashlib.sha256(data).hexdigest()

    assert digest() == digest()


# -- what is not hostile ------------------------------------------------------------------


def test_an_honest_package_of_the_generator_is_proven_and_opens(tmp_path: Path) -> None:
    path = tmp_path / "honest.asice"
    path.write_bytes(package.package())
    verdict = check(path, TRUST)
    assert [
        (name, answer.state) for name, answer in verdict.answers() if answer.state is not State.PROVEN
    ] == []
    assert verdict.findings == ()
    with open_store(tmp_path / "store", create=True) as store:
        receipt = importing(store)(path)
        assert [one.name for one in receipt.came_in]
        assert len(list(store.patients())) == 2


def test_honest_parts_of_the_generator_are_read(tmp_path: Path) -> None:
    honest = {
        case.ARCHIVE: dossier.archive(),
        case.PRACTICE: practices.archive(),
        case.UNIT: unit.sealed(b"Bonjour", "a"),
        case.KEYRING: age.file(package.first_line() + package.index(package.base_entries())),
        case.AGE: age.file(b"Bonjour" * 20_000),
        case.PASSPHRASE: age.file(b"Bonjour", [age.scrypt()]),
        case.IDENTITIES: age.identity_text().encode(),
        case.BUNDLE: json.dumps(dossier.bundle("a")).encode(),
        case.ROWS: json.dumps(dossier.source_row("a")).encode(),
        case.NAMES: dossier.names_table("a"),
        case.TABLE: b"patient;name\r\n1;EXEMPLE\r\n",
        case.XML: b"<a/>",
        case.DICOM: corpus.flawed_pictures.picture(corpus.flawed_pictures.image()),
        case.DICOMDIR: corpus.flawed_pictures.records(),
        case.PACKAGE: package.package(),
        case.DOSSIERS: package.package(),
        case.SET: package.package(),
        case.EXISTENCE: package.package(),
        case.ANSWER: corpus.flawed_evidence.honest_answer(),
        case.RECORD: corpus.flawed_evidence.honest_records()["renewed"],
        **corpus.flawed_tables.honest(),
        **corpus.flawed_exports.honest(),
    }
    assert honest.keys() == READERS.keys()
    for reader, data in honest.items():
        path = tmp_path / reader
        path.write_bytes(data)
        READERS[reader](path)
    armored = tmp_path / "armored"
    armored.write_bytes(age.armored(age.file(b"Bonjour")))
    READERS[case.AGE](armored)


HONEST = {
    "a second revision": later.revised,
    "a third revision": lambda: later.revised(later.revised(), revision=3),
    "a part": split.split_off,
    "a part with everybody": lambda: split.split_off(labels=("a", "b")),
    "a part of a third revision": lambda: split.split_off(later.revised(later.revised(), revision=3)),
    "a part of two signatures": lambda: split.split_off(later.co_signed()),
    "a part of what has evidence": lambda: split.split_off(later.evidenced()),
    "a part of two packages": lambda: split.split_off(
        split.source_of(("a",), "urn:exemple:hostile:a"),
        split.source_of(("b",), "urn:exemple:hostile:b"),
        labels=("a", "b"),
    ),
    "a part of a part": lambda: split.split_off(
        split.split_off(later.evidenced(), labels=("a", "b"), package="urn:exemple:hostile:between")
    ),
    "evidence over a part": lambda: later.evidenced(split.split_off()),
    "two signatures": later.co_signed,
    "an evidence record": later.evidenced,
    "two evidence records": lambda: later.evidenced(later.evidenced(), number=2),
    "evidence over a second revision": lambda: later.evidenced(later.revised()),
    "evidence over two signatures": lambda: later.evidenced(later.co_signed()),
    "a list and a response in the time-stamp": lambda: package.whole_parts(signing={"stamping": ANSWERED}),
    "a list and a response in evidence": lambda: later.evidenced(**ANSWERED),
    "a list and a response about the signer": lambda: package.whole_parts(signing=WITH_SOURCES),
    "a basic response in the time-stamp": lambda: package.whole_parts(signing={"stamping": BASIC}),
    "one in a time-stamp that says nothing of it in its version": lambda: package.whole_parts(
        signing={"stamping": {**BASIC, "version": 3}}
    ),
    "a unit that was lawfully destroyed": flawed_destruction.destroyed,
    "a unit that was lawfully destroyed, younger than evidence": lambda: flawed_destruction.destroyed(
        later.evidenced(flawed_destruction.ended())
    ),
    "a unit that was lawfully destroyed, older than evidence": lambda: later.evidenced(
        flawed_destruction.destroyed()
    ),
    "a signature by Ed25519": lambda: package.whole_parts(
        signing={"by": modern("ed25519"), "digest": "sha512"}
    ),
    "a signature by Ed448": lambda: package.whole_parts(
        signing={"by": modern("ed448"), "digest": "shake256"}
    ),
    "a signature by ML-DSA": lambda: package.whole_parts(signing={"by": modern("mldsa"), "digest": "sha512"}),
    "a signature by RSA-PSS": lambda: package.whole_parts(signing={"by": modern("rsa"), "pss": True}),
    "a time-stamp by Ed25519": lambda: package.whole_parts(
        signing={"stamping": {"by": modern("ed25519", stamps=True), "digest": "sha512"}}
    ),
    "a time-stamp by ML-DSA": lambda: package.whole_parts(
        signing={"stamping": {"by": modern("mldsa", stamps=True), "digest": "sha512"}}
    ),
    "a time-stamp by RSA-PSS": lambda: package.whole_parts(
        signing={"stamping": {"by": modern("rsa", stamps=True), "pss": True}}
    ),
    "a signer below an authority with ML-DSA": lambda: package.whole_parts(
        signing={"by": below(), "certificates": [below().der, people.der_of(below().above[0])]}
    ),
}
"""Packages of several hands, from which the flaws are made: whoever refuses these refuses for the wrong reason."""
ANSWERED = {
    "crls": [people.revocation_list(), flawed_tokens.response(people.ocsp_response(people.stamper()))],
    "version": 5,
}
BASIC = {
    "crls": [flawed_tokens.basic(people.ocsp_response(people.stamper()))],
    "version": 5,
}


def modern(kind: str, *, stamps: bool = False) -> people.Person:
    """Return somebody below the accepted root whose key is of ``kind``."""
    label = f"Dr {kind}" if not stamps else f"Horodatage {kind}"
    keys = {
        "ed25519": people.ed25519_key,
        "ed448": people.ed448_key,
        "mldsa": people.mldsa_key,
        "rsa": lambda one: people.rsa_key(one, 3072),
    }
    return people.person(label, issuer=people.root(), stamps=stamps, own=keys[kind](label))


@cache
def below() -> people.Person:
    """Return a signer whose certificate an authority signed with ML-DSA."""
    label = "Autorité post-quantique"
    authority = people.person(label, issuer=people.root(), authority=True, own=people.mldsa_key(label))
    return people.person("Dr Dessous", issuer=authority)


WITH_SOURCES = {
    "crls": [people.revocation_list(), flawed_tokens.response(people.ocsp_response(people.signer()))],
    "version": 5,
}


@pytest.mark.parametrize("made", HONEST.values(), ids=HONEST)
def test_what_several_hands_honestly_wrote_is_proven(
    tmp_path: Path, made: Callable[[], package.Parts]
) -> None:
    path = tmp_path / "honest.asice"
    path.write_bytes(later.packed(made()))
    verdict = check(path, TRUST)
    assert verdict.proven, verdict.findings
    assert READERS[case.PACKAGE](path)


def test_of_a_package_that_lost_a_unit_by_law_the_others_come_in_and_it_is_named(tmp_path: Path) -> None:
    path = tmp_path / "honest.asice"
    path.write_bytes(later.packed(flawed_destruction.destroyed()))
    with open_store(tmp_path / "store", create=True) as store:
        receipt = importing(store)(path)
        assert len(list(store.patients())) == 1
    assert receipt.destroyed == (unit_id("a"),)
    assert (receipt.announced["patients"], receipt.found["patients"]) == (1, 1)
    assert not receipt.refused


def test_the_pages_are_of_the_version_that_is_compared() -> None:
    assert flawed_pages.VERSION == PAGE_VERSION


@pytest.mark.parametrize("generator", [{"version": 999}, {"rules": "0" * 16}], ids=str)
def test_a_page_of_another_version_or_of_other_times_is_not_compared(
    tmp_path: Path, generator: dict[str, Any]
) -> None:
    path = tmp_path / "honest.asice"
    path.write_bytes(flawed_pages.package_with_page("<h1>EXEMPLE A</h1>", **generator))
    assert READERS[case.DOSSIERS](path)
    with open_store(tmp_path / "store", create=True) as store:
        receipt = importing(store)(path)
        assert len(receipt.came_in) == 2
        assert len(receipt.pages_not_compared) == 2


@pytest.mark.parametrize("name", flawed_ended.honest())
def test_what_is_older_than_the_end_of_its_algorithm_is_proven_and_opens(tmp_path: Path, name: str) -> None:
    data, beside = flawed_ended.honest()[name]
    path = tmp_path / corpus.INPUT
    path.write_bytes(data)
    for file, other in beside.items():
        (tmp_path / file).write_bytes(other)
    trust = replace(TRUST, at=flawed_ended.LATER)
    verdict = examine_whole(path, trust).verdict
    assert verdict.proven, verdict.findings
    assert verdict.existed_at.facts["moment"] == flawed_ended.BEFORE.isoformat()
    reader = READERS[case.SET if beside else case.PACKAGE]
    assert reader(path, trust)
    # a day before the end it needs nobody's help
    (tmp_path / "alone").write_bytes(later.packed(flawed_ended.signed()))
    assert READERS[case.PACKAGE](
        tmp_path / "alone", replace(TRUST, at=flawed_ended.END - timedelta(seconds=1))
    )


@pytest.mark.parametrize("name", volumes.honest_sets())
def test_an_honest_set_of_the_generator_is_proven_and_opens(tmp_path: Path, name: str) -> None:
    volume_list, beside = volumes.honest_sets()[name]
    path = tmp_path / "honest-set.asice"
    path.write_bytes(volume_list)
    for file, data in beside.items():
        (tmp_path / file.replace(corpus.INPUT, path.name)).write_bytes(data)
    examined = examine_whole(path, TRUST)
    states = {name: answer.state for name, answer in examined.verdict.answers()}
    assert states.pop("existed_at") is (State.PROVEN if name in volumes.SINCE_WHEN else State.UNKNOWN)
    assert set(states.values()) == {State.PROVEN}, examined.verdict.findings
    with open_store(tmp_path / "store", create=True) as store:
        receipt = importing(store)(path)
        assert len(receipt.came_in) == 2


def test_openssl_accepts_the_signatures_of_the_generator_and_we_accept_those_of_openssl(
    tmp_path: Path,
) -> None:
    openssl = need("openssl")
    parts = package.whole_parts(signing={"stamp": False})
    files = {
        "manifest.xml": parts[ASIC],
        "signature.p7s": parts[SIGNATURE],
        "root.pem": people.root().pem,
        "signer.pem": people.signer().pem,
        "signer.key": people.signer().key_pem,
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    run(
        openssl,
        "cms",
        "-verify",
        "-binary",
        "-cades",
        "-inform",
        "DER",
        "-in",
        "signature.p7s",
        "-content",
        "manifest.xml",
        "-CAfile",
        "root.pem",
        "-purpose",
        "any",
        "-out",
        os.devnull,
        cwd=tmp_path,
    )
    run(
        openssl,
        "cms",
        "-sign",
        "-binary",
        "-cades",
        "-nosmimecap",
        "-md",
        "sha256",
        "-in",
        "manifest.xml",
        "-signer",
        "signer.pem",
        "-inkey",
        "signer.key",
        "-outform",
        "DER",
        "-out",
        "theirs.p7s",
        cwd=tmp_path,
    )
    theirs = (tmp_path / "theirs.p7s").read_bytes()
    path = tmp_path / "theirs.asice"
    path.write_bytes(package.package(signing={"stamp": False}, signature=lambda _: theirs))
    verdict = check(path, TRUST)
    states = {name: answer.state for name, answer in verdict.answers()}
    assert states.pop("existed_at") is State.UNKNOWN
    assert set(states.values()) == {State.PROVEN}, verdict.findings


# -- what is ------------------------------------------------------------------------------

OF_PACKAGES = frozenset({case.PACKAGE, case.SET, case.EXISTENCE, case.IMPORT, case.DOSSIERS})
"""Readers of whole packages and sets, whose units stay sealed as long as anything else is wrong."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Practice:
    """A practice store that nothing hostile may leave a trace in, the folder around it, and what that held."""

    folder: Path
    store: PracticeStore
    before: dict[str, str]

    def traces(self) -> list[str]:
        """Return the files that are not what they were: the rows of the store count, and its attachments."""
        now = contents(self.folder)
        return sorted(name for name in now.keys() | self.before if now.get(name) != self.before.get(name))


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    """A practice that has a patient already, whom no hostile package names."""
    folder = tmp_path_factory.mktemp("practice")
    honest = tmp_path_factory.mktemp("honest") / "honest.asice"
    honest.write_bytes(of_somebody_else())
    with open_store(folder / "practice.db", create=True) as store:
        importing(store)(honest)
        before = contents(folder)
        assert [patient.traits.birth_family_name for patient in store.patients()] == ["EXEMPLE C"]
        assert [path for path in before if "practice.files/" in path]
        yield Practice(folder=folder, store=store, before=before)


def of_somebody_else() -> bytes:
    """Return an honest package with one patient who is in no other."""
    counts = {"patients": 1, "documents": 1, "source_rows": 1, "files": 1}
    counts["file_bytes"] = len(dossier.letter("c"))
    return package.package(
        units=package.with_practice({unit_id("c"): package.sealed_unit("c")}),
        entries=[package.entry("c"), package.practice_entry()],
        manifest=lambda row: {**row, "counts": counts},
    )


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Let every module be imported before anybody counts."""
    path = tmp_path_factory.mktemp("warm") / "honest.asice"
    path.write_bytes(package.package())
    READERS[case.PACKAGE](path)
    path.write_bytes(dossier.archive())
    archive(path)


@pytest.mark.parametrize("family", corpus.FAMILIES, ids=lambda one: one.__name__.rpartition(".")[2])
def test_every_case_is_refused(family: ModuleType, tmp_path: Path, practice: Practice, warm: None) -> None:
    corpus.write(family, tmp_path)
    index = json.loads((tmp_path / corpus.INDEX).read_text(encoding="utf-8"))
    assert len(index) >= MINIMUM[family.__name__.rpartition(".")[2]]
    assert max(Counter(entry["case"] for entry in index).values()) == 1
    readers = {**READERS, case.IMPORT: importing(practice.store)}
    faults = [fault for entry in index for fault in _faults(entry, tmp_path, readers, practice)]
    assert not faults, "\n".join(faults)


def _faults(
    entry: dict[str, str], folder: Path, readers: dict[str, Reader], practice: Practice
) -> Iterator[str]:
    path = folder / entry["file"]
    reader = readers[entry["reader"]]
    if entry["reader"] in OF_PACKAGES:
        reader = partial(reader, trust=replace(TRUST, at=datetime.fromisoformat(entry["at"])))
    code, watch, seconds = _read(reader, path)
    name = f"{entry['case']} ({entry['wrong']})"
    if code != entry["code"]:
        yield f"{name}: {code} instead of {entry['code']}"
    if bool(watch.decrypted) != entry["opened"]:
        yield f"{name}: decrypted {sorted(watch.decrypted)}"
    if entry["reader"] in OF_PACKAGES and bool(watch.decrypted & UNSEALS) != entry["unsealed"]:
        yield f"{name}: opened a unit by {sorted(watch.decrypted)}"
    inside = str(practice.folder) if entry["reader"] == case.IMPORT else "\0"
    if outside := [place for place in watch.written if not place.startswith(inside)]:
        yield f"{name}: wrote {outside}"
    if watch.reached:
        yield f"{name}: reached out by {watch.reached}"
    size = sum(one.stat().st_size for one in _input(path, folder))
    if watch.steps > STEPS_OF_ANY + STEPS_PER_BYTE * size or seconds > SECONDS:
        yield f"{name}: took {watch.steps} steps and {seconds:.1f} s for {size} bytes"
    if entry["reader"] == case.IMPORT and (traces := practice.traces()):
        yield f"{name}: left {traces} in the practice"


def _input(path: Path, folder: Path) -> list[Path]:
    """Return the files that a reader of ``path`` is given: those beside it too, where it has a folder of its own."""
    return [path] if path.parent == folder else list(path.parent.iterdir())


def _read(reader: Reader, path: Path) -> tuple[str, Watch, float]:
    start = time.thread_time()
    with watching() as watch:
        try:
            reader(path)
            code = "nothing: it was accepted"
        except Failure as failure:
            code = failure.code
        except Exception as fault:  # noqa: BLE001 - a reader may raise nothing but failures: this is the finding
            code = f"{type(fault).__name__}: {fault}"
    return code, watch, time.thread_time() - start


# -- folders ------------------------------------------------------------------------------


def laid_out(folder: Path) -> Path:
    """Lay an honest package out in ``folder``."""
    for name, data in package.whole_parts().items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return folder


def _link_to_file(folder: Path) -> None:
    (folder / "docs.md").symlink_to("/etc/passwd")


def _link_instead_of_unit(folder: Path) -> None:
    one = next((folder / "units").iterdir())
    moved = one.rename(folder.parent / one.name)
    one.symlink_to(moved)


def _link_to_folder(folder: Path) -> None:
    (folder / "docs").symlink_to("/etc", target_is_directory=True)


def _link_to_itself(folder: Path) -> None:
    (folder / "docs").symlink_to(folder, target_is_directory=True)


def _pipe(folder: Path) -> None:
    os.mkfifo(folder / "pipe")


def _case_clash(folder: Path) -> None:
    (folder / "readme.txt").write_bytes(b"evil")


def _too_deep(folder: Path) -> None:
    (folder / "/".join("d" * 40)).mkdir(parents=True)
    (folder / "/".join("d" * 40) / "evil").write_bytes(b"evil")


IN_FOLDER = [
    (_link_to_file, "container-irregular"),
    (_link_instead_of_unit, "container-irregular"),
    (_link_to_folder, "container-irregular"),
    (_link_to_itself, "container-irregular"),
    (_pipe, "container-irregular"),
    (_case_clash, "container-irregular"),
    (_too_deep, "container-irregular"),
]


@pytest.mark.skipif(os.name == "nt", reason="links and pipes there need rights that tests do not have")
@pytest.mark.parametrize(("spoil", "code"), IN_FOLDER, ids=lambda one: getattr(one, "__name__", one))
def test_a_folder_that_is_not_plain_is_refused(tmp_path: Path, spoil, code: str, warm: None) -> None:
    folder = laid_out(tmp_path / "package")
    assert open_for_reading(OpenRequest(package=folder, identities=IDENTITIES, trust=TRUST)).keyring.entries
    spoil(folder)
    found, watch, _ = _read(READERS[case.PACKAGE], folder)
    assert (found, watch.decrypted, watch.written) == (code, set(), [])


def _oversized(place: Path) -> None:
    with place.open("wb") as stream:
        stream.write(volumes.beside(volumes.volume_list()))
        stream.truncate(MAX_RECORD_BYTES + 1)


IN_PLACE_OF_RECORD: dict[str, tuple[Callable[[Path], None], str]] = {
    "a folder": (Path.mkdir, "member-missing"),
    "a pipe": (os.mkfifo, "member-missing"),
    "a link to a folder": (lambda place: place.symlink_to("/etc"), "member-missing"),
    "a link to nothing": (lambda place: place.symlink_to("nothing"), "member-missing"),
    "a link to itself": (lambda place: place.symlink_to(place.name), "member-missing"),
    "a link to what never ends": (lambda place: place.symlink_to("/dev/zero"), "member-missing"),
    "a link to something else": (lambda place: place.symlink_to("/etc/passwd"), "evidence-unreadable"),
    "more than any record": (_oversized, "limit-exceeded"),
}
"""What can stand beside a set where its evidence should."""


@pytest.mark.skipif(os.name == "nt", reason="links and pipes there need rights that tests do not have")
@pytest.mark.parametrize("what", IN_PLACE_OF_RECORD)
@pytest.mark.parametrize("number", [1, 2])
def test_what_stands_in_place_of_a_record_is_no_record(
    tmp_path: Path, what: str, number: int, warm: None
) -> None:
    path = tmp_path / corpus.INPUT
    for name, data in {**volumes.files(), path.name: volumes.volume_list()}.items():
        (tmp_path / name).write_bytes(data)
    for before in range(1, number):
        (tmp_path / f"{path.name}.{before:03}.ers").write_bytes(volumes.beside(volumes.volume_list()))
    assert READERS[case.SET](path)
    make, code = IN_PLACE_OF_RECORD[what]
    make(tmp_path / f"{path.name}.{number:03}.ers")
    found, watch, _ = _read(READERS[case.SET], path)
    assert (found, watch.decrypted, watch.written) == (code, set(), [])
