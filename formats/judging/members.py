"""Members of an archive under examination: named without regard to case, opened within limits, each read whole once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import BinaryIO

from formats.digests import BUFFER, Digest, DigestAlgorithm
from formats.errors import Failure, LimitExceeded, UnsafeName
from formats.judging.judgement import Judging
from formats.judging.rules import must, rule_table
from formats.outside_files.archives import OutsideFile, open_seekable
from formats.zip.archive import ZipArchive
from formats.zip.limits import PART_SIZE, ZipLimits

ZIP_RULES = rule_table(
    "ZIP (APPNOTE 6.3.10)",
    must(
        "zip-structure",
        "Chaque archive ZIP se lit d’une seule façon : en-têtes et répertoire d’accord, rien entre les éléments, "
        "ni chiffrement, ni deux éléments du même nom.",
        "Every ZIP archive can be read in one way: headers and directory agree, nothing lies between members, "
        "no encryption, no two members of one name.",
    ),
    must(
        "zip-name",
        "Aucun nom d’élément ne sort du dossier où on l’extrait, n’emploie \\ ou un caractère qu’un disque refuse.",
        "No name of a member leads out of the folder it is unpacked in, or has \\ or a character that a disk refuses.",
    ),
    must(
        "zip-limit",
        "Nombre, taille et taux de compression des éléments restent dans les limites.",
        "Number, size and compression ratio of members stay within the limits.",
    ),
    must(
        "zip-member",
        "Chaque élément se décompresse jusqu’à la longueur et au CRC-32 annoncés.",
        "Every member unpacks to the length and the CRC-32 that are stated.",
    ),
)
LIMITS = ZipLimits(member_bytes=16 << 30, total_bytes=512 << 30)
"""One patient's part beyond 16 GB is not unpacked; the others are."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MeasuredMember:
    """The length of a member in bytes and its digests."""

    size: int
    digests: Mapping[DigestAlgorithm, Digest]


class Members:
    """Files of an archive or a folder below ``prefix``; ``place`` names it in what is said.

    ``names`` are those below the prefix, as they are written.
    """

    def __init__(
        self,
        place: str,
        sizes: Mapping[str, int],
        opened: Callable[[str], BinaryIO],
        *,
        prefix: str = "",
    ) -> None:
        self.place = place
        self._open, self._prefix = opened, prefix
        self._sizes = {
            name.removeprefix(prefix): size for name, size in sizes.items() if name.startswith(prefix)
        }
        self.names = tuple(self._sizes)
        self._folded: dict[str, str] = {}
        for name in self.names:
            self._folded.setdefault(name.upper(), name)

    def find(self, name: str) -> str:
        """Return the name of a file as it is written; empty where there is none of this name in any case."""
        return self._folded.get(name.upper(), "")

    def below(self, folder: str) -> list[str]:
        """Return the names of files below ``folder`` (``NAME/``), in any case."""
        folder = folder.upper()
        return [name for name in self.names if name.upper().startswith(folder)]

    def at(self, prefix: str) -> Members:
        """Return the files below ``prefix``."""
        whole = {f"{self._prefix}{name}": size for name, size in self._sizes.items()}
        return Members(self.place, whole, self._open, prefix=f"{self._prefix}{prefix}")

    def where(self, name: str) -> str:
        """Return the place of a file."""
        return f"{self.place}/{self._prefix}{name}"

    def size(self, name: str) -> int:
        """Return the length of a file in bytes, as it is stated."""
        return self._sizes[name]

    def open(self, name: str) -> BinaryIO:
        """Open a file.

        Raises:
            Failure, OSError: when it cannot be read.
        """
        return self._open(f"{self._prefix}{name}")

    def read(self, name: str, limit: int) -> bytes:
        """Return all of a file that is at most ``limit`` bytes long.

        Raises:
            LimitExceeded: when it is longer; Failure, OSError: when it cannot be read.
        """
        with self.open(name) as stream:
            data = stream.read(limit + 1)
        if len(data) > limit:
            raise LimitExceeded(name=PART_SIZE, found=max(self._sizes[name], len(data)), limit=limit)
        return data

    def measure(self, name: str, algorithms: Iterable[DigestAlgorithm]) -> MeasuredMember:
        """Return the length and the digests of a file, which is read to its end.

        Raises:
            Failure, OSError: when it cannot be read.
        """
        size, states = 0, {one: one.new() for one in algorithms}
        with self.open(name) as stream:
            while piece := stream.read(BUFFER):
                size += len(piece)
                for state in states.values():
                    state.update(piece)
        return MeasuredMember(
            size=size, digests={one: Digest(one, state.digest()) for one, state in states.items()}
        )

    def seekable(self, name: str) -> BinaryIO:
        """Open a file so that it can be read in any order; a long one is unpacked into a temporary file.

        Raises:
            Failure, OSError: when it cannot be read.
        """
        file = OutsideFile(
            name=name, place=self.where(name), open=partial(self.open, name), size=self.size(name)
        )
        return open_seekable(file)

    def root(self, telling: Iterable[str]) -> str:
        """Return the folder (``NAME/`` or nothing) in which files called as one of ``telling`` lie, the highest."""
        wanted = {one.upper() for one in telling}
        found = [name for name in self.names if PurePosixPath(name).name.upper() in wanted]
        highest = min(found, key=lambda name: (name.count("/"), name), default="")
        return highest[: highest.rfind("/") + 1]


def zip_members(stream: BinaryIO, place: str, judging: Judging) -> Members | None:
    """Return the members of the ZIP archive in ``stream``, which stays open; nothing where it cannot be read.

    What an archive may not be is noted, and what is behind the note is examined where it can be.
    """
    archive: ZipArchive | None = None
    for foreign in (False, True):
        try:
            archive = ZipArchive(stream, limits=LIMITS, foreign=foreign)
        except UnsafeName as failure:
            if not foreign:
                judging.check("zip-name", False, place, failure)
        except LimitExceeded as failure:
            judging.check("zip-limit", False, place, failure)
            break
        except Failure as failure:
            judging.check("zip-structure", False, place, failure)
            break
        else:
            if not foreign:
                judging.check("zip-name", True, place)
            break
    if archive is None:
        judging.leave(("zip-member",))
        return None
    judging.check("zip-limit", True, place)
    judging.check("zip-structure", True, place)
    return Members(place, {name: one.size for name, one in archive.members.items()}, archive.open)


def whole_members(
    members: Members, algorithms: Iterable[DigestAlgorithm], judging: Judging
) -> Iterator[tuple[str, MeasuredMember]]:
    """Yield every member with its digests; one that does not unpack is noted and left out."""
    wanted = tuple(algorithms)
    for name in members.names:
        try:
            found = members.measure(name, wanted)
        except (Failure, OSError) as fault:
            judging.check(
                "zip-member", False, members.where(name), fault if isinstance(fault, Failure) else str(fault)
            )
            continue
        judging.check("zip-member", True, members.where(name))
        yield name, found
