"""Documents and images, each linked to its file in the archive."""

from __future__ import annotations

from collections.abc import Iterator

from formats.model.documents import Document
from formats.model.imaging import ImageFile, ImageSeries, ImageStudy
from formats.pdlgc.page import terms
from formats.pdlgc.page.markup import (
    NOTHING,
    Column,
    Fact,
    Html,
    Words,
    both,
    facts,
    heading,
    join,
    lines,
    muted,
    prose,
    table,
    text,
)
from formats.pdlgc.page.subject import FILE_MISSING, Subject, newest_first, titled
from formats.pdlgc.page.values import day, teeth

SHOWN_TYPES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp"})
"""Media types every browser shows."""
MAX_SHOWN_BYTES = 30 << 20
"""A larger picture is linked only: twenty of them would bring an old computer to a halt."""
MAX_LISTED = 12
"""Files of a series that are linked one by one; a volume has hundreds, the list of names has them all."""

MAX_ALTERNATIVE = 1_000
"""Characters of a title in place of its picture; the title stands above it, and a reader takes no endless tag."""


def documents(about: Subject) -> Iterator[Html]:
    """Yield letters, forms and scans, with the name each had in the source."""
    columns: list[Column[Document]] = [
        Column(label=Words("Date", "Date"), cell=lambda one: about.moment(one.created_at), css="tight"),
        Column(
            label=Words("Titre", "Title"),
            cell=lambda one: titled(one.title, text(one.category), text(one.code)),
            css="wide",
        ),
        Column(label=Words("Fichier", "File"), cell=lambda one: about.file(one.attachment)),
        Column(label=Words("Nom d’origine", "Original name"), cell=lambda one: text(one.original_name)),
        Column(label=Words("Auteur", "Author"), cell=lambda one: about.practitioner(one.practitioner)),
        Column(label=Words("Remarque", "Note"), cell=lambda one: prose(one.note)),
    ]
    yield from table(columns, newest_first(about.dossier.documents, lambda one: one.created_at))


def image_files(about: Subject) -> Iterator[Html]:
    """Yield photographs, scans and radiographs that are not DICOM, as cards."""
    yield Html('<div class="cards">')
    for image in newest_first(about.dossier.image_files, lambda one: one.taken_at):
        yield Html(f'<div class="card">{_preview(about, image)}<div>')
        yield Html(f"<p>{join([titled(image.title), muted(both(terms.IMAGES[image.image]))])}</p>")
        yield Html(f"<p>{lines([about.moment(image.taken_at), teeth(image.teeth)])}</p>")
        yield Html(f"<p>{about.file(image.attachment)}</p>")
        yield Html(
            f"<p>{lines([muted(text(image.original_name)), about.practitioner(image.practitioner)])}</p>"
        )
        yield Html(f"{_view(image)}{prose(image.note)}</div></div>\n")
    yield Html("</div>\n")


def _preview(about: Subject, image: ImageFile) -> Html:
    """Return the picture itself, from its file in the archive, where browsers can show it."""
    held = image.attachment
    if held is None or held.media_type not in SHOWN_TYPES or held.size > MAX_SHOWN_BYTES:
        return NOTHING
    path = text(about.links[held.sha256])
    instead = text(image.title[:MAX_ALTERNATIVE])
    return Html(f'<a class="picture" href="{path}"><img src="{path}" alt="{instead}" loading="lazy"/></a>')


def _view(image: ImageFile) -> Html:
    """Return how the imaging software showed the image; the file itself is unchanged."""
    parts = [
        join([both(Words("cadrage", "crop")), _numbers(image.crop)]) if image.crop else NOTHING,
        join([both(Words("rotation", "rotation")), text(f"{image.rotation}°")])
        if image.rotation
        else NOTHING,
        both(Words("miroir", "flipped")) if image.flipped else NOTHING,
        join([both(Words("fenêtre", "window")), _numbers(image.window)]) if image.window else NOTHING,
    ]
    shown = join(parts, ", ")
    return Html(f"<p>{muted(shown)}</p>") if shown else NOTHING


def _numbers(values: tuple[int, ...]) -> Html:
    return text(" ".join(map(str, values)))


def image_studies(about: Subject) -> Iterator[Html]:
    """Yield the DICOM studies; any DICOM viewer opens them through DICOMDIR."""
    for study in newest_first(about.dossier.image_studies, lambda one: one.studied_at or one.studied_on):
        date = about.moment(study.studied_at) or day(study.studied_on)
        untitled = both(Words("Examen", "Study"))
        yield heading(3, join([text(study.description) or untitled, muted(date)]))
        yield from facts(fact for fact in _about_study(study) if fact.value)
        if study.series:
            yield from table(_columns(about), study.series)


def _about_study(study: ImageStudy) -> list[Fact]:
    return [
        Fact(label=Words("Nom dans les images", "Name in the images"), value=text(study.patient_name)),
        Fact(label=Words("Numéro dans les images", "Number in the images"), value=text(study.patient_number)),
        Fact(label=Words("Numéro d’examen", "Study number"), value=text(study.study_id)),
        Fact(label=Words("Numéro de demande", "Accession number"), value=text(study.accession)),
        Fact(label=Words("Identifiant DICOM", "DICOM identifier"), value=text(study.study_instance_uid)),
    ]


def _columns(about: Subject) -> list[Column[ImageSeries]]:
    return [
        Column(
            label=Words("Série", "Series"),
            cell=lambda one: NOTHING if one.number is None else text(str(one.number)),
            css="tight",
        ),
        Column(label=Words("Modalité", "Modality"), cell=lambda one: text(one.modality)),
        Column(label=Words("Description", "Description"), cell=lambda one: text(one.description), css="wide"),
        Column(label=Words("Images", "Images"), cell=lambda one: text(str(len(one.instances))), css="num"),
        Column(label=Words("Fichiers", "Files"), cell=lambda one: _files(about, one)),
    ]


def _files(about: Subject, series: ImageSeries) -> Html:
    if not series.instances:
        return FILE_MISSING
    shown = series.instances
    if len(shown) > MAX_LISTED:
        shown = (shown[0], shown[-1])
    links = [
        Html(f'<a href="{text(path)}">{text(path.rpartition("/")[2])}</a>')
        for path in (about.links[instance.attachment.sha256] for instance in shown)
    ]
    return join(links, " … " if len(series.instances) > MAX_LISTED else ", ")
