"""What lies where in a package (ETSI EN 319 162-1, ASiC-E with CAdES)."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from pathlib import PurePath, PurePosixPath

from formats import paths
from formats.errors import UnsafeName
from formats.words import mark

MIMETYPE = "mimetype"
README = "README.TXT"
OPENER = "OUVRIR.HTM"
"""A page that opens the package in a browser, beside ``README.TXT``; a package need not have it."""
KEYRING = "keyring.age"
MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
ASIC_MANIFEST = "META-INF/ASiCManifest001.xml"
SIGNATURE = "META-INF/signature001.p7s"
CO_ASIC_MANIFEST = "META-INF/ASiCManifest002.xml"
CO_SIGNATURE = "META-INF/signature002.p7s"
"""A second practitioner's signature, over a list of its own that says the same (EN 319 162-1, 4.4.3.2)."""
EVIDENCE_MANIFEST = "META-INF/ASiCEvidenceRecordManifest{number:03}.xml"
EVIDENCE_RECORD = "META-INF/evidencerecord{number:03}.ers"
"""An evidence record and the list of what it covers (EN 319 162-1, 4.4.3.2), numbered from 1.

They come years after the signature and change at each renewal, so neither the signed list nor
``SHA256SUMS`` names them, and they do not name each other.
"""
DESTRUCTION = "META-INF/destruction{number:03}.json"
DESTRUCTION_SIGNATURE = "META-INF/destruction{number:03}.p7s"
"""A keeper's statement that units were destroyed at the end of their term, and the signature over it, numbered from 1.

They come when the package has long been signed: no list names them but those of evidence that is younger.
"""
META = "META-INF/"
"""Folder of the container's own words."""
SET_MANIFEST = "set.json"
"""What a set of volumes says of itself, in a container of its own."""
PREVIOUS = "previous"
"""Folder of what an earlier revision said about itself: its manifest, its lists and its signature."""
SOURCE = "source"
"""Folder of what a package from which units were taken said about itself, as ``PREVIOUS``."""

ENDING = ".asice"
"""How the name of a package's file ends."""
MEDIA_TYPE = b"application/vnd.etsi.asic-e+zip"
"""Everything ``mimetype`` holds: no line end (EN 319 162-1, annex A.1)."""
SIGNATURE_MEDIA_TYPE = "application/pkcs7-signature"

REQUIRED = (MIMETYPE, README, KEYRING, MANIFEST, SUMS, ASIC_MANIFEST, SIGNATURE)
"""Members without which nothing else can be judged or read."""
SET_REQUIRED = (MIMETYPE, README, SET_MANIFEST, ASIC_MANIFEST, SIGNATURE)
"""Members of the container that ties a set."""
NOT_DATA_OBJECTS = frozenset({MIMETYPE, ASIC_MANIFEST, SIGNATURE, CO_ASIC_MANIFEST, CO_SIGNATURE})
"""Members the ASiC manifest does not list: the container's own."""
NOT_SUMMED = frozenset({SUMS, ASIC_MANIFEST, SIGNATURE, CO_ASIC_MANIFEST, CO_SIGNATURE})
"""Members ``SHA256SUMS`` does not list: itself and what is written after it."""

MAX_RECORDS = 16
"""Evidence records of one package; one does, a second is by another authority."""
MAX_DESTRUCTIONS = 999
"""Statements of destruction of one package; one a year does."""
MAX_OPENER_BYTES = 8 << 20
"""Bytes of the page that opens the package; one with readers of images and models has about 1,000,000."""
MAX_MEMBERS = 500_000
"""Members of one package; twenty times the largest practice we know of."""
UNIT_ID_BYTES = 16
"""Random bytes of a unit identifier; 128 bits never meet twice."""

_UNIT_ID = re.compile(r"[a-z2-7]{26}")
_UNIT_MEMBER = re.compile(r"units/[a-z2-7]{26}\.zip")
"""Safe on every system by its form alone; a package has twenty thousand of them and judges each thrice."""
_PACKAGE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")
_KEYRING = re.compile(r"keyring(-[a-z0-9-]{1,32})?\.age")
_EVIDENCE = re.compile(
    r"META-INF/(ASiCEvidenceRecordManifest(?!000)[0-9]{3}\.xml|evidencerecord(?!000)[0-9]{3}\.ers)"
)
_DESTRUCTION = re.compile(r"META-INF/destruction(?!000)[0-9]{3}\.(json|p7s)")
_PLAIN = re.compile(r"[A-Za-z0-9._/-]+")
_MEDIA_TYPES = {
    ".age": "application/octet-stream",
    ".htm": "text/html",
    ".html": "text/html",
    ".json": "application/json",
    ".md": "text/markdown",
    ".pdf": "application/pdf",
    ".txt": "text/plain",
    ".xml": "application/xml",
    ".zip": "application/zip",
}


