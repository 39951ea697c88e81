"""Dossiers that hypothesis made, and those with every field and every word, as a practice store."""

from __future__ import annotations

import uuid
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings, strategies as st

from formats.model.dossier import Dossier
from formats.model.missing import money_sums
from tests.dossiers import TEXTS, dossiers, full_dossier, patient_variants
from tests.journeys.program import Program
from tests.unit.pdlgc.bodies import make, with_files

EXAMPLES = 10
"""Dossiers that are drawn, the same in every run."""
STORABLE = TEXTS.filter(lambda text: not any("\ud800" <= letter <= "\udfff" for letter in text))
"""Texts that a store takes: it refuses half a character, and says so."""


MOST_CENTS = 1 << 40
"""Sum of money of a kind in a dossier that is drawn; an export refuses one beyond 1 << 62."""


def lay_dossiers(folder: Path) -> None:
    """Collect the dossiers into ``practice.db``, each as a plain archive of a practice of its own."""
    program = Program(folder=folder)
    (folder / "archives").mkdir()
    for number, dossier in enumerate([full_dossier(), *list(patient_variants())[::2], *_drawn()]):
        place = folder / "archives" / f"{number:03}.zip"
        place.write_bytes(make(*with_files(_numbered(dossier, number))).data)
        ended = program.here("collect", "archive", place, "--into", "practice.db")
        assert ended.status in {0, 4}, ended.err


def _drawn() -> list[Dossier]:
    found: list[Dossier] = []

    @settings(
        deadline=None,
        derandomize=True,
        database=None,
        max_examples=EXAMPLES,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def draw(data: st.DataObject) -> None:
        dossier = data.draw(dossiers(texts=STORABLE))
        if max(money_sums(dossier).values(), default=0) < MOST_CENTS:
            found.append(dossier)

    draw()
    assert len(found) > EXAMPLES // 2
    return found


def _numbered(dossier: Dossier, number: int) -> Dossier:
    """Return a dossier whose records have identities of their own: what is drawn has the same ones every time."""
    records = (dossier.practice, *dossier.practitioners, dossier.patient, *dossier.records())
    known = {one.id for one in records if hasattr(one, "id")}

    def changed(value: Any) -> Any:
        if isinstance(value, str):
            return str(uuid.uuid5(uuid.UUID(value), str(number))) if value in known else value
        if isinstance(value, tuple):
            return tuple(map(changed, value))
        if is_dataclass(value) and not isinstance(value, type):
            parts = {field.name: changed(getattr(value, field.name)) for field in fields(value) if field.init}
            return replace(value, **parts)
        return value

    numbered: Dossier = changed(dossier)
    return numbered
