"""Volumes, terms and holds: what the public manifest says, and who decides it."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from archiver.assembly.request import least_volume_bytes
from archiver.sealing.age import HybridIdentity, read_identities
from archiver.sealing.recovery.recovery_set import split_identity
from samples.demo import COLLABORATOR
from samples.story.book import build_sqlite
from tests.journeys.line import SAMPLES, Line, asked, contents, once
from tests.journeys.program import Ended, Program

SEALING = ("--to", "pressoir/receiver.recipient", "--signer", "kerbrat/signer.p12")
LEAVING = ("--practitioner", COLLABORATOR, "--roster", "roster.csv", "--unsigned", "essai")
HOLDS = "numéro;nom;prénom;date de naissance\n"


@pytest.fixture
def desk(small_line: Line, tmp_path: Path) -> Program:
    """Return the program on the collaborator's machine."""
    small_line.copy(tmp_path, "practice.db", "roster.csv", "pressoir", "kerbrat", "roots.pem")
    return Program(folder=tmp_path)


def manifest(package: Path) -> Any:
    with zipfile.ZipFile(package) as archive:
        return json.loads(archive.read("manifest.json"))


def export_with_holds(desk: Program, *lines: str) -> Ended:
    (desk.folder / "holds.csv").write_text(HOLDS + "\n".join(lines), encoding="utf-8")
    return desk.here("export", "practice.db", "out.asice", *SEALING, *LEAVING, "--hold", "holds.csv")


def test_every_unit_says_from_which_year_it_may_be_destroyed(desk: Program) -> None:
    desk.here("export", "practice.db", "out.asice", *SEALING, *LEAVING).ok()
    document = manifest(desk.folder / "out.asice")
    assert document["set"] is None
    *dossiers, practice = document["units"]
    assert len(dossiers) == 4
    assert all(one["destroy_from"].endswith("-01-01") for one in dossiers)
    assert practice["destroy_from"] == max(one["destroy_from"] for one in dossiers)
    assert not any(one["hold"] for one in document["units"])


def test_a_hold_is_in_the_manifest_without_a_name(desk: Program) -> None:
    done = export_with_holds(desk, "1;Lemoine-Garnier;Anne-Sophie;1979-03-14").ok()
    assert "Under a hold, to be kept beyond its term: 1 dossier.\n" in done.out
    *dossiers, practice = manifest(desk.folder / "out.asice")["units"]
    assert sorted(one["hold"] for one in dossiers) == [False, False, False, True]
    assert practice["hold"]


def test_a_hold_is_handed_over_with_the_receipt(desk: Program, small_line: Line) -> None:
    export_with_holds(desk, "1;Lemoine-Garnier;Anne-Sophie;1979-03-14").ok()
    small_line.copy(desk.folder, "receiver.identity")
    units = manifest(desk.folder / "out.asice")["units"]
    done = desk.here("import", "out.asice", *READING, "--into", "new.db", "--receipt", "receipt.json").ok()
    first = min(one["destroy_from"] for one in units)
    sentence = "Dossiers under a hold, to be kept beyond their term: 1\n  - Garnier Anne-Sophie 1979-03-14\n"
    assert sentence in done.out
    assert f"By the sender's manifest, no dossier may be destroyed before {first}\n" in done.out
    receipt = json.loads((desk.folder / "receipt.json").read_text(encoding="utf-8"))
    assert (receipt["totals"]["held"], receipt["totals"]["without_term"]) == (1, 0)
    assert receipt["destroy_from"] == first
    terms = {one["unit"]: (one["destroy_from"], one["hold"]) for one in receipt["dossiers"]}
    assert terms == {one["id"]: (one["destroy_from"], one["hold"]) for one in units}
    text = (desk.folder / "receipt.txt").read_text(encoding="utf-8")
    assert sentence in text and f"aucun dossier ne peut être détruit avant le {first}" in text
    # what nobody set under a hold is said too
    (desk.folder / "out.asice").unlink()
    desk.here("export", "practice.db", "out.asice", *SEALING, *LEAVING).ok()
    again = desk.here("import", "out.asice", *READING, "--into", "new.db").ok()
    assert "to be kept beyond their term: 0\n" in again.out


