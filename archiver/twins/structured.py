"""Documents that are made of a dossier, as a person reads them: the sections of the page that each of them states."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from archiver.twins.nodes import Node, nodes_of
from formats.cda.writer.entries.acts import DONE
from formats.cda.writer.kinds import (
    ASSESSMENT,
    CHART,
    CONSENT,
    IMPLANT_CARD,
    KINDS as DOCUMENTS,
    PLAN,
    SUMMARY,
)
from formats.model.care import ActStatus
from formats.model.dictionary.entries import labels
from formats.model.dictionary.kinds import KINDS
from formats.model.dossier import Dossier
from formats.model.provenance import Consent
from formats.pdlgc.page import care, history, identity, trace
from formats.pdlgc.page.charts import chart, perio
from formats.pdlgc.page.markup import NOT_FILLED_IN, Fact, Html, both, facts, heading, html_text, prose
from formats.pdlgc.page.subject import Subject, subject
from formats.pdlgc.page.values import day
from formats.pdlgc.subset.documents import SubsetDocument
from formats.words import Words

NOTES = DOCUMENTS["11488-4"]
"""Notes of consultations, and what was prescribed at them."""

_CONSENT = labels(Consent)
_PLANNED = frozenset({ActStatus.PLANNED})
_FOUND = frozenset({ActStatus.CONDITION, ActStatus.REFERRED})
_Section = Iterator[Html]


def structured_nodes(dossier: Dossier, code: str, key: str, places: Mapping[str, str]) -> list[Node]:
    """Return the content of the document of type ``code``; ``key`` is the record that it is about, if it is one.

    ``places`` gives the place in the archive of every attachment, by SHA-256.

    Raises:
        LookupError: when no document of that type is made of a dossier.
    """
    return nodes_of(_DOCUMENTS[code](subject(dossier, places), key))


def _summary(about: Subject, _: str) -> _Section:
    yield from _section(KINDS["health_statements"].heading, history.history(about))
    yield from _acts(about, KINDS["acts"].heading, DONE, always=True)
    yield from _records(about, "observations", history.observations)
    yield from _section(Words("Identité et coordonnées", "Identity and contacts"), identity.identity(about))
    yield from _records(about, "related_persons", identity.related_persons)


def _chart(about: Subject, _: str) -> _Section:
    yield from chart.chart(about)


def _assessment(about: Subject, _: str) -> _Section:
    yield from _records(about, "diagnoses", history.diagnoses)
    yield from _acts(about, Words("Constats et adressages", "Conditions and referrals"), _FOUND)
    yield from _records(about, "perio_exams", perio.perio)
    yield from _records(about, "observations", history.observations)


def _plan(about: Subject, _: str) -> _Section:
    yield from _acts(about, Words("Actes prévus", "Planned acts"), _PLANNED)
    yield from _records(about, "treatment_plans", care.plans)
    yield from _records(about, "quotes", care.quotes)


def _consent(about: Subject, key: str) -> _Section:
    for one in about.dossier.consents:
        if key in {one.id, ""}:
            given = Words("accordé", "given") if one.given else Words("refusé", "refused")
            yield from facts(
                [
                    Fact(label=_CONSENT["subject"], value=html_text(one.subject)),
                    Fact(label=_CONSENT["given"], value=both(given)),
                    Fact(label=_CONSENT["given_on"], value=day(one.given_on)),
                    Fact(label=_CONSENT["signed_by"], value=html_text(one.signed_by)),
                ]
            )
            yield prose(one.text)
            if one.document:
                yield from facts([Fact(label=_CONSENT["document"], value=about.document(one.document))])


def _implant_card(about: Subject, _: str) -> _Section:
    yield from care.devices(about)


def _notes(about: Subject, _: str) -> _Section:
    yield from _records(about, "notes", care.notes)
    yield from _records(about, "prescriptions", care.prescriptions)
    yield from _records(about, "questionnaires", history.questionnaires)
    yield from _records(about, "consents", trace.consents)


_DOCUMENTS: Mapping[str, Callable[[Subject, str], _Section]] = {
    SUMMARY.type.code: _summary,
    CHART.type.code: _chart,
    ASSESSMENT.type.code: _assessment,
    PLAN.type.code: _plan,
    CONSENT.type.code: _consent,
    IMPLANT_CARD.type.code: _implant_card,
    NOTES.type.code: _notes,
}


def _section(words: Words, body: Iterable[Html]) -> _Section:
    yield heading(2, both(words))
    yield from body


def _records(about: Subject, kind: str, body: Callable[[Subject], _Section]) -> _Section:
    """Yield the section of records of ``kind``, where there are any."""
    if about.counts[kind]:
        yield from _section(KINDS[kind].heading, body(about))


def _acts(about: Subject, words: Words, statuses: frozenset[ActStatus], *, always: bool = False) -> _Section:
    """Yield the section of the acts of ``statuses``; with ``always`` it says where there are none recorded."""
    own = about.dossier
    shown = tuple(replace(one, appointment=None) for one in own.acts if one.status in statuses)
    if shown:
        part = Dossier(
            practice=own.practice, practitioners=own.practitioners, patient=own.patient, acts=shown
        )
        yield from _section(words, care.acts(replace(about, dossier=part)))
    elif always:
        yield from _section(words, [Html(f"<p>{NOT_FILLED_IN}</p>")])


def places_of(documents: Iterable[SubsetDocument], dossier: Dossier) -> Mapping[str, str]:
    """Return the place of every attachment of ``dossier`` by SHA-256; nothing for one that is no document here."""
    places = {one.sha256: "" for one in dossier.attachments()}
    for document in documents:
        record = document.record
        if record is not None and record.attachment is not None:
            places[record.attachment.sha256] = document.place
    return places
