"""Evidence of the packages of a vault: given, found due, renewed, and everything that is refused."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from asn1crypto import tsp

from archiver.evidence.records import EvidenceRecord, read_record
from archiver.signing.certificates.reading import fingerprint, write_pem
from archiver.vault.preservation.profile import DIGESTS
from formats.ocfl.layout import object_place
from tests.engines.seaweedfs import VAULT, SeaweedServer
from tests.journeys import test_vault_object_storage as object_storage
from tests.journeys.line import Line, contents
from tests.journeys.program import PATIENCE, Program, ended
from tests.journeys.test_vault_probe import credentials_file
from tests.ocfl_judge import assert_valid_ocfl
from tests.tools import need
from tests.tsa import LocalAuthority, changed, listening

ROOT = Path(__file__).parents[2]
NOW = datetime.now(UTC)
A, B = "vault/disk-a", "vault/disk-b"
INIT = (
    *("vault", "init", "vault", "--name", "Archives Exemple", "--storage", A, "--storage", B),
    *("--certificate", "HDS-2026-0001", "--until", "2099-05-01"),
)
DEPOSIT = (
    *("vault", "deposit", "vault", "package.asice", "--signer", "kerbrat/signer.p12"),
    *("--receipts", "receipts", "--roots", "roots.pem"),
)
RENEW = ("vault", "renew", "vault")


def lasting(name: str, days: int) -> LocalAuthority:
    """An authority whose certificate ends in so many days."""
    return LocalAuthority(name, NOW - timedelta(days=30), NOW + timedelta(days=days))


@pytest.fixture(scope="module")
def short() -> LocalAuthority:
    return lasting("Horodatage Court", 60)


@pytest.fixture(scope="module")
def long() -> LocalAuthority:
    return lasting("Horodatage Long", 3600)


@contextmanager
def answering(authority: LocalAuthority, by: timedelta = timedelta()) -> Iterator[str]:
    """Let ``authority`` answer, its clock ``by`` that much ahead; yield its address."""
    with listening(lambda query: (200, authority.reply(query, datetime.now(UTC) + by))) as address:
        yield address


@pytest.fixture(scope="module")
def filled(
    small_line: Line, tmp_path_factory: pytest.TempPathFactory, short: LocalAuthority, long: LocalAuthority
) -> Path:
    """A vault on two storages with one package, and the roots of both authorities."""
    folder = tmp_path_factory.mktemp("renewal")
    small_line.copy(folder, "package.asice", "roots.pem", "kerbrat")
    (folder / "tsa.pem").write_text(write_pem((*short.roots, *long.roots)), encoding="ascii")
    desk = Program(folder=folder)
    desk(*INIT).ok()
    desk(*DEPOSIT).ok()
    return folder


@pytest.fixture
def desk(filled: Path, tmp_path: Path) -> Program:
    return Program(folder=Path(shutil.copytree(filled, tmp_path / "desk")))


def profile(desk: Program, *words: str) -> None:
    desk("vault", "profile", "set", "vault", "--tsa-roots", "tsa.pem", *words).ok()


def due(desk: Program, *words: str, status: int = 0) -> list[dict[str, Any]]:
    done = desk(*RENEW, "--dry-run", "--json", *words)
    assert done.status == status, done.out + done.err
    return list(json.loads(done.out)["records"])


def place(desk: Program, disk: str = A) -> Path:
    """The folder of the package's object."""
    (package,) = desk("vault", "list", "vault", "--json").document["listed"]
    return desk.folder / disk / object_place(package["object"])


def record(desk: Program, state: int = 1) -> EvidenceRecord:
    (path,) = place(desk).glob(f"v*/content/evidence/001/{state:03}.ers")
    return read_record(path.read_bytes())


