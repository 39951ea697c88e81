"""Twenty years of an archive company: evidence is built, renewed and moved to another hash, without any key."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archiver.evidence.build import build_records
from archiver.evidence.records import EvidenceRecord, read_record, write_record
from archiver.package import layout
from archiver.signing.certificates.reading import write_pem
from archiver.signing.signatures.tokens import read_token
from formats.digests import SHA256, Digest
from tests.journeys.line import EXPORT, Line, contents
from tests.journeys.program import Ended, Program, ended
from tests.judges import judge_bag
from tests.packages import package, signer
from tests.tools import need
from tests.tsa import LocalAuthority, listening, openssl_verify

NOW = datetime.now(UTC).year
"""The sample package is signed with today's clock; everything else follows from this year."""
MANIFEST, RECORD = layout.evidence_members(1)
NAMES = ("package.asice", "other.asice", "unpacked")
ACCEPTED = ("--roots", "signers.pem", "--tsa-roots", "authorities.pem")


def lasting(name: str, start: int, end: int) -> LocalAuthority:
    return LocalAuthority(name, datetime(start, 1, 1, tzinfo=UTC), datetime(end, 1, 1, tzinfo=UTC))


@pytest.fixture(scope="module")
def authorities() -> tuple[LocalAuthority, ...]:
    return (
        lasting("Horodatage Un", 2020, NOW + 5),
        lasting("Horodatage Deux", NOW + 2, NOW + 10),
        lasting("Horodatage Trois", NOW + 7, NOW + 20),
    )


@pytest.fixture
def desk(small_line: Line, authorities: tuple[LocalAuthority, ...], tmp_path: Path) -> Program:
    """Return the program of a company that holds two packages and a third one unpacked, and no key."""
    small_line.copy(tmp_path, "package.asice", "roots.pem")
    (tmp_path / "other.asice").write_bytes(package())
    with zipfile.ZipFile(tmp_path / "package.asice") as archive:
        archive.extractall(tmp_path / "unpacked")
    stampers = write_pem([root for one in authorities for root in one.roots])
    (tmp_path / "authorities.pem").write_text(stampers, encoding="ascii")
    signers = (tmp_path / "roots.pem").read_text() + write_pem(signer().roots)
    (tmp_path / "signers.pem").write_text(signers, encoding="ascii")
    return Program(folder=tmp_path)


@contextmanager
def desk_of(authority: LocalAuthority, at: datetime | None = None) -> Iterator[str]:
    """Let ``authority`` answer as of ``at``; yield its address."""
    with listening(lambda query: (200, authority.reply(query, at or datetime.now(UTC)))) as address:
        yield address


def in_year(desk: Program, year: int, *command: str) -> Ended:
    """Run the program in the middle of ``year``."""
    clock = (need("faketime"), "-f", f"@{year}-06-01 12:00:00")
    return ended(desk.start(*command, before=clock))


def record_of(path: Path) -> EvidenceRecord:
    if path.is_dir():
        return read_record((path / RECORD).read_bytes())
    with zipfile.ZipFile(path) as archive:
        return read_record(archive.read(RECORD))


def verdict(desk: Program, name: str, *more: str, status: int = 0) -> Any:
    done = desk("verify", name, *ACCEPTED, "--json", *more)
    assert done.status == status, done.out + done.err
    return done.document


