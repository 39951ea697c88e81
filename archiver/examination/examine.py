"""Examine what was handed over without any key: a package, or a set with every volume it lists.

A package is examined as ``archiver.package.checks.check_package`` says. Of a set:

1. What ties it is examined as ``archiver.package.checks.check_set`` says.
2. Every volume that lies beside it is examined as a package; one that does not is missed.
3. Each must be the volume that is listed (``archiver.package.checks.volumes``).
4. The answer to each question is the worst of all; its place names the volume. All of it existed when
   the last of it did.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from archiver.examination.errors import VolumeMissing
from archiver.examination.examined import ExaminedPackage
from archiver.examination.first_use import FirstUse, believing, compare, remember_sender
from archiver.package.checks.check_package import examine
from archiver.package.checks.check_set import examine_set, is_set
from archiver.package.checks.destruction import complete_answer
from archiver.package.checks.volumes import compare_volume
from archiver.package.container_file import place_of
from archiver.package.layout import is_volume_of
from archiver.package.manifests.set_manifest import SetManifest
from archiver.signing.errors import SignerUntrusted
from archiver.signing.trust.anchors import Trust
from archiver.verdict import (
    NOT_EXAMINED,
    Answer,
    State,
    Verdict,
    fault_line,
    refuted_answer,
    unproven_answer,
)

BADNESS = (State.PROVEN, State.UNKNOWN, State.REFUTED)
"""From best to worst; of what is unknown, what forbids to open is worse."""
SINCE = frozenset({"timestamped", "timestamped-listed", "evidenced"})
"""Answers that prove a moment."""


def examine_whole(
    path: Path,
    trust: Trust,
    first_use: FirstUse | None = None,
    *,
    progress: Callable[[int], None] = lambda _: None,
) -> ExaminedPackage:
    """Return the verdict about the package or the set at ``path``, and remember who signed it when asked to.

    With ``first_use`` a sender seen for the first time is accepted, and remembered once everything else
    is proven; a sender seen before must be signed for by the same certificate. The findings end with
    what the reader gave about revocations and what told nothing.

    Raises:
        KnownSignersUnreadable: when the register cannot be read.
        DiskFull, DiskFault: when the disk refuses.
    """
    if is_set(path):
        examined = examine_volumes(path, trust, first_use, progress=progress)
        if first_use and examined.volume_list:
            remember_sender(
                examined.verdict, examined.volume_list.sender, examined.volume_list.set_id, first_use
            )
    else:
        examined = _package(path, trust, first_use, progress)
    findings = (*examined.verdict.findings, *trust.supplied.ignored())
    return replace(examined, verdict=replace(examined.verdict, findings=findings))


def _package(
    path: Path, trust: Trust, first_use: FirstUse | None, progress: Callable[[int], None]
) -> ExaminedPackage:
    found = examine(path, believing(trust, first_use), progress=progress)
    verdict, manifest = found.verdict, found.manifest
    if first_use is not None and manifest is not None:
        sender = manifest.handover.sender
        verdict = compare(verdict, sender, first_use)
        remember_sender(verdict, sender, manifest.package_id, first_use)
    return ExaminedPackage(verdict=verdict, manifest=manifest, contents=found.contents, sources=found.sources)


def examine_volumes(
    path: Path,
    trust: Trust,
    first_use: FirstUse | None = None,
    *,
    progress: Callable[[int], None] = lambda _: None,
) -> ExaminedPackage:
    """Follow the steps above for the set at ``path``; nobody is remembered yet.

    Raises:
        KnownSignersUnreadable: when the register cannot be read.
        DiskFault: when the disk refuses.
    """
    believed = believing(trust, first_use)
    # 1. what ties it
    found = examine_set(path, believed)
    verdict, volume_list = found.verdict, found.manifest
    volumes: tuple[ExaminedPackage, ...] = ()
    if volume_list is not None:
        if first_use:
            verdict = compare(verdict, volume_list.sender, first_use)
        # 2. and 3. the volumes
        numbers = range(1, len(volume_list.volumes) + 1)
        each = (_volume(place_of(path).parent, volume_list, number, believed, progress) for number in numbers)
        volumes = tuple(_compared(one, verdict, first_use) for one in each)
    # 4. the worst of all
    return ExaminedPackage(
        verdict=_worst(verdict, volumes),
        contents=found.contents,
        volume_list=volume_list,
        volumes=volumes,
    )


def _compared(one: ExaminedPackage, volume_list: Verdict, first_use: FirstUse | None) -> ExaminedPackage:
    """Return ``one`` beside the register; who is believed at first use is whoever signed the set, nobody else."""
    if first_use is None or one.manifest is None:
        return one
    verdict = compare(one.verdict, one.manifest.handover.sender, first_use)
    facts = verdict.trusted.facts
    other = facts.get("fingerprint") != volume_list.trusted.facts.get("fingerprint")
    if verdict.trusted.code == "accepted-first-use" and other:
        failure = SignerUntrusted(signer=facts.get("signer", ""), fingerprint=facts.get("fingerprint", ""))
        findings = (*verdict.findings, fault_line(failure))
        verdict = replace(verdict, trusted=unproven_answer(failure), findings=findings)
    return replace(one, verdict=verdict)


def length_of(path: Path, trust: Trust) -> int | None:
    """Return how many bytes will be examined, for whoever watches; nobody can tell of a folder."""
    if not is_set(path):
        return path.stat().st_size if path.is_file() else None
    volume_list = examine_set(path, trust).manifest
    files = [place_of(path).parent / one.file for one in volume_list.volumes] if volume_list else []
    return sum(one.stat().st_size for one in files if one.is_file())


def packed_sizes(path: Path) -> Iterator[int]:
    """Yield the sizes, in bytes, of the files that ``path`` names, with its volumes, one by one.

    Nothing is opened or judged; what is not there has none. Whoever has heard enough has not been
    through a whole disk that somebody named by mistake.
    """
    with suppress(OSError):
        if path.is_dir():
            yield from (one.stat().st_size for one in path.rglob("*") if one.is_file())
            return
        whole = path.with_stem(path.stem.removesuffix("-set")).name
        beside = (one for one in path.parent.iterdir() if is_volume_of(one.name, whole))
        yield from (one.stat().st_size for one in {path, *beside} if one.is_file())


def _volume(
    folder: Path, volume_list: SetManifest, number: int, trust: Trust, progress: Callable[[int], None]
) -> ExaminedPackage:
    """Follow steps 2 and 3 for one volume."""
    file = volume_list.volumes[number - 1].file
    path = folder / file
    if not (path.is_file() or path.is_dir()):  # to open a pipe would be to wait for whoever writes into it
        return ExaminedPackage(file=file, verdict=_missing(file))
    found = examine(path, trust, progress=progress)
    verdict = found.verdict
    foreign = found.manifest and compare_volume(number, volume_list, found.manifest, found.contents)
    if foreign:
        intact = verdict.intact if verdict.intact.failure else refuted_answer(foreign)
        verdict = replace(verdict, intact=intact, findings=(*verdict.findings, fault_line(foreign)))
    return ExaminedPackage(
        file=file,
        verdict=verdict,
        manifest=found.manifest,
        contents=found.contents,
        sources=found.sources,
    )


def _missing(file: str) -> Verdict:
    failure = VolumeMissing(where=file)
    return Verdict(complete=refuted_answer(failure), findings=(fault_line(failure),))


def _worst(own: Verdict, volumes: Sequence[ExaminedPackage]) -> Verdict:
    """Follow step 4; what is missing says nothing about what is there."""
    answers: dict[str, Any] = dict(own.answers())
    findings = list(own.findings)
    for volume in volumes:
        for question, answer in volume.verdict.answers():
            if answer is not NOT_EXAMINED and _is_worse(answer, answers[question]):
                answers[question] = _placed(answer, volume.file)
        findings += (replace(one, where=_place(volume.file, one.where)) for one in volume.verdict.findings)
    destroyed = tuple(
        replace(one, place=_place(volume.file, one.place))
        for volume in volumes
        for one in volume.verdict.destroyed
    )
    if answers["complete"].state is State.PROVEN:
        answers["complete"] = complete_answer(destroyed)
    return replace(own, findings=tuple(findings), destroyed=destroyed, **answers)


def _is_worse(one: Answer, than: Answer) -> bool:
    """Say whether ``one`` proves less: what it says is worse, or holds since a later moment only."""
    badness = [(BADNESS.index(answer.state), answer.failure is not None) for answer in (one, than)]
    if badness[0] != badness[1]:
        return badness[0] > badness[1]
    return (
        one.state is State.PROVEN and one.code in SINCE and than.code in SINCE and _since(one) > _since(than)
    )


def _since(answer: Answer) -> datetime:
    return datetime.fromisoformat(str(answer.facts["moment"]))


def _placed(answer: Answer, file: str) -> Answer:
    """Return ``answer`` with the volume it is about; the failure behind it says so too."""
    where = _place(file, answer.where)
    if answer.failure is not None:
        answer.failure.where = where
    return replace(answer, where=where)


def _place(file: str, where: str) -> str:
    return file if where in {"", file} else f"{file}: {where}"
