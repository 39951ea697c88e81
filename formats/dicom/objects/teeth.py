"""Anatomy of what a dental picture shows: teeth, region and side, in SNOMED CT as DICOM wants them.

Sources: PS3.16, CID 4016 (regions of intra-oral radiography), CID 4018 and CID 4019 (teeth), which stand for ISO 3950.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

Concept = tuple[str, str]
"""Code of SNOMED CT, and its meaning."""
MAXILLA: Concept = ("70925003", "Maxilla")
MANDIBLE: Concept = ("91609006", "Mandible")
JAW: Concept = ("661005", "Jaw region")
SKULL: Concept = ("89546000", "Skull")
RIGHT, LEFT, BOTH = "R", "L", "B"
"""Image Laterality (0020,0062)."""
_UPPER, _RIGHT = frozenset("1256"), frozenset("1458")
"""Quadrants of ISO 3950 in the upper jaw, and on the right of the patient."""

TEETH: dict[str, Concept] = {
    "11": ("422653006", "Permanent maxillary right central incisor tooth"),
    "12": ("424877001", "Permanent maxillary right lateral incisor tooth"),
    "13": ("860767006", "Permanent maxillary right canine tooth"),
    "14": ("57826002", "Permanent maxillary right first premolar tooth"),
    "15": ("36492000", "Permanent maxillary right second premolar tooth"),
    "16": ("865995000", "Permanent maxillary right first molar tooth"),
    "17": ("863902006", "Permanent maxillary right second molar tooth"),
    "18": ("68085002", "Permanent maxillary right third molar tooth"),
    "21": ("424399000", "Permanent maxillary left central incisor tooth"),
    "22": ("423185002", "Permanent maxillary left lateral incisor tooth"),
    "23": ("860780009", "Permanent maxillary left canine tooth"),
    "24": ("61897005", "Permanent maxillary left first premolar tooth"),
    "25": ("23226009", "Permanent maxillary left second premolar tooth"),
    "26": ("865988009", "Permanent maxillary left first molar tooth"),
    "27": ("863901004", "Permanent maxillary left second molar tooth"),
    "28": ("87704003", "Permanent maxillary left third molar tooth"),
    "31": ("425106001", "Mandibular left central incisor tooth"),
    "32": ("423331005", "Mandibular left lateral incisor tooth"),
    "33": ("860782001", "Mandibular left canine tooth"),
    "34": ("2400006", "Mandibular left first premolar tooth"),
    "35": ("24573005", "Mandibular left second premolar tooth"),
    "36": ("866006002", "Mandibular left first molar tooth"),
    "37": ("863898000", "Mandibular left second molar tooth"),
    "38": ("74344005", "Mandibular left third molar tooth"),
    "41": ("424575004", "Mandibular right central incisor tooth"),
    "42": ("423937004", "Mandibular right lateral incisor tooth"),
    "43": ("860785004", "Mandibular right canine tooth"),
    "44": ("80140008", "Mandibular right first premolar tooth"),
    "45": ("8873007", "Mandibular right second premolar tooth"),
    "46": ("866005003", "Mandibular right first molar tooth"),
    "47": ("863899008", "Mandibular right second molar tooth"),
    "48": ("38994002", "Mandibular right third molar tooth"),
    "51": ("88824007", "Deciduous maxillary right central incisor tooth"),
    "52": ("65624003", "Deciduous maxillary right lateral incisor tooth"),
    "53": ("30618001", "Deciduous maxillary right canine tooth"),
    "54": ("17505006", "Deciduous maxillary right first molar tooth"),
    "55": ("27855007", "Deciduous maxillary right second molar tooth"),
    "61": ("51678005", "Deciduous maxillary left central incisor tooth"),
    "62": ("43622005", "Deciduous maxillary left lateral incisor tooth"),
    "63": ("73937000", "Deciduous maxillary left canine tooth"),
    "64": ("45234009", "Deciduous maxillary left first molar tooth"),
    "65": ("51943008", "Deciduous maxillary left second molar tooth"),
    "71": ("89552004", "Deciduous mandibular left central incisor tooth"),
    "72": ("14770005", "Deciduous mandibular left lateral incisor tooth"),
    "73": ("43281008", "Deciduous mandibular left canine tooth"),
    "74": ("38896004", "Deciduous mandibular left first molar tooth"),
    "75": ("49330006", "Deciduous mandibular left second molar tooth"),
    "81": ("67834006", "Deciduous mandibular right central incisor tooth"),
    "82": ("22445006", "Deciduous mandibular right lateral incisor tooth"),
    "83": ("6062009", "Deciduous mandibular right canine tooth"),
    "84": ("58646007", "Deciduous mandibular right first molar tooth"),
    "85": ("61868007", "Deciduous mandibular right second molar tooth"),
}
"""Teeth by their number in ISO 3950 (FDI)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Anatomy:
    """What a picture shows: its region, the teeth of it, and the side."""

    region: Concept
    teeth: tuple[Concept, ...] = ()
    laterality: str = BOTH


def anatomy_of_teeth(numbers: Iterable[str]) -> Anatomy | None:
    """Return what a picture of these teeth shows; ``None`` where there is no tooth with such a number."""
    known = [number for number in dict.fromkeys(numbers) if number in TEETH]
    if not known:
        return None
    upper = {number[0] in _UPPER for number in known}
    right = {number[0] in _RIGHT for number in known}
    return Anatomy(
        region=JAW if len(upper) > 1 else MAXILLA if upper == {True} else MANDIBLE,
        teeth=tuple(TEETH[number] for number in known),
        laterality=BOTH if len(right) > 1 else RIGHT if right == {True} else LEFT,
    )


def code_item(concept: Concept, scheme: str = "SCT") -> Dataset:
    """Return the item of a code sequence (PS3.3, table 8.8-1)."""
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = concept[0], scheme, concept[1]
    return item


def add_anatomy(dataset: Dataset, anatomy: Anatomy) -> None:
    """Write region, teeth and side into ``dataset``."""
    dataset.AnatomicRegionSequence = Sequence([code_item(anatomy.region)])
    if anatomy.teeth:
        dataset.PrimaryAnatomicStructureSequence = Sequence(map(code_item, anatomy.teeth))
    dataset.ImageLaterality = anatomy.laterality
