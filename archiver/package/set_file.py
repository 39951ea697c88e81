"""The file of a set that was unpacked in a folder: its bytes again, and what lies beside it.

A container has one possible reading, and its writer one order, so the folder tells what the file was:
``mimetype``, what the signed list names in its order, then each list and its signature; no room for
sizes past 4 GiB, which nothing here reaches.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from archiver.package import layout
from archiver.package.checks.co_signature import is_co_signed
from archiver.package.container import Container
from archiver.package.contents import MAX_SET_FILE, contents_of, judge_set_size, small
from archiver.package.lists.asic_reading import MAX_ASIC_MANIFEST_BYTES, read_asic_manifest


def place_of(path: Path) -> Path:
    """Return where the file of the set at ``path`` lies, or lay before it was unpacked in the folder ``path``."""
    if not path.is_dir():
        return path
    folder = path.resolve()
    named = folder.name.casefold().endswith(layout.ENDING)
    return folder if named else folder.with_name(folder.name + layout.ENDING)


def pack_folder(folder: Path) -> bytes:
    """Return the bytes of the file that was unpacked in ``folder``.

    Raises:
        PackageFailure, FormatFailure: when the folder is no container, or lacks a part that was signed.
        DiskFault: when the disk refuses.
    """
    contents = contents_of(folder)
    judge_set_size(folder, contents)
    listed = read_asic_manifest(small(contents, layout.ASIC_MANIFEST, MAX_ASIC_MANIFEST_BYTES))
    own = (layout.ASIC_MANIFEST, layout.SIGNATURE, layout.CO_ASIC_MANIFEST, layout.CO_SIGNATURE)
    lists = own if is_co_signed(contents) else own[:2]
    file = BytesIO()
    container = Container(file)
    for name in (layout.MIMETYPE, *listed, *lists):
        container.add(name, [small(contents, name, MAX_SET_FILE)])
    container.close()
    return file.getvalue()
