"""A practice and an archive company beyond 2050, where dates in certificates and signatures change their form."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.signing.certificates.reading import write_pem
from tests.journeys.line import EXPORT, Line
from tests.journeys.program import Ended, Program, ended
from tests.tools import need
from tests.tsa import LocalAuthority, listening

BIRTH, SIGNED, PROVEN, RENEWED = (
    "2049-12-31 23:59:50", "2051-06-01 12:00:00", "2052-06-01 12:00:00", "2061-06-01 12:00:00",
)  # fmt: skip
"""The key's certificate spans the end of UTCTime; it ends on 2060-01-01, before the renewal of the evidence."""
QUESTIONS = ("existed_at", "trusted")
ACCEPTED = ("--roots", "far/roots.pem", "--tsa-roots", "authorities.pem")


@pytest.fixture
def desk(small_line: Line, tmp_path: Path) -> Program:
    small_line.copy(tmp_path, "practice.db", "roster.csv", "receiver.identity", "kerbrat", "pressoir")
    return Program(folder=tmp_path)


def at(desk: Program, moment: str, *command: str) -> Ended:
    """Run the program by a clock that starts at ``moment``."""
    return ended(desk.start(*command, before=(need("faketime"), "-f", f"@{moment}")))


@contextmanager
def stamping(authority: LocalAuthority, moment: str) -> Iterator[tuple[str, ...]]:
    clock = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    with listening(lambda query: (200, authority.reply(query, clock))) as address:
        yield ("--tsa", address)


def verdict(desk: Program, moment: str) -> tuple[int, list[str]]:
    """Return the status and what is told of time and trust at ``moment``."""
    done = desk.here("verify", "package.asice", *ACCEPTED, "--at", moment, "--json")
    assert done.err == ""
    assert {done.document[one]["state"] for one in ("intact", "complete", "signed_by")} == {"proven"}
    return done.status, [done.document[one]["code"] for one in QUESTIONS]


def test_a_package_signed_and_kept_beyond_2050(desk: Program) -> None:
    # the key of this year has long ended
    at(desk, SIGNED, *EXPORT).refused("certificate-ended", 28)
    assert not (desk.folder / "package.asice").exists()

    # signed with a key made in the last seconds of UTCTime, given evidence and renewed by the next authority
    one = LocalAuthority("Un", datetime(2049, 6, 1, tzinfo=UTC), datetime(2064, 1, 1, tzinfo=UTC))
    two = LocalAuthority("Deux", datetime(2060, 1, 1, tzinfo=UTC), datetime(2105, 1, 1, tzinfo=UTC))
    at(desk, BIRTH, "keys", "new", "far", "--name", "Dr Anne Future", "--no-passphrase").ok()
    (desk.folder / "authorities.pem").write_text(write_pem((*one.roots, *two.roots)), encoding="ascii")
    roots = ("package.asice", "--tsa-roots", "authorities.pem")
    export = [part.replace("kerbrat", "far") for part in EXPORT]
    with stamping(one, SIGNED) as tsa:
        at(desk, SIGNED, *export, *tsa).ok()
    with stamping(one, PROVEN) as tsa:
        done = at(desk, PROVEN, "evidence", "build", *roots, *tsa).ok()
    assert "renew it before 2064-01-01 (certificate)" in done.out
    with stamping(two, RENEWED) as tsa:
        done = at(desk, RENEWED, "evidence", "renew", *roots, *tsa, "--hash", "sha512").ok()
    assert "renew it before 2105-01-01 (certificate)" in done.out

    # each moment has the answer that the dates demand
    assert verdict(desk, "2038-01-20") == (28, ["evidence-later", "certificate-ended"])
    assert verdict(desk, "2050-01-01") == (3, ["evidence-later", "accepted"])
    for moment in ("2051-06-02", "2061-06-02", "2064-06-01", "2100-01-01", "2104-12-31T23:59:59"):
        assert verdict(desk, moment) == (0, ["timestamped", "accepted"])
    assert verdict(desk, "2105-01-02") == (3, ["evidence-authority-ended", "stamp-unproven"])
    shown = at(desk, "2100-01-01 00:00:00", "evidence", "show", *roots).ok()
    assert [line.split()[3] for line in shown.out.splitlines()[1:]] == ["2052-06-01", "2061-06-01"]
    late = at(desk, "2106-01-01 00:00:00", "evidence", "show", *roots)
    assert (late.status, len(late.err.splitlines())) == (3, 1)