def test_packages_get_evidence_and_it_is_renewed_when_it_is_due(
    desk: Program, short: LocalAuthority, long: LocalAuthority
) -> None:
    desk(*RENEW).refused("preservation-profile-absent", 66)
    with answering(short) as address:
        profile(desk, "--tsa", address, "--within", "30")
        assert [one["action"] for one in due(desk)] == ["build"]
        done = desk(*RENEW).ok()
    assert "first attested by Horodatage Court" in done.out and "1 record of 1 was made" in done.out
    (seen,) = due(desk)
    assert (seen["action"], seen["files"], seen["authority"]) == ("none", 3, "Horodatage Court")
    assert seen["ended_by"] == "certificate" and seen["digest_algorithm"] == "sha512"
    listed = next(place(desk).glob("v2/content/evidence/001/SHA512SUMS")).read_text()
    assert re.findall("  (.*)", listed) == sorted(re.findall("  (.*)", listed)) and "package.asice" in listed
    # a longer horizon finds it due; the package is not read
    (seen,) = due(desk, "--within", "90")
    assert seen["action"] == "time-stamp"
    package = next(place(desk).glob("v1/content/revision-001/package.asice"))
    package.write_bytes(b"gone")
    with answering(long) as address:
        profile(desk, "--tsa", address, "--within", "90")
        assert "renewed by Horodatage Long" in desk(*RENEW).ok().out
    shutil.copy(desk.folder / "package.asice", package)
    assert [one["action"] for one in due(desk)] == ["none"]
    assert len(record(desk, 2).chains[0].stamps) == 2
    assert "0 records of 1" in desk(*RENEW).ok().out
    for disk in (A, B):
        assert_valid_ocfl(desk.folder / disk, 2)
    assert contents(desk.folder / A) == contents(desk.folder / B)


def test_a_hash_function_that_ends_is_left_by_reading_every_file(desk: Program, long: LocalAuthority) -> None:
    with answering(long) as address:
        profile(desk, "--tsa", address, "--hash", "sha256")
        desk(*RENEW).ok()
        assert record(desk).algorithms[0].name == "sha256"
        day = f"{NOW + timedelta(days=20):%Y-%m-%d}"
        profile(desk, "--ends", f"sha256={day}")
        desk(*RENEW).refused("preservation-digests-ended", 66)
        profile(desk, "--hash", "sha512")
        (seen,) = due(desk)
        assert seen["action"] == "hash-tree"
        # a copy that rotted: the other storage gives the file
        rotten = next(place(desk).glob("v1/content/revision-001/package.asice"))
        whole = rotten.read_bytes()
        rotten.write_bytes(whole[:-1] + b"?")
        assert "every file hashed under sha512" in desk(*RENEW).ok().out
        assert [one.name for one in record(desk, 2).algorithms] == ["sha256", "sha512"]
        # and when none gives it, nothing is renewed and it is said
        profile(desk, "--ends", f"sha512={day}", "--hash", "sha384")
        other = next(place(desk, B).glob("v1/content/revision-001/package.asice"))
        other.write_bytes(b"")
        done = desk(*RENEW, "--json")
        assert (done.status, done.document["findings"][0]["code"]) == (82, "vault-object-damaged")
        rotten.write_bytes(whole)
        desk(*RENEW).ok()
        assert [one.name for one in record(desk, 3).algorithms] == ["sha256", "sha512", "sha384"]


def test_authorities_are_asked_in_turn(desk: Program, short: LocalAuthority, long: LocalAuthority) -> None:
    unaccepted = lasting("Horodatage Inconnu", 4000)
    with (
        listening(lambda _: (404, b"closed")) as closed,
        answering(unaccepted) as unknown,
        answering(long, timedelta(hours=3)) as ahead,
        answering(short) as brief,
        answering(long) as address,
    ):
        profile(desk, "--tsa", closed, "--tsa", unknown, "--tsa", ahead, "--tsa", brief)
        done = desk(*RENEW, "--json").ok()
        assert [one["code"] for one in done.document["findings"]] == ["evidence-brief"]
        assert done.document["records"][0]["authority"] == "Horodatage Court"
        profile(desk, "--tsa", brief, "--tsa", address)
        done = desk(*RENEW).ok()
        assert "renewed by Horodatage Long" in done.out, "the one that lasts"


