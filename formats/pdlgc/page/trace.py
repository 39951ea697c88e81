"""Who agreed, who looked, where every record came from, and what the archive holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from formats.model.dictionary.codes.lists import action_words
from formats.model.dictionary.codes.systems import PROGRAMS
from formats.model.dictionary.entries import labels
from formats.model.dictionary.kinds import KINDS
from formats.model.dossier import PATIENT_KINDS
from formats.model.provenance import AccessEvent, Consent, SourceRow
from formats.pdlgc import layout
from formats.pdlgc.page.markup import Html, TableColumn, both, html_text, join, prose, table, tag
from formats.pdlgc.page.subject import Subject, title_with_details
from formats.pdlgc.page.values import day, size
from formats.words import Words

_ACCESS_EVENT = labels(AccessEvent)
_CONSENT = labels(Consent)
_SOURCE_ROW = labels(SourceRow)


def consents(about: Subject) -> Iterator[Html]:
    """Yield what the patient agreed to or refused."""
    granted, refused = tag(Words("accordé", "given"), "good"), tag(Words("refusé", "refused"), "bad")
    columns: list[TableColumn[Consent]] = [
        TableColumn(label=_CONSENT["given_on"], cell=lambda one: day(one.given_on), css="tight"),
        TableColumn(
            label=_CONSENT["subject"],
            cell=lambda one: join([title_with_details(one.subject), prose(one.text)]),
            css="wide",
        ),
        TableColumn(label=_CONSENT["given"], cell=lambda one: granted if one.given else refused),
        TableColumn(label=_CONSENT["signed_by"], cell=lambda one: html_text(one.signed_by)),
        TableColumn(label=_CONSENT["document"], cell=lambda one: about.document(one.document)),
    ]
    yield from table(columns, about.newest_first(about.dossier.consents, lambda one: one.given_on))


def access_events(about: Subject) -> Iterator[Html]:
    """Yield who opened or changed the dossier, the newest first."""
    columns: list[TableColumn[AccessEvent]] = [
        TableColumn(
            label=_ACCESS_EVENT["happened_at"], cell=lambda one: about.moment(one.happened_at), css="tight"
        ),
        TableColumn(label=_ACCESS_EVENT["actor"], cell=lambda one: html_text(one.actor)),
        TableColumn(label=_ACCESS_EVENT["action"], cell=lambda one: _action(one.action)),
        TableColumn(label=_ACCESS_EVENT["detail"], cell=lambda one: html_text(one.detail), css="wide"),
        TableColumn(label=_ACCESS_EVENT["device"], cell=lambda one: html_text(one.device)),
    ]
    yield from table(columns, about.newest_first(about.dossier.access_events, lambda one: one.happened_at))


def _action(action: str) -> Html:
    words = action_words(action)
    return both(words) if words else html_text(action)


@dataclass(frozen=True, kw_only=True, slots=True)
class _SourceTable:
    system: str
    table: str
    rows: int
    unread: int


def source_rows(about: Subject) -> Iterator[Html]:
    """Yield how many rows of which source table travel word for word, and where they lie."""
    rows = Counter((row.system, row.table) for row in about.dossier.source_rows)
    unread = Counter((row.system, row.table) for row in about.dossier.source_rows if not row.records)
    included = Words(
        "Chaque ligne d’origine est jointe mot pour mot, même si aucune rubrique ne la reprend :",
        "Every source row is included word for word, even where no section above shows it:",
    )
    yield Html(f"<p>{both(included)} {_link(layout.SOURCE)}</p>\n")
    columns: list[TableColumn[_SourceTable]] = [
        TableColumn(
            label=_SOURCE_ROW["system"], cell=lambda one: html_text(PROGRAMS.get(one.system, one.system))
        ),
        TableColumn(label=_SOURCE_ROW["table"], cell=lambda one: html_text(one.table), css="wide"),
        TableColumn(label=Words("Lignes", "Rows"), cell=lambda one: html_text(str(one.rows)), css="num"),
        TableColumn(
            label=Words("dont non interprétées", "of which not interpreted"),
            cell=lambda one: html_text(str(one.unread)),
            css="num",
        ),
    ]
    counted = [
        _SourceTable(system=system, table=name, rows=count, unread=unread[system, name])
        for (system, name), count in sorted(rows.items())
    ]
    yield from table(columns, counted)


_FILES: tuple[tuple[str, Words], ...] = (
    (layout.README, Words("mode d’emploi", "instructions")),
    (
        layout.DOSSIER,
        Words("le dossier pour les logiciels (FHIR R4, JSON)", "the dossier for software (FHIR R4, JSON)"),
    ),
    (layout.SOURCE, Words("les lignes d’origine", "the source rows")),
    (layout.NAMES, Words("nom et nom d’origine de chaque fichier", "name and original name of every file")),
    (layout.SUMS, Words("sommes de contrôle SHA-256", "SHA-256 sums")),
)


def contents(about: Subject) -> Iterator[Html]:
    """Yield what the archive holds: the counts of every kind, zeros included, and its files."""
    counts = about.counts
    yield Html('<div class="columns"><div><dl class="counts">')
    for kind in PATIENT_KINDS:
        count = counts[kind.kind]
        zero = "" if count else ' class="zero"'
        yield Html(f"<div{zero}><dt>{both(KINDS[kind.kind].heading)}</dt><dd>{count}</dd></div>")
    files = Words("Fichiers d’origine", "Original files")
    total = join([html_text(str(counts["files"])), size(counts["file_bytes"])], " · ")
    yield Html(f"<div><dt>{both(files)}</dt><dd>{total}</dd></div></dl></div>\n")
    yield Html('<div><ul class="files">')
    for name, words in _FILES:
        yield Html(f"<li>{_link(name)} {both(words)}</li>")
    if about.dossier.image_studies:
        imaging = Words("index DICOM : à ouvrir avec une visionneuse", "DICOM index: open it with a viewer")
        yield Html(f"<li>{_link(layout.DICOMDIR)} {both(imaging)}</li>")
    yield Html("</ul></div></div>\n")


def _link(name: str) -> Html:
    return Html(f'<a class="name" href="{html_text(name)}">{html_text(name)}</a>')
