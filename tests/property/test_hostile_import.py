"""The real program is given hostile units of an accepted signer: it writes nothing outside its target."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from archiver.cli.exits import INCOMPLETE
from archiver.cli.main import status
from archiver.handover.arrivals import UnitOutcome
from tests.vectors.generator import age, case, corpus, dossier, people, practice, unit
from tests.vectors.generator.chance import passphrase, unit_id
from tests.vectors.generator.package import Row, archive_of, entry, package, practice_entry, with_practice
from tests.vectors.watch import watching

MOMENT = "2026-03-01T12:00:00"


def hostile_dossiers() -> list[tuple[str, bytes]]:
    """Return the name and bytes of every plain archive and every dossier that must be refused."""
    families = (corpus.flawed_names, corpus.flawed_zips, corpus.flawed_dossiers, corpus.flawed_pages)
    return [
        (one.key, one.data) for family in families for one in family.cases() if one.reader == case.ARCHIVE
    ]


def hostile_practices() -> list[tuple[str, bytes]]:
    """Return every third practice-level archive that must be refused, and one that holds less than was promised."""
    cases = [(one.key, one.data) for one in corpus.flawed_practices.cases()]
    few = practice.with_part(practice.ROSTER, practice.roster(("1", "EXEMPLE", "Anne", "")))
    return [*cases[::3], ("roster-of-one", few)]


def package_of(dossiers: list[tuple[str, bytes]], of_practice: tuple[str, bytes]) -> bytes:
    """Return a package whose signer is accepted, with each of these, one honest dossier and that practice last."""
    archives = {name: data for name, data in dossiers if len(data) < 1 << 18} | {"a": archive_of("a")}
    name, data = of_practice
    units = {unit_id(one): unit.sealed(archive, one) for one, archive in archives.items()}
    units[unit_id(name)] = unit.sealed(data, name, name=b"TRANSV.ZIP")
    entries = [_entry(one, archive) for one, archive in archives.items()]
    return package(units=units, entries=[*entries, _entry(name, data, of=practice_entry())])


def _entry(name: str, data: bytes, *, of: Row | None = None) -> Row:
    digests = {"plain_sha256": hashlib.sha256(data).hexdigest(), "plain_size": len(data)}
    return {**(of or entry("a")), **digests, "unit": unit_id(name), "passphrase": passphrase(name)}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package, the key and the accepted root, and a bystander nobody may touch."""
    folder = tmp_path_factory.mktemp("import")
    (folder / "roots.pem").write_bytes(people.root().pem)
    (folder / "me.identity").write_text(age.identity_text() + "\n", encoding="utf-8")
    (folder / "hostile.asice").write_bytes(package_of(hostile_dossiers(), hostile_practices()[-1]))
    (folder / "bystander.txt").write_bytes(b"mine")
    (folder / "target").mkdir()
    return folder


def command(place: Path, into: str) -> list[str]:
    """Return the command line that imports the package."""
    return [
        "import",
        str(place / "hostile.asice"),
        "--identity",
        str(place / "me.identity"),
        "--into",
        str(place / "target" / into),
        "--roots",
        str(place / "roots.pem"),
        "--expect",
        "Dr Anne Exemple",
        "--at",
        MOMENT,
        "--json",
    ]


def listing(folder: Path) -> dict[str, bytes]:
    """Return every file outside the target with its bytes."""
    return {
        path.name: path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "target" not in path.relative_to(folder).parts
    }


def assert_only_the_honest_one_came(document: dict[str, Any]) -> None:
    by_state = Counter(one["outcome"] for one in document["dossiers"])
    assert by_state[UnitOutcome.REFUSED] >= 100
    assert by_state == {UnitOutcome.REFUSED: by_state[UnitOutcome.REFUSED], UnitOutcome.CAME_IN: 1}
    came = [one["unit"] for one in document["dossiers"] if one["outcome"] == UnitOutcome.CAME_IN]
    assert came == [unit_id("a")]


def test_the_program_writes_inside_its_target_only(place: Path) -> None:
    before = listing(place)
    done = subprocess.run(
        [sys.executable, "-c", "from archiver.cli.main import run; run()", *command(place, "store")],
        capture_output=True,
        check=False,
        cwd=place / "target",
        timeout=120,
    )
    assert done.returncode == INCOMPLETE, done.stderr.decode()
    assert listing(place) == before
    assert_only_the_honest_one_came(json.loads(done.stdout))
    files = [path.read_bytes() for path in (place / "target").rglob("*") if path.is_file()]
    assert [data for data in files if data.startswith(b"Bonjour")] == [
        b"Bonjour, \xc3\xa0 bient\xc3\xb4t.\r\na"
    ]