@pytest.mark.parametrize(
    ("line", "code", "status"),
    [
        ("2;Lemoine-Garnier;Paul;1977-01-01", "hold-unknown-patient", 30),
        ("1;Lemoine-Garnier;Anne-Sophie;1979-03-15", "roster-mismatch", 31),
        (";Lemoine-Garnier;Anne-Sophie;1979-03-14", "roster-unreadable", 32),
    ],
)
def test_a_hold_for_nobody_exported_is_refused(desk: Program, line: str, code: str, status: int) -> None:
    (desk.folder / "holds.csv").write_text(HOLDS + line, encoding="utf-8")
    before = contents(desk.folder)
    sentence = export_with_holds(desk, line).refused(code, status)
    assert "holds.csv" in sentence or code == "roster-unreadable"
    assert contents(desk.folder) == before


# -- volumes ------------------------------------------------------------------------------

LIMIT = least_volume_bytes() + 75_000
READING = ("--identity", "receiver.identity", "--roots", "roots.pem")
WHOLE = ("export", "practice.db")


@pytest.fixture(scope="module")
def cut(demo_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Line:
    """The whole practice as one package, as a set of small volumes, and as a set of years; what was printed."""

    def build(folder: Path) -> None:
        demo_line.copy(folder, "practice.db", "pressoir", "kerbrat", "roots.pem", "receiver.identity")
        build_sqlite(
            (SAMPLES / "successor" / "opendental.sql").read_text(encoding="utf-8"), folder / "pressoir.sqlite"
        )
        program = Program(folder=folder)
        program.here("collect", "opendental", "pressoir.sqlite", "--into", "successor.db").ok()
        options = {
            "one": ("--volume-size", "0"),
            "small": ("--volume-size", str(LIMIT)),
            "years": ("--by-retention-year",),
        }
        for name, more in options.items():
            command = (*WHOLE, f"{name}.asice", "--all", *SEALING, "--ground", "cessation", *more)
            document = program.here(*command, "--json").ok().document
            (folder / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")

    return Line(folder=once(tmp_path_factory, "cut", build), printed="")


@pytest.fixture
def company(cut: Line, tmp_path: Path) -> Program:
    """Return the program on a machine with the packages, the keys and a practice of ten patients."""
    for path in cut.folder.glob("*.asice"):
        cut.copy(tmp_path, path.name)
    cut.copy(tmp_path, "receiver.identity", "roots.pem", "kerbrat", "pressoir", "successor.db")
    return Program(folder=tmp_path)


def exported(cut: Line, name: str) -> Any:
    return json.loads((cut.folder / f"{name}.json").read_text(encoding="utf-8"))


def volumes(desk: Program, name: str) -> list[str]:
    return sorted(path.name for path in desk.folder.glob(f"{name}-[0-9]*.asice"))


def test_the_volumes_hold_what_one_package_holds(cut: Line) -> None:
    one, small, years = (exported(cut, name) for name in ("one", "small", "years"))
    assert one["counts"] == small["counts"] == years["counts"]
    assert one["left_out"] == small["left_out"] == {"patients": 0}
    assert len(one["volumes"]) == 1 and len(small["volumes"]) >= 3
    assert (one["path"], small["path"]) == ("one.asice", "small-set.asice")
    assert small["units"] == one["units"] + len(small["volumes"]) - 1
    for each in small["volumes"]:
        assert each["size"] == (cut.folder / each["path"]).stat().st_size <= LIMIT
    names = {path.name for path in cut.folder.glob("small*.asice")}
    assert names == {"small-set.asice", *(each["path"] for each in small["volumes"])}


def test_a_practitioner_reads_which_volumes_were_made_and_why(desk: Program) -> None:
    done = desk.here(
        *WHOLE, "out.asice", *SEALING, *LEAVING, "--by-retention-year", "--volume-size", "1 GB"
    ).ok()
    assert "volumes lie beside it; out-set.asice ties them: hand all of them over." in done.out
    assert "Cut by the year in which retention ends (--by-retention-year)" in done.out
    assert "(--volume-size)" not in done.out
    assert re.search(r"^  out-001\.asice +20[0-9]{2} +1 +[0-9]+$", done.out, re.MULTILINE)


@pytest.mark.parametrize("size", ["12 kB", "much", "-1", "4 gigas", ""])
def test_a_size_that_is_none_or_too_small(desk: Program, size: str) -> None:
    done = desk.here(*WHOLE, "out.asice", *SEALING, *LEAVING, "--volume-size", size)
    assert done.status == 2 and "[usage]" in done.err
    assert not list(desk.folder.glob("out*"))


def test_an_archive_company_verifies_all_volumes_at_once(company: Program) -> None:
    done = company.here("verify", "small-set.asice", "--roots", "roots.pem").ok()
    count = len(volumes(company, "small"))
    assert f"The answers are the worst of {count} volumes:\n" in done.out
    assert done.out.count("4 proven, none refuted, 1 unknown") == count
    verdict = company.here("verify", "small-set.asice", "--roots", "roots.pem", "--json").ok().document
    assert [one["file"] for one in verdict["volumes"]] == volumes(company, "small")
    assert verdict["set"] == {"id": verdict["set"]["id"], "volume": None, "of": count}
    document = manifest(company.folder / "small-002.asice")
    assert document["set"] == {"id": verdict["set"]["id"], "volume": 2, "of": count, "retention_year": None}


def test_recovery_cards_are_tried_on_all_volumes_at_once(company: Program) -> None:
    with (company.folder / "receiver.identity").open("rb") as stream:
        (key,) = read_identities(stream)
    assert isinstance(key, HybridIdentity)
    cards = split_identity(key, threshold=3, cards=5).cards[:3]
    (company.folder / "cards.txt").write_text("\n".join(" ".join(one.words) for one in cards), "utf-8")
    drill = ("keys", "drill", "small-set.asice", "--cards-file", "cards.txt", "--roots", "roots.pem")
    document = company.here(*drill, "--json").ok().document
    count = len(volumes(company, "small"))
    assert document["dossiers"] + count == document["units"] and document["dossiers"] > 20
    (company.folder / "small-002.asice").unlink()
    refused = company.here(*drill)
    assert refused.status == 12 and "small-002.asice" in refused.err and "[volume-missing]" in refused.err


def test_one_volume_says_of_which_set_it_is(company: Program) -> None:
    done = company.here("verify", "small-002.asice", "--roots", "roots.pem").ok()
    assert re.search(
        r"^Volume 2 of [0-9]+ of the set [0-9a-f-]{36}; verified by itself\.$", done.out, re.MULTILINE
    )


def test_a_lost_volume_is_named(company: Program) -> None:
    (company.folder / "small-002.asice").unlink()
    done = company.here("verify", "small-set.asice", "--roots", "roots.pem", "--json")
    assert done.status == 12
    verdict = done.document
    assert (verdict["complete"]["code"], verdict["complete"]["where"]) == (
        "volume-missing",
        "small-002.asice",
    )
    states = [verdict[question]["state"] for question in ("intact", "signed_by", "trusted")]
    assert states == ["proven"] * 3
    refused(company, "volume-missing", 12)


def test_exchanged_volumes_are_named(company: Program) -> None:
    first, second, aside = (company.folder / name for name in ("small-001.asice", "small-002.asice", "x"))
    first.rename(aside), second.rename(first), aside.rename(second)
    refused(company, "volume-foreign", 13)


def test_a_volume_of_another_set_is_none_of_this_one(company: Program) -> None:
    shutil.copy(company.folder / "years-001.asice", company.folder / "small-001.asice")
    refused(company, "volume-foreign", 13)


def test_a_damaged_volume_stops_the_whole_import(company: Program) -> None:
    last = company.folder / volumes(company, "small")[-1]
    data = bytearray(last.read_bytes())
    data[len(data) // 2] ^= 1
    last.write_bytes(data)
    refused(company, "digest-mismatch", 14)


def refused(company: Program, code: str, status: int) -> None:
    """Make sure that the set is refused by whoever verifies and whoever imports it, and nothing changes."""
    before = contents(company.folder)
    done = company.here("verify", "small-set.asice", "--roots", "roots.pem", "--json")
    assert done.status == status
    sentence = company.here("import", "small-set.asice", *READING, "--into", "successor.db").refused(
        code, status
    )
    assert sentence.startswith("small-0")
    assert contents(company.folder) == before


def test_a_successor_imports_the_set_with_one_receipt(cut: Line, company: Program) -> None:
    arriving = ("--into", "successor.db", "--receipt", "receipt.json", "--json")
    receipt = company.here("import", "small-set.asice", *READING, *arriving).ok().document
    shutil.copytree(cut.folder, company.folder / "other")
    other = Program(folder=company.folder / "other")
    single = other.here("import", "one.asice", *READING, "--into", "successor.db", "--json").ok().document
    assert receipt["counts"] == single["counts"]
    assert receipt["totals"] == single["totals"]
    found = {kind: one["found"] for kind, one in receipt["counts"].items() if not kind.endswith("_cents")}
    assert found == exported(cut, "small")["counts"]  # sums of money are in no manifest
    assert [one["volume"] for one in receipt["volumes"]] == list(range(1, len(receipt["volumes"]) + 1))
    assert receipt["package"] == receipt["volumes"][0]["set"] == exported(cut, "small")["package"]
    text = (company.folder / "receipt.txt").read_text(encoding="utf-8")
    assert text.count(" of the set ") == len(receipt["volumes"])
    again = (
        company.here("import", "small-set.asice", *READING, "--into", "successor.db", "--json").ok().document
    )
    assert again["totals"]["came_in"] == 0 and again["totals"]["already_there"] == 68
    assert rows(company.folder / "successor.db") == rows(other.folder / "successor.db")


def rows(store: Path) -> list[tuple[object, ...]]:
    """Return the rows that came with the practice as a whole, and every patient."""
    return [
        *asked(store, "SELECT count(*), count(DISTINCT id) FROM patients"),
        *asked(store, "SELECT count(*), min(id), max(id) FROM source_rows"),
        *asked(store, "SELECT count(*), count(DISTINCT sha256) FROM files"),
    ]


def test_volumes_come_in_one_by_one_as_well(company: Program) -> None:
    names = volumes(company, "small")
    came = 0
    for name in names:
        done = company.here("import", name, *READING, "--into", "new.db", "--json").ok().document
        assert len(done["volumes"]) == 1 and done["volumes"][0]["of"] == len(names)
        came += done["totals"]["came_in"]
    assert came == 68


def test_everybody_in_the_set_is_listed_and_found(company: Program) -> None:
    assert "68 patients." in company.here("inspect", "small-set.asice", *READING).ok().out
    shown = company.here("keys", "show-unit", "small-set.asice", *READING, "--patient", "45", "--json").ok()
    owners = [
        name for name in volumes(company, "small") if owns(company.folder / name, shown.document["path"])
    ]
    assert len(owners) == 1
    assert manifest(company.folder / owners[0])["package"] == shown.document["package"]


def owns(package: Path, member: str) -> bool:
    with zipfile.ZipFile(package) as archive:
        return member in archive.namelist()


def test_a_volume_that_was_opened_to_somebody_more_stays_in_its_set(company: Program) -> None:
    shared = ("keys", "share", "small-002.asice", "shared.asice", *READING)
    company.here(*shared, "--to", "pressoir/receiver.recipient", "--signer", "kerbrat/signer.p12").ok()
    (company.folder / "shared.asice").replace(company.folder / "small-002.asice")
    assert manifest(company.folder / "small-002.asice")["revision"] == 2
    company.here("verify", "small-set.asice", "--roots", "roots.pem").ok()
    company.here("import", "small-set.asice", *READING, "--into", "new.db").ok()
    done = company.here("keys", "share", "small-set.asice", "x.asice", *READING, *SEALING)
    assert "it ties volumes; name one of them" in done.refused("not-a-package", 10)


def test_a_year_that_is_over_is_destroyed_whole(company: Program) -> None:
    names = volumes(company, "years")
    assert len(names) >= 3
    years = []
    for name in names:
        document = manifest(company.folder / name)
        year = document["set"]["retention_year"]
        terms = {one["destroy_from"] for one in document["units"]}
        assert year is None or terms == {f"{year + 1}-01-01"}
        years.append(year or 9999)
    assert years == sorted(set(years))
    (company.folder / names[0]).unlink()
    for name in names[1:]:
        company.here("verify", name, "--roots", "roots.pem").ok()
    done = company.here("verify", "years-set.asice", "--roots", "roots.pem", "--json")
    assert (done.status, done.document["complete"]["where"]) == (12, names[0])


def test_a_verdict_about_a_set_is_filed(company: Program) -> None:
    filing = ("--report", "report.pdf", "--report-signer", "kerbrat/signer.p12")
    company.here("verify", "small-set.asice", "--roots", "roots.pem", *filing).ok()
    report = json.loads((company.folder / "report.json").read_text(encoding="utf-8"))
    assert report["handover"]["package"] == report["verdict"]["set"]["id"]
    assert report["handover"]["units"] == 68 + len(report["verdict"]["volumes"])
    text = "".join(page.extract_text() for page in PdfReader(company.folder / "report.pdf").pages)
    assert f"ensemble de {len(report['verdict']['volumes'])} volumes" in text.replace("\u00a0", " ")
