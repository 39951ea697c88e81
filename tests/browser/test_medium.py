"""Somebody who has only the medium opens a dossier: the steps of the how-to for patient, heir and expert, as they stand
there, in both languages, and the time that the page needs for them."""

from __future__ import annotations

import io
import os
import re
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from archiver.package import layout
from archiver.sealing.age import HybridIdentity, read_identities
from archiver.sealing.recovery.recovery_set import split_identity
from tests.browser.opener import Browser, browsing
from tests.journeys.line import Line
from tests.journeys.program import Program

pytestmark = [pytest.mark.slow, pytest.mark.unmeasured]

TWO_MINUTES = 120.0
A4 = (595.3, 841.9)
"""Points."""
DOCS = Path(__file__).resolve().parents[2] / "docs"
MAKE_PICTURES = "ARCHIVER_DOCS_PICTURES"
"""With this variable the pictures of the three how-to are made anew."""
MAX_PICTURE = 60_000
LOCALES = {"fr": "fr-FR", "en": "en-GB"}
LABELS = """[document.body.innerText, ...[...document.querySelectorAll('[aria-label]')].map((one) =>
one.getAttribute('aria-label'))].join(' ').replace(/\\s+/g, ' ')"""
WALKED = re.compile(r"<!-- tests/browser/test_medium.py -->\n(?P<steps>.*?)\n\n(?!\d)", re.DOTALL)
"""The numbered steps of a how-to that are walked here."""
QUOTED = re.compile(r"(?<!\*)\*([^*]+)\*(?!\*)")
"""What a step says stands on the page."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Medium:
    """A stick with the page, and what somebody was given on paper."""

    folder: Path
    words: str
    cards: str


@pytest.fixture(scope="module")
def medium(small_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Medium:
    stick = tmp_path_factory.mktemp("stick")
    reading = ("--identity", "receiver.identity", "--roots", "roots.pem", "--patient", "45", "--json")
    unit = Program(folder=small_line.folder)("keys", "show-unit", "package.asice", *reading).ok().document
    package = small_line.folder / "package.asice"
    with zipfile.ZipFile(package) as archive:
        (stick / "dossier.zip").write_bytes(archive.read(unit["path"]))
        archive.extract(layout.OPENER, stick)
    for name in ("package.asice", "roots.pem"):
        (stick / name).write_bytes((small_line.folder / name).read_bytes())
    (identity, *_) = read_identities(io.BytesIO((small_line.folder / "receiver.identity").read_bytes()))
    assert isinstance(identity, HybridIdentity)
    cards = split_identity(identity, threshold=3, cards=5).cards
    return Medium(
        folder=stick, words=unit["passphrase"], cards="\n".join(" ".join(card.words) for card in cards[:3])
    )


class Reader:
    """A person with the medium: what the page said to them in the meantime, and how long it took."""

    def __init__(self, browser: Browser, language: str, folder: Path) -> None:
        self.browser = browser
        self.language = language
        self.folder = folder
        self.labels = ""
        self.seconds = 0.0

    @contextmanager
    def step(self) -> Iterator[None]:
        """Do one step; its time counts."""
        began = time.monotonic()
        yield
        self.seconds += time.monotonic() - began
        self.labels += str(self.browser("evaluate", script=LABELS)) + " "
        assert self.browser("axe") == []

    def shot(self, name: str, place: str) -> None:
        """Take a picture of what a person sees when ``place`` is at the top; keep it where that is asked for."""
        self.browser("evaluate", script=f"document.querySelector({place!r}).scrollIntoView()")
        self.browser("settled")
        target = self.folder / f"{name}.{self.language}.png"
        self.browser("shot", target=str(target), whole=False)
        if MAKE_PICTURES in os.environ:
            picture = DOCS / "pictures" / target.name
            Image.open(target).convert("RGB").quantize(128, dither=Image.Dither.NONE).save(
                picture, optimize=True
            )
        assert (DOCS / "pictures" / target.name).stat().st_size < MAX_PICTURE

    def dossier(self) -> None:
        """See that the dossier is shown."""
        self.browser("wait", selector="#dossier iframe")
        self.browser("wait", selector="#print")

    def end(self, page: str) -> None:
        """See that it was quick, and that the steps of the how-to name what was on the page."""
        assert "Gérard Perrichon" in self.browser("frame")
        assert self.seconds < TWO_MINUTES
        text = (DOCS / self.language / "how-to" / page).read_text(encoding="utf-8")
        (steps,) = [re.sub(r"\s+", " ", one["steps"]) for one in WALKED.finditer(text)]
        quoted = QUOTED.findall(steps)
        assert len(quoted) >= 4
        assert [one for one in quoted if one not in self.labels] == []
        assert self.browser.faults() == []
        assert self.browser("told")["reached"] == []


@pytest.fixture(scope="module", params=["fr", "en"])
def person(
    request: pytest.FixtureRequest, medium: Medium, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Reader]:
    folder = tmp_path_factory.mktemp("person")
    with browsing(
        folder / "profile",
        page=medium.folder / layout.OPENER,
        locale=LOCALES[request.param],
        width=800,
        height=600,
    ) as browser:
        yield Reader(browser, request.param, folder)


@pytest.fixture
def reader(person: Reader) -> Reader:
    return Reader(person.browser, person.language, person.folder)


def test_a_patient_opens_a_dossier_with_its_words(reader: Reader, medium: Medium) -> None:
    with reader.step():
        reader.browser.give(medium.folder / "dossier.zip")
    with reader.step():
        reader.browser("fill", selector="#unit-words", value=medium.words)
        reader.shot("opening-a-dossier-1", ".drop")
        reader.browser("open")
        reader.dossier()
    reader.shot("opening-a-dossier-2", "#dossier")
    reader.end("patient.md")


def test_an_heir_opens_a_practice_with_the_recovery_cards(reader: Reader, medium: Medium) -> None:
    with reader.step():
        reader.browser.give(medium.folder / "package.asice", medium.folder / "roots.pem")
    with reader.step():
        reader.browser("fill", selector="#cards", value=medium.cards)
        reader.shot("opening-with-cards-1", "#key")
        reader.browser("open")
        reader.browser("fill", selector="#search", value="perrichon")
    reader.shot("opening-with-cards-2", "#patients")
    with reader.step():
        reader.browser("click", selector="#patients button.link")
        reader.dossier()
    reader.end("heir.md")


def test_an_expert_judges_a_package_and_opens_one_dossier_of_it(reader: Reader, medium: Medium) -> None:
    with reader.step():
        reader.browser.give(medium.folder / "package.asice")
    reader.shot("opening-as-expert-1", "#verdict")
    with reader.step():
        reader.browser("accept")
    with reader.step():
        reader.browser("fill", selector="#unit-words", value=medium.words)
        reader.browser("open")
        reader.dossier()
    reader.shot("opening-as-expert-2", "#dossier")
    printed = reader.folder / "printed.pdf"
    reader.browser("pdf", target=str(printed), selector="#print")
    sheets = PdfReader(printed).pages
    assert len(sheets) > 5
    assert all(one.mediabox[2:] == pytest.approx(A4, abs=2) for one in sheets)
    text = " ".join(one.extract_text() for one in sheets)
    assert "Perrichon" in text
    assert "Accès au dossier" in text, "the last of its sections"
    reader.end("court.md")
