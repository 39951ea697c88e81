"""Examine many packages one after the other, so that one that cannot be read does not stop the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from archiver.examination.examine import examine_whole
from archiver.examination.examined import ExaminedPackage
from archiver.examination.first_use import FirstUse
from archiver.package.container_file import place_of
from archiver.signing.trust.anchors import Trust
from archiver.verdict import Answer, State, Verdict, fault_line
from archiver.verdict_questions import BY_NAME
from formats.errors import Failure


class Result(StrEnum):
    """What an examination comes to, from best to worst."""

    PROVEN = "proven"
    UNDECIDED = "undecided"
    UNEXAMINED = "unexamined"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True, slots=True)
class ExaminedPlace:
    """What was found at ``path``; with ``failure``, why nobody could examine it, and every answer is unknown."""

    path: Path
    examined: ExaminedPackage
    failure: Failure | None = None

    @property
    def result(self) -> Result:
        """What it comes to."""
        if self.failure is not None:
            return Result.UNEXAMINED
        return result(self.examined.verdict, *(one.verdict for one in self.examined.volumes))

    @property
    def refusal(self) -> Failure | None:
        """Why it is not to be opened, or could not be examined."""
        return self.failure or self.examined.verdict.refusal


def result(verdict: Verdict, *volumes: Verdict) -> Result:
    """Return what a verdict comes to: every question proven, but the date where nothing is there to prove one, or not.

    A time-stamp or evidence that is there and proves nothing leaves open what somebody meant to prove: then the
    date is asked for too, of the whole set where one of its ``volumes`` has any.
    """
    if verdict.refusal is not None:
        return Result.REFUSED
    open_questions = [name for name, answer in verdict.answers() if answer.state is not State.PROVEN]
    asked = [name for name in open_questions if not all(map(_may_stay_open(name), (verdict, *volumes)))]
    return Result.UNDECIDED if asked else Result.PROVEN


def _may_stay_open(question: str) -> Callable[[Verdict], bool]:
    """Return whether a verdict may leave ``question`` open: nothing is there to answer it."""
    codes = BY_NAME[question].optional
    return lambda verdict: not verdict.records and dict(verdict.answers())[question].code in codes


def examine_each(
    places: Iterable[Path],
    trust: Trust,
    first_use: FirstUse | None = None,
    *,
    progress: Callable[[int], None] = lambda _: None,
) -> Iterator[ExaminedPlace]:
    """Yield what was found at each of ``places``; a volume of a set examined before is not examined again."""
    volumes: set[Path] = set()
    for path in places:
        if path.resolve() not in volumes:
            one = _examined(path, trust, first_use)
            folder = place_of(path).parent.resolve()
            volumes |= {folder / volume.file for volume in one.examined.volumes}
            yield one
        progress(1)


def worst(each: Iterable[ExaminedPlace]) -> ExaminedPlace | None:
    """Return the first of those that come to the worst."""
    order = list(Result)
    return max(each, key=lambda one: order.index(one.result), default=None)


def count_results(each: Iterable[ExaminedPlace]) -> dict[Result, int]:
    """Return how many come to what."""
    counted = Counter(one.result for one in each)
    return {one: counted[one] for one in Result}


def unexamined_place(path: Path, failure: Failure) -> ExaminedPlace:
    """Return what is said of ``path``, which nobody could examine because of ``failure``: every answer is unknown."""
    answer = Answer(
        state=State.UNKNOWN, code=failure.code, sentence=failure.sentence, facts=dict(failure.facts)
    )
    answers: dict[str, Any] = dict.fromkeys(BY_NAME, answer)
    verdict = Verdict(findings=(fault_line(failure),), **answers)
    return ExaminedPlace(path=path, examined=ExaminedPackage(verdict=verdict), failure=failure)


def _examined(path: Path, trust: Trust, first_use: FirstUse | None) -> ExaminedPlace:
    try:
        return ExaminedPlace(path=path, examined=examine_whole(path, trust, first_use))
    except Failure as failure:
        return unexamined_place(path, failure)
