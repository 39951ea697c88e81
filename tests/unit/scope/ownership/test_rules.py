"""Rules of ownership: each answers theirs, not theirs, or leaves it to people, and says why."""

from __future__ import annotations

from datetime import date

import pytest

from archiver.scope.errors import RuleUnknown
from archiver.scope.ownership.decision import Outcome, decide, other_rules, rivals
from archiver.scope.ownership.evidence import (
    ACT,
    APPOINTMENT,
    BOOKING,
    PRESCRIPTION,
    Event,
    PersonEvidence,
    person_evidence,
)
from archiver.scope.ownership.practitioners import NOBODY, Claimant
from archiver.scope.ownership.rules import MAX_MONTHS, RULES, rule_named
from archiver.scope.ownership.rulings import RuleTerms, Ruling
from archiver.scope.rosters.roster_decision import DECISION_WORDS, RosterDecision, read_decision
from formats.errors import in_english
from formats.words import catalogue

CLAIMANTS = {
    name: Claimant(
        id=name,
        name=f"Dr {name}",
        number=name,
        claims=name not in {"locum", "diary"},
        replacement=name == "locum",
    )
    for name in ("owner", "kerbrat", "locum", "diary")
}
ON = date(2025, 6, 30)
TERMS = RuleTerms(claimants=CLAIMANTS, on=ON)
T, N, D = Ruling.THEIRS, Ruling.NOT_THEIRS, Ruling.DISPUTED


def acts(practitioner: str, *days: str) -> list[Event]:
    return [Event(ACT, practitioner, day, 1, 0) for day in days]


def bookings(practitioner: str, *days: str) -> list[Event]:
    return [Event(APPOINTMENT, practitioner, f"{day}T09:00:00+02:00", 1, 0) for day in days]


def somebody(*events: list[Event], attending: tuple[str, ...] = ("",)) -> PersonEvidence:
    every = [one for group in events for one in group]
    return person_evidence("p", ("p",), attending, every, claimants=CLAIMANTS, on=ON.isoformat())


def answer(
    code: str, found: PersonEvidence, practitioner: str = "kerbrat", terms: RuleTerms = TERMS
) -> Ruling:
    rule = rule_named(code)
    own = RuleTerms(claimants=terms.claimants, on=terms.on, months=rule.months, roster=terms.roster)
    claim = rule.rule.claim(found, practitioner, own)
    assert "{" not in in_english(claim.sentence, claim.facts)
    return claim.ruling


@pytest.mark.parametrize(
    ("attending", "expected"),
    [
        (("kerbrat",), T),
        (("owner",), N),
        (("",), D),
        (("kerbrat", "owner"), D),
        (("kerbrat", ""), T),
        (("locum",), D),
    ],
)
def test_attending(attending: tuple[str, ...], expected: Ruling) -> None:
    assert answer("attending", somebody(attending=attending)) is expected


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        (bookings("kerbrat", "2024-01-01", "2024-02-01"), T),
        (bookings("owner", "2024-01-01"), N),
        ([], N),
        ([*bookings("owner", "2020-01-01"), *bookings("kerbrat", "2024-01-01")], D),
        ([*bookings("kerbrat", "2020-01-01"), *bookings("owner", "2024-01-01")], D),
        ([*bookings("kerbrat", "2020-01-01"), *bookings("owner", "2020-01-01")], D),
        ([*bookings(NOBODY, "2020-01-01"), *bookings("kerbrat", "2024-01-01")], D),
        (acts("kerbrat", "2024-01-01"), D),
        ([Event(BOOKING, "kerbrat", "2025-08-01T09:00:00+02:00", 1, 0)], T),
        ([*acts("kerbrat", "2024-01-01"), *bookings("owner", "2024-01-01")], N),
    ],
)
def test_booked_with(events: list[Event], expected: Ruling) -> None:
    """An entrusted patient is not the collaborator's, and no record says who entrusted whom (ONCD n° 2291)."""
    assert answer("booked-with", somebody(events)) is expected


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        (acts("kerbrat", "2024-01-01"), T),
        (acts("owner", "2024-01-01"), N),
        (acts("kerbrat", "2024-01-01") + acts("owner", "2019-01-01"), D),
        (acts("kerbrat", "2024-01-01") + acts(NOBODY, "2019-01-01"), D),
        (acts("kerbrat", "2024-01-01") + acts("locum", "2023-01-01"), T),
        (bookings("kerbrat", "2024-01-01"), N),
        (acts("kerbrat", "2024-01-01") + acts("diary", "2024-02-01"), D),  # a column of the diary is nobody
        (acts("kerbrat", "2024-01-01") + acts("locum", "2024-02-01"), T),
    ],
)
def test_treated_by(events: list[Event], expected: Ruling) -> None:
    assert answer("treated-by", somebody(events)) is expected


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        (acts("kerbrat", "2023-01-01", "2024-07-02"), T),  # eighteen months and a day
        (acts("kerbrat", "2023-01-01", "2024-07-01"), D),  # eighteen months up to the last visit, more since
        (acts("kerbrat", "2023-12-29"), D),
        (acts("kerbrat", "2023-12-30", "2025-06-30"), N),
        (acts("kerbrat", "2020-01-01", "2024-07-02") + acts("owner", "2025-01-01"), N),
        (acts("kerbrat", "2020-01-01", "2024-07-02") + acts(NOBODY, "2022-01-01"), D),
        (acts("kerbrat", "2024-07-02") + acts(NOBODY, "2025-01-01"), N),
        (acts("kerbrat", "2023-01-01", "2025-01-01") + acts("owner", "2025-01-01"), N),
        ([Event(PRESCRIPTION, "owner", "2025-01-01", 1, 0), *acts("kerbrat", "2020-01-01", "2024-07-02")], N),
        ([], N),
    ],
)
def test_exclusive(events: list[Event], expected: Ruling) -> None:
    assert answer("exclusive-18-months", somebody(events)) is expected


