"""The archive company's day: fifty deposits, one due, one renewed, one damaged and repaired, an auditor who asks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from lxml import etree

from archiver.signing.certificates.reading import write_pem
from tests.journeys.program import Program
from tests.journeys.test_vault import HOSTED
from tests.journeys.test_vault_repair import flip
from tests.packages import package, signer
from tests.tools import need
from tests.tsa import LocalAuthority, listening

DEPOSITS = 50
DUE, ROTTEN, EARLY = 7, 13, 1
"""Numbers of the package whose term has ended, of the one that is damaged, of the one that came the day before."""
LATER = timedelta(days=100)
"""When the auditor comes: by then every check of the first day is older than the interval of 90 days."""
NOW = datetime.now(UTC)
XHTML = "{http://www.w3.org/1999/xhtml}"
CHECKED_AGAIN = 40
"""Copies that the audit of that day has read when the auditor comes, those of the damaged package among them."""


def identifier(number: int) -> str:
    return str(UUID(int=number))


@contextmanager
def answering(authority: LocalAuthority) -> Iterator[str]:
    with listening(lambda query: (200, authority.reply(query, datetime.now(UTC)))) as address:
        yield address


def lasting(name: str, days: int) -> LocalAuthority:
    return LocalAuthority(name, NOW - timedelta(days=30), NOW + timedelta(days=days))


def arrive(folder: Path, number: int) -> None:
    term = date(2020, 1, 1) if number == DUE else date(2046, 1, 1)
    data = package(package_id=identifier(number), count=1 + number % 3, term=term)
    folder.mkdir(exist_ok=True)
    (folder / f"{number:02}.asice").write_bytes(data)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """The vault at the end of its first day."""
    desk = Program(folder=tmp_path_factory.mktemp("company"))
    short, long = lasting("Horodatage Court", 60), lasting("Horodatage Long", 3600)
    (desk.folder / "roots.pem").write_text(write_pem(signer().roots), encoding="ascii")
    (desk.folder / "tsa.pem").write_text(write_pem((*short.roots, *long.roots)), encoding="ascii")
    desk("keys", "new", "archives", "--name", "Archives Exemple", "--no-passphrase").ok()
    storages = ("--storage", "disk-a", "--storage", "disk-b")
    desk("vault", "init", "vault", "--name", "Archives Exemple", *storages, *HOSTED).ok()
    # the day before: one package, with evidence by an authority whose certificate ends soon
    arrive(desk.folder / "before", EARLY)
    deposit(desk, "before")
    with answering(short) as address:
        desk(
            "vault", "profile", "set", "vault", "--tsa-roots", "tsa.pem", "--tsa", address, "--within", "30"
        ).ok()
        assert "1 record of 1 was made" in desk("vault", "renew", "vault").ok().out
    # the morning: what ends is renewed, then what came is taken in
    with answering(long) as address:
        desk("vault", "profile", "set", "vault", "--tsa", address, "--within", "90").ok()
        assert "renewed by Horodatage Long" in desk("vault", "renew", "vault").ok().out
    for number in range(EARLY + 1, EARLY + DEPOSITS + 1):
        arrive(desk.folder / "arrivals", number)
    deposit(desk, "arrivals")
    # the night
    desk("vault", "parity", "make", "vault", identifier(ROTTEN)).ok()
    desk("vault", "audit", "vault", "--processes", "1").ok()
    return desk


def deposit(desk: Program, folder: str) -> None:
    signing = ("--signer", "archives/signer.p12", "--receipts", "receipts")
    done = desk("vault", "deposit", "vault", folder, *signing, "--roots", "roots.pem").ok()
    count = len(list((desk.folder / folder).iterdir()))
    assert f"{count} package{'s' if count > 1 else ''} deposited" in done.out


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A section of the report: its number, and the rows of its table."""

    count: int
    rows: list[list[str]]


def section(page: Path, number: int) -> Section:
    """Return a section of the report by its place."""
    found = etree.fromstring(page.read_bytes()).findall(f".//{XHTML}section")[number]
    title = found.findtext(f"{XHTML}h2") or ""
    rows = [
        ["".join(map(str, cell.itertext())) for cell in row]
        for row in found.findall(f".//{XHTML}tbody/{XHTML}tr")
    ]
    return Section(count=int(title.rpartition("(")[2].rstrip(")")), rows=rows)


def test_one_package_of_fifty_one_is_due(company: Program) -> None:
    (found,) = company("vault", "due", "vault", "--json").ok().document["listed"]
    assert found["package"] == identifier(DUE)


def test_the_auditor_is_answered_from_the_report(company: Program) -> None:
    """Which copies were not verified within 90 days, and what was done about the damaged one?"""
    found = NOW + LATER
    rotten = [
        path for disk in ("disk-a", "disk-b") for path in (company.folder / disk).rglob(f"{ROTTEN:02}.asice")
    ]
    sound = rotten[0].read_bytes()
    for path in rotten:
        flip(path)
    night, noon, visit = (at(company, found + timedelta(hours=hours)) for hours in (0, 1, 2))
    audit = ("vault", "audit", "vault", "--processes", "1", "--json")
    assert night(*audit, "--most", str(CHECKED_AGAIN)).status == 87
    done = noon("vault", "repair", "vault", "--json").ok().document["copies"]
    assert [one["files"][0]["method"] for one in done] == ["parity", "replica"]
    assert [path.read_bytes() for path in rotten] == [sound, sound]
    ended = visit(*audit, "--most", "1", "--report", "report.html")
    assert ended.status == 4
    coverage, copies = ended.document["coverage"], 2 * (DEPOSITS + 1) + 2
    verified = CHECKED_AGAIN + 1
    assert (coverage["verified"], coverage["overdue"]) == (verified, copies - verified)

    page = company.folder / "report.html"
    damaged, unchecked, overdue, damages, evidence = (section(page, number) for number in (2, 3, 4, 5, 7))
    assert evidence.count == len(evidence.rows) == DEPOSITS
    assert {row[-1] for row in evidence.rows} == {"has none yet"}, "the renewed one lasts"
    assert (damaged.count, unchecked.count) == (0, 0)
    assert overdue.count == len(overdue.rows) == copies - verified
    named = {(row[0].removeprefix("urn:uuid:"), row[1]) for row in overdue.rows}
    assert len(named) == overdue.count
    assert named <= {
        (name, storage)
        for name in (*map(identifier, range(1, DEPOSITS + 2)), "the description of the vault")
        for storage in ("storage-1", "storage-2")
    }
    assert damages.count == len(damages.rows) == 2
    for row in damages.rows:
        assert row[0] == f"urn:uuid:{identifier(ROTTEN)}" and row[2].startswith(f"{found:%Y-%m-%d}")
        assert row[3].startswith(f"repaired and found whole on {found:%Y-%m-%d}")
    # a report is replaced by the next, and nothing else is
    company.here("vault", "audit", "vault", "--most", "1", "--report", "roots.pem").refused(
        "already-exists", 42
    )


def at(company: Program, moment: datetime) -> Program:
    return Program(folder=company.folder, before=(need("faketime"), "-f", f"@{moment:%Y-%m-%d %H:%M:%S}"))
