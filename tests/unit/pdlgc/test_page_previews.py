"""Previews on the page: small, where the picture's card is, taken over by whoever compares, and judged before."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from PIL import Image

from formats.contents.view import PictureView
from formats.model.documents import Attachment
from formats.model.dossier import Dossier
from formats.model.imaging import ImageFile, ImageInstance, ImageKind, ImageSeries, ImageStudy
from formats.pdlgc.errors import PageMismatch, PageUnsafe
from formats.pdlgc.page.page import index_page
from formats.pdlgc.page.pictures import ABSENCES
from formats.pdlgc.page.unsafe_content import check_page
from formats.pdlgc.page_comparison import SentPreviews, compare_page
from formats.previews.maker import PreviewMaker
from formats.previews.preview import (
    DATA_URI,
    MAX_PREVIEW_BYTES,
    MAX_PREVIEWS,
    Preview,
    PreviewAbsence,
    PreviewOutcome,
    Previews,
    preview_of,
)
from tests.dossiers import key
from tests.unit.pdlgc.bodies import SENDER, STATED, WRITTEN_AT
from tests.unit.pdlgc.test_page import empty


def small(size: tuple[int, int] = (32, 20)) -> Preview:
    target = io.BytesIO()
    Image.effect_noise(size, 50).save(target, "JPEG")
    return preview_of(target.getvalue())


ONE, OTHER = small(), small((20, 32))


def file(number: int, media_type: str = "image/jpeg") -> Attachment:
    return Attachment(sha256=hashlib.sha256(b"%d" % number).hexdigest(), size=1000, media_type=media_type)


def pictured(count: int) -> Dossier:
    dossier = empty()
    images = tuple(
        ImageFile(
            id=key("image_files", f"{number}"),
            patient=dossier.patient.id,
            image=ImageKind.RADIOGRAPH,
            title=f"Image {number}",
            rotation=90,
            attachment=file(number),
        )
        for number in range(count)
    )
    return replace(dossier, image_files=images)


def studied() -> Dossier:
    dossier = empty()
    instances = tuple(
        ImageInstance(
            sop_instance_uid=f"2.25.{n}", sop_class_uid="1.2", attachment=file(n, "application/dicom")
        )
        for n in range(5)
    )
    series = ImageSeries(series_instance_uid="2.25.9", modality="PX", description="Pano", instances=instances)
    study = ImageStudy(
        id=key("image_studies", "1"),
        patient=dossier.patient.id,
        study_instance_uid="2.25.8",
        series=(series,),
    )
    return replace(dossier, image_studies=(study,))


def links(dossier: Dossier) -> dict[str, str]:
    return {one.sha256: f"IHE_XDM/SUBSET01/{one.sha256[:8].upper()}.JPG" for one in dossier.attachments()}


def made(dossier: Dossier, previews: Previews) -> bytes:
    pieces = index_page(
        dossier, links=links(dossier), sender=SENDER, written_at=WRITTEN_AT, previews=previews
    )
    return b"".join(pieces)


def compared(page: bytes, dossier: Dossier) -> bool:
    check_page(io.BytesIO(page))
    return compare_page(
        io.BytesIO(page),
        dossier,
        links=links(dossier),
        sender=STATED,
        written_at=WRITTEN_AT,
        previews=SentPreviews(lambda: io.BytesIO(page)),
    )


def always(outcome: PreviewOutcome) -> Previews:
    return lambda _file, _view: outcome


def in_turn() -> Previews:
    outcomes = iter([ONE, *PreviewAbsence, OTHER] * 100)
    return lambda _file, _view: next(outcomes)


def test_a_page_shows_each_picture_and_is_the_one_the_data_make() -> None:
    dossier = pictured(20)
    page = made(dossier, in_turn())
    assert page.count(b'<img src="data:image/jpeg;base64,') == page.count(b"<img") > 3
    assert b"SUBSET01" in page
    for words in ABSENCES.values():
        assert words.fr.encode() in page
    assert compared(page, dossier)


def test_every_absence_has_words() -> None:
    assert set(ABSENCES) == set(PreviewAbsence)


def test_a_preview_is_asked_for_as_the_picture_was_shown() -> None:
    asked: list[tuple[Attachment, PictureView]] = []

    def previews(one: Attachment, view: PictureView) -> PreviewOutcome:
        asked.append((one, view))
        return ONE

    made(pictured(1), previews)
    made(studied(), previews)
    assert asked == [(file(0), PictureView(rotation=90)), (file(2, "application/dicom"), PictureView())]


def test_the_middle_image_of_a_series_is_shown_and_compared() -> None:
    page = made(studied(), always(ONE))
    assert page.count(ONE.uri.encode()) == 1
    assert b"<figcaption>radiographie panoramique " in page
    assert b" \xc2\xb7 Pano</figcaption>" in page
    assert compared(page, studied())


def test_a_page_without_previews_says_so() -> None:
    dossier = pictured(2)
    page = b"".join(index_page(dossier, links=links(dossier), sender=SENDER, written_at=WRITTEN_AT))
    assert page.count(ABSENCES[PreviewAbsence.NOT_MADE].fr.encode()) == 2
    assert b"<img" not in page
    assert compared(page, dossier)


def test_beyond_a_number_of_previews_none_is_asked_for() -> None:
    dossier = pictured(MAX_PREVIEWS + 3)
    page = made(dossier, always(ONE))
    assert page.count(DATA_URI.encode()) == MAX_PREVIEWS
    assert page.count(b'class="absence many"') == 3
    assert compared(page, dossier)


def test_a_page_of_forty_pictures_is_under_three_megabytes() -> None:
    """The largest that pictures can be made to be, noise in colour, and the largest that there may be."""
    noise = io.BytesIO()
    Image.merge("RGB", [Image.effect_noise((1600, 1600), 150 + n) for n in range(3)]).save(noise, "PNG")
    attachment = Attachment(sha256="0" * 64, size=len(noise.getvalue()), media_type="image/png")
    with PreviewMaker() as maker:
        worst = maker.make(io.BytesIO(noise.getvalue()), attachment, PictureView())
    assert isinstance(worst, Preview)
    longest = ONE.data[:-2] + b"\0" * (MAX_PREVIEW_BYTES - len(ONE.data)) + ONE.data[-2:]
    for preview in (worst, preview_of(longest)):
        page = made(pictured(40), always(preview))
        assert len(page) < 3_000_000
        assert compared(page, pictured(40))


OTHER_PAGES: dict[str, Callable[[bytes], bytes]] = {
    "a preview less": lambda page: re.sub(rb'<a href="[^"]*"><img [^>]*></a>', b"", page, count=1),
    "a preview more": lambda page: re.sub(rb"(<img [^>]*>)", rb"\1\1", page, count=1),
    "a preview after all": lambda page: page.replace(b"</main>", b'<img src="%s" alt=""/></main>' % ONE.uri.encode()),
    "another size": lambda page: page.replace(b'width="32"', b'width="33"', 1),
    "another title": lambda page: page.replace(b'alt="Image', b'alt="Photo', 1),
    "a picture of the archive": lambda page: re.sub(rb'src="data:[^"]*"', b'src="README.TXT"', page, count=1),
    "an absence with other words": lambda page: page.replace(b"le fichier est vide", b"tout va bien"),
}  # fmt: skip


@pytest.mark.parametrize("what", OTHER_PAGES)
def test_a_page_that_says_something_else_of_its_pictures_is_refused(what: str) -> None:
    dossier = pictured(12)
    page = made(dossier, in_turn())
    changed = OTHER_PAGES[what](page)
    assert changed != page
    with pytest.raises(PageMismatch):
        compared(changed, dossier)


def test_what_a_preview_shows_is_the_word_of_the_sender() -> None:
    dossier = pictured(1)
    page = made(dossier, always(ONE))
    shown = page.replace(ONE.uri.encode(), OTHER.uri.encode())
    shown = shown.replace(b'width="32" height="20"', b'width="20" height="32"')
    assert compared(shown, dossier)


def test_more_previews_than_a_page_has_are_not_taken_over() -> None:
    dossier = pictured(1)
    page = made(dossier, always(ONE)).replace(
        b"</main>", b'<img src="%s" alt=""/></main>' % ONE.uri.encode() * (MAX_PREVIEWS + 1)
    )
    with pytest.raises(PageMismatch):
        SentPreviews(lambda: io.BytesIO(page))(file(0), PictureView())


@pytest.mark.parametrize(
    "uri",
    [
        DATA_URI + "AAAA",
        "data:image/svg+xml;base64,PHN2Zy8+",
        "data:text/html;base64,PGI+",
        ONE.uri + "AAAA",
        ONE.uri.replace("image/jpeg", "image/png"),
    ],
    ids=lambda uri: uri[:30],
)
def test_what_is_no_preview_is_unsafe(uri: str) -> None:
    page = made(pictured(1), always(ONE)).replace(ONE.uri.encode(), uri.encode())
    with pytest.raises(PageUnsafe):
        check_page(io.BytesIO(page))


def test_only_a_picture_may_be_a_preview() -> None:
    page = made(pictured(1), always(ONE))
    link = re.sub(rb'<a href="[^"]*">(<img)', b'<a href="%s">\\1' % ONE.uri.encode(), page)
    assert link != page
    with pytest.raises(PageUnsafe):
        check_page(io.BytesIO(link))
