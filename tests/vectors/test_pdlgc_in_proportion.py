"""The judge of portability archives ends with a verdict whatever lies before it, in time and memory in proportion."""

from __future__ import annotations

import gc
import io
import time
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields, replace
from typing import Any

from formats.judging.judgement import Judgement, RuleState
from formats.judging.pdlgc.judge import judge_portability
from tests.vectors.generator.pdlgc.archive import Plan, build
from tests.vectors.generator.pdlgc.corpus import flaws
from tests.vectors.generator.pdlgc.people import PATIENTS, Sufferer

FEW, MANY = 40, 160
TIMES = MANY / FEW * 1.6
"""How many times as long four times the patients may take, on a machine that others use."""
BYTES_OF_PATIENT = 4 << 10
"""Bytes of memory that one more patient may take: a line of the manifest, one of the signature, a name."""
CHANGES = (
    "readme",
    "page",
    "document",
    "described",
    "metadata",
    "patient",
    "transverse",
    "root",
    "manifest",
    "after",
)
"""What of a plan changes one part after the other; the signature is made once, and bytes are packed once."""
UNFIT = (AssertionError, AttributeError, LookupError, StopIteration, TypeError, ValueError)
"""What a change raises that finds nothing to change any more."""


def people(count: int) -> tuple[Sufferer, ...]:
    return tuple(
        replace(PATIENTS[number % 2], number=str(2000 + number), family=f"EXEMPLE-{number:04}")
        for number in range(count)
    )


def judged(name: str, data: bytes) -> Judgement:
    return judge_portability(io.BytesIO(data), name)


def one_after_the_other(changes: list[Callable[[Any], Any]], *, gives: bool) -> Callable[[Any], Any]:
    """Return a change that makes all of ``changes``, but for those that find nothing to change any more."""

    def change(value: Any) -> Any:
        for one in changes:
            with suppress(*UNFIT):
                made = one(value)
                value = made if gives else value
        return value

    return change


def everything_at_once(start: int, step: int) -> Plan:
    """Return the plan of an archive with as many flaws as fit together, of every ``step``-th from ``start``."""
    plain = Plan()
    found: dict[str, Any] = {}
    for field in fields(Plan):
        if field.name not in CHANGES:
            continue
        same = getattr(plain, field.name)
        gives = field.name in {"readme", "page", "document", "metadata", "manifest"}
        changes = [getattr(one.plan, field.name) for one in flaws()[start::step]]
        found[field.name] = one_after_the_other([one for one in changes if one is not same], gives=gives)
    return replace(plain, **found)


def test_an_archive_with_many_flaws_at_once_gets_a_verdict() -> None:
    broken: set[str] = set()
    for start in range(6):
        found = judged(*build(everything_at_once(start, 6)))
        broken |= {one.rule.id for one in found.verdicts if one.state is RuleState.FAILED}
    assert len(broken) > 90


def test_time_and_memory_grow_with_the_archive_and_no_faster() -> None:
    archives = [build(Plan(patients=people(count))) for count in (FEW, MANY)]
    judged(*archives[0])  # what is loaded once is loaded
    taken, peaks = [], []
    for one in archives:
        gc.collect()
        started = time.process_time()
        judged(*one)
        taken.append(time.process_time() - started)
        tracemalloc.start()
        found = judged(*one)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert found.opened and found.count(RuleState.PASSED) > 100
    assert taken[1] < taken[0] * TIMES
    assert peaks[1] - peaks[0] < (MANY - FEW) * BYTES_OF_PATIENT
