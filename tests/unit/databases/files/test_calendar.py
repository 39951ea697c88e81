"""Calendars as a table of events: times as the practice's clocks showed them, zones of their own, what is no event."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from formats.errors import LimitExceeded, TableUnreadable
from formats.findings import Finding
from tests.unit.databases.files.opened import notices, opened, rows

ZONE = """BEGIN:VTIMEZONE
TZID:Bureau du quai
BEGIN:STANDARD
DTSTART:20001029T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0300
TZOFFSETTO:+0200
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:20000326T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZOFFSETFROM:+0200
TZOFFSETTO:+0300
END:DAYLIGHT
END:VTIMEZONE
"""


def calendar(*parts: str) -> bytes:
    lines = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n" + "".join(parts) + "END:VCALENDAR\n"
    return lines.replace("\n", "\r\n").encode()


def event(*lines: str) -> str:
    return "\n".join(("BEGIN:VEVENT", "UID:1", *lines, "END:VEVENT", ""))


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("DTSTART:20250612T140000", "DTEND:20250612T143000", ("2025-06-12 14:00", 30)),
        ("DTSTART:20250612T120000Z", "DURATION:PT45M", ("2025-06-12 14:00", 45)),
        ("DTSTART;TZID=Europe/Lisbon:20250612T130000", "DTEND:20250612T124500Z", ("2025-06-12 14:00", 45)),
        ("DTSTART;TZID=Romance Standard Time:20250612T140000", "DURATION:PT1H", ("2025-06-12 14:00", 60)),
        ("DTSTART;TZID=Bureau du quai:20250612T150000", "DURATION:PT1H", ("2025-06-12 14:00", 60)),
        ("DTSTART;VALUE=DATE:20250612", "DTEND;VALUE=DATE:20250613", ("2025-06-12", 1440)),
        ("DTSTART:20250330T003000Z", "DTEND:20250330T013000Z", ("2025-03-30 01:30", 60)),
    ],
)
def test_a_time_is_that_of_the_practice(
    tmp_path: Path, start: str, end: str, expected: tuple[str, int]
) -> None:
    (row,) = rows(tmp_path, "T.ics", calendar(ZONE, event(start, end)))
    assert (row["DTSTART"], row["MINUTES"]) == expected


def test_every_property_and_parameter_is_a_column(tmp_path: Path) -> None:
    content = calendar(
        event(
            "DTSTART:20250612T120000Z",
            "SUMMARY:Contrôle\\, détartrage",
            "DESCRIPTION:ligne 1\\nligne 2 qui est",
            "  longue",
            "ATTENDEE;CN=Noël Abadie;ROLE=OPT-PARTICIPANT:mailto:a@example.org",
            "ATTENDEE:mailto:b@example.org",
            "X-PATIENT;X-SOURCE=molaire:17",
            "CATEGORIES:A,B",
            "GEO:48.1;-1.6",
            "X-AT;VALUE=TIME:101500",
        )
    )
    assert rows(tmp_path, "T.ics", content) == [
        {
            "UID": "1",
            "INSTANCE": "1",
            "DTSTART": "2025-06-12 14:00",
            "DTSTART;TZID": "UTC",
            "SUMMARY": "Contrôle, détartrage",
            "DESCRIPTION": "ligne 1\nligne 2 qui est longue",
            "ATTENDEE": "mailto:a@example.org",
            "ATTENDEE;CN": "Noël Abadie",
            "ATTENDEE;ROLE": "OPT-PARTICIPANT",
            "ATTENDEE (2)": "mailto:b@example.org",
            "X-PATIENT": "17",
            "X-PATIENT;X-SOURCE": "molaire",
            "CATEGORIES": "A,B",
            "GEO": "48.1;-1.6",
            "X-AT": "101500",
            "X-AT;VALUE": "TIME",
        }
    ]


def test_what_repeats_and_what_is_no_event_is_said(tmp_path: Path) -> None:
    alarm = "BEGIN:VALARM\nACTION:DISPLAY\nDESCRIPTION:x\nTRIGGER:-PT1H\nEND:VALARM"
    content = calendar(
        event("DTSTART:20250612T120000Z", "RRULE:FREQ=WEEKLY;COUNT=2", alarm),
        "BEGIN:VTODO\nUID:2\nEND:VTODO\n",
        "BEGIN:VJOURNAL\nUID:3\nEND:VJOURNAL\n",
    )
    row, _ = rows(tmp_path, "T.ics", content)
    assert row["RRULE"] == "FREQ=WEEKLY;COUNT=2" and "ACTION" not in row
    assert sorted(one.code for one in notices(tmp_path, "T.ics", content)) == [
        "calendar-component-ignored",
        "calendar-component-ignored",
        "calendar-series",
    ]


def test_a_zone_is_that_of_its_own_calendar(tmp_path: Path) -> None:
    part = event("DTSTART;TZID=Bureau du quai:20250612T150000")
    assert rows(tmp_path, "T.ics", calendar(ZONE, part))[0]["DTSTART"] == "2025-06-12 14:00"
    other = ZONE.replace("+0300", "+0500")
    assert rows(tmp_path, "T.ics", calendar(other, part))[0]["DTSTART"] == "2025-06-12 12:00"


ONE = calendar(event("DTSTART:20250612T120000Z"))


def test_several_calendars_may_stand_in_a_file(tmp_path: Path) -> None:
    assert len(rows(tmp_path, "T.ics", ONE + b"\r\n" + ONE)) == 2


@pytest.mark.parametrize(
    "content",
    [
        ONE[:-20],
        b"",
        b"NUM;NOM\n",
        ONE + b"x\r\n",
        calendar("BEGIN:VEVENT\nEND:VTODO\n"),
        b"END:VCALENDAR\r\n",
    ],
)
def test_what_is_cut_or_no_calendar_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(TableUnreadable), opened(tmp_path, "T.ics", content):
        pass


def test_an_event_has_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from formats.databases.files import nested_row

    monkeypatch.setattr(nested_row, "MAX_CELL", 1000)
    content = calendar(event(*(f"X-{n}:{'x' * 60}" for n in range(100))))
    with pytest.raises(LimitExceeded), opened(tmp_path, "T.ics", content):
        pass


def findings_of(folder: Path, content: bytes) -> dict[str, Finding]:
    return {one.code: one for one in notices(folder, "T.ics", content)}


@pytest.mark.parametrize(
    ("odd", "column", "text"),
    [
        ("DTSTART:31 juin", "DTSTART", "31 juin"),
        ("DTSTART:20250631T120000", "DTSTART", "20250631T120000"),
        ("DTEND:demain", "DTEND", "demain"),
        ("DURATION:une heure", "DURATION", "une heure"),
        ("RRULE:FREQ=PARFOIS", "RRULE", "FREQ=PARFOIS"),
        ("GEO:ici", "GEO", "ici"),
        ("pas une propriété", "UID", "1"),
    ],
)
def test_an_odd_property_is_its_text_and_the_others_come(
    tmp_path: Path, odd: str, column: str, text: str
) -> None:
    content = calendar(event(odd, "SUMMARY:Contrôle"), event("DTSTART:20250612T120000Z"))
    first, second = rows(tmp_path, "T.ics", content)
    assert (first[column], first["SUMMARY"], second["DTSTART"]) == (text, "Contrôle", "2025-06-12 14:00")
    found = findings_of(tmp_path, content)["calendar-property-unread"]
    assert found.facts["count"] == 1 and found.facts["named"] in {column, "?"}


def test_an_unknown_zone_is_said_and_its_times_are_the_practices(tmp_path: Path) -> None:
    content = calendar(event("DTSTART;TZID=Heure du phare:20250612T120000"))
    (row,) = rows(tmp_path, "T.ics", content)
    assert row["DTSTART"] == "2025-06-12 12:00"
    assert findings_of(tmp_path, content)["calendar-zone-unknown"].facts == {
        "count": 1,
        "named": "Heure du phare",
    }


def test_a_zone_behind_the_events_is_known(tmp_path: Path) -> None:
    content = calendar(event("DTSTART;TZID=Bureau du quai:20250612T150000"), ZONE)
    assert rows(tmp_path, "T.ics", content)[0]["DTSTART"] == "2025-06-12 14:00"
    assert findings_of(tmp_path, content) == {}


RULE = "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10"


@pytest.mark.parametrize(
    "zone",
    [
        "BEGIN:VTIMEZONE\nTZID:Bureau du quai\nEND:VTIMEZONE\n",
        ZONE.replace(RULE, "RRULE:FREQ=SECONDLY"),
        ZONE.replace(RULE, "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"),
        ZONE.replace(RULE, "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
        ZONE.replace(RULE, "RRULE:FREQ=YEARLY;BYSECOND=0,1,2,3"),
        ZONE.replace(RULE, "rrule;x=y:FREQ=SECOND\n LY"),
        ZONE.replace("TZOFFSETTO:+0200", "TZOFFSETTO:demain"),
        ZONE.replace("END:STANDARD\n", "END:STANDARD\n" + 201 * "BEGIN:STANDARD\nEND:STANDARD\n"),
        ZONE.replace("END:STANDARD\n", f"X-X:{'x' * (64 << 10)}\nEND:STANDARD\n"),
    ],
)
def test_a_zone_by_which_no_clock_is_set_is_said_in_no_time(tmp_path: Path, zone: str) -> None:
    content = calendar(zone, event("DTSTART;TZID=Bureau du quai:20250612T150000"))
    began = time.monotonic()
    (row,) = rows(tmp_path, "T.ics", content)
    found = findings_of(tmp_path, content)
    assert time.monotonic() - began < 5
    assert row["DTSTART"] == "2025-06-12 15:00"
    assert found.keys() == {"calendar-zone-unread", "calendar-zone-unknown"}
