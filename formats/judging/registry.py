"""What can be judged, by which rules, and how: a file or a folder of each kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import BinaryIO

from formats.dicom.header import NotDicom
from formats.errors import LimitExceeded
from formats.findings import Finding
from formats.folders import files_below, relative_text
from formats.judging.cda.judge import MAX_CLINICAL_BYTES, judge_clinical
from formats.judging.cda.rules import CLINICAL_RULES
from formats.judging.dicom.file_set import judge_file_set
from formats.judging.dicom.instance import judge_instance
from formats.judging.dicom.rules import DICOM_RULES
from formats.judging.documents import OutsideJudge, document_judge
from formats.judging.judgement import Judgement, Judging
from formats.judging.members import ZIP_RULES, Members, zip_members
from formats.judging.pdlgc.judge import PORTABILITY_RULES, judge_portability
from formats.judging.rules import RuleTable
from formats.judging.xdm.medium import MEDIUM_RULES, judge_medium
from formats.judging.xdm.rules import METADATA_RULES
from formats.regular_files import open_regular
from formats.words import Words, mark
from formats.xdm.medium import NotMedium

XDM_RULES = ZIP_RULES | MEDIUM_RULES | METADATA_RULES | CLINICAL_RULES
RULES_BY_KIND: Mapping[str, tuple[Words, RuleTable]] = {
    "pdlgc": (Words("Archive de portabilité", "Portability archive"), PORTABILITY_RULES),
    "xdm": (Words("Support de documents", "Medium of documents"), XDM_RULES),
    "cda": (Words("Document clinique", "Clinical document"), CLINICAL_RULES),
    "dicom": (Words("Fichiers DICOM", "DICOM files"), DICOM_RULES),
}
"""Title and rules of each kind, in the order in which they are shown."""


def judge_place(
    kind: str,
    place: Path,
    *,
    profile: str = "",
    outside: OutsideJudge | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Judgement:
    """Judge what lies at ``place`` as a ``kind`` of ``RULES_BY_KIND``.

    Raises:
        NotARegularFile, NotAFolder, OSError: when it cannot be opened.
        NotMedium, NotDicom: when the folder is empty.
    """
    with ExitStack() as stack:
        if kind == "pdlgc":
            stream = stack.enter_context(open_regular(place))
            return judge_portability(
                stream, _name(place), profile=profile, outside=outside, progress=progress
            )
        judging = Judging(kind, _name(place), RULES_BY_KIND[kind][1])
        _JUDGES[kind](place, stack, judging, outside)
        return judging.judgement()


def _judge_xdm(place: Path, stack: ExitStack, judging: Judging, outside: OutsideJudge | None) -> None:
    members = folder_members(place) if place.is_dir() else None
    if members is not None and not members.names:
        raise NotMedium(where=_name(place))
    if members is None:
        stream: BinaryIO = stack.enter_context(open_regular(place))
        members = zip_members(stream, _name(place), judging)
    if members is None:
        judging.opened = False
    else:
        metadata = outside.judge_metadata if outside else None
        judge_medium(members, judging, document_judge(judging, outside), metadata)


def _judge_cda(place: Path, stack: ExitStack, judging: Judging, outside: OutsideJudge | None) -> None:
    stream = stack.enter_context(open_regular(place))
    data = stream.read(MAX_CLINICAL_BYTES + 1)
    if len(data) > MAX_CLINICAL_BYTES:
        name = mark("the size of the XML in bytes")
        failure = LimitExceeded(name=name, found=place.stat().st_size, limit=MAX_CLINICAL_BYTES)
        judging.check("cda-xml", False, _name(place), failure)
        judging.opened = False
        return
    judging.opened = judge_clinical(data, _name(place), judging) is not None
    if judging.opened and outside is not None:
        outside.judge_document(data, _name(place), judging)


def _judge_dicom(place: Path, stack: ExitStack, judging: Judging, outside: OutsideJudge | None) -> None:
    del outside
    if place.is_dir():
        members = folder_members(place)
        if not members.names:
            raise NotDicom(where=_name(place))
        judge_file_set(members, judging)
        return
    stream = stack.enter_context(open_regular(place))
    judging.opened = judge_instance(stream, _name(place), judging) is not None


_JUDGES: Mapping[str, Callable[[Path, ExitStack, Judging, OutsideJudge | None], None]] = {
    "xdm": _judge_xdm,
    "cda": _judge_cda,
    "dicom": _judge_dicom,
}


def _name(place: Path) -> str:
    return place.name or place.resolve().name


def folder_members(folder: Path) -> Members:
    """Return the files below ``folder``; what is neither file nor folder is left out.

    Raises:
        FolderNotFound, NotAFolder, LimitExceeded: as ``files_below``.
    """
    paths = {relative_text(one, folder): one for one in files_below(folder) if not isinstance(one, Finding)}
    sizes = {name: path.stat().st_size for name, path in paths.items()}
    return Members(_name(folder), sizes, partial(_opened, paths))


def _opened(paths: Mapping[str, Path], name: str) -> BinaryIO:
    return open_regular(paths[name])
