"""Twenty years of a vault, with moved clocks: what ends is renewed, and at the end others prove every package too.

``STEPS`` is the table of docs/*/explanation/signatures-over-time.md. Bouncy Castle follows every tree and link of a
record; openssl judges the time-stamps of classical authorities, each as of the moment at which it was renewed; the
post-quantum one is judged by the library under our program alone, because neither of the two knows ML-DSA here.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce
from pathlib import Path

import pytest

from archiver.evidence.records import ArchiveTimeStamp, read_record
from archiver.operations.vault.repair_object import DAMAGED
from archiver.signing.certificates.reading import write_pem
from archiver.signing.signatures.tokens import read_token
from tests.interop.test_evidence_bouncy_castle import JARS, classes as bouncy_castle  # noqa: F401 - a fixture
from tests.journeys.line import contents
from tests.journeys.program import Ended, Program, ended
from tests.ocfl_judge import assert_valid_ocfl
from tests.packages import package, signer, volume_set
from tests.post_quantum import PostQuantumAuthority, post_quantum_authority
from tests.signing_keys import certified, inter, root, write_p12
from tests.tools import need
from tests.tsa import LocalAuthority, authority, listening, openssl_verify

DOCS = Path(__file__).parents[2] / "docs"
SHA256_ENDS = "2038-01-01"
HORIZON = "400"
STEPS = (2026, 2027, 2030, 2035, 2036, 2037, 2041, 2046)
"""The years of the table."""
ACCEPTED = ("--roots", "practices.pem", "--tsa-roots", "authorities.pem")
NAMES = ("one", "two", "three", "four", "five", "p-set")
"""Five packages and a set of three volumes; the fifth comes in 2030."""


def lasting(number: int) -> LocalAuthority | PostQuantumAuthority:
    """The authorities in the order in which they appear: valid from one New Year to another."""
    return (
        authority("Horodatage Un", 2026, 2031),
        authority("Horodatage Deux", 2029, 2036),
        authority("Horodatage Trois", 2034, 2045),
        post_quantum_authority(2036, 2060),
    )[number]


@dataclass(frozen=True)
class Company:
    """The archive company's desk, and where it is in time."""

    desk: Program

    def at(self, year: int, *words: str) -> Ended:
        clock = (need("faketime"), "-f", f"@{year}-06-01 12:00:00")
        return ended(self.desk.start(*words, before=clock))

    def renewed(self, year: int, *words: str) -> Ended:
        return self.at(year, "vault", "renew", "vault", *words)

    def profile(self, year: int, *words: str) -> None:
        self.at(year, "vault", "profile", "set", "vault", "--tsa-roots", "authorities.pem", *words).ok()

    def deposited(self, year: int, staff: str, *names: str) -> None:
        who = ("--signer", f"{staff}.p12", "--receipts", "receipts", "--roots", "practices.pem")
        self.at(year, "vault", "deposit", "vault", *names, *who).ok()


@contextmanager
def answering(number: int, year: int) -> Iterator[str]:
    """Let an authority answer in the middle of a year; yield its address."""
    moment = datetime(year, 6, 1, 12, tzinfo=UTC)
    stamps = lasting(number)
    with listening(lambda query: (200, stamps.reply(query, moment))) as address:
        yield address


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """The company after twenty years: every step is asserted on the way."""
    folder = tmp_path_factory.mktemp("twenty-years")
    for count, name in enumerate(NAMES[:5], 2):
        (folder / f"{name}.asice").write_bytes(package(count=count, package_id=f"urn:test:{name}"))
    volume_set(folder)
    tokens = [root_of for number in range(4) for root_of in lasting(number).roots]
    (folder / "authorities.pem").write_text(write_pem(tuple(tokens)), encoding="ascii")
    (folder / "practices.pem").write_text(write_pem(signer().roots), encoding="ascii")
    for staff, end in (("first-archivist", 2031), ("second-archivist", 2048)):
        holder = certified(f"Archiviste {staff}", inter(), end=datetime(end, 1, 1, tzinfo=UTC))
        write_p12(folder / f"{staff}.p12", holder, inter(), root())
    made = Company(Program(folder=folder))
    first_decade(made)
    second_decade(made)
    return made


