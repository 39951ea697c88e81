"""The register of processing as a workbook: one line for each activity and heading, with a mark where to fill in."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from archiver.compliance.processing_activities import Activity
from archiver.paperwork.meaning import document_json
from archiver.paperwork.registers.processing import ProcessingData
from formats.tables.xlsx import SheetColumn, write_xlsx
from formats.words import LANGUAGES, mark, translate

TITLE = mark("Register of processing")
HEADINGS = ((mark("activity"), 34), (mark("heading"), 34), (mark("content"), 90), (mark("to fill in"), 40))
TO_FILL_IN = mark("to fill in")
TO_CONFIRM = mark("proposed: to confirm")
_Line = tuple[str, str, str]
"""Heading, content, and what a person has to do."""


def processing_sheets(data: ProcessingData) -> Mapping[str, bytes]:
    """Return the workbook in each language, by the language; the same data give the same bytes."""
    return {language: _sheet(data, language) for language in LANGUAGES}


def _sheet(data: ProcessingData, language: str) -> bytes:
    facts, _ = document_json(data, language)
    columns = [
        SheetColumn(heading=_say(words, language), width=width, wrap=True) for words, width in HEADINGS
    ]
    stream = io.BytesIO()
    rows = list(_rows(facts, language))
    write_xlsx(stream, _say(TITLE, language), columns, rows, at=data.made, frozen=1)
    return stream.getvalue()


def _say(sentence: str, language: str) -> str:
    return translate(sentence, language, "archiver")


def _rows(facts: Mapping[str, Any], language: str) -> Iterator[Sequence[str]]:
    practice = _say(mark("The practice"), language)
    for heading, content, doing in _of_practice(facts):
        yield practice, _say(heading, language), content, _say(doing, language) if doing else ""
    for activity in facts["activities"]:
        for heading, content, doing in _of_activity(activity, facts):
            name = activity["activity"]["words"]
            yield name, _say(heading, language), content, _say(doing, language) if doing else ""
    for other in OTHERS:
        yield (
            _say(other, language),
            "",
            "",
            _say(mark("if the practice does this: a line for each heading"), language),
        )


OTHERS = (
    mark("Staff: contracts, pay"),
    mark("Suppliers and accounts"),
    mark("Cameras"),
    mark("Website, online appointments, reminders"),
)
"""What practices do that no store shows."""


def _of_practice(facts: Mapping[str, Any]) -> Iterator[_Line]:
    place = facts["practice"]
    numbers = [f"{one['system']} {one['value']}" for one in place["numbers"]]
    contacts = [*place["address"], place["telephone"], place["email"]]
    yield _known(mark("controller"), [place["name"], facts["legal_form"], *contacts, *numbers])
    people = [f"{one['name']} {one['rpps']}".strip() for one in facts["practitioners"]]
    yield _known(mark("practitioners"), people)
    for heading in (
        mark("representative of the controller"),
        mark("data protection officer, if there is one"),
        mark("last review of this register"),
    ):
        yield heading, "", TO_FILL_IN
    hosts = [
        " ".join(filter(None, (one["name"], f"({one['service']})", *_certificate(one))))
        for one in facts["hosts"]
    ]
    heading, content, doing = _known(mark("hosts and other processors"), hosts)
    certified = all(one["certified"] for one in facts["hosts"])
    yield heading, content, doing if certified else mark("certificate (HDS)")
    yield _known(
        mark("where dossiers came from"),
        [f"{one['origin']['words']} ({one['day']})" for one in facts["sources"]],
    )
    yield _known(
        mark("security: what this program does"), [one["measure"]["words"] for one in facts["measures"]]
    )
    for heading in (
        mark("security: encryption of the disk"),
        mark("security: passwords, professional cards, locking of screens"),
        mark("security: backups, where they are and when one was last restored"),
        mark("security: antivirus, updates, network"),
        mark("security: premises, training and secrecy of the staff"),
    ):
        yield heading, "", TO_FILL_IN


def _certificate(host: Mapping[str, Any]) -> Iterator[str]:
    if host["certificate"]:
        yield f"HDS {host['certificate']}"
    if host["until"]:
        yield f"– {host['until']}"


def _known(heading: str, lines: Sequence[str]) -> _Line:
    content = "\n".join(filter(None, lines))
    return heading, content, "" if content else TO_FILL_IN


def _counted(some: Sequence[Mapping[str, Any]]) -> list[str]:
    return [f"{one['kind']['words']} ({one['count']})" for one in some]


def _of_activity(activity: Mapping[str, Any], facts: Mapping[str, Any]) -> Iterator[_Line]:
    yield mark("in use since"), "", TO_FILL_IN
    words = {name: [one["words"] for one in activity[name]] for name in ("purposes", "recipients")}
    yield _known(mark("purposes"), words["purposes"])
    yield mark("legal basis"), activity["basis"]["words"], TO_CONFIRM
    yield mark("health data"), activity["sensitive"]["words"], TO_CONFIRM
    yield _known(mark("persons"), _counted(activity["people"]))
    yield _known(mark("data"), _counted(activity["data"]))
    named = [
        f"{one['name']} ({one['day']})"
        for one in facts["receivers"]
        if one["name"] and activity["activity"]["code"] == Activity.HANDOVER
    ]
    heading, content, _ = _known(mark("recipients"), [*words["recipients"], *named])
    yield heading, content, mark("name them, where they are not the practice")
    yield _known(mark("hosts and other processors"), [one["name"] for one in facts["hosts"]])
    yield mark("transfers outside the European Union"), "", TO_FILL_IN
    terms = [
        f"{one['words']} ({one['code']})" if one["code"] else one["words"] for one in activity["retention"]
    ]
    heading, content, doing = _known(mark("how long"), terms)
    complete = activity["activity"]["code"] not in {Activity.BILLING, Activity.REQUESTS}
    yield heading, content, doing if complete else mark("other papers")
    if activity["activity"]["code"] == Activity.CARE:
        yield mark("archive on a separate medium, after five years without care (CNIL)"), "", TO_FILL_IN