@pytest.mark.parametrize("lie", ["nonce", "imprint", "ended", "behind", "ahead"])
def test_answers_that_are_refused_leave_everything_as_it_was(
    desk: Program, long: LocalAuthority, lie: str
) -> None:
    ended = LocalAuthority("Fini", NOW - timedelta(days=90), NOW - timedelta(days=1))

    def answer(query: bytes) -> tuple[int, bytes]:
        now = datetime.now(UTC)
        if lie == "nonce":
            return 200, long.reply(changed(query, nonce=4), now)
        if lie == "imprint":
            return 200, long.reply(changed(query, message_imprint=_other(query)), now)
        if lie == "ended":
            return 200, ended.reply(query, now)
        return 200, long.reply(query, now + timedelta(hours=-3 if lie == "behind" else 3))

    with listening(answer) as address:
        (desk.folder / "tsa.pem").write_text(write_pem((*long.roots, *ended.roots)), encoding="ascii")
        profile(desk, "--tsa", address)
        before = contents(desk.folder / A)
        sentence = desk(*RENEW).refused("no-timestamp-authority", 63)
    reasons = {
        "nonce": "another question",
        "imprint": "something else",
        "ended": "not valid when it was made",
        "behind": "the clock of this machine",
        "ahead": "the clock of this machine",
    }
    assert reasons[lie] in sentence
    assert contents(desk.folder / A) == before


def test_a_time_stamp_before_the_one_it_would_renew_is_refused(desk: Program, long: LocalAuthority) -> None:
    """Half an hour behind is no wrong clock by itself, and still contradicts what was attested before."""
    with answering(long) as address:
        profile(desk, "--tsa", address)
        desk(*RENEW).ok()
    before = contents(desk.folder / A)
    with answering(long, timedelta(minutes=-30)) as late:
        profile(desk, "--tsa", late)
        sentence = desk(*RENEW, "--within", "3650").refused("no-timestamp-authority", 63)
    assert "before the time-stamp that it would renew" in sentence
    evidence = {path for path in contents(desk.folder / A) if path.endswith(".ers")}
    assert evidence == {path for path in before if path.endswith(".ers")}


def _other(query: bytes) -> Any:
    imprint = tsp.TimeStampReq.load(query)["message_imprint"].copy()
    imprint["hashed_message"] = bytes(64)
    return imprint


def test_a_clock_before_the_newest_evidence_is_refused(desk: Program, long: LocalAuthority) -> None:
    with answering(long) as address:
        profile(desk, "--tsa", address)
        desk(*RENEW).ok()
    before = contents(desk.folder / A)
    clock = (need("faketime"), "-f", f"@{NOW - timedelta(days=400):%Y-%m-%d} 12:00:00")
    for words in (RENEW, (*RENEW, "--dry-run")):
        done = ended(desk.start(*words, before=clock))
        sentence = done.refused("evidence-clock-behind", 67)
        assert "Horodatage Long" in sentence and "set the clock" in sentence
    assert contents(desk.folder / A) == before


def test_a_storage_that_does_not_answer_stops_the_renewal(desk: Program, long: LocalAuthority) -> None:
    with answering(long) as address:
        profile(desk, "--tsa", address)
        before = contents(desk.folder / A)
        away = desk.folder / "away"
        (desk.folder / B).rename(away)
        done = desk(*RENEW)
        assert (done.status, done.out) == (80, "") and "storage" in done.err
        assert contents(desk.folder / A) == before
        away.rename(desk.folder / B)
        desk(*RENEW).ok()
    assert contents(desk.folder / A) == contents(desk.folder / B)


def test_evidence_that_does_not_hold_is_said_and_made_anew(desk: Program, long: LocalAuthority) -> None:
    """A root that is no longer accepted proves nothing: the package gets a second record beside the first."""
    other = lasting("Horodatage Nouveau", 4000)
    with answering(long) as address:
        profile(desk, "--tsa", address)
        desk(*RENEW).ok()
    (desk.folder / "tsa.pem").write_text(write_pem(other.roots), encoding="ascii")
    with answering(other) as address:
        profile(desk, "--tsa", address, "--remove-root", fingerprint(long.roots[0]))
        done = desk(*RENEW, "--dry-run", "--json")
        assert (done.status, [one["failure"] for one in done.document["records"]]) == (
            62,
            ["evidence-stamp-unproven", None],
        )
        desk(*RENEW, "--json")
    seen = due(desk)
    assert [(one["number"], one["failure"]) for one in seen] == [(1, "evidence-stamp-unproven"), (2, None)]


