"""Documents and images, each linked to its file in the archive."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from formats.contents.view import PictureView
from formats.model.dictionary.codes.lists import MODALITIES
from formats.model.dictionary.entries import code_words, labels
from formats.model.documents import Attachment, Document
from formats.model.imaging import ImageFile, ImageSeries, ImageStudy
from formats.pdlgc.page.markup import (
    NOTHING,
    Fact,
    Html,
    TableColumn,
    both,
    facts,
    flat,
    heading,
    html_text,
    inline,
    join,
    place_link,
    prose,
    small_text,
    stack,
    table,
)
from formats.pdlgc.page.subject import FILE_MISSING, Subject, title_with_details
from formats.pdlgc.page.values import code_in_words, name_in_images, teeth
from formats.previews.preview import MAX_PREVIEWS, Preview, PreviewAbsence
from formats.words import Words

_DOCUMENT = labels(Document)
_IMAGE_FILE = labels(ImageFile)
_IMAGE_SERIES = labels(ImageSeries)
_IMAGE_STUDY = labels(ImageStudy)

MAX_LISTED = 12
"""Files of a series that are linked one by one; a volume has hundreds, the list of names has them all."""

MAX_ALTERNATIVE = 200
"""Characters of a title in place of its picture; the title stands below it, and a reader takes no endless tag."""

ABSENCES: Mapping[PreviewAbsence, Words] = {
    PreviewAbsence.NOT_MADE: Words("Sans aperçu : ouvrez le fichier", "No preview: open the file"),
    PreviewAbsence.FORMAT: Words("Pas d’aperçu pour ce format", "No preview of this format"),
    PreviewAbsence.EMPTY: Words("Pas d’aperçu : le fichier est vide", "No preview: the file is empty"),
    PreviewAbsence.DAMAGED: Words(
        "Pas d’aperçu : le fichier est endommagé, ou n’est pas une image",
        "No preview: the file is damaged, or is no picture",
    ),
    PreviewAbsence.LIMIT: Words(
        "Pas d’aperçu : l’image est trop grande", "No preview: the picture is too large"
    ),
    PreviewAbsence.TIME: Words(
        "Pas d’aperçu : l’image demande trop de temps ou de mémoire",
        "No preview: the picture asks for too much time or memory",
    ),
    PreviewAbsence.MANY: Words(
        f"Pas d’aperçu au-delà de {MAX_PREVIEWS}", f"No preview beyond the first {MAX_PREVIEWS}"
    ),
}
"""Why a picture is not shown."""
_UNTITLED = Words("Image", "Picture")


def documents(about: Subject) -> Iterator[Html]:
    """Yield letters, forms and scans, with the name each had in the source."""
    columns: list[TableColumn[Document]] = [
        TableColumn(
            label=_DOCUMENT["created_at"], cell=lambda one: about.moment(one.created_at), css="tight"
        ),
        TableColumn(
            label=_DOCUMENT["title"],
            cell=lambda one: title_with_details(one.title, html_text(one.category), html_text(one.code)),
            css="wide",
        ),
        TableColumn(label=_DOCUMENT["attachment"], cell=lambda one: about.file(one.attachment, one.id)),
        TableColumn(label=_DOCUMENT["original_name"], cell=lambda one: html_text(one.original_name)),
        TableColumn(label=_DOCUMENT["practitioner"], cell=lambda one: about.practitioner(one.practitioner)),
        TableColumn(label=_DOCUMENT["note"], cell=lambda one: prose(one.note)),
    ]
    yield from table(columns, about.newest_first(about.dossier.documents, lambda one: one.created_at))


def image_files(about: Subject) -> Iterator[Html]:
    """Yield photographs, scans and radiographs that are not DICOM, as cards."""
    yield Html('<div class="cards">')
    for image in about.newest_first(about.dossier.image_files, lambda one: one.taken_at):
        yield Html(f'<div class="card">{_preview(about, image)}<div>')
        yield Html(
            f"<p>{join([title_with_details(image.title), small_text(both(code_words(image.image)))])}</p>"
        )
        yield Html(f"<p>{stack([about.moment(image.taken_at), teeth(image.teeth)])}</p>")
        yield Html(f"<p>{about.file(image.attachment, image.id)}</p>")
        yield Html(
            f"<p>{stack([small_text(html_text(image.original_name)), about.practitioner(image.practitioner)])}</p>"
        )
        yield Html(f"{_view(image)}{prose(image.note)}</div></div>\n")
    yield Html("</div>\n")


def _preview(about: Subject, image: ImageFile) -> Html:
    """Return the picture as it was shown, small, which leads to its file; nothing where the source had no file."""
    file = image.attachment
    if file is None:
        return NOTHING
    view = PictureView(crop=image.crop, rotation=image.rotation, flipped=image.flipped, window=image.window)
    return _figure(about, file, view, image.title)


def _figure(about: Subject, file: Attachment, view: PictureView, title: str, caption: Html = NOTHING) -> Html:
    found = about.previews(file, view)
    css = "picture"
    if isinstance(found, Preview):
        instead = html_text(title[:MAX_ALTERNATIVE]) or flat(_UNTITLED)
        size = f'width="{found.width}" height="{found.height}"'
        shown = f'<a href="{place_link(about.links[file.sha256])}"><img src="{found.uri}" alt="{instead}" {size}/></a>'
    else:
        css = "picture absent"
        shown = f'<p class="absence {found.value}">{both(ABSENCES[found])}</p>'
    below = f"<figcaption>{caption}</figcaption>" if caption else ""
    return Html(f'<figure class="{css}">{shown}{below}</figure>')


def _view(image: ImageFile) -> Html:
    """Return how the imaging software showed the image; the file itself is unchanged."""
    parts = [
        join([both(inline(_IMAGE_FILE["crop"])), _numbers(image.crop)]) if image.crop else NOTHING,
        join([both(inline(_IMAGE_FILE["rotation"])), html_text(f"{image.rotation}°")])
        if image.rotation
        else NOTHING,
        both(inline(_IMAGE_FILE["flipped"])) if image.flipped else NOTHING,
        join([both(inline(_IMAGE_FILE["window"])), _numbers(image.window)]) if image.window else NOTHING,
    ]
    shown = join(parts, ", ")
    return Html(f"<p>{small_text(shown)}</p>") if shown else NOTHING


def _numbers(values: tuple[int, ...]) -> Html:
    return html_text(" ".join(map(str, values)))


def image_studies(about: Subject) -> Iterator[Html]:
    """Yield the DICOM studies; any DICOM viewer opens them through DICOMDIR."""
    for study in about.newest_first(about.dossier.image_studies, lambda one: one.studied_at):
        date = about.moment(study.studied_at)
        untitled = both(Words("Examen", "Study"))
        yield heading(3, join([html_text(study.description) or untitled, small_text(date)]))
        yield from facts(fact for fact in _about_study(study) if fact.value)
        if lost := about.lost(study.id):
            yield Html(f"<p>{lost}</p>\n")
        if study.series:
            yield from _series_previews(about, study)
            yield from table(_columns(about, study), study.series)


def _series_previews(about: Subject, study: ImageStudy) -> Iterator[Html]:
    """Yield the middle image of each series."""
    yield Html('<div class="series">')
    for one in study.series:
        if one.instances:
            number = "" if one.number is None else f"{one.number}"
            caption = join(
                [html_text(number), code_in_words(MODALITIES, one.modality), html_text(one.description)],
                " · ",
            )
            middle = one.instances[len(one.instances) // 2].attachment
            yield _figure(about, middle, PictureView(), one.description or study.description, caption)
            yield Html("\n")
    yield Html("</div>\n")


def _about_study(study: ImageStudy) -> list[Fact]:
    return [
        Fact(label=_IMAGE_STUDY["patient_name"], value=name_in_images(study.patient_name)),
        Fact(
            label=_IMAGE_STUDY["patient_number"],
            value=html_text(study.patient_number),
        ),
        Fact(label=_IMAGE_STUDY["study_id"], value=html_text(study.study_id)),
        Fact(label=_IMAGE_STUDY["accession"], value=html_text(study.accession)),
        Fact(label=_IMAGE_STUDY["study_instance_uid"], value=html_text(study.study_instance_uid)),
    ]


def _columns(about: Subject, study: ImageStudy) -> list[TableColumn[ImageSeries]]:
    return [
        TableColumn(
            label=_IMAGE_SERIES["number"],
            cell=lambda one: NOTHING if one.number is None else html_text(str(one.number)),
            css="tight",
        ),
        TableColumn(label=_IMAGE_SERIES["modality"], cell=_modality),
        TableColumn(
            label=_IMAGE_SERIES["description"], cell=lambda one: html_text(one.description), css="wide"
        ),
        TableColumn(
            label=Words("Images", "Images"), cell=lambda one: html_text(str(len(one.instances))), css="num"
        ),
        TableColumn(label=_IMAGE_SERIES["instances"], cell=lambda one: _files(about, study, one)),
    ]


def _modality(one: ImageSeries) -> Html:
    known = one.modality in MODALITIES
    return join(
        [code_in_words(MODALITIES, one.modality), small_text(html_text(one.modality if known else ""))]
    )


def _files(about: Subject, study: ImageStudy, series: ImageSeries) -> Html:
    if not series.instances:
        return about.lost(study.id) or FILE_MISSING
    shown = series.instances
    if len(shown) > MAX_LISTED:
        shown = (shown[0], shown[-1])
    links = [
        Html(f'<a href="{place_link(path)}">{html_text(path.rpartition("/")[2])}</a>')
        for path in (about.links[instance.attachment.sha256] for instance in shown)
    ]
    return join(links, " … " if len(series.instances) > MAX_LISTED else ", ")