def test_evidence_over_twenty_years(desk: Program, authorities: tuple[LocalAuthority, ...]) -> None:
    far = ("--at", f"{NOW + 15}-06-01")
    one, two, three = authorities

    # built: the first authority is closed, the next one stamps all three at once
    with listening(lambda _: (404, b"closed")) as closed, desk_of(one) as address:
        asked = ("--tsa", closed, "--tsa", address, "--tsa-roots", "authorities.pem")
        done = desk("evidence", "build", *NAMES, *asked).ok()
    assert [line.split(",")[0] for line in done.out.splitlines()] == list(NAMES)
    assert "Horodatage Un" in done.out and f"renew it before {NOW + 5}-01-01 (certificate)" in done.out
    assert len({tuple(stamp.token for stamp in record_of(desk.folder / name).stamps) for name in NAMES}) == 1
    for name in NAMES:
        document = verdict(desk, name)
        assert document["existed_at"]["code"] == "evidenced"
        assert [document[question]["state"] for question in ("intact", "complete", "trusted")] == [
            "proven"
        ] * 3
        # nobody renewed it: after fifteen years nothing is proven, and the signer's certificate has ended
        lost = verdict(desk, name, *far, status=28)
        assert lost["existed_at"]["code"] == "evidence-authority-ended"

    # only what is due is renewed
    with desk_of(two, datetime(NOW + 3, 6, 1, 12, tzinfo=UTC)) as address:
        asked = ("--tsa", address, "--tsa-roots", "authorities.pem")
        idle = in_year(desk, NOW + 3, "evidence", "renew", *NAMES, *asked, "--due-within", "30").ok()
        assert idle.out.count("not due") == 3
        assert len(list(record_of(desk.folder / NAMES[0]).stamps)) == 1
        done = in_year(desk, NOW + 3, "evidence", "renew", *NAMES, *asked, "--due-within", "800").ok()
    assert done.out.count("renewed by Horodatage Deux") == 3

    # renewed again, then moved to SHA-512
    with desk_of(three, datetime(NOW + 8, 6, 1, 12, tzinfo=UTC)) as address:
        asked = ("--tsa", address, "--tsa-roots", "authorities.pem")
        in_year(desk, NOW + 8, "evidence", "renew", *NAMES, *asked).ok()
    with desk_of(three, datetime(NOW + 12, 6, 1, 12, tzinfo=UTC)) as address:
        asked = ("--tsa", address, "--tsa-roots", "authorities.pem", "--hash", "sha512")
        done = in_year(desk, NOW + 12, "evidence", "renew", *NAMES, *asked, "--json").ok()
    assert {entry["done"] for entry in done.document["renewed"]} == {"hash-tree"}

    # in fifteen years everything is proven, although every certificate of the beginning has ended
    for name in NAMES:
        document = verdict(desk, name, *far)
        assert {document[question]["state"] for question in document if question in QUESTIONS} == {"proven"}
        (record,) = document["evidence"]
        assert [stamp["place"] for stamp in record["stamps"]] == ["1.1", "1.2", "1.3", "2.1"]
        assert (record["chains"], record["renew_before"][:10]) == (2, f"{NOW + 20}-01-01")
    shown = in_year(desk, NOW + 15, "evidence", "show", *NAMES, "--tsa-roots", "authorities.pem").ok()
    assert len(shown.out.splitlines()) == 1 + 4 * len(NAMES)
    text = desk("verify", "package.asice", *ACCEPTED, *far).ok().out
    assert f"4 time-stamps, 2 chains, since {NOW}-" in text

    # openssl accepts every token by itself, at the time it was made
    stamps = list(record_of(desk.folder / "package.asice").stamps)
    for stamp, authority in zip(stamps, (one, two, three, three), strict=True):
        token_info = read_token(stamp.token)
        if token_info.imprint.algorithm == SHA256:
            assert "OK" in openssl_verify(stamp.token, token_info.imprint, authority, token_info.time)


QUESTIONS = ("intact", "complete", "signed_by", "existed_at", "trusted")


