"""Judge a file or folder by the rules of its kind: every rule, what became of it, and where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from archiver import disk
from formats.errors import not_found
from formats.judging.judgement import Judgement
from formats.judging.pdlgc.judge import judge_portability
from formats.judging.pdlgc.profiles import NEWEST
from formats.regular_files import open_regular


class JudgedKind(StrEnum):
    """What can be judged."""

    PORTABILITY = "pdlgc"


@dataclass(frozen=True, kw_only=True, slots=True)
class JudgingRequest:
    """What lies at ``place``, and by which ``profile`` it is judged."""

    kind: JudgedKind
    place: Path
    profile: str = NEWEST


def judge_file(request: JudgingRequest, *, progress: Callable[[int], None] = lambda _: None) -> Judgement:
    """Return what became of every rule; what is broken, however badly, is no failure.

    Raises:
        FileNotFound: when nothing is there; NotARegularFile: when it is no file.
        DiskFault: when the disk refuses.
    """
    if not request.place.exists():
        raise not_found(request.place)
    with disk.failures_about(request.place), open_regular(request.place) as stream:
        return judge_portability(stream, request.place.name, profile=request.profile, progress=progress)
