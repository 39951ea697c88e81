"""The dossier a page shows, with what its sections look up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import TypeVar

from formats.model.dates import AnyMoment, moment_order, zone_of
from formats.model.dictionary.codes.lists import MEDIA_TYPES
from formats.model.documents import Attachment
from formats.model.dossier import Dossier
from formats.model.missing import MissingReason, lost_files
from formats.pdlgc.page.markup import NOTHING, Html, html_text, join, place_link, small_text, stack, tag
from formats.pdlgc.page.values import code_in_words, day, moment, money, practitioner_name, size
from formats.previews.preview import Previews, no_previews
from formats.words import Words

FILE_MISSING = tag(Words("fichier absent de la source", "file missing in the source"), "bad")
_LOST = {
    MissingReason.FILE_LOST: tag(Words("fichier perdu", "file lost"), "bad"),
    MissingReason.FILE_DAMAGED: tag(Words("fichier endommagé", "file damaged"), "bad"),
}

AnyRecord = TypeVar("AnyRecord")

_NEVER = (datetime.min.replace(tzinfo=UTC), 0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """``counts`` are those of the dossier; ``links`` gives the place in the archive of every attachment, by SHA-256.

    ``previews`` is asked for one picture after the other, in their order on the page.
    """

    dossier: Dossier
    counts: Mapping[str, int]
    links: Mapping[str, str]
    zone: tzinfo
    practitioners: Mapping[str, Html]
    acts: Mapping[str, Html]
    documents: Mapping[str, Attachment | None]
    previews: Previews = no_previews

    def money(self, cents: int | None) -> Html:
        return money(cents, self.dossier.practice.currency)

    def moment(self, value: AnyMoment | None) -> Html:
        return moment(value, self.zone)

    def newest_first(
        self, records: Iterable[AnyRecord], when: Callable[[AnyRecord], AnyMoment | None]
    ) -> list[AnyRecord]:
        """Return ``records`` from the newest to the oldest, those without a date last.

        A day stands behind the moments of that day, a month or a year behind its days.
        """

        def order(record: AnyRecord) -> tuple[datetime, int]:
            at = when(record)
            return _NEVER if at is None else moment_order(at, self.zone)

        return sorted(records, key=order, reverse=True)

    def practitioner(self, identity: str | None) -> Html:
        return self.practitioners[identity] if identity else NOTHING

    def act(self, identity: str | None) -> Html:
        return small_text(self.acts[identity]) if identity else NOTHING

    def file(self, attachment: Attachment | None, record: str = "") -> Html:
        """Return a link to the file, its size and media type, or why ``record`` has none."""
        if attachment is None:
            return self.lost(record) or FILE_MISSING
        path = self.links[attachment.sha256]
        name = path.rpartition("/")[2]
        about = small_text(
            join([size(attachment.size), code_in_words(MEDIA_TYPES, attachment.media_type)], " · ")
        )
        return Html(f'<a href="{place_link(path)}">{html_text(name)}</a> {about}')

    def lost(self, record: str) -> Html:
        """Return what is said of each file of ``record`` that was kept and is lost."""
        return join([_LOST[one] for one in lost_files(self.dossier, record)], " ") if record else NOTHING

    def document(self, identity: str | None) -> Html:
        """Return a link to the file of the document a record names."""
        return self.file(self.documents[identity], identity) if identity else NOTHING


def subject(dossier: Dossier, links: Mapping[str, str], previews: Previews = no_previews) -> Subject:
    """Return ``dossier`` with its look-up tables."""
    return Subject(
        dossier=dossier,
        counts=dossier.counts(),
        links=links,
        zone=zone_of(dossier.practice.time_zone),
        practitioners={person.id: practitioner_name(person) for person in dossier.practitioners},
        acts={
            act.id: join([day(act.performed_on), html_text(act.code), html_text(act.label)])
            for act in dossier.acts
        },
        documents={document.id: document.attachment for document in dossier.documents},
        previews=previews,
    )


def title_with_details(title: str, *details: Html) -> Html:
    """Return a title with smaller details below it."""
    return stack([Html(f"<b>{html_text(title)}</b>") if title else NOTHING, *map(small_text, details)])