def first_decade(one: Company) -> None:
    # 2026: a vault on two disks; a profile that still begins with SHA-256
    disks = ("--storage", "disk-a", "--storage", "disk-b", "--uncertified", "Données fictives")
    one.at(
        2026, "vault", "init", "vault", "--name", "Archives Exemple", *disks, "--retention-years", "30"
    ).ok()
    names = [f"{name}.asice" for name in (*NAMES[:4], "p-set")]
    one.deposited(2026, "first-archivist", *names)
    with answering(0, 2026) as address:
        one.profile(2026, "--tsa", address, "--hash", "sha256", "--within", HORIZON)
        done = one.renewed(2026).ok()
        assert done.out.count("first attested by Horodatage Un") == 5
    # 2027: nothing is due
    assert "0 records of 5" in one.renewed(2027).ok().out
    # 2030: the first authority has closed; its certificate ends in 2031. A new archivist takes the fifth package
    with listening(lambda _: (404, b"closed")) as closed, answering(1, 2030) as address:
        one.profile(2030, "--tsa", closed, "--tsa", address)
        one.deposited(2030, "second-archivist", "five.asice")
        done = one.renewed(2030).ok()
        assert done.out.count("renewed by Horodatage Deux") == 5
        assert done.out.count("first attested by Horodatage Deux") == 1