def test_the_interpreter_hears_of_no_write_outside(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with watching() as watch:
        outcome = status(command(place, "again"))
    assert outcome == INCOMPLETE
    assert_only_the_honest_one_came(json.loads(capsys.readouterr().out))
    assert watch.written
    assert [one for one in watch.written if not one.startswith(str(place / "target"))] == []
    assert watch.reached == []


def test_a_hostile_practice_keeps_no_dossier_out(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A package has one practice's unit: each of these comes in a package of its own."""
    tried = [one for one in hostile_practices()[::3] if len(one[1]) < 1 << 18]
    assert len(tried) >= 15
    for number, one in enumerate(tried):
        path = tmp_path / f"{number}.asice"
        path.write_bytes(package_of([], one))
        arguments = command(place, f"practice-{number}")
        arguments[1] = str(path)
        assert status(arguments) == INCOMPLETE, one[0]
        states = {each["unit"]: each["outcome"] for each in json.loads(capsys.readouterr().out)["dossiers"]}
        assert states == {unit_id("a"): UnitOutcome.CAME_IN, unit_id(one[0]): UnitOutcome.REFUSED}


def test_a_refused_package_leaves_nothing(place: Path) -> None:
    whole = (place / "hostile.asice").read_bytes()
    cut = place / "cut.asice"
    cut.write_bytes(whole[:-40])
    before = sorted(path.name for path in (place / "target").iterdir())
    arguments = command(place, "never")
    arguments[1] = str(cut)
    with watching() as watch:
        assert status(arguments) != 0
    assert watch.decrypted == set()
    assert sorted(path.name for path in (place / "target").iterdir()) == before


def _surrogate_in_name(bundle: Row) -> None:
    bundle["entry"][1]["resource"]["name"][0]["family"] = "EXEMPLE \ud800"


def _surrogate_in_title(bundle: Row) -> None:
    bundle["entry"][2]["resource"]["content"][0]["attachment"]["title"] = "lettre\udfff.txt"


def _surrogate_in_practice(bundle: Row) -> None:
    bundle["entry"][0]["resource"]["name"] = "\ud83e Cabinet"


def _surrogate_in_status(bundle: Row) -> None:
    bundle["entry"][2]["resource"]["description"] = "\udc00"


def _number_too_large(bundle: Row) -> None:
    bundle["entry"][2]["resource"]["content"][0]["attachment"]["size"] = 1 << 70


UNSTORABLE = {
    one.__name__.removeprefix("_").replace("_", "-"): one
    for one in (
        _surrogate_in_name,
        _surrogate_in_title,
        _surrogate_in_practice,
        _surrogate_in_status,
        _number_too_large,
    )
}


def test_a_dossier_that_cannot_be_stored_keeps_no_other_out(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = [(name, dossier.with_bundle(change, name)) for name, change in UNSTORABLE.items()]
    honest = [("a", archive_of("a"))]
    entries = [entry(name, data) for name, data in (*honest, *bad)]
    units = {unit_id(name): unit.sealed(data, name) for name, data in (*honest, *bad)}
    (place / "unstorable.asice").write_bytes(
        package(units=with_practice(units), entries=[*entries, practice_entry()])
    )
    arguments = command(place, "unstorable")
    arguments[1] = str(place / "unstorable.asice")
    outcome = status(arguments)
    document = json.loads(capsys.readouterr().out)
    assert outcome == INCOMPLETE
    states = {one["unit"]: one["outcome"] for one in document["dossiers"]}
    assert states[unit_id("a")] == UnitOutcome.CAME_IN
    for name, _ in bad:
        assert states[unit_id(name)] == UnitOutcome.REFUSED, name
    refusals = [one["refusal"] for one in document["dossiers"] if one["outcome"] == UnitOutcome.REFUSED]
    # a name that differs from the keyring's, and a size that is not the file's, are noticed before
    assert sum("half a character" in one for one in refusals) == len(UNSTORABLE) - 2, refusals
