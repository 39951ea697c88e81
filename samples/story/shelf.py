"""Documents and images of the practice software: rows, and files under the AtoZ folder."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from samples.story import files
from samples.story.book import Book
from samples.story.master_data import definition
from samples.story.people import COLLABORATOR, OWNER, Person
from samples.story.register import image_folder

DOCUMENT, RADIOGRAPH, PHOTOGRAPH, OTHER_FILE = range(4)
"""ImgType of document."""

PANORAMIC = (160, 80)
INTRAORAL = (48, 64)
PHOTO = (96, 64)
"""Sizes in pixels: enough to see something, small enough to be committed."""

ORPHAN = "orphelin_sans_ligne.png"
"""A file in the AtoZ folder that no row describes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One document as the software describes it; crop and mount in pixels, window in grey levels 0–255."""

    name: str
    title: str
    shelf: str
    kind: int = DOCUMENT
    day: str = "2024-03-14"
    provider: int = COLLABORATOR
    window: tuple[int, int] = (0, 0)
    crop: tuple[int, int, int, int] = (0, 0, 0, 0)
    rotated: int = 0
    flipped: int = 0
    teeth: str = ""
    mount_item: int = 0
    raw: str = ""


class Shelf:
    """The AtoZ folder while it is being filled: relative path → bytes."""

    def __init__(self, book: Book, people: dict[int, Person]) -> None:
        self.book = book
        self.people = people
        self.contents: dict[str, bytes] = {}

    def put(self, patient: int, name: str, content: bytes) -> None:
        """Keep ``content`` as a file of the patient."""
        folder = image_folder(self.people[patient])
        self.contents[f"{folder[0].upper()}/{folder}/{name}"] = content

    def document(self, patient: int, item: Item, content: bytes | None = None) -> int:
        """Add one ``document`` row and, if there is ``content``, its file; return the row's number."""
        if content is not None:
            self.put(patient, item.name, content)
        left, top, width, height = item.crop
        return self.book.add(
            "document",
            Description=item.title,
            DateCreated=f"{item.day} 11:00:00",
            DocCategory=definition(item.shelf),
            PatNum=patient,
            FileName=item.name,
            ImgType=item.kind,
            IsFlipped=item.flipped,
            DegreesRotated=item.rotated,
            ToothNumbers=item.teeth,
            CropX=left,
            CropY=top,
            CropW=width,
            CropH=height,
            WindowingMin=item.window[0],
            WindowingMax=item.window[1],
            MountItemNum=item.mount_item,
            RawBase64=item.raw,
            ProvNum=item.provider,
        )


def file_away(shelf: Shelf) -> dict[str, int]:
    """Fill the shelf and return the designated documents by name."""
    found = _letters(shelf) | _radiographs(shelf) | _photographs(shelf) | _flawed(shelf)
    _mount(shelf)
    shelf.put(45, ORPHAN, files.png(16, 16, files.tooth(16, 16)))
    return found


def _letters(shelf: Shelf) -> dict[str, int]:
    letter = Item(name="Courrier Dr Évrard (1).pdf", title="Courrier du Dr Évrard", shelf="letters")
    quote = Item(
        name="devis-signe-2024-09-03.pdf", title="Devis signé du 03/09/2024", shelf="quotes", day="2024-09-03"
    )
    form = Item(
        name="questionnaire.pdf",
        title="Questionnaire médical (papier)",
        shelf="questionnaires",
        day="2019-02-04",
        provider=OWNER,
    )
    notary = Item(
        name="notaire.pdf", title="Courrier du notaire", shelf="letters", day="2024-01-10", provider=OWNER
    )
    text = Item(name="note.txt", title="Note libre", shelf="letters", kind=OTHER_FILE, day="2021-05-05")
    return {
        "letter": shelf.document(
            45, letter, files.pdf(letter.title, "Cher confrère,", "INR stable à 2,5 chez M. Perrichon.")
        ),
        "signed_quote": shelf.document(
            45, quote, files.pdf("Devis signé", "Couronne sur implant 36 : 800,00 euros", "Lu et approuvé")
        ),
        "questionnaire_scan": shelf.document(1, form, files.pdf(form.title, "Allergie au latex : oui")),
        "deceased_letter": shelf.document(8, notary, files.pdf(notary.title, "Demande des ayants droit")),
        "other_file": shelf.document(17, text, "Préfère le matin. À rappeler.\n".encode()),
    }


