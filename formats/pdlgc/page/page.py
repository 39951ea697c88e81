"""INDEX.HTM from front to back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files

from formats.cda.writer.people import national_id
from formats.contents.view import PictureView
from formats.model.dictionary.kinds import KINDS
from formats.model.documents import Attachment, Document
from formats.model.dossier import PATIENT_KINDS, Dossier
from formats.model.health import HealthStatement
from formats.model.imaging import ImageFile
from formats.pdlgc import layout
from formats.pdlgc.page import identity
from formats.pdlgc.page.generator import meta, own_generator
from formats.pdlgc.page.markup import Html, both, html_text, join, small_text
from formats.pdlgc.page.sections import PageSection, page_sections
from formats.pdlgc.page.subject import Subject, subject
from formats.pdlgc.page.values import identifier, moment
from formats.pdlgc.sender import Sender
from formats.previews.preview import (
    MAX_PREVIEWS,
    Preview,
    PreviewAbsence,
    PreviewOutcome,
    Previews,
    no_previews,
)
from formats.words import Words

PIECE_CHARACTERS = 64 << 10
"""Text gathered before it is encoded; small pieces would cost more than what they hold."""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
"""Nothing runs and nothing is fetched, even if a text of the dossier should ever slip through unescaped."""

_SHEETS = {"chart": ("chart.css",), "perio_exams": ("chart.css", "perio.css")}
"""Style that only one section needs, by its anchor; a page without the section goes without it."""


def index_page(
    dossier: Dossier,
    *,
    links: Mapping[str, str],
    sender: Sender,
    written_at: datetime,
    previews: Previews = no_previews,
) -> Iterator[bytes]:
    """Yield the page in UTF-8; ``links`` gives the place in the archive of every attachment, by SHA-256.

    ``previews`` is asked for one picture after the other in their order on the page, until there are ``MAX_PREVIEWS``.
    Whoever changes a byte of it for any dossier raises ``generator.PAGE_VERSION``. Nothing goes into it that a
    reader of the package does not have: of ``sender`` no type of an identifier, and no contact.
    """
    about = subject(dossier, links, _first_previews(previews))
    yield from _encoded(_page(about, sender, written_at))


def _first_previews(previews: Previews) -> Previews:
    left = MAX_PREVIEWS

    def first(file: Attachment, view: PictureView) -> PreviewOutcome:
        nonlocal left
        if not left:
            return PreviewAbsence.MANY
        found = previews(file, view)
        left -= isinstance(found, Preview)
        return found

    return first


def _encoded(parts: Iterable[Html]) -> Iterator[bytes]:
    pieces: list[str] = []
    length = 0
    for part in parts:
        pieces.append(part)
        length += len(part)
        if length >= PIECE_CHARACTERS:
            yield "".join(pieces).encode()
            pieces, length = [], 0
    yield "".join(pieces).encode()


def _page(about: Subject, sender: Sender, written_at: datetime) -> Iterator[Html]:
    sections = page_sections(about)
    yield from _head(about, sections, sender)
    yield from _banner(about)
    yield from _contents(sections)
    yield Html("<main>\n")
    for section in sections:
        yield from _section(about, section)
    yield from _empty(about)
    yield Html("</main>\n")
    yield from _foot(about, sender, written_at)


def _head(about: Subject, sections: list[PageSection], sender: Sender) -> Iterator[Html]:
    sheets = dict.fromkeys(sheet for one in sections for sheet in _SHEETS.get(one.anchor, ()))
    style = _style(tuple(sheets))
    title = join([identity.full_name(about.dossier.patient)])
    yield Html(
        '<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml" lang="fr" xml:lang="fr">\n<head>\n'
    )
    yield Html('<meta charset="utf-8"/>\n')
    yield meta(own_generator(sender.program, about.dossier.practice.time_zone))
    yield Html(f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}"/>\n')
    yield Html('<meta name="viewport" content="width=device-width, initial-scale=1"/>\n')
    yield Html('<meta name="referrer" content="no-referrer"/>\n<meta name="robots" content="noindex"/>\n')
    yield Html(f"<title>{_without_markup(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n")


def _without_markup(title: Html) -> str:
    return title.replace('<span class="en" lang="en">', "– ").replace("</span>", "")


@cache
def _style(sheets: tuple[str, ...]) -> str:
    folder = files("formats.pdlgc.page")
    return "".join(folder.joinpath(name).read_text("utf-8") for name in ("style.css", *sheets))


def _banner(about: Subject) -> Iterator[Html]:
    kind = Words("Dossier dentaire", "Dental dossier")
    practice = html_text(about.dossier.practice.name)
    yield Html(f'<header id="top"><p class="kind">{join([both(kind), practice], " · ")}</p>\n')
    yield Html(f'<h1>{identity.full_name(about.dossier.patient)}</h1>\n<div class="traits">')
    yield from identity.summary(about)
    yield Html("</div></header>\n")


def _contents(sections: list[PageSection]) -> Iterator[Html]:
    label = "Sommaire / Contents"
    yield Html(f'<nav aria-label="{label}"><ul>\n')
    for section in sections:
        count = "" if section.count is None else f" <b>{section.count}</b>"
        yield Html(f'<li><a href="#{section.anchor}"><span>{both(section.words)}</span>{count}</a></li>\n')
    yield Html("</ul></nav>\n")


def _section(about: Subject, section: PageSection) -> Iterator[Html]:
    count = "" if section.count is None else f' <span class="count">{section.count}</span>'
    yield Html(f'<section id="{section.anchor}">\n<h2>{both(section.words)}{count}</h2>\n')
    yield from section.body(about)
    yield Html("</section>\n")


def _empty(about: Subject) -> Iterator[Html]:
    """Yield the kinds of which the source has no record; that is not the same as "there is none"."""
    counts = about.counts
    absent = [
        both(KINDS[kind.kind].heading)
        for kind in PATIENT_KINDS
        if not counts[kind.kind] and kind is not HealthStatement
    ]
    if absent:
        words = Words("Rien n’est enregistré sous ces rubriques", "Nothing is recorded under these headings")
        yield Html(f'<section id="nothing">\n<h2>{both(words)}</h2>\n<ul class="inline">')
        yield Html("".join(f"<li>{one}</li>" for one in absent))
        yield Html("</ul>\n</section>\n")


def _foot(about: Subject, sender: Sender, written_at: datetime) -> Iterator[Html]:
    made = Words("Archive établie par", "Archive made by")
    identifiers = join(map(identifier, sender.identifiers), ", ")
    who = join([Html(f"<b>{html_text(sender.name)}</b>"), identifiers, html_text(sender.program)], " · ")
    when = moment(written_at, about.zone)
    reading = Words(
        f"Dates : jour/mois/année. Heures : {about.zone}. Dents : numérotation FDI.",
        f"Dates: day/month/year. Times: {about.zone}. Teeth: FDI numbering.",
    )
    readme = f'<a id="readme" href="{layout.README}">{layout.README}</a>'
    yield Html(f"<footer><p>{both(made)} {who} · {when} · {readme}</p>\n")
    yield from _sender(about, sender)
    yield Html(f"<p>{both(_content(about.dossier))}</p>\n")
    yield Html(f"<p>{small_text(both(reading))}</p></footer>\n</body>\n</html>\n")


def _sender(about: Subject, sender: Sender) -> Iterator[Html]:
    """Yield who sends as the French guide wants it (PDLGC 0.1.0, *INDEX.HTM*): the national number and the name."""
    national = national_id(about.dossier.practice)
    number = national[1] if national else next((one.value for one in sender.identifiers), "")
    name = html_text(f"Emetteur : {sender.name} ({number})" if number else f"Emetteur : {sender.name}")
    stated = f' · <span id="identifier">{html_text(number)}</span>' if number else ""
    yield Html(f'<p><span id="name">{name}</span>{stated}</p>\n')


def _content(dossier: Dossier) -> Words:
    """Return how many documents and pictures there are, and how many of them have no content."""
    every: tuple[Document | ImageFile, ...] = (*dossier.documents, *dossier.image_files)
    without = sum(one.attachment is None or not one.attachment.size for one in every)
    return Words(
        f"{len(every)} documents et images, dont {without} sans contenu",
        f"{len(every)} documents and pictures, {without} of them without content",
    )
