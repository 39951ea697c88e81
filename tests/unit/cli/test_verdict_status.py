"""The exit status of ``verify`` follows the answers as the reference page says."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

from archiver.cli.exits import STATUS_OF_CODE, SUCCESS, UNDECIDED
from archiver.cli.run.verify import status
from archiver.examination.examine_each import ExaminedPlace, Result
from archiver.examination.examined import ExaminedPackage
from archiver.package.errors import DigestMismatch, ListAlgorithmUnknown, MemberMissing
from archiver.signing.errors import (
    CertificateRevoked,
    SignatureAlgorithmUnknown,
    SignatureInvalid,
    SignerUnfit,
    TimestampInvalid,
)
from archiver.verdict import (
    Answer,
    RecordVerdict,
    Verdict,
    proven_answer,
    refuted_answer,
    unknown_answer,
    unproven_answer,
)
from archiver.verdict_questions import BY_NAME

PAGE = Path(__file__).resolve().parents[3] / "docs" / "en" / "reference" / "verdict.md"
QUESTIONS = tuple(BY_NAME)
OPEN, SHUT, FALSE = "unknown", "nothing is opened", "refuted"
KINDS = ("proven", OPEN, SHUT, FALSE)
UNDATED = "no-timestamp"

ROW = re.compile(
    r"^\| [\w ]+ \| `(\w+)` \| (\d) \| (\d)(?: \(`([a-z-]+)`: (\d)\))? \| (?:\*(code)\*)? ?\| \*(code)\* \|$",
    re.MULTILINE,
)
FAILURES = {
    ("intact", SHUT): ListAlgorithmUnknown(algorithm="x"),
    ("signed_by", SHUT): SignatureAlgorithmUnknown(algorithm="x"),
    ("trusted", SHUT): CertificateRevoked(signer="x", moment="x"),
    ("intact", FALSE): DigestMismatch(member="x"),
    ("complete", FALSE): MemberMissing(member="x"),
    ("signed_by", FALSE): SignatureInvalid(reason="x"),
    ("existed_at", FALSE): TimestampInvalid(reason="x"),
    ("trusted", FALSE): SignerUnfit(signer="x", fingerprint="x", reason="x"),
}
"""One of another status for each, so that their order is seen."""


def rows() -> dict[str, tuple[str, ...]]:
    return {found[0]: found[1:] for found in ROW.findall(PAGE.read_text(encoding="utf-8"))}


def answer(question: str, kind: str, code: str = "some-code") -> Answer:
    if kind == "proven":
        return proven_answer("some-code", "x")
    if kind == OPEN:
        return unknown_answer(code, "x")
    failure = FAILURES[question, kind]
    return refuted_answer(failure) if kind == FALSE else unproven_answer(failure)


def verdict(kinds: dict[str, str], code: str = "some-code", **more: object) -> Verdict:
    return Verdict(**{one: answer(one, kind, code) for one, kind in kinds.items()}, **more)


def place(own: Verdict, *volumes: Verdict) -> ExaminedPlace:
    each = tuple(ExaminedPackage(file="v", verdict=one) for one in volumes)
    examined = ExaminedPackage(verdict=own, volumes=each)
    return ExaminedPlace(path=Path("p"), examined=examined)


def expected(kinds: dict[str, str]) -> int:
    """Return what the page says."""
    table = rows()
    for wanted, column in ((FALSE, 5), (SHUT, 4)):
        for question in QUESTIONS:
            if kinds[question] == wanted:
                assert table[question][column] == "code"
                return STATUS_OF_CODE[FAILURES[question, wanted].code]
    cells = [int(table[one][0 if kinds[one] == "proven" else 1]) for one in QUESTIONS]
    return max(cells)


def test_the_page_has_a_row_for_each_question() -> None:
    assert tuple(rows()) == QUESTIONS
    assert [one for one, row in rows().items() if row[2]] == ["existed_at"]
    assert rows()["existed_at"][1:4] == (str(UNDECIDED), UNDATED, str(SUCCESS))
    codes = {FAILURES[one].code for one in FAILURES}
    assert len({STATUS_OF_CODE[one] for one in codes}) >= 6


def test_every_answer_to_every_question_gives_the_status_of_the_page() -> None:
    seen, table = 0, rows()
    for kinds in itertools.product(KINDS, repeat=len(QUESTIONS)):
        asked = dict(zip(QUESTIONS, kinds, strict=True))
        if any(kind == SHUT and not table[one][4] for one, kind in asked.items()):
            continue
        found = place(verdict(asked))
        assert status(found) == expected(asked), asked
        assert (status(found) == SUCCESS) == (found.result is Result.PROVEN)
        assert (status(found) == UNDECIDED) == (found.result is Result.UNDECIDED)
        seen += 1
    assert seen == 4**3 * 3**2, "of the date and of what is missing no unknown answer forbids to open"


@pytest.mark.parametrize("code", sorted({code for one in QUESTIONS for code in BY_NAME[one].unknown}))
def test_an_open_date_is_no_success_where_something_should_prove_it(code: str) -> None:
    asked = dict.fromkeys(QUESTIONS, "proven") | {"existed_at": OPEN}
    assert status(place(verdict(asked, code))) == (SUCCESS if code == UNDATED else UNDECIDED)


def test_of_a_set_the_whole_is_asked_for_a_date_when_a_volume_has_any() -> None:
    good = dict.fromkeys(QUESTIONS, "proven")
    bare = verdict(good | {"existed_at": OPEN}, UNDATED)
    lost = verdict(good | {"existed_at": OPEN}, "timestamp-untrusted")
    record = RecordVerdict(member="r", existed_at=unknown_answer("evidence-later", "x"))
    with_record = verdict(good | {"existed_at": OPEN}, UNDATED, records=(record,))
    assert status(place(bare, bare)) == SUCCESS
    for volume in (lost, with_record, verdict(good)):
        assert status(place(bare, bare, volume)) == UNDECIDED
    assert status(place(verdict(good), verdict(good))) == SUCCESS