def test_what_is_refused_leaves_everything_as_it_was(
    desk: Program, authorities: tuple[LocalAuthority, ...]
) -> None:
    with desk_of(authorities[0]) as address:
        asked = ("--tsa", address, "--tsa-roots", "authorities.pem")
        desk("evidence", "build", "other.asice", *asked).ok()
        before = contents(desk.folder)
        desk("evidence", "build", "package.asice", "other.asice", *asked).refused("evidence-present", 65)
        desk("evidence", "renew", "package.asice", *asked).refused("evidence-absent", 65)
        desk("evidence", "show", "package.asice").refused("evidence-absent", 65)
        unaccepted = ("--tsa", address, "--tsa-roots", "roots.pem")
        desk("evidence", "build", "package.asice", *unaccepted).refused("no-timestamp-authority", 63)
        sentence = desk.here("evidence", "build", "nothing.asice", *asked).refused("file-not-found", 54)
        assert sentence.count("nothing.asice") == 1
        assert desk("evidence", "build", "package.asice").status == 2
        assert contents(desk.folder) == before
    with listening(lambda _: (404, b"gone")) as gone:
        silent = ("--tsa", gone, "--tsa-roots", "authorities.pem")
        desk("evidence", "build", "package.asice", *silent).refused("no-timestamp-authority", 63)
    accepted = ("--tsa", gone, "--tsa-roots", "authorities.pem")
    late = in_year(desk, NOW + 6, "evidence", "renew", "other.asice", *accepted)
    assert "other.asice" in late.refused("evidence-authority-ended", 62)
    seen = in_year(desk, NOW + 6, "evidence", "show", "other.asice", "--tsa-roots", "authorities.pem")
    assert seen.status == 3 and "was not valid on" in seen.err
    assert contents(desk.folder) == before


def test_evidence_beside_a_package_that_was_unpacked(
    desk: Program, authorities: tuple[LocalAuthority, ...]
) -> None:
    def record_over(data: bytes) -> bytes:
        (record,) = build_records([[Digest.of(data)]], authorities[0].at(datetime.now(UTC)), algorithm=SHA256)
        return write_record(record)

    beside = desk.folder / "unpacked.asice.001.ers"
    beside.write_bytes(record_over((desk.folder / "package.asice").read_bytes()))
    document = verdict(desk, "unpacked")
    assert document["existed_at"]["code"] == "evidenced"
    assert [one["member"] for one in document["evidence"]] == [beside.name]
    # the keeper's commands take it as the one of the folder, and what is renewed for it holds
    with desk_of(authorities[0]) as address:
        asked = ("--tsa", address, "--tsa-roots", "authorities.pem")
        desk("evidence", "build", "unpacked", *asked).refused("evidence-present", 65)
        desk("evidence", "renew", "unpacked", *asked, "--hash", "sha512").ok()
        desk("evidence", "build", "unpacked", *asked, "--another").ok()
    assert beside.with_name("unpacked.asice.002.ers").is_file()
    assert beside.name in desk("evidence", "show", "unpacked", "--tsa-roots", "authorities.pem").ok().out
    document = verdict(desk, "unpacked")
    assert [one["existed_at"]["state"] for one in document["evidence"]] == ["proven", "proven"]
    beside.with_name("unpacked.asice.002.ers").unlink()
    # of another file nothing is known, and nothing is false; what is damaged is
    beside.write_bytes(record_over(b"another file"))
    document = verdict(desk, "unpacked", status=3)
    assert document["existed_at"]["state"] == "unknown"
    assert document["existed_at"]["code"] == "evidence-object-missing"
    beside.write_bytes(beside.read_bytes()[:-1])
    document = verdict(desk, "unpacked", status=60)
    assert (document["existed_at"]["state"], document["existed_at"]["code"]) == (
        "refuted",
        "evidence-unreadable",
    )


def test_a_bag_takes_the_evidence_beside_a_package_along(
    desk: Program, authorities: tuple[LocalAuthority, ...]
) -> None:
    data = (desk.folder / "package.asice").read_bytes()
    (record,) = build_records([[Digest.of(data)]], authorities[0].at(datetime.now(UTC)), algorithm=SHA256)
    for name in ("package.asice", "unpacked"):
        beside = desk.folder / f"{name.removesuffix('.asice')}.asice.001.ers"
        beside.write_bytes(write_record(record))
        bag = f"bag of {Path(name).stem}"
        desk("deliver", name, "--as", "bagit", "--to", bag, *ACCEPTED).ok()
        assert (desk.folder / bag / "data" / beside.name).read_bytes() == beside.read_bytes()
        assert judge_bag(desk.folder / bag, desk.folder) == ""
        document = verdict(desk, f"{bag}/data/{Path(name).stem}.asice")
        assert document["existed_at"]["code"] == "evidenced", name