def test_evidence_on_a_storage_that_locks_is_locked(
    small_line: Line, tmp_path: Path, seaweed: SeaweedServer, locking_bucket: str, long: LocalAuthority
) -> None:
    desk = Program(folder=small_line.copy(tmp_path, "package.asice", "roots.pem", "kerbrat"))
    credentials_file(desk.folder, "vault.ini", VAULT)
    (desk.folder / "tsa.pem").write_text(write_pem(long.roots), encoding="ascii")
    prefix = uuid4().hex
    store = seaweed.store(locking_bucket, prefix)
    desk(*object_storage.init(seaweed.address(locking_bucket, prefix))).ok()
    desk(*DEPOSIT, *object_storage.ACCOUNT).ok()
    with answering(long) as address:
        profile(desk, "--tsa", address, *object_storage.ACCOUNT)
        desk(*RENEW, *object_storage.ACCOUNT).ok()
    assert any(one.key.endswith("evidence/001/001.ers") for one in store.list())
    object_storage.assert_everything_locked(store)


def test_the_profile_says_what_it_was_told(desk: Program, long: LocalAuthority) -> None:
    desk("vault", "profile", "show", "vault").refused("preservation-profile-absent", 66)
    words = ("--tsa", "http://tsa.example/1", "--within", "120", "--evidence-policy", "1.3.6.1.4.1.99999.1")
    profile(desk, *words, "--service-policy", "0.4.0.19511.1.1", "--hash", "sha512", "--hash", "sha384")
    document = desk("vault", "profile", "show", "vault", "--json").ok().document
    schema = json.loads((ROOT / "docs" / "schemas" / "preservation-profile.schema.json").read_text())
    (stored,) = (desk.folder / A).rglob("preservation-profile/revision-001.json")
    stated = json.loads(stored.read_text())
    assert set(schema["required"]) == set(schema["properties"]) == set(stated)
    for name in ("digest_algorithms", "time_stamping_authorities", "time_stamping_roots"):
        parts = schema["properties"][name]["items"]
        assert set(parts["required"]) == set(parts["properties"]) == set(stated[name][0])
    names = schema["properties"]["digest_algorithms"]["items"]["properties"]["name"]["enum"]
    assert set(names) == set(DIGESTS)
    assert document["preservation_storage_model"] == "WithoutStorage"
    assert (document["revision"], document["horizon_days"]) == (1, 120)
    assert [one["name"] for one in document["digest_algorithms"]] == ["sha512", "sha384"]
    shown = desk("vault", "profile", "show", "vault").ok().out
    assert "120 days" in shown and "0.4.0.19511.1.1" in shown and "Horodatage Long root" in shown
    for wrong in (
        ("--tsa", "ftp://tsa.example"),
        ("--tsa", "http://user:secret@tsa.example"),
        ("--ends", "md5=2030-01-01"),
        ("--ends", "sha256=soon"),
        ("--evidence-policy", "mine"),
    ):
        assert desk("vault", "profile", "set", "vault", *wrong).status == 2
    assert desk("vault", "profile", "show", "vault", "--json").ok().document["revision"] == 1


@pytest.mark.parametrize("when", [3, 9, 16, 24, 30])
def test_a_renewal_that_is_killed_is_gone_on_with(desk: Program, long: LocalAuthority, when: int) -> None:
    fault = ("-e", "trace=fsync", "-e", f"inject=fsync:signal=SIGKILL:when={when}")
    strace = (need("strace"), "-qq", "-f", "-o", "/dev/null", *fault)
    with answering(long) as address:
        profile(desk, "--tsa", address)
        process = desk.start(*RENEW, before=strace)
        process.communicate(timeout=PATIENCE)
        assert process.returncode != 0, "it was not killed"
        desk(*RENEW).ok()
    assert [one["action"] for one in due(desk)] == ["none"]
    for disk in (A, B):
        assert_valid_ocfl(desk.folder / disk, 2)
    assert contents(desk.folder / A) == contents(desk.folder / B)
    assert desk("vault", "rebuild", "vault", "--json").ok().document["findings"] == []
