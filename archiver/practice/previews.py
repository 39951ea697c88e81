"""Previews of the pictures of a store, each made once: beside the files, and removed with the file they are of.

They lie in the folder ``previews`` of the store's files, under the digest of the file and that of how it was shown.
What is kept was made of a file whose digest was compared.
Nothing depends on them: one that is lost, or is no preview, is made again; where nobody can write, none is put there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

from archiver import disk
from archiver.practice.attachments import Attachments
from formats.contents.view import PictureView
from formats.digests import digest_of_stream
from formats.errors import Failure
from formats.model.documents import Attachment
from formats.previews.preview import (
    MAX_FILE_BYTES,
    MAX_PREVIEW_BYTES,
    PREVIEW_FORM,
    Preview,
    PreviewAbsence,
    PreviewInvalid,
    PreviewOutcome,
    Previews,
    absence_of,
    preview_of,
)
from formats.regular_files import open_regular

FOLDER = "previews"
MAX_OF_FILE = 4
"""Previews of one file that are kept, shown in as many ways; before another one, those there are go."""
_LASTING = frozenset({PreviewAbsence.FORMAT, PreviewAbsence.DAMAGED, PreviewAbsence.LIMIT})
"""Absences that come again each time."""


def stored_previews(attachments: Attachments, *, keep: bool = True) -> Previews:
    """Return what gives previews of the files of a store; those that are made anew are put there to ``keep`` them.

    It raises AttachmentMissing where a file is missing.
    """
    from formats.previews.maker import shared_maker  # noqa: PLC0415 - most commands make none

    def stored(file: Attachment, view: PictureView) -> PreviewOutcome:
        if absence := absence_of(file):
            return absence
        place = _place(attachments.folder, file, view)
        if (found := _read(place)) is not None:
            return found
        with attachments.open(file.sha256) as stream:
            made = shared_maker().make(stream, file, view)
            if keep and (isinstance(made, Preview) or made in _LASTING):
                with suppress(Failure, OSError):
                    if _is_whole(stream, file):
                        _put(place, made)
        return made

    return stored


def remove_previews(folder: Path, digest: str) -> None:
    """Remove the previews of a file that goes from ``folder``, the store's."""
    place = folder / FOLDER / digest[:2]
    if place.is_dir():
        _remove_of(place, digest)
        disk.remove_empty_folder(place.parent)


def sweep_previews(folder: Path, listed: Callable[[str], bool]) -> None:
    """Remove the previews of files that nobody ``listed``."""
    for place in sorted((folder / FOLDER).glob("??/*")):
        if not listed(place.name.lstrip(".").partition(".")[0]):
            disk.remove(place)
            disk.remove_empty_folder(place.parent)
    disk.remove_empty_folder(folder / FOLDER)


def _place(folder: Path, file: Attachment, view: PictureView) -> Path:
    stated = json.dumps([PREVIEW_FORM, file.media_type, asdict(view)], sort_keys=True)
    key = hashlib.sha256(stated.encode()).hexdigest()[:32]
    return folder / FOLDER / file.sha256[:2] / f"{file.sha256}.{key}"


def _read(place: Path) -> PreviewOutcome | None:
    try:
        with open_regular(place) as stream:
            data = stream.read(MAX_PREVIEW_BYTES + 1)
    except (Failure, OSError):
        return None
    with suppress(ValueError):
        return PreviewAbsence(data.decode("ascii"))
    with suppress(PreviewInvalid):
        return preview_of(data)
    return None


def _is_whole(stream: BinaryIO, file: Attachment) -> bool:
    """Tell whether ``stream`` has the bytes of ``file``: what is made of others would outlive their repair."""
    if file.size > MAX_FILE_BYTES:  # nothing is made of it, which is told without opening it
        return False
    stream.seek(0)
    return digest_of_stream(stream)[0].hex == file.sha256


def _put(place: Path, made: PreviewOutcome) -> None:
    for folder in (place.parents[1], place.parent):
        disk.make_private_folder(folder)
    if len(list(place.parent.glob(f"{place.name[:64]}.*"))) >= MAX_OF_FILE:
        _remove_of(place.parent, place.name[:64])
    with disk.write_aside(place, mode=disk.PRIVATE, replace=True, settled=False) as stream:
        stream.write(made.data if isinstance(made, Preview) else made.value.encode("ascii"))


def _remove_of(folder: Path, digest: str) -> None:
    for place in sorted(folder.glob(f"{digest}.*")):
        disk.remove(place)
    disk.remove_empty_folder(folder)
