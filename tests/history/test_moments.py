"""Packages of the past judged at every kind of moment: the ends of calendars, of clocks and of certificates."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.history.test_history import accepted
from tests.journeys.program import Program

HERE = Path(__file__).parent
QUESTIONS = ("intact", "complete", "signed_by", "existed_at", "trusted")

UNBORN, ENDED = "1950-01-01", "2036-11-21"
"""Before the certificates of the signers, and the day after their end (2036-11-20)."""
WITHIN = ("2027-06-01", "2036-01-01", "2036-11-20")
CLOCKS = ("2038-01-20", "2049-12-31T23:59:59", "2050-01-01", "2051-06-01", "2065-12-31T23:59:59")
"""Past the 31 bits of a clock, on both sides of the end of UTCTime, the last second of the time-stamps."""
PAST_ALL = ("2066-01-02", "2100-01-01", "9998-12-31T23:59:59")
KEY = {"verify": (), "inspect": ("--identity", "example-1.identity")}
NO_MOMENT = ("0001-01-01", "1899-12-31T23:59:59", "9999-01-01", "9999-12-31T23:59:59")
"""What leaves the calendar when a zone or a day is added."""

PROVEN = {"trusted": "accepted"}
ENDED_ALONE = {"existed_at": "no-timestamp", "trusted": "certificate-ended"}
LOST = {"existed_at": "evidence-authority-ended", "trusted": "certificate-ended"}
EARLY = {"existed_at": "evidence-later", "trusted": "certificate-ended"}
EXPECTED = (
    ("example-1", (UNBORN, ENDED, *CLOCKS, *PAST_ALL), 28, ENDED_ALONE),
    ("example-1", WITHIN, 0, PROVEN | {"existed_at": "no-timestamp"}),
    ("format-1", (UNBORN,), 28, EARLY),
    ("format-1", (*WITHIN, ENDED, *CLOCKS), 0, PROVEN | {"existed_at": "timestamped"}),
    ("format-1", PAST_ALL, 3, LOST | {"trusted": "stamp-unproven"}),
    ("set-1-set", (UNBORN,), 28, EARLY),
    ("set-1-set", (*WITHIN, ENDED, *CLOCKS), 0, PROVEN | {"existed_at": "evidenced"}),
    ("set-1-set", PAST_ALL, 28, LOST),
)  # fmt: skip
"""The signatures of ``format-1`` have a time-stamp of their own, those of the set have evidence alone."""


@pytest.fixture
def desk(tmp_path: Path) -> Program:
    for path in HERE.iterdir():
        if path.suffix in {".asice", ".ers", ".identity", ".roots", ".tsa-roots"}:
            shutil.copyfile(path, tmp_path / path.name)
    return Program(folder=tmp_path)


def reading(name: str, at: str) -> tuple[str, ...]:
    return f"{name}.asice", *accepted(name.removesuffix("-set")), "--at", at


@pytest.mark.parametrize(
    ("name", "at", "status", "codes"),
    [(name, at, status, codes) for name, moments, status, codes in EXPECTED for at in moments],
)
def test_each_question_has_the_answer_that_the_dates_demand(
    desk: Program, name: str, at: str, status: int, codes: dict[str, str]
) -> None:
    asked = ("verify", *reading(name, at))
    found = desk.here(*asked, "--json")
    answers = {question: found.document[question] for question in QUESTIONS}
    assert (found.status, found.err) == (status, "")
    assert {question: answers[question]["code"] for question in codes} == codes
    assert {answers[question]["state"] for question in QUESTIONS[:3]} == {"proven"}
    assert found.document["at"].startswith(at[:10])

    done = desk.here(*asked)
    assert done.status == status
    # nothing is false; a certificate that ended refuses all the same
    refusals = {answer["code"] for answer in answers.values()} & {"certificate-ended"}
    assert set(re.findall(r"\[([a-z-]+)\]", done.err)) == refusals
    open_ = {answer["code"] for answer in answers.values() if answer["state"] != "proven"}
    assert {code for code in codes.values() if f"[{code}]" in done.out} == open_


@pytest.mark.parametrize("at", NO_MOMENT)
@pytest.mark.parametrize("command", KEY)
def test_a_moment_that_no_clock_tells_is_misuse(desk: Program, command: str, at: str) -> None:
    done = desk.here(command, *reading("example-1", at), *KEY[command])
    refusal, help_ = done.err.splitlines()
    assert (done.status, done.out) == (2, "")
    assert refusal == "error: The value of --at is not usable: this moment is too far away. [usage]"
    assert help_ == f"Help: archiver {command} --help"
