"""A statement that there is none tells of nothing there is."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from formats.errors import InconsistentDossier
from formats.model.dates import PartialDate
from formats.model.health import (
    FACT,
    HealthStatement,
    HealthStatus,
    HealthTopic,
    Presence,
    consistent_statement,
)

NONE: dict[str, Any] = {"id": "h", "patient": "a", "topic": HealthTopic.ALLERGY, "presence": Presence.NONE}
TELLING: list[tuple[str, Any]] = [
    ("status", HealthStatus.ACTIVE),
    ("label", "Latex"),
    ("code", "Z91.0"),
    ("code_system", "urn:x"),
    ("end", PartialDate(2020)),
]


@pytest.mark.parametrize(("name", "value"), TELLING)
def test_none_with_a_fact_cannot_be_made(name: str, value: Any) -> None:
    with pytest.raises(InconsistentDossier, match="health_statements/h"):
        HealthStatement(**NONE, **{name: value})
    assert HealthStatement(**NONE | {"presence": Presence.REFUTED}, **{name: value})


def test_every_field_that_tells_of_a_fact_is_tried() -> None:
    assert [name for name, _ in sorted(TELLING)] == sorted(FACT)


def test_none_has_who_asked_when_and_since_when() -> None:
    made = HealthStatement(**NONE, detail="déclaré", start=date(2024, 2, 6), practitioner="d")
    assert made.presence is Presence.NONE


def test_what_contradicts_is_left_out_where_none_holds() -> None:
    found = consistent_statement(
        NONE | {"label": "Aucune", "status": HealthStatus.ACTIVE, "detail": "déclaré"}
    )
    assert found == NONE | FACT | {"detail": "déclaré"}


@pytest.mark.parametrize(
    "over", [{"status": HealthStatus.RESOLVED}, {"status": HealthStatus.INACTIVE}, {"end": date(2020, 1, 1)}]
)
def test_none_that_is_over_stays_the_entry_it_is(over: dict[str, Any]) -> None:
    found = NONE | {"label": "Aucune"} | over
    assert consistent_statement(found) == found | {"presence": Presence.PRESENT}


def test_anything_else_is_as_it_was_found() -> None:
    found = NONE | {"presence": Presence.PRESENT, "status": HealthStatus.INACTIVE}
    assert consistent_statement(found) == found