@pytest.mark.parametrize(
    ("named", "expected"), [(("kerbrat",), T), (("owner",), N), ((), N), (("kerbrat", "owner"), D)]
)
def test_explicit(named: tuple[str, ...], expected: Ruling) -> None:
    terms = RuleTerms(claimants=CLAIMANTS, on=ON, roster={"p": frozenset(named)})
    assert answer("explicit", somebody(), terms=terms) is expected


@pytest.mark.parametrize(
    "code",
    [
        "",
        "owner",
        "exclusive-N-months",
        "exclusive-0-months",
        f"exclusive-{MAX_MONTHS + 1}-months",
        "Attending",
    ],
)
def test_an_unknown_rule_is_named_with_those_known(code: str) -> None:
    with pytest.raises(RuleUnknown) as caught:
        rule_named(code)
    assert "exclusive-N-months" in str(caught.value)


def test_every_rule_says_in_both_languages_what_it_is_and_where_it_stands() -> None:
    for rule in RULES:
        assert all(rule.label) and all(rule.source)
        assert catalogue("archiver", "fr").gettext(rule.meaning) != rule.meaning


# -- several rules, several practitioners -------------------------------------------------


def outcome(*codes: str, found: PersonEvidence, about: str = "kerbrat") -> Outcome:
    return decide(found, [rule_named(code) for code in codes], TERMS, about=about)


def test_a_second_clause_gives_what_the_first_leaves_open() -> None:
    found = somebody(
        bookings("owner", "2019-01-01"),
        bookings("kerbrat", "2022-01-01", "2024-01-01"),
        acts("owner", "2019-01-01"),
    )
    assert outcome("booked-with", found=found).decision is RosterDecision.TO_DECIDE
    both = outcome("booked-with", "exclusive-18-months", found=found)
    assert (both.decision, both.practitioner) == (RosterDecision.YES, "kerbrat")


def test_whose_a_patient_is_who_is_not_of_the_one_who_leaves() -> None:
    of_owner = somebody(bookings("owner", "2024-01-01"))
    found = outcome("booked-with", found=of_owner)
    assert (found.decision, found.practitioner) == (RosterDecision.YES, "owner")
    nothing = outcome("booked-with", found=somebody())
    assert (nothing.decision, nothing.practitioner) == (RosterDecision.NO, "")


def test_rules_that_give_a_patient_to_two_decide_nothing() -> None:
    found = somebody(bookings("kerbrat", "2020-01-01", "2024-01-01"), attending=("owner",))
    both = outcome("attending", "booked-with", found=found)
    assert (both.decision, both.practitioner) == (RosterDecision.TO_DECIDE, "kerbrat")
    nobody_asked = outcome("attending", "booked-with", found=found, about="")
    assert (nobody_asked.decision, nobody_asked.practitioner) == (RosterDecision.TO_DECIDE, "")


def test_who_is_no_person_or_a_replacement_gets_nobody() -> None:
    for name in ("locum", "diary"):
        found = somebody(acts(name, "2024-01-01"), bookings(name, "2024-01-01"), attending=(name,))
        for code in ("booked-with", "treated-by", "exclusive-18-months"):
            assert outcome(code, found=found, about=name).decision is RosterDecision.NO
            assert outcome(code, found=found, about="").practitioner == ""


def test_two_can_claim_whom_any_record_names() -> None:
    found = somebody(acts("kerbrat", "2024-01-01"), attending=("owner",))
    assert set(rivals(found, TERMS, about="kerbrat")) == {"kerbrat", "owner"}
    assert rivals(somebody(acts("owner", "2024-01-01")), TERMS, about="owner") == ()
    between_others = somebody(
        acts("owner", "2024-01-01"), acts("locum", "2024-01-01"), attending=("kerbrat",)
    )
    assert rivals(between_others, TERMS, about="locum") == ()


def test_reports_compare_every_rule_that_can_be_asked() -> None:
    codes = [one.code for one in other_rules([rule_named("exclusive-6-months")], TERMS)]
    assert codes == ["exclusive-6-months", "attending", "booked-with", "treated-by"]


# -- the decision in a roster --------------------------------------------------------------


def test_a_decision_is_read_as_people_write_it() -> None:
    for decision, words in DECISION_WORDS.items():
        for text in (*words, words.fr.upper(), f" {words.en} "):
            assert read_decision(text) is decision
    assert read_decision("") is RosterDecision.YES
    for text in ("peut-être", "?", "-", "1"):
        assert read_decision(text) is None