def test_without_roots_the_program_says_that_nobody_vouches(
    desk: Program, authorities: tuple[LocalAuthority, ...]
) -> None:
    files = [one for one in contents(desk.folder / "unpacked").values() if one != "folder"]
    with desk_of(authorities[0]) as address:
        done = desk("evidence", "build", "unpacked", "--tsa", address, "--json").ok()
    assert "but not whose it is" in done.err
    (built,) = done.document["built"]
    assert built["member"] == RECORD and built["stamp"]["answer"]["code"] == "timestamp-untrusted"
    assert built["members"] == len(files)
    unsure = desk("verify", "unpacked", "--roots", "roots.pem", "--json")
    assert (unsure.status, unsure.document["existed_at"]["code"]) == (3, "timestamp-untrusted")


def test_in_french(desk: Program, authorities: tuple[LocalAuthority, ...]) -> None:
    french = Program(folder=desk.folder, language="fr")
    with desk_of(authorities[0]) as address:
        asked = ("--tsa", address, "--tsa-roots", "authorities.pem")
        done = french("evidence", "build", "package.asice", *asked).ok()
    assert "éléments attestée par" in done.out and "à renouveler avant le" in done.out
    assert (
        "vaut jusqu’au"
        in french("evidence", "show", "package.asice", "--tsa-roots", "authorities.pem").ok().out
    )
    assert "\u00a0: 1 horodatage, 1 chaîne" in french("verify", "package.asice", *ACCEPTED).ok().out


def test_a_set_stands_for_its_volumes(
    small_line: Line, authorities: tuple[LocalAuthority, ...], tmp_path: Path
) -> None:
    small_line.copy(tmp_path, "practice.db", "roster.csv", "kerbrat", "pressoir", "roots.pem")
    stampers = write_pem([root for one in authorities for root in one.roots])
    (tmp_path / "authorities.pem").write_text(stampers, encoding="ascii")
    desk = Program(folder=tmp_path)
    desk.here(*EXPORT, "--by-retention-year").ok()
    volumes = sorted(path.name for path in tmp_path.glob("package-0*.asice"))
    with desk_of(authorities[0]) as address:
        asked = ("package-set.asice", "--tsa", address, "--tsa-roots", "authorities.pem")
        desk.here("evidence", "build", volumes[0], *asked[1:]).ok()
        accepted = ("--roots", "roots.pem", "--tsa-roots", "authorities.pem")
        partly = desk.here("verify", "package-set.asice", *accepted)
        assert partly.status == 3 and f"{volumes[0]}: META-INF/evidencerecord001.ers: " in partly.out
        built = desk.here("evidence", "build", *asked, "--json").ok()
        assert [one["package"] for one in built.document["built"]] == ["package-set.asice", *volumes[1:]]
        assert "because they have evidence already: 1" in built.err
        assert (
            desk.here("verify", "package-set.asice", *accepted, "--json")
            .ok()
            .document["evidence"][0]["member"]
            == "package-set.asice.001.ers"
        )
        desk.here("evidence", "build", *asked).refused("evidence-present", 65)
        # a volume that is not there is named, and the others are renewed
        (tmp_path / volumes[-1]).unlink()
        renewed = desk.here("evidence", "renew", *asked, "--json")
    assert renewed.status == 4 and f"{volumes[-1]}: " in renewed.err and "[volume-missing]" in renewed.err
    assert renewed.document["missing"] == [volumes[-1]]
    assert [one["package"] for one in renewed.document["renewed"]] == ["package-set.asice", *volumes[:-1]]
    shown = desk.here("evidence", "show", "package-set.asice", "--tsa-roots", "authorities.pem")
    assert shown.status == 4 and "package-set.asice.001.ers" in shown.out
