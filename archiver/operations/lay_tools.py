"""Put beside a package what opens it by hand, in a folder that is there whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from archiver import disk, temporary_files
from archiver.errors import AlreadyExists
from archiver.instructions.tools import DescribedPackage, tool_files
from archiver.package.contents import contents_of
from formats.digests import digest_of_file


@dataclass(frozen=True, kw_only=True, slots=True)
class LaidTools:
    """Where the tools lie, and the names of the files."""

    folder: Path
    names: tuple[str, ...]


def lay_tools(package: Path, folder: Path) -> LaidTools:
    """Write the tools for ``package`` into the new ``folder``.

    Raises:
        NotAPackage, ContainerIrregular, PackageTruncated: when ``package`` is none; NotARegularFile: a folder.
        AlreadyExists: when ``folder`` is there.
        DiskFull, DiskFault: what the disk answered.
    """
    if folder.exists():
        raise AlreadyExists(path=str(folder))
    with disk.failures_about(package):
        digest, size = digest_of_file(package)
    contents_of(package)
    files = dict(tool_files(DescribedPackage(name=package.name, size=size, digest=digest)))
    with temporary_files.folder_aside(folder) as aside:
        for name, data in files.items():
            with disk.write_aside(aside / name, settled=False) as stream:
                stream.write(data)
        disk.settle([aside / name for name in files])
    return LaidTools(folder=folder, names=tuple(sorted(files)))