def _radiographs(shelf: Shelf) -> dict[str, int]:
    panoramic = Item(
        name="pano.png",
        title="Panoramique",
        shelf="radiographs",
        kind=RADIOGRAPH,
        window=(40, 200),
        crop=(8, 4, 140, 70),
    )
    turned = Item(
        name="retro-36.png",
        title="Rétroalvéolaire 36",
        shelf="radiographs",
        kind=RADIOGRAPH,
        rotated=90,
        flipped=1,
        teeth="19",
        window=(20, 235),
        day="2022-11-08",
    )
    inside = Item(
        name="",
        title="Rétroalvéolaire gardée dans la base",
        shelf="radiographs",
        kind=RADIOGRAPH,
        teeth="3",
        raw=base64.b64encode(files.png(24, 32, files.tooth(24, 32))).decode(),
        day="2023-05-30",
    )
    return {
        "panoramic": shelf.document(45, panoramic, files.png(*PANORAMIC, files.arch(*PANORAMIC))),
        "rotated": shelf.document(13, turned, files.png(*INTRAORAL, files.tooth(*INTRAORAL))),
        "in_database": shelf.document(16, inside),
    }


def _photographs(shelf: Shelf) -> dict[str, int]:
    smile = Item(name="sourire.jpg", title="Photographie du sourire", shelf="photographs", kind=PHOTOGRAPH)
    child = Item(
        name="bouche.jpg", title="Vue occlusale", shelf="photographs", kind=PHOTOGRAPH, day="2024-10-16"
    )
    return {
        "photograph": shelf.document(45, smile, files.jpeg(*PHOTO, "2024:03:14 10:58:00", "Sourire de face")),
        "child_photograph": shelf.document(
            4, child, files.jpeg(*PHOTO, "2024:10:16 16:30:00", "Vue occlusale")
        ),
    }


def _flawed(shelf: Shelf) -> dict[str, int]:
    """Add what a careful reader must report: no file, a wrong ending, a name that leaves the folder."""
    day = "2018-06-06"
    lost = Item(
        name="fichier-perdu.jpg",
        title="Photo dont le fichier manque",
        shelf="photographs",
        kind=PHOTOGRAPH,
        day=day,
    )
    wrong = Item(name="scan.jpg", title="PDF appelé .jpg", shelf="letters", day=day)
    outside = Item(
        name="../../secret.txt", title="Nom qui sort du dossier", shelf="letters", kind=OTHER_FILE, day=day
    )
    return {
        "missing_file": shelf.document(41, lost),
        "wrong_extension": shelf.document(41, wrong, files.pdf("Ordonnance", "Scannée de travers")),
        "outside_name": shelf.document(41, outside),
    }


def _mount(shelf: Shelf) -> None:
    """Add a mount of four places, the last of them empty."""
    mount = shelf.book.add(
        "mount",
        PatNum=45,
        DocCategory=definition("radiographs"),
        DateCreated="2023-01-19 09:20:00",
        Description="Bilan rétrocoronaire",
        Width=200,
        Height=64,
        ColorBack=-16777216,
        ProvNum=COLLABORATOR,
    )
    for place, teeth in enumerate(("2,3", "4,5", "12,13", "14,15")):
        item = shelf.book.add(
            "mountitem",
            MountNum=mount,
            Xpos=50 * place,
            ItemOrder=place + 1,
            Width=48,
            Height=64,
            ToothNumbers=teeth,
        )
        if place == len(PLACED):
            continue
        picture = Item(
            name=PLACED[place],
            title=f"Rétrocoronaire {place + 1}",
            shelf="radiographs",
            kind=RADIOGRAPH,
            day="2023-01-19",
            teeth=teeth,
            mount_item=item,
            window=(10 * place, 255),
        )
        shelf.document(45, picture, files.png(*INTRAORAL, files.tooth(*INTRAORAL)))


PLACED = ("bw1.png", "bw2.png", "bw3.png")
"""Files of the mount; its fourth place stays empty."""
