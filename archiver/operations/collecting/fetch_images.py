"""Fetch the images that a node lists, but for those that are there already, and compare the counts.

1. Every study that was asked for is listed, with its series and their instances.
2. What is not in the folder is fetched; what came is kept, whatever happens afterwards.
3. What the node announced of a study and what it listed must be there; what is not is named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from archiver.dicom_network.errors import NodeRefuses
from archiver.dicom_network.listing import MAX_NAMED, ImageArchive, ListedSeries, ListedStudy, StudyFilter
from archiver.dicom_network.reception import Reception
from archiver.spooled_list import SpooledList
from formats.errors import Fact
from formats.findings import Severity
from formats.words import mark


@dataclass(kw_only=True, slots=True)
class FetchedImages:
    """Counts: ``studies`` listed, ``announced`` instances of them, those ``present`` before, those ``missing`` now."""

    studies: int = 0
    announced: int = 0
    present: int = 0
    missing: int = 0


def fetch_images(
    archive: ImageArchive,
    reception: Reception,
    wanted: StudyFilter,
    *,
    progress: Callable[[int], None] = lambda _: None,
) -> FetchedImages:
    """Fetch every study that was asked for into the reception of ``archive``; nothing in the archive is changed.

    Raises:
        NodeUnreachable: when it is not there or goes away; what came before is kept.
        NodeRefuses: when it lists no studies.
    """
    fetched = FetchedImages()
    done: Counter[str] = Counter()
    for study in SpooledList(archive.studies(wanted)):  # asked to its end before anything is fetched
        done[study.uid] += 1
        if not study.uid:
            sentence = mark("{node} lists a study without its UID: nobody can ask for its images.")
            _note(reception, "dicom-study-unnamed", sentence, study, node=archive.name)
        elif done[study.uid] == 1:
            before = reception.count
            _fetch_study(archive, reception, study, fetched)
            progress(reception.count - before)
        elif done[study.uid] == 2:
            sentence = mark("{node} lists study {study} more than once, as if it were of several patients.")
            _note(reception, "dicom-study-listed-twice", sentence, study, node=archive.name)
    return fetched


def _fetch_study(
    archive: ImageArchive, reception: Reception, study: ListedStudy, fetched: FetchedImages
) -> None:
    files, before = reception.files, reception.count
    listed: set[str] = set()
    unnamed = 0
    for series in _listed(archive, reception, study):
        new = {one.uid for one in series.instances} - listed
        missing = [one for one in series.instances if one.uid in new and not files.has(one.uid)]
        fetched.present += len(new) - len({one.uid for one in missing})
        listed |= new
        unnamed += series.unnamed
        if missing or not series.uid:
            try:
                archive.fetch(study.uid, series, missing)
            except NodeRefuses as failure:
                _note(
                    reception, "dicom-series-refused", mark("Study {study}: {reason}"), study, reason=failure
                )
    absent = sorted(uid for uid in listed if not files.has(uid))
    there = len(listed) - len(absent) if listed else reception.count - before
    announced = max(study.announced or 0, len(listed) + unnamed)
    fetched.studies += 1
    fetched.announced += announced
    fetched.missing += max(announced - there, 0)
    if announced > there:
        sentence = mark("Study {study}: images announced {count}, missing {missing} ({uids}).")
        shown = ", ".join(absent[:MAX_NAMED]) + (", …" if len(absent) > MAX_NAMED else "")
        facts: dict[str, Fact] = {"count": announced, "missing": announced - there, "uids": shown or "?"}
        _note(reception, "dicom-instances-missing", sentence, study, **facts)


def _listed(archive: ImageArchive, reception: Reception, study: ListedStudy) -> tuple[ListedSeries, ...]:
    """Return the series of a study; one that lists none is fetched as a whole, and only counted."""
    try:
        found = tuple(archive.series(study.uid))
    except NodeRefuses as failure:
        _note(reception, "dicom-series-refused", mark("Study {study}: {reason}"), study, reason=failure)
        found = ()
    return found or (ListedSeries(uid=""),)


def _note(reception: Reception, code: str, sentence: str, study: ListedStudy, **facts: Fact) -> None:
    reception.note(Severity.ERROR, code, study.uid, sentence, study=study.uid, **facts)