def new_unit_id(random: Callable[[int], bytes]) -> str:
    """Return 26 base-32 characters that say nothing about the dossier behind them."""
    return base64.b32encode(random(UNIT_ID_BYTES)).decode("ascii").rstrip("=").lower()


def is_unit_id(text: str) -> bool:
    """Say whether ``text`` can name a unit."""
    return bool(_UNIT_ID.fullmatch(text))


def is_unit_member(name: str) -> bool:
    """Say whether ``name`` is where a sealed unit lies."""
    return bool(_UNIT_MEMBER.fullmatch(name))


def is_package_id(text: str) -> bool:
    """Say whether ``text`` can name a package: 1 to 64 plain characters, a UUID or a URN for instance."""
    return bool(_PACKAGE_ID.fullmatch(text))


def is_keyring(name: str) -> bool:
    """Say whether ``name`` is where a keyring lies; one per way of opening it."""
    return bool(_KEYRING.fullmatch(name))


def evidence_members(number: int) -> tuple[str, str]:
    """Return where the list and the record of evidence ``number`` lie."""
    return EVIDENCE_MANIFEST.format(number=number), EVIDENCE_RECORD.format(number=number)


def record_beside(name: str, number: int) -> str:
    """Return the name of evidence record ``number`` of the set file ``name``, which lies beside it."""
    return f"{name}.{number:03}.ers"


def is_evidence(name: str) -> bool:
    """Say whether ``name`` is where an evidence record or its list lies."""
    return name.startswith(META) and bool(_EVIDENCE.fullmatch(name))


def destruction_members(number: int) -> tuple[str, str]:
    """Return where the statement of destruction ``number`` and its signature lie."""
    return DESTRUCTION.format(number=number), DESTRUCTION_SIGNATURE.format(number=number)


def is_destruction(name: str) -> bool:
    """Say whether ``name`` is where a statement of destruction or its signature lies."""
    return name.startswith(META) and bool(_DESTRUCTION.fullmatch(name))


def is_later(name: str) -> bool:
    """Say whether ``name`` is where something lies that came after the package was signed."""
    return is_evidence(name) or is_destruction(name)


def previous_member(revision: int, name: str) -> str:
    """Return where the member ``name`` of the earlier ``revision`` lies."""
    return f"{PREVIOUS}/{revision:03}/{name}"


def source_member(number: int, name: str) -> str:
    """Return where the member ``name`` of source ``number`` lies."""
    return f"{SOURCE}/{number:03}/{name}"


def volume_name(name: str, number: int) -> str:
    """Return the name of volume ``number`` of the set that the file ``name`` was cut into."""
    path = PurePath(name)
    return f"{path.stem}-{number:03}{path.suffix}"


def is_volume_of(name: str, whole: str) -> bool:
    """Say whether ``name`` is a volume of the set that ``whole`` was cut into, or ties them."""
    path = PurePath(whole)
    numbered = re.fullmatch(rf"{re.escape(path.stem)}-[0-9]{{3}}{re.escape(path.suffix)}", name)
    return bool(numbered) or name == set_name(whole)


def set_name(name: str) -> str:
    """Return the name of the container that ties the set the file ``name`` was cut into."""
    path = PurePath(name)
    return f"{path.stem}-set{path.suffix}"


def unit_member(unit_id: str) -> str:
    """Return where the sealed unit ``unit_id`` lies."""
    return f"units/{unit_id}.zip"


def member_media_type(name: str) -> str:
    """Return the media type the ASiC manifest states for ``name``."""
    if name == SUMS:
        return "text/plain"
    return _MEDIA_TYPES.get(PurePosixPath(name).suffix.lower(), "application/octet-stream")


def member_name(name: str) -> str:
    """Return ``name`` when it may name a member: safe on every system, and plain ASCII.

    Raises:
        UnsafeName: with the reason.
    """
    if _UNIT_MEMBER.fullmatch(name):
        return name
    paths.safe_path(name)
    if not _PLAIN.fullmatch(name):
        reason = mark("a package only holds names of plain letters and digits")
        raise UnsafeName(name=name[:200], reason=reason)
    return name
