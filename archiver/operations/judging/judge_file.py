"""Judge a file or folder by the rules of its kind: every rule, what became of it, and where."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from archiver import disk
from formats.errors import FolderNotFound, not_found
from formats.folders import NotAFolder
from formats.judging.judgement import Judgement, Judging
from formats.judging.outside import OutsideJudges
from formats.judging.pdlgc.profiles import NEWEST
from formats.judging.registry import judge_place

if TYPE_CHECKING:  # path validation is loaded where a person accepts roots
    from archiver.operations.judging.judge_signer import AcceptedAuthorities


class JudgedKind(StrEnum):
    """What can be judged; ``formats.judging.registry`` has their rules."""

    PORTABILITY = "pdlgc"
    MEDIUM = "xdm"
    CLINICAL = "cda"
    DICOM = "dicom"


@dataclass(frozen=True, kw_only=True, slots=True)
class JudgingRequest:
    """What lies at ``place``, the ``profile`` to judge by, and what a person brought.

    ``schemas`` and ``schematrons`` are folders; ``authorities`` are whom the person accepts as signers.
    """

    kind: JudgedKind
    place: Path
    profile: str = ""
    schemas: Path | None = None
    schematrons: Path | None = None
    authorities: AcceptedAuthorities | None = None


def judge_file(request: JudgingRequest, *, progress: Callable[[int], None] = lambda _: None) -> Judgement:
    """Return what became of every rule; what is broken, however badly, is no failure.

    Raises:
        FileNotFound, FolderNotFound: when nothing is there; NotARegularFile, NotAFolder: when it is something else.
        NotMedium, NotDicom: when the folder is empty.
        SchemasMissing, SaxonMissing: when what was brought cannot be used.
        DiskFault: when the disk refuses.
    """
    for folder in filter(None, (request.schemas, request.schematrons)):
        if not folder.exists():
            raise FolderNotFound(path=str(folder))
        if not folder.is_dir():
            raise NotAFolder(folder=str(folder))
    if not request.place.exists():
        raise not_found(request.place)
    profile = request.profile or (NEWEST if request.kind is JudgedKind.PORTABILITY else "")
    with disk.failures_about(request.place), ExitStack() as stack:
        outside = OutsideJudges(
            stack,
            schemas=request.schemas,
            schematrons=request.schematrons,
            signer=request.authorities.judge_signer if request.authorities else None,
            stamp=_judge_stamp,
        )
        return judge_place(
            request.kind.value, request.place, profile=profile, outside=outside, progress=progress
        )


def _judge_stamp(token: bytes, stamped: bytes, where: str, judging: Judging) -> None:
    # only where a signature is stamped: what verifies a token takes longer to load than all the rest
    from archiver.operations.judging.judge_stamp import judge_stamp  # noqa: PLC0415

    judge_stamp(token, stamped, where, judging)
