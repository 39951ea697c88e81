"""Whoever asks a time-stamping authority judges its token with the roots at hand, and says what cannot be judged."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.signing.certificates.reading import write_pem
from tests.journeys.line import Line, contents
from tests.journeys.program import Program
from tests.tsa import LocalAuthority, listening

UNJUDGED = "but not whose it is"
SHARE = (
    *(
        "keys",
        "share",
        "package.asice",
        "shared.asice",
        "--identity",
        "receiver.identity",
        "--roots",
        "roots.pem",
    ),
    *("--signer", "kerbrat/signer.p12", "--to", "pressoir/receiver.recipient"),
)
COMMANDS: dict[str, tuple[tuple[str, ...], str]] = {
    "share": (SHARE, "shared.asice"),
    "evidence build": (("evidence", "build", "package.asice"), "package.asice"),
    "evidence renew": (("evidence", "renew", "evidenced.asice"), "evidenced.asice"),
}
"""A command and what it gives a time-stamp; ``export`` and ``verify --report`` are in ``test_signing``."""


@pytest.fixture(scope="module")
def stamper() -> LocalAuthority:
    return LocalAuthority(
        "Horodatage Exemple", datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    )


@pytest.fixture
def desk(small_line: Line, stamper: LocalAuthority, tmp_path: Path) -> Program:
    small_line.copy(tmp_path, "package.asice", "receiver.identity", "roots.pem", "kerbrat", "pressoir")
    (tmp_path / "stamper.pem").write_text(write_pem(stamper.roots), encoding="ascii")
    (tmp_path / "evidenced.asice").write_bytes((tmp_path / "package.asice").read_bytes())
    program = Program(folder=tmp_path)
    with listening(lambda query: (200, stamper.reply(query, datetime.now(UTC)))) as tsa:
        program.here("evidence", "build", "evidenced.asice", "--tsa", tsa, "--tsa-roots", "stamper.pem").ok()
    return program


def existed(desk: Program, name: str, *roots: str) -> tuple[int, str]:
    done = desk.here("verify", name, "--roots", "roots.pem", *roots, "--json")
    return done.status, done.document["existed_at"]["code"]


@pytest.mark.parametrize("name", COMMANDS)
def test_it_is_judged_whose_the_token_is_or_said_that_it_was_not(
    desk: Program, stamper: LocalAuthority, name: str
) -> None:
    command, target = COMMANDS[name]
    before = contents(desk.folder)
    with listening(lambda query: (200, stamper.reply(query, datetime.now(UTC)))) as tsa:
        # the signer's root is nobody's who stamps
        refused = desk.here(*command, "--tsa", tsa, "--tsa-roots", "kerbrat/roots.pem")
        assert re.search("have not accepted|authorities you accept", refused.err), refused.err
        assert refused.status in {62, 63} and contents(desk.folder) == before
        done = desk.here(*command, "--tsa", tsa, "--tsa-roots", "stamper.pem").ok()
    assert UNJUDGED not in done.err
    assert existed(desk, target, "--tsa-roots", "stamper.pem")[0] == 0
    # a reader without that root is not told that nothing is open
    assert existed(desk, target) == (3, "timestamp-untrusted")


@pytest.mark.parametrize("name", ["share", "evidence build"])
def test_without_roots_everything_else_is_judged(desk: Program, stamper: LocalAuthority, name: str) -> None:
    command, target = COMMANDS[name]
    before = contents(desk.folder)
    ended = LocalAuthority(
        "Horodatage fini", datetime(2020, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC)
    )
    first: list[bytes] = []

    def again(query: bytes) -> tuple[int, bytes]:
        """Give everybody the answer to the first question."""
        first.append(stamper.reply(query, datetime.now(UTC)))
        return 200, first[0]

    again(stamper.query(b"another question"))
    with (
        listening(again) as late,
        listening(lambda query: (200, ended.reply(query, datetime.now(UTC)))) as finished,
    ):
        for address, reason in (
            (late, "made for something else"),
            (finished, "was not valid when it was made"),
        ):
            refused = desk.here(*command, "--tsa", address)
            assert reason in refused.err and "[no-timestamp-authority]" in refused.err, refused.err
            assert (refused.status, contents(desk.folder)) == (63, before)
    with listening(lambda query: (200, stamper.reply(query, datetime.now(UTC)))) as tsa:
        done = desk.here(*command, "--tsa", tsa).ok()
    assert UNJUDGED in done.err
    assert existed(desk, target) == (3, "timestamp-untrusted")
    assert existed(desk, target, "--tsa-roots", "stamper.pem")[0] == 0