def second_decade(one: Company) -> None:
    # 2035: the second authority ends in 2036
    with answering(2, 2035) as address:
        one.profile(2035, "--tsa", address)
        assert one.renewed(2035).ok().out.count("renewed by Horodatage Trois") == 6
    # 2036: one disk rots, and is repaired from the other
    rotten = next((one.desk.folder / "disk-b").rglob("three.asice"))
    data = bytearray(rotten.read_bytes())
    data[len(data) // 2] ^= 1
    rotten.write_bytes(data)
    assert one.at(2036, "vault", "audit", "vault").status == 87
    assert "1 copy is whole again" in one.at(2036, "vault", "repair", "vault").ok().out
    # 2037: SHA-256 is given up for 2038, and an authority with a post-quantum key has appeared
    with answering(3, 2037) as address:
        one.profile(2037, "--tsa", address, "--hash", "sha512", "--ends", f"sha256={SHA256_ENDS}")
        done = one.renewed(2037).ok()
        assert done.out.count("every file hashed under sha512") == 6
        assert done.out.count("Horodatage post-quantique") == 6
    # 2041: nothing is due, and every copy is whole
    assert "0 records of 6" in one.renewed(2041).ok().out
    one.at(2041, "vault", "audit", "vault", "--all").ok()
    # 2046: everything is given back with its evidence
    for name in NAMES:
        one.at(2046, "vault", "fetch", "vault", package_id(name), "--to", f"back/{name}", "--evidence").ok()


def package_id(name: str) -> str:
    return "urn:test:set" if name == "p-set" else f"urn:test:{name}"


def test_our_own_program_proves_every_package(company: Company) -> None:
    for name in NAMES:
        begun = "2030" if name == "five" else "2026"
        path = f"back/{name}/{name}.asice"
        done = company.at(2046, "verify", path, *ACCEPTED, "--json").ok()
        document = done.document
        assert document["existed_at"]["code"] == "evidenced", name
        assert document["existed_at"]["facts"]["moment"].startswith(f"{begun}-06-01")
        assert {document[one]["state"] for one in ("intact", "complete", "signed_by", "trusted")} == {
            "proven"
        }
        # without what the vault kept, nobody can tell any more
        for record in (company.desk.folder / "back" / name).glob("*.ers"):
            record.rename(record.with_suffix(".aside"))
        lost = company.at(2046, "verify", path, *ACCEPTED, "--json")
        assert lost.status != 0 and lost.document["existed_at"]["state"] == "unknown"
        for record in (company.desk.folder / "back" / name).glob("*.aside"):
            record.rename(record.with_suffix(".ers"))


def covered(company: Company, name: str) -> list[Path]:
    """The files that the record of a package covers, as they lie on the first disk."""
    files = [path for path in (company.desk.folder / "disk-a").rglob("*") if path.is_file()]
    (own,) = (path for path in files if path.name == f"{name}.asice" and "revision-001" in path.parts)
    place = own.parents[3]
    (listed,) = place.glob("v*/content/evidence/001/*SUMS")
    logical = re.findall("  (.*)", listed.read_text())
    return [next(place.glob(f"v*/content/{one}")) for one in logical]


def states(company: Company, name: str) -> list[Path]:
    """The record of a package after each renewal, the oldest first."""
    place = covered(company, name)[0]
    while not (place / "inventory.json").exists() or place.name.startswith("v"):
        place = place.parent
    return sorted(place.glob("v*/content/evidence/001/*.ers"), key=lambda path: path.name)


def test_bouncy_castle_follows_every_tree_and_every_link(company: Company, bouncy_castle: Path) -> None:  # noqa: F811
    path = ":".join(map(str, (bouncy_castle, *JARS)))
    moment = str(int(datetime(2046, 6, 1, tzinfo=UTC).timestamp() * 1000))
    java = [need("java"), "-XX:TieredStopAtLevel=1", "-cp", path, "Evidence"]
    for name in NAMES:
        files, records = covered(company, name), states(company, name)
        # the whole record, to the post-quantum time-stamp: every hash tree, every link
        words = ["present", records[-1], moment, "group", *files]
        subprocess.run([*java, *map(str, words)], check=True, capture_output=True)
        # as it was before: the signature of the newest time-stamp as well
        words = ["check", records[-2], moment, "group", *files]
        subprocess.run([*java, *map(str, words)], check=True, capture_output=True)
    words = ["present", records[-1], moment, "group", *files[1:]]
    assert subprocess.run([*java, *map(str, words)], check=False, capture_output=True).returncode


def test_openssl_judges_every_classical_time_stamp(company: Company) -> None:
    by_year = {2026: 0, 2030: 1, 2035: 2}
    judged = 0
    for name in NAMES:
        chains = read_record(states(company, name)[-1].read_bytes()).chains
        stamps = [stamp for chain in chains for stamp in chain.stamps]
        times = [read_token(one.token).time for one in stamps]
        assert [one.year for one in times] == (
            [2030, 2035, 2037] if name == "five" else [2026, 2030, 2035, 2037]
        )
        assert [len(chain.stamps) for chain in chains] == [len(stamps) - 1, 1]
        before = b""
        for stamp, time, renewed in zip(stamps[:-1], times[:-1], times[1:], strict=True):
            by = lasting(by_year[time.year])
            assert isinstance(by, LocalAuthority)
            imprint = read_token(stamp.token).imprint
            assert reached(stamp, before) == imprint.value
            before = stamp.token
            assert "Verification: OK" in openssl_verify(stamp.token, imprint, by, renewed)
            judged += 1
    assert judged == 5 * 3 + 2


def reached(stamp: ArchiveTimeStamp, before: bytes) -> bytes:
    """Follow the lists of an archive time-stamp to its root (RFC 4998, 4.3); without any it is over the one before."""
    algorithm = read_token(stamp.token).imprint.algorithm
    if not stamp.lists:
        return algorithm.hash_value(before)
    first, *others = stamp.lists
    value = algorithm.hash_value(*sorted(first))
    return reduce(lambda reaching, one: algorithm.hash_value(*sorted((reaching, *one))), others, value)


def test_one_time_stamp_served_every_package_of_a_year(company: Company) -> None:
    tokens: dict[int, set[bytes]] = {}
    for name in NAMES:
        for stamp in read_record(states(company, name)[-1].read_bytes()).stamps:
            tokens.setdefault(read_token(stamp.token).time.year, set()).add(stamp.token)
    # in 2030 five were renewed under one time-stamp, and the sixth got its first by another
    assert {year: len(each) for year, each in tokens.items()} == {2026: 1, 2030: 2, 2035: 1, 2037: 1}


def test_the_disks_are_what_ocfl_says_and_say_the_same(company: Company) -> None:
    first, second = (company.desk.folder / disk for disk in ("disk-a", "disk-b"))
    assert_valid_ocfl(first, 7)
    there = contents(second)
    damaged = {path for path in there if path.startswith(DAMAGED.rstrip("/"))}
    assert sum((second / path).is_file() for path in damaged) == 1, "the damaged bytes stay"
    assert {path: digest for path, digest in there.items() if path not in damaged} == contents(first)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_tells_these_steps(language: str) -> None:
    page = (DOCS / language / "explanation" / "signatures-over-time.md").read_text(encoding="utf-8")
    assert tuple(int(one) for one in re.findall(r"^\| (20\d\d) \|", page, re.MULTILINE)) == STEPS
