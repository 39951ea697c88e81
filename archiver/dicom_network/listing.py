"""What a node says it has: studies, their series, their instances; and what fetches them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

MAX_STUDIES = 1_000_000
"""Studies of one answer; a large practice has some 100,000."""
MAX_STUDY_INSTANCES = 200_000
"""Instances of one study; a volume has some 1,000."""

MAX_NAMED = 8
"""Instances named in one finding."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StudyFilter:
    """Which studies are asked for: of one patient's number, between two days, or all."""

    patient_id: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def date_range(self) -> str:
        """The days as range matching has them (PS3.4, C.2.2.2.5); empty for any day."""
        if self.since is None and self.until is None:
            return ""
        first, last = (f"{day:%Y%m%d}" if day else "" for day in (self.since, self.until))
        return f"{first}-{last}"


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedStudy:
    """A study as the node lists it; ``announced`` is how many instances it says it has, if it says so."""

    uid: str
    patient_id: str = ""
    patient_name: str = ""
    studied_on: date | None = None
    modalities: str = ""
    description: str = ""
    announced: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedInstance:
    """An instance as the node lists it; its SOP class is empty where the node does not say it."""

    uid: str
    sop_class: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedSeries:
    """A series with its instances; without ``uid`` it is all that is known of a study.

    ``unnamed`` counts instances that are listed without a UID: nobody can ask for them.
    """

    uid: str
    instances: tuple[ListedInstance, ...] = ()
    unnamed: int = 0


def series_of(uid: str, instances: Sequence[ListedInstance]) -> ListedSeries:
    """Return a series of what was listed of it, with or without UIDs."""
    named = tuple(one for one in instances if one.uid)
    return ListedSeries(uid=uid, instances=named, unnamed=len(instances) - len(named))


class ImageArchive(Protocol):
    """A node or a server that lists images and gives them; nothing in it is changed.

    Its methods raise ``NodeUnreachable`` when it is not there or goes away, and ``NodeRefuses`` when it is and does
    not answer the question.
    """

    @property
    def name(self) -> str:
        """What it is called in messages."""

    def studies(self, wanted: StudyFilter) -> Iterator[ListedStudy]:
        """Yield the studies it has."""

    def series(self, study: str) -> Sequence[ListedSeries]:
        """Return the series of a study with their instances; nothing where it lists none."""

    def fetch(self, study: str, series: ListedSeries, missing: Sequence[ListedInstance]) -> None:
        """Fetch the ``missing`` instances of a series, or all of a study that lists none, into its reception."""
