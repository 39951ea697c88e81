"""The files that a package is: itself, the volumes and evidence of a set, or every file it was unpacked into."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from archiver.examination.examined import ExaminedPackage
from archiver.package.container_file import place_of
from archiver.package.layout import MAX_RECORDS, record_beside


def package_files(path: Path, examined: ExaminedPackage) -> Iterator[tuple[str, Path]]:
    """Yield the name that each file is to have, with ``/`` between folders, and where it lies."""
    whole = place_of(path)
    if path.is_dir():
        for place in examined.contents.values():
            yield f"{whole.name}/{place.path.relative_to(path).as_posix()}", place.path
    else:
        yield path.name, path
    if examined.volume_list is None:
        return
    for volume in examined.volume_list.volumes:
        yield volume.file, whole.parent / volume.file
    for number in range(1, MAX_RECORDS + 1):
        record = whole.parent / record_beside(whole.name, number)
        if record.is_file():
            yield record.name, record
