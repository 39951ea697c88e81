"""Where each original file lies in the archive, and the list of names that says what it was called.

A file of the DICOM file-set lies where the file-set puts it; every other lies
once in the submission (``IHE_XDM/SUBSET01``), whatever number of records refer to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from formats.dicom.write import plan_file_set
from formats.errors import LimitExceeded, TableUnreadable
from formats.findings import Finding
from formats.model.documents import Attachment, Document
from formats.model.dossier import Dossier
from formats.model.imaging import ImageFile, ImageInstance
from formats.paths import short_name
from formats.pdlgc import layout
from formats.pdlgc.columns import columns_of
from formats.pdlgc.endings import ending
from formats.pdlgc.profile import MAX_SUBSET_DOCUMENTS, SUBSET
from formats.pdlgc.tables import read_rows
from formats.reading import FileBody
from formats.words import mark

OpenAttachment = Callable[[str], BinaryIO]
"""Open the bytes behind an attachment by its SHA-256; the caller closes them."""
HeaderFacts = Callable[[str], bytes]
"""Return what was stored of the header of an attachment (``FileBody.header_facts``), by its SHA-256."""


def no_header_facts(_: str) -> bytes:
    """Return nothing, so that every header is read."""
    return b""


@dataclass(frozen=True, kw_only=True, slots=True)
class Placement:
    """The place of every attachment by SHA-256, and the DICOMDIR, empty without DICOM files.

    Where files have the names they had, there is no ``submission``: metadata name files of 8.3 letters.
    """

    places: Mapping[str, str]
    submission: bool = True
    dicomdir: bytes = b""
    findings: tuple[Finding, ...] = ()


NameFile = Callable[[int, Attachment], str]
"""Return the place of a file that is no part of the DICOM file-set, from its number in the dossier."""


def place_files(
    dossier: Dossier,
    open_attachment: OpenAttachment,
    header_facts: HeaderFacts = no_header_facts,
    name_file: NameFile | None = None,
) -> Placement:
    """Return where every file of ``dossier`` goes; without ``name_file`` under a numbered name of 8.3 letters.

    Raises:
        LimitExceeded: for more files than there are names.
    """
    images = [instance.attachment for instance in _instances(dossier)]
    places: dict[str, str] = {}
    dicomdir, findings = b"", tuple[Finding, ...]()
    if images:
        planned = plan_file_set(
            [
                FileBody(
                    attachment=one,
                    open=partial(open_attachment, one.sha256),
                    header_facts=header_facts(one.sha256),
                )
                for one in images
            ]
        )
        places |= {sha256: path for path, sha256 in planned.files}
        dicomdir, findings = planned.dicomdir, planned.findings
    others = [one for one in dossier.attachments() if one.sha256 not in places]
    if len(others) > MAX_SUBSET_DOCUMENTS:
        raise LimitExceeded(name=mark("the number of files"), found=len(others), limit=MAX_SUBSET_DOCUMENTS)
    name = name_file or partial(_numbered_name, _original_names(dossier))
    for number, attachment in enumerate(others, 1):
        places[attachment.sha256] = name(number, attachment)
    return Placement(places=places, submission=name_file is None, dicomdir=dicomdir, findings=findings)


def _numbered_name(originals: Mapping[str, str], number: int, attachment: Attachment) -> str:
    kind = ending(attachment.media_type, originals.get(attachment.sha256, ""))
    return f"{SUBSET}/{short_name('DOC', number, kind)}"


def _instances(dossier: Dossier) -> Iterator[ImageInstance]:
    return (
        instance
        for study in dossier.image_studies
        for series in study.series
        for instance in series.instances
    )


def _holders(dossier: Dossier) -> tuple[Document | ImageFile, ...]:
    return (*dossier.documents, *dossier.image_files)


def _original_names(dossier: Dossier) -> dict[str, str]:
    return {
        holder.attachment.sha256: holder.original_name for holder in _holders(dossier) if holder.attachment
    }


def name_rows(dossier: Dossier, places: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Yield the list of names: one row for each file and each name it had."""
    users: dict[tuple[str, str, str], list[str]] = {}
    for sha256, original, title, record in _uses(dossier):
        users.setdefault((sha256, original, title), []).append(record)
    attachments = {attachment.sha256: attachment for attachment in dossier.attachments()}
    for use in sorted(users, key=lambda use: (places[use[0]], use)):
        sha256, original, title = use
        file = attachments[sha256]
        yield (
            places[sha256],
            original,
            title,
            sha256,
            str(file.size),
            file.media_type,
            " ".join(dict.fromkeys(users[use])),
        )


def _uses(dossier: Dossier) -> Iterator[tuple[str, str, str, str]]:
    """Yield digest, original name, title and record of every use of a file."""
    for holder in _holders(dossier):
        if holder.attachment:
            record = f"{holder.kind}/{holder.id}"
            yield holder.attachment.sha256, holder.original_name, holder.title, record
    for study in dossier.image_studies:
        for series in study.series:
            for instance in series.instances:
                yield instance.attachment.sha256, "", study.description, f"{study.kind}/{study.id}"


def read_places(stream: BinaryIO) -> dict[str, str]:
    """Return the place of every file by SHA-256, from the list of names.

    Raises:
        TableUnreadable: when one digest has two places.
    """
    places: dict[str, str] = {}
    for line, row in enumerate(read_rows(stream, columns_of(layout.NAMES), name=layout.NAMES), 2):
        if places.setdefault(row["sha256"], row["name"]) != row["name"]:
            raise TableUnreadable(name=layout.NAMES, line=line, reason=mark("one file has two places"))
    return places
