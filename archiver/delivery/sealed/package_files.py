"""The files that a package is: itself, a set's volumes, or what it was unpacked into; and the evidence beside."""

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
    packed = [whole.name]
    if examined.volume_list is not None:
        packed += [volume.file for volume in examined.volume_list.volumes]
    for name in packed[1:]:
        yield name, whole.parent / name
    for name in packed:
        for number in range(1, MAX_RECORDS + 1):
            record = whole.parent / record_beside(name, number)
            if record.is_file():
                yield record.name, record
